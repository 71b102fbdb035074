"""The text of a document as it came: decoded, bounded, and counted in lines and columns."""

import codecs
from os import PathLike
from typing import Final, NoReturn

from everything_is_an_actor.interpreters.documents.problems import (
    DocumentError,
    Position,
    Problem,
)
from everything_is_an_actor.interpreters.documents.scalars import half_of_a_pair
from everything_is_an_actor.interpreters.documents.tree import BYTES

_BOM: Final = "\ufeff"
# UTF-32 first: its mark of little ends begins with that of UTF-16.
_MARKS: Final = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_MOST_BYTES_FOR_ONE: Final = 4  # what UTF-8 has in one byte, UTF-32 has in four


def decoded(source: str | bytes) -> str:
    r"""The text, without its byte order mark. Bytes are UTF-8, or say by their mark what they are.

    Raises `DocumentError` if it is larger than `BYTES`, or bytes are not a text, or a text has half
    of a surrogate pair; `TypeError` for what is neither a text nor bytes.

    >>> decoded("agent: Zoë".encode("utf-16"))
    'agent: Zoë'
    """
    given: object = source
    if not isinstance(given, str | bytes):
        hint = ": give its text, path.read_text()" if isinstance(given, PathLike) else ""
        raise TypeError(
            f"a document is read from str or bytes, not from {type(given).__name__}{hint}"
        )
    if len(source) > BYTES * (1 if isinstance(source, str) else _MOST_BYTES_FOR_ONE):
        _too_large()
    text = (source if isinstance(source, str) else _from_bytes(source)).removeprefix(_BOM)
    if half := half_of_a_pair(text):
        at, message = half
        fail(message, position_at(text, at))
    if len(text.encode()) > BYTES:
        _too_large()
    return text


def position_at(text: str, index: int) -> Position:
    r"""Where the character at `index` stands. Lines end as in an editor: at \n, \r\n or \r.

    >>> print(position_at("a:\r\n  b", 6))
    line 2, column 3
    """
    return Cursor(text).at(index)


class Cursor:
    r"""The positions in a text, in linear time for all of them if asked for from front to back.

    >>> cursor = Cursor("a: b\nc: d")
    >>> print(cursor.at(3), cursor.at(8), sep=" and ")
    line 1, column 4 and line 2, column 4
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._index = self._start = 0
        self._line = 1

    def at(self, index: int) -> Position:
        """Where the character at `index` stands."""
        if index < self._index:
            return position_at(self._text, index)
        between = (self._index, index)
        breaks = self._text.count("\n", *between) + self._text.count("\r", *between)
        if breaks:
            self._line += breaks - self._text.count("\r\n", *between)
            self._start = 1 + max(
                self._text.rfind("\n", *between), self._text.rfind("\r", *between)
            )
        self._index = index
        return Position(self._line, index - self._start + 1)


def fail(message: str, position: Position | None = None) -> NoReturn:
    """The document cannot be read, for this one reason."""
    raise DocumentError([Problem(message, position=position)])


def _from_bytes(data: bytes) -> str:
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding, "ignore").removeprefix(_BOM)
        message = (
            f"byte 0x{data[error.start]:02x} is not {encoding.upper()} ({error.reason}): "
            "save the document in UTF-8"
        )
        problem = Problem(message, position=position_at(before, len(before)))
    raise DocumentError([problem])


def _too_large() -> NoReturn:
    fail(f"the document is larger than {BYTES // 1024 // 1024} MiB, which is the most that is read")
