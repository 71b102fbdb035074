"""`eiaa run`: one flow on one input."""

import asyncio
import logging
import math
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final, get_origin

import typer
from rich.console import Console

from everything_is_an_actor.agents import AgentSystem, TaskEvent
from everything_is_an_actor.cli.board import Board
from everything_is_an_actor.cli.inputs import need_one_input, read_input
from everything_is_an_actor.cli.messages import Told, say, say_failure
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
from everything_is_an_actor.cli.usage import DONE, FAILED, TERMINATED, BadUsage
from everything_is_an_actor.cli.view import live_view
from everything_is_an_actor.flow import FlowTimeoutError, check

_BY_JSON: Final = (int, float, bool, list, dict, tuple)
"""What no text is, and JSON has; a text may well be what stands for another type."""

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
    flow: AnyFlow | None = None
    try:
        with standard_output() as output:
            flow = load_program(target, modules).flow
            need_one_input(text, document, file)
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
        if flow is not None and text is not None:
            _say_what_it_takes(flow)
        return FAILED
    except Terminated:
        say("terminated")
        return TERMINATED


class FlowFailed(Exception):
    """The flow ended with `error`."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(error)
        self.error = error


class Terminated(BaseException):
    """The process was asked to end, by SIGTERM."""


def _say_what_it_takes(flow: AnyFlow) -> None:
    """That a text is not what it takes, if it says so: that may be why it failed."""
    report = check(flow)
    takes = get_origin(report.input) or report.input
    if any(takes is each for each in _BY_JSON):  # not by hash, which a hint may lack
        name = report.type.partition(" → ")[0]
        say(f"it takes {name}, and --input is a text: perhaps --input-json?")


@contextmanager
def _cancelled_by_sigterm() -> Iterator[Callable[[], bool]]:
    """The current task is cancelled by SIGTERM; a second one ends the process at once.

    Yields whether there was one.
    """
    if threading.current_thread() is not threading.main_thread():  # which alone has signals
        yield lambda: False
        return
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None
    came = False

    def cancel(_number: int, _frame: FrameType | None) -> None:
        nonlocal came
        came = True
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        loop.call_soon_threadsafe(task.cancel)

    before = signal.signal(signal.SIGTERM, cancel)
    try:
        yield lambda: came
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)  # none: not set from Python


async def _follow(
    flow: AnyFlow,
    value: Any,
    name: str,
    timeout: float | None,
    listeners: Collection[Listener],
) -> Any:
    """The output of a flow; every listener is told of every event, the last of which is its end.

    Raises `FlowFailed`, or `Terminated`; what a listener raises ends the run.
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
    with _cancelled_by_sigterm() as was_terminated:
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
            if was_terminated():
                terminated = Terminated("SIGTERM")
                give_up(terminated)
                raise terminated from None
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
