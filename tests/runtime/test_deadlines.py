"""The timeout of an ask holds at the instant, in every phase, and leaves nothing behind."""

import asyncio
import gc
import logging
import weakref
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorSystem,
    AskTimeoutError,
    Envelope,
    OneForOneStrategy,
    RestartBackoff,
)
from everything_is_an_actor.runtime.deadlines import TIMERS
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Hooked, Slow, engine_of, now, turns
from tests.runtime.test_stash import Durable


def timers() -> int:
    handles: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]  # of asyncio's own loops
    return sum(not handle.cancelled() for handle in handles)


class Full(Durable):
    """A mailbox whose server does not answer."""

    @override
    async def put(self, envelope: Envelope) -> bool:
        await asyncio.Event().wait()
        return True


PHASES = ["idle", "queued", "full", "elsewhere", "starting", "stashed", "restarting", "stopping"]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("timeout", [0.1, 1.0, 3.3])
def test_an_ask_times_out_at_the_instant_in_every_phase(phase: str, timeout: float) -> None:
    @on_virtual_time
    async def test() -> None:
        gate = Gate()
        hooks: dict[str, Any] = {"on_receive": lambda _: gate.wait()}
        strategy = OneForOneStrategy(backoff=RestartBackoff(50.0))
        if phase == "stashed":
            hooks = {"on_receive": lambda actor: actor.context.stash()}
        if phase == "starting":
            hooks = {"on_started": lambda _: gate.wait()}
        box = Full() if phase == "elsewhere" else None
        async with ActorSystem(supervisor_strategy=strategy) as system:
            spawning = asyncio.create_task(
                system.spawn(
                    Hooked, "hooked", mailbox_size=1, mailbox=box, args=([],), kwargs=hooks
                )
            )
            await turns()
            (ref,) = system.children
            if phase in ("queued", "full", "stopping"):
                await ref.tell("in hand")
                await turns(2)
            if phase == "full":
                await ref.tell("queued")
            if phase == "restarting":
                await ref.tell(ValueError("no"))
                await turns(2)
            await asyncio.sleep(1.0)
            asking = asyncio.create_task(ref.ask("a message", timeout=timeout))
            await turns(2)
            if phase == "stopping":
                ref.stop(drain=True)
            with pytest.raises(AskTimeoutError) as raised:
                await asking
            assert now() == 1.0 + timeout
            assert raised.value.path == "/actor-system/hooked"
            assert raised.value.timeout == timeout
            gate.opened.set()
            await spawning
            ref.interrupt()

    test()


async def test_the_error_is_a_timeout_error_that_names_path_and_seconds() -> None:
    async with ActorSystem("app") as system:
        ref = await system.spawn(Slow, "slow", args=(Gate(),))
        with pytest.raises(TimeoutError) as raised:
            await ref.ask("a message", timeout=0.001)
        assert type(raised.value) is AskTimeoutError
        assert str(raised.value) == "no reply from /app/slow within 0.001 s"
        ref.interrupt()


@pytest.mark.parametrize("timeout", [0, 0.0, -1.0])
def test_without_any_time_only_what_does_not_wait_is_answered(timeout: float) -> None:
    @on_virtual_time
    async def test() -> None:
        gate = Gate()
        async with ActorSystem() as system:
            echo = await system.spawn(Echo, "echo")
            assert await echo.ask("hello", timeout=timeout) == "hello"
            slow = await system.spawn(Slow, "slow", mailbox_size=1, args=(gate,))
            for _ in range(4):  # in hand, queued, waiting for room, and once more
                with pytest.raises(AskTimeoutError):
                    await slow.ask("a message", timeout=timeout)
                await turns(1)
            gate.opened.set()
            assert now() == 0.0
            assert timers() == 0

    test()


@pytest.mark.parametrize("timeout", ["1", b"", float("nan"), (1,)])
def test_what_is_no_number_of_seconds_fails_the_asker_and_is_withdrawn(timeout: Any) -> None:
    @on_virtual_time
    async def test() -> None:
        seen, gate = list[Any](), Gate()
        async with ActorSystem() as system:
            ref = await system.spawn(Slow, "slow", args=(gate, seen))
            await ref.tell("in hand")
            await turns(2)
            with pytest.raises((TypeError, ValueError), match="ask: timeout must be a number of"):
                await ref.ask("a message", timeout=timeout)
            gate.opened.set()
            await ref.ask("another", timeout=float("inf"))
            assert seen == ["in hand", "another"]

    test()


@on_virtual_time
async def test_many_different_timeouts_are_each_exact() -> None:
    ends: dict[float, float] = {}

    async def ask(timeout: float) -> None:
        with pytest.raises(AskTimeoutError):
            await ref.ask("a message", timeout=timeout)
        ends[timeout] = now()

    timeouts = [number / 8 for number in range(1000, 0, -1)]
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=0, args=(Gate(),))
        async with asyncio.TaskGroup() as group:
            for timeout in timeouts:
                group.create_task(ask(timeout))
        assert ends == {timeout: timeout for timeout in timeouts}
        assert timers() == 0
        ref.interrupt()


@on_virtual_time
async def test_asks_of_one_timeout_at_different_instants_are_each_exact() -> None:
    async def ask(delay: float, answered: bool) -> None:
        await asyncio.sleep(delay)
        if answered:
            assert await echo.ask(lambda _: asyncio.sleep(0.25), timeout=5.0) is None
            return
        with pytest.raises(AskTimeoutError):
            await slow.ask("a message", timeout=5.0)
        assert now() == delay + 5.0

    async with ActorSystem() as system:
        slow = await system.spawn(Slow, "slow", mailbox_size=0, args=(Gate(),))
        echo = await system.spawn(Does, "does")
        async with asyncio.TaskGroup() as group:
            for number in range(100):
                group.create_task(ask(number / 2, number % 3 == 0))
        slow.interrupt()


@on_virtual_time
async def test_many_timeouts_that_are_not_needed_leave_a_bounded_number_of_timers() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        for number in range(1, 10 * TIMERS):
            await ref.ask(lambda _: asyncio.sleep(0), timeout=1000.0 + number)
        assert timers() <= TIMERS + 1
    assert timers() == 0


@on_virtual_time
async def test_a_timer_keeps_nothing_of_the_ask_for_which_it_was_armed() -> None:
    class Message:
        pass

    class AsksInTime(Actor[Message, None]):
        @override
        async def on_receive(self, message: Message) -> None:
            await does.ask(lambda _: asyncio.sleep(1.0), timeout=1000.0)

    async with ActorSystem() as system:
        does = await system.spawn(Does, "does")
        asks = await system.spawn(AsksInTime, "asks")
        message = Message()
        kept = weakref.ref(message)
        await asks.ask(message, timeout=None)
        del message
        gc.collect()
        assert timers() == 1
        assert kept() is None


@on_virtual_time
async def test_late_replies_are_dropped_and_counted() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        with pytest.raises(AskTimeoutError):
            await ref.ask("timed out", timeout=1.0)
        gate.opened.set()
        await turns()
        assert engine_of(system).late_replies == 1
        gate.opened.clear()
        asking = asyncio.create_task(ref.ask("cancelled"))
        await turns(2)
        asking.cancel()
        await asyncio.wait([asking])
        gate.opened.set()
        await turns()
        assert engine_of(system).late_replies == 2
        assert await ref.ask("in time") == "in time"
        assert engine_of(system).late_replies == 2


@on_virtual_time
async def test_a_late_failure_is_for_the_supervisor_alone() -> None:
    gate, notes = Gate(), list[str]()

    async def fail(_: Any) -> None:
        await gate.wait()
        raise ValueError("late")

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs={"on_receive": fail})
        with pytest.raises(AskTimeoutError):
            await ref.ask("a message", timeout=1.0)
        gate.opened.set()
        await turns()
        assert notes[-2:] == ["restarted after ValueError('late')", "started"]


@on_virtual_time
async def test_cancelling_the_asker_withdraws_what_has_not_begun_in_every_phase() -> None:
    seen, gate = list[Any](), Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=1, args=(gate, seen))
        asks = []
        for message in ("in hand", "queued", "waits for room"):
            asks.append(asyncio.create_task(ref.ask(message)))
            await turns(2)
        for asking in asks:
            asking.cancel()
        await asyncio.wait(asks)
        gate.opened.set()
        assert await ref.ask("another") == "another"
        assert seen == ["in hand", "another"]


@on_virtual_time
async def test_a_shutdown_by_an_actor_that_is_asked_leaves_no_timer() -> None:
    async def end(_: Does) -> str:
        await turns(1)
        await system.shutdown()
        return "done"

    system = ActorSystem()
    ref = await system.spawn(Does, "does")
    assert await ref.ask(end, timeout=1000.0) == "done"
    await ref.join()
    assert timers() == 0


@on_virtual_time
async def test_a_shutdown_in_the_middle_of_asks_leaves_no_timer() -> None:
    system = ActorSystem()
    refs = [await system.spawn(Slow, f"{number}", args=(Gate(),)) for number in range(5)]
    asks = [
        asyncio.create_task(ref.ask("a message", timeout=100.0 + number))
        for number, ref in enumerate(refs * 3)
    ]
    await turns()
    await system.shutdown(timeout=1.0)
    await asyncio.wait(asks)
    assert timers() == 0


async def test_a_hundred_thousand_asks_in_vain_leave_memory_tasks_and_timers_where_they_were(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.CRITICAL)

    async def in_vain(count: int) -> None:
        for _ in range(count // 2_000):
            asks = [asyncio.create_task(ref.ask(0, timeout=1e-9)) for _ in range(1_000)]
            asks += [asyncio.create_task(ref.ask(0, timeout=100.0)) for _ in range(1_000)]
            await asyncio.sleep(0)
            for asking in asks[1_000:]:
                asking.cancel()
            await asyncio.wait(asks)
            for asking in asks:
                assert asking.cancelled() or type(asking.exception()) is AskTimeoutError
            gate.opened.set()
            await last.ask(0)
            assert await ref.ask(1) == 1  # what was withdrawn is out of the mailbox
            gate.opened.clear()
            await block()

    async def block() -> None:
        await ref.tell("in hand")
        await turns(2)

    gate = Gate()
    async with ActorSystem(max_dead_letters=1) as system:
        seen: Any = Nothing()
        ref = await system.spawn(Slow, "slow", mailbox_size=0, args=(gate, seen))
        last = await system.spawn(Echo, "last")
        await block()
        await in_vain(4_000)
        gc.collect()
        before, tasks, armed = len(gc.get_objects()), len(asyncio.all_tasks()), timers()
        await in_vain(100_000)
        gc.collect()
        assert len(gc.get_objects()) - before < 200
        assert len(asyncio.all_tasks()) == tasks
        assert timers() <= armed
        ref.interrupt()


class Nothing(list[Any]):
    """Forgets what is added."""

    @override
    def append(self, item: Any) -> None:
        pass


class Asks(Actor[Any, Any]):
    """Asks another one, in vain."""

    @override
    async def on_receive(self, message: Any) -> Any:
        with pytest.raises(AskTimeoutError):
            await message.ask("a message", timeout=2.0)
        return now()


@on_virtual_time
async def test_an_actor_that_asked_in_vain_goes_on_at_the_instant() -> None:
    async with ActorSystem() as system:
        slow = await system.spawn(Slow, "slow", args=(Gate(),))
        asks = await system.spawn(Asks, "asks")
        assert await asks.ask(slow) == 2.0
        slow.interrupt()
