"""Wrong programs with agents of every level: mypy rejects each at the line that is wrong.

As in `rejected.py`: every expected error is pinned by an ignore, which is an error itself once it
is not needed; nobody runs them.
"""

from __future__ import annotations

from typing import override

from everything_is_an_actor import ActorRef, ActorSystem
from everything_is_an_actor.agents import (
    ActorConfig,
    AgentActor,
    AgentCard,
    AgentSystem,
    Task,
    TaskResult,
)
from tests.types.agents_accepted import Box, Bytes, Count, Fetch, FetchActor, Session, count, fetch


def fetch_now(url: str) -> bytes:
    return url.encode()


class Nothing: ...


class Blocks:
    def execute(self, input: str) -> bytes:
        return input.encode()


class WrongConfig(AgentActor[str, bytes]):
    __actor__ = 3  # type: ignore[assignment]  # an ActorConfig
    __card__ = "fetch"  # type: ignore[assignment]  # an AgentCard


async def wrong_spawns(system: ActorSystem, agents: AgentSystem) -> None:
    await system.spawn(fetch_now, "a")  # type: ignore[arg-type]  # it is not async
    await system.spawn(Nothing, "b")  # type: ignore[arg-type]  # no execute
    await system.spawn(Blocks, "c")  # type: ignore[arg-type]  # execute is not async
    await system.spawn(Fetch(), "d")  # type: ignore[call-overload]  # an instance
    await agents.spawn(fetch_now, "a")  # type: ignore[arg-type]  # it is not async
    await agents.spawn(Fetch, "f", mailbox_size="1")  # type: ignore[call-overload]  # a string
    await agents.spawn(Fetch, "g", mail=3)  # type: ignore[call-overload]  # no such option
    _numbers: ActorRef[Task[str], TaskResult[int]]
    _numbers = await system.spawn(fetch, "h")  # type: ignore[arg-type]  # it gives bytes
    _texts: ActorRef[str, bytes]
    _texts = await agents.spawn(fetch, "i")  # type: ignore[assignment]  # it takes a Task


async def wrong_messages(agents: AgentSystem, fetching: Bytes) -> None:
    await fetching.ask("url")  # type: ignore[arg-type]  # not in a Task
    await fetching.ask(Task(3))  # type: ignore[arg-type]  # it takes str
    await agents.ask(fetching, "url")  # type: ignore[misc]  # not in a Task
    await agents.ask(fetching, Task(3))  # type: ignore[misc]  # it takes str
    await agents.tell(fetching, Task(3))  # type: ignore[misc]  # it takes str
    await agents.actors.ask(fetching, Task(3))  # type: ignore[misc]  # it takes str
    await agents.ask(fetch, Task("url"))  # type: ignore[call-overload]  # neither ref nor path
    _text: TaskResult[str]
    _text = await agents.ask(fetching, Task(""))  # type: ignore[arg-type]  # it gives bytes


def wrong_runs(agents: AgentSystem, fetching: Bytes) -> None:
    agents.run(fetch, 3)  # type: ignore[arg-type]  # it takes str
    agents.run(Session, 3)  # type: ignore[arg-type]  # it takes str
    agents.run(Count, 3)  # type: ignore[arg-type]  # it takes str
    agents.run(FetchActor, 3)  # type: ignore[arg-type]  # it takes str
    agents.run(Box[int], "url")  # type: ignore[arg-type]  # it takes int
    agents.run(fetch_now, "url")  # type: ignore[arg-type]  # it is not async
    agents.run(Nothing, "url")  # type: ignore[arg-type]  # no execute
    agents.ask_stream(fetching, Task(3))  # type: ignore[misc]  # it takes str


def wrong_matches(agents: AgentSystem) -> None:
    agents.discover_one(lambda: None)  # type: ignore[arg-type, misc]  # it is given the pairs
    agents.discover_one(lambda ref, card: card)  # type: ignore[arg-type, misc]  # yes or no
    agents.discover_one(lambda pairs: 3)  # type: ignore[arg-type, return-value]  # a ref or a pair
    agents.discover_one("fetch")  # type: ignore[call-overload]  # no function
    agents.discover_all(lambda pairs: 3)  # type: ignore[arg-type, return-value]  # some of them
    agents.discover_all(lambda ref, card: card)  # type: ignore[arg-type, misc]  # yes or no


def wrong_values() -> None:
    ActorConfig(mailbox_size="1")  # type: ignore[arg-type]  # a string
    ActorConfig(within_seconds=None)  # type: ignore[arg-type]  # seconds
    AgentCard()  # type: ignore[call-arg]  # no name
    AgentCard("name", skills="fetch")  # type: ignore[arg-type]  # a lone skill
    AgentCard("name", version=2)  # type: ignore[arg-type]  # a string


class WrongLeader(AgentActor[str, int]):
    @override
    async def execute(self, input: str) -> int:
        context, task, number = self.context, Task(input), Task(3)
        await context.spawn(fetch_now, "a")  # type: ignore[arg-type]  # it is not async
        await self.spawn(Nothing, "b")  # type: ignore[arg-type]  # no execute
        await context.ask(fetch, number)  # type: ignore[arg-type]  # it takes str
        await context.ask(fetch, input)  # type: ignore[call-overload]  # not in a Task
        await context.ask(Fetch, number)  # type: ignore[arg-type]  # it takes str
        await context.ask(Session, number)  # type: ignore[arg-type]  # it takes str
        await context.ask(Count, number)  # type: ignore[arg-type]  # it takes str
        await context.ask(count, number)  # type: ignore[arg-type]  # it takes str
        await context.ask(Box[str], number)  # type: ignore[arg-type]  # it takes str
        await context.ask(FetchActor, number)  # type: ignore[misc]  # it takes str
        await context.ask(fetch_now, task)  # type: ignore[arg-type]  # it is not async
        await self.ask(fetch, number)  # type: ignore[arg-type]  # it takes str
        await self.tell(fetch, task)  # type: ignore[arg-type]  # nobody would stop it
        await context.sequence([(fetch, number)])  # type: ignore[arg-type]  # it takes str
        await context.race([(fetch, input)])  # type: ignore[arg-type]  # not in a Task
        await context.traverse([number], fetch)  # type: ignore[arg-type]  # it takes str
        await context.traverse([3], Fetch)  # type: ignore[arg-type]  # it takes str
        await context.zip((fetch, task), (Fetch, number))  # type: ignore[arg-type]  # it takes str
        _text: TaskResult[str]
        _text = await context.ask(fetch, task)  # type: ignore[arg-type]  # it gives bytes
        return 0
