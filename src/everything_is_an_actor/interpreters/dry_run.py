"""A flow run dry: its logic, with scripted agents, on virtual time, and no actor anywhere.

    dry_run(flow, input, script) ≈ evaluate(flow, input, script) ≈ run_flow(flow, input)

It is the reference semantics (`reference.py`), with the whole trace and with scripts that say of
themselves what is wrong with them. Without a script it is the plan of the flow (`plan.py`).
"""

from dataclasses import dataclass, field
from typing import Any, Final, assert_never, overload, override

from returns.result import Failure, Result

from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.algebra.plain import error_text, name_of, text_of
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.dry_script import DryScript, need_script, scripted
from everything_is_an_actor.interpreters.plan import Plan, brief, planned
from everything_is_an_actor.interpreters.reference import Call
from everything_is_an_actor.interpreters.visits import Visits

SHOWN = 1_000
"""How many calls are in the text of a dry run."""

_NONE: Final = object()  # no input: any other object may be one


@dataclass(frozen=True, slots=True)
class DryRun[O]:
    """What a dry run has come to.

    `result` is the value or the error, `seconds` the virtual time after which it was there:
    `math.inf` if the flow never ends, since it waits for an agent that never answers. `calls` are
    all the calls of agents, in order of time; those at the same instant, in the order of the flow.
    Its text is a table of them.
    """

    result: Result[O, BaseException]
    seconds: float
    calls: tuple[Call, ...]
    visits: Visits = field(repr=False, compare=False)
    """Where it came to, for a drawing of it."""

    @property
    def value(self) -> O:
        """The value. Raises the error if there is none."""
        if isinstance(self.result, Failure):
            raise self.result.failure()
        return self.result.unwrap()

    @override
    def __str__(self) -> str:
        rows = [("time", "path", "agent", "input → what came of it")]
        rows += map(_row, self.calls[:SHOWN])
        widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:3]]
        lines = ["  ".join([*map(str.ljust, row[:3], widths), row[3]]).rstrip() for row in rows]
        if len(self.calls) > SHOWN:
            more = len(self.calls) - SHOWN
            lines.append(f"… {more} more {plural(more, 'call')}")
        return "\n".join([*lines, f"{_time(self.seconds)}  {self._ending()}"])

    def _ending(self) -> str:
        if isinstance(self.result, Failure):
            return f"failed: {_error(self.result.failure())}"
        return f"→ {text_of(self.result.unwrap())}"


@overload
def dry_run[I, O](flow: Flow[I, O], input: I, agents: DryScript) -> DryRun[O]: ...
@overload
def dry_run(flow: Flow[Any, Any], input: object = _NONE, agents: None = None) -> Plan: ...
def dry_run(
    flow: Flow[Any, Any], input: object = _NONE, agents: DryScript | None = None
) -> DryRun[Any] | Plan:
    """Runs `flow` on `input` with scripted agents; without a script, says what it would do.

    `agents` maps each agent, the class or function of a leaf, to what it does: a function of its
    input, which returns the output or an `Answer(output, after=seconds)`, or raises; or a list or
    tuple of outputs, `Answer`s and exceptions, one for each of its calls in order of time (of calls
    at the same instant, that which stands first in the flow is the first); or a `Recording` of a
    real run (`recorded`). Where agents with recorded outputs are called concurrently, the flow may
    be evaluated several times to find their order: functions are taken to be pure.

    Deterministic: nothing waits, and nothing runs but functions. Meanings are those of the
    reference semantics. An `Answer` after `math.inf` seconds never comes. What takes no time ends
    at the instant at which it begins, and of what ends at the same instant that which stands first
    in the flow is the first. On actors a function ends before an agent that answers at once, and
    agents that answer at the same instant do so in the order in which they are woken: a race
    between such may be decided otherwise there.

    Raises at once, before anything runs, `TypeError` for what is no flow or no script and
    `LookupError` for a script without an agent; later on, `LookupError` for a call of an agent
    that has no script, or whose list of outputs runs out. What the flow itself raises is in the
    result.

    >>> from everything_is_an_actor.flow import agent
    >>> async def search(query: str) -> list[str]: ...
    >>> async def write(found: list[str]) -> str: ...
    >>> flow = (agent(search).retry(1) >> agent(write)).named("report")
    >>> run = dry_run(flow, "owls", {search: [OSError("busy"), ["a", "b"]], write: " and ".join})
    >>> run.value
    'a and b'
    >>> print(run)
    time  path                          agent   input → what came of it
    0 s   report.steps[0].retry.source  search  'owls' → failed: OSError: busy
    0 s   report.steps[0].retry.source  search  'owls' → ['a', 'b']
    0 s   report.steps[1]               write   ['a', 'b'] → 'a and b'
    0 s  → 'a and b'
    """
    need_flow("dry_run", "flow", flow)
    if agents is None:
        return planned(flow)
    need_script(flow, agents)
    if input is _NONE:
        raise TypeError("dry_run: a run with scripted agents needs an input")
    run = scripted(flow, input, agents)
    calls = sorted(run.calls(), key=lambda call: call.start)
    return DryRun(run.result(), run.now, tuple(calls), run.visits)


def _row(call: Call) -> tuple[str, str, str, str]:
    time = (
        _time(call.start) if call.start == call.end else f"{_time(call.start)} … {_time(call.end)}"
    )
    match call.ending:
        case "completed":
            ending = text_of(call.output)
        case "cancelled":
            ending = "cancelled"
        case "failed":
            ending = f"failed: {_error(call.output)}"
        case _ as unreachable:
            assert_never(unreachable)
    return time, brief(call.path), name_of(call.agent), f"{text_of(call.input)} → {ending}"


def _error(error: BaseException) -> str:
    return " ".join(error_text(error).split())[:200]


def _time(seconds: float) -> str:
    """An instant since the flow began."""
    return "never" if seconds == float("inf") else f"{round(seconds, 6):g} s"
