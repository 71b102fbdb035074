"""Laws checked: Hypothesis draws what a law speaks of, and an interpreter is asked of both sides.

A law's type variables become types of the finite universe; then its parameters are drawn by their
types; then both sides are run on every input that there is, and compared.
"""

import collections.abc
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints, override

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.build import agent
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    SHAPE,
    TRACE,
    AnyLaw,
    IsEq,
    Need,
    Observation,
    RuleSet,
    Wait,
)
from everything_is_an_actor.algebra.laws.runs import Called, Meaning, Ran
from everything_is_an_actor.algebra.laws.shape import normalise
from everything_is_an_actor.algebra.node import Leaf, Node, children
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.graphs import functions, values
from everything_is_an_actor.testing.interpreters import AnyFlow, Interpreter, Running
from everything_is_an_actor.testing.observing import Observed, Seen, told
from everything_is_an_actor.testing.scripted import Does, Silent, Table
from everything_is_an_actor.testing.strategies import (
    endless_flows,
    fallible_flows,
    flows,
    settling_flows,
    total_flows,
)
from everything_is_an_actor.testing.tables import Handler
from everything_is_an_actor.testing.universe import TYPES, resolved, substituted, values_of

type Strategy = st.SearchStrategy[Any]


class Counterexample(AssertionError):
    """A law does not hold: which, of what, and what was seen of both sides."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a law is checked on.

    `sees` are the observations that it can make, the strongest first. `supply` is what it has for a
    parameter of a type that is about it; `difference` says how two sides of the type differ, by
    an observation, if they do.
    """

    name: str
    sees: tuple[Observation, ...]
    supply: Callable[[Any], Strategy | None]
    difference: Callable[[IsEq[Any], Any, Observation], str | None]

    def by(self, law: AnyLaw) -> Observation | None:
        """The strongest observation under which the law holds that it can make, if there is one."""
        for observation in self.sees:
            if any(_implies(holding, observation) for holding in law.observations):
                return observation
        return None


_ORDER = (RESULT, CALLS, TRACE)


def weaker(observation: Observation) -> tuple[Observation, ...]:
    """An observation of runs and those that it implies. Raises `ValueError` for S."""
    if observation not in _ORDER:
        raise ValueError(
            "a run is observed by Observation.RESULT, CALLS or TRACE, "
            f"got {observation!r}: SHAPE is of expressions"
        )
    return _ORDER[_ORDER.index(observation) :: -1]


def _implies(holding: Observation, seen: Observation) -> bool:
    if SHAPE in (holding, seen):
        return holding is seen
    return _ORDER.index(holding) >= _ORDER.index(seen)


def on_interpreter(interpreter: Interpreter, *, sees: Observation = TRACE) -> Subject:
    """An interpreter of flows as the subject of laws, by no stronger an observation than `sees`.

    Raises `ValueError` for S, which is of expressions, not of runs.
    """

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

    return Subject(interpreter.name, weaker(sees), supply, difference)


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
    interpreter: Interpreter, equation: IsEq[AnyFlow], inputs: Sequence[Any], by: Observation
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


def apart(equation: IsEq[AnyFlow], input: Any, one: Observed, other: Observed) -> str:
    """How two flows differ on an input, by what was seen of both."""
    agents = sorted(
        {repr(each) for flow in (equation.lhs, equation.rhs) for each in agents_of(flow)}
    )
    where = "".join(f"\n  {each}" for each in agents)
    return (
        f"  lhs = {equation.lhs!r}\n  rhs = {equation.rhs!r}{where and f'\n  where{where}'}\n"
        f"on {input!r}\n  lhs: {_indented(one)}\n  rhs: {_indented(other)}"
    )


def _indented(observed: Observed) -> str:
    return str(observed).replace("\n", "\n     ")


def agents_of(flow: AnyFlow) -> frozenset[Any]:
    """The agents in a flow."""
    return fold(_agents, flow)


def _agents(node: Node[frozenset[Any]]) -> frozenset[Any]:
    own = {node.target} if isinstance(node, Leaf) else set()
    return frozenset(own).union(*children(node))


# ------------------------------------------------------------------------------ what a law takes


def parameters(law: AnyLaw) -> tuple[dict[str, Any], Any]:
    """The types of what a law takes, by name, and the type of its two sides."""
    hints = get_type_hints(law.equate, include_extras=True, localns=_variables(law))
    (side,) = get_args(hints.pop("return"))
    return hints, side


def _variables(law: AnyLaw) -> dict[str, Any]:
    return {each.__name__: each for each in law.equate.__type_params__}


def drawn(hint: Any) -> Strategy:
    """What is drawn for a parameter of a law: flows, functions, or values."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Wait:
        return st.just(Sleep(args[0]))
    if hasattr(origin, "__type_params__") and hasattr(origin, "__value__"):
        return drawn(resolved(hint))
    if origin is Annotated:
        need: Need = hint.__metadata__[0]
        return _NEEDED[need](*get_args(hint.__origin__))
    if origin is Flow:
        return flows(*args, size=4)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis and _is_flow(args[0]):
        return st.lists(drawn(args[0]), min_size=2, max_size=3).map(tuple)
    if _is_callable(hint) and args[0] == [Exception]:
        return st.builds(Handler, drawn(args[1]), drawn(args[1]))
    if _is_callable(hint) and _is_flow(args[1]):
        return choices(args[0][0], drawn(args[1]))
    if _is_callable(hint):
        return functions(args[0][0], args[1])
    return values(hint)


_NEEDED: Mapping[Need, Callable[[Any, Any], Strategy]] = {
    Need.TOTAL: total_flows,
    Need.FALLIBLE: fallible_flows,
    Need.NEVER: endless_flows,
    Need.SETTLING: settling_flows,
}


def _is_flow(hint: Any) -> bool:
    return get_origin(hint) is Flow or (
        hasattr(hint, "__value__") and get_origin(get_origin(hint).__value__) is Annotated
    )


def _is_callable(hint: Any) -> bool:
    return get_origin(hint) is collections.abc.Callable


def choices(domain: Any, choice: Strategy) -> Strategy:
    """Functions into what `choice` draws, flows or programs, by their graph."""
    keys = values_of(domain)
    return st.tuples(*(choice for _ in keys)).map(
        lambda row: Table(tuple(zip(keys, map(Does, row), strict=True)))
    )


@dataclass(frozen=True, slots=True)
class Sleep:
    """`sleep` for a type: the flow that yields its input after so many seconds.

    It is seen by the time it takes, not as a call.
    """

    hint: Any

    def __call__(self, seconds: float, /) -> AnyFlow:
        """The flow."""
        rows = ((value, Does(value, seconds)) for value in values_of(self.hint))
        return agent(Silent(f"sleep_{seconds:g}", tuple(rows)), timeout=None)

    @override
    def __repr__(self) -> str:
        return "sleep"


# ------------------------------------------------------------------------------------- the check


@dataclass(frozen=True, slots=True)
class Instance:
    """A law on arguments: an equation, and the type of its sides."""

    law: AnyLaw
    side: Any
    arguments: Mapping[str, Any]

    @override
    def __repr__(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())


@st.composite
def instances(draw: st.DrawFn, law: AnyLaw, subject: Subject) -> Instance:
    """A law with types of the universe for its variables, and what it takes drawn by its types."""
    hints, side = parameters(law)
    variables = law.equate.__type_params__
    bound = {variable: draw(st.sampled_from(TYPES)) for variable in variables}
    arguments = {}
    for name, hint in hints.items():
        concrete = substituted(hint, bound)
        supplied = subject.supply(concrete)
        arguments[name] = draw(drawn(concrete) if supplied is None else supplied)
    return Instance(law, substituted(side, bound), arguments)


def check_law(
    name: str, law: AnyLaw, subject: Subject, *, configured: settings | None = None
) -> None:
    """Check one law on one subject. Raises `Counterexample` with the smallest, if there is one.

    The counterexample is the law, its equation, the input, both flows as the expressions that build
    them, and what was seen of both. `configured` are Hypothesis' settings (default: the profile's).
    """
    by = subject.by(law)
    if by is None:
        raise ValueError(f"check_law: {subject.name} cannot make any observation of {name}")

    @settings(configured, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(instances(law, subject))
    def holds(instance: Instance) -> None:
        found = _broken(instance, subject, by)
        if found is not None:
            title = f"{name} does not hold in {by.value} on {subject.name}: {law.equation}"
            raise Counterexample(f"{title}\n{found}")

    holds()


def _broken(instance: Instance, subject: Subject, by: Observation) -> str | None:
    try:
        equation = instance.law(**instance.arguments)
    except (LookupError, Counterexample) as error:  # a table is given what it has no row for
        return f"  {error}"
    return subject.difference(equation, instance.side, by)


def checks(
    rules: RuleSet, *subjects: Subject, configured: settings | None = None
) -> tuple[Check, ...]:
    """A check for each law of the rules and each subject that can see it.

    Its name is that of the law and of the subject: `category.associativity[actors]`.

    >>> from everything_is_an_actor.algebra.laws import CATEGORY
    >>> from everything_is_an_actor.testing import Reference
    >>> [str(check) for check in checks(CATEGORY, on_interpreter(Reference()))][0]
    'category.associativity[reference]'
    """

    def check(name: str, law: AnyLaw, subject: Subject) -> Check:
        return Check(
            f"{name}[{subject.name}]",
            lambda: check_law(name, law, subject, configured=configured),
        )

    return tuple(
        check(name, law, subject)
        for name, law in rules.laws()
        for subject in subjects
        if subject.by(law) is not None
    )
