"""`eiaa run`: one flow on one input."""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Collection
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from everything_is_an_actor.agents import AgentSystem, TaskEvent
from everything_is_an_actor.cli.board import Board
from everything_is_an_actor.cli.inputs import need_one_input, read_input
from everything_is_an_actor.cli.messages import Told, say_failure
from everything_is_an_actor.cli.options import (
    InputFile,
    InputJson,
    InputText,
    Modules,
    Target,
    WithTraceback,
)
from everything_is_an_actor.cli.output import (
    OutputError,
    ReaderGoneError,
    charted,
    standard_output,
    trace_file,
)
from everything_is_an_actor.cli.program import AnyFlow, load_program
from everything_is_an_actor.cli.usage import DONE, FAILED, BadUsage
from everything_is_an_actor.cli.view import live_view
from everything_is_an_actor.flow import FlowTimeoutError

type Listener = Callable[[TaskEvent], None]


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise BadUsage(f"--timeout must be a finite number of seconds above 0, got {text!r}.")
    return seconds


def run(
    target: Target,
    text: InputText = None,
    document: InputJson = None,
    file: InputFile = None,
    modules: Modules = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help="Print every event as a line of JSON instead of the result, "
            "which is in the last one.",
        ),
    ] = False,
    trace: Annotated[
        Path | None,
        typer.Option("--trace", metavar="PATH", help="Write every event to a file of JSON lines."),
    ] = None,
    with_timeline: Annotated[
        bool,
        typer.Option(
            "--timeline", help="Show when each agent was at work, on standard error after the run."
        ),
    ] = False,
    timeout: Annotated[
        float | None,
        typer.Option(
            "--timeout",
            metavar="SECONDS",
            parser=_seconds,
            help="Give up after so many seconds.",
        ),
    ] = None,
    with_traceback: WithTraceback = False,
) -> int:
    """Run a program on one input, and print its result.

    Give it one input: --input, --input-json or --input-file.

    On a terminal the agents are shown at work.
    """
    need_one_input(text, document, file)
    try:
        with standard_output() as output:
            flow = load_program(target, modules).flow
            logging.basicConfig(handlers=[Told(with_traceback=with_traceback)])
            value = read_input(text, document, file)
            with trace_file(trace) as traced, charted(target, wanted=with_timeline) as timed:
                if as_json:
                    listeners = (traced, timed, output.event)
                    asyncio.run(_follow(flow, value, target, timeout, listeners))
                    return DONE
                board = Board(target)
                with live_view(board, Console(stderr=True)):
                    yielded = asyncio.run(
                        _follow(flow, value, target, timeout, (traced, timed, board.update))
                    )
                output.result(yielded)
                return DONE
    except FlowFailed as failed:
        say_failure("the flow failed", failed.error, with_traceback=with_traceback)
        return FAILED


class FlowFailed(Exception):
    """The flow ended with `error`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


async def _follow(
    flow: AnyFlow,
    value: Any,
    name: str,
    timeout: float | None,
    listeners: Collection[Listener],
) -> Any:
    """The output of a flow; every listener is told of every event, the last of which is its end.

    Raises `FlowFailed`; what a listener raises ends the run.
    """
    under_way: dict[str, TaskEvent] = {}

    def tell(event: TaskEvent) -> None:
        match event.type:
            case "flow_started" | "task_started":
                under_way[event.task_id] = event
            case "task_chunk" | "task_progress" | "side_failed":
                pass
            case _:
                under_way.pop(event.task_id, None)
        for listener in listeners:
            listener(event)

    def give_up(error: BaseException) -> None:
        for started in reversed(list(under_way.values())):
            tell(_cut_short(started, error))

    deadline = asyncio.timeout(timeout)
    try:
        async with (
            AgentSystem("eiaa") as system,
            aclosing(system.run_flow_stream(flow, value)) as run,
        ):
            last = await anext(run)
            tell(last)
            async with deadline:
                async for last in run:
                    tell(last)
            return last.data
    except (OutputError, ReaderGoneError, KeyboardInterrupt):
        raise
    except asyncio.CancelledError:
        give_up(KeyboardInterrupt())
        raise
    except BaseException as error:
        if timeout is None or not deadline.expired():
            raise FlowFailed(error) from error
        late = FlowTimeoutError(timeout, name)
        give_up(late)
        raise FlowFailed(late) from None


def _cut_short(started: TaskEvent, error: BaseException) -> TaskEvent:
    """The end of what was given up on from outside, when its own events had no listener.

    The outermost failed by `error`, which was the reason to cancel all that was within.
    """
    cancelled = started.type == "task_started"
    return replace(
        started,
        type="task_cancelled" if cancelled else "flow_failed",
        data=error if started.parent_task_id is None else asyncio.CancelledError(),
        timestamp=time.time(),
    )
