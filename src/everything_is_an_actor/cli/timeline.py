"""`eiaa timeline`: when each agent of a recorded run was at work, as a chart in the terminal."""

from typing import Annotated

import typer

from everything_is_an_actor.cli.calltree import Calls
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.traces import read_trace
from everything_is_an_actor.cli.usage import DONE


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
    calls = Calls()
    for event in read_trace(trace):
        calls.take(event)
    with standard_output() as output:
        output.charts(calls.runs)
        return DONE
