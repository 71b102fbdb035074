"""What is checked, as data: laws, promises, mutants, what does not hold, what is left out."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping

from everything_is_an_actor.algebra.laws.law import AnyLaw, Need
from everything_is_an_actor.algebra.laws.left_out import LEFT_OUT, LeftOut
from everything_is_an_actor.testing.scripted import Scripted
from everything_is_an_actor.testing.subjects import agents_of
from laws.killers import KILLERS
from laws.mutants import MUTANTS
from laws.nonlaws import NonLaw
from laws.nonlaws_arrows import NONLAWS as OF_ARROWS
from laws.nonlaws_errors import NONLAWS as OF_ERRORS
from laws.nonlaws_loops import NONLAWS as OF_LOOPS
from laws.nonlaws_monads import NONLAWS as OF_MONADS
from laws.nonlaws_races import NONLAWS as OF_RACES
from laws.nonlaws_time import NONLAWS as OF_TIME
from laws.parts import PARTS, Part
from laws.suites import SUITES, Suite

KILLS = Counter(law for killers in KILLERS.values() for laws in killers.values() for law in laws)
"""How many mutants each law is written down to kill."""

NONLAWS: tuple[NonLaw, ...] = (
    *OF_ARROWS,
    *OF_MONADS,
    *OF_ERRORS,
    *OF_LOOPS,
    *OF_RACES,
    *OF_TIME,
)

NEEDS = {
    Need.TOTAL: "total",
    Need.FALLIBLE: "ends",
    Need.NEVER: "never",
}

type Row = Mapping[str, object]


def needs(law: AnyLaw) -> list[str]:
    """What the flows of a law have to be like, each in a word."""
    return sorted(NEEDS.get(need, need.name.lower()) for need in law.needs)


def promises(part: Part) -> list[str]:
    """The names of what is asked of any kind of a part, in the order of its sentences."""
    asked = {check.name for suite in part.kinds.values() for check in suite}
    return [name for name in part.sentences if name in asked]


def as_json() -> str:
    """All of it, as a document: a row is a line."""
    lists = (f'"{name}": [\n{",\n".join(map(_row, rows))}\n]' for name, rows in facts().items())
    return "{\n" + ",\n".join(lists) + "\n}\n"


def _row(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False)


def facts() -> dict[str, list[Row]]:
    """All of it: rows of laws, sentences, mutants, of what does not hold, of what is left out."""
    return {
        "laws": [row for suite in SUITES for row in _laws(suite)],
        "sentences": [row for part in PARTS for row in _sentences(part)],
        "mutants": list(_mutants()),
        "nonlaws": list(map(_nonlaw, NONLAWS)),
        "left out": list(map(_left_out, LEFT_OUT)),
    }


def _laws(suite: Suite) -> Iterator[Row]:
    rules, subjects = suite
    for name, law in rules.laws():
        yield {
            "of": rules.name,
            "name": name,
            "equation": law.equation,
            "needs": needs(law),
            "by": {each.name: by.value for each in subjects if (by := each.by(law))},
            "kills": KILLS[name],
        }


def _sentences(part: Part) -> Iterator[Row]:
    asked = {kind: {check.name for check in suite} for kind, suite in part.kinds.items()}
    for name in promises(part):
        yield {
            "of": part.name,
            "name": name,
            "sentence": part.sentences[name],
            "kinds": [kind for kind, names in asked.items() if name in names],
            "kills": KILLS[name],
        }


def _mutants() -> Iterator[Row]:
    for kind, mutants in MUTANTS.items():
        for each in sorted(mutants, key=lambda mutant: mutant.name):
            yield {
                "of": kind,
                "name": each.name,
                "wrong": each.wrong,
                "killers": KILLERS[kind].get(each.name, ()),
            }


def _nonlaw(nonlaw: NonLaw) -> Row:
    sides = nonlaw.sides()
    agents = agents_of(sides.lhs) | agents_of(sides.rhs)
    return {
        "name": nonlaw.name,
        "equation": nonlaw.equation,
        "by": nonlaw.by.value,
        "because": nonlaw.because,
        "lhs": repr(sides.lhs),
        "rhs": repr(sides.rhs),
        "where": sorted(repr(each) for each in agents if isinstance(each, Scripted)),
        "input": repr(nonlaw.input),
    }


def _left_out(left_out: LeftOut) -> Row:
    return {
        "structure": left_out.structure,
        "equation": left_out.equation,
        "because": left_out.because,
    }
