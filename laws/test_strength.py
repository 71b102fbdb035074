"""An equation of flows is stated under the strongest observation under which it holds.

Under the next one it is refuted. And one that holds in T goes on holding where a timeout cuts both
of its sides: what T does not see, which calls are a side flow's, makes no difference.
"""

from typing import Any, Final, get_origin

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, AnyLaw, IsEq
from everything_is_an_actor.testing.parameters import parameters
from everything_is_an_actor.testing.rules import Instance, instances
from laws.sizes import ENOUGH, FEWER
from laws.suites import ON_REFERENCE

NEXT: Final = {RESULT: CALLS, CALLS: TRACE}
LAWS: Final = {name: law for name, law in FLOW.laws() if get_origin(parameters(law)[1]) is Flow}
"""Not so where two normal forms are compared."""
INSTANTS: Final = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0)


class Refuted(Exception):
    """Both sides are seen to differ."""


def stated_under(*observations: object) -> list[Any]:
    """The laws that are, as parameters."""
    return [
        pytest.param(name, law, id=name)
        for name, law in LAWS.items()
        if ON_REFERENCE.by(law) in observations
    ]


def equation_of(instance: Instance) -> IsEq[Flow[Any, Any]] | None:
    """The two sides; none where a table is given what it has no row for."""
    try:
        return instance.law(**instance.arguments)
    except LookupError:
        return None


@pytest.mark.parametrize(("name", "law"), stated_under(*NEXT))
def test_the_next_observation_refutes_it(name: str, law: AnyLaw) -> None:
    by = ON_REFERENCE.by(law)
    assert by is not None

    @settings(ENOUGH)
    @given(instances(law, ON_REFERENCE))
    def refute(instance: Instance) -> None:
        equation = equation_of(instance)
        if equation and ON_REFERENCE.difference(equation, instance.side, NEXT[by]):
            raise Refuted(name)

    with pytest.raises(Refuted, match=name):
        refute()


@pytest.mark.parametrize(("name", "law"), stated_under(TRACE))
def test_it_holds_where_it_is_cut_short(name: str, law: AnyLaw) -> None:
    @settings(FEWER, deadline=None, suppress_health_check=list(HealthCheck))
    @given(instances(law, ON_REFERENCE), st.sampled_from(INSTANTS))
    def holds(instance: Instance, at: float) -> None:
        equation = equation_of(instance)
        if equation:
            cut = IsEq(equation.lhs.timeout(at), equation.rhs.timeout(at))
            assert ON_REFERENCE.difference(cut, instance.side, TRACE) is None

    holds()
