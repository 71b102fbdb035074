"""Ask the documentation: ``python -m examples.ask_docs "How does the with statement work?"``."""

import argparse
import asyncio
import logging
import os
import shlex
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from textwrap import shorten
from time import perf_counter
from typing import Final, Protocol, TextIO

from rich.text import Text

from everything_is_an_actor.agents import AgentSystem, EventStream, TaskEvent, event_to_json
from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.cli.board import Board
from everything_is_an_actor.cli.calltree import Calls
from everything_is_an_actor.cli.console import LineConsole
from examples.ask_docs.agents import Question, log_path
from examples.ask_docs.corpus import CorpusError
from examples.ask_docs.flow import answer
from examples.ask_docs.retrieval import library_of
from examples.ask_docs.view import watching

__all__ = ["main"]

QUESTIONS: Final = (
    "How do I catch several exceptions in one except clause?",
    "How are default parameter values evaluated?",
    "What are lambdas?",
    "What is the difference between is and ==?",
    "How does the wiht statment work?",
    "How do I bake bread?",
)

ANSWERED, FAILED, BAD_USAGE, INTERRUPTED = 0, 1, 2, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Answer the questions on the command line; the exit code says how it went."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character shows a ?
    arguments = _parser().parse_args(argv)
    # What the library would log is told by the events already.
    logging.getLogger("everything_is_an_actor").addHandler(logging.NullHandler())
    console = LineConsole()
    try:
        return _answer_all(console, arguments)
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ANSWERED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m examples.ask_docs",
        description="Answer questions from documentation, with sources. Without a question, a few "
        "about Python are answered from the language reference that ships with it.",
        epilog="Each question is noted in ask_docs-log.jsonl (or where ASK_DOCS_LOG says). "
        "Exit codes: 0 answered, 1 a flow failed, 2 bad usage.",
    )
    parser.add_argument("questions", nargs="*", metavar="QUESTION", help="a question, in quotes")
    parser.add_argument(
        "--docs",
        type=Path,
        metavar="DIR",
        help="a folder of .txt, .md and .rst files to ask instead",
    )
    parser.add_argument(
        "--json", action="store_true", help="print the events as JSON lines, and nothing else"
    )
    parser.add_argument(
        "--timeline",
        action="store_true",
        help="chart when each agent was at work; beside --json on standard error",
    )
    parser.add_argument(
        "--trace",
        type=Path,
        metavar="PATH",
        default=Path("ask_docs-trace.jsonl"),
        help="where to write the events as JSON lines (default: %(default)s)",
    )
    return parser


def _answer_all(console: LineConsole, arguments: argparse.Namespace) -> int:
    docs: Path | None = arguments.docs
    questions = [Question(text, docs) for text in arguments.questions or QUESTIONS]
    begun = perf_counter()
    try:
        library = library_of(docs)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return BAD_USAGE
    for skipped in library.corpus.skipped:
        print(f"left out, not readable as text: {skipped}", file=sys.stderr)
    try:
        trace = arguments.trace.open("w", encoding="utf-8")
    except OSError as error:
        print(f"cannot write the trace: {error}", file=sys.stderr)
        return BAD_USAGE
    with trace:
        if arguments.json:
            charts = LineConsole(stderr=True) if arguments.timeline else None
            return asyncio.run(_run(_Json(trace), charts, questions))
        size = f"{len(library.passages)} passages, indexed in {perf_counter() - begun:.1f} s"
        console.put(f"Reading {library.corpus.name}: {size}.")
        charts = console if arguments.timeline else None
        code = asyncio.run(_run(_Screen(console, trace), charts, questions))
    console.put(f"\nTrace: {arguments.trace}   Log: {log_path()}")
    if not arguments.timeline:
        console.put(
            "When was each agent at work? Ask with --timeline, "
            f"or `{shlex.join([_eiaa(), 'timeline', str(arguments.trace)])}`."
        )
    return code


def _eiaa() -> str:
    """How the command is to be called from here."""
    installed, here = Path(sys.executable).with_name("eiaa"), Path.cwd()
    if not installed.exists():
        return "eiaa"
    return str(installed.relative_to(here) if installed.is_relative_to(here) else installed)


async def _run(output: "_Output", charts: LineConsole | None, questions: Sequence[Question]) -> int:
    """Ask one after the other; what the worst of them makes the exit code."""
    code = ANSWERED
    async with AgentSystem("ask-docs") as system:
        for question in questions:
            calls = Calls()
            events = system.run_flow_stream(answer, question)
            if not await output.follow(question, _taken(events, calls)):
                code = FAILED
            if charts is not None:
                charts.put()
                charts.charts(calls.runs, title=_title(question))
    return code


async def _taken(events: EventStream, calls: Calls) -> AsyncGenerator[TaskEvent]:
    """The same events, and the calls that they tell of."""
    async with aclosing(events):
        async for event in events:
            calls.take(event)
            yield event


def _title(question: Question) -> str:
    return shorten(question.text, 120) or "(an empty question)"


class _Output(Protocol):
    async def follow(self, question: Question, events: AsyncIterator[TaskEvent]) -> bool:
        """Tell what happens to a question; whether its flow completed."""
        ...


@dataclass(frozen=True, slots=True)
class _Json:
    """Every event as a line of JSON, to the trace and to standard output."""

    trace: TextIO

    async def follow(self, question: Question, events: AsyncIterator[TaskEvent]) -> bool:
        try:
            async for event in events:
                line = event_to_json(event)
                print(line, file=self.trace)
                print(line, flush=True)
                if event.type == "side_failed":
                    _warn_of(event)
        except BrokenPipeError:  # of standard output
            raise
        except Exception as error:  # whatever an agent raised has been told as an event
            print(f"the flow failed: {_named(error)}", file=sys.stderr)
            return False
        return True


@dataclass(frozen=True, slots=True)
class _Screen:
    """The agents at work, then the answer and how long it took."""

    console: LineConsole
    trace: TextIO

    async def follow(self, question: Question, events: AsyncIterator[TaskEvent]) -> bool:
        self.console.put()
        self.console.put(Text(_title(question), style="bold"))
        board, begun, result = Board("answer"), perf_counter(), None
        unnoted: list[TaskEvent] = []
        try:
            with watching(self.console, board) as tell:
                async for event in events:
                    tell(event)
                    print(event_to_json(event), file=self.trace)
                    if event.type == "flow_completed":
                        result = event.data
                    elif event.type == "side_failed":
                        unnoted.append(event)
        except BrokenPipeError:  # of standard output
            raise
        except Exception as error:  # whatever an agent raised has been told as an event
            print(f"the flow failed: {_named(error)}", file=sys.stderr)
            return False
        took = f"{duration(perf_counter() - begun)}, {board.runs} agents"
        self.console.put(f"\n{result}\n")
        self.console.put(Text(f"  {took}", style="dim"))
        for event in unnoted:
            _warn_of(event)
        return True


def _warn_of(event: TaskEvent) -> None:
    print(f"failed in the background: {_named(event.data)}", file=sys.stderr)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    sys.exit(main())
