"""Recorded runs: files of JSON lines, as `eiaa run --trace` writes them, read back as events."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from everything_is_an_actor.agents import EventDecodeError, TaskEvent, event_from_json
from everything_is_an_actor.cli.usage import BadUsage


def read_trace(trace: str) -> Iterator[TaskEvent]:
    """The events in a file; `-` is standard input. Raises `BadUsage`."""
    source = "standard input" if trace == "-" else trace
    try:
        with _opened(trace) as file:
            yield from _events_in(file, source)
    except (OSError, ValueError) as error:  # a name with a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadUsage(f"cannot read {source}: {reason}.") from None


def _events_in(lines: Iterable[bytes], source: str) -> Iterator[TaskEvent]:
    """The events, one a line; empty lines are passed over."""
    is_empty = True
    for number, line in enumerate(lines, start=1):
        if line.strip():
            is_empty = False
            try:
                yield event_from_json(line)
            except EventDecodeError as error:
                raise BadUsage(f"{source}, line {number}: {error}") from None
    if is_empty:
        raise BadUsage(f"{source} is empty: there are no events in it.")


@contextmanager
def _opened(trace: str) -> Iterator[IO[bytes]]:
    if trace != "-":
        with Path(trace).open("rb") as file:
            yield file
    elif sys.stdin is None:
        raise ValueError("it is closed")
    else:
        yield sys.stdin.buffer
