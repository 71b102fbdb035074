import pytest

from everything_is_an_actor.algebra.laws.folds import AGREEMENT, FOLDS
from everything_is_an_actor.algebra.laws.free_effects import FREE
from laws.killing import killed
from laws.mutants import program_runs, programs

MUTANTS = {each.name: each for each in (*programs.MUTANTS, *program_runs.MUTANTS)}
KILLERS = programs.KILLERS | program_runs.KILLERS


@pytest.mark.parametrize(
    ("mutant", "law"), [(mutant, law) for mutant, laws in KILLERS.items() for law in laws]
)
def test_a_wrong_program_is_killed(mutant: str, law: str) -> None:
    assert killed(MUTANTS[mutant], law)


def test_every_mutant_has_a_killer_and_every_law_of_programs_is_one() -> None:
    of_programs = {law for rules in (FREE, FOLDS, AGREEMENT) for law, _ in rules.laws()}
    assert set(KILLERS) == set(MUTANTS)
    assert {law for laws in KILLERS.values() for law in laws} == of_programs
