"""Whether a law kills a mutant: finds, within so many examples, that it is wrong.

`python -m laws.killing` shows every law to every mutant and prints who was killed by what, as the
table that is kept in `killers.py`. What is written there, `test_mutants.py` proves.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, given, settings

from everything_is_an_actor.algebra.laws.law import AnyLaw, RuleSet
from everything_is_an_actor.testing.check import Counterexample
from everything_is_an_actor.testing.rules import Instance, check_law, instances
from everything_is_an_actor.testing.subjects import Subject

ENOUGH = settings(
    max_examples=2000,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
NAMED = 3
"""How many of its killers are written down of a mutant, besides those that kill no other one."""


@dataclass(frozen=True)
class Mutant:
    """A subject of some laws that is wrong in one way; or right, in a world that is wrong."""

    subject: Subject
    rules: RuleSet
    world: Callable[[], AbstractContextManager[object]] = nullcontext

    @property
    def name(self) -> str:
        return self.subject.name


def killed(mutant: Mutant, law: str, configured: settings = ENOUGH) -> bool:
    """Whether a law, by its full name, is broken on a mutant."""
    with mutant.world():
        try:
            check_law(law, dict(mutant.rules.laws())[law], mutant.subject, configured=configured)
        except Counterexample:
            return True
        return False


def matrix(mutants: Iterable[Mutant], examples: int) -> Iterator[tuple[str, set[str]]]:
    """Each law, and the mutants that it kills within so many examples, which all of them share."""
    by_rules: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        by_rules.setdefault(mutant.rules.name, []).append(mutant)
    for group in by_rules.values():
        for name, law in group[0].rules.laws():
            yield name, _killed_by(law, group, examples)


def _killed_by(law: AnyLaw, mutants: list[Mutant], examples: int) -> set[str]:
    dead: set[str] = set()
    alive = {each.name: each for each in mutants if each.subject.by(law) is not None}
    if not alive:
        return dead

    @settings(ENOUGH, max_examples=examples)
    @given(instances(law, next(iter(alive.values())).subject))
    def show(instance: Instance) -> None:
        for name, mutant in list(alive.items()):
            with mutant.world():
                if is_broken(instance, mutant.subject):
                    dead.add(name)
                    del alive[name]

    show()
    return dead


def is_broken(instance: Instance, subject: Subject) -> bool:
    """Whether an instance of a law does not hold on a subject."""
    by = subject.by(instance.law)
    assert by is not None
    equation = instance.law(**instance.arguments)
    return subject.difference(equation, instance.side, by) is not None


def chosen(kills: dict[str, set[str]]) -> dict[str, list[str]]:
    """Some killers of each mutant, every law among them: those that kill least come first."""
    found: dict[str, list[str]] = {}
    unused = set(kills)
    for law in sorted(kills, key=lambda law: (len(kills[law]), law)):
        for mutant in sorted(kills[law], key=lambda name: (len(found.get(name, ())), name)):
            named = found.setdefault(mutant, [])
            if law in unused or len(named) < NAMED:
                named.append(law)
                unused.discard(law)
    return found


def main() -> None:
    from laws.mutants import MUTANTS

    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    kills = {}
    for law, dead in matrix(MUTANTS, examples):
        print(f"# {law}: {len(dead)}", file=sys.stderr, flush=True)
        kills[law] = dead
    print("KILLERS: dict[str, list[str]] = {")
    for mutant, laws in sorted(chosen(kills).items()):
        print(f"    {mutant!r}: {laws!r},")
    print("}")
    print("# mutants that live:", sorted({each.name for each in MUTANTS} - set(chosen(kills))))
    print("# laws that kill nobody:", sorted(law for law, dead in kills.items() if not dead))


if __name__ == "__main__":
    main()
