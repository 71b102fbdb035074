"""What is stashed is put aside, and handled later: in order, and with its asker."""

import asyncio
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    Directive,
    Envelope,
    Mailbox,
    MemoryMailbox,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Gate, always, now, turns


class Door(Actor[Any, Any]):
    """Puts messages aside while it is shut: "open" opens it; an exception is raised."""

    def __init__(self, seen: list[Any], is_open: bool = False) -> None:
        self.seen = seen
        self.is_open = is_open

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, Gate):
            return await message.wait()
        if isinstance(message, BaseException):
            raise message
        if message == "open":
            self.is_open = True
            self.context.unstash_all()
            return "opened"
        if not self.is_open:
            self.context.stash()
            return "put aside"
        self.seen.append(message)
        return message


class Durable(Mailbox):
    """A mailbox that is told of what has been handled."""

    def __init__(self) -> None:
        self.inner = MemoryMailbox(0)
        self.handled: list[Any] = []

    @override
    async def put(self, envelope: Envelope) -> bool:
        return self.put_nowait(envelope)

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        return self.inner.put_nowait(envelope)

    @override
    async def get(self) -> Envelope:
        return await self.inner.get()

    @override
    def get_nowait(self) -> Envelope:
        return self.inner.get_nowait()

    @override
    def empty(self) -> bool:
        return self.inner.empty()

    @override
    def full(self) -> bool:
        return False

    @override
    def close(self) -> list[Envelope]:
        return self.inner.close()

    @override
    async def done(self, envelope: Envelope) -> None:
        self.handled.append(envelope.message)


async def test_what_was_stashed_comes_before_what_is_in_the_mailbox_in_order() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", args=(seen,))
        for number in range(3):
            await ref.tell(number)
        await ref.tell("open")
        for number in range(3, 6):
            await ref.tell(number)
        await ref.ask("last")
        assert seen == [0, 1, 2, 3, 4, 5, "last"]


async def test_an_ask_that_is_stashed_is_answered_later() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", args=([],))
        asks = [asyncio.create_task(ref.ask(number)) for number in range(3)]
        await turns()
        assert not any(ask.done() for ask in asks)
        assert await ref.ask("open") == "opened"
        assert await asyncio.gather(*asks) == [0, 1, 2]


@on_virtual_time
async def test_an_ask_that_is_stashed_still_times_out_and_is_then_not_handled() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", args=(seen,))
        with pytest.raises(TimeoutError):
            await ref.ask("late", timeout=2.0)
        assert now() == 2.0
        await ref.ask("open")
        assert seen == []
        assert [letter.message for letter in system.dead_letters] == ["late"]


async def test_a_message_may_be_stashed_again_and_again() -> None:
    seen: list[Any] = []
    left = 3

    class Patient(Actor[str, str]):
        @override
        async def on_receive(self, message: str) -> str:
            nonlocal left
            if message == "again":
                self.context.unstash_all()
            elif left:
                left -= 1
                self.context.stash()
            else:
                seen.append(message)
            return message

    async with ActorSystem() as system:
        ref = await system.spawn(Patient, "patient")
        asks = [asyncio.create_task(ref.ask(name)) for name in "ab"]
        for _ in range(3):
            await turns(2)
            await ref.ask("again")
        await asyncio.gather(*asks)
        assert sorted(seen) == ["a", "b"]


async def test_unstash_all_of_nothing_is_harmless() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", args=([],))
        assert await ref.ask("open") == "opened"


# ---------------------------------------------------------------------- errors


async def test_to_stash_twice_is_an_error() -> None:
    async def twice(actor: Does) -> None:
        actor.context.stash()
        with pytest.raises(RuntimeError, match="has stashed the message in hand already"):
            actor.context.stash()
        actor.context.unstash_all()
        raise ValueError("to end it")

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        with pytest.raises(ValueError, match="to end it"):
            await ref.ask(twice)


@pytest.mark.parametrize("hook", ["on_started", "on_stopped", "on_restart", "at a restart"])
async def test_to_stash_outside_a_message_is_an_error(hook: str) -> None:
    refused: list[str] = []
    starts = 0

    class Stashing(Does):
        def refuse(self, where: str) -> None:
            if where == hook:
                with pytest.raises(RuntimeError, match="has no message in hand"):
                    self.context.stash()
                refused.append(where)

        @override
        async def on_started(self) -> None:
            nonlocal starts
            starts += 1
            self.refuse("on_started" if starts == 1 else "at a restart")

        @override
        async def on_restart(self, error: Exception) -> None:
            self.refuse("on_restart")

        @override
        async def on_stopped(self) -> None:
            self.refuse("on_stopped")

    def fail(_: Does) -> None:
        raise ValueError("no")

    async with ActorSystem() as system:
        ref = await system.spawn(Stashing, "stashing")
        await ref.tell(fail)
        assert await ref.ask(lambda _: "goes on") == "goes on"
    assert refused == [hook]


async def test_to_stash_from_a_task_that_outlives_its_message_is_an_error() -> None:
    gate, tasks = Gate(), list[asyncio.Task[None]]()

    async def later(actor: Does) -> None:
        await gate.wait()
        actor.context.stash()

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        await ref.ask(lambda actor: tasks.append(asyncio.create_task(later(actor))))
        await gate.reached.wait()
        other = Gate()
        asking = asyncio.create_task(ref.ask(lambda _: other.wait()))
        await other.reached.wait()
        gate.opened.set()
        with pytest.raises(RuntimeError, match="has no message in hand"):
            await tasks[0]
        other.opened.set()
        await asking


@pytest.mark.parametrize("unstash", [False, True])
@pytest.mark.parametrize("directive", [Directive.resume, Directive.restart])
async def test_a_handler_that_fails_after_stashing_has_failed_and_is_not_retried(
    unstash: bool, directive: Directive
) -> None:
    calls = 0

    class Fails(Actor[str, str]):
        @override
        async def on_receive(self, message: str) -> str:
            nonlocal calls
            if message == "open":
                self.context.unstash_all()
                return message
            calls += 1
            self.context.stash()
            if unstash:
                self.context.unstash_all()
            raise ValueError("no")

    async with ActorSystem(supervisor_strategy=always(directive)) as system:
        ref = await system.spawn(Fails, "fails")
        with pytest.raises(ValueError, match="no"):
            await ref.ask("a message", timeout=None)
        assert await ref.ask("open") == "open"
        assert calls == 1


async def test_a_handler_that_is_interrupted_after_stashing_fails_its_asker() -> None:
    gate = Gate()

    async def stash_and_wait(actor: Does) -> None:
        actor.context.stash()
        await gate.wait()

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        asking = asyncio.create_task(ref.ask(stash_and_wait, timeout=None))
        await gate.reached.wait()
        await ref.interrupt()
        with pytest.raises(ActorStoppedError):
            await asking


# ---------------------------------------------------------------------- restart and stop


async def test_a_restart_unstashes() -> None:
    seen: list[Any] = []

    class Opens(Door):
        @override
        async def on_restart(self, error: Exception) -> None:
            self.is_open = True

    async with ActorSystem() as system:
        ref = await system.spawn(Opens, "door", args=(seen,))
        asking = asyncio.create_task(ref.ask(0))
        await turns(2)
        await ref.tell(1)
        await ref.tell(ValueError("no"))
        await ref.tell(2)
        assert await asking == 0
        await ref.ask(3)
        assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize("drain", [False, True])
async def test_what_is_stashed_when_the_actor_stops_is_a_dead_letter_in_order(drain: bool) -> None:
    seen, gate = list[Any](), Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", args=(seen,))
        asking = asyncio.create_task(ref.ask(0, timeout=None))
        await turns(2)
        await ref.tell(1)
        busy = asyncio.create_task(ref.ask(gate))
        await gate.reached.wait()
        await ref.tell(2)
        ending = ref.stop(drain=drain)
        gate.opened.set()
        await ending
        await busy
        with pytest.raises(ActorStoppedError):
            await asking
        assert [letter.message for letter in system.dead_letters] == [0, 1, 2]
        assert seen == []


# ---------------------------------------------------------------------- durable mailboxes


async def test_a_durable_mailbox_hears_of_a_stashed_message_when_it_has_been_handled() -> None:
    box = Durable()
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", mailbox=box, args=([],))
        asking = asyncio.create_task(ref.ask("asked"))
        await ref.tell("told")
        await turns()
        assert box.handled == []
        assert await ref.ask("open") == "opened"
        assert await asking == "asked"
        await turns()
        assert box.handled == ["open", "told", "asked"]


async def test_a_durable_mailbox_never_hears_of_what_is_stashed_at_the_end() -> None:
    box = Durable()
    async with ActorSystem() as system:
        ref = await system.spawn(Door, "door", mailbox=box, args=([],))
        await ref.tell("told")
        await turns()
        await ref.stop()
        assert box.handled == []


async def test_a_durable_mailbox_hears_once_of_a_message_that_failed_after_it_was_stashed() -> None:
    def fail(actor: Does) -> None:
        actor.context.stash()
        raise ValueError("no")

    box = Durable()
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does", mailbox=box)
        await ref.tell(fail)
        await turns()
        assert box.handled == [fail]
