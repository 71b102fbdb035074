"""Content: inputs and outputs as the messages of the conventions, encoded as JSON.

The conventions have structured attributes where a language can record them, and JSON where it
cannot, as in Python. A text is a part of type `text`; anything else is a part of a type of our own,
`data`, which their schemas allow, so that it is not mistaken for what somebody said.
"""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from itertools import islice
from math import isfinite
from typing import Any, Final, Literal

from everything_is_an_actor.algebra.arguments import shown

type Role = Literal["user", "assistant"]

DEEPEST: Final = 32
MOST: Final = 10_000
"""What is nested deeper is told by a short text, and so is what comes later, or not at all: it may
even contain itself."""


def message(role: Role, content: object) -> str:
    """One message with one part, as JSON; never raises, whatever the content is.

    >>> message("user", "Weather in Paris?")
    '[{"role": "user", "parts": [{"type": "text", "content": "Weather in Paris?"}]}]'
    >>> message("assistant", {"degrees": 14})
    '[{"role": "assistant", "parts": [{"type": "data", "content": {"degrees": 14}}]}]'
    """
    if isinstance(content, str):
        part = {"type": "text", "content": _plain(content)}
    else:
        part = {"type": "data", "content": _plain(content)}
    return json.dumps([{"role": role, "parts": [part]}], ensure_ascii=False)


def encoded(content: object) -> str:
    """Any content as JSON; never raises.

    >>> encoded({1, "half"} & {1})
    '[1]'
    """
    return json.dumps(_plain(content), ensure_ascii=False)


def _plain(content: object) -> Any:
    """What JSON can say of it."""
    left = MOST

    def plain(content: Any, depth: int) -> Any:
        nonlocal left
        left -= 1
        match content:
            case None | bool():
                return content
            case str():
                return _written(content)
            case int() if type(content) is int and abs(content) < 2**53:  # more is not kept exactly
                return content
            case float() if type(content) is float and isfinite(content):
                return content
            case _ if depth >= DEEPEST or left < 0:
                return _text(content)
            case Mapping():
                items = islice(content.items(), MOST)
                return {_key(key): plain(value, depth + 1) for key, value in items}
            case list() | tuple() | AbstractSet():
                return [plain(each, depth + 1) for each in islice(content, MOST)]
            case _ if is_dataclass(content) and not isinstance(content, type):
                named = ((each.name, getattr(content, each.name)) for each in fields(content))
                return {name: plain(value, depth + 1) for name, value in named}
            case _:
                return _text(content)

    try:
        return plain(content, 0)
    except Exception:  # in a class of somebody else's
        return _text(content)


def _key(key: object) -> str:
    return _written(key) if isinstance(key, str) else _text(key)


def _text(content: object) -> str:
    try:
        return _written(shown(content))
    except Exception:  # in a class of somebody else's
        return f"<{type(content).__qualname__}>"


def _written(text: str) -> str:
    """A text that can be encoded: without half of a pair of surrogates."""
    return text.encode("utf-8", "replace").decode()
