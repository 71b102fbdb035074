"""`eiaa timeline`: when each agent of a recorded run was at work, as a chart in the terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Annotated

import typer

from everything_is_an_actor.cli.calltree import Calls
from everything_is_an_actor.cli.decode import NoEventError, events_of
from everything_is_an_actor.cli.messages import say
from everything_is_an_actor.cli.output import OutputError, ReaderGoneError, standard_output
from everything_is_an_actor.cli.usage import DONE, FAILED, INTERRUPTED, READER_GONE, BadUsage


def timeline(
    trace: Annotated[
        str,
        typer.Argument(
            metavar="TRACE",
            help="A file of JSON lines, as written by `eiaa run --trace` or `--json`. "
            "- is standard input.",
            show_default=False,
        ),
    ],
) -> int:
    """Show when each agent of a run was at work, as a chart.

    Several runs in one file are charted one after the other.
    """
    try:
        calls = _calls(trace)
        with standard_output() as output:
            output.charts(calls.runs)
            return DONE
    except OutputError as error:
        say(str(error))
        return FAILED
    except ReaderGoneError:
        return READER_GONE
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED


def _calls(trace: str) -> Calls:
    calls = Calls()
    source = "standard input" if trace == "-" else trace
    try:
        with _opened(trace) as file:
            for event in events_of(file, source):
                calls.take(event)
    except NoEventError as error:
        raise BadUsage(str(error)) from None
    except (OSError, ValueError) as error:  # a name with a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadUsage(f"cannot read {source}: {reason}.") from None
    return calls


@contextmanager
def _opened(trace: str) -> Iterator[IO[bytes]]:
    if trace != "-":
        with Path(trace).open("rb") as file:
            yield file
    elif sys.stdin is None:
        raise ValueError("it is closed")
    else:
        yield sys.stdin.buffer
