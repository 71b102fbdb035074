"""JSON as a syntax of documents.

A text is read twice: by `json`, which knows what is JSON and what is not, and then token by token
for what `json` does not tell: where each value stands, and which keys are there twice.
"""

import json
import re
from typing import Final

from everything_is_an_actor.interpreters.documents.composing import Composer
from everything_is_an_actor.interpreters.documents.problems import Position
from everything_is_an_actor.interpreters.documents.scalars import NotReadable, integer, real
from everything_is_an_actor.interpreters.documents.source import decoded, fail, position_at
from everything_is_an_actor.interpreters.documents.tree import VALUES, Tree
from everything_is_an_actor.interpreters.documents.written import within_bounds, writable

# Of a text that is JSON; without the commas and colons, which say nothing more.
_TOKEN: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]|[-+.\w]+|\r\n?|\n')
_STRING: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"')
_MARKS: Final = ",[{"
_ODD_BREAK: Final = re.compile("[\x85\u2028\u2029]")  # which YAML takes for the end of a line
_WORDS: Final[dict[str, bool | None]] = {"null": None, "true": True, "false": False}
_EXPLAINED: Final = {
    "Expecting value": "a value is needed here",
    "Expecting property name enclosed in double quotes": 'a key is needed here, in "quotes"',
    "Expecting ',' delimiter": "',' or the end of the list or mapping is needed here",
    "Expecting ':' delimiter": "':' is needed here",
    "Extra data": "the document has ended before this",
    "Unterminated string starting at": "the text that begins here has no end",
    "Illegal trailing comma before end of object": "there is a ',' before the end of the mapping",
    "Illegal trailing comma before end of array": "there is a ',' before the end of the list",
    "Invalid control character at": r"a text is on one line: write \n or \t in it",
    "Invalid \\escape": r"there is no such escape: write \\ for a backslash",
    "Invalid \\uXXXX escape": r"\u needs four digits of base 16",
}


def parse_json(text: str | bytes) -> Tree:
    r"""The document in `text`, with what is wrong with it, as far as it can be read.

    Raises `DocumentError` if there is no going on: the text is no JSON, there is nothing in it, or
    it is beyond the bounds in `tree.py`; and `TypeError` for what is neither `str` nor `bytes`.

    >>> tree = parse_json('{"steps": [{"agent": "Writer"},\n  {"agent": "Editor"}]}')
    >>> tree.value
    {'steps': [{'agent': 'Writer'}, {'agent': 'Editor'}]}
    >>> print(tree.positions[id(tree.value["steps"]), 1])
    line 2, column 3
    """
    text = decoded(text)
    if not text.strip(" \t\r\n"):
        fail("the document is empty", Position(1, 1))
    _need_bounds(text)
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as error:
        message = _EXPLAINED.get(error.msg.removesuffix(": "), error.msg)
        fail(message, position_at(text, error.pos))
    except RecursionError:
        pass  # As far as `json` came it is JSON, and the composer does not go as deep as that.
    return _composed(text)


def json_text(value: object, indent: int | None = 2) -> str:
    r"""`value` as JSON, in the order that it has; on one line if `indent` is `None`.

    Raises `SerializationError` for what is no value of JSON, or beyond the bounds of reading.

    >>> print(json_text({"steps": [{"agent": "Zoë"}]}), end="")
    {
      "steps": [
        {
          "agent": "Zoë"
        }
      ]
    }
    >>> json_text([1, 2.5, None], indent=None)
    '[1, 2.5, null]\n'
    """
    text = json.dumps(writable(value), ensure_ascii=False, allow_nan=False, indent=indent)
    return within_bounds(f"{_ODD_BREAK.sub(_escaped, text)}\n")


def _need_bounds(text: str) -> None:
    """Refuse what has too many values before `json` makes them all: each mark below is of one."""
    if max(map(text.count, _MARKS)) > VALUES:
        bare = _STRING.sub("", text)
        if max(map(bare.count, _MARKS)) > VALUES:
            fail(f"the document has more than {VALUES:,} values", None)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _composed(text: str) -> Tree:
    composer = Composer()
    line, start = 1, 0
    for found in _TOKEN.finditer(text):
        token = found[0]
        first = token[0]
        if first in "\r\n":
            line, start = line + 1, found.end()
            continue
        if first in "]}":
            composer.end()
            continue
        position = Position(line, found.start() - start + 1)
        if first == "[":
            composer.begin([], position)
        elif first == "{":
            composer.begin({}, position)
        elif first == '"':
            value = composer.text(json.loads(token), position) if "\\" in token else token[1:-1]
            composer.scalar(value, position)
        else:
            composer.scalar(_word(composer, token, position), position)
    return composer.tree()


def _word(composer: Composer, token: str, position: Position) -> int | float | bool | None:
    if token in _WORDS:
        return _WORDS[token]
    try:
        if token.endswith(("N", "y")):  # NaN and Infinity, which `json` reads
            raise NotReadable(f"{token} is no number in JSON: a finite number is needed")
        return real(token) if any(mark in token for mark in ".eE") else integer(token)
    except NotReadable as error:
        composer.problem(str(error), position)
        return None
