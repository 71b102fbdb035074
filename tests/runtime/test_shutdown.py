"""A shutdown stops everything, in order; nothing hangs it and nothing survives it."""

import asyncio
import contextlib
from typing import Any

import pytest

from everything_is_an_actor import (
    Actor,
    ActorContext,
    ActorStoppedError,
    ActorSystem,
    MailboxFullError,
    MemoryMailbox,
    OneForOneStrategy,
    RestartBackoff,
)
from everything_is_an_actor.runtime.cell import TELLS_BETWEEN_RESTS
from everything_is_an_actor.runtime.scheduler import STEPS_WITHIN_A_NEST
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Hooked, Ref, Slow, child_of, now, turns


async def test_shutdown_stops_actors_in_reverse_order_of_start() -> None:
    notes: list[str] = []
    system = ActorSystem()
    for name in "abc":
        hooks = {"on_stopped": lambda _, name=name: notes.append(name)}
        await system.spawn(Hooked, name, args=([],), kwargs=hooks)
    await system.shutdown()
    assert notes == ["c", "b", "a"]


async def test_shutdown_stops_children_before_their_parents() -> None:
    notes: list[str] = []
    system = ActorSystem()
    context: ActorSystem | ActorContext[Any, Any] = system
    for name in "abc":
        hooks: dict[str, Any] = {"on_stopped": lambda _, name=name: notes.append(name)}
        hooks["on_receive"] = lambda actor: actor.context
        ref = await context.spawn(Hooked, name, args=([],), kwargs=hooks)
        context = await ref.ask("your context")
    await system.shutdown()
    assert notes == ["c", "b", "a"]


async def test_shutdown_lets_the_message_in_hand_finish() -> None:
    gate = Gate()
    system = ActorSystem()
    ref = await system.spawn(Slow, "slow", args=(gate,))
    asking = asyncio.create_task(ref.ask("in hand"))
    await gate.reached.wait()
    closing = asyncio.create_task(system.shutdown())
    await turns()
    gate.opened.set()
    await closing
    assert await asking == "in hand"


@on_virtual_time
async def test_after_the_timeout_what_goes_on_is_cancelled() -> None:
    system = ActorSystem()
    refs = [await system.spawn(Slow, name, args=(Gate(),)) for name in "abc"]
    asks = [asyncio.create_task(ref.ask("in hand", timeout=None)) for ref in refs]
    await turns()
    await system.shutdown(timeout=2.5)
    assert now() == 2.5
    outcomes = await asyncio.gather(*asks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ActorStoppedError] * 3


@on_virtual_time
async def test_shutdown_reaches_children_of_children() -> None:
    system = ActorSystem()
    parent = await system.spawn(Does, "parent")
    child = await child_of(parent, Does, "child")
    slow = await child_of(child, Slow, "slow", Gate())
    await slow.tell("in hand")
    await turns()
    await system.shutdown(timeout=1.0)
    assert now() == 1.0
    assert not slow.is_alive


@on_virtual_time
async def test_an_actor_that_swallows_cancellation_for_a_while_is_cancelled_again() -> None:
    async def stubborn(_: Does) -> None:
        for _attempt in range(3):
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(1e6)
        await asyncio.sleep(1e6)

    system = ActorSystem()
    ref = await system.spawn(Does, "stubborn")
    await ref.tell(stubborn)
    await turns()
    await system.shutdown(timeout=5.0)
    assert now() == 8.0
    assert not system.children


@on_virtual_time
async def test_an_on_stopped_that_never_ends_is_cancelled() -> None:
    system = ActorSystem()
    hooks = {"on_stopped": lambda _: asyncio.sleep(1e6)}
    await system.spawn(Hooked, "hooked", args=([],), kwargs=hooks)
    await system.shutdown(timeout=5.0)
    assert now() == 5.0
    assert not system.children


@on_virtual_time
async def test_an_actor_that_neither_ends_its_message_nor_its_stop_is_cancelled_twice() -> None:
    system = ActorSystem()
    hooks = {hook: lambda _: asyncio.sleep(1e6) for hook in ("on_receive", "on_stopped")}
    ref = await system.spawn(Hooked, "hooked", args=([],), kwargs=hooks)
    await ref.tell("a message")
    await turns()
    await system.shutdown(timeout=5.0)
    assert now() == 6.0
    assert not system.children


@on_virtual_time
async def test_an_on_started_that_never_ends_is_cancelled() -> None:
    system = ActorSystem()
    hooks = {"on_started": lambda _: asyncio.sleep(1e6)}
    spawning = asyncio.create_task(system.spawn(Hooked, "hooked", args=([],), kwargs=hooks))
    await turns()
    await system.shutdown(timeout=5.0)
    with pytest.raises(ActorStoppedError):
        await spawning
    assert now() == 5.0
    assert not system.children


@on_virtual_time
async def test_what_an_actor_that_fails_to_start_leaves_behind_is_cancelled() -> None:
    async def on_started(actor: Actor[Any, Any]) -> None:
        hooks = {"on_stopped": lambda _: asyncio.sleep(1e6)}
        await actor.context.spawn(Hooked, "child", args=([],), kwargs=hooks)
        raise ValueError("no")

    system = ActorSystem()
    hooks = {"on_started": on_started}
    spawning = asyncio.create_task(system.spawn(Hooked, "hooked", args=([],), kwargs=hooks))
    await turns()
    await system.shutdown(timeout=5.0)
    assert now() == 5.0
    with pytest.raises(ValueError, match="no"):
        await spawning


@on_virtual_time
async def test_shutdown_gives_up_on_an_actor_that_never_gives_in(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gate = Gate()

    async def stubborn(_: Does) -> None:
        while not gate.opened.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await gate.wait()

    system = ActorSystem()
    ref = await system.spawn(Does, "stubborn")
    await ref.tell(stubborn)
    await turns()
    await system.shutdown(timeout=5.0)
    assert now() == 15.0
    assert "shutdown gives up on /actor-system/stubborn" in caplog.text
    gate.opened.set()
    await ref.join()


@pytest.mark.parametrize("depth", [1, 2])
async def test_shutdown_from_inside_an_actor_stops_the_rest_and_then_that_actor(
    depth: int,
) -> None:
    notes: list[str] = []
    system = ActorSystem()
    ref = top = await system.spawn(Does, "top")
    if depth == 2:
        ref = await child_of(top, Does, "caller")
    hooks = {"on_stopped": lambda _: notes.append("other")}
    await system.spawn(Hooked, "other", args=([],), kwargs=hooks)

    async def shut_down(actor: Does) -> str:
        await system.shutdown()
        notes.append("caller")
        assert not actor.context.self_ref.is_alive or depth == 2
        return "done"

    assert await ref.ask(shut_down) == "done"
    await top.join()
    await ref.join()
    assert notes == ["other", "caller"]
    await system.shutdown()


async def test_shutdown_from_on_stopped_is_no_deadlock() -> None:
    system = ActorSystem()
    hooks = {"on_stopped": lambda _: system.shutdown()}
    ref = await system.spawn(Hooked, "hooked", args=([],), kwargs=hooks)
    await system.spawn(Echo, "other")
    await ref.stop()
    await system.shutdown()
    assert not system.children


@on_virtual_time
async def test_two_actors_that_shut_the_system_down_are_no_deadlock() -> None:
    async def shut_down(_: Does) -> None:
        await turns(3)
        await system.shutdown(timeout=3.0)

    system = ActorSystem()
    refs = [await system.spawn(Does, name) for name in "ab"]
    for ref in refs:
        await ref.tell(shut_down)
    await turns(2)
    for ref in refs:
        await ref.join()
    await system.shutdown()
    assert now() == 3.0
    assert not system.children


async def test_shutdown_twice_is_harmless() -> None:
    notes: list[str] = []
    system = ActorSystem()
    await system.spawn(Hooked, "hooked", args=(notes,))
    await asyncio.gather(system.shutdown(), system.shutdown())
    await system.shutdown()
    assert notes == ["started", "stopped"]


async def test_shutdown_of_a_system_that_was_never_used_is_harmless() -> None:
    await ActorSystem().shutdown()


@on_virtual_time
async def test_a_shutdown_that_is_cancelled_half_way_can_be_repeated() -> None:
    gate = Gate()
    system = ActorSystem()
    refs = [await system.spawn(Slow, name, args=(gate,)) for name in "ab"]
    for ref in refs:
        await ref.tell("in hand")
    await turns()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.0):
            await system.shutdown()
    assert len(system.children) == 2
    await system.shutdown(timeout=2.0)
    assert now() == 3.0
    assert not system.children


async def test_after_a_shutdown_nothing_starts() -> None:
    system = ActorSystem()
    ref = await system.spawn(Echo, "echo")
    await system.shutdown()
    with pytest.raises(ActorStoppedError):
        await system.spawn(Echo, "late")
    with pytest.raises(ActorStoppedError):
        await ref.ask("late")
    with pytest.raises(LookupError):
        system.get_actor("/actor-system/echo")


async def test_during_a_shutdown_nothing_starts() -> None:
    gate = Gate()
    system = ActorSystem()
    hooks = {"on_stopped": lambda _: gate.wait()}
    await system.spawn(Hooked, "hooked", args=([],), kwargs=hooks)
    closing = asyncio.create_task(system.shutdown())
    await gate.reached.wait()
    with pytest.raises(ActorStoppedError, match="can no longer start late"):
        await system.spawn(Echo, "late")
    gate.opened.set()
    await closing


async def test_leaving_the_context_shuts_the_system_down_also_after_an_error() -> None:
    notes: list[str] = []
    with pytest.raises(ValueError, match="inside"):
        async with ActorSystem() as system:
            await system.spawn(Hooked, "hooked", args=(notes,))
            raise ValueError("inside")
    assert notes == ["started", "stopped"]


async def test_nothing_is_left_of_a_busy_system() -> None:
    tasks = asyncio.all_tasks()
    system = ActorSystem()
    refs = [await system.spawn(Slow, f"slow {number}", args=(Gate(),)) for number in range(10)]
    asks = [asyncio.create_task(ref.ask(0, timeout=100.0)) for ref in refs for _ in range(3)]
    await turns()
    await system.shutdown(timeout=0.0)
    await asyncio.gather(*asks, return_exceptions=True)
    assert asyncio.all_tasks() == tasks


@on_virtual_time
async def test_a_later_actor_has_stopped_in_full_before_an_earlier_one_begins_to() -> None:
    notes: list[tuple[str, float]] = []

    async def end(actor: Actor[Any, Any]) -> None:
        name = actor.context.self_ref.name
        notes.append((f"{name} stops", now()))
        await asyncio.sleep(1.0)
        notes.append((f"{name} has stopped", now()))

    async def start(actor: Actor[Any, Any]) -> None:
        name = f"child of {actor.context.self_ref.name}"
        await actor.context.spawn(Hooked, name, args=([],), kwargs={"on_stopped": end})

    system = ActorSystem()
    for name in "abc":
        hooks = {"on_started": start, "on_stopped": end}
        await system.spawn(Hooked, name, args=([],), kwargs=hooks)
    await system.shutdown(timeout=30.0)
    names = [f"{kind}{name}" for name in "cba" for kind in ("child of ", "")]
    assert notes == [
        (f"{name} {what}", instant + later)
        for instant, name in enumerate(names)
        for what, later in (("stops", 0.0), ("has stopped", 1.0))
    ]


@on_virtual_time
async def test_each_has_its_share_of_what_is_left_and_is_then_cancelled() -> None:
    ends: dict[str, float] = {}

    async def end(actor: Actor[Any, Any]) -> None:
        ends[actor.context.self_ref.name] = now()

    def busy(seconds: float) -> Any:
        return lambda _: asyncio.sleep(seconds)

    system = ActorSystem()
    for name, seconds in {"a": 1000.0, "b": 1.0, "c": 1000.0, "d": 2.0}.items():
        hooks = {"on_receive": busy(seconds), "on_stopped": end}
        ref = await system.spawn(Hooked, name, args=([],), kwargs=hooks)
        await ref.tell("a message")
    await turns()
    await system.shutdown(timeout=12.0)
    # d has 12/4 and needs 2; c has 10/3 and takes it; b has (20/3)/2 and is done; a has the rest
    assert ends == pytest.approx({"d": 2.0, "c": 2.0 + 10 / 3, "b": 2.0 + 10 / 3, "a": 12.0})
    assert now() == 12.0


@on_virtual_time
async def test_a_shutdown_without_any_time_cancels_at_once_and_still_waits() -> None:
    notes: list[str] = []
    system = ActorSystem()
    hooks = {"on_receive": lambda _: asyncio.sleep(1e6), "on_stopped": lambda _: turns(5)}
    for name in "ab":
        ref = await system.spawn(Hooked, name, args=(notes,), kwargs=hooks)
        await ref.tell("a message")
    await turns()
    await system.shutdown(timeout=0)
    assert now() == 0.0
    assert notes.count("stopped") == 2


@pytest.mark.parametrize("timeout", [-1.0, float("nan"), float("inf"), None, "1"])
async def test_the_timeout_of_a_shutdown_is_a_number_of_seconds(timeout: Any) -> None:
    system = ActorSystem()
    with pytest.raises((TypeError, ValueError), match="shutdown: timeout must be"):
        await system.shutdown(timeout)


@on_virtual_time
async def test_a_shutdown_reaches_an_actor_that_waits_before_its_restart() -> None:
    notes: list[str] = []
    strategy = OneForOneStrategy(backoff=RestartBackoff(50.0))
    system = ActorSystem(supervisor_strategy=strategy)
    ref = await system.spawn(Hooked, "hooked", args=(notes,))
    await ref.tell(ValueError("no"))
    await asyncio.sleep(1.0)
    await system.shutdown()
    assert now() == 1.0
    assert notes == ["started", "ValueError('no')", "stopped"]


@on_virtual_time
async def test_a_shutdown_while_an_actor_waits_for_another_one() -> None:
    system = ActorSystem()
    slow = await system.spawn(Slow, "slow", args=(Gate(),))
    does = await system.spawn(Does, "does")
    asking = asyncio.create_task(
        does.ask(lambda _: slow.ask("a message", timeout=None), timeout=None)
    )
    await turns()
    await system.shutdown(timeout=4.0)
    with pytest.raises(ActorStoppedError):
        await asking
    assert now() == 4.0


async def test_a_shutdown_by_a_task_in_the_background_of_an_actor_is_no_deadlock() -> None:
    jobs: list[asyncio.Task[None]] = []
    system = ActorSystem()
    ref = await system.spawn(Does, "does")
    await ref.ask(lambda _: jobs.append(asyncio.create_task(system.shutdown())))
    await jobs[0]
    await ref.join()
    await system.shutdown()
    assert not system.children


@on_virtual_time
async def test_shutdowns_in_a_row_that_are_each_cancelled_make_progress() -> None:
    system = ActorSystem()
    for name in "abc":
        hooks = {"on_stopped": lambda _: asyncio.sleep(1.0)}
        await system.spawn(Hooked, name, args=([],), kwargs=hooks)
    for _ in range(3):
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1.5):
                await system.shutdown(timeout=100.0)
    assert now() == 3.0
    assert not system.children


# ---------------------------------------------------------------------- nobody starves


class Busy:
    """What somebody does again and again without ever having to wait."""

    def __init__(self, system: ActorSystem, ref: Ref) -> None:
        self.system = system
        self.ref = ref
        self.steps = 0

    async def ask(self) -> None:
        await self.ref.ask("hello")

    async def tell(self) -> None:
        await self.ref.tell("hello")

    async def spawn(self) -> None:
        await self.system.spawn(Echo, f"{self.steps}")

    async def spawn_and_stop(self) -> None:
        await (await self.system.spawn(Echo, "again")).stop()

    async def ask_a_child(self) -> None:
        await self.ref.ask(lambda actor: actor.context.ask(Echo, "hello"))


JOBS = ["ask", "tell", "spawn", "spawn_and_stop", "ask_a_child"]
BUSY = [*JOBS, "ask in vain", "tell in vain", "ask a full one", "tell a full one"]


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("job", BUSY)
async def test_a_loop_that_never_waits_lets_a_timer_beside_it_fire(job: str, inside: bool) -> None:
    async with ActorSystem(max_dead_letters=1) as system:
        box = MemoryMailbox(1 if "full" in job else 0, backpressure_policy="fail")
        ref = await system.spawn(
            Does if "full" in job or "child" in job else Echo, "ref", mailbox=box
        )
        busy = Busy(system, ref)
        if "in vain" in job:
            await ref.stop()
        if "full" in job:
            await ref.tell(lambda _: asyncio.Event().wait())
            await turns(2)
            await ref.tell("queued")
        fired = list[int]()

        async def go_on() -> None:
            for _ in range(3):
                asyncio.get_running_loop().call_soon(lambda: fired.append(busy.steps))
                before = len(fired)
                while len(fired) == before:
                    assert busy.steps < 4 * TELLS_BETWEEN_RESTS
                    busy.steps += 1
                    with contextlib.suppress(ActorStoppedError, MailboxFullError):
                        await getattr(busy, job.split(maxsplit=1)[0])()

        if inside:
            await (await system.spawn(Does, "busy")).ask(lambda _: go_on(), timeout=None)
        else:
            await go_on()
        rests = TELLS_BETWEEN_RESTS if "tell" in job else STEPS_WITHIN_A_NEST if inside else 300
        assert fired[2] <= 3 * (rests + 1)
        ref.interrupt()


@pytest.mark.parametrize("name", ["", "a/b"])
def test_the_name_of_a_system_is_checked(name: str) -> None:
    with pytest.raises(ValueError, match="must not be empty or contain '/'"):
        ActorSystem(name)


@on_virtual_time
async def test_a_shutdown_by_an_actor_that_another_asks_fails_that_ask_at_once() -> None:
    system = ActorSystem()
    answers = await system.spawn(Does, "answers")
    asks = await system.spawn(Does, "asks")

    async def shut_down(_: Does) -> None:
        await system.shutdown()

    asking = asyncio.ensure_future(asks.ask(lambda _: answers.ask(shut_down), timeout=None))
    with pytest.raises(ActorStoppedError, match="it shuts down the system"):
        await asking
    await answers.join()
    assert now() == 0.0


async def test_the_end_of_many_lets_the_loop_run() -> None:
    for end in ("shutdown", "parent"):
        async with ActorSystem() as system:
            parent = await system.spawn(Does, "parent")
            for number in range(10_000):
                if end == "shutdown":
                    await system.spawn(Echo, f"{number}")
                else:
                    await child_of(parent, Echo, f"{number}")
            beside = asyncio.ensure_future(turns(3))
            await (system.shutdown() if end == "shutdown" else parent.stop())
            assert beside.done()


async def test_a_system_that_was_never_used_is_closed_by_a_shutdown_too() -> None:
    system = ActorSystem()
    await system.shutdown()
    with pytest.raises(ActorStoppedError):
        await system.spawn(Echo, "late")


@on_virtual_time
async def test_what_was_not_handled_is_logged_with_the_way_to_have_it_handled(
    caplog: pytest.LogCaptureFixture,
) -> None:
    gate = Gate()
    async with ActorSystem("app") as system:
        slow = await system.spawn(Slow, "slow", args=(gate,))
        await slow.tell("in hand")
        await gate.reached.wait()
        await slow.tell("queued")
        await slow.tell("queued as well")
        gate.opened.set()
    text = "2 messages were not handled before the shutdown of app"
    assert text in caplog.text
    assert "ask, or stop(drain=True), waits for them" in caplog.text
