"""Whether a law kills a mutant: finds, within so many examples, that it is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import Phase, settings

from everything_is_an_actor.algebra.laws.law import RuleSet
from everything_is_an_actor.testing.rules import Subject, check_law

ENOUGH = settings(
    max_examples=1000, derandomize=True, phases=[Phase.generate], report_multiple_bugs=False
)


@dataclass(frozen=True)
class Mutant:
    """A subject of some laws that is wrong in one way."""

    subject: Subject
    rules: RuleSet

    @property
    def name(self) -> str:
        return self.subject.name


def killed(mutant: Mutant, law: str, configured: settings = ENOUGH) -> bool:
    """Whether a law, by its full name, is broken on a mutant."""
    try:
        check_law(law, dict(mutant.rules.laws())[law], mutant.subject, configured=configured)
    except AssertionError:
        return True
    return False
