"""The reference semantics: a pure function from a flow, an input and a script to an outcome.

There are no tasks, no actors and no clock here. What an agent does is scripted: a function from
its input to its `Answer`, which says after how many seconds it comes. The meaning of a flow is its
result as a value, the time at which it is there, and the calls of agents that were made, each with
its span of time and its ending.

Concurrency is a matter of arithmetic. The children of a concurrent node are evaluated one after the
other, each from the same instant; the outcome is decided by comparing the instants at which they
ended, ties from the left; and a child that is given up on at the instant `t` is *cut*: its calls
after `t` are forgotten, its calls across `t` were cancelled then. An agent that never answers
ends at infinity. So the semantics of cancellation can be read off one function, `_cut`. (It
is known of each child when its last call ended: where nothing is to be cut, nothing is looked at.)

The evaluation is one loop with an explicit stack, like the interpreter on actors, and shares its
nodes' meanings (`algebra/steps.py`) with it; but nothing of how things run.

What is evaluated and then cut must end by itself: a loop without a bound inside a race needs an
agent that says `Done`. Functions are taken to be pure: those of a child that is cut were called.
"""

import math
from asyncio import CancelledError
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import heapreplace
from types import CoroutineType
from typing import Any, Final, Literal, assert_never, override

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.arguments import callable_name, need_seconds
from everything_is_an_actor.algebra.failure import (
    AllFailedError,
    FlowTimeoutError,
    QuorumError,
    is_handled_by,
    is_recoverable,
)
from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.leaves import not_awaited
from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.path import (
    AnyNode,
    Where,
    annotate,
    into_bound,
    into_next,
    spell,
)
from everything_is_an_actor.algebra.steps import (
    absolved,
    as_error,
    chosen_case,
    chosen_flow,
    elements,
    failed,
    initial_state,
    loop_step,
    passed,
    sequence,
    stateful_step,
    succeeded,
)
from everything_is_an_actor.algebra.structure import head
from everything_is_an_actor.algebra.values import Continue, QuorumResult

type Ending = Literal["completed", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scripted agent does: it yields `value`, or raises it if it is an exception.

    It does so `after` seconds; after `math.inf` it never does, and runs until it is cancelled.
    Raises `TypeError` or `ValueError` for what is no number of seconds.
    """

    value: Any
    after: float = 0.0

    def __post_init__(self) -> None:
        if self.after != math.inf:
            need_seconds("Answer", "after", self.after, zero=True)


NEVER: Final = Answer(None, math.inf)

type Script = Mapping[Any, Callable[[Any], Any]]
type Way = tuple[AnyNode, Where, AnyNode]


@dataclass(frozen=True, slots=True)
class Call:
    """One run of one agent, from `start` to `end` in seconds since the flow began.

    The agent is the class or function of the leaf; input and output are its affair. `side` is the
    instant at which the side flow began to which the call belongs, if it does. `output` is what the
    agent has yielded or, if it has not completed, the error that it ended in; None if it was given
    up on.
    """

    agent: Any
    input: Any
    start: float
    end: float
    ending: Ending
    side: float | None
    output: Any
    way: Way = field(repr=False, compare=False)
    """How the call was come to: the flow's node, the way from there, and the leaf."""

    @property
    def path(self) -> str:
        """Where in the flow the call was made, as in the notes on errors; spelled when asked."""
        return spell(*self.way)


class _Made:
    """A call to be: a frozen dataclass takes several times as long to set its fields."""

    __slots__ = Call.__slots__

    def __init__(
        self,
        agent: Any,
        input: Any,
        start: float,
        end: float,
        ending: Ending,
        output: Any,
        way: Way,
    ) -> None:
        self.agent = agent
        self.input = input
        self.start = start
        self.end = end
        self.ending = ending
        self.side = None
        self.output = output
        self.way = way

    def done(self) -> Call:
        """This very object, as the call that it has become."""
        self.__class__ = Call  # type: ignore[assignment]  # the same slots in the same order
        return self  # type: ignore[return-value]  # which it now is


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The meaning of a flow on an input: the result, the seconds it took, and the agents' calls."""

    result: Result[Any, BaseException]
    seconds: float
    calls: tuple[Call, ...]


class Never(BaseException):
    """The result of what never ends; as every fatal error, it goes through all handlers."""

    @override
    def __str__(self) -> str:
        return "the flow never ends: it waits for an agent that never answers"


def evaluate(flow: Flow[Any, Any], value: Any, agents: Script) -> Evaluation:
    """The meaning of `flow` on `value`, where `agents` says what each leaf's agent does.

    A script maps the class or function of a leaf to a function of the input, which returns the
    output or an `Answer`, or raises. Any flow may be evaluated: hence the `Any`. Raises
    `LookupError` if the flow calls an agent that has no script.

    >>> from everything_is_an_actor.flow import agent, race
    >>> async def slow(x: int) -> int: ...
    >>> async def fast(x: int) -> int: ...
    >>> script = {slow: lambda x: Answer(x + 1, after=2.0), fast: lambda x: Answer(-x, after=1.0)}
    >>> evaluation = evaluate(race(agent(slow), agent(fast)), 7, script)
    >>> evaluation.result, evaluation.seconds
    (<Success: -7>, 1.0)
    >>> [(call.agent.__name__, call.ending) for call in evaluation.calls]
    [('slow', 'cancelled'), ('fast', 'completed')]
    """
    machine = Machine(flow.node, agents, value)
    machine.run()
    return Evaluation(machine.result(), machine.now, tuple(machine.calls()))


@dataclass(slots=True)
class Visit:
    """That something happened at a node, at an instant: kept by a machine that is told to.

    It belongs to a run as a call that takes no time does, and is forgotten with it.
    """

    what: int
    node: AnyNode
    here: Where
    start: float
    end: float
    side: float | None


@dataclass(frozen=True, slots=True)
class _End:
    """How a child ended: with a value or an error, and when."""

    value: Any
    error: BaseException | None
    at: float


@dataclass(slots=True)
class _Children:
    """The children of a concurrent node: the first of them have been evaluated.

    The calls of child `i` are those from `bounds[i]` to `bounds[i + 1]`, of which the last ended at
    `latest[i]`. `free` holds the instants at which a place is free, for as many children as may run
    at a time. `before` is when the last call ended before the node began. From `failed` on,
    no element waits for a place.
    """

    flows: Sequence[AnyFlow]
    inputs: Sequence[Any]
    before: float
    free: list[float]
    bounds: list[int]
    ends: list[_End]
    latest: list[float]
    failed: float = math.inf


@dataclass(frozen=True, slots=True)
class _Since:
    """What a frame remembers of the moment at which its sub-flow began.

    `latest` is when the last call ended before.
    """

    value: Any
    at: float
    first_call: int
    latest: float


@dataclass(frozen=True, slots=True)
class _Kept:
    """A value that waits in a frame while a check or a side flow runs on it."""

    value: Any


type Frame = tuple[AnyNode, Where, Any]
type Concurrent = (
    ZipAll[AnyFlow]
    | Each[AnyFlow]
    | Race[AnyFlow]
    | FirstCompleted[AnyFlow]
    | AtLeast[AnyFlow]
    | Traverse[AnyFlow]
)


class Machine:
    """One evaluation: a node to evaluate, or the value or error at which one has ended.

    It may be extended by what is to be known of a run besides: `visits.py`.
    """

    def __init__(self, root: AnyNode, agents: Script, value: Any) -> None:
        self.value = value
        self.error: BaseException | None = None
        self.now = 0.0
        self.trace: list[Call | Visit] = []
        self._latest = -math.inf  # when the last call ended, of those that may yet be cut
        self._root = root
        self._agents = agents
        self._stack: list[Frame] = []
        self._node: AnyNode | None = root
        self._here: Where = None

    def calls(self) -> list[Call]:
        """The calls that were made, those of a child of a concurrent node before the next one's."""
        return [made for made in self.trace if isinstance(made, Call)]

    def result(self) -> Result[Any, BaseException]:
        """What it has come to."""
        return Success(self.value) if self.error is None else Failure(self.error)

    def run(self) -> None:
        """Evaluate to the end."""
        while True:
            at, here = self._node, self._here
            script = self._script(at) if isinstance(at, Leaf) else None
            try:
                if at is not None:
                    self._node = None
                    self._down(at, here, script)
                elif self._stack:
                    at, here, saved = self._stack.pop()
                    if self.error is None:
                        self._up(at, here, saved)
                    else:
                        self._fail(at, here, saved, self.error)
                else:
                    return
            except BaseException as error:
                self._node, self.value, self.error = None, None, as_error(error)
                if at is not None and isinstance(error, Exception):
                    annotate(error, self._root, here, at)

    def _script(self, node: Leaf[AnyFlow]) -> Callable[[Any], Any]:
        script = self._agents.get(node.target)
        if script is None:
            raise LookupError(f"there is no script for agent({callable_name(node.target)})")
        return script

    def _push(self, node: AnyNode, here: Where, saved: Any, flow: AnyFlow, slot: int = 0) -> None:
        """Evaluate a sub-flow of `node`, which then takes its value."""
        self._stack.append((node, here, saved))
        self._go((here, node, slot), flow)

    def _go(self, here: Where, flow: AnyFlow) -> None:
        self._here, self._node = here, flow.node

    # ---------------------------------------------------------------------- down

    def _down(self, node: AnyNode, here: Where, script: Callable[[Any], Any] | None) -> None:
        value = self.value
        match node:
            case FlatMap() | Map():
                self._stack.append((node, here, None))
                self._go(here, node.source)
            case Pure(fn):
                self.value = fn(value)
            case Identity():
                pass
            case Leaf():
                assert script is not None  # it was looked up for this
                self._call(node, here, script, value)
            case Match(_, flows):
                i = chosen_case(node, value)
                self._go((here, node, i), flows[i])
            case Named(source, _):
                self._go((here, node, 0), source)
            case Loop(body, _):
                self._push(node, here, 1, body)
            case LoopWithState(body, _, _):
                self.value = (value, initial_state(node))
                self._push(node, here, 1, body)
            case Retry(source):
                self._push(node, here, (value, 0), source)
            case Timeout(source, _):
                self._push(node, here, self._since(), source)
            case Each(flows):
                self._begin(node, here, flows, elements(node, value), len(flows))
            case ZipAll(flows) | Race(flows) | FirstCompleted(flows) | AtLeast(_, flows):
                self._begin(node, here, flows, (value,) * len(flows), len(flows))
            case Traverse(body, bound):
                items = sequence(node, value)
                self._begin(node, here, (body,) * len(items), items, bound or len(items))
            case (
                Bind(source)
                | BranchOn(source)
                | Recover(source)
                | RecoverWith(source)
                | FallbackTo(source)
                | Attempt(source)
                | Absolve(source)
                | Filter(source)
                | Guard(source)
                | AndThen(source)
                | Tap(source)
                | Notify(source)
                | DivertTo(source)
            ):
                self._push(node, here, value, source)
            case _ as unreachable:
                assert_never(unreachable)

    def _call(
        self, node: Leaf[AnyFlow], here: Where, script: Callable[[Any], Any], value: Any
    ) -> None:
        answer = _answer(script, value)
        raised = answer.value if isinstance(answer.value, BaseException) else None
        after = answer.after
        if node.timeout is not None and after >= node.timeout:
            after = node.timeout
            raised = FlowTimeoutError(node.timeout, f"agent({callable_name(node.target)})")
        elif math.isinf(after):
            raised = Never()
        elif type(answer.value) is CoroutineType:
            raised = not_awaited(f"agent({callable_name(node.target)})", answer.value)
        ending: Ending = "completed"
        if raised is not None:
            ending = "cancelled" if isinstance(raised, Never | CancelledError) else "failed"
        start, self.now = self.now, self.now + after
        output = answer.value if raised is None else raised
        way = (self._root, here, node)
        self.trace.append(_Made(node.target, value, start, self.now, ending, output, way).done())
        self._latest = max(self._latest, self.now)
        if raised is not None:
            raise raised
        self.value = answer.value

    # ---------------------------------------------------------------------- up, with a value

    def _up(self, node: AnyNode, here: Where, saved: Any) -> None:
        value = self.value
        match node:
            case FlatMap(_, next):
                self._go(into_next(here, node), next)
            case Map(_, fn):
                self.value = fn(value)
            case Bind():
                chosen = chosen_flow(node, value)
                self.value = saved
                self._go(into_bound(here, node, chosen), chosen)
            case BranchOn(_, predicate, then, otherwise):
                holds = predicate(value)
                self._go((here, node, 1 if holds else 2), then if holds else otherwise)
            case Recover() | RecoverWith() | FallbackTo() | Retry():
                pass
            case Attempt():
                self.value = succeeded(value)
            case Absolve():
                self.value = absolved(value)
            case Filter(_, predicate):
                passed(node, value, predicate(value))
            case AndThen(_, effect):
                effect(value)
            case Guard(_, check):
                if isinstance(saved, _Kept):
                    self.value = passed(node, saved.value, value)
                else:
                    self._push(node, here, _Kept(value), check, 1)
            case Tap(_, side):
                if isinstance(saved, _Kept):
                    self.value = saved.value
                else:
                    self._push(node, here, _Kept(value), side, 1)
            case Notify(_, side):
                if isinstance(saved, _Since):
                    self._leave_side(saved)
                else:
                    self._push(node, here, self._since(), side, 1)
            case DivertTo(_, side, when):
                if isinstance(saved, _Since):
                    self._leave_side(saved)
                elif when(value):
                    self._push(node, here, self._since(), side, 1)
            case Loop(body, _):
                step = loop_step(node, value, saved)
                self.value = step.value
                if isinstance(step, Continue):
                    self._push(node, here, saved + 1, body)
            case LoopWithState(body, _, _):
                step, state = stateful_step(node, value, saved)
                self.value = step.value
                if isinstance(step, Continue):
                    self.value = (step.value, state)
                    self._push(node, here, saved + 1, body)
            case Timeout():
                self._in_time(node, saved)
            case ZipAll() | Each() | Race() | FirstCompleted() | AtLeast() | Traverse():
                self._next_child(node, here, saved)
            case Leaf() | Pure() | Identity() | Match() | Named():
                raise AssertionError(f"{head(node)} leaves no frame")
            case _ as unreachable:
                assert_never(unreachable)

    # ---------------------------------------------------------------------- up, with an error

    def _fail(self, node: AnyNode, here: Where, saved: Any, error: BaseException) -> None:
        match node:
            case ZipAll() | Each() | Race() | FirstCompleted() | AtLeast() | Traverse():
                self._next_child(node, here, saved)
            case Timeout():
                self._in_time(node, saved)
            case Notify() | DivertTo() if isinstance(saved, _Since):
                self._leave_side(saved)
            case Attempt() if is_recoverable(error):
                self.value, self.error = failed(error), None
            case Recover(_, handler) if is_recoverable(error):
                self.value, self.error = error, None
                self._here, self._node = here, Pure(handler)
            case RecoverWith(_, handler) if is_recoverable(error):
                self.value, self.error = error, None
                self._go((here, node, 1), handler)
            case FallbackTo(_, fallback) if is_recoverable(error):
                self.value, self.error = saved, None
                self._go((here, node, 1), fallback)
            case Retry(source, times, backoff, on) if is_handled_by(on, error) and saved[1] < times:
                value, tries = saved
                self.value, self.error = value, None
                self.now += backoff.delay(tries)
                self._push(node, here, (value, tries + 1), source)
            case _:
                pass

    def _since(self) -> _Since:
        since = _Since(self.value, self.now, len(self.trace), self._latest)
        self._latest = -math.inf
        return since

    def _leave_side(self, since: _Since) -> None:
        """A side flow has ended: the main flow goes on from where it began."""
        mine = self.trace[since.first_call :]
        self.trace[since.first_call :] = [replace(made, side=since.at) for made in mine]
        self.value, self.error, self.now = since.value, None, since.at
        self._latest = max(since.latest, since.at)

    def _in_time(self, node: Timeout[AnyFlow], since: _Since) -> None:
        deadline = since.at + node.seconds
        late = self.now >= deadline
        if late:
            self._cut(since.first_call, len(self.trace), self._latest, deadline)
            self._latest = min(self._latest, deadline)
            self.now = deadline
        self._latest = max(self._latest, since.latest)
        if late:
            raise FlowTimeoutError(node.seconds, head(node.source.node))

    def _cut(self, first: int, end: int, latest: float, at: float) -> None:
        if latest > at:
            self.trace[first:end] = _cut(self.trace[first:end], at)

    # ---------------------------------------------------------------------- concurrent nodes

    def _begin(
        self,
        node: Concurrent,
        here: Where,
        flows: Sequence[AnyFlow],
        inputs: Sequence[Any],
        places: int,
    ) -> None:
        if not flows:
            self.value = ()
            return
        free = [self.now] * min(places, len(flows))
        children = _Children(flows, inputs, self._latest, free, [len(self.trace)], [], [])
        self._evaluate_child(node, here, children)

    def _evaluate_child(self, node: Concurrent, here: Where, children: _Children) -> None:
        i = len(children.ends)
        self.value, self.error, self.now = children.inputs[i], None, children.free[0]
        self._latest = -math.inf
        self._push(node, here, children, children.flows[i], i)

    def _next_child(self, node: Concurrent, here: Where, children: _Children) -> None:
        """A child has ended: on to the next, or to the outcome of them all."""
        children.ends.append(_End(self.value, self.error, self.now))
        children.bounds.append(len(self.trace))
        children.latest.append(self._latest)
        if self.error is not None and isinstance(node, Traverse):
            children.failed = min(children.failed, self.now)
        heapreplace(children.free, self.now)
        ends = children.ends
        waits_for_a_place = len(ends) >= len(children.free)
        until = children.failed if waits_for_a_place else math.inf
        if len(ends) < len(children.flows) and children.free[0] < until:
            self._evaluate_child(node, here, children)
            return
        in_time = sorted(range(len(ends)), key=lambda i: (ends[i].at, i))
        self.value, self.error = None, None
        decision = _decision(node, [ends[i] for i in in_time])
        decided = in_time[:decision]
        self.now = ends[decided[-1]].at
        for i in reversed(range(len(ends))):
            first, end = children.bounds[i], children.bounds[i + 1]
            self._cut(first, end, children.latest[i], self.now)
        self._latest = max(children.before, min(max(children.latest), self.now))
        self._conclude(node, [ends[i] for i in decided], [ends[i] for i in sorted(decided)])

    def _conclude(self, node: Concurrent, by_time: list[_End], by_place: list[_End]) -> None:
        last = by_time[-1]
        errors = tuple(end.error for end in by_place if end.error is not None)
        recoverable = tuple(error for error in errors if is_recoverable(error))
        match node:
            case AtLeast(n, flows):
                if len(recoverable) < len(errors):
                    self.error = last.error
                    return
                values = tuple(end.value for end in by_place if end.error is None)
                result = QuorumResult(values, recoverable)
                if len(values) < n:
                    raise QuorumError(n, len(flows), result)
                self.value = result
            case Race() if last.error is not None and len(recoverable) == len(errors):
                raise AllFailedError(recoverable)
            case Race() | FirstCompleted():
                self.value, self.error = last.value, last.error
            case ZipAll() | Each() | Traverse():
                self.error = last.error
                self.value = tuple(end.value for end in by_place)
            case _ as unreachable:
                assert_never(unreachable)


def _answer(script: Callable[[Any], Any], value: Any) -> Answer:
    try:
        said = script(value)
    except BaseException as error:
        return Answer(error)
    return said if isinstance(said, Answer) else Answer(said)


def _decision(node: Concurrent, ends: Sequence[_End]) -> int:
    """How many of the ends, in order of time, it takes to decide the outcome."""
    successes = failures = 0
    for count, end in enumerate(ends, 1):
        if end.error is None:
            successes += 1
        else:
            failures += 1
            if not is_recoverable(end.error):
                return count
        match node:
            case ZipAll() | Each() | Traverse():
                decided = failures > 0
            case Race():
                decided = successes > 0
            case FirstCompleted():
                decided = True
            case AtLeast(n, flows, stop_early):
                decided = stop_early and (successes >= n or failures > len(flows) - n)
            case _ as unreachable:
                assert_never(unreachable)
        if decided:
            return _or_fatal(ends, count)
    return len(ends)


def _or_fatal(ends: Sequence[_End], count: int) -> int:
    """A fatal error at the instant of the decision decides, also where it came in a tie."""
    for later, end in enumerate(ends[count:], count + 1):
        if end.at > ends[count - 1].at:
            break
        if end.error is not None and not is_recoverable(end.error):
            return later
    return count


def _cut(trace: Iterable[Call | Visit], at: float) -> list[Call | Visit]:
    """The calls of what is given up on at the instant `at`: none begins later, none goes on.

    A side flow goes on, if it has begun.
    """
    kept: list[Call | Visit] = []
    for made in trace:
        if made.side is not None:
            if made.side <= at:
                kept.append(made)
        elif made.start <= at:
            if isinstance(made, Call) and made.end > at:
                cut = _Made(made.agent, made.input, made.start, at, "cancelled", None, made.way)
                made = cut.done()
            kept.append(made)
    return kept
