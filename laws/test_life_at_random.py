"""Whatever happens to actors: every ask ends in time, and in the end nothing is left."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Coroutine
from typing import Any, override

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import (
    Actor,
    ActorError,
    ActorSystem,
    AfterIdle,
    Directive,
    OneForOneStrategy,
    RestartBackoff,
)
from everything_is_an_actor.testing import run
from laws.sizes import FEW
from tests.runtime.actors import Ref, engine_of, now

CLIENTS, STEPS, PEERS = 8, 25, 4
ROUNDING = 1e-6

type Work = tuple[str, float]


class World:
    """Actors that come and go, and a source of chance."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.peers: list[Ref] = []
        self.lives: list[list[str]] = []  # of each actor, what its hooks were called

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def peer(self) -> Ref:
        return self.random.choice(self.peers)


class Citizen(Actor[Work, Any]):
    """Works, fails, stashes, asks others and short-lived children; idles out."""

    def __init__(self, world: World, life: list[str]) -> None:
        self.world = world
        self.life = life

    @override
    async def on_started(self) -> None:
        self.life.append("started")
        if self.world.chance(0.3):
            await asyncio.sleep(self.world.random.random())
        if self.world.chance(0.3):
            self.context.timers.every("key", 0.3 + self.world.random.random(), ("work", 0.1))

    @override
    async def on_stopped(self) -> None:
        self.life.append("stopped")
        if self.world.chance(0.5):
            await asyncio.sleep(self.world.random.random())
        if self.world.chance(0.1):
            with contextlib.suppress(ActorError):
                await self.world.peer().ask(("work", 0.1), timeout=1.0)

    @override
    def stop_policy(self) -> AfterIdle:
        return AfterIdle(0.5)

    @override
    async def on_receive(self, message: Work) -> Any:
        kind, seconds = message
        match kind:
            case "work":
                await asyncio.sleep(seconds)
            case "fail":
                raise ValueError(seconds)
            case "stash" if self.world.chance(0.7):
                self.context.stash()
                return "stashed"
            case "unstash":
                self.context.unstash_all()
            case "ask":
                return await self.world.peer().ask(("work", seconds), timeout=2.0)
            case "ask many":
                works = [(kind, seconds) for kind in ("work", "ask", "nothing")]
                return await self.context.traverse(works, self.world.peer(), timeout=2.0)
            case "ask a child":
                return await self.context.ask(Child, ("work", seconds), timeout=1.0)
            case _:
                pass
        return message


class Child(Actor[Work, Work]):
    @override
    async def on_receive(self, message: Work) -> Work:
        await asyncio.sleep(message[1])
        return message

    @override
    async def on_stopped(self) -> None:
        await asyncio.sleep(0.1)


seeds = st.integers(0, 2**32 - 1)

KINDS = ["work", "nothing", "fail", "stash", "unstash", "ask", "ask many", "ask a child"]


async def spawn(system: ActorSystem, world: World) -> Ref:
    life: list[str] = []
    world.lives.append(life)
    size = world.random.choice([0, 1, 2, 256])
    name = f"citizen {len(world.lives)}"
    return await system.spawn(Citizen, name, mailbox_size=size, args=(world, life))


async def ends_in_time(asking: Coroutine[Any, Any, Any], timeout: float) -> None:
    began = now()
    try:
        assert await asking != "stashed"
    except (ActorError, ValueError):
        pass
    finally:
        assert now() - began <= timeout + ROUNDING


async def client(system: ActorSystem, world: World) -> None:
    for _ in range(STEPS):
        await asyncio.sleep(world.random.choice([0, 0, 0.5, 2 * world.random.random()]))
        number = world.random.randrange(PEERS)
        ref = world.peers[number]
        work = (world.random.choice(KINDS), 0.4 * world.random.random())
        match world.random.choices(
            ["ask", "give up", "tell", "interrupt", "stop", "drain"], [*(15, 2, 4, 1, 1, 1)]
        )[0]:
            case "ask":
                timeout = world.random.choice([0.05, 0.5, 3.0, 20.0])
                await ends_in_time(ref.ask(work, timeout=timeout), timeout)
            case "give up":
                asking = asyncio.create_task(ends_in_time(ref.ask(work, timeout=20.0), 20.0))
                await asyncio.sleep(0.1)
                asking.cancel()
                await asyncio.wait([asking])
                assert asking.cancelled() or asking.exception() is None
            case "tell":
                async with asyncio.timeout(20.0):
                    await ref.tell(work)
            case "interrupt":
                await ref.interrupt()
            case "stop":
                await ref.stop()
            case _:
                ref.stop(drain=True)
        if not ref.is_alive:
            world.peers[number] = await spawn(system, world)


def test_every_ask_ends_in_time_and_nothing_is_left(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="everything_is_an_actor")

    @settings(FEW, deadline=None)
    @given(seeds, st.booleans(), st.none() | st.just(RestartBackoff(0.1)), st.none() | seeds)
    def holds(
        seed: int, restarts: bool, backoff: RestartBackoff | None, schedule: int | None
    ) -> None:
        world = World(seed)

        def decider(error: Exception) -> Directive:
            return Directive.restart if restarts and world.chance(0.7) else Directive.resume

        async def main() -> None:
            strategy = OneForOneStrategy(1_000, decider=decider, backoff=backoff)
            system = ActorSystem(supervisor_strategy=strategy)
            world.peers = [await spawn(system, world) for _ in range(PEERS)]
            async with asyncio.TaskGroup() as group:
                for _ in range(CLIENTS):
                    group.create_task(client(system, world))
            await system.shutdown(timeout=30.0)
            assert not system.children
            assert engine_of(system).waits._asks == {}

        run(main(), schedule=schedule)
        for life in world.lives:
            assert life[0] == "started"
            assert life[-1] == "stopped"
            if not restarts:
                assert life == ["started", "stopped"] * (len(life) // 2)

    holds()
