"""Values as YAML, the way a person would write it.

Mappings and lists are blocks, a list indented under its key. What fits on the rest of a line is in
brackets there, if it is not nested deeper than `NESTED`; in the outermost mapping or list, if it
holds nothing but scalars. A mapping of one entry in a list is a block. There are no anchors, so a
shared value is written wherever it occurs.

A text is plain if YAML 1.1 and 1.2 both read it as that text, and else in double quotes.
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from everything_is_an_actor.interpreters.documents.written import within_bounds, writable

WIDTH: Final = 88
NESTED: Final = 4  # lists and mappings within one another, on one line
_KEY: Final = 1_000  # characters; a longer key is written after a question mark
_WORDS: Final = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "<<"}  # in whatever case
)
_PLAIN: Final = re.compile(
    r"""[\w/(<$](?:[\w .,/()<>\[\]{}$^+=~;'"@%*&|!?\\-]++|:(?! |\Z)|(?<! )#)*+"""
)
_PLAIN_IN_BRACKETS: Final = re.compile(r"""[\w/(<$](?:[\w ./()<>$^+=~;'"@%*&|!\\-]++|(?<! )#)*+""")
# Numbers, dates and times of all versions, and a bit more.
_NUMBER: Final = re.compile(r"[0-9][-+.0-9_:a-fA-FoOxXtTzZ ]*")
_UNPRINTABLE: Final = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def yaml_text(value: object) -> str:
    r"""`value` as YAML, in the order that it has.

    Raises `SerializationError` for what is no value of JSON, or beyond the bounds of reading.

    >>> agent = {"agent": {"name": "Writer", "timeout": 60}}
    >>> print(yaml_text({"flow": "Report", "steps": [agent, {"agent": "no"}]}), end="")
    flow: Report
    steps:
      - agent: {name: Writer, timeout: 60}
      - agent: "no"
    """
    lines: list[str] = []
    writable(value)
    if not isinstance(value, dict | list) or not value:
        lines.append(_scalar(value, _PLAIN))
    else:
        _block(value, lines)
    lines.append("")
    return within_bounds("\n".join(lines))


def _block(value: object, lines: list[str]) -> None:
    """One loop for all levels; `begun` is a line that has only the dashes of lists so far."""
    levels: list[tuple[Iterator[tuple[str | None, object]], str]] = [(_entries(value), "")]
    begun = ""
    while levels:
        entries, indent = levels[-1]
        for key, item in entries:
            line = (begun or indent) + ("-" if key is None else _key(key, indent))
            begun = ""
            is_outer = len(levels) == 1
            if (key is None or is_outer) and isinstance(item, dict) and len(item) == 1:
                short = None
            else:
                nested = 1 if is_outer else NESTED
                short = _on_one_line(item, WIDTH - len(line) - 1, _PLAIN, nested)
            if short is not None:
                lines.append(f"{line} {short}")
                continue
            if key is None:
                begun = f"{line} "
            else:
                lines.append(line)
            levels.append((_entries(item), f"{indent}  "))
            break
        else:
            levels.pop()


def _entries(value: object) -> Iterator[tuple[str | None, object]]:
    if isinstance(value, dict):
        return iter(value.items())
    assert isinstance(value, list)
    return ((None, item) for item in value)


def _key(key: str, indent: str) -> str:
    text = _key_text(key, _PLAIN)
    return f"{text}:" if len(text) <= _KEY else f"? {text}\n{indent}:"


def _key_text(key: str, plain: re.Pattern[str]) -> str:
    # `n` is a keyword of documents, and a boolean to hardly a reader of YAML 1.1, if by the letter.
    return key if key == "n" else _string(key, plain)


def _on_one_line(value: object, room: int, plain: re.Pattern[str], nested: int = 0) -> str | None:
    """A scalar, or what fits into the room and is not nested too deeply."""
    if not isinstance(value, dict | list):
        return _scalar(value, plain)
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    if not nested or len(value) > room:
        return None
    parts: list[str] = []
    for key, item in _entries(value):
        part = _on_one_line(item, room, _PLAIN_IN_BRACKETS, nested - 1)
        if part is None:
            return None
        if key is not None:
            part = f"{_key_text(key, _PLAIN_IN_BRACKETS)}: {part}"
        parts.append(part)
        room -= len(part) + 2  # two for each comma, but the last: two for the brackets
        if room < 0:
            return None
    text = ", ".join(parts)
    return f"{{{text}}}" if isinstance(value, dict) else f"[{text}]"


def _scalar(value: object, plain: re.Pattern[str]) -> str:
    if isinstance(value, str):
        return _string(value, plain)
    if isinstance(value, float):
        # YAML 1.1 has no float without a point: 1e+20 would be a text.
        text = repr(value)
        return text if "." in text else text.replace("e", ".0e")
    return json.dumps(value)


def _string(text: str, plain: re.Pattern[str]) -> str:
    if (
        plain.fullmatch(text)
        and not text.endswith(" ")
        and text.lower() not in _WORDS
        and not _NUMBER.fullmatch(text)
    ):
        return text
    return _UNPRINTABLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"
