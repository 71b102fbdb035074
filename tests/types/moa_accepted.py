"""Right mixtures of agents, each with the exact type that mypy infers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, assert_type

from everything_is_an_actor.agents import AgentActor, EventStream, TaskEvent, TaskResult
from everything_is_an_actor.flow import Agent, Flow, QuorumResult, agent, at_least, pure
from everything_is_an_actor.moa import (
    Directed,
    LayerOutput,
    MoASystem,
    format_references,
    moa_layer,
    moa_tree,
)


class Draft: ...


class Brief(AgentActor[str, str]):
    async def execute(self, input: str) -> str:
        return input


class Thorough(AgentActor[str, str]):
    async def execute(self, input: str) -> str:
        return input


class Plain:
    async def execute(self, question: str) -> str:
        return question


class OtherPlain:
    async def execute(self, question: str) -> str:
        return question


class Counting(AgentActor[str, int]):
    async def execute(self, input: str) -> int:
        return len(input)


class Streaming(AgentActor[str, list[str]]):
    async def execute(self, input: str) -> AsyncIterator[str]:
        yield input


class OfAnything(AgentActor[object, str]):
    async def execute(self, input: object) -> str:
        return repr(input)


class Narrow(AgentActor[str, object]):
    async def execute(self, input: str) -> str:
        return input


class Echo[T](AgentActor[T, T]):
    async def execute(self, input: T) -> T:
        return input


async def ask(question: str) -> str:
    return question


async def ask_again(question: str) -> str:
    return question


class Judge(AgentActor[QuorumResult[str], Draft]):
    async def execute(self, input: QuorumResult[str]) -> Draft:
        return Draft()


class PlainJudge:
    async def execute(self, answers: QuorumResult[str]) -> Draft:
        return Draft()


class WideJudge(AgentActor[QuorumResult[object], Draft]):
    async def execute(self, input: QuorumResult[object]) -> Draft:
        return Draft()


class StreamingJudge(AgentActor[QuorumResult[str], list[Draft]]):
    async def execute(self, input: QuorumResult[str]) -> AsyncIterator[Draft]:
        yield Draft()


class Eldest[T]:
    async def execute(self, answers: QuorumResult[T]) -> T:
        return answers.succeeded[0]


async def judge(answers: QuorumResult[str]) -> Draft:
    return Draft()


async def eldest[T](answers: QuorumResult[T]) -> T:
    return answers.succeeded[0]


def settle(answers: QuorumResult[str]) -> Draft:
    return Draft()


upper: Flow[str, str] = pure(str.upper)

# ---------------------------------------------------------------------------------- proposers

assert_type(moa_layer(proposers=[Brief, Thorough], aggregator=Judge), Flow[str, Draft])
assert_type(moa_layer([Brief, Thorough], Judge), Flow[str, Draft])
assert_type(moa_layer([Brief], Judge, min_success=1, timeout=None), Flow[str, Draft])
assert_type(moa_layer([Brief, Brief], Judge), Flow[str, Draft])
assert_type(moa_layer([Plain, OtherPlain], Judge), Flow[str, Draft])
assert_type(moa_layer([ask, ask_again], Judge), Flow[str, Draft])
assert_type(moa_layer([upper, agent(Brief, timeout=3)], Judge), Flow[str, Draft])
# of any kinds, in any order, in any sequence
assert_type(moa_layer([upper, Brief, ask, Plain], Judge), Flow[str, Draft])
assert_type(moa_layer([Plain, ask, Brief, upper], Judge), Flow[str, Draft])
assert_type(moa_layer((upper, Brief, ask, Plain), Judge), Flow[str, Draft])
assert_type(moa_layer([Brief, OfAnything], Judge), Flow[str, Draft])
assert_type(moa_layer([OfAnything, OfAnything], Judge), Flow[object, Draft])
assert_type(moa_layer([Narrow, Brief], Judge), Flow[str, Draft])
assert_type(moa_layer([Echo[str], Brief], Judge), Flow[str, Draft])
assert_type(moa_layer([Brief, pure(lambda text: text.upper())], Judge), Flow[str, Draft])
# a stream's output is the list of its chunks
assert_type(moa_layer([Streaming, Streaming], eldest), Flow[str, list[str]])
# a layer, or whatever else is made of them, may propose
inner = moa_layer([Brief, ask], eldest)
assert_type(moa_layer([inner, Brief, moa_tree([inner])], Judge), Flow[str, Draft])
assert_type(moa_layer([at_least(1, upper).map(lambda q: q.succeeded[0])], Judge), Flow[str, Draft])


def of_a_variable(
    classes: list[type[AgentActor[str, str]]],
    plain: tuple[type[Agent[str, str]], ...],
    functions: Sequence[Callable[[str], Awaitable[str]]],
    flows: list[Flow[str, str]],
) -> None:
    assert_type(moa_layer(classes, Judge), Flow[str, Draft])
    assert_type(moa_layer(plain, Judge), Flow[str, Draft])
    assert_type(moa_layer(functions, Judge), Flow[str, Draft])
    assert_type(moa_layer(flows, Judge), Flow[str, Draft])
    assert_type(moa_layer([*classes, *plain, *functions, *flows], Judge), Flow[str, Draft])
    assert_type(moa_layer([agent(cls, timeout=9) for cls in classes], Judge), Flow[str, Draft])


# --------------------------------------------------------------------------------- aggregators

assert_type(moa_layer([Brief, ask], PlainJudge), Flow[str, Draft])
assert_type(moa_layer([Brief, ask], WideJudge), Flow[str, Draft])
assert_type(moa_layer([Brief, ask], StreamingJudge), Flow[str, list[Draft]])
assert_type(moa_layer([Brief, ask], judge), Flow[str, Draft])
assert_type(moa_layer([Brief, ask], agent(Judge, timeout=120)), Flow[str, Draft])
assert_type(moa_layer([Brief, ask], pure(settle)), Flow[str, Draft])
assert_type(moa_layer([Brief, ask], pure(settle).map(str)), Flow[str, str])
assert_type(moa_layer([Brief, ask], pure(format_references)), Flow[str, str])
assert_type(
    moa_layer([Brief, ask], pure(lambda answers: answers.succeeded)), Flow[str, tuple[str, ...]]
)
assert_type(
    moa_layer([Counting, Counting], pure(lambda answers: sum(answers.succeeded))), Flow[str, int]
)
# a generic one takes its type from the proposers; a generic class has to be told
assert_type(moa_layer([Brief, ask], eldest), Flow[str, str])
assert_type(moa_layer([Counting], agent(eldest)), Flow[str, int])
assert_type(moa_layer([Counting], Eldest[int]), Flow[str, int])
assert_type(moa_layer([Counting], Eldest), Flow[str, Any])
# outputs that differ: what they have in common, or what a list of them says
assert_type(moa_layer([Brief, Counting], WideJudge), Flow[str, Draft])
mixed: list[type[Agent[str, str | int]]] = [Brief, Counting]
assert_type(moa_layer(mixed, eldest), Flow[str, str | int])

# --------------------------------------------------------------------------------------- trees

count: Flow[str, int] = pure(len)
repeat: Flow[int, bytes] = pure(bytes)
directs: Flow[str, LayerOutput[str, int]] = pure(lambda text: LayerOutput(text, 1))
obeys: Flow[Directed[str, int], bytes] = pure(lambda order: bytes(order["directive"]))
obeys_any: Flow[Directed[object, object], bytes] = pure(lambda order: b"")
passes_on: Flow[Directed[str, int], LayerOutput[str, int]] = pure(lambda order: LayerOutput("", 1))
may_direct: Flow[str, str | LayerOutput[str, int]] = pure(lambda text: text or LayerOutput("", 1))
may_obey: Flow[str | Directed[str, int], bytes] = pure(lambda text: b"")
goes_on: Flow[str | Directed[str, int], str | LayerOutput[str, int]] = pure(lambda text: "")

assert_type(moa_tree((count,)), Flow[str, int])
assert_type(moa_tree((directs,)), Flow[str, str])
assert_type(moa_tree((may_direct,)), Flow[str, str])
# two layers in a tuple fit each other
assert_type(moa_tree((count, repeat)), Flow[str, bytes])
assert_type(moa_tree((upper, directs)), Flow[str, str])
assert_type(moa_tree((upper, may_direct)), Flow[str, str])
assert_type(moa_tree((directs, obeys)), Flow[str, bytes])
assert_type(moa_tree((directs, obeys_any)), Flow[str, bytes])
assert_type(moa_tree((directs, passes_on)), Flow[str, str])
assert_type(moa_tree((directs, goes_on)), Flow[str, str])
assert_type(moa_tree((may_direct, may_obey)), Flow[str, bytes])
assert_type(moa_tree((may_direct, goes_on)), Flow[str, str])
# of more the ends are known
assert_type(moa_tree((directs, passes_on, obeys)), Flow[str, bytes])
assert_type(moa_tree((count, repeat, pure(bytes.decode), directs)), Flow[str, str])
assert_type(moa_tree((directs, passes_on, passes_on, passes_on, goes_on)), Flow[str, str])
# a list of layers that take what they yield
assert_type(moa_tree([upper]), Flow[str, str])
assert_type(moa_tree([upper, upper, upper]), Flow[str, str])
assert_type(moa_tree([goes_on, goes_on]), Flow[str, str])
assert_type(moa_tree([moa_layer([Brief, ask], eldest), upper]), Flow[str, str])
assert_type(moa_tree([upper for _ in range(3)]), Flow[str, str])
# of any other list nothing is known
assert_type(moa_tree([count, repeat]), Flow[Any, Any])
assert_type(moa_tree([directs, obeys]), Flow[Any, Any])
told: Flow[str, bytes] = moa_tree([directs, obeys])


def of_many(some: tuple[Flow[str, str], ...], others: Sequence[Flow[str, str]]) -> None:
    assert_type(moa_tree(some), Flow[str, str])
    assert_type(moa_tree(others), Flow[str, str])


# -------------------------------------------------------------------------- values, references

assert_type(LayerOutput("Paris", 3), LayerOutput[str, int])
assert_type(LayerOutput("Paris", 3).result, str)
wider: LayerOutput[object, int] = LayerOutput[str, bool]("Paris", True)
assert_type(format_references(["a", "b"]), str)
assert_type(format_references((1, Draft())), str)


def of_results(quorum: QuorumResult[int], result: TaskResult[bool]) -> TaskResult[int]:
    assert_type(format_references(quorum), str)
    return result  # a bool is an int


# ------------------------------------------------------------------------------------- running


async def running(system: MoASystem) -> None:
    layer = moa_layer([Brief, ask], Judge)
    assert_type(await system.run(layer, input="x"), Draft)
    assert_type(await system.run(layer, "x"), Draft)
    assert_type(await system.run(moa_tree((directs, obeys)), input="x"), bytes)
    assert_type(system.run_stream(layer, input="x"), EventStream)
    async for event in system.run_stream(layer, input="x", run_id="r1"):
        assert_type(event, TaskEvent)
    assert_type(await system.shutdown(timeout=1.0), int)
    async with MoASystem() as other:
        assert_type(other, MoASystem)
