"""The static analyses as subjects of laws: bounds, the checker, drawings and plans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, cycle
from typing import Any, get_args, get_origin

from hypothesis import strategies as st
from returns.result import Success

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.analyses import Draw, GoesWrong, Sound
from everything_is_an_actor.algebra.laws.bounds import Agents, Bound, Execute
from everything_is_an_actor.algebra.laws.law import RESULT, IsEq, Observation
from everything_is_an_actor.algebra.node import Leaf, Node
from everything_is_an_actor.interpreters import bounds as static
from everything_is_an_actor.interpreters.dry_run import dry_run
from everything_is_an_actor.interpreters.mermaid import to_mermaid
from everything_is_an_actor.interpreters.text_tree import to_tree
from everything_is_an_actor.testing.interpreters import AnyFlow, FlowInterpreter
from everything_is_an_actor.testing.observing import Seen
from everything_is_an_actor.testing.strategies import flows
from everything_is_an_actor.testing.subjects import Named, Strategy, Subject, differing
from everything_is_an_actor.testing.typed import goes_wrong, is_sound, typed

SIZE = 8
"""How many nodes a flow has, about: it takes nothing to look at more."""


def _subject(
    name: str, supplied: Mapping[object, object], of_flow: Callable[[AnyFlow], Strategy]
) -> Subject:
    def supply(hint: Any) -> Strategy | None:
        if get_origin(hint) is Flow:
            return flows(*get_args(hint), size=SIZE).flatmap(of_flow)
        return st.just(supplied[hint]) if hint in supplied else None

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        return differing(equation)

    return Subject(name, (RESULT,), supply, difference)


# ----------------------------------------------------------------------------------------- bounds


@dataclass(frozen=True, slots=True)
class Known:
    """The bounds of a flow, with agents by their names."""

    must: Agents
    must_to_succeed: Agents
    may: Agents | None
    calls: tuple[float, float]
    calls_to_succeed: int
    seconds: float
    seconds_with_sides: float
    peak: float


def known(flow: AnyFlow) -> Known:
    """The bounds of a flow."""
    found = static.bounds(flow)
    return Known(
        must=_names(found.must),
        must_to_succeed=_names(found.must_to_succeed),
        may=_names(found.may) if found.complete else None,
        calls=(found.least_calls, found.most_calls),
        calls_to_succeed=found.least_calls_to_succeed,
        seconds=found.seconds,
        seconds_with_sides=found.seconds_with_sides,
        peak=found.peak_concurrency,
    )


def _names(agents: frozenset[Any]) -> Agents:
    return frozenset(agent.__name__ for agent in agents)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run did."""

    succeeded: bool
    called: Agents
    calls: int
    seconds: float
    last_end: float
    peak: int


def on_bounds(interpreter: FlowInterpreter, *, bounds: Bound = known) -> Subject:
    """Bounds as the subject of laws: those of flows whose agents have a timeout here and there.

    What a run does is seen on the interpreter.
    """

    def run(flow: AnyFlow, input: Any) -> Measured:
        (seen,) = interpreter.observe([(flow, input)])
        return Measured(
            succeeded=isinstance(seen.result, Success),
            called=frozenset(call.agent for call in seen.calls),
            calls=len(seen.calls),
            seconds=seen.seconds,
            last_end=max((call.end for call in seen.calls), default=0.0),
            peak=_peak(seen.calls),
        )

    supplied: dict[object, object] = {
        Bound: Named(bounds, "bounds"),
        Execute: Named(run, interpreter.name),
    }
    return _subject(interpreter.name, supplied, _timed)


def _peak(calls: Sequence[Seen]) -> int:
    """How many calls there are at the same time. One that takes no time is at none."""
    spans = [(call.start, call.end) for call in calls if call.start < call.end]
    changes = sorted([(start, 1) for start, _ in spans] + [(end, -1) for _, end in spans])
    return max(accumulate(change for _, change in changes), default=0)


def _timed(flow: AnyFlow) -> Strategy:
    """A flow whose agents have a timeout, in turn."""
    return st.lists(st.sampled_from((0.25, 0.5, 1.0, 2.0, None)), min_size=1, max_size=3).map(
        lambda limits: _with_timeouts(flow, limits)
    )


def _with_timeouts(flow: AnyFlow, limits: list[float | None]) -> AnyFlow:
    turn = cycle(limits)

    def timed(node: Node[AnyFlow]) -> AnyFlow:
        return Flow(replace(node, timeout=next(turn)) if isinstance(node, Leaf) else node)

    return fold(timed, flow)


# ------------------------------------------------------------------------------------- the checker


def on_checker(*, sound: Sound = is_sound) -> Subject:
    """The checker as the subject of laws: of flows whose agents and functions are annotated."""
    supplied: dict[object, object] = {
        Sound: Named(sound, "sound"),
        GoesWrong: Named(goes_wrong, "wrong"),
    }
    return _subject("checker", supplied, lambda flow: st.just(typed(flow)))


# --------------------------------------------------------------------------------------- drawings


def on_drawing(name: str, draw: Draw) -> Subject:
    """A drawing as the subject of laws."""
    return _subject(name, {Draw: Named(draw, name)}, st.just)


def _plan(flow: AnyFlow) -> str:
    return str(dry_run(flow))


DRAWINGS = (
    on_drawing("mermaid", to_mermaid),
    on_drawing("tree", to_tree),
    on_drawing("plan", _plan),
)
