"""Timers are keyed, exact, and end with the instance that set them."""

import asyncio
from collections.abc import Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    RestartBackoff,
    Timers,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Parent, always, child_of, now, turns


class Ticking(Actor[Any, Any]):
    """Notes when each message came; does what it is sent, or what it does at its start."""

    def __init__(
        self, seen: list[tuple[float, Any]], start: Callable[["Ticking"], Any] | None = None
    ) -> None:
        self.seen = seen
        self.start = start

    @override
    async def on_started(self) -> None:
        if self.start is not None:
            self.start(self)

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, BaseException):
            raise message
        if callable(message):
            result = message(self)
            return await result if asyncio.iscoroutine(result) else result
        self.seen.append((now(), message))
        return message

    @property
    def timers(self) -> Timers:
        return self.context.timers


@on_virtual_time
async def test_once_comes_once_at_the_instant() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen,))
        await asyncio.sleep(1.0)
        await ref.ask(lambda actor: actor.timers.once("key", 2.5, "tick"))
        assert await ref.ask(lambda actor: actor.timers.is_active("key"))
        await asyncio.sleep(100.0)
        assert seen == [(3.5, "tick")]
        assert not await ref.ask(lambda actor: actor.timers.is_active("key"))


@on_virtual_time
async def test_once_without_a_delay_comes_after_the_message_in_hand() -> None:
    seen: list[Any] = []

    async def set_and_wait(actor: Ticking) -> None:
        actor.timers.once("key", 0, "tick")
        await asyncio.sleep(1.0)
        assert not seen

    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen,))
        await ref.ask(set_and_wait)
        await turns(2)
        assert seen == [(1.0, "tick")]


@pytest.mark.parametrize("interval", [1.0, 0.1, 1 / 3])
def test_every_comes_at_the_multiples_of_its_interval_without_drift(interval: float) -> None:
    @on_virtual_time
    async def test() -> None:
        seen: list[Any] = []
        async with ActorSystem() as system:
            ref = await system.spawn(Ticking, "ticking", args=(seen,))
            await ref.ask(lambda actor: actor.timers.every("key", interval, "tick"))
            await asyncio.sleep(1000.5 * interval)
            assert [at for at, _ in seen] == [number * interval for number in range(1, 1001)]
            assert await ref.ask(lambda actor: actor.timers.is_active("key"))

    test()


@on_virtual_time
async def test_every_does_not_pile_up_behind_a_slow_handler() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen,))
        await ref.ask(lambda actor: actor.timers.every("key", 1.0, "tick"))
        await ref.ask(lambda _: asyncio.sleep(10.5), timeout=None)
        await asyncio.sleep(1.0)
        assert seen == [(10.5, "tick"), (11.0, "tick")]


@on_virtual_time
async def test_a_timer_set_again_is_replaced() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen,))
        await ref.ask(lambda actor: actor.timers.every("key", 1.0, "old"))
        await asyncio.sleep(1.5)
        await ref.ask(lambda actor: actor.timers.once("key", 1.0, "new"))
        await ref.ask(lambda actor: actor.timers.once("other key", 1.0, "other"))
        await asyncio.sleep(10.0)
        assert sorted(seen) == [(1.0, "old"), (2.5, "new"), (2.5, "other")]


@pytest.mark.parametrize("by", ["cancel", "cancel_all", "replaced"])
def test_a_message_that_is_queued_already_is_called_back(by: str) -> None:
    @on_virtual_time
    async def test() -> None:
        seen: list[Any] = []

        async def wait_and_cancel(actor: Ticking) -> None:
            actor.timers.once("once", 1.0, "tick")
            actor.timers.every("every", 1.0, "tick")
            await asyncio.sleep(1.5)
            assert all(map(actor.timers.is_active, ("once", "every")))
            for key in ("once", "every"):
                match by:
                    case "cancel":
                        actor.timers.cancel(key)
                    case "cancel_all":
                        actor.timers.cancel_all()
                    case _:
                        actor.timers.once(key, 1.0, "new")
                assert actor.timers.is_active(key) == (by == "replaced")

        async with ActorSystem() as system:
            ref = await system.spawn(Ticking, "ticking", args=(seen,))
            await ref.ask(wait_and_cancel)
            await asyncio.sleep(10.0)
            assert seen == ([(2.5, "new")] * 2 if by == "replaced" else [])

    test()


async def test_to_cancel_what_is_not_there_is_harmless() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=([],))
        await ref.ask(lambda actor: actor.timers.cancel("key"))
        await ref.ask(lambda actor: actor.timers.cancel_all())
        assert not await ref.ask(lambda actor: actor.timers.is_active("key"))


@on_virtual_time
async def test_a_message_is_not_lost_on_a_full_mailbox_and_is_handled_next() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", mailbox_size=1, args=(seen,))
        await ref.ask(lambda actor: actor.timers.once("key", 1.0, "tick"))
        asking = asyncio.create_task(ref.ask(lambda _: asyncio.sleep(2.0)))
        await turns(2)
        telling = [asyncio.create_task(ref.tell(number)) for number in range(3)]
        await asking
        await asyncio.wait(telling)
        await turns()
        assert seen == [(2.0, message) for message in ("tick", 0, 1, 2)]
        assert not system.dead_letters


# ---------------------------------------------------------------------- old incarnations


@pytest.mark.parametrize("queued", [False, True])
@pytest.mark.parametrize("backoff", [0.0, 3.0])
def test_the_timers_of_an_old_incarnation_never_fire(queued: bool, backoff: float) -> None:
    @on_virtual_time
    async def test() -> None:
        seen: list[Any] = []

        async def set_and_fail(actor: Ticking) -> None:
            actor.timers.every("every", 1.0, "old")
            actor.timers.once("once", 1.0, "old")
            if queued:
                await asyncio.sleep(1.5)
            raise ValueError("no")

        strategy = OneForOneStrategy(backoff=RestartBackoff(backoff)) if backoff else None
        async with ActorSystem(supervisor_strategy=strategy) as system:
            ref = await system.spawn(Ticking, "ticking", args=(seen,))
            with pytest.raises(ValueError, match="no"):
                await ref.ask(set_and_fail)
            await asyncio.sleep(20.0)
            assert seen == []
            assert not await ref.ask(lambda actor: actor.timers.is_active("every"))

    test()


@on_virtual_time
async def test_an_all_for_one_restart_ends_the_timers_of_the_siblings() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(AllForOneStrategy(),))
        ref = await child_of(parent, Ticking, "ticking", seen)
        other = await child_of(parent, Ticking, "other", [])
        await ref.ask(lambda actor: actor.timers.every("key", 1.0, "old"))
        await other.tell(ValueError("no"))
        await asyncio.sleep(5.0)
        assert seen == []


@on_virtual_time
async def test_timers_survive_a_resume() -> None:
    seen: list[Any] = []
    async with ActorSystem(supervisor_strategy=always(Directive.resume)) as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen,))
        await ref.ask(lambda actor: actor.timers.every("key", 1.0, "tick"))
        await ref.tell(ValueError("no"))
        await asyncio.sleep(2.5)
        assert len(seen) == 2


@on_virtual_time
async def test_a_timer_that_every_incarnation_sets_begins_anew() -> None:
    seen: list[Any] = []

    def start(actor: Ticking) -> None:
        actor.timers.every("key", 1.0, "tick")

    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen, start))
        await asyncio.sleep(1.5)
        await ref.tell(ValueError("no"))
        await asyncio.sleep(2.1)
        assert [at for at, _ in seen] == [1.0, 2.5, 3.5]


@on_virtual_time
async def test_a_message_that_comes_during_on_started_waits_for_its_end() -> None:
    seen: list[Any] = []

    class Slow(Ticking):
        @override
        async def on_started(self) -> None:
            self.timers.once("key", 1.0, "tick")
            await asyncio.sleep(5.0)

    async with ActorSystem() as system:
        await system.spawn(Slow, "slow", args=(seen,))
        await turns()
        assert seen == [(5.0, "tick")]


# ---------------------------------------------------------------------- the end


def endless(actor: Ticking) -> None:
    actor.timers.every("every", 1.0, "tick")
    actor.timers.once("once", 100.0, "tick")


@pytest.mark.parametrize("end", ["stop", "drain", "interrupt", "fail", "shutdown"])
def test_no_timer_is_left_after_the_end(end: str) -> None:
    @on_virtual_time
    async def test() -> None:
        seen: list[Any] = []
        async with ActorSystem(supervisor_strategy=always(Directive.stop)) as system:
            ref = await system.spawn(Ticking, "ticking", args=(seen, endless))
            match end:
                case "stop" | "drain":
                    await ref.stop(drain=end == "drain")
                case "interrupt":
                    await ref.interrupt()
                case "fail":
                    await ref.tell(ValueError("no"))
                    await ref.join()
                case _:
                    await system.shutdown()
            handles: list[asyncio.TimerHandle] = asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]  # of asyncio's own loops
            assert [handle for handle in handles if not handle.cancelled()] == []
            assert seen == []
            assert not system.dead_letters

    test()


async def test_a_start_that_fails_leaves_no_timer() -> None:
    def start(actor: Ticking) -> None:
        endless(actor)
        raise ValueError("no")

    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="no"):
            await system.spawn(Ticking, "ticking", args=([], start))


@on_virtual_time
async def test_a_timer_set_while_it_stops_goes_nowhere() -> None:
    class Late(Ticking):
        @override
        async def on_stopped(self) -> None:
            endless(self)
            await asyncio.sleep(10.0)

    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Late, "late", args=(seen,))
        await ref.stop()
    assert seen == []


@on_virtual_time
async def test_an_actor_that_drains_takes_no_more_messages_of_its_timers() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=(seen, endless))
        for _ in range(3):
            await ref.tell(lambda _: asyncio.sleep(10.0))
        await ref.stop(drain=True)
        assert now() == 30.0
        assert seen == []


async def test_a_stopped_actor_can_set_no_timer() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", args=([],))
        actor = await ref.ask(lambda actor: actor)
        timers: Timers = actor.timers
        await ref.stop()
        with pytest.raises(ActorStoppedError, match="it can have no timers"):
            actor.context.timers.every("key", 1.0, "tick")
        with pytest.raises(RuntimeError, match="timer 'key' would never end"):
            timers.every("key", 1.0, "tick")


@pytest.mark.parametrize("seconds", [-1, float("nan"), float("inf"), "1", None, True])
async def test_seconds_are_checked(seconds: Any) -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        for kind, argument in (("once", "delay"), ("every", "interval")):
            with pytest.raises((TypeError, ValueError), match=f"timers.{kind}: {argument} must be"):
                await ref.ask(
                    lambda actor, kind=kind: getattr(actor.context.timers, kind)("key", seconds, "")
                )
            if not ref.is_alive:
                break


async def test_an_interval_is_above_zero() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        with pytest.raises(ValueError, match=r"timers.every: interval must be .* > 0"):
            await ref.ask(lambda actor: actor.context.timers.every("key", 0, "tick"))
