"""Laws checked: Hypothesis draws what a law speaks of, and a subject is asked of both sides.

A law's type variables become types of the finite universe; then its parameters are drawn by their
types; then both sides are run on every input that there is, and compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, override

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.arguments import shown, without_caller
from everything_is_an_actor.algebra.laws.law import AnyLaw, Law, Observation, RuleSet
from everything_is_an_actor.testing.check import Check, Counterexample, phases
from everything_is_an_actor.testing.interpreters import FlowInterpreter
from everything_is_an_actor.testing.parameters import drawn, parameters
from everything_is_an_actor.testing.subjects import Subject
from everything_is_an_actor.testing.universe import TYPES, substituted


@dataclass(frozen=True, slots=True)
class Instance:
    """A law on arguments: an equation, and the type of its sides."""

    law: AnyLaw
    side: Any
    arguments: Mapping[str, Any]

    @override
    def __repr__(self) -> str:
        return ", ".join(f"{name}={value!r}" for name, value in self.arguments.items())

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """As Hypothesis prints it: as it is."""
        printer.text(repr(self))


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
    _need_drawable(name, law, subject)

    chosen = settings() if configured is None else configured

    @settings(
        chosen,
        deadline=None,
        database=None,
        phases=phases(chosen),
        suppress_health_check=list(HealthCheck),
    )
    @given(instances(law, subject))
    def holds(instance: Instance) -> None:
        found = _broken(instance, subject, by)
        if found is not None:
            title = f"{name} does not hold in {by.value} on {subject.name}: {law.equation}"
            raise Counterexample(f"{title}\n{found}")

    holds()


def _need_drawable(name: str, law: AnyLaw, subject: Subject) -> None:
    """A law that says by its types what it takes, and takes what can be drawn."""
    bound = dict.fromkeys(law.equate.__type_params__, TYPES[0])
    for parameter, hint in parameters(law)[0].items():
        concrete = substituted(hint, bound)
        if subject.supply(concrete) is None:
            try:
                drawn(concrete)
            except (TypeError, ValueError) as error:
                why = without_caller(error)
                raise type(error)(f"{name}: nothing is drawn for {parameter}: {why}") from None


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
    >>> from everything_is_an_actor.testing import Reference, on_interpreter
    >>> [str(check) for check in checks(CATEGORY, on_interpreter(Reference()))][0]
    'category.associativity[reference]'
    """
    need_rules("checks", rules)
    for subject in subjects:
        _need_subject(subject)

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


def need_rules(where: str, value: object) -> None:
    """Rules; a law is told how to become some."""
    if isinstance(value, RuleSet):
        return
    hint = "such as CATEGORY of everything_is_an_actor.algebra.laws"
    if isinstance(value, Law):
        hint = f"make one of laws: RuleSet('mine', ({value.name},))"
    raise TypeError(f"{where}: rules must be a RuleSet, got {shown(value)}: {hint}")


def _need_subject(value: object) -> None:
    if isinstance(value, Subject):
        return
    if isinstance(value, FlowInterpreter) and not isinstance(value, type):
        raise TypeError(
            f"checks: a subject of laws is expected, got the interpreter {value.name}: "
            "on_interpreter makes one of it"
        )
    raise TypeError(
        f"checks: a subject of laws is expected, got {shown(value)}: "
        "on_interpreter makes one of an interpreter, running an interpreter of an async function"
    )
