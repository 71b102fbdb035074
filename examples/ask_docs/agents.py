"""The agents: each does one thing, and is created afresh for every run of its leaf.

The work itself is in plain functions; an agent runs it in a thread, so that the event loop stays
free for the others. What an agent needs beyond its input, the library, is looked up by the input's
`docs`.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import override

from everything_is_an_actor.agents import AgentActor
from examples.ask_docs.answer import (
    Answer,
    Answered,
    Quotation,
    Reading,
    Summary,
    Unanswered,
    cites_its_sources,
    nothing_found,
    quotations,
    summarise,
)
from examples.ask_docs.evidence import Confident, Evidence, Unsure, look_up, understand
from examples.ask_docs.retrieval import Query

__all__ = [
    "CheckCitations",
    "KeepLog",
    "LookUp",
    "Question",
    "SayNothingFound",
    "Summarise",
    "Write",
    "log_path",
]


@dataclass(frozen=True, slots=True)
class Question:
    """A question, and the folder to answer it from; None is Python's own documentation."""

    text: str
    docs: Path | None = None


class LookUp(AgentActor[Query, Confident | Unsure]):
    """Finds the section that is headed by what is asked about: too quick to need a thread."""

    @override
    async def execute(self, input: Query) -> Confident | Unsure:
        return look_up(input)


class Summarise(AgentActor[Reading, Summary]):
    """Picks the sentences of one passage that answer the question."""

    @override
    async def execute(self, input: Reading) -> Summary:
        return await asyncio.to_thread(summarise, input)


class Write(AgentActor[tuple[Evidence, tuple[Summary, ...]], list[Quotation]]):
    """Writes the answer, sentence by sentence."""

    @override
    async def execute(
        self, input: tuple[Evidence, tuple[Summary, ...]]
    ) -> AsyncIterator[Quotation]:
        for quotation in quotations(*input):
            yield quotation


class CheckCitations(AgentActor[Answered, bool]):
    """Looks every sentence up in the passage that it cites."""

    @override
    async def execute(self, input: Answered) -> bool:
        return cites_its_sources(input)


class SayNothingFound(AgentActor[Question, Unanswered]):
    """Admits it, and points to the nearest topics."""

    @override
    async def execute(self, input: Question) -> Unanswered:
        return await asyncio.to_thread(nothing_found, understand(input.text, input.docs))


class KeepLog(AgentActor[Answer, None]):
    """Appends the question and what came of it to the query log, one line of JSON."""

    @override
    async def execute(self, input: Answer) -> None:
        await asyncio.to_thread(_append, log_path(), json.dumps(_entry(input), ensure_ascii=False))


def log_path() -> Path:
    """The query log: where ``ASK_DOCS_LOG`` says, else in the current folder."""
    return Path(os.environ.get("ASK_DOCS_LOG", "ask_docs-log.jsonl"))


def _entry(answer: Answer) -> dict[str, object]:
    entry: dict[str, object] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "question": answer.question,
    }
    match answer:
        case Answered():
            sources = [str(source) for source in answer.sources]
            return entry | {
                "sure": not answer.caveat,
                "confidence": answer.confidence,
                "sources": sources,
            }
        case Unanswered():
            return entry | {"sure": False, "confidence": 0.0, "sources": []}


def _append(path: Path, line: str) -> None:
    with path.open("a", encoding="utf-8", errors="backslashreplace") as log:
        log.write(f"{line}\n")
