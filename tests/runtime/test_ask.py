"""An ask is answered once, or fails; it never hangs."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    Directive,
    MailboxFullError,
    MemoryMailbox,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import (
    Does,
    Echo,
    Gate,
    Hooked,
    Parent,
    Ref,
    Slow,
    always,
    child_of,
    engine_of,
    now,
    turns,
)


class Doubling(Actor[int, int]):
    @override
    async def on_receive(self, message: int) -> int:
        return 2 * message


async def test_an_ask_yields_the_reply_of_the_handler() -> None:
    async with ActorSystem() as system:
        ref: ActorRef[int, int] = await system.spawn(Doubling, "doubling")
        reply: int = await ref.ask(21)
        assert reply == 42


async def test_many_asks_at_once_each_get_their_own_reply() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Doubling, "doubling", mailbox_size=2)
        replies = await asyncio.gather(*(ref.ask(number) for number in range(100)))
    assert replies == [2 * number for number in range(100)]


@pytest.mark.parametrize("suspends", [False, True])
async def test_the_asker_gets_the_exception_object_of_the_handler(suspends: bool) -> None:
    error = ValueError("mine")

    async def fail(_: Does) -> None:
        await turns(3 if suspends else 0)
        raise error

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        with pytest.raises(ValueError, match="mine") as raised:
            await ref.ask(fail)
    assert raised.value is error


async def test_a_timeout_error_of_the_handler_is_not_an_ask_timeout() -> None:
    error = TimeoutError("of the handler")

    async def fail(_: Does) -> None:
        await turns(1)
        raise error

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        for reply in (ref.ask(fail), ref.ask(lambda _: fail(_))):
            with pytest.raises(TimeoutError) as raised:
                await reply
            assert raised.value is error


@pytest.mark.parametrize("timeout", [0.5, 5.0, 3600.0])
@on_virtual_time
async def test_an_ask_times_out_at_the_instant(timeout: float) -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        with pytest.raises(AskTimeoutError, match=f"/slow within {timeout:g} s"):
            await ref.ask("in hand", timeout=timeout)
        assert now() == timeout
        with pytest.raises(TimeoutError):
            await ref.ask("queued", timeout=timeout)
        assert now() == 2 * timeout
        gate.opened.set()


@on_virtual_time
async def test_the_default_timeout_is_five_seconds() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(Gate(),))
        with pytest.raises(AskTimeoutError):
            await ref.ask("in hand")
        assert now() == 5.0
        await ref.interrupt()


@on_virtual_time
async def test_without_a_timeout_an_ask_waits_for_ever() -> None:
    async def sleep(_: Does) -> str:
        await asyncio.sleep(1e6)
        return "at last"

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        assert await ref.ask(sleep, timeout=None) == "at last"


@on_virtual_time
async def test_an_ask_times_out_at_the_instant_while_the_mailbox_is_full() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=1, args=(gate, seen))
        await ref.tell("in hand")
        await gate.reached.wait()
        await ref.tell("queued")
        with pytest.raises(AskTimeoutError):
            await ref.ask("blocked", timeout=2.0)
        assert now() == 2.0
        gate.opened.set()
        await ref.stop(drain=True)
        assert seen == ["in hand", "queued"]


async def test_a_reply_that_came_before_the_timeout_was_noticed_is_returned() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        asking = asyncio.create_task(ref.ask("in time", timeout=0.01))
        await gate.reached.wait()
        gate.opened.set()
        time.sleep(0.02)  # noqa: ASYNC251  # the loop is late: reply and timer are both due
        assert await asking == "in time"


@on_virtual_time
async def test_a_late_reply_is_dropped_and_counted() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        with pytest.raises(AskTimeoutError):
            await ref.ask("late", timeout=1.0)
        assert engine_of(system).late_replies == 0
        gate.opened.set()
        assert await ref.ask("on time") == "on time"
        assert engine_of(system).late_replies == 1
        assert not system.dead_letters


@pytest.mark.parametrize("size", [0, 1])
async def test_cancelling_the_asker_withdraws_a_request_that_has_not_begun(size: int) -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=size, args=(gate, seen))
        await ref.tell("in hand")
        await gate.reached.wait()
        asks = [asyncio.create_task(ref.ask(f"asked {number}")) for number in range(3)]
        await turns()
        for ask in asks:
            ask.cancel()
        await asyncio.wait(asks)
        gate.opened.set()
        await ref.stop(drain=True)
        assert seen == ["in hand"]
        assert engine_of(system).late_replies == 0


async def test_cancelling_an_asker_that_has_just_found_room_withdraws_its_request() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=1, args=(gate, seen))
        await ref.tell("in hand")
        await gate.reached.wait()
        await ref.tell("queued")
        ask = asyncio.create_task(ref.ask("asked"))
        await turns()
        gate.opened.set()
        gate.opened.clear()
        await turns(1)
        assert seen == ["in hand", "queued"]
        ask.cancel()  # the request is in the mailbox, and the asker does not know it yet
        await asyncio.wait([ask])
        gate.opened.set()
        await ref.stop(drain=True)
        assert seen == ["in hand", "queued"]


async def test_cancelling_the_asker_does_not_cancel_the_handler() -> None:
    gate, ended = Gate(), list[str]()

    async def handle(_: Does) -> None:
        await gate.wait()
        ended.append("in full")

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        ask = asyncio.create_task(ref.ask(handle))
        await gate.reached.wait()
        ask.cancel()
        await asyncio.wait([ask])
        gate.opened.set()
        await ref.stop(drain=True)
        assert ended == ["in full"]
        assert engine_of(system).late_replies == 1


async def test_an_ask_to_a_stopped_actor_fails_at_once() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        await ref.stop()
        with pytest.raises(ActorStoppedError, match="the message came too late"):
            await ref.ask("late", timeout=None)
        assert len(system.dead_letters) == 1


async def test_an_ask_to_a_full_mailbox_that_fails_is_an_error() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        box = MemoryMailbox(1, backpressure_policy="fail")
        ref = await system.spawn(Slow, "slow", mailbox=box, args=(gate,))
        await ref.tell("in hand")
        await gate.reached.wait()
        await ref.tell("queued")
        with pytest.raises(MailboxFullError):
            await ref.ask("too many", timeout=None)
        gate.opened.set()


async def test_an_ask_that_a_full_mailbox_drops_fails_at_once() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        box = MemoryMailbox(1, backpressure_policy="drop_new")
        ref = await system.spawn(Slow, "slow", mailbox=box, args=(gate,))
        await ref.tell("in hand")
        await gate.reached.wait()
        await ref.tell("queued")
        with pytest.raises(MailboxFullError, match=r"holds 1 message$"):
            await ref.ask("too many", timeout=None)
        assert [letter.message for letter in system.dead_letters] == ["too many"]
        gate.opened.set()


class Rude(BaseException):
    """Not an `Exception`."""


@pytest.mark.parametrize("error", [asyncio.CancelledError(), Rude("out"), KeyboardInterrupt()])
@pytest.mark.parametrize("suspends", [False, True])
async def test_a_handler_that_ends_in_a_base_exception_fails_its_asker_at_once(
    error: BaseException, suspends: bool
) -> None:
    async def fail(_: Does) -> None:
        await turns(3 if suspends else 0)
        raise error

    cancelled = isinstance(error, asyncio.CancelledError)
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        with pytest.raises(ActorStoppedError if cancelled else type(error)):
            await ref.ask(fail, timeout=None)
        await ref.join()
        assert not system.children


@pytest.mark.parametrize("message", ["a stop", "an interrupt"])
async def test_asks_behind_a_base_exception_fail_at_once(message: str) -> None:
    gate = Gate()

    async def fail(_: Does) -> None:
        await gate.wait()
        raise Rude(message)

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does", mailbox_size=1)
        asks = [asyncio.create_task(ref.ask(fail, timeout=None)) for _ in range(4)]
        await gate.reached.wait()
        gate.opened.set()
        outcomes = await asyncio.gather(*asks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [Rude] + [ActorStoppedError] * 3


# ---------------------------------------------------------------------- an ask never hangs

type End = Callable[[ActorSystem, Ref], Awaitable[None]]


async def _stop(system: ActorSystem, ref: Ref) -> None:
    await ref.stop()


async def _interrupt(system: ActorSystem, ref: Ref) -> None:
    await ref.interrupt()


async def _shut_down(system: ActorSystem, ref: Ref) -> None:
    await system.shutdown(timeout=1.0)


async def _stop_parent(system: ActorSystem, ref: Ref) -> None:
    await system.get_actor("/actor-system/parent").stop()


ENDS: list[End] = [_stop, _interrupt, _shut_down, _stop_parent]


async def let_finish(end: End, gate: Gate) -> None:
    """Open the gate for an end that waits for the message in hand."""
    await turns()
    if end in (_stop, _stop_parent):
        gate.opened.set()


async def _outcomes(asks: list[asyncio.Task[Any]]) -> list[type[Any]]:
    return [type(outcome) for outcome in await asyncio.gather(*asks, return_exceptions=True)]


@pytest.mark.parametrize("end", ENDS)
@on_virtual_time
async def test_an_asker_in_hand_queued_or_blocked_hears_of_the_end(end: End) -> None:
    gate = Gate()
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")

        async def start(actor: Does) -> Ref:
            return await actor.context.spawn(Slow, "slow", mailbox_size=1, args=(gate,))

        ref = await parent.ask(start)
        asks = [asyncio.create_task(ref.ask(number, timeout=None)) for number in range(4)]
        await gate.reached.wait()
        ending = asyncio.ensure_future(end(system, ref))
        await let_finish(end, gate)
        outcomes = await _outcomes(asks)
        await ending
        finished = end in (_stop, _stop_parent)
        assert outcomes == [int if finished else ActorStoppedError] + [ActorStoppedError] * 3
        queued = [letter.message for letter in system.dead_letters]
        assert queued == [1, 2, 3]


@pytest.mark.parametrize("end", ENDS[:3])
@on_virtual_time
async def test_an_asker_of_an_actor_that_still_starts_hears_of_its_end(end: End) -> None:
    gate = Gate()
    hooks = {"on_started": lambda _: gate.wait()}
    async with ActorSystem() as system:
        spawning = asyncio.create_task(
            system.spawn(Hooked, "hooked", mailbox_size=1, args=([],), kwargs=hooks)
        )
        await gate.reached.wait()
        ref = system.get_actor("/actor-system/hooked")
        asks = [asyncio.create_task(ref.ask(number, timeout=None)) for number in range(3)]
        await turns()
        ending = asyncio.ensure_future(end(system, ref))
        await let_finish(end, gate)
        assert await _outcomes(asks) == [ActorStoppedError] * 3
        await ending
        await asyncio.wait([spawning])
        assert isinstance(spawning.exception(), ActorStoppedError | None)


@on_virtual_time
async def test_an_asker_of_an_actor_that_fails_to_start_hears_of_it() -> None:
    gate = Gate()

    async def on_started(_: Actor[Any, Any]) -> None:
        await gate.wait()
        raise ValueError("not today")

    async with ActorSystem() as system:
        hooks = {"on_started": on_started}
        spawning = asyncio.create_task(
            system.spawn(Hooked, "hooked", mailbox_size=1, args=([],), kwargs=hooks)
        )
        await gate.reached.wait()
        ref = system.get_actor("/actor-system/hooked")
        asks = [asyncio.create_task(ref.ask(number, timeout=None)) for number in range(3)]
        await turns()
        gate.opened.set()
        assert await _outcomes(asks) == [ActorStoppedError] * 3
        with pytest.raises(ValueError, match="not today"):
            await spawning


@pytest.mark.parametrize("hook", ["on_restart", "on_started"])
@pytest.mark.parametrize("end", ENDS[:3])
@on_virtual_time
async def test_an_asker_of_an_actor_that_restarts_hears_of_its_end(end: End, hook: str) -> None:
    gate, notes = Gate(), list[str]()

    async def wait(_: Actor[Any, Any]) -> None:
        if notes != ["started"]:
            await gate.wait()

    async with ActorSystem() as system:
        ref = await system.spawn(
            Hooked, "hooked", mailbox_size=1, args=(notes,), kwargs={hook: wait}
        )
        with pytest.raises(ValueError, match="once"):
            await ref.ask(ValueError("once"))
        await gate.reached.wait()
        asks = [asyncio.create_task(ref.ask(number, timeout=None)) for number in range(3)]
        await turns()
        ending = asyncio.ensure_future(end(system, ref))
        await let_finish(end, gate)
        assert await _outcomes(asks) == [ActorStoppedError] * 3
        await ending
        assert notes[-1] == "stopped"


@on_virtual_time
async def test_an_asker_of_an_actor_in_on_stopped_hears_at_once() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        hooks = {"on_stopped": lambda _: gate.wait()}
        ref = await system.spawn(Hooked, "hooked", args=([],), kwargs=hooks)
        ending = ref.stop()
        await gate.reached.wait()
        with pytest.raises(ActorStoppedError):
            await ref.ask("late", timeout=None)
        gate.opened.set()
        await ending


async def test_asks_that_wait_during_a_restart_are_answered_after_it() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        hooks = {"on_restart": lambda _: gate.wait(), "on_receive": lambda _: "answered"}
        ref = await system.spawn(Hooked, "hooked", mailbox_size=1, args=([],), kwargs=hooks)
        with pytest.raises(ValueError, match="once"):
            await ref.ask(ValueError("once"))
        await gate.reached.wait()
        asks = [asyncio.create_task(ref.ask(number, timeout=None)) for number in range(4)]
        await turns()
        gate.opened.set()
        assert await asyncio.gather(*asks) == ["answered"] * 4


@pytest.mark.parametrize("directive", [Directive.stop, Directive.escalate])
async def test_an_asker_of_an_actor_that_is_stopped_or_escalated_hears_of_it(
    directive: Directive,
) -> None:
    gate, error = Gate(), ValueError("too bad")

    async def fail(_: Does) -> None:
        await gate.wait()
        raise error

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(always(directive),))
        ref = await child_of(parent, Does, "child")
        asks = [asyncio.create_task(ref.ask(fail, timeout=None)) for _ in range(4)]
        await gate.reached.wait()
        gate.opened.set()
        assert await _outcomes(asks) == [ValueError] + [ActorStoppedError] * 3


async def test_an_asker_that_is_an_actor_is_released_when_it_is_interrupted() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        slow = await system.spawn(Slow, "slow", args=(gate,))
        asker = await system.spawn(Does, "asker")
        await asker.tell(lambda _: slow.ask("a message", timeout=None))
        await gate.reached.wait()
        await asker.interrupt()
        assert slow.is_alive
        gate.opened.set()


async def test_a_second_answer_to_a_request_is_dropped() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        asking = asyncio.create_task(ref.ask("in hand", timeout=None))
        await gate.reached.wait()
        await ref.interrupt()
        gate.opened.set()
        with pytest.raises(ActorStoppedError, match="the message in hand was cancelled"):
            await asking


async def test_a_bad_timeout_fails_the_asker_and_not_the_actor() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        with pytest.raises(TypeError):
            await ref.ask("a message", timeout="soon")  # type: ignore[arg-type]  # the error is meant
        gate.opened.set()
        assert await ref.ask("another") == "another"


@pytest.mark.parametrize("gives_up", ["cancelled", "out of time"])
async def test_an_ask_that_is_given_up_makes_room_in_the_mailbox(gives_up: str) -> None:
    async with ActorSystem() as system:
        gate, seen = Gate(), list[Any]()
        ref = await system.spawn(Slow, "slow", mailbox_size=1, args=(gate, seen))
        await ref.tell("in hand")
        await gate.reached.wait()
        asking = asyncio.create_task(ref.ask("given up", timeout=0.001))
        await turns(2)
        telling = asyncio.create_task(ref.tell("next"))
        await turns(2)
        if gives_up == "cancelled":
            asking.cancel()
        with pytest.raises((asyncio.CancelledError, AskTimeoutError)):
            await asking
        await telling
        assert [letter.message for letter in system.dead_letters] == ["given up"]
        gate.opened.set()
        await ref.stop(drain=True)
        assert seen == ["in hand", "next"]
