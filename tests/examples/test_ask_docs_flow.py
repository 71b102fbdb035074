"""The pipeline as a whole, run on actors."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from everything_is_an_actor.agents import AgentSystem, TaskEvent
from everything_is_an_actor.cli.calltree import Calls
from examples.ask_docs.agents import Question
from examples.ask_docs.answer import (
    Answer,
    Answered,
    Quotation,
    Summary,
    Unanswered,
    cites_its_sources,
    quotations,
)
from examples.ask_docs.evidence import Evidence
from examples.ask_docs.flow import answer, ask
from examples.ask_docs.retrieval import Library, Query, Ranking
from examples.ask_docs.search import rounds


def calls_of(events: list[TaskEvent]) -> Calls:
    calls = Calls()
    for event in events:
        calls.take(event)
    return calls


@pytest.fixture(autouse=True)
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "log.jsonl"
    monkeypatch.setenv("ASK_DOCS_LOG", str(path))
    return path


async def answer_to(question: str, docs: Path | None = None) -> Answer:
    async with AgentSystem("test") as system:
        return await system.run_flow(answer, Question(question, docs))


async def events_of(question: str) -> list[TaskEvent]:
    async with AgentSystem("test") as system:
        return [event async for event in system.run_flow_stream(answer, Question(question))]


async def test_a_question_is_answered_with_sources() -> None:
    async with AgentSystem("test") as system:
        found = await system.run_flow(ask, "How are default parameter values evaluated?")
    assert isinstance(found, Answered)
    assert not found.caveat
    assert cites_its_sources(found)
    assert found.sources[0].topic == "function"
    assert "evaluated from left to right" in str(found)


async def test_the_same_question_has_the_same_answer() -> None:
    assert await answer_to("What is a generator?") == await answer_to("What is a generator?")


async def test_a_search_that_is_not_sure_is_widened() -> None:
    sure = await events_of("What is a generator?")
    widened = await events_of("How does the wiht statment work?")
    assert _runs(sure, "Bm25") == 1
    assert _runs(widened, "Bm25") == 2


async def test_the_retrievers_run_within_the_search() -> None:
    (run,) = calls_of(await events_of("What is a generator?")).runs
    (flow,) = run.roots
    assert {call.name for call in flow.children} == {
        "LookUp",
        "Search",
        "Summarise",
        "Write",
        "CheckCitations",
        "KeepLog",
    }
    within = [c.name for c in run.calls() if "Search" in {above.name for above in c.ancestors()}]
    assert {"Bm25", "Lsa", "Fuzzy"} <= set(within)


async def test_every_sentence_is_a_chunk_of_its_writer() -> None:
    events = await events_of("What is a generator?")
    chunks = [event.data for event in events if event.type == "task_chunk"]
    found = events[-1].data
    assert isinstance(found, Answered)
    assert [chunk.text for chunk in chunks] == [claim.text for claim in found.claims]


@pytest.mark.usefixtures("slow_retrievers")
async def test_what_is_looked_up_needs_no_search() -> None:
    events = await events_of("What are lambdas?")
    ended = {event.agent: event.type for event in events}
    assert ended["LookUp"] == "task_completed"
    for loser in ("Search", "Bm25", "Lsa", "Fuzzy"):
        assert ended[loser] == "task_cancelled"
    found = events[-1].data
    assert isinstance(found, Answered)
    assert [str(source) for source in found.sources] == ["lambda: Lambdas"]


async def test_what_is_half_covered_is_answered_with_a_caveat(tmp_path: Path) -> None:
    for animal in ("Cats", "Dogs", "Owls"):
        (tmp_path / f"{animal}.md").write_text(f"# {animal}\n\n{animal} are animals.")
    (tmp_path / "habits.md").write_text("# Habits\n\nMost cats sleep by day and hunt by night.")
    found = await answer_to("Do cats hunt and sleep on sofas?", tmp_path)
    assert isinstance(found, Answered)
    assert str(found).startswith("I am not sure")
    assert cites_its_sources(found)


@pytest.mark.parametrize(
    "question",
    [
        "How do I bake bread?",
        "",
        " \n\t",
        "asdf qwer",
        "🍞🔥🥖",
        "Wie backe ich ein Brot?",
        "パンの焼き方は？",
        "كيف أخبز الخبز؟",
        "bread " * 1_700,
        "x" * 10_000,
        "\0\ud800",
        "'; DROP TABLE topics; --",
        "<>{}[]()",
    ],
)
async def test_garbage_is_answered_honestly(question: str) -> None:
    found = await answer_to(question)
    assert isinstance(found, Unanswered)
    assert str(found).startswith("I found no")


async def test_one_retriever_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "lsa", _broken)
    assert isinstance(await answer_to("What is a generator?"), Answered)


async def test_without_a_quorum_nothing_is_claimed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Library, "lsa", _broken)
    monkeypatch.setattr(Library, "bm25", _broken)
    assert isinstance(await answer_to("What is a generator?"), Unanswered)


async def test_an_answer_that_nothing_says_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    def inventing(evidence: Evidence, summaries: Sequence[Summary]) -> Iterator[Quotation]:
        for quotation in quotations(evidence, summaries):
            yield replace(quotation, text="It runs on steam.")

    monkeypatch.setattr("examples.ask_docs.agents.quotations", inventing)
    assert isinstance(await answer_to("What is a generator?"), Unanswered)


async def test_every_question_is_noted_in_the_log(log: Path) -> None:
    found = await answer_to("What is a generator?")
    await answer_to("How do I bake bread?")
    sure, unsure = map(json.loads, await asyncio.to_thread(lambda: log.read_text().splitlines()))
    assert isinstance(found, Answered)
    assert (sure["question"], sure["sure"]) == ("What is a generator?", True)
    assert sure["sources"] == [str(source) for source in found.sources]
    assert (unsure["question"], unsure["sure"]) == ("How do I bake bread?", False)
    assert unsure["sources"] == []


async def test_a_log_that_cannot_be_written_costs_no_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASK_DOCS_LOG", str(tmp_path / "no" / "such" / "folder.jsonl"))
    assert isinstance(await answer_to("What is a generator?"), Answered)


async def test_a_folder_is_asked_instead(tmp_path: Path) -> None:
    (tmp_path / "bread.md").write_text("# Bread\n\nTo bake bread, heat the oven. Knead the dough.")
    found = await answer_to("How do I bake bread?", tmp_path)
    assert isinstance(found, Answered)
    assert [str(source) for source in found.sources] == ["bread.md: Bread"]
    assert found.claims[0].text == "To bake bread, heat the oven."


def test_the_pipeline_prints_as_the_expression_that_builds_it() -> None:
    assert "race(agent(LookUp).filter(is_sure), agent(Search))" in repr(ask)
    assert "at_least(2, agent(Bm25), agent(Lsa), agent(Fuzzy))" in repr(rounds)
    assert "fallback_to(agent(SayNothingFound)).notify(agent(KeepLog))" in repr(ask)


def _runs(events: list[TaskEvent], agent: str) -> int:
    return sum(e.type == "task_started" and e.agent == agent for e in events)


def _broken(self: Library, query: Query) -> Ranking:
    raise OSError("the index is gone")
