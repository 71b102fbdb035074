"""An example as its user runs it: a process of its own."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds, for everything that has to happen at all


@dataclass(frozen=True)
class Ended:
    """How a process ended, and what it has printed."""

    code: int | None
    out: str
    err: str


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables of a process: those of this one, but for what an example would take."""
    inherited = {
        key: value
        for key, value in os.environ.items()
        if key not in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "REDIS_URL")
    }
    path = os.pathsep.join([str(ROOT), *inherited.get("PYTHONPATH", "").split(os.pathsep)])
    return {**inherited, "PYTHONPATH": path, "PYTHONUTF8": "1", **(variables or {})}


async def start(name: str, *arguments: str, variables: Mapping[str, str] | None = None) -> Process:
    """Begin `python -m examples.NAME`."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # if ignored, it is inherited
    try:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", f"examples.{name}", *arguments),
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=environment(variables),
        )
    finally:
        signal.signal(signal.SIGINT, before)


async def ended(process: Process, input: str = "") -> Ended:
    """Wait for its end, and read what it has printed that nobody has read."""
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate(input.encode())
    return Ended(process.returncode, out.decode(), err.decode())


async def run(
    name: str, *arguments: str, input: str = "", variables: Mapping[str, str] | None = None
) -> Ended:
    """Run it to its end."""
    return await ended(await start(name, *arguments, variables=variables), input)


async def interrupted(process: Process) -> Ended:
    """What Ctrl-C does to it."""
    process.send_signal(signal.SIGINT)
    return await ended(process)


async def line_with(stream: asyncio.StreamReader | None, text: str) -> str:
    """Read until there is a line that has the text."""
    assert stream is not None
    async with asyncio.timeout(PATIENCE):
        while line := (await stream.readline()).decode():
            if text in line:
                return line
    raise AssertionError(f"it ended without a word of {text!r}")


@asynccontextmanager
async def running(
    name: str, *arguments: str, variables: Mapping[str, str] | None = None
) -> AsyncGenerator[Process]:
    """A process that is there until the end of the block, whatever happens in it."""
    process = await start(name, *arguments, variables=variables)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()
