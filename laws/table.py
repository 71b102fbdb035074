"""The table of all laws: `python -m laws.table > docs/equations.md`.

A row is a law, with its equation, what it needs of its flows, and the letter of the observation
under which it is checked on each subject; the last row counts. Then what does not hold.
"""

from collections.abc import Iterator, Sequence

from everything_is_an_actor.algebra.laws.law import AnyLaw, Need, Observation, RuleSet
from everything_is_an_actor.algebra.laws.left_out import LEFT_OUT
from everything_is_an_actor.testing.subjects import Subject
from laws.nonlaws_arrows import NONLAWS as OF_ARROWS
from laws.nonlaws_monads import NONLAWS as OF_MONADS
from laws.nonlaws_time import NONLAWS as OF_TIME
from laws.suites import SUITES, Suite

HEAD = """# The equations

What `make test` checks on every change, and `make laws` on ten times as many programs; written by
`python -m laws.table`. A letter says by what the two sides are compared: R the outcome, M the
agents' calls as well, T the instants as well, S their expressions in normal form
([more](laws.md)). "Needs" says which flows a law is about: any flow, if nothing is said.
"""

NOT = """## What does not hold

Each with a counterexample, in `laws/nonlaws_*.py`, on which the two sides are seen to differ by the
reference semantics and by actors. The letter is the weakest observation that tells them apart.
"""

OUT = """## What is left out

Stated of such structures elsewhere, and no law here.
"""

NONLAWS = (*OF_ARROWS, *OF_MONADS, *OF_TIME)

NEEDS = {
    Need.TOTAL: "total",
    Need.FALLIBLE: "ends",
    Need.NEVER: "never",
}


def table() -> str:
    """The whole table, in Markdown."""
    laws = (line for suite in SUITES for line in _section(suite))
    return "\n".join([HEAD, *laws, *_totals(), *_nonlaws(), *_left_out()])


def _section(suite: Suite) -> Iterator[str]:
    rules, subjects = suite
    title = rules.name.replace("_", " ").capitalize()
    yield f"## {title}"
    yield ""
    yield _row("law", "equation", "needs", *(subject.name for subject in subjects))
    yield _row(*["---"] * (3 + len(subjects)))
    for name, law in rules.laws():
        letters = (_letter(subject.by(law)) for subject in subjects)
        needs = ", ".join(sorted(_need(need) for need in law.needs))
        yield _row(name, _cell(law), needs, *letters)
    yield _row(f"{_number(rules)} laws", "", "", *(_counts(rules, each) for each in subjects))
    yield ""


def _totals() -> Iterator[str]:
    laws = sum(_number(rules) for rules, _ in SUITES)
    made = sum(_checks(rules, subjects) for rules, subjects in SUITES)
    yield f"{laws} laws, {made} checks of a law on a subject."
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


def _number(rules: RuleSet) -> int:
    return len(list(rules.laws()))


def _checks(rules: RuleSet, subjects: Sequence[Subject]) -> int:
    return sum(each.by(law) is not None for _, law in rules.laws() for each in subjects)


def _counts(rules: RuleSet, subject: Subject) -> str:
    seen = [by for _, law in rules.laws() if (by := subject.by(law)) is not None]
    return ", ".join(f"{n} {by.value}" for by in Observation if (n := seen.count(by)))


def _letter(by: Observation | None) -> str:
    return "" if by is None else by.value


def _need(need: Need) -> str:
    return NEEDS.get(need, need.name.lower())


def _cell(law: AnyLaw) -> str:
    return _escaped(law.equation)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(table(), end="")
