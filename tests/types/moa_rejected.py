"""Wrong mixtures of agents: mypy rejects each at the line that is wrong.

As in `rejected.py`: every expected error is pinned by an ignore, which is an error itself once it
is not needed; nobody runs them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.flow import Flow, QuorumResult, agent, pure
from everything_is_an_actor.moa import (
    LayerOutput,
    MoASystem,
    format_references,
    moa_layer,
    moa_tree,
)
from tests.types.moa_accepted import (
    Brief,
    Counting,
    Draft,
    Judge,
    Plain,
    PlainJudge,
    Streaming,
    Thorough,
    ask,
    count,
    directs,
    judge,
    may_direct,
    may_obey,
    obeys,
    passes_on,
    repeat,
    settle,
    upper,
)


class OfNumbers(AgentActor[int, str]):
    async def execute(self, input: int) -> str:
        return str(input)


class PlainStreaming:
    async def execute(self, question: str) -> AsyncIterator[str]:
        yield question


def wrong_aggregators() -> None:
    moa_layer([Counting, Counting], Judge)  # type: ignore[arg-type]  # it takes str
    moa_layer([Counting, Counting], PlainJudge)  # type: ignore[arg-type]  # it takes str
    moa_layer([Counting, Counting], judge)  # type: ignore[arg-type]  # it takes str
    moa_layer([Counting, Counting], agent(Judge))  # type: ignore[arg-type]  # it takes str
    moa_layer([Counting, Counting], pure(settle))  # type: ignore[arg-type]  # it takes str
    moa_layer([Counting, Plain, ask], Judge)  # type: ignore[arg-type]  # one yields int
    moa_layer([Streaming, Brief], Judge)  # type: ignore[arg-type]  # one yields a list
    moa_layer([Brief, Thorough], Brief)  # type: ignore[arg-type]  # it takes no quorum
    moa_layer([Brief, Thorough], ask)  # type: ignore[arg-type]  # it takes no quorum
    moa_layer([Brief, Thorough], upper)  # type: ignore[arg-type]  # it takes no quorum
    moa_layer([Brief, Thorough], settle)  # type: ignore[arg-type]  # not asynchronous
    moa_layer([Brief, Thorough], Judge())  # type: ignore[arg-type]  # an instance
    moa_layer([Brief, Thorough], [Judge])  # type: ignore[arg-type]  # a list
    moa_layer([Brief, Thorough], None)  # type: ignore[arg-type]  # no aggregator
    moa_layer([Brief, Thorough])  # type: ignore[call-arg]  # no aggregator
    moa_layer([Brief, Thorough], pure(lambda answers: answers.winners))  # type: ignore[attr-defined]  # it is `succeeded`
    _narrow: Flow[str, str] = moa_layer([Brief, Thorough], Judge)  # type: ignore[arg-type]  # it yields a Draft


def wrong_proposers() -> None:
    moa_layer([Brief, 3], Judge)  # type: ignore[list-item]  # a number
    moa_layer([Brief, len], Judge)  # type: ignore[list-item]  # not asynchronous
    moa_layer([Brief, Brief()], Judge)  # type: ignore[list-item]  # an instance
    moa_layer([Brief, int], Judge)  # type: ignore[list-item]  # a class without `execute`
    moa_layer([PlainStreaming, Brief], Judge)  # type: ignore[list-item]  # it yields a list
    moa_layer(Brief, Judge)  # type: ignore[arg-type]  # not in a list
    moa_layer(upper, Judge)  # type: ignore[arg-type]  # not in a list
    moa_layer("Brief", Judge)  # type: ignore[arg-type]  # a text
    moa_layer({Brief, Thorough}, Judge)  # type: ignore[arg-type]  # a set has no order
    moa_layer(proposer=Brief, aggregator=Judge)  # type: ignore[call-arg]  # it is `proposers`


def wrong_options() -> None:
    moa_layer([Brief], Judge, min_success="1")  # type: ignore[arg-type]  # a string for a number
    moa_layer([Brief], Judge, timeout="30")  # type: ignore[arg-type]  # a string for seconds
    moa_layer([Brief], Judge, 1)  # type: ignore[call-arg]  # a number without its name
    moa_layer([Brief], Judge, retries=3)  # type: ignore[call-arg]  # no such option


def wrong_trees() -> None:
    moa_tree((count, upper))  # type: ignore[arg-type]  # int into str
    moa_tree((directs, upper))  # type: ignore[arg-type]  # a directive into str
    moa_tree((upper, obeys))  # type: ignore[arg-type]  # no directive
    moa_tree((may_direct, upper))  # type: ignore[arg-type]  # perhaps a directive
    moa_tree((may_direct, obeys))  # type: ignore[arg-type]  # perhaps no directive
    moa_tree((directs, repeat))  # type: ignore[arg-type]  # a directive into int
    moa_tree([upper, len])  # type: ignore[arg-type]  # a function
    moa_tree([Brief])  # type: ignore[arg-type]  # an agent that is not lifted
    moa_tree(upper)  # type: ignore[call-overload]  # not in a list
    moa_tree("upper")  # type: ignore[arg-type]  # a text
    _output: Flow[str, str] = moa_tree((directs, obeys))  # type: ignore[arg-type]  # it yields bytes
    _ends: Flow[str, str] = moa_tree((directs, passes_on, obeys))  # type: ignore[arg-type]  # it yields bytes
    _list: Flow[str, int] = moa_tree([upper, upper])  # type: ignore[assignment]  # it yields str


def wrong_values(quorum: QuorumResult[str]) -> None:
    LayerOutput("Paris")  # type: ignore[call-arg]  # no directive
    _text: int = LayerOutput("Paris", 3).result  # type: ignore[assignment]  # it is a str
    format_references(3)  # type: ignore[arg-type]  # a number
    format_references(quorum, ", ")  # type: ignore[call-arg]  # one argument


async def wrong_runs(system: MoASystem) -> None:
    layer = moa_layer([Brief], Judge)
    await system.run(layer, input=3)  # type: ignore[misc]  # it takes str
    await system.run(Brief, input="x")  # type: ignore[arg-type]  # an agent that is not lifted
    _text: str = await system.run(layer, input="x")  # type: ignore[arg-type]  # it yields a Draft
    system.run_stream(layer, input=3)  # type: ignore[misc]  # it takes str
    system.run_stream(layer, input="x", run_id=3)  # type: ignore[arg-type]  # a number for an id
    # As for the flows of a race, it is said where a layer is run that nothing is an input to all.
    mixed = moa_layer([Brief, OfNumbers], Judge)
    await system.run(mixed, input="x")  # type: ignore[misc]  # nothing is both
    await system.run(may_obey, input=Draft())  # type: ignore[misc]  # it takes str
    await system.run(layer)  # type: ignore[call-arg]  # no input


def right_but_beyond_mypy() -> None:
    """Programs that are right, and that mypy rejects: each has another form."""
    # Outputs that differ are joined to what they share: say the type of the list.
    moa_layer([Brief, Counting], agent(JudgeOfBoth))  # type: ignore[arg-type]  # right
    # What streams and is no AgentActor has to be lifted: agent(PlainStreaming).
    moa_layer([PlainStreaming], agent(JudgeOfLists))  # type: ignore[arg-type]  # right


class JudgeOfBoth(AgentActor[QuorumResult[str | int], Draft]):
    async def execute(self, input: QuorumResult[str | int]) -> Draft:
        return Draft()


class JudgeOfLists(AgentActor[QuorumResult[list[str]], Draft]):
    async def execute(self, input: QuorumResult[list[str]]) -> Draft:
        return Draft()
