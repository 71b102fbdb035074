"""Handlers that never suspend run at once; that neither starves the loop nor overflows a stack."""

import asyncio
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    VirtualActorRegistry,
)
from everything_is_an_actor.runtime.scheduler import STEPS_BETWEEN_RESTS
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Ref, child_of, place_of, turns

DEEP = 10_000
TREE = 1_000


class Link(Actor[int, int]):
    """Asks the next one, if there is one, and counts how many there are."""

    def __init__(self, following: ActorRef[int, int] | None, suspends: bool = False) -> None:
        self.following = following
        self.suspends = suspends

    @override
    async def on_receive(self, message: int) -> int:
        await turns(1 if self.suspends else 0)
        if self.following is None:
            if message < 0:
                raise ValueError(message)
            return 1
        return 1 + await self.following.ask(message, timeout=None)


async def chain(system: ActorSystem, length: int, suspends: bool = False) -> ActorRef[int, int]:
    ref: ActorRef[int, int] | None = None
    for number in range(length):
        ref = await system.spawn(Link, f"link {number}", args=(ref, suspends))
    assert ref is not None
    return ref


@pytest.mark.parametrize("suspends", [False, True])
async def test_a_chain_of_ten_thousand_asks_is_answered(suspends: bool) -> None:
    async with ActorSystem() as system:
        ref = await chain(system, DEEP, suspends)
        assert await ref.ask(0, timeout=None) == DEEP
        assert await ref.ask(0, timeout=None) == DEEP


async def test_an_error_comes_back_through_ten_thousand_asks() -> None:
    async with ActorSystem() as system:
        ref = await chain(system, DEEP)
        with pytest.raises(ValueError, match="-1") as raised:
            await ref.ask(-1, timeout=None)
        raised.value.__traceback__ = None


@on_virtual_time
async def test_an_asker_gives_up_on_a_chain_of_ten_thousand_asks() -> None:
    gate = Gate()

    class Last(Actor[int, int]):
        @override
        async def on_receive(self, message: int) -> int:
            await gate.wait()
            return message

    async with ActorSystem() as system:
        ref: ActorRef[int, int] = await system.spawn(Last, "last")
        for number in range(DEEP):
            ref = await system.spawn(Link, f"link {number}", args=(ref,))
        with pytest.raises(TimeoutError):
            await ref.ask(1, timeout=1.0)
        gate.opened.set()


class Branch(Actor[Any, Any]):
    """Spawns a child that spawns a child, so deep; the deepest one notes its path."""

    def __init__(self, depth: int, paths: list[str], gate: Gate | None = None) -> None:
        self.depth = depth
        self.paths = paths
        self.gate = gate

    @override
    async def on_started(self) -> None:
        if self.depth > 1:
            arguments = (self.depth - 1, self.paths, self.gate)
            await self.context.spawn(Branch, "b", args=arguments)
        else:
            self.paths.append(self.context.self_ref.path)
            if self.gate is not None:
                await self.gate.wait()

    @override
    async def on_receive(self, message: Any) -> Any:
        raise message


@pytest.mark.parametrize("end", ["shutdown", "stop", "interrupt"])
async def test_a_tree_a_thousand_deep_starts_and_stops(end: str) -> None:
    paths: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Branch, "b", args=(TREE, paths))
        assert paths == ["/actor-system" + "/b" * TREE]
        deepest = system.get_actor(paths[0])
        if end != "shutdown":
            await (ref.stop() if end == "stop" else ref.interrupt())
            assert not deepest.is_alive
    assert not deepest.is_alive


async def test_a_tree_a_thousand_deep_restarts() -> None:
    paths: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Branch, "b", args=(TREE, paths))
        with pytest.raises(ValueError, match="again"):
            await ref.ask(ValueError("again"))
        while len(paths) < 2:  # noqa: ASYNC110  # the restart is all that happens
            await asyncio.sleep(0)
        assert paths[0] == paths[1]


@pytest.mark.parametrize("end", ["cancel", "interrupt"])
async def test_the_start_of_a_tree_a_thousand_deep_may_be_cancelled(end: str) -> None:
    gate = Gate()
    async with ActorSystem() as system:
        spawning = asyncio.create_task(system.spawn(Branch, "b", args=(TREE, [], gate)))
        await gate.reached.wait()
        if end == "cancel":
            spawning.cancel()
        else:
            await system.get_actor("/actor-system/b").interrupt()
        await asyncio.wait([spawning])
        assert spawning.cancelled() or isinstance(spawning.exception(), ActorStoppedError)
        assert not system.children


@on_virtual_time
async def test_a_timer_fires_beside_a_caller_whose_asks_all_complete_at_once() -> None:
    fired = asyncio.Event()
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        asyncio.get_running_loop().call_later(0.0, fired.set)
        asks = 0
        while not fired.is_set():
            await ref.ask(asks)
            asks += 1
            assert asks <= 2 * STEPS_BETWEEN_RESTS
        assert asks > 1


async def test_other_tasks_get_their_turn_beside_many_asks() -> None:
    steps = 0

    async def count() -> None:
        nonlocal steps
        while True:
            steps += 1
            await asyncio.sleep(0)

    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        counting = asyncio.create_task(count())
        for number in range(10 * STEPS_BETWEEN_RESTS):
            await ref.ask(number)
        counting.cancel()
        await asyncio.wait([counting])
    assert steps >= 9


@pytest.mark.parametrize("how", ["shutdown", "stop of the parent", "deactivate_all"])
async def test_other_tasks_get_their_turn_while_many_actors_stop(how: str) -> None:
    count, turns = 10_000, 0

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    async with ActorSystem() as system:
        registry = VirtualActorRegistry(system)
        parent = await system.spawn(Does, "parent")
        for number in range(count):
            if how == "shutdown":
                await system.spawn(Does, str(number))
            elif how == "deactivate_all":
                await registry.ask(Does, str(number), lambda _: None)
            else:
                await child_of(parent, Does, str(number))
        ticking = asyncio.create_task(tick())
        if how == "shutdown":
            await system.shutdown()
        elif how == "deactivate_all":
            await registry.deactivate_all()
        else:
            await parent.stop()
        ticking.cancel()
        assert turns >= count / 500


async def test_two_actors_that_ask_each_others_helpers_for_ever_starve_nobody() -> None:
    class Asks(Actor[Ref, None]):
        @override
        async def on_receive(self, message: Ref) -> None:
            await message.ask("hello")
            await self.context.self_ref.tell(message)

    async with ActorSystem() as system:
        echo = await system.spawn(Echo, "echo")
        for name in "ab":
            await (await system.spawn(Asks, name)).tell(echo)
        await turns(20)


async def test_an_idle_actor_has_no_task_and_no_timer() -> None:
    tasks = asyncio.all_tasks()
    async with ActorSystem() as system:
        refs = [await system.spawn(Echo, f"echo {number}") for number in range(100)]
        for ref in refs:
            await ref.ask("once")
            await ref.tell("twice")
        await turns(3)
        assert asyncio.all_tasks() == tasks
        assert all(place_of(ref).turn is None for ref in refs)


async def test_a_handler_that_never_suspends_needs_no_trip_through_the_loop() -> None:
    passed: list[None] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        asyncio.get_running_loop().call_soon(passed.append, None)
        for number in range(100):
            assert await ref.ask(number) == number
        assert not passed
