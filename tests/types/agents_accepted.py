"""Right programs with agents of every level, each with the exact type that mypy infers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Any, Unpack, assert_type, override

from everything_is_an_actor import Actor, ActorRef, ActorSystem
from everything_is_an_actor.agents import (
    ActorConfig,
    AgentActor,
    AgentCard,
    AgentLike,
    AgentSystem,
    EventStream,
    SpawnOptions,
    StreamEvent,
    StreamingAgentLike,
    StreamResult,
    Task,
    TaskResult,
)
from everything_is_an_actor.flow import Flow, agent

type Bytes = ActorRef[Task[str], TaskResult[bytes]]
type Numbers = ActorRef[Task[str], TaskResult[list[int]]]


async def fetch(url: str) -> bytes:
    return url.encode()


async def count(url: str) -> AsyncIterator[int]:
    yield len(url)


async def fetch_from(host: str, url: str) -> bytes:
    return (host + url).encode()


class Fetch:
    def __init__(self, host: str = "") -> None:
        self.host = host

    async def execute(self, input: str) -> bytes:
        return input.encode()


class Count:
    async def execute(self, input: str) -> AsyncIterator[int]:
        yield len(input)


class Session(Fetch):
    __actor__ = ActorConfig(mailbox_size=10)
    __card__ = AgentCard("session", skills=["fetch"])

    async def on_started(self) -> None: ...

    async def on_stopped(self) -> None: ...


class Box[T]:
    async def execute(self, input: T) -> tuple[T, ...]:
        return (input,)


class FetchActor(AgentActor[str, bytes]):
    __actor__ = ActorConfig(max_restarts=10)
    __card__ = AgentCard("fetch", "fetches pages", ("fetch",), "2.0")

    @override
    async def execute(self, input: str) -> bytes:
        return input.encode()


class CountActor(AgentActor[str, list[int]]):
    @override
    async def execute(self, input: str) -> AsyncIterator[int]:
        yield len(input)


class Length(Actor[str, int]):
    __actor__ = ActorConfig()

    @override
    async def on_receive(self, message: str) -> int:
        return len(message)


async def spawned_by_a_system(system: ActorSystem) -> None:
    assert_type(await system.spawn(fetch, "a"), Bytes)
    assert_type(await system.spawn(count, "b"), Numbers)
    bound = partial(fetch_from, "host")  # of whose parameters mypy knows nothing
    assert_type(await system.spawn(bound, "c"), ActorRef[Task[Any], TaskResult[bytes]])
    assert_type(await system.spawn(Fetch, "d", args=("host",)), Bytes)
    assert_type(await system.spawn(Count, "e", mailbox_size=0), Numbers)
    assert_type(await system.spawn(Session, "f", kwargs={"host": ""}), Bytes)
    assert_type(await system.spawn(Box[int], "g"), ActorRef[Task[int], TaskResult[tuple[int, ...]]])
    assert_type(await system.spawn(FetchActor, "h"), Bytes)
    assert_type(await system.spawn(CountActor, "i"), Numbers)
    assert_type(await system.spawn(Length, "j"), ActorRef[str, int])
    boxes: ActorRef[Task[bytes], TaskResult[tuple[bytes, ...]]] = await system.spawn(Box, "k")
    assert_type(boxes, ActorRef[Task[bytes], TaskResult[tuple[bytes, ...]]])


async def spawned_by_an_agent_system(system: AgentSystem, path: str) -> None:
    assert_type(await system.spawn(count, "b"), Numbers)
    assert_type(await system.spawn(Count, "e"), Numbers)
    assert_type(await system.spawn(Session, "f"), Bytes)
    assert_type(await system.spawn(FetchActor, "h", dispatcher="io"), Bytes)
    fetching = await system.spawn(fetch, "a")
    assert_type(fetching, Bytes)
    assert_type(await fetching.ask(Task("url")), TaskResult[bytes])

    assert_type(await system.ask(fetching, Task("url")), TaskResult[bytes])
    assert_type(await system.ask(path, Task("url"), timeout=None), Any)
    await system.tell(fetching, Task("url"))
    await system.tell(path, "url")
    assert_type(await system.actors.ask(fetching, Task("url")), TaskResult[bytes])
    async for item in system.ask_stream(fetching, Task("url")):
        assert_type(item, StreamEvent | StreamResult[TaskResult[bytes]])

    for run in (
        system.run(fetch, "url"),
        system.run(count, "url"),
        system.run(Fetch, "url"),
        system.run(Count, "url"),
        system.run(Session, "url", timeout=None),
        system.run(Box[int], 3),
        system.run(FetchActor, "url"),
        system.run(CountActor, "url"),
    ):
        assert_type(run, EventStream)

    found = system.discover_one(lambda ref, card: "fetch" in card.skills and ref.is_alive)
    assert_type(found, ActorRef[Any, Any] | None)
    assert_type(system.discover_one(lambda pairs: pairs[0]), ActorRef[Any, Any] | None)
    assert_type(system.discover_one(lambda pairs: None), ActorRef[Any, Any] | None)
    every = system.discover_all(lambda ref, card: card.version == "2.0")
    assert_type(every, tuple[ActorRef[Any, Any], ...])
    last = system.discover_all(lambda pairs: (ref for ref, card in pairs[-1:]))
    assert_type(last, tuple[ActorRef[Any, Any], ...])
    assert_type(system.discover_all(tuple), tuple[ActorRef[Any, Any], ...])


async def spawned_by_a_function[M, R](
    system: ActorSystem, cls: type[Actor[M, R]], **options: Unpack[SpawnOptions]
) -> ActorRef[M, R]:
    return await system.spawn(cls, "name", **options)


class Leader(AgentActor[str, int]):
    @override
    async def execute(self, input: str) -> int:
        context, task = self.context, Task(input)
        assert_type(await context.spawn(fetch, "a"), Bytes)
        assert_type(await context.spawn(Count, "e"), Numbers)
        assert_type(await context.spawn(Length, "j"), ActorRef[str, int])
        assert_type(await self.spawn(count, "b"), Numbers)
        assert_type(await self.spawn(Session, "f"), Bytes)
        actor = await self.spawn(FetchActor, "h")
        assert_type(actor, Bytes)

        assert_type(await context.ask(fetch, task), TaskResult[bytes])
        assert_type(await context.ask(count, task), TaskResult[list[int]])
        assert_type(await context.ask(Fetch, task, name="one"), TaskResult[bytes])
        assert_type(await context.ask(Count, task, timeout=None), TaskResult[list[int]])
        assert_type(await context.ask(Session, task), TaskResult[bytes])
        assert_type(await context.ask(Box[str], task), TaskResult[tuple[str, ...]])
        assert_type(await context.ask(FetchActor, task), TaskResult[bytes])
        assert_type(await context.ask(CountActor, task), TaskResult[list[int]])
        assert_type(await context.ask(actor, task), TaskResult[bytes])
        assert_type(await self.ask(fetch, task), TaskResult[bytes])
        assert_type(await self.ask(Count, task), TaskResult[list[int]])
        assert_type(await self.ask(FetchActor, task), TaskResult[bytes])

        assert_type(await context.sequence([(fetch, task), (fetch, task)]), list[TaskResult[bytes]])
        assert_type(await context.sequence([(Count, task)]), list[TaskResult[list[int]]])
        mixed: list[tuple[AgentLike[str, bytes], Task[str]]] = [
            (fetch, task),
            (Session, task),
            (FetchActor, task),
        ]
        assert_type(await context.sequence(mixed), list[TaskResult[bytes]])
        assert_type(await context.race(mixed), TaskResult[bytes])
        chunks: list[tuple[StreamingAgentLike[str, int], Task[str]]] = [(count, task)]
        assert_type(await context.race([*chunks, (Count, task)]), TaskResult[list[int]])
        assert_type(await context.traverse([task], fetch), list[TaskResult[bytes]])
        assert_type(await context.traverse([task], count), list[TaskResult[list[int]]])
        assert_type(await context.traverse([task], Session), list[TaskResult[bytes]])
        assert_type(await context.traverse([task], FetchActor), list[TaskResult[bytes]])
        assert_type(await context.traverse(["url"], fetch), list[TaskResult[bytes]])
        assert_type(await context.traverse(["url"], count), list[TaskResult[list[int]]])
        assert_type(await context.traverse(["url"], Session), list[TaskResult[bytes]])
        assert_type(await context.traverse(["url"], FetchActor), list[TaskResult[bytes]])
        async for item in context.stream(fetch, task):
            assert_type(item, StreamEvent | StreamResult[TaskResult[bytes]])
        async for chunk in context.stream(Count, task, name="one"):
            assert_type(chunk, StreamEvent | StreamResult[TaskResult[list[int]]])
        assert_type(
            await context.zip((fetch, task), (Box[int], Task(3))),
            tuple[TaskResult[bytes], TaskResult[tuple[int, ...]]],
        )
        assert_type(
            await context.zip((fetch, task), (count, task)),
            tuple[TaskResult[bytes], TaskResult[list[int]]],
        )
        assert_type(
            await context.zip((Count, task), (Fetch, task)),
            tuple[TaskResult[list[int]], TaskResult[bytes]],
        )
        assert_type(
            await context.zip((Count, task), (count, task)),
            tuple[TaskResult[list[int]], TaskResult[list[int]]],
        )
        return 0


def flows() -> None:
    """They are leaves of flows just so."""
    assert_type(agent(fetch), Flow[str, bytes])
    assert_type(agent(count), Flow[str, list[int]])
    assert_type(agent(Session), Flow[str, bytes])
    assert_type(agent(Count), Flow[str, list[int]])
    assert_type(agent(FetchActor), Flow[str, bytes])


def results(result: TaskResult[bytes]) -> None:
    assert_type(result.get_or_raise(), bytes)
    assert_type(result.map(len), TaskResult[int])
    assert_type(result.to_result().map(len).value_or(None), int | None)
    assert_type(AgentCard("name", skills=["one"]).skills, tuple[str, ...])
