"""How programs are made wrong: what makes them, or runs them, is replaced meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any
from unittest.mock import patch

from everything_is_an_actor.algebra.laws.law import AnyLaw, IsEq, Observation, RuleSet
from everything_is_an_actor.testing.subjects import Subject
from laws.mutant import WrongSubject

type Part = Callable[..., Any]


def wrong(
    subject: Subject, rules: RuleSet, part: str, of: object
) -> Callable[[Part], WrongSubject]:
    """A subject under which a function is what stands in its place: of a class, or of a module.

    The laws build their sides under it as well, and that is why it has rules of its own.
    """

    def made(instead: Part) -> WrongSubject:
        @contextmanager
        def replaced() -> Iterator[None]:
            with patch.object(of, part, instead):
                yield

        def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
            with replaced():
                return subject.difference(equation, hint, by)

        name = instead.__name__
        within = Subject(name, subject.observations, subject.supply, difference)
        return WrongSubject(
            within, RuleSet(f"{rules.name} of {name}", (), (_under(replaced, rules),))
        )

    return made


def _under(replaced: Callable[[], Any], rules: RuleSet) -> RuleSet:
    """The same rules, whose laws build their sides while something is replaced."""
    return RuleSet(
        rules.name,
        tuple(_built_under(replaced, law) for law in rules.own),
        tuple(_under(replaced, parent) for parent in rules.parents),
    )


def _built_under(replaced: Callable[[], Any], law: AnyLaw) -> AnyLaw:
    @wraps(law.equate)
    def equate(*args: Any, **kwargs: Any) -> IsEq[Any]:
        with replaced():
            return law.equate(*args, **kwargs)

    return replace(law, equate=equate)
