"""What travels over Redis: a message with its envelope, and the answer to an ask.

A message is one line of JSON, the envelope (`from`: the sender's path, `reply_to`: the stream that
an asker reads), then a line feed, then what the codec made of it. An answer is the fields of one
stream entry.
"""

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.plugins.redis.codec import Codec
from everything_is_an_actor.runtime.errors import ActorError

type Fields = tuple[str | bytes, ...]


class RemoteActorError(ActorError):
    """The handler of an ask failed, in another process perhaps: its error, as texts.

    >>> print(RemoteActorError("ValueError", "no such word", "Traceback ..."))
    ValueError: no such word
    <BLANKLINE>
    remote traceback:
    Traceback ...
    """

    def __init__(self, remote_type: str, remote_message: str, remote_traceback: str = "") -> None:
        super().__init__(remote_type, remote_message, remote_traceback)
        self.remote_type = remote_type
        self.remote_message = remote_message
        self.remote_traceback = remote_traceback

    def __str__(self) -> str:
        text = f"{self.remote_type}: {self.remote_message}"
        if self.remote_traceback:
            text += f"\n\nremote traceback:\n{self.remote_traceback.rstrip()}"
        return text


@dataclass(frozen=True, slots=True)
class Header:
    """The envelope of a message: who sent it, and where the answer goes, if one is awaited."""

    sender: str | None = None
    reply_to: str | None = None


def encode(codec: Codec, message: Any) -> bytes:
    """What the codec makes of a message or reply; whatever it raises becomes a `TypeError`."""
    try:
        payload = codec.encode(message)
    except TypeError:
        raise
    except Exception as error:
        raise TypeError(f"this {type(message).__name__} cannot be encoded: {error!r}") from error
    if not isinstance(payload, bytes):
        raise TypeError(f"encode must return bytes, got {type(payload).__name__}")
    return payload


def pack(header: Header, body: bytes) -> bytes:
    """A message as it is stored.

    >>> pack(Header("/app/greeter"), b'"hi"')
    b'{"from":"/app/greeter","reply_to":null}\\n"hi"'
    """
    fields = {"from": header.sender, "reply_to": header.reply_to}
    return json.dumps(fields, separators=(",", ":")).encode() + b"\n" + body


def unpack(payload: bytes) -> tuple[Header, bytes]:
    """What `pack` packed. Raises `ValueError`.

    >>> unpack(pack(Header(reply_to="jobs:replies:1"), b"1"))
    (Header(sender=None, reply_to='jobs:replies:1'), b'1')
    """
    line, found, body = payload.partition(b"\n")
    fields = json.loads(line)
    match fields:
        case {"from": str() | None as sender, "reply_to": str() | None as reply_to} if found:
            return Header(sender, reply_to), body
    raise ValueError(f"not the envelope of a message: {line[:80]!r}")


def answer(id: str, codec: Codec, value: Any, error: BaseException | None) -> Fields:
    """The fields of a reply. A reply that cannot be encoded is sent as that error."""
    if error is None:
        try:
            return ("id", id, "value", encode(codec, value))
        except TypeError as refusal:
            error = refusal
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else _name(kind)
    texts = (name, _text(error), "".join(traceback.format_exception(error)))
    kept = [text.encode("utf-8", "replace") for text in texts]
    return ("id", id, "error", kept[0], "message", kept[1], "traceback", kept[2])


def result(fields: Mapping[bytes, bytes], codec: Codec) -> Any:
    """The value that an `answer` carries; raises what it carries otherwise."""
    if b"value" not in fields:
        texts = (
            fields.get(name, b"").decode(errors="replace")
            for name in (b"error", b"message", b"traceback")
        )
        raise RemoteActorError(*texts)
    return codec.decode(fields[b"value"])


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # a user's exception may be unprintable; its type is not
        return "(it does not print)"
