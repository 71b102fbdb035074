"""Every wrong interpreter is killed, and who kills it is named; every law kills one."""

import pytest

from everything_is_an_actor.algebra.laws import FLOW
from laws.killers import KILLERS
from laws.killing import Mutant, killed
from laws.mutants import MUTANTS

PAIRS = [
    pytest.param(mutant, law, id=f"{mutant.name} by {law}")
    for mutant in MUTANTS
    for law in KILLERS.get(mutant.name, ())
]


@pytest.mark.parametrize(("mutant", "law"), PAIRS)
def test_mutant_is_killed(mutant: Mutant, law: str) -> None:
    assert killed(mutant, law)


def test_there_are_at_least_forty_mutants_and_each_is_killed() -> None:
    assert len(MUTANTS) >= 40
    assert [each.name for each in MUTANTS if not KILLERS.get(each.name)] == []


def test_every_law_kills_a_mutant() -> None:
    used = {law for laws in KILLERS.values() for law in laws}
    assert sorted(dict(FLOW.laws()).keys() - used) == []
