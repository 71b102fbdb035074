"""Every public error, provoked: each function raises one, and its docstring says when that is."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, override

from redis.asyncio import ConnectionPool, UnixDomainSocketConnection

from everything_is_an_actor import (
    Actor,
    ActorNotFoundError,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    AskCycleError,
    AskTimeoutError,
    Envelope,
    MailboxEmptyError,
    MailboxFullError,
    MemoryMailbox,
    NameInUseError,
)
from everything_is_an_actor.agents import (
    AgentSystem,
    AllFailedError,
    EventDecodeError,
    event_from_json,
)
from everything_is_an_actor.flow import (
    Continue,
    DocumentError,
    Flow,
    FlowFilterError,
    FlowTimeoutError,
    LoopLimitError,
    NoBranchError,
    QuorumError,
    SerializationError,
    UnknownNameError,
    agent,
    at_least,
    from_yaml,
    loop,
    pure,
    race,
    to_yaml,
)
from everything_is_an_actor.free import (
    ActorModel,
    UnknownActorError,
    UnscriptedAskError,
    ask,
    run_model,
    run_scripted,
    spawn,
)
from everything_is_an_actor.plugins.redis import (
    JsonCodec,
    RedisMailbox,
    RedisUnavailableError,
    RemoteActorError,
    wire,
)
from everything_is_an_actor.testing import DeadlockError, Does, Oops, run, scripted
from manual.press import Draft, is_short, text_of


@dataclass(frozen=True)
class Provoked:
    """An error that was raised, and what had been done."""

    when: str
    error: Exception


def provoked(kind: type[Exception]) -> Provoked | None:
    """An error of that kind, raised just now; none, if it is only the base of others."""
    provoke = PROVOKING.get(kind)
    if provoke is None:
        return None
    try:
        provoke()
    except kind as error:
        return Provoked(provoke.__doc__ or "", error)
    raise AssertionError(f"{kind.__name__} was not raised when {provoke.__doc__}")


class Echo(Actor[str, str]):
    """An actor that says what it is told."""

    @override
    async def on_receive(self, message: str) -> str:
        return message


class Slow(Actor[str, str]):
    """An actor that takes a minute."""

    @override
    async def on_receive(self, message: str) -> str:
        await asyncio.sleep(60)
        return message


class Introvert(Actor[str, str]):
    """An actor that asks itself."""

    @override
    async def on_receive(self, message: str) -> str:
        return await self.context.ask(self.context.self_ref, message)


type _Talk = Callable[[ActorSystem, ActorRef[str, str]], Awaitable[object]]


def _with(kind: type[Actor[str, str]], talk: _Talk) -> None:
    """What is said to one actor of that kind, whose name is greeter."""

    async def main() -> None:
        async with ActorSystem("app") as system:
            await talk(system, await system.spawn(kind, "greeter"))

    run(main())


def _run(flow: Flow[Any, Any], value: object) -> None:
    """What a flow of any type comes to, on actors and on virtual time."""

    async def main() -> None:
        async with AgentSystem() as system:
            await system.run_flow(flow, value)

    run(main())


async def cache(query: str) -> str:
    """A cache that is out of order."""
    raise ConnectionError("the cache is down")


async def web(query: str) -> str:
    """A network that is out of order."""
    raise OSError("no route to host")


async def think(query: str) -> str:
    """An agent that takes a minute."""
    await asyncio.sleep(60)
    return query


def _not_found() -> None:
    """nobody lives at the path that is looked up"""

    async def look(system: ActorSystem, greeter: ActorRef[str, str]) -> None:
        system.get_actor("/app/nobody")

    _with(Echo, look)


def _stopped() -> None:
    """an actor is asked after it has stopped"""

    async def stop_and_ask(system: ActorSystem, greeter: ActorRef[str, str]) -> None:
        greeter.stop()
        await greeter.join()
        await greeter.ask("hello")

    _with(Echo, stop_and_ask)


def _cycle() -> None:
    """an actor asks itself"""
    _with(Introvert, lambda system, greeter: greeter.ask("hello"))


def _late() -> None:
    """an actor takes a minute and is given half a second"""
    _with(Slow, lambda system, greeter: greeter.ask("hello", timeout=0.5))


def _empty() -> None:
    """something is taken out of a mailbox at once, and nothing is in it"""
    MemoryMailbox(1).get_nowait()


def _full() -> None:
    """a second message is put into a mailbox of size one, by a sender that does not wait"""
    mailbox = MemoryMailbox(1)
    mailbox.put_nowait(Envelope("first"))
    mailbox.put_nowait(Envelope("second"))


def _in_use() -> None:
    """a second actor is given the name of one that is alive"""
    _with(Echo, lambda system, greeter: system.spawn(Echo, "greeter"))


def _no_event() -> None:
    """when a line of a trace was cut off"""
    event_from_json('{"type": "task_started", "timestamp": 0.5')


def _all_failed() -> None:
    """neither of two flows that race succeeds"""
    _run(race(agent(cache), agent(web)), "cats")


def _no_document() -> None:
    """a keyword is misspelled"""
    from_yaml("steps:\n  - pure: is_short\n  - tiemout: {seconds: 5}\n", {"is_short": is_short})


def _unknown_name() -> None:
    """an agent is misspelled"""
    from_yaml("steps: [cach, web]", {"cache": cache, "web": web})


def _unwritable() -> None:
    """a lambda is to be written down"""
    to_yaml(pure(str.strip).map(lambda text: text.title()), {"strip": str.strip})


def _filtered() -> None:
    """a value does not pass"""
    _run(pure(str.strip).filter(is_short), "a long question")


def _timed_out() -> None:
    """an agent takes a minute and is given five seconds"""
    _run(agent(think, timeout=5), "cats")


def _endless() -> None:
    """a body is not done in two rounds"""
    _run(loop(pure(Continue), max_iter=2), "a draft")


def _no_branch() -> None:
    """a value is of a type that has no case"""
    _run(pure(str.strip).branch({Draft: pure(text_of)}), "cats")


def _too_few() -> None:
    """one of two flows succeeds, and two were needed"""
    _run(at_least(2, pure(str.upper), agent(web)), "cats")


def _not_in_the_model() -> None:
    """a program starts an actor that the model does not have"""
    run_model(spawn(Echo, "greeter"), {"/app/counter": ActorModel(0, lambda n, by: (n + by, n))})


def _not_in_the_script() -> None:
    """a program asks what the script has no reply to"""
    run_scripted(ask("/app/greeter", "hello"), {("/app/greeter", "hi"): "hello"})


def _deadlock() -> None:
    """a test waits for an event that nobody sets"""
    run(_for_ever())


async def _for_ever() -> None:
    await asyncio.Event().wait()


def _oops() -> None:
    """a scripted agent fails as the script says"""
    _run(agent(scripted("broken", {"cats": Does(Oops("no route"))})), "cats")


def _no_redis() -> None:
    """a message is sent, and no server is there"""

    async def main() -> None:
        pool = ConnectionPool(connection_class=UnixDomainSocketConnection, path="/no/such/socket")
        await RedisMailbox(pool, "jobs", patience=0.01).put(Envelope("hello"))

    asyncio.run(main())


def _remote() -> None:
    """the handler of another process fails"""
    failed = wire.answer("1", JsonCodec(), None, ValueError("-1 is negative"))
    texts = [field if isinstance(field, bytes) else str(field).encode() for field in failed]
    wire.result(dict(zip(texts[::2], texts[1::2], strict=True)), JsonCodec())


PROVOKING: dict[type[Exception], Callable[[], None]] = {
    ActorNotFoundError: _not_found,
    ActorStoppedError: _stopped,
    AskCycleError: _cycle,
    AskTimeoutError: _late,
    MailboxEmptyError: _empty,
    MailboxFullError: _full,
    NameInUseError: _in_use,
    EventDecodeError: _no_event,
    AllFailedError: _all_failed,
    DocumentError: _no_document,
    UnknownNameError: _unknown_name,
    SerializationError: _unwritable,
    FlowFilterError: _filtered,
    FlowTimeoutError: _timed_out,
    LoopLimitError: _endless,
    NoBranchError: _no_branch,
    QuorumError: _too_few,
    UnknownActorError: _not_in_the_model,
    UnscriptedAskError: _not_in_the_script,
    DeadlockError: _deadlock,
    Oops: _oops,
    RedisUnavailableError: _no_redis,
    RemoteActorError: _remote,
}
