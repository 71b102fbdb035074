"""Mixture of Agents: several models answer, and one makes a single answer of what they said.

    python -m examples.mixture "Why is the sky blue?" \\
        --base-url http://localhost:11434/v1 --proposer llama3.2 --proposer qwen3 --aggregator qwen3

Any endpoint that speaks OpenAI's protocol will do: its address and key are arguments or the
environment variables OPENAI_BASE_URL and OPENAI_API_KEY. The proposers are asked at once; a model
that refuses, breaks off or takes too long is left out, as long as `--min-success` of them have
answered. With `--layers 2` they see all first answers and answer again, as in Wang et al.,
"Mixture-of-Agents Enhances Large Language Model Capabilities" (2024).

The answer goes to standard output as it is written, everything else to standard error. Exit codes:
0 answered, 1 not, 2 bad usage, 130 interrupted. Needs the extra `demo`.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from io import TextIOWrapper
from typing import Final

from everything_is_an_actor.agents import EventStream, TaskEvent
from everything_is_an_actor.flow import Flow, FlowError, QuorumResult, agent, identity, pure
from everything_is_an_actor.moa import MoASystem, format_references, moa_layer
from examples.endpoint import Chat, Endpoint, EndpointError, Model

AGGREGATOR: Final = "the aggregator"

SYNTHESIS: Final = """\
You have been given several answers to the question of the user. Make one answer of them: accurate,
complete and well structured. Some of them may be biased or wrong, so judge what they say instead of
repeating it.

Answers:
"""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and what has been answered so far."""

    text: str
    answers: tuple[str, ...] = ()


def chat(question: Question) -> Chat:
    """A question as the messages that a model is sent."""
    asked: Chat = [{"role": "user", "content": question.text}]
    if not question.answers:
        return asked
    return [{"role": "system", "content": SYNTHESIS + format_references(question.answers)}, *asked]


def joined(pieces: list[str]) -> str:
    """What a model has said."""
    return "".join(pieces).strip()


def succeeded(answers: QuorumResult[str]) -> tuple[str, ...]:
    """The answers of a layer; those who failed have been told of as events."""
    return answers.succeeded


def informed(pair: tuple[Question, tuple[str, ...]]) -> Question:
    """The same question, with the newest answers."""
    question, answers = pair
    return replace(question, answers=answers)


def asking(model: Model, name: str, timeout: float) -> Flow[Question, str]:
    """Ask one model, which has so many seconds for all of its answer."""
    return pure(chat).flat_map(agent(model.reply, timeout=timeout, name=name)).map(joined)


def mixture(
    proposers: Sequence[Model],
    aggregator: Model,
    *,
    layers: int = 1,
    min_success: int = 1,
    timeout: float = 120.0,
) -> Flow[str, str]:
    """Layers of all proposers, then the aggregator. Raises `ValueError` for wrong numbers."""
    if layers < 1:
        raise ValueError(f"layers must be at least 1, got {layers}")
    the_question: Flow[Question, Question] = identity()
    layer = moa_layer(
        proposers=[asking(model, model.name, timeout) for model in proposers],
        aggregator=pure(succeeded),
        min_success=min_success,
        timeout=None,  # each model has its own
    )
    informing = the_question.zip(layer).map(informed)
    flow: Flow[str, Question] = pure(Question)
    for _ in range(layers):
        flow = flow.flat_map(informing)
    return flow.flat_map(asking(aggregator, AGGREGATOR, timeout))


# -- the command ----------------------------------------------------------------------------------


async def show(events: EventStream) -> None:
    """Write the answer while it comes, and a line for each model that has ended."""
    started: dict[str, float] = {}
    is_writing = False
    async with aclosing(events):
        async for event in events:
            if event.type == "task_started":
                started[event.task_id] = event.timestamp
            elif event.type == "task_chunk" and event.agent == AGGREGATOR:
                print(event.data, end="", flush=True)
                is_writing = True
            elif event.type in ("task_completed", "task_failed", "task_cancelled"):
                if event.agent == AGGREGATOR and is_writing:
                    print(flush=True)
                seconds = event.timestamp - started[event.task_id]
                note(f"{event.agent}: {ending(event)}, after {seconds:.1f} s")


def ending(event: TaskEvent) -> str:
    """How a model has ended."""
    match event.type:
        case "task_completed":
            return f"{len(joined(event.data))} characters"
        case "task_cancelled":
            return "cancelled"
        case _:
            return f"failed: {event.data}"


def note(text: str) -> None:
    """A line for the one who waits."""
    print(text, file=sys.stderr, flush=True)


async def run(flow: Flow[str, str], question: str, endpoint: Endpoint) -> int:
    """The exit code of asking a question."""
    async with endpoint, MoASystem() as system:
        try:
            await show(system.run_stream(flow, question))
        except (FlowError, EndpointError) as error:
            note(f"no answer: {error}")
        else:
            return 0
        return 1


def main(argv: Sequence[str] | None = None) -> int:
    """Answer the question on the command line."""
    parser = argparse.ArgumentParser(prog="python -m examples.mixture", description=summary())
    parser.add_argument("question", metavar="QUESTION")
    parser.add_argument("--proposer", action="append", required=True, metavar="MODEL")
    parser.add_argument("--aggregator", required=True, metavar="MODEL")
    parser.add_argument("--layers", type=int, default=1, metavar="N")
    parser.add_argument("--min-success", type=int, default=1, metavar="N")
    parser.add_argument("--timeout", type=float, default=120.0, metavar="SECONDS")
    Endpoint.add_options(parser)
    options = parser.parse_args(argv)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")  # a model may say anything
    endpoint = Endpoint.of(parser, options)
    try:
        flow = mixture(
            models(endpoint, options.proposer),
            Model(options.aggregator, endpoint),
            layers=options.layers,
            min_success=options.min_success,
            timeout=options.timeout,
        )
    except ValueError as error:  # what no flow can be made of
        parser.error(str(error))
    try:
        return asyncio.run(run(flow, options.question, endpoint))
    except KeyboardInterrupt:
        note("\nInterrupted.")
        return 130
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def models(endpoint: Endpoint, names: Iterable[str]) -> list[Model]:
    """The models of that name."""
    return [Model(name, endpoint) for name in names]


def summary() -> str:
    """What the program says of itself."""
    return (__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    sys.exit(main())
