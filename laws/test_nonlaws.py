"""The equations that do not hold, each with its counterexample, on the semantics and on actors."""

from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE
from everything_is_an_actor.testing.interpreters import FlowInterpreter, Reference
from everything_is_an_actor.testing.observing import Observed
from everything_is_an_actor.testing.on_a_loop import ACTORS
from laws.facts import NONLAWS
from laws.nonlaws import NonLaw

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("nonlaws_*.py"))
ORDER = (RESULT, CALLS, TRACE)

on_interpreters = pytest.mark.parametrize(
    "interpreter", [Reference(), ACTORS], ids=lambda interpreter: interpreter.name
)


def runs(nonlaw: NonLaw, interpreter: FlowInterpreter) -> tuple[Observed, Observed]:
    equation = nonlaw.sides()
    (left,) = interpreter.observe([(equation.lhs, nonlaw.input)])
    (right,) = interpreter.observe([(equation.rhs, nonlaw.input)])
    return left, right


@on_interpreters
@pytest.mark.parametrize("nonlaw", NONLAWS, ids=str)
def test_two_sides_differ(nonlaw: NonLaw, interpreter: FlowInterpreter) -> None:
    left, right = runs(nonlaw, interpreter)
    assert left.by(nonlaw.by) != right.by(nonlaw.by)
    assert (left.wrong, right.wrong) == (None, None)


@on_interpreters
@pytest.mark.parametrize(
    "nonlaw", [nonlaw for nonlaw in NONLAWS if nonlaw.by is not RESULT], ids=str
)
def test_a_weaker_observation_does_not_tell_them_apart(
    nonlaw: NonLaw, interpreter: FlowInterpreter
) -> None:
    left, right = runs(nonlaw, interpreter)
    weaker = ORDER[ORDER.index(nonlaw.by) - 1]
    assert left.by(weaker) == right.by(weaker)


@pytest.mark.parametrize("nonlaw", NONLAWS, ids=str)
def test_a_counterexample_is_the_same_on_both_interpreters(nonlaw: NonLaw) -> None:
    paper, actors = runs(nonlaw, Reference()), runs(nonlaw, ACTORS)
    assert [side.by(TRACE) for side in paper] == [side.by(TRACE) for side in actors]


def test_each_has_a_name_of_its_own() -> None:
    repeated = [name for name, n in Counter(map(str, NONLAWS)).items() if n > 1]
    assert repeated == []


def test_all_are_in_the_table() -> None:
    written = [each for module in MODULES for each in import_module(f"laws.{module}").NONLAWS]
    assert sorted(map(str, written)) == sorted(map(str, NONLAWS))
