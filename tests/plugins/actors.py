"""Actors on a queue in Redis: in the test's own process, or in another one.

Run as a module it is such a process: `python -m tests.plugins.actors URL QUEUE ACTOR`. It says
what it does, a line each, and stops when its standard input ends.
"""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any, override

from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor import Actor, ActorRef, ActorSystem
from everything_is_an_actor.plugins.redis import RedisMailbox

REDELIVER_AFTER = 0.6  # seconds
PATIENCE = 10.0  # seconds, for everything that has to happen at all


def say(text: str) -> None:
    print(text, flush=True)


async def until(client: Any, holds: Callable[[], Awaitable[Any] | bool]) -> None:
    """Wait for something that shows only in Redis, or only when Redis has answered."""
    async with asyncio.timeout(PATIENCE):
        while True:
            held = holds()
            if held if isinstance(held, bool) else await held:
                return
            await client.ping()


class Handled(list[Any]):
    """What actors have handled, to be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self._more = asyncio.Event()

    @override
    def append(self, message: Any) -> None:
        super().append(message)
        self._more.set()

    async def reaches(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self) < count:
                self._more.clear()
                await self._more.wait()


class Collects(Actor[Any, Any]):
    """Replies what it got, after it has taken note of it."""

    def __init__(self, handled: Handled) -> None:
        self.handled = handled

    @override
    async def on_receive(self, message: Any) -> Any:
        self.handled.append(message)
        return message


class Says(Actor[Any, Any]):
    """Says what it begins and what it has handled; replies with its process."""

    @override
    async def on_receive(self, message: Any) -> Any:
        say(f"begins {message}")
        if message == "fail":
            raise ValueError("no such word")
        if message == "unsayable":
            return object()
        say(f"handled {message}")
        return [message, os.getpid()]


class Hangs(Actor[Any, Any]):
    """Says what it begins, and never ends it."""

    @override
    async def on_receive(self, message: Any) -> Any:
        say(f"begins {message}")
        await asyncio.Event().wait()


class Slow(Says):
    """Takes three times as long as a lease lasts."""

    @override
    async def on_receive(self, message: Any) -> Any:
        say(f"begins {message}")
        await asyncio.sleep(3 * REDELIVER_AFTER)
        say(f"handled {message}")
        return [message, os.getpid()]


class Process:
    """Another process with an actor on the queue."""

    def __init__(self, url: str, queue: str, actor: type[Actor[Any, Any]]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.plugins.actors", url, queue, actor.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.pid = self._process.pid
        self.rest: list[str] = []

    async def line(self) -> str:
        """The next line that it says."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await asyncio.to_thread(self._process.stdout.readline)).strip()

    async def says(self, text: str) -> None:
        line = await self.line()
        assert line == text

    def kill(self) -> None:
        """`kill -9`; `rest` is what it had said that nobody had read."""
        self._process.send_signal(signal.SIGKILL)
        self.rest = self._read()

    async def stop(self) -> list[str]:
        """End it in good order; what it said that nobody has read."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        async with asyncio.timeout(PATIENCE):
            lines = await asyncio.to_thread(self._read)
        assert self._process.returncode == 0
        return lines

    def _read(self) -> list[str]:
        assert self._process.stdout is not None
        lines = self._process.stdout.read().splitlines()
        self._process.wait(PATIENCE)
        return lines

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with self._process:
            pass


@asynccontextmanager
async def actor_on(
    pool: ConnectionPool | Redis,
    queue: str,
    handled: Handled | None = None,
    *,
    actor: type[Actor[Any, Any]] = Collects,
    **options: Any,
) -> AsyncIterator[ActorRef[Any, Any]]:
    """An actor in this process whose mailbox is the queue."""
    box = RedisMailbox(pool, queue, **({"redeliver_after": REDELIVER_AFTER} | options))
    arguments = (Handled() if handled is None else handled,) if actor is Collects else ()
    async with ActorSystem("test") as system:
        yield await system.spawn(actor, "actor", mailbox=box, args=arguments)


async def main(url: str, queue: str, actor: str) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def until_end_of_input() -> None:
        sys.stdin.read()
        loop.call_soon_threadsafe(ended.set)

    async with (
        aclosing(ConnectionPool.from_url(url)) as pool,
        actor_on(pool, queue, actor=globals()[actor]),
    ):
        say("ready")
        threading.Thread(target=until_end_of_input, daemon=True).start()
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
