"""The static bounds of a flow: what holds of every run of it, before there is one.

A flow is data, but for the functions in it, so much of what it will do can be read off it. That is
what choice without `bind` is for: in selective functors all effects are visible beforehand, and a
program is given an under- and an over-approximation of them (Mokhov, Lukyanov, Marlow & Dimino,
"Selective applicative functors", ICFP 2019). The over-approximation takes both branches, the
under-approximation neither; here there are also counts, times and concurrency. The law is

    under(f) ⊆ called(f, x) ⊆ over(f)

for every input `x` and whatever the agents do.

*Under* needs a word about failure. In `a >> b`, `b` is not called if `a` fails. So there are two
sets. `must` holds of all runs, failures included: since any agent may fail, and a sibling may have
decided the outcome by then, these are the agents called in the first instant. `must_to_succeed`
holds of the runs that yield a value, and is what a reader of the flow would say. A function may
raise, an input may have the wrong shape: what comes after a function is in `must_to_succeed` alone.

What stops a run from outside is not accounted for: cancelling it, or shutting the system down.

The algebra is `extent.py`; here is what each node is in it, and what the user sees.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, assert_never, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.algebra.fold import fold
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
    Node,
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
from everything_is_an_actor.algebra.plain import name_of, one_line
from everything_is_an_actor.interpreters.agent_sets import Numbering, elements
from everything_is_an_actor.interpreters.extent import (
    FUNCTION,
    IDENTITY,
    UNKNOWN,
    Count,
    Extent,
    aside,
    call,
    crowd,
    either,
    first,
    listed,
    quorum,
    repeated,
    rescued,
    series,
    waits,
    within,
)

PATH_LENGTH = 1_000
"""How many agents of a critical path are kept."""

PATH_WIDTH = 300
"""Characters of a critical path in the text of bounds."""

type AgentTarget = Callable[..., Any]
"""What a leaf runs: a class, or an `async def`."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What holds of every run of a flow. Agents are the classes and functions of the leaves.

    `must`: the agents called in every run, however it ends.
    `must_to_succeed`: those called in every run that yields a value.
    `may`: those that any run may call, if the bounds are `complete`. They are not if the flow has
    a `bind`: which agents its continuation calls, how often and for how long is unknown until it
    runs, so that the upper bounds are `math.inf`, but for `seconds` under a timeout.

    `least_calls`, `least_calls_to_succeed`, `most_calls`: how many calls of agents a run makes,
    those of its side flows included. `math.inf` is no bound, or one beyond 1e308.

    `seconds`: the latest instant, since the beginning, at which the run ends. It is `math.inf` if
    an agent on the way has no timeout, or a loop no bound. A timeout bounds `execute` alone: to
    start and stop agents, to clean up after a cancellation and to call functions takes no time.
    `seconds_with_sides`: the latest instant at which the last call ends, in a side flow as well.
    `critical_path`: the agents, in their order, that `seconds` is made up of. What is repeated is
    in it once, and it is cut after `PATH_LENGTH` agents.

    `peak_concurrency`: how many calls there may be at the same time, those of side flows included,
    which run beside the flow and may outlive it.

    Times are sums of floats: they are exact up to rounding. The text of bounds is a table.
    """

    must: frozenset[AgentTarget]
    must_to_succeed: frozenset[AgentTarget]
    may: frozenset[AgentTarget]
    complete: bool
    least_calls: int
    least_calls_to_succeed: int
    most_calls: Count
    seconds: float
    seconds_with_sides: float
    critical_path: tuple[AgentTarget, ...]
    peak_concurrency: Count

    @override
    def __str__(self) -> str:
        path = one_line(" → ".join(map(name_of, self.critical_path))) or "none"
        others = "" if self.complete else ", and whatever a `bind` chooses"
        least = f"{self.least_calls:,}"
        if self.least_calls_to_succeed != self.least_calls:
            least += f" ({self.least_calls_to_succeed:,} to succeed)"
        rows = {
            "always called": _names(self.must),
            "to succeed": _names(self.must_to_succeed),
            "may be called": _names(self.may) + others,
            "agent calls": f"at least {least}, {_at_most(self.most_calls)}",
            "at once": _at_most(self.peak_concurrency),
            "time": self._time(),
            "critical path": path if len(path) <= PATH_WIDTH else f"{path[: PATH_WIDTH - 1]}…",
        }
        return "\n".join([f"{name:<15}{text}" for name, text in rows.items()])

    def _time(self) -> str:
        if math.isinf(self.seconds):
            what = "an agent or a loop" if self.complete else "an agent, a loop or a `bind`"
            return f"no bound: {what} on the way has none"
        text = f"at most {duration(self.seconds)}"
        if self.seconds_with_sides <= self.seconds:
            return text
        sides = self.seconds_with_sides
        return f"{text}, side flows {'without a bound' if math.isinf(sides) else duration(sides)}"


def _names(agents: Iterable[AgentTarget]) -> str:
    return one_line(", ".join(sorted(map(name_of, agents)))) or "none"


def _at_most(count: Count) -> str:
    return "no upper bound" if math.isinf(count) else f"at most {count:,}"


def bounds(flow: Flow[Any, Any]) -> Bounds:
    """The bounds of every run of `flow`, found without running any; times are seconds.

    In time linear in the nodes; a part that is shared is looked at once. Raises `TypeError` for
    what is no flow, or has an agent without a hash.

    >>> from everything_is_an_actor.flow import agent
    >>> async def search(query: str) -> str: ...
    >>> async def write(found: str) -> str: ...
    >>> async def draft(query: str) -> str: ...
    >>> found = bounds((agent(search) >> agent(write, timeout=60)).retry(1) | agent(draft))
    >>> [sorted(f.__name__ for f in some) for some in (found.must, found.may)]
    [['search'], ['draft', 'search', 'write']]
    >>> found.least_calls, found.least_calls_to_succeed, found.most_calls
    (1, 2, 5)
    >>> found.seconds, [f.__name__ for f in found.critical_path]
    (210.0, ['search', 'write', 'draft'])
    >>> print(found)
    always called  search
    to succeed     search
    may be called  draft, search, write
    agent calls    at least 1 (2 to succeed), at most 5
    at once        at most 1
    time           at most 3 min 30 s
    critical path  search → write → draft
    """
    need_flow("bounds", "flow", flow)
    measure = _Measure()
    extent = fold(measure.extent, flow)
    agents = measure.agents.agents
    return Bounds(
        must=frozenset(agents[i] for i in elements(extent.at_once)),
        must_to_succeed=frozenset(agents[i] for i in elements(extent.to_succeed)),
        may=frozenset(agents),
        complete=measure.complete,
        least_calls=extent.least,
        least_calls_to_succeed=extent.least_to_succeed,
        most_calls=extent.most,
        seconds=extent.seconds,
        seconds_with_sides=extent.settled,
        critical_path=tuple(agents[i] for i in listed(extent.way, PATH_LENGTH)),
        peak_concurrency=extent.peak,
    )


class _Measure:
    """The algebra of the fold, and what it has come across: the agents, and whether a `bind`."""

    def __init__(self) -> None:
        self.agents: Numbering[AgentTarget] = Numbering()
        self.complete = True

    def extent(self, node: Node[Extent]) -> Extent:
        """What a node makes of its parts."""
        match node:
            case FlatMap():
                return series(node.source, node.next)
            case Map() | AndThen() | Filter() | Absolve():
                return series(node.source, FUNCTION)
            case Leaf():
                return call(self._number(node.target), node.timeout)
            case Pure():
                return FUNCTION
            case Identity():
                return IDENTITY
            case Named(source):
                return source
            case Bind(source):
                self.complete = False
                return series(source, UNKNOWN)
            case ZipAll(flows):
                return quorum(len(flows), flows)
            case Each(flows):
                return series(FUNCTION, quorum(len(flows), flows))
            case Race(flows):
                return quorum(1, flows)
            case FirstCompleted(flows):
                return first(flows)
            case AtLeast(n, flows):
                return quorum(n, flows)
            case Traverse(body, max_concurrency):
                return crowd(body, max_concurrency or math.inf)
            case Match(_, flows):
                return series(FUNCTION, either(flows))
            case BranchOn(source, _, then, otherwise):
                return series(series(source, FUNCTION), either((then, otherwise)))
            case Recover(source):
                return rescued(source, FUNCTION)
            case RecoverWith(source, handler) | FallbackTo(source, handler):
                return rescued(source, handler)
            case Attempt(source):
                return rescued(source, IDENTITY)
            case Retry(source, times, backoff):
                return repeated(source, times + 1, waits(backoff, times))
            case Timeout(source, seconds):
                return within(source, float(seconds))
            case Guard(source, check):
                return series(series(source, check), FUNCTION)
            case Tap(source, side):
                return series(source, side)
            case Notify(source, side):
                return series(source, aside(side))
            case DivertTo(source, side):
                return series(series(source, FUNCTION), either((aside(side), IDENTITY)))
            case Loop(body, max_iter):
                return _looped(body, max_iter)
            case LoopWithState(body, init_state, max_iter):
                start = FUNCTION if callable(init_state) else IDENTITY
                return series(start, _looped(body, max_iter))
            case _ as unreachable:
                assert_never(unreachable)

    def _number(self, target: AgentTarget) -> int:
        try:
            return self.agents.number(target)
        except TypeError:
            raise TypeError(
                f"bounds: agents are told apart by their hash, and {shown(target)} "
                f"({type(target).__name__}) has none: give its class a __hash__, or call it from "
                f"an async def"
            ) from None


def _looped(body: Extent, max_iter: int | None) -> Extent:
    """Up to `max_iter` times; without a bound it may never end, also where it calls no agent."""
    if max_iter is None:
        return series(repeated(body, math.inf, waits=math.inf), FUNCTION)
    return series(repeated(body, max_iter), FUNCTION)
