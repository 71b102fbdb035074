"""Laws of documents, analyses and agreement can fail: each of them finds a wrong subject."""

import pytest

from everything_is_an_actor.algebra.laws.analyses import ANALYSES
from everything_is_an_actor.algebra.laws.documents import DOCUMENTS
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT, INTERPRETER
from laws.killing import Mutant, killed
from laws.mutants import analyses, documents, interpreters, streams

MODULES = (documents, analyses, interpreters, streams)
RULES = (DOCUMENTS, ANALYSES, INTERPRETER, AGREEMENT)

MUTANTS: tuple[Mutant, ...] = tuple(mutant for module in MODULES for mutant in module.MUTANTS)
KILLERS: dict[str, tuple[str, ...]] = {
    name: laws for module in MODULES for name, laws in module.KILLERS.items()
}


@pytest.mark.parametrize(
    ("mutant", "law"),
    [
        pytest.param(mutant, law, id=f"{mutant.name}-{law}")
        for mutant in MUTANTS
        for law in KILLERS.get(mutant.name, ())
    ],
)
def test_a_mutant_is_killed(mutant: Mutant, law: str) -> None:
    assert killed(mutant, law)


def test_every_mutant_has_a_killer_and_every_law_kills_one() -> None:
    assert sorted(mutant.name for mutant in MUTANTS) == sorted(KILLERS)
    assert all(KILLERS.values())
    laws = {name for rules in RULES for name, _ in rules.laws()}
    assert {law for killers in KILLERS.values() for law in killers} == laws
