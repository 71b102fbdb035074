"""The text of a YAML document, as a tree with positions.

Only the parser of PyYAML is used, which yields events and makes no objects: there is nothing in it
that could construct, import or call anything. The values are those of JSON, by the core schema of
YAML 1.2 (`scalars.py`). Read and refused are:

    anchors, aliases    one shared value; bounded as if it were written out
    tags                `!!str`, `!!int`, `!!float`, `!!bool`, `!!null`, `!!seq`, `!!map`, and `!`
                        of a text; every other one is a problem
    merge keys, keys that are no text, keys that are there twice, a second document: a problem

Marks of the parser count \\x85, \\u2028 and \\u2029 as ends of lines (so does YAML 1.1, but no
editor), and count on a line after the last one; the `index` in them is right in any case.
"""

import re
from collections.abc import Iterator
from itertools import islice
from types import NoneType
from typing import Final, NoReturn

import yaml

from everything_is_an_actor.algebra.arguments import cut, shown
from everything_is_an_actor.interpreters.documents.composing import Composer
from everything_is_an_actor.interpreters.documents.problems import (
    DocumentError,
    Position,
    Problem,
)
from everything_is_an_actor.interpreters.documents.scalars import (
    NotReadable,
    plain_scalar,
    real,
)
from everything_is_an_actor.interpreters.documents.source import (
    Cursor,
    decoded,
    fail,
    position_at,
)
from everything_is_an_actor.interpreters.documents.tree import Tree
from everything_is_an_actor.interpreters.documents.yaml_errors import explained

PARSER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader

DIRECTIVES: Final = 100  # lines that begin with %TAG

_CORE: Final = "tag:yaml.org,2002:"
_UNPRINTABLE: Final = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
# Each is compared with all before it, in quadratic time; and no tag that needs one is read.
_TAG_DIRECTIVE: Final = re.compile("(?:^|(?<=[\n\r\x85\u2028\u2029]))%TAG")
_ODD_BREAK: Final = re.compile("[\x85\u2028\u2029]")
_MERGE: Final = f"{_CORE}merge"
_SCALARS: Final[dict[str, type]] = {
    f"{_CORE}int": int,
    f"{_CORE}float": float,
    f"{_CORE}bool": bool,
    f"{_CORE}null": NoneType,
}

type _Mark = yaml.error.Mark | yaml._yaml.Mark | None


def parse_yaml(text: str | bytes) -> Tree:
    r"""The document in `text`, with what is wrong with it, as far as it can be read.

    Raises `DocumentError` if there is no going on: the text is no YAML, there is nothing in it, or
    it is beyond the bounds in `tree.py`; and `TypeError` for what is neither `str` nor `bytes`.

    >>> tree = parse_yaml("steps:\n  - agent: Writer\n  - agent: Editor\n")
    >>> tree.value
    {'steps': [{'agent': 'Writer'}, {'agent': 'Editor'}]}
    >>> print(tree.positions[id(tree.value["steps"]), 1])
    line 3, column 5
    """
    text = decoded(text)
    if found := _UNPRINTABLE.search(text):
        code = ord(found[0])
        hint = ": is the document in UTF-16? Save it in UTF-8" if code == 0 else ""
        message = f"the character U+{code:04X} is not allowed in YAML{hint}"
        fail(message, position_at(text, found.start()))
    directives = [found.start() for found in islice(_TAG_DIRECTIVE.finditer(text), DIRECTIVES + 1)]
    if len(directives) > DIRECTIVES:
        message = f"there are more than {DIRECTIVES} %TAG directives: leave them out"
        fail(message, position_at(text, directives[0]))
    return _Reader(text).tree()


class _Reader:
    """The text, the composer of the tree, and where in the text the parser is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.composer = Composer()
        self.cursor = Cursor(text) if _ODD_BREAK.search(text) else None

    def tree(self) -> Tree:
        composer = self.composer
        documents = 0
        for event in self.events():
            match event:
                case yaml.ScalarEvent():
                    self.scalar(event)
                case yaml.CollectionStartEvent():
                    self.begin(event)
                case yaml.CollectionEndEvent():
                    composer.end()
                case yaml.AliasEvent():
                    composer.alias(event.anchor or "", self.position(event.start_mark))
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        message = "a second document begins here: only the first is read"
                        composer.problem(message, self.position(event.start_mark))
                        break
                case _:
                    pass  # the ends of the document and of the stream
        if not documents:
            composer.stop("the document is empty", Position(1, 1))
        return composer.tree()

    def events(self) -> Iterator[yaml.Event]:
        """Those of the parser, until it cannot go on."""
        events = yaml.parse(self.text, Loader=PARSER)
        event: yaml.Event | None = None
        while True:
            try:
                event = next(events)
            except StopIteration:
                return
            except yaml.MarkedYAMLError as error:
                mark = error.problem_mark or error.context_mark
                position = position_at(self.text, mark.index if mark else 0)
                context = error.context_mark
                began = position_at(self.text, context.index) if context else None
                self.unreadable(explained(error.problem, error.context, began), position)
            except (yaml.YAMLError, ValueError, OverflowError):
                # Escapes in tags, and with the parser in Python in texts, that are no character.
                position = self.position(event.end_mark) if event else Position(1, 1)
                self.unreadable("an escape near here stands for no character", position)
            yield event

    def unreadable(self, message: str, position: Position) -> NoReturn:
        """Raises `DocumentError`. No path: the parser reads ahead of the values."""
        raise DocumentError([*self.composer.problems, Problem(message, position=position)])

    def position(self, mark: _Mark) -> Position:
        assert mark is not None, "the parser marks every event"
        if self.cursor is not None:
            return self.cursor.at(mark.index)
        return Position(mark.line + 1, mark.column + 1)

    def scalar(self, event: yaml.ScalarEvent) -> None:
        composer = self.composer
        position = self.position(event.start_mark)
        plain = event.tag is None and event.implicit[0]
        if (event.tag == _MERGE or (plain and event.value == "<<")) and composer.awaits_key:
            composer.refused_key(
                "merge keys (<<) are not read: write the entries out, or refer to a whole value "
                "with an alias",
                position,
            )
            return
        value: object = event.value
        try:
            if plain:
                value = plain_scalar(event.value)
            elif event.tag is not None:
                value = _tagged(event.tag, event.value)
            if event.style == '"' and isinstance(value, str):
                value = composer.text(value, position)  # only the parser in Python needs this
        except NotReadable as error:
            composer.problem(str(error), position)
            value = None
        composer.scalar(value, position, event.anchor)

    def begin(self, event: yaml.CollectionStartEvent) -> None:
        position = self.position(event.start_mark)
        is_list = isinstance(event, yaml.SequenceStartEvent)
        tag = event.tag
        if tag not in (None, "!", f"{_CORE}{'seq' if is_list else 'map'}"):
            kind = "a list" if is_list else "a mapping"
            self.composer.problem(f"{_refused(tag)} for {kind}: leave it out", position)
        self.composer.begin([] if is_list else {}, position, event.anchor)


def _tagged(tag: str, text: str) -> object:
    """A scalar that is said to be of a type."""
    if tag in ("!", f"{_CORE}str"):
        return text
    if tag not in _SCALARS:
        raise NotReadable(f"{_refused(tag)}: leave it out")
    value = plain_scalar(text)
    if type(value) is int and tag == f"{_CORE}float":
        return real(text)
    if type(value) is not _SCALARS[tag]:
        raise NotReadable(f"{shown(text)} is no {_short(tag)}")
    return value


def _refused(tag: str) -> str:
    return f"the tag {cut(_short(tag))} is not read"


def _short(tag: str) -> str:
    return f"!!{tag.removeprefix(_CORE)}" if tag.startswith(_CORE) else tag
