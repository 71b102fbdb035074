"""The table of all laws: `python -m laws.table > docs/equations.md`.

A row is a law, with its equation, what it needs of its flows, the letter of the observation under
which it is checked on each subject, and how many mutants it kills; the last row counts. Then what
parts of the runtime promise, the mutants, and what does not hold. With `--json`, the same as data
(`facts.py`): `python -m laws.table --json > docs/equations.json`.
"""

import sys
from collections.abc import Iterator, Sequence

from everything_is_an_actor.algebra.laws.law import AnyLaw, Observation, RuleSet
from everything_is_an_actor.algebra.laws.left_out import LEFT_OUT
from everything_is_an_actor.testing.subjects import Subject
from laws.facts import KILLS, NONLAWS, as_json, needs, promises
from laws.killers import KILLERS
from laws.mutants import MUTANTS
from laws.notation import NOTATION
from laws.parts import PARTS
from laws.suites import SUITES, Suite

HEAD = """# The equations

What `make test` checks on every change, and `make laws` on ten times as many programs; written by
`python -m laws.table`, and [as data](equations.json) by `python -m laws.table --json`. A letter
says by what the two sides are compared: R the outcome, M the agents' calls as well, T the instants
as well, S their expressions in normal form ([more](laws.md)). Streams tell the outcome late: of
them, T sees the instants of the calls, not that of the outcome. Of programs of `Free`, M is the
operations on actors, each with its arguments and its outcome, in no order; T is all steps in their
order, and how long the run took, which a script does not tell. Where no run is compared but what an
analysis, a drawing or a document says of a flow, R is that the two are equal.

"Needs" says which flows a law is about: any flow, if nothing is said. "Kills" is how many of the
[mutants](#mutants) are written down as killed by the law, which is shown anew by every `make test`;
it may kill others as well.
"""

PROMISES = """## What parts of the runtime promise

Each a sentence that Hypothesis looks for a counterexample of, by random histories under random
schedules; `model` is a state machine beside a pure model. A dot says of which kind it is checked;
what a kind cannot do or does not promise is not asked of it.
"""

DEAD = """## Mutants

What is wrong on purpose, each in one way, and what kills it: a law that cannot fail is none.
"""

NOT = """## What does not hold

Each with a counterexample, in `laws/nonlaws_*.py` and [as data](equations.json), on which the two
sides are seen to differ by the reference semantics and by actors. The letter is the weakest
observation that tells them apart on that counterexample. Of one equation there may be several.
"""

OUT = """## What is left out

Stated of such structures elsewhere, and no law here.
"""


def table() -> str:
    """The whole table, in Markdown."""
    laws = (line for suite in SUITES for line in _section(suite))
    return "\n".join(
        [
            HEAD,
            *_notation(),
            *laws,
            *_totals(),
            *_promises(),
            *_mutants(),
            *_nonlaws(),
            *_left_out(),
        ]
    )


def _notation() -> Iterator[str]:
    yield "## Notation"
    yield ""
    yield _row("sign", "means")
    yield _row(*["---"] * 2)
    for sign, meaning in NOTATION.items():
        yield _row(_escaped(sign), _escaped(meaning))
    yield ""


def _section(suite: Suite) -> Iterator[str]:
    rules, subjects = suite
    title = rules.name.replace("_", " ").capitalize()
    yield f"## {title}"
    yield ""
    yield _row("law", "equation", "needs", *(subject.name for subject in subjects), "kills")
    yield _row(*["---"] * (4 + len(subjects)))
    for name, law in rules.laws():
        letters = (_letter(subject.by(law)) for subject in subjects)
        yield _row(name, _cell(law), ", ".join(needs(law)), *letters, str(KILLS[name]))
    yield _row(
        _several(_number(rules), "law"), "", "", *(_counts(rules, each) for each in subjects), ""
    )
    yield ""


def _totals() -> Iterator[str]:
    laws = sum(_number(rules) for rules, _ in SUITES)
    made = sum(_checks(rules, subjects) for rules, subjects in SUITES)
    yield f"{_several(laws, 'law')}, {made} checks of a law on a subject."
    yield ""


def _promises() -> Iterator[str]:
    yield PROMISES
    for part in PARTS:
        yield f"### {part.name.capitalize()}"
        yield ""
        yield _row("name", "sentence", *part.kinds, "kills")
        yield _row(*["---"] * (3 + len(part.kinds)))
        asked = [{check.name for check in suite} for suite in part.kinds.values()]
        names = promises(part)
        for name in names:
            dots = ("●" if name in suite else "" for suite in asked)
            yield _row(name, _escaped(part.sentences[name]), *dots, str(KILLS[name]))
        counts = (str(len(suite)) for suite in asked)
        yield _row(_several(len(names), "sentence"), "", *counts, "")
        yield ""


def _mutants() -> Iterator[str]:
    yield DEAD
    yield _row("of", "mutants", "killed", "pairs of a killer and its prey")
    yield _row(*["---"] * 4)
    for kind, mutants in MUTANTS.items():
        dead = [each for each in mutants if KILLERS[kind].get(each.name)]
        pairs = sum(len(KILLERS[kind][each.name]) for each in dead)
        yield _row(kind, str(len(mutants)), str(len(dead)), str(pairs))
    made = sum(map(len, MUTANTS.values()))
    pairs = sum(len(laws) for killers in KILLERS.values() for laws in killers.values())
    yield _row("all", str(made), str(sum(map(len, KILLERS.values()))), str(pairs))
    yield ""
    for kind, mutants in MUTANTS.items():
        yield f"### Of {kind}"
        yield ""
        yield _row("what is wrong", "killed by")
        yield _row(*["---"] * 2)
        for each in sorted(mutants, key=lambda mutant: mutant.name):
            killers = KILLERS[kind].get(each.name, ())
            yield _row(_escaped(each.wrong), ", ".join(killers))
        yield ""


def _nonlaws() -> Iterator[str]:
    yield NOT
    yield _row("name", "equation", "seen in", "why not")
    yield _row(*["---"] * 4)
    for each in NONLAWS:
        equation = each.equation if "`" in each.equation else f"`{each.equation}`"
        yield _row(each.name, _escaped(equation), each.by.value, _escaped(each.because))
    yield ""


def _left_out() -> Iterator[str]:
    yield OUT
    yield _row("structure", "equation", "why not")
    yield _row(*["---"] * 3)
    for each in LEFT_OUT:
        yield _row(each.structure, f"`{_escaped(each.equation)}`", _escaped(each.because))
    yield ""


def _several(number: int, of: str) -> str:
    return f"{number} {of}" if number == 1 else f"{number} {of}s"


def _number(rules: RuleSet) -> int:
    return len(list(rules.laws()))


def _checks(rules: RuleSet, subjects: Sequence[Subject]) -> int:
    return sum(each.by(law) is not None for _, law in rules.laws() for each in subjects)


def _counts(rules: RuleSet, subject: Subject) -> str:
    seen = [by for _, law in rules.laws() if (by := subject.by(law)) is not None]
    return ", ".join(f"{n} {by.value}" for by in Observation if (n := seen.count(by)))


def _letter(by: Observation | None) -> str:
    return "" if by is None else by.value


def _cell(law: AnyLaw) -> str:
    return _escaped(law.equation)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(as_json() if "--json" in sys.argv[1:] else table(), end="")
