"""Under which conditions a step of a plan is come to, as data; the text of each is for people."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.algebra.plural import plural

type How = Literal["all", "each", "race", "first_completed", "at_least"]

type Span = tuple[int, int]
"""The numbers of the first and the last of some steps; there are none if it is the lesser."""

SHOWN: Final = 4  # spans in one text


@dataclass(frozen=True, slots=True)
class InParallel:
    """It is in one of several flows that run concurrently, whose steps are `branches`."""

    how: How
    branch: int
    branches: tuple[Span, ...]

    @override
    def __str__(self) -> str:
        near = self.branches[: self.branch + 1 + SHOWN][max(self.branch - SHOWN, 0) :]
        mine = self.branches[self.branch]
        others = span_text([span for span in near if span is not mine])
        if not others:
            return ""
        racing = self.how in ("race", "first_completed")
        return f"racing with {others}" if racing else f"in parallel with {others}"


@dataclass(frozen=True, slots=True)
class ForEach:
    """Once for each element of a sequence, concurrently, so many at a time (`None`: all)."""

    of: str
    max_concurrency: int | None

    @override
    def __str__(self) -> str:
        bound = "" if self.max_concurrency is None else f", {shown(self.max_concurrency)} at a time"
        return f"for each element of {self.of}{bound}"


@dataclass(frozen=True, slots=True)
class IfCase:
    """If a value is an instance of a type (of any type), and of none of the cases before."""

    value: str
    case: type[Any]

    @override
    def __str__(self) -> str:
        return f"if {self.value} is {name_of(self.case)}"


@dataclass(frozen=True, slots=True)
class If:
    """If what was asked holds, or does not."""

    asked: str
    holds: bool

    @override
    def __str__(self) -> str:
        return f"if {self.asked}" if self.holds else f"if not {self.asked}"


@dataclass(frozen=True, slots=True)
class OnFailure:
    """If one of some steps fails, or a function among them."""

    of: Span

    @override
    def __str__(self) -> str:
        return f"if {span_text([self.of]) or 'a function'} fails"


@dataclass(frozen=True, slots=True)
class Retried:
    """Again, if it fails by one of some errors, up to so many more times."""

    times: int
    on: tuple[type[Exception], ...]

    @override
    def __str__(self) -> str:
        errors = "" if self.on == (Exception,) else f" by {' or '.join(map(name_of, self.on))}"
        return f"again if it fails{errors}, at most {shown(self.times)} more"


@dataclass(frozen=True, slots=True)
class Looped:
    """Again and again until `Done`, at most so many times in all (`None`: no bound)."""

    max_iter: int | None

    @override
    def __str__(self) -> str:
        most = self.max_iter
        bound = "" if most is None else f", at most {shown(most)} {plural(most, 'time')}"
        return f"again until Done{bound}"


@dataclass(frozen=True, slots=True)
class Within:
    """Within so many seconds, or it is cancelled."""

    seconds: float

    @override
    def __str__(self) -> str:
        return f"within {self.seconds:g} s"


@dataclass(frozen=True, slots=True)
class Background:
    """In the background: nothing waits for it."""

    @override
    def __str__(self) -> str:
        return "in the background"


type Condition = (
    InParallel | ForEach | IfCase | If | OnFailure | Retried | Looped | Within | Background
)


def span_text(spans: Iterable[Span]) -> str:
    """The numbers of steps for people; empty if there are none.

    >>> span_text([(1, 1), (3, 2), (4, 6)])
    '#1, #4–#6'
    """
    texts = [
        f"#{first}" if first == last else f"#{first}–#{last}"
        for first, last in spans
        if first <= last
    ]
    return ", ".join(texts[:SHOWN]) + (", …" if len(texts) > SHOWN else "")
