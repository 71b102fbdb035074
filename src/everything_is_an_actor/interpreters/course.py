"""What is told of a run in a drawing of its flow: what became of each agent, and which way it took.

The drawing (`mermaid.py`) goes down a flow node by node, and says where it begins and ends each;
a `Course` goes along. Of much it is known whether the run came to it; of some it is not: `None`.
"""

import asyncio
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import Leaf
from everything_is_an_actor.algebra.path import AnyNode
from everything_is_an_actor.algebra.plain import error_text
from everything_is_an_actor.interpreters.flowchart import Edge, Outcome
from everything_is_an_actor.interpreters.reference import Ending

NEVER_CALLED: Final = "not reached"

type Fate = Ending | Literal["running"]

_WORDS: Final[dict[Fate, tuple[str, Outcome]]] = {
    "completed": ("✓ done", Outcome.DONE),
    "failed": ("✗ failed", Outcome.FAILED),
    "cancelled": ("⊘ cancelled", Outcome.CANCELLED),
    "running": ("… running", Outcome.RUNNING),
}


@dataclass(frozen=True, slots=True)
class Happened:
    """What became of one call of an agent, after how many seconds; `None` if that is not known."""

    ending: Fate
    seconds: float | None
    error: str


type Told = tuple[Sequence[str], Outcome | None]


class Course(ABC):
    """Goes down a flow beside its drawing, and tells of each node what the run has made of it."""

    knows_the_way = True
    """Whether it is known what the run came to, besides agents."""

    @abstractmethod
    def begins(self, node: AnyNode, edges: list[Edge]) -> None:
        """A node is being drawn, to which `edges` lead."""

    @abstractmethod
    def ends(self, exits: list[Edge]) -> None:
        """It is drawn, and left by `exits`."""

    @abstractmethod
    def is_reached(self) -> bool | None:
        """Whether the run came to the node that is being drawn."""

    @abstractmethod
    def goes_round(self) -> bool | None:
        """Whether, at this node, an error was handled, or the body was begun once more."""

    @abstractmethod
    def agent(self, leaf: Leaf[AnyFlow]) -> Told:
        """What became of the agent that is being drawn."""

    @abstractmethod
    def chosen(self) -> Sequence[str]:
        """What became of the agents in the flow that the bind chose which is being drawn."""

    @abstractmethod
    def end(self) -> Told:
        """What the whole has come to."""


def any_taken(edges: Iterable[Edge]) -> bool | None:
    """Whether one of them was taken; `None` if that is not known."""
    taken = {edge.taken for edge in edges}
    return True if True in taken else None if None in taken else False


def not_taken(edges: list[Edge]) -> None:
    """None of them was taken."""
    edges[:] = [edge._replace(taken=False) for edge in edges]


def told(calls: Sequence[Happened]) -> Told:
    """What became of the calls of an agent, on short lines; the last one decides its looks."""
    if not calls:
        return (NEVER_CALLED,), Outcome.MISSED
    last, outcome = calls[-1], _WORDS[calls[-1].ending][1]
    errors = list(dict.fromkeys(call.error for call in calls if call.error))
    seconds = [call.seconds for call in calls if call.seconds]
    if len(calls) == 1:
        took = f", {duration(seconds[0])}" if seconds else ""
        return (f"{_WORDS[last.ending][0]}{took}", *errors), outcome
    counts = Counter(call.ending for call in calls)
    texts = [f"{len(calls)} calls"]
    texts += [f"{word} {counts[ending]}" for ending, (word, _) in _WORDS.items() if counts[ending]]
    if seconds:
        low, high = duration(min(seconds)), duration(max(seconds))
        texts.append(f"{low} each" if low == high else f"{low} to {high}")
    return (*texts, *errors[-1:]), outcome


def ended(seconds: float, error: BaseException | None) -> Told:
    """What is told at the end of a flow that has come to its end."""
    if seconds == float("inf"):
        return ("end", "never: an agent did not answer"), Outcome.FAILED
    after = f" after {duration(seconds)}" if seconds else ""
    if error is None:
        return ("end", f"✓ done{after}"), Outcome.DONE
    if isinstance(error, asyncio.CancelledError):
        return ("end", f"⊘ cancelled{after}"), Outcome.CANCELLED
    return ("end", f"✗ failed{after}", error_text(error)), Outcome.FAILED


NOT_ENDED: Final[Told] = (("end", "not reached yet"), Outcome.MISSED)
"""What is told at the end of a flow of which no end is known."""
