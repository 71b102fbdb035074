"""The questions of `make demo`, asked on actors: `python -m paper.demo > paper/demo.json`.

Each is asked in every round, the first round being left out; what is written is the median, to one
figure, since others may be at work on the machine: how long the answer took, how many agents were
called for it, those in the search included, and in how many rounds the search was cancelled,
because the look-up was sure. What is measured includes the stream of events that tells of it.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final, TypedDict

from benchmarks.machine import Machine, commit, machine
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.cli.calltree import FLOW, Calls
from examples.ask_docs.__main__ import QUESTIONS
from examples.ask_docs.agents import Question
from examples.ask_docs.answer import Answer, Answered
from examples.ask_docs.flow import answer
from examples.ask_docs.retrieval import library_of

ROUNDS: Final = 25
FIGURES: Final = 1


class Asked(TypedDict):
    """A question, and what came of it."""

    question: str
    outcome: str
    seconds: float
    calls: int
    cancelled_searches: int


class Demo(TypedDict):
    """All questions, on a machine."""

    command: str
    commit: str
    version: str
    machine: Machine
    rounds: int
    passages: int
    results: list[Asked]


class Run(TypedDict):
    """One question, asked once."""

    outcome: str
    seconds: float
    calls: int
    is_cancelled: bool


def demo(rounds: int = ROUNDS) -> Demo:
    """Ask all of them so often; times are seconds."""
    measured = commit(("src", "examples", "paper/demo.py"))
    library = library_of(None)
    _, *runs = asyncio.run(_asked(1 + rounds))
    return {
        "command": "python -m paper.demo",
        "commit": measured,
        "version": version("everything-is-an-actor"),
        "machine": machine(),
        "rounds": rounds,
        "passages": len(library.passages),
        "results": list(_summed_up(runs)),
    }


async def _asked(rounds: int) -> list[list[Run]]:
    async with AgentSystem("demo") as system:
        return [[await _ask(system, text) for text in QUESTIONS] for _ in range(rounds)]


async def _ask(system: AgentSystem, text: str) -> Run:
    calls, result = Calls(), None
    begun = ended = perf_counter()
    async for event in system.run_flow_stream(answer, Question(text)):
        calls.take(event)
        if event.type == "flow_completed":  # the last is that of the pipeline
            result, ended = event.data, perf_counter()
    agents = [call for run in calls.runs for call in run.calls() if call.name != FLOW]
    return {
        "outcome": _outcome(result),
        "seconds": ended - begun,
        "calls": len(agents),
        "is_cancelled": any(call.name == "Search" and call.state == "cancelled" for call in agents),
    }


def _outcome(result: Answer | None) -> str:
    if isinstance(result, Answered):
        return "answered, with a caveat" if result.caveat else "answered"
    return "nothing found"


def _summed_up(runs: list[list[Run]]) -> Iterator[Asked]:
    for text, of_one in zip(QUESTIONS, zip(*runs, strict=True), strict=True):
        (outcome,) = {run["outcome"] for run in of_one}
        yield {
            "question": text,
            "outcome": outcome,
            "seconds": _short(median(run["seconds"] for run in of_one)),
            "calls": round(median(run["calls"] for run in of_one)),
            "cancelled_searches": sum(run["is_cancelled"] for run in of_one),
        }


def _short(seconds: float) -> float:
    return float(f"{seconds:.{FIGURES}g}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ASK_DOCS_LOG"] = str(Path(folder, "log.jsonl"))
        measured = demo()
    sys.stdout.write(json.dumps(measured, indent=1, ensure_ascii=False) + "\n")
