"""What a law is checked on: what it can see, what it has for a law, how two sides differ."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin, override

from hypothesis import strategies as st

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    SHAPE,
    TRACE,
    AnyLaw,
    IsEq,
    Observation,
)
from everything_is_an_actor.algebra.laws.runs import Called, Meaning, Ran
from everything_is_an_actor.algebra.laws.shape import normalise
from everything_is_an_actor.algebra.node import Leaf, Node, children
from everything_is_an_actor.testing.check import Counterexample
from everything_is_an_actor.testing.interpreters import AnyFlow, FlowInterpreter, need_interpreter
from everything_is_an_actor.testing.observing import Observed, Seen, told
from everything_is_an_actor.testing.on_a_loop import Running
from everything_is_an_actor.testing.scripted import Scripted
from everything_is_an_actor.testing.universe import values_of

type Strategy = st.SearchStrategy[Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a law is checked on.

    `observations` are those that it can make, the strongest first. `supply` is what it has for a
    parameter of a type that is about it; `difference` says how two sides of the type differ, by
    an observation, if they do.
    """

    name: str
    observations: tuple[Observation, ...]
    supply: Callable[[Any], Strategy | None]
    difference: Callable[[IsEq[Any], Any, Observation], str | None]

    def by(self, law: AnyLaw) -> Observation | None:
        """The strongest observation under which the law holds that it can make, if there is one."""
        for observation in self.observations:
            if any(_implies(holding, observation) for holding in law.observations):
                return observation
        return None


_ORDER = (RESULT, CALLS, TRACE)


def weaker(where: str, observation: Observation) -> tuple[Observation, ...]:
    """An observation of runs and those that it implies. Raises `ValueError` for S."""
    need_observation(where, observation)
    if observation is SHAPE:
        raise ValueError(
            f"{where}: observing must be RESULT, CALLS or TRACE, got {observation}: "
            "SHAPE is of expressions, not of runs"
        )
    return _ORDER[_ORDER.index(observation) :: -1]


def need_observation(where: str, value: object) -> None:
    """One of the four."""
    if not isinstance(value, Observation):
        raise TypeError(
            f"{where}: observing must be an Observation, got {shown(value)}: "
            "RESULT, CALLS, TRACE or SHAPE of everything_is_an_actor.algebra.laws"
        )


def _implies(holding: Observation, seen: Observation) -> bool:
    if SHAPE in (holding, seen):
        return holding is seen
    return _ORDER.index(holding) >= _ORDER.index(seen)


def on_interpreter(interpreter: FlowInterpreter, *, observing: Observation = TRACE) -> Subject:
    """An interpreter of flows as the subject of laws.

    No stronger an observation is made than `observing`. Raises `ValueError` for S, which is of
    expressions, not of runs, and `TypeError` for what is no interpreter.
    """
    return subject_of("on_interpreter", interpreter, observing)


def subject_of(where: str, interpreter: FlowInterpreter, observing: Observation) -> Subject:
    """The same, for the function `where`, which was given the arguments."""
    need_interpreter(where, interpreter)
    observations = weaker(where, observing)
    timely = not isinstance(interpreter, Running) or interpreter.timely

    def meaning(flow: AnyFlow, input: Any) -> Ran[Any]:
        (observed,) = interpreter.observe([(flow, input)])
        return ran(observed)

    def supply(hint: Any) -> Strategy | None:
        return st.just(Named(meaning, interpreter.name)) if hint is Meaning else None

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        if get_origin(hint) is Ran:
            return runs_apart(equation, by if timely else min(by, CALLS, key=_ORDER.index))
        if get_origin(hint) is not Flow:
            return differing(equation)
        return first_difference(interpreter, equation, values_of(get_args(hint)[0]), by)

    return Subject(interpreter.name, observations, supply, difference)


def ran(observed: Observed) -> Ran[Any]:
    """A run that was observed, as a law speaks of it. Raises `Counterexample` if it is wrong."""
    if observed.wrong is not None or observed.result is None:
        raise Counterexample(f"a run of a flow that ends: {observed}")
    calls = (Called(c.agent, c.input, c.start, c.end, c.ending) for c in observed.calls)
    return Ran(observed.result, observed.seconds, tuple(calls))


def runs_apart(equation: IsEq[Ran[Any]], by: Observation) -> str | None:
    """How two runs differ by an observation, if they do."""
    left, right = _observed(equation.lhs), _observed(equation.rhs)
    if left.by(by) == right.by(by):
        return None
    return f"  lhs: {_indented(left)}\n  rhs: {_indented(right)}"


def _observed(run: Ran[Any]) -> Observed:
    calls = (Seen(c.agent, c.input, c.start, c.end, c.ending) for c in run.calls)
    return Observed(run.result, run.seconds, tuple(calls))


def shapes_apart(equation: IsEq[AnyFlow]) -> str | None:
    """How two flows differ in normal form, if they do."""
    left, right = normalise(equation.lhs), normalise(equation.rhs)
    if left == right:
        return None
    return f"  lhs = {left!r}\n  rhs = {right!r}, each in normal form"


ON_PAPER = Subject(
    "shape", (SHAPE,), lambda hint: None, lambda equation, hint, by: shapes_apart(equation)
)
"""The expressions themselves, in normal form: no interpreter."""


def first_difference(
    interpreter: FlowInterpreter, equation: IsEq[AnyFlow], inputs: Sequence[Any], by: Observation
) -> str | None:
    """The first input on which two flows are seen to differ, and what was seen, if there is one."""
    left = interpreter.observe([(equation.lhs, input) for input in inputs])
    right = interpreter.observe([(equation.rhs, input) for input in inputs])
    for input, one, other in zip(inputs, left, right, strict=True):
        if one.wrong or other.wrong or one.by(by) != other.by(by):
            return apart(equation, input, one, other)
    return None


@dataclass(frozen=True, slots=True)
class Named:
    """A function under a name, for counterexamples."""

    fn: Callable[..., Any]
    name: str

    def __call__(self, *args: Any) -> Any:
        """Its value."""
        return self.fn(*args)

    @override
    def __repr__(self) -> str:
        return self.name


def differing(equation: IsEq[Any]) -> str | None:
    """How two values differ, if they do."""
    if told(equation.lhs) == told(equation.rhs):
        return None
    return f"  lhs = {equation.lhs!r}\n  rhs = {equation.rhs!r}"


def apart(
    equation: IsEq[AnyFlow],
    input: Any,
    one: Observed,
    other: Observed,
    names: tuple[str, str] = ("lhs", "rhs"),
) -> str:
    """How two flows differ on an input, by what was seen of both; `names` say of which is what."""
    agents = agents_of(equation.lhs) | agents_of(equation.rhs)
    scripts = sorted(repr(each) for each in agents if isinstance(each, Scripted))
    where = "".join(f"\n  {each}" for each in scripts)
    return (
        f"  lhs = {equation.lhs!r}\n  rhs = {equation.rhs!r}{where and f'\n  where{where}'}\n"
        f"on {input!r}\n  {names[0]}: {_indented(one)}\n  {names[1]}: {_indented(other)}"
    )


def _indented(observed: Observed) -> str:
    return str(observed).replace("\n", "\n     ")


def agents_of(flow: AnyFlow) -> frozenset[Any]:
    """The agents in a flow."""
    return fold(_agents, flow)


def _agents(node: Node[frozenset[Any]]) -> frozenset[Any]:
    own = {node.target} if isinstance(node, Leaf) else set()
    return frozenset(own).union(*children(node))
