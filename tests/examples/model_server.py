"""A server that speaks OpenAI's protocol over HTTP, and does to a client what servers do.

Each model has a script: what it does with one request after another, the last of them for ever. It
writes the bytes itself, so that it can break off anywhere.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wire:
    """The connection of a client."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def begin(self) -> None:
        """Begin to stream."""
        self.writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
            b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        )
        await self.writer.drain()

    async def send(self, part: bytes) -> None:
        """Stream a part."""
        self.writer.write(b"%x\r\n%s\r\n" % (len(part), part))
        await self.writer.drain()

    async def end(self) -> None:
        """End the stream as it should."""
        self.writer.write(b"0\r\n\r\n")
        await self.writer.drain()

    async def until_left(self) -> None:
        """Wait until the client has gone."""
        with suppress(ConnectionError):
            await self.reader.read()


type Act = Callable[[Wire, dict[str, Any]], Awaitable[None]]
"""What is done with a request; the connection is closed after it."""


class ModelServer:
    """The models that are served, and what they were asked."""

    def __init__(self, models: Mapping[str, Sequence[Act]]) -> None:
        self.requests: list[dict[str, Any]] = []
        self.keys: set[str] = set()
        self.url = ""
        self._scripts = {name: list(script) for name, script in models.items()}

    async def serve(self, wire: Wire) -> None:
        """Answer the one request of a connection."""
        try:
            head = (await wire.reader.readuntil(b"\r\n\r\n")).decode()
            target, *lines = head.strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ") for line in lines)}
            request = json.loads(await wire.reader.readexactly(int(headers["content-length"])))
            assert target == "POST /v1/chat/completions HTTP/1.1"
            self.requests.append(request)
            self.keys.add(headers["authorization"])
            script = self._scripts.get(request["model"], [refuses(404, "no such model")])
            act = script.pop(0) if len(script) > 1 else script[0]
            await act(wire, request)
        except ConnectionError:
            pass  # the client has gone
        finally:
            wire.writer.close()


@asynccontextmanager
async def serving(models: Mapping[str, Sequence[Act]]) -> AsyncGenerator[ModelServer]:
    """A server on a free port."""
    one = ModelServer(models)
    open_connections: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        open_connections.add(asyncio.ensure_future(one.serve(Wire(reader, writer))))

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    one.url = "http://{}:{}/v1".format(*server.sockets[0].getsockname())
    try:
        yield one
    finally:
        for task in open_connections:
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)
        server.close()
        await server.wait_closed()
        # The client leaves generators to the loop, which closes them in tasks of its own.
        if left := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(left)


def data(value: object) -> bytes:
    """An event of a stream."""
    return f"data: {json.dumps(value)}\n\n".encode()


def chunk(text: str | None, finish: str | None = None) -> dict[str, Any]:
    """A chunk of an answer, as OpenAI's API has it."""
    delta = {} if text is None else {"content": text}
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1_700_000_000,
        "model": "any",
        "choices": [choice],
    }


def streams(*parts: bytes, ends: bool = True) -> Act:
    """Stream these parts; the body is cut short if it does not end."""

    async def act(wire: Wire, request: dict[str, Any]) -> None:
        assert request["stream"] is True
        await wire.begin()
        for part in parts:
            await wire.send(part)
        if ends:
            await wire.end()

    return act


def says(*pieces: str) -> Act:
    """A whole answer, with what stands around it: a comment, a first chunk and one of costs."""
    usage = chunk(None) | {"choices": [], "usage": {"total_tokens": 7}}
    return streams(
        b": keep-alive\n\n",
        data(chunk("")),
        *(data(chunk(piece)) for piece in pieces),
        data(chunk(None, "stop")),
        data(usage),
        b"data: [DONE]\n\n",
    )


def refuses(status: int, message: str, *headers: str) -> Act:
    """An error instead of a stream."""

    async def act(wire: Wire, request: dict[str, Any]) -> None:
        body = json.dumps({"error": {"message": message, "type": "some", "code": None}}).encode()
        lines = (
            f"HTTP/1.1 {status} Refused",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            "Connection: close",
            *headers,
        )
        wire.writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await wire.writer.drain()

    return act


def hangs(left: asyncio.Event, begun: asyncio.Event | None = None) -> Act:
    """Begin to answer, and never go on; `left` is set when the client has gone."""

    async def act(wire: Wire, request: dict[str, Any]) -> None:
        await wire.begin()
        await wire.send(data(chunk("Well")))
        if begun is not None:
            begun.set()
        await wire.until_left()
        left.set()

    return act
