"""A Redis of the session's own, or one that a test may kill and start again."""

import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from redis import Redis as BlockingRedis
from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

STARTS_WITHIN = 10.0  # seconds


class Server:
    """A `redis-server` in a process of its own, which writes through to the disk."""

    def __init__(self, folder: Path) -> None:
        found = shutil.which("redis-server")
        if found is None:
            pytest.skip("needs a server: no redis-server on PATH")
        self._program = found
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self._folder),
            "appendonly": "yes",
            "appendfsync": "always",
            "save": "",
        }
        self._process = subprocess.Popen(
            [
                self._program,
                *(word for name, value in options.items() for word in (f"--{name}", value)),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        until = time.monotonic() + STARTS_WITHIN
        with BlockingRedis(port=self.port) as client:
            while True:
                try:
                    client.ping()
                    return
                except RedisError:
                    assert time.monotonic() < until, "redis-server does not answer"
                    time.sleep(0.01)

    def kill(self) -> None:
        """`kill -9`: what was not on the disk is gone."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def forget(self) -> None:
        """What the disk holds, while the server is down: nothing any more."""
        assert self._process is None
        for entry in self._folder.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _end(self, how: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(how)
            self._process.send_signal(signal.SIGCONT)
            self._process.wait(STARTS_WITHIN)
            self._process = None


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Where Redis is; it stays up for the whole session."""
    if shutil.which("redis-server") is None:
        if "REDIS_URL" not in os.environ:
            pytest.skip("needs a server: no redis-server on PATH, no REDIS_URL")
        yield os.environ["REDIS_URL"]
        return
    server = Server(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def server(tmp_path: Path) -> Generator[Server]:
    """A Redis that the test may kill."""
    one = Server(tmp_path)
    one.start()
    yield one
    one.kill()


@pytest.fixture
async def pool(redis_url: str, nothing_runs_on: None) -> AsyncGenerator[ConnectionPool]:
    async with aclosing(ConnectionPool.from_url(redis_url)) as one:
        yield one


@pytest.fixture
async def fragile(server: Server, nothing_runs_on: None) -> AsyncGenerator[ConnectionPool]:
    """The pool of the Redis that the test may kill."""
    async with aclosing(ConnectionPool.from_url(server.url)) as one:
        yield one


@pytest.fixture
def queue() -> str:
    return f"test:{uuid.uuid4().hex}"


async def keys_of(pool: ConnectionPool, queue: str) -> list[str]:
    """The keys of a queue that are there and do not expire by themselves."""
    client: Any = Redis(connection_pool=pool)
    keys = [key for key in await client.keys(f"{queue}*") if await client.pttl(key) < 0]
    return sorted(key.decode().removeprefix(f"{queue}:") for key in keys)
