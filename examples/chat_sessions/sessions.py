"""Sessions: virtual actors by their names, whose state is in Redis.

A session is there when it is asked, and gone when nobody has asked it for a while; what was said is
read from Redis when it comes back, in this process or the next one. Questions come over a queue in
Redis, which any process may send to. A question that was begun when its process died is handed out
again, so each has an id, by which a session knows what it has answered.

One process serves at a time: a second one would have sessions of the same names.
"""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final, TypedDict, override

from openai.types.chat import ChatCompletionMessageParam
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor import (
    Actor,
    ActorSystem,
    Directive,
    OneForOneStrategy,
    VirtualActorRegistry,
)
from everything_is_an_actor.plugins.redis import RedisMailbox, RedisRegistryStore
from examples.endpoint import Chat, Model

QUESTIONS: Final = "chat:questions"
REMEMBERED: Final = 50  # turns that a model is sent


class Question(TypedDict):
    """What is said in a session; JSON can carry it."""

    session: str
    id: str
    text: str


class Turn(TypedDict):
    """A question that was answered."""

    id: str
    question: str
    answer: str


async def turns_of(redis: Redis, session: str) -> list[Turn]:
    """The last turns of a session."""
    return [json.loads(turn) for turn in await redis.lrange(_key(session), -REMEMBERED, -1)]


def _key(session: str) -> str:
    return f"chat:turns:{session}"


class Session(Actor[Question, Turn]):
    """One conversation. What it knows is what Redis knows, whenever it fails or goes."""

    def __init__(self, model: Model, redis: Redis) -> None:
        self.model = model
        self.redis = redis
        self.turns: list[Turn] = []

    @override
    async def on_started(self) -> None:
        self.name = self.context.self_ref.name
        self.turns = await turns_of(self.redis, self.name)
        print(f"{self.name}: here, after {len(self.turns)} turns", flush=True)

    @override
    async def on_receive(self, question: Question) -> Turn:
        for turn in self.turns:
            if turn["id"] == question["id"]:  # it has come a second time
                return turn
        answer = "".join([piece async for piece in self.model.reply(self._chat(question))])
        turn = Turn(id=question["id"], question=question["text"], answer=answer)
        await self.redis.rpush(_key(self.name), json.dumps(turn))
        self.turns = [*self.turns, turn][-REMEMBERED:]
        print(f"{self.name}: answered", flush=True)
        return turn

    def _chat(self, question: Question) -> Chat:
        chat: list[ChatCompletionMessageParam] = []
        for turn in self.turns:
            chat.append({"role": "user", "content": turn["question"]})
            chat.append({"role": "assistant", "content": turn["answer"]})
        return [*chat, {"role": "user", "content": question["text"]}]


class Desk(Actor[Question, Turn]):
    """Takes one question after another from the queue to its session; several work at once."""

    def __init__(self, sessions: VirtualActorRegistry) -> None:
        self.sessions = sessions

    @override
    async def on_receive(self, question: Question) -> Turn:
        return await self.sessions.ask(Session, question["session"], question, timeout=None)


def sessions_on(system: ActorSystem, pool: ConnectionPool, idle: float) -> VirtualActorRegistry:
    """The sessions, which go when nobody has asked them for `idle` seconds."""
    store = RedisRegistryStore(pool, prefix="chat")
    return VirtualActorRegistry(system, store=store, default_idle_seconds=idle)


@asynccontextmanager
async def serving(
    model: Model, pool: ConnectionPool, *, idle: float = 300.0, desks: int = 8
) -> AsyncGenerator[VirtualActorRegistry]:
    """Answer questions, `desks` at a time."""
    # A failure, of the model or of Redis, is told to whoever asked, and changes nothing here.
    strategy = OneForOneStrategy(decider=lambda error: Directive.resume)
    async with (
        Redis(connection_pool=pool) as redis,
        ActorSystem("chat", supervisor_strategy=strategy) as system,
    ):
        sessions = sessions_on(system, pool, idle)
        sessions.register(Session, args=(model, redis))
        sessions.on_deactivate(lambda _, session: print(f"{session}: gone", flush=True))
        for number in range(1, desks + 1):
            mailbox = RedisMailbox(pool, QUESTIONS)
            await system.spawn(Desk, f"desk-{number}", mailbox=mailbox, args=(sessions,))
        yield sessions
