"""What the flows of the reference are made of: agents, functions, and a script for the agents.

A script, because the reference says what a flow means, and for that no agent has to run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.flow import NEVER, Answer, Continue, Done, Flow, Registry, agent, pure


@dataclass(frozen=True)
class Draft:
    """A text that somebody has still to look at."""

    text: str


@dataclass(frozen=True)
class Refusal:
    """What a writer answers who will not write."""

    reason: str


async def search(query: str) -> str:
    """What is found in a second; nothing is, on the moon."""
    raise NotImplementedError


async def archive(query: str) -> str:
    """What is found in three seconds; nothing is, on the moon and the sun."""
    raise NotImplementedError


async def write(topic: str) -> Draft | Refusal:
    """A draft, but not about taxes."""
    raise NotImplementedError


async def improve(text: str) -> Continue[str] | Done[str]:
    """A text with one more exclamation mark, until there are three."""
    raise NotImplementedError


async def is_polite(text: str) -> bool:
    """Whether a text says please."""
    raise NotImplementedError


async def explain(error: Exception) -> str:
    """A sentence about an error."""
    raise NotImplementedError


async def log(text: object) -> None:
    """Writes down what it is given, which takes two seconds."""
    raise NotImplementedError


def shout(text: str) -> str:
    """A text in capital letters."""
    return text.upper()


def words(text: str) -> int:
    """How many words a text has."""
    return len(text.split())


def is_short(text: str) -> bool:
    """Whether a text has fewer than ten letters."""
    return len(text) < 10


def apology(error: Exception) -> str:
    """What is said instead of an error."""
    return f"sorry: {error}"


def text_of(draft: Draft) -> str:
    """The text of a draft."""
    return draft.text


def reason_of(refusal: Refusal) -> str:
    """The reason of a refusal."""
    return refusal.reason


def note(text: str) -> None:
    """Some effect of no consequence, but none on an empty text."""
    if not text:
        raise ValueError("there is nothing to note")


def by_length(text: str) -> Flow[str, str]:
    """The flow for a text: who searches depends on how long it is."""
    return agent(search) if is_short(text) else agent(archive)


def numbered(step: tuple[str, int]) -> tuple[Continue[str] | Done[str], int]:
    """One round: a text, and how many rounds there have been."""
    text, seen = step
    return (Done(f"{text}, {seen}") if seen == 2 else Continue(text)), seen + 1


REGISTRY = Registry.of(
    *(search, archive, write, improve, is_polite, explain, log),
    *(shout, words, is_short, apology, text_of, reason_of, note, by_length, numbered),
    *(Draft, Refusal, ConnectionError),
)


def _found(by: str, after: float, nothing_on: tuple[str, ...]) -> Callable[[str], Answer]:
    def answer(query: str) -> Answer:
        if query in nothing_on:
            return Answer(ConnectionError(f"{by} found nothing"), after=after)
        return NEVER if query == "the end" else Answer(f"{query}, {by}", after=after)

    return answer


SCRIPT: dict[Any, Callable[[Any], Answer]] = {  # agents have no type in common
    search: _found("search", 1.0, ("the moon",)),
    archive: _found("archive", 3.0, ("the moon", "the sun")),
    write: lambda topic: Answer(
        Refusal("no taxes") if topic == "taxes" else Draft(f"On {topic}"), after=1.0
    ),
    improve: lambda text: Answer(
        Done(text) if text.endswith("!!!") else Continue(f"{text}!"), after=1.0
    ),
    is_polite: lambda text: Answer("please" in text, after=1.0),
    explain: lambda error: Answer(f"it is like this: {error}", after=1.0),
    log: lambda text: Answer(None, after=2.0),
}

SEARCH = agent(search)
ARCHIVE = agent(archive)
LOG: Flow[object, None] = agent(log)
SHOUT = pure(shout)
