"""Restarts that wait: messages wait too, and whatever ends the actor ends the wait."""

import asyncio
from collections.abc import Callable
from typing import Any, cast, override

import pytest

from everything_is_an_actor import (
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    Directive,
    OneForOneStrategy,
)
from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.runtime.supervision import Delays, RestartBackoff
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Echo, Gate, Hooked, Parent, Ref, child_of, now, turns


def waiting(backoff: Delays, max_restarts: int = 10, within: float = 60.0) -> OneForOneStrategy:
    return OneForOneStrategy(max_restarts, within, backoff=backoff)


async def one(system: ActorSystem, strategy: OneForOneStrategy, notes: list[str]) -> Ref:
    parent = await system.spawn(Parent, "parent", args=(strategy,))
    return await child_of(parent, Hooked, "child", notes)


async def fail(ref: Ref, error: Exception | None = None) -> None:
    """Let it fail; its asker knows at once, whatever the delay."""
    instant, error = now(), error or ValueError("no")
    with pytest.raises(type(error)) as raised:
        await ref.ask(error)
    assert raised.value is error
    assert now() == instant


@pytest.mark.parametrize(
    ("backoff", "delays"),
    [
        (RestartBackoff(1.0, 5.0), [1.0, 2.0, 4.0, 5.0, 5.0]),
        (RestartBackoff(0.5, 0.5), [0.5, 0.5, 0.5]),
        (RestartBackoff(0.0, 0.0), [0.0, 0.0]),
        (Backoff(1.0, factor=3.0, maximum=10.0), [1.0, 3.0, 9.0, 10.0]),
    ],
)
@on_virtual_time
async def test_each_restart_within_the_window_waits_for_the_next_delay(
    backoff: Delays, delays: list[float]
) -> None:
    async with ActorSystem() as system:
        ref = await one(system, waiting(backoff), [])
        for delay in delays:
            instant = now()
            await fail(ref)
            await ref.ask("back", timeout=None)
            assert now() == pytest.approx(instant + delay)


@on_virtual_time
async def test_a_restart_that_leaves_the_window_no_longer_lengthens_the_delay() -> None:
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(1.0, 60.0), within=100.0), [])
        for instant, delay in ((0.0, 1.0), (50.0, 2.0), (100.0, 2.0), (300.0, 1.0)):
            await asyncio.sleep(instant - now())
            await fail(ref)
            await ref.ask("back", timeout=None)
            assert now() == instant + delay


@on_virtual_time
async def test_a_restart_that_fails_waits_longer_for_the_next() -> None:
    notes, instants = list[str](), list[float]()

    def not_yet(_: Any) -> None:
        instants.append(now())
        if 1 < len(instants) < 4:
            raise KeyError("not yet")

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(waiting(RestartBackoff(1.0, 60.0)),))
        ref = await child_of(parent, Hooked, "child", notes, on_started=not_yet)
        await fail(ref)
        await ref.ask("back", timeout=None)
    assert instants == [0.0, 1.0, 1.0 + 2.0, 1.0 + 2.0 + 4.0]


@on_virtual_time
async def test_jitter_lengthens_a_delay_by_at_most_its_share() -> None:
    waits: list[float] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(10.0, 10.0, jitter=0.5), 100), [])
        for _ in range(50):
            instant = now()
            await fail(ref)
            await ref.ask("back", timeout=None)
            waits.append(now() - instant)
    assert all(10.0 - 1e-6 <= wait <= 15.0 + 1e-6 for wait in waits)
    assert max(waits) - min(waits) > 0.5


@on_virtual_time
async def test_messages_wait_and_are_handled_after_in_order() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(7.0, 7.0)), notes)
        await fail(ref)
        await ref.tell("a")
        await asyncio.sleep(3.0)
        await ref.tell("b")
        assert notes == ["started", "ValueError('no')"]
        await ref.ask("c")
        assert now() == 7.0
        assert not system.dead_letters
    assert notes == [
        "started",
        "ValueError('no')",
        "restarted after ValueError('no')",
        "started",
        "received a",
        "received b",
        "received c",
        "stopped",
    ]


@on_virtual_time
async def test_the_children_are_stopped_before_the_delay() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "top", args=(waiting(RestartBackoff(9.0, 9.0)),))

        async def on_started(actor: Any) -> None:
            await actor.context.spawn(Echo, "grandchild")

        ref = await child_of(parent, Hooked, "child", notes, on_started=on_started)
        old = system.get_actor("/actor-system/top/child/grandchild")
        await fail(ref)
        await old.join()
        assert now() == 0.0
        await ref.ask("back", timeout=None)
        assert now() == 9.0


@on_virtual_time
async def test_asks_that_wait_time_out_exactly() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(100.0, 100.0)), notes)
        await fail(ref)
        await asyncio.sleep(1.0)
        with pytest.raises(AskTimeoutError):
            await ref.ask("too late", timeout=2.5)
        assert now() == 3.5
        await ref.ask("in time", timeout=None)
        assert now() == 100.0
    assert "received too late" not in notes


ENDS: dict[str, Callable[[ActorSystem, Ref], Any]] = {
    "stop": lambda _, ref: ref.stop(),
    "interrupt": lambda _, ref: ref.interrupt(),
    "the stop of the parent": lambda system, _: system.get_actor("/actor-system/parent").stop(),
    "the interrupt of the parent": lambda system, _: system.get_actor(
        "/actor-system/parent"
    ).interrupt(),
    "shutdown": lambda system, _: system.shutdown(),
}


@pytest.mark.parametrize("end", ENDS)
@on_virtual_time
async def test_whatever_ends_the_actor_ends_the_delay_at_once(end: str) -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(100.0, 100.0)), notes)
        await fail(ref)
        asked = asyncio.ensure_future(ref.ask("queued", timeout=None))
        await asyncio.sleep(1.0)
        await ENDS[end](system, ref)
        with pytest.raises(ActorStoppedError):
            await asked
        await ref.join()
        assert now() == 1.0
        assert [letter.message for letter in system.dead_letters] == ["queued"]
    assert notes == ["started", "ValueError('no')", "stopped"]


@on_virtual_time
async def test_draining_ends_the_delay_and_handles_what_is_queued() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(100.0, 100.0)), notes)
        await fail(ref)
        asked = asyncio.ensure_future(ref.ask("queued"))
        await asyncio.sleep(1.0)
        await ref.stop(drain=True)
        await asked
        assert now() == 1.0
    assert notes[2:] == [
        "restarted after ValueError('no')",
        "started",
        "received queued",
        "stopped",
    ]


@on_virtual_time
async def test_an_actor_that_fails_while_it_drains_does_not_wait() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(RestartBackoff(100.0, 100.0)), notes)
        for message in ("a", ValueError("no"), "b"):
            await ref.tell(message)
        await ref.stop(drain=True)
        assert now() == 0.0
    assert notes[-2:] == ["received b", "stopped"]


@on_virtual_time
async def test_a_drain_that_comes_while_the_children_stop_leaves_no_delay() -> None:
    gate, notes = Gate(), list[str]()

    async def on_started(actor: Any) -> None:
        await actor.context.spawn(Hooked, "slow", args=([],), kwargs={"on_stopped": hold})

    async def hold(_: Any) -> None:
        await gate.wait()

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "top", args=(waiting(RestartBackoff(9.0, 9.0)),))
        ref = await child_of(parent, Hooked, "child", notes, on_started=on_started)
        await fail(ref)
        await gate.reached.wait()
        ending = ref.stop(drain=True)
        gate.opened.set()
        await ending
        assert now() == 0.0
    assert notes[-1] == "stopped"


@on_virtual_time
async def test_interrupting_while_the_children_stop_leaves_no_delay() -> None:
    gate, notes = Gate(), list[str]()

    async def on_started(actor: Any) -> None:
        await actor.context.spawn(Hooked, "slow", args=([],), kwargs={"on_stopped": hold})

    async def hold(_: Any) -> None:
        await gate.wait()

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "top", args=(waiting(RestartBackoff(9.0, 9.0)),))
        ref = await child_of(parent, Hooked, "child", notes, on_started=on_started)
        await fail(ref)
        await gate.reached.wait()
        await ref.interrupt()
        assert now() == 0.0
    assert notes == ["started", "ValueError('no')", "stopped"]


@on_virtual_time
async def test_a_tell_that_waits_for_room_is_let_in_after_the_delay() -> None:
    notes: list[str] = []
    strategy = waiting(RestartBackoff(5.0, 5.0))
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "top", args=(strategy,))
        ref: Ref = await parent.ask(
            lambda actor: actor.context.spawn(Hooked, "child", args=(notes,), mailbox_size=1)
        )
        await fail(ref)
        await ref.tell("fills the mailbox")
        await ref.tell("waits for room")
        assert now() == 5.0
        await ref.ask("last")
    assert notes[-4:] == [
        "received fills the mailbox",
        "received waits for room",
        "received last",
        "stopped",
    ]


def _raises(attempt: int) -> float:
    raise KeyError(attempt)


@pytest.mark.parametrize(
    "delay", [_raises, lambda _: float("nan"), lambda _: -1.0, lambda _: None, lambda _: "soon"]
)
@on_virtual_time
async def test_a_delay_that_is_none_stops_the_child(delay: Callable[[int], Any]) -> None:
    class Broken:
        pass

    backoff = Broken()
    backoff.delay = delay  # type: ignore[attr-defined]  # whatever it may be
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await one(system, waiting(cast(Delays, backoff)), notes)
        await fail(ref)
        await ref.join()
        assert now() == 0.0
    assert notes == ["started", "ValueError('no')", "stopped"]


@pytest.mark.parametrize("directive", [Directive.resume, Directive.stop])
@on_virtual_time
async def test_what_the_other_directives_do_does_not_wait(directive: Directive) -> None:
    backoff = RestartBackoff(9.0, 9.0)
    async with ActorSystem() as system:
        ref = await one(system, OneForOneStrategy(decider=lambda _: directive, backoff=backoff), [])
        await fail(ref)
        await turns()
        assert ref.is_alive is (directive is Directive.resume)
        assert now() == 0.0


@on_virtual_time
async def test_an_actor_at_the_top_may_wait_too() -> None:
    strategy = waiting(RestartBackoff(4.0, 4.0))
    async with ActorSystem(supervisor_strategy=strategy) as system:
        ref = await system.spawn(Hooked, "top", args=([],))
        await fail(ref)
        await ref.ask("back")
        assert now() == 4.0


@on_virtual_time
async def test_an_error_escalated_to_one_that_waits_does_not_restart_it_again() -> None:
    """Its children end before the wait; what they escalate by then is covered by the restart."""
    notes: list[str] = []

    class Middle(Hooked):
        @override
        def supervisor_strategy(self) -> OneForOneStrategy:
            return OneForOneStrategy(decider=lambda _: Directive.escalate)

    async def on_started(actor: Any) -> None:
        if notes == ["started"]:
            child = await actor.context.spawn(Echo, "child")
            await child.tell(KeyError("escalated"))

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "top", args=(waiting(RestartBackoff(9.0, 9.0), 1),))
        ref = await child_of(parent, Middle, "middle", notes, on_started=on_started)
        with pytest.raises(ValueError, match="no"):
            await ref.ask(ValueError("no"))
        await ref.ask("back", timeout=None)
        assert now() == 9.0
    assert len([note for note in notes if note.startswith("restarted")]) == 1


@pytest.mark.parametrize("attempt", [0, 10, 1_000, 10_000])
def test_a_delay_is_at_most_the_maximum_however_many_restarts(attempt: int) -> None:
    assert RestartBackoff(0.1, 30.0).delay(attempt) <= 30.0
    assert RestartBackoff(0.0, 30.0).delay(attempt) == 0.0
