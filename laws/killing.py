"""Who kills whom: `python -m laws.killing KIND [EXAMPLES]` shows laws to the mutants of a kind.

Every law is shown to every mutant (by default: of flows), and who was killed by what is printed, as
the table that is kept in `laws/killers/`. What is written there, `test_mutants.py` proves.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from hypothesis import given, settings

from everything_is_an_actor.algebra.laws.law import AnyLaw
from everything_is_an_actor.testing.rules import Instance, instances
from laws.mutant import Mutant, WrongSubject
from laws.sizes import ENOUGH

NAMED = 3
"""How many of its killers are written down of a mutant, besides those that kill no other one."""


def matrix(mutants: Iterable[Mutant], examples: int) -> Iterator[tuple[str, set[str]]]:
    """Each law, and the mutants that it kills within so many examples, which all of them share."""
    by_rules: dict[str, list[WrongSubject]] = {}
    for mutant in mutants:
        if isinstance(mutant, WrongSubject):
            by_rules.setdefault(mutant.rules.name, []).append(mutant)
    for group in by_rules.values():
        for name, law in group[0].rules.laws():
            yield name, _killed_by(law, group, examples)


def _killed_by(law: AnyLaw, mutants: list[WrongSubject], examples: int) -> set[str]:
    dead: set[str] = set()
    alive = {each.name: each for each in mutants if each.subject.by(law) is not None}
    if not alive:
        return dead

    @settings(ENOUGH, max_examples=examples)
    @given(instances(law, next(iter(alive.values())).subject))
    def show(instance: Instance) -> None:
        for name, mutant in list(alive.items()):
            with mutant.world():
                if _is_broken(instance, mutant):
                    dead.add(name)
                    del alive[name]

    show()
    return dead


def _is_broken(instance: Instance, mutant: WrongSubject) -> bool:
    by = mutant.subject.by(instance.law)
    assert by is not None
    try:
        equation = instance.law(**instance.arguments)
    except LookupError:  # of a table, which is given what is of no type that it takes
        return True
    return mutant.subject.difference(equation, instance.side, by) is not None


def chosen(kills: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    """Some killers of each mutant, every law among them: those that kill least come first."""
    found: dict[str, list[str]] = {}
    unused = set(kills)
    for law in sorted(kills, key=lambda law: (len(kills[law]), law)):
        for mutant in sorted(kills[law], key=lambda name: (len(found.get(name, ())), name)):
            named = found.setdefault(mutant, [])
            if law in unused or len(named) < NAMED:
                named.append(law)
                unused.discard(law)
    return {mutant: tuple(laws) for mutant, laws in found.items()}


def main() -> None:
    from laws.mutants import MUTANTS

    kind = sys.argv[1] if len(sys.argv) > 1 else "flows"
    examples = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    kills: dict[str, set[str]] = {}
    for law, dead in matrix(MUTANTS[kind], examples):
        print(f"# {law}: {len(dead)}", file=sys.stderr, flush=True)
        kills.setdefault(law, set()).update(dead)
    print(f"{kind!r}: {{")
    for mutant, laws in sorted(chosen(kills).items()):
        print(f"    {mutant!r}: {laws!r},")
    print("},")
    print(
        "# mutants that live:", sorted({each.name for each in MUTANTS[kind]} - set(chosen(kills)))
    )
    print("# laws that kill nobody:", sorted(law for law, dead in kills.items() if not dead))


if __name__ == "__main__":
    main()
