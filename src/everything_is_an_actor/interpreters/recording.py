"""Recorded runs: what the agents of a flow did when it ran on actors, to be run again without them.

The events of a run say of each call of an agent what went in, what came out, how long it took, and
where in the flow it was made. So when the flow is run dry, a call is found again *by its path*.
What is made several times at one path, as by an agent that fails at first and is tried again, is
done in the order in which it was begun. Where there is no path (in old events, in a flow that was
changed since, too deep to be spelled out) a call is found *by its input*: the same agent on an
equal input does what it did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, NamedTuple

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.flow import AnyFlow, Flow, need_flow
from everything_is_an_actor.algebra.node import Leaf
from everything_is_an_actor.algebra.path import occurrences
from everything_is_an_actor.interpreters.read_back import with_errors
from everything_is_an_actor.interpreters.reference import NEVER, Answer
from everything_is_an_actor.runtime.events import TaskEvent
from everything_is_an_actor.runtime.paths import place_name


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call of an agent in a real run: its input, and what came of it after so many seconds.

    `path` is where in its flow it was made, if that is known.
    """

    input: Any
    answer: Answer
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """The calls of one agent in a real run, in the order in which they were begun.

    It is a script for `dry_run`: at the path of one of these, and on an input that is equal, the
    agent does what it did. An input that has no hash may have been changed since: there the path is
    enough. At another path, or without, it does what it did on an equal input. Inputs that are
    exceptions are equal if their types and arguments are.
    """

    calls: tuple[RecordedCall, ...]


def recorded(
    flow: Flow[Any, Any],
    events: Iterable[TaskEvent],
    *,
    also: Iterable[Flow[Any, Any]] = (),
) -> dict[Any, Recording]:
    """What each agent of `flow` did in a real run of it, as a script for `dry_run`.

    `events` are those of one run of `AgentSystem.run_flow_stream(flow, input)`, also if they were
    written as JSON and read back, where data is what JSON has of it. An error comes back with its
    name, text and notes, as one of Python's type of that name, or of which ours of that name is:
    `on=` of an error class of yours does not know it. Any flow may have been run, and the keys are
    its agents: hence the `Any`. `also` are flows that a `bind` in it may choose, which cannot be
    seen from outside.

    What it can do: give the same result, of the same calls, as long as functions are pure and
    inputs have a meaningful `==`. What it cannot do: tell apart equal calls of one agent that did
    different things at the same time, if their events have no paths; replay what was cancelled
    further than to the cancellation that the flow itself asked for (a call that was cancelled never
    answers); say what the agents do of a flow that a `bind` chose, unless they are in `flow` or
    `also`; decide a race as it was decided if two flows ended at nearly the same instant, as the
    dry run adds up the seconds of the agents alone. Two agents that go by the same name share what
    was recorded under it.

    Raises `ValueError` if these are the events of several runs, or of none, and `TypeError` for
    what are no events or no flows.

    >>> from everything_is_an_actor.agents import AgentSystem
    >>> from everything_is_an_actor.flow import agent
    >>> from everything_is_an_actor.interpreters.dry_run import dry_run
    >>> import asyncio
    >>> async def double(x: int) -> int:
    ...     return 2 * x
    >>> flow = agent(double) >> agent(double)
    >>> async def live() -> list[TaskEvent]:
    ...     async with AgentSystem() as system:
    ...         return [event async for event in system.run_flow_stream(flow, 3)]
    >>> script = recorded(flow, asyncio.run(live()))
    >>> [call.input for call in script[double].calls]
    [3, 6]
    >>> dry_run(flow, 3, script).value
    12
    """
    need_flow("recorded", "flow", flow)
    also = _others(also)
    names = _Shared()
    agents: dict[Any, str] = {}
    for node, _ in chain.from_iterable(map(occurrences, (flow, *also))):
        if isinstance(node, Leaf):
            names.join(agents.setdefault(node.target, agent_name(node)), agent_name(node))
    calls: dict[str, list[RecordedCall]] = {}
    for name, call in _calls(events):
        calls.setdefault(names.of(name), []).append(call)
    recordings = {
        name: Recording(tuple(calls.get(name, ()))) for name in map(names.of, agents.values())
    }
    return {agent: recordings[names.of(name)] for agent, name in agents.items()}


def _others(also: object) -> list[AnyFlow]:
    if isinstance(also, Flow) or not isinstance(also, Iterable):
        raise TypeError(
            f"recorded: also must be several flows, such as a list of them, "
            f"got {shown(also)} ({type(also).__name__})"
        )
    flows = list(also)
    for number, flow in enumerate(flows):
        need_flow("recorded", f"also[{number}]", flow)
    return flows


class _Shared:
    """Which names are those of one agent, or of agents that share a name: a union-find."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def of(self, name: str) -> str:
        """The one that stands for all of them."""
        while (above := self._above.get(name, name)) != name:
            self._above[name] = self._above.get(above, above)
            name = above
        return name

    def join(self, one: str, other: str) -> None:
        """They are names of one agent."""
        self._above[self.of(one)] = self.of(other)


class AgentCall(NamedTuple):
    """A call of an agent by its flow: its name, the start, and the ending if it came."""

    name: str
    start: TaskEvent
    end: TaskEvent | None


def agent_calls(events: Iterable[TaskEvent], function: str = "recorded") -> list[AgentCall]:
    """The calls of the agents of one flow, in order of time.

    What agents ask others to do for them is no call of the flow. Raises as `recorded` does, in the
    name of the `function` to which the events were given.
    """
    if not isinstance(events, Iterable):
        raise TypeError(
            f"{function}: events must be those of a run, as run_flow_stream yields them, "
            f"got {shown(events)} ({type(events).__name__})"
        )
    root: TaskEvent | None = None
    starts: dict[str, TaskEvent] = {}
    ends: dict[str, TaskEvent] = {}
    for event in events:
        if not isinstance(event, TaskEvent):
            raise TypeError(
                f"{function}: events must be TaskEvents, got {type(event).__name__}: "
                f"those of run_flow_stream"
            )
        match event.type:
            case "flow_started" if root is None:
                root = event
            case "flow_started" if event.parent_task_id is None:
                raise ValueError(
                    f"{function}: these are the events of several runs: give those of one"
                )
            case "task_started" if root is not None and event.parent_task_id == root.task_id:
                starts[event.task_id] = event
            case "task_completed" | "task_failed" | "task_cancelled":
                ends.setdefault(event.task_id, with_errors(event))
            case _:
                pass
    if root is None:
        raise ValueError(
            f"{function}: there is no flow_started among these events: "
            "give those of one run, as run_flow_stream yields them"
        )
    return [AgentCall(_name(start), start, ends.get(task)) for task, start in starts.items()]


def _calls(events: Iterable[TaskEvent]) -> Iterable[tuple[str, RecordedCall]]:
    for name, start, end in agent_calls(events):
        answer = NEVER
        if end is not None and end.type != "task_cancelled":
            answer = Answer(end.data, max(end.timestamp - start.timestamp, 0.0))
        path = start.flow_path
        is_whole = path is not None and not path.startswith("…")
        yield name, RecordedCall(start.data, answer, path if is_whole else None)


def agent_name(leaf: Leaf[AnyFlow]) -> str:
    """The name by which the events of a run know the agent of a leaf."""
    return leaf.name or callable_name(leaf.target)


def _name(event: TaskEvent) -> str:
    return place_name(event.agent_path).rpartition("-")[0]


class Groups:
    """The calls of a recording, those at one path together, and those on equal inputs."""

    def __init__(self, recording: Recording) -> None:
        self._hashed: dict[Any, int] = {}
        self._others: list[tuple[Any, int]] = []
        self.answers: list[list[Answer]] = []
        self.paths: dict[str, int] = {}
        self._inputs: dict[str, set[Any] | None] = {}  # None: they may have been changed since
        for call in recording.calls:
            group = self.of(call.input)
            if group < 0:
                group = self._add(call.input)
            self.answers[group].append(call.answer)
            if call.path is not None:
                self._place(call.path, call)

    def _place(self, path: str, call: RecordedCall) -> None:
        group = self.paths.setdefault(path, len(self.answers))
        if group == len(self.answers):
            self.answers.append([])
        self.answers[group].append(call.answer)
        inputs = self._inputs.setdefault(path, set())
        if inputs is not None:
            try:
                inputs.add(_key(call.input))
            except Exception:  # it has no hash
                self._inputs[path] = None

    def at(self, path: str, input: object) -> int:
        """The number of the group of the calls at a path; -1 if there is none on that input."""
        group = self.paths.get(path, -1)
        inputs = self._inputs.get(path)
        if group < 0 or inputs is None:
            return group
        try:
            return group if _key(input) in inputs else -1
        except Exception:  # it has no hash, as none there
            return -1

    def of(self, input: object) -> int:
        """The number of the group of an input, wherever; -1 if there is none."""
        try:
            return self._hashed.get(_key(input), -1)
        except Exception:
            return next((group for other, group in self._others if _equal(other, input)), -1)

    def _add(self, input: object) -> int:
        group = len(self.answers)
        self.answers.append([])
        try:
            self._hashed[_key(input)] = group
        except Exception:  # it has no hash, or is too deep for one
            self._others.append((input, group))
        return group


def _key(input: Any) -> Any:
    """What stands for an input among others. Raises what its hash does."""
    if isinstance(input, BaseException):
        return type(input), _key(input.args)
    if isinstance(input, tuple):
        return tuple(map(_key, input))
    hash(input)
    return input


def _equal(one: Any, other: Any) -> bool:
    if one is other:
        return True
    try:
        if isinstance(one, BaseException):
            return type(one) is type(other) and _equal(one.args, other.args)
        return bool(one == other)
    except Exception:  # of what the user's own == does
        return False
