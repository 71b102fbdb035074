"""How a message becomes bytes, and comes back."""

import json
import math
from dataclasses import dataclass
from typing import Any, Protocol

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.task import Task, TaskResult, TaskStatus

_TASK = "everything_is_an_actor.Task"
_RESULT = "everything_is_an_actor.TaskResult"


class Codec(Protocol):
    """Messages and replies to bytes and back: `decode(encode(message)) == message`.

    Whatever `encode` raises becomes a `TypeError` to the sender. A message that `decode` refuses
    is moved to the poison of its queue.

    >>> class Words:
    ...     def encode(self, message: Any, /) -> bytes:
    ...         return " ".join(message).encode()
    ...
    ...     def decode(self, payload: bytes, /) -> Any:
    ...         return tuple(payload.decode().split())
    >>> codec: Codec = Words()
    >>> codec.decode(codec.encode(("two", "words")))
    ('two', 'words')
    """

    def encode(self, message: Any, /) -> bytes:
        """The message as bytes."""
        ...

    def decode(self, payload: bytes, /) -> Any:
        """The message that these bytes are."""
        ...


@dataclass(frozen=True, slots=True)
class JsonCodec:
    """JSON, and only what comes back from it as it was, types included.

    That is: `None`, `bool`, `int`, finite `float`, `str`, `list`, and `dict` with keys that are
    `str`; and for agents a `Task` with such an input, and a `TaskResult` with such an output. A
    tuple would come back as a list, a key that is a number as text, an enumeration as its value:
    like everything else they are a `TypeError`, which says where in the message.

    >>> JsonCodec().decode(JsonCodec().encode({"question": "why?", "n": [1, 2.5, None]}))
    {'question': 'why?', 'n': [1, 2.5, None]}
    >>> JsonCodec().encode({"at": [1, (2, 3)]})
    Traceback (most recent call last):
    TypeError: JSON cannot carry (2, 3) (tuple) at message['at'][1]: send a list, or give a codec
    """

    def encode(self, message: Any, /) -> bytes:
        """UTF-8 text. Raises `TypeError`."""
        where, body, whole = "message", message, message
        match message:
            case Task(input, id):
                where, body, whole = "message.input", input, {_TASK: [input, id]}
            case TaskResult(id, output, None, status):
                where, body, whole = "message.output", output, {_RESULT: [id, output, status.value]}
            case dict() if _TASK in message or _RESULT in message:
                raise TypeError(
                    f"JSON cannot carry {shown(message)}: its key means an agent's task"
                )
            case _:
                pass
        try:
            text = json.dumps(whole, allow_nan=False, separators=(",", ":"))
        except (TypeError, ValueError, RecursionError) as error:
            _refuse(body, where)
            raise TypeError(f"JSON cannot carry this {type(message).__name__}: {error}") from error
        _refuse(body, where)
        return text.encode()

    def decode(self, payload: bytes, /) -> Any:
        """Raises `ValueError` for what is not JSON in UTF-8."""
        whole = json.loads(payload.decode(), parse_constant=_no_constant)
        match whole:
            case {"everything_is_an_actor.Task": [input, str(id)]}:
                return Task(input, id)
            case {"everything_is_an_actor.TaskResult": [str(id), output, str(status)]}:
                return TaskResult(id, output, None, TaskStatus(status))
            case _:
                return whole


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _refuse(message: Any, where: str) -> None:
    """Raise a `TypeError` at the first part of `message` that would not come back as it is."""
    parts: list[tuple[str, Any]] = [(where, message)]
    seen: set[int] = set()
    while parts:
        where, part = parts.pop()
        kind = type(part)
        if kind is dict or kind is list:
            if id(part) in seen:
                continue
            seen.add(id(part))
        if kind is dict:
            for key in part:
                if type(key) is not str:
                    raise TypeError(
                        f"JSON cannot carry the key {shown(key)} ({type(key).__name__}) "
                        f"at {where}: it would come back as a str; use one, or give a codec"
                    )
            parts.extend((f"{where}[{key!r}]", value) for key, value in part.items())
        elif kind is list:
            parts.extend((f"{where}[{index}]", item) for index, item in enumerate(part))
        elif kind is float:
            if not math.isfinite(part):
                raise TypeError(f"JSON cannot carry {part!r} at {where}: only finite floats")
        elif not (part is None or kind is bool or kind is int or kind is str):
            instead = "send a list, or give a codec" if kind is tuple else "give a codec"
            raise TypeError(
                f"JSON cannot carry {shown(part)} ({kind.__name__}) at {where}: {instead}"
            )
