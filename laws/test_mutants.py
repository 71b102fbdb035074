"""Every mutant is killed, and who kills it is named; every law kills one."""

import pytest

from laws.killers import KILLERS
from laws.mutant import Mutant
from laws.mutants import MUTANTS
from laws.parts import PARTS
from laws.suites import SUITES


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        pytest.param(mutant, law, id=f"{mutant.name} by {law}")
        for kind, mutants in MUTANTS.items()
        for mutant in mutants
        for law in KILLERS[kind].get(mutant.name, ())
    ],
)
def test_a_mutant_is_killed(mutant: Mutant, law: str) -> None:
    assert mutant.is_killed_by(law)


def test_there_are_at_least_forty_mutants_and_each_has_killers() -> None:
    named = {kind: sorted(mutant.name for mutant in mutants) for kind, mutants in MUTANTS.items()}
    assert {kind: sorted(killers) for kind, killers in KILLERS.items()} == named
    assert all(laws for killers in KILLERS.values() for laws in killers.values())
    assert sum(map(len, MUTANTS.values())) >= 40


def test_every_law_kills_a_mutant() -> None:
    laws = {name for rules, _ in SUITES for name, _ in rules.laws()}
    sentences = {check.name for part in PARTS for suite in part.kinds.values() for check in suite}
    asked = {law for each in MUTANTS.values() for mutant in each for law in mutant.laws()}
    used = {law for killers in KILLERS.values() for laws in killers.values() for law in laws}
    assert used == laws | sentences | asked
