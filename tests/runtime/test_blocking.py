"""Blocking handlers run on threads, and still one at a time."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AllForOneStrategy,
    AskTimeoutError,
    Dispatcher,
    MessageContext,
    Middleware,
    Next,
    PoolDispatcher,
)
from everything_is_an_actor.runtime.dispatcher import THREADS
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Parent, child_of, turns


class Door:
    """Where a thread waits until a test lets it go on; the test sees that it is there."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.reached = asyncio.Event()
        self._opened = threading.Event()

    def wait(self) -> None:
        self.loop.call_soon_threadsafe(self.reached.set)
        assert self._opened.wait(60)

    def open(self) -> None:
        self._opened.set()


class Blocking(Actor[Any, Any]):
    """Does what it is sent, on a thread; notes where it ran, and asserts that it is alone."""

    def __init__(self, threads: list[str] | None = None, notes: list[str] | None = None) -> None:
        self.threads = [] if threads is None else threads
        self.notes = [] if notes is None else notes
        self.busy = False

    @override
    def receive(self, message: Callable[[], Any]) -> Any:
        assert not self.busy
        self.busy = True
        self.threads.append(threading.current_thread().name)
        try:
            return message()
        finally:
            self.notes.append("received")
            self.busy = False

    @override
    async def on_started(self) -> None:
        self.notes.append("started")

    @override
    async def on_stopped(self) -> None:
        assert not self.busy
        self.notes.append("stopped")


def dispatcher_threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith(THREADS)]


@on_virtual_time
async def test_receive_runs_on_a_thread_of_the_dispatcher_and_replies_on_the_loop() -> None:
    threads: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Blocking, "blocking", args=(threads,))
        assert await ref.ask(lambda: 42) == 42
        assert threads[0].startswith(THREADS)
        task = asyncio.current_task()
        assert asyncio.current_task() is task
        assert threading.current_thread() is threading.main_thread()
    assert dispatcher_threads() == []


@on_virtual_time
async def test_the_very_exception_of_receive_reaches_the_asker_and_the_supervisor() -> None:
    error, notes = ValueError("no"), list[str]()

    def fail() -> None:
        raise error

    async with ActorSystem() as system:
        ref = await system.spawn(Blocking, "blocking", args=([], notes))
        with pytest.raises(ValueError, match="no") as raised:
            await ref.ask(fail)
        assert raised.value is error
        assert await ref.ask(lambda: "goes on") == "goes on"
    assert notes == ["started", "received", "started", "received", "stopped"]


@on_virtual_time
async def test_messages_are_handled_in_order_and_one_at_a_time() -> None:
    seen: list[int] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Blocking, "blocking")
        for number in range(50):
            await ref.tell(lambda number=number: seen.append(number))
        await ref.ask(lambda: None)
    assert seen == list(range(50))


@on_virtual_time
async def test_many_actors_block_at_once_and_the_loop_goes_on() -> None:
    async with ActorSystem(dispatchers={"wide": PoolDispatcher(pool_size=4)}) as system:
        doors = [Door() for _ in range(4)]
        asks = []
        for number, door in enumerate(doors):
            ref = await system.spawn(Blocking, f"{number}", dispatcher="wide")
            asks.append(asyncio.create_task(ref.ask(door.wait)))
        for door in doors:
            await door.reached.wait()
        for door in doors:
            door.open()
        await asyncio.gather(*asks)


class Mixed(Actor[Any, Any]):
    """Handles some messages on the loop, some on a thread, some on both."""

    def __init__(self) -> None:
        self.inside = 0

    @override
    def receive(self, message: str) -> str:
        assert self.inside == 1
        return f"{message} on {'the loop' if on_the_main_thread() else 'a thread'}"

    @override
    async def on_receive(self, message: str) -> str:
        assert self.inside == 0
        self.inside = 1
        try:
            await turns(1)
            assert on_the_main_thread()
            if message == "async":
                return "async on the loop"
            reply: str = await super().on_receive(message)
            assert on_the_main_thread()
            return reply
        finally:
            self.inside = 0


def on_the_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@on_virtual_time
async def test_a_mixed_actor_handles_one_message_at_a_time_too() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Mixed, "mixed")
        asks = [ref.ask("async" if number % 2 else "blocking") for number in range(20)]
        assert await asyncio.gather(*asks) == ["blocking on a thread", "async on the loop"] * 10


# ---------------------------------------------------------------------- nothing overlaps


@pytest.mark.parametrize("end", ["stop", "drain", "interrupt", "shutdown", "twice"])
async def test_an_end_waits_for_the_thread(end: str) -> None:
    door, notes = Door(), list[str]()
    system = ActorSystem()
    ref = await system.spawn(Blocking, "blocking", args=([], notes))
    asking = asyncio.create_task(ref.ask(door.wait, timeout=None))
    await door.reached.wait()
    match end:
        case "stop" | "drain":
            ref.stop(drain=end == "drain")
        case "interrupt" | "twice":
            ref.interrupt()
        case _:
            pass
    ending = asyncio.create_task(system.shutdown(timeout=0.0 if end != "stop" else 60.0))
    await turns(20)
    if end == "twice":
        ref.interrupt()
        await turns(20)
    assert not ending.done()
    assert notes == ["started"]
    door.open()
    await ending
    if end == "stop":
        assert await asking is None
    else:
        with pytest.raises(ActorStoppedError):
            await asking
    assert notes == ["started", "received", "stopped"]
    assert dispatcher_threads() == []


@on_virtual_time
async def test_a_restart_that_a_sibling_wants_waits_for_the_thread() -> None:
    door, notes = Door(), list[str]()

    def fail() -> None:
        raise ValueError("no")

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(AllForOneStrategy(),))
        ref = await child_of(parent, Blocking, "blocking", [], notes)
        other = await child_of(parent, Blocking, "other")
        asking = asyncio.create_task(ref.ask(door.wait, timeout=None))
        await door.reached.wait()
        with pytest.raises(ValueError, match="no"):
            await other.ask(fail)
        await turns()
        assert notes == ["started"]
        door.open()
        assert await asking is None
        await ref.ask(lambda: None)
        assert notes[:3] == ["started", "received", "started"]


async def test_an_asker_out_of_time_goes_on_and_the_thread_too() -> None:
    door = Door()
    async with ActorSystem() as system:
        ref = await system.spawn(Blocking, "blocking")
        with pytest.raises(AskTimeoutError):
            await ref.ask(door.wait, timeout=0.001)
        queued = asyncio.create_task(ref.ask(lambda: "next"))
        await turns()
        assert not queued.done()
        door.open()
        assert await queued == "next"


async def test_run_in_executor_that_is_interrupted_waits_for_its_function() -> None:
    door, ended = Door(), list[str]()

    async def run(actor: Does) -> None:
        try:
            await actor.context.run_in_executor(door.wait)
        finally:
            ended.append("handler")

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        asking = asyncio.create_task(ref.ask(run, timeout=None))
        await door.reached.wait()
        ending = ref.interrupt()
        await turns(20)
        assert ended == []
        door.open()
        await ending
        assert ended == ["handler"]
        with pytest.raises(ActorStoppedError):
            await asking


@on_virtual_time
async def test_run_in_executor_returns_or_raises_what_the_function_does() -> None:
    async def run(actor: Does) -> Any:
        with pytest.raises(ZeroDivisionError):
            await actor.context.run_in_executor(divmod, 1, 0)
        return await actor.context.run_in_executor(divmod, 7, 2)

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        assert await ref.ask(run) == (3, 1)


# ---------------------------------------------------------------------- dispatchers by name


class Counting(Dispatcher):
    """Runs everything here and now, and counts."""

    def __init__(self) -> None:
        self.calls = 0
        self.closed = 0

    @override
    async def dispatch[*Ts, T](self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        self.calls += 1
        return fn(*args)

    @override
    def close(self) -> None:
        self.closed += 1


@on_virtual_time
async def test_an_actor_runs_on_the_dispatcher_that_is_chosen_at_spawn_also_after_a_restart() -> (
    None
):
    io, cpu = Counting(), Counting()

    def fail() -> None:
        raise ValueError("no")

    async with ActorSystem(dispatchers={"io": io, "cpu": cpu}) as system:
        ref = await system.spawn(Blocking, "blocking", dispatcher="io")
        await ref.ask(lambda: None)
        with pytest.raises(ValueError, match="no"):
            await ref.ask(fail)
        await ref.ask(lambda: None)
        assert (io.calls, cpu.calls) == (3, 0)
        parent = await system.spawn(Does, "parent", dispatcher="cpu")
        child = await parent.ask(
            lambda actor: actor.context.spawn(Blocking, "child", dispatcher="io")
        )
        await child.ask(lambda: None)
        await parent.ask(lambda actor: actor.context.run_in_executor(int))
        assert (io.calls, cpu.calls) == (4, 1)
        assert dispatcher_threads() == []
    assert (io.closed, cpu.closed) == (1, 1)


@on_virtual_time
async def test_an_unknown_dispatcher_is_a_lookup_error_that_lists_the_known_ones() -> None:
    async with ActorSystem(dispatchers={"io": Counting(), "cpu": Counting()}) as system:
        with pytest.raises(LookupError, match="has no dispatcher 'disk'; it has 'io', 'cpu'"):
            await system.spawn(Blocking, "blocking", dispatcher="disk")
        assert not system.children
    async with ActorSystem() as system:
        with pytest.raises(LookupError, match="has no dispatcher 'io'; it has none"):
            await system.spawn(Blocking, "blocking", dispatcher="io")


def test_what_is_no_dispatcher_is_refused() -> None:
    dispatchers: Any = {"io": 4}
    with pytest.raises(TypeError, match=r"dispatchers\['io'\] must be a Dispatcher, got 4"):
        ActorSystem(dispatchers=dispatchers)


@on_virtual_time
async def test_an_actor_may_be_there_for_its_children_only() -> None:
    class Above(Actor[None, None]):
        @override
        async def on_started(self) -> None:
            await self.spawn(Blocking, "below")

    async with ActorSystem() as system:
        above = await system.spawn(Above, "above")
        assert system.get_actor("/actor-system/above/below").is_alive
        with pytest.raises(NotImplementedError, match=r"neither on_receive .* nor receive"):
            await above.ask(None)


@on_virtual_time
async def test_a_middleware_is_around_the_thread_and_on_the_loop() -> None:
    where: list[bool] = []

    class Around(Middleware):
        @override
        async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
            where.append(on_the_main_thread())
            reply = await next_fn(message)
            where.append(on_the_main_thread())
            return f"around {reply}"

    async with ActorSystem() as system:
        ref = await system.spawn(Blocking, "blocking", middlewares=(Around(),))
        assert await ref.ask(lambda: on_the_main_thread()) == "around False"
        assert where == [True, True]
