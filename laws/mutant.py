"""What a mutant is: something wrong in one way, which is to be found out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from everything_is_an_actor.algebra.laws.law import RuleSet
from everything_is_an_actor.testing.check import Check, Counterexample
from everything_is_an_actor.testing.rules import check_law
from everything_is_an_actor.testing.subjects import Subject
from laws.sizes import ENOUGH


class Mutant(Protocol):
    """Something wrong in one way."""

    @property
    def name(self) -> str:
        """Its name, unique among mutants of its kind."""

    @property
    def wrong(self) -> str:
        """What is wrong with it, in words."""

    def laws(self) -> Collection[str]:
        """The full names of the laws that can be asked of it."""

    def is_killed_by(self, law: str) -> bool:
        """Whether a law, by its full name, is found not to hold of it."""


@dataclass(frozen=True)
class WrongSubject:
    """A subject of equations that is wrong; or right, in a world that is wrong."""

    subject: Subject
    rules: RuleSet
    world: Callable[[], AbstractContextManager[object]] = nullcontext
    more: str = ""

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def wrong(self) -> str:
        return in_words(self.name, self.more)

    def laws(self) -> Collection[str]:
        return dict(self.rules.laws())

    def is_killed_by(self, law: str) -> bool:
        with self.world():
            try:
                check_law(law, dict(self.rules.laws())[law], self.subject, configured=ENOUGH)
            except Counterexample:
                return True
            return False


@dataclass(frozen=True)
class WrongPart:
    """A part of the runtime that is wrong: what it promises is a suite of sentences."""

    name: str
    suite: Callable[[], Iterable[Check]]
    world: Callable[[], AbstractContextManager[object]] = nullcontext
    more: str = ""

    @property
    def wrong(self) -> str:
        return in_words(self.name, self.more)

    def laws(self) -> Collection[str]:
        return self._checks()

    def is_killed_by(self, law: str) -> bool:
        """Raises what else is wrong."""
        with self.world():
            try:
                self._checks()[law]()
            except Exception as error:
                if any(each.startswith(f"{law} does not hold") for each in notes(error)):
                    return True
                raise
            return False

    def _checks(self) -> dict[str, Check]:
        return {check.name: check for check in self.suite()}


def notes(error: BaseException) -> list[str]:
    found: list[str] = getattr(error, "__notes__", [])
    return found


def in_words(name: str, more: str = "") -> str:
    """A name as it is spoken, and what more there is to say.

    >>> in_words("TakesTheLast", "What an actor takes is not what `get` would.")
    'takes the last: what an actor takes is not what `get` would'
    >>> in_words("HalfABatch")
    'half a batch'
    >>> in_words("quorum_of_one_less")
    'quorum of one less'
    """
    if "_" in name:
        spoken = name.replace("_", " ")
    else:
        spoken = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=A)(?=[A-Z])", " ", name).lower()
    return f"{spoken}: {more[0].lower()}{more[1:].removesuffix('.')}" if more else spoken


def said(of: object) -> str:
    """The first line of a docstring, if there is one."""
    return (of.__doc__ or "").strip().split("\n")[0]
