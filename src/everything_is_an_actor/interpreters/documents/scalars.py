"""Numbers and words in the text of a document, and what keeps a value from being one.

Plain words of YAML are read by the core schema of YAML 1.2 (yaml.org/spec/1.2.2, section 10.3.2):
`yes`, `no`, `on` and dates are texts. So is a whole number that begins with 0, which is octal in
YAML 1.1 and decimal in 1.2.
"""

import re
import sys
from math import isfinite
from typing import Final

DIGITS: Final = 4_300  # of a whole number; Python by itself converts no longer ones

_SHORT: Final = 10**sys.int_info.str_digits_check_threshold  # which every process converts

_WORDS: Final[dict[str, bool | None]] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"]),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
}
_NUMBER_BEGINS: Final = frozenset("+-.0123456789")
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_OTHER_BASE: Final = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_REAL: Final = re.compile(
    r"[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*)(?:[eE][-+]?[0-9]+)?|[-+]?[0-9]+[eE][-+]?[0-9]+"
)
_NOT_FINITE: Final = re.compile(r"[-+]?(?:\.inf|\.Inf|\.INF)|\.nan|\.NaN|\.NAN")


class NotReadable(ValueError):
    """A scalar that is no value of JSON, or not of the type that it is said to have."""


def plain_scalar(text: str) -> str | int | float | bool | None:
    """What a plain (unquoted) word of YAML stands for. Raises `NotReadable`.

    >>> [plain_scalar(text) for text in ("~", "True", "0x1F", "1e3", "no", "012", "2024-01-01")]
    [None, True, 31, 1000.0, 'no', '012', '2024-01-01']
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_BEGINS:
        return text
    if _INTEGER.fullmatch(text):
        return integer(text)
    if _OTHER_BASE.fullmatch(text):
        return integer(text, 0)
    if _REAL.fullmatch(text):
        return real(text)
    if _NOT_FINITE.fullmatch(text):
        raise NotReadable(f"{text} is no number in JSON: a finite number is needed")
    return text


def integer(text: str, base: int = 10) -> int:
    """A whole number of at most `DIGITS` digits. Raises `NotReadable`."""
    digits = len(text.lstrip("+-"))
    if base == 10 and digits > (most := _most_digits()):
        raise NotReadable(f"{_may_have(most)} {digits:,}")
    number = int(text, base)
    if reason := too_long(number):
        raise NotReadable(reason)
    return number


def real(text: str) -> float:
    """A finite number. Raises `NotReadable`."""
    number = float(text)
    if not isfinite(number):
        raise NotReadable("this number is too large for a float")
    return number


def too_long(number: int) -> str | None:
    """Why a whole number is not read and written; `None` if it is."""
    if -_SHORT < number < _SHORT:
        return None
    most = _most_digits()
    return None if abs(number) < 10**most else f"{_may_have(most)} more"


def half_of_a_pair(text: str) -> tuple[int, str] | None:
    r"""Where in a text there is half of a surrogate pair, and what is wrong with it.

    >>> half_of_a_pair("a\ud800")
    (1, 'U+D800 is half of a surrogate pair, not a character')
    """
    if text.isascii():
        return None
    try:
        text.encode()
    except UnicodeEncodeError as error:
        at = error.start
        return at, f"U+{ord(text[at]):04X} is half of a surrogate pair, not a character"
    return None


def _most_digits() -> int:
    """A process may allow fewer (`PYTHONINTMAXSTRDIGITS`); 0 is as many as you like."""
    return min(DIGITS, sys.get_int_max_str_digits() or DIGITS)


def _may_have(most: int) -> str:
    return f"a whole number may have {most:,} digits, not"
