"""What has ended leaves nothing behind: the heap is where it was."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable

import pytest

from everything_is_an_actor import ActorSystem
from tests.runtime.actors import Does, Echo, Gate, Slow, child_of, turns

MANY = 10_000
MARGIN = 200  # objects; a leak of one for each of the many is far above it

type Work = Callable[[ActorSystem, int], Awaitable[None]]


async def spawn_and_stop(system: ActorSystem, count: int) -> None:
    for _ in range(count):
        ref = await system.spawn(Echo, "echo")
        await ref.ask("hello")
        await ref.stop()


async def spawn_families(system: ActorSystem, count: int) -> None:
    for _ in range(count // 10):
        parent = await system.spawn(Does, "parent")
        for name in "ab":
            await (await child_of(parent, Echo, name)).tell("hello")
        await parent.stop(drain=True)


async def tell(system: ActorSystem, count: int) -> None:
    ref = await system.spawn(Echo, "echo")
    for number in range(10 * count):
        await ref.tell(number)
    await ref.stop(drain=True)


async def ask_in_vain(system: ActorSystem, count: int) -> None:
    async def fail(_: Does) -> None:
        await turns(1)
        raise ValueError("no")

    ref = await system.spawn(Does, "does", mailbox_size=1)
    for number in range(count):
        if not ref.is_alive:
            await ref.join()
            ref = await system.spawn(Does, "does", mailbox_size=1)
        with pytest.raises(ValueError, match="no"):
            await (ref.ask(fail) if number % 2 else ref.ask(lambda actor: fail(actor)))
    await ref.stop()


async def ask_too_long(system: ActorSystem, count: int) -> None:
    gate = Gate()
    ref = await system.spawn(Slow, "slow", mailbox_size=0, args=(gate, []))
    await ref.tell("in hand")
    asks = [asyncio.create_task(ref.ask(number)) for number in range(count)]
    await turns(2)
    for ask in asks:
        ask.cancel()
    await asyncio.wait(asks)
    await ref.interrupt()


async def wait_too_long_for_room(system: ActorSystem, count: int) -> None:
    ref = await system.spawn(Slow, "slow", mailbox_size=1, args=(Gate(), []))
    for _ in range(2):
        await ref.tell("in hand, or queued")
        await turns(2)
    for number in range(count):
        telling = asyncio.create_task(ref.tell(number))
        await turns(1)
        telling.cancel()
        await asyncio.wait([telling])
    await ref.interrupt()


@pytest.fixture(autouse=True)
def nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A captured record holds the error, hence its frames, hence what was alive in them."""
    caplog.set_level(logging.CRITICAL, logger="everything_is_an_actor")


SIZES: list[tuple[Work, int]] = [
    (spawn_and_stop, 100_000),
    (spawn_families, MANY),
    (tell, 100_000),  # ten messages each
    (ask_in_vain, 100_000),
    (ask_too_long, 100_000),
    (wait_too_long_for_room, MANY),
]


@pytest.mark.parametrize(("work", "count"), SIZES)
async def test_objects_tasks_and_handles_are_as_many_as_before(work: Work, count: int) -> None:
    async with ActorSystem(max_dead_letters=1) as system:
        await work(system, 100)
        gc.collect()
        before = len(gc.get_objects())
        await work(system, count)
        gc.collect()
        assert len(gc.get_objects()) - before < MARGIN
        assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_joiners_that_are_cancelled_leave_nothing_with_the_actor() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")

        async def join_in_vain(count: int) -> None:
            for _ in range(count):
                joining = asyncio.create_task(ref.join())
                await asyncio.sleep(0)
                joining.cancel()
                await asyncio.wait([joining])

        await join_in_vain(100)
        gc.collect()
        before = len(gc.get_objects())
        await join_in_vain(1000)
        gc.collect()
        assert len(gc.get_objects()) - before < MARGIN


async def test_a_stopped_actor_is_freed_though_its_ref_is_kept() -> None:
    class Heavy(Echo):
        pass

    def alive() -> int:
        gc.collect()
        return sum(type(found) is Heavy for found in gc.get_objects())

    async with ActorSystem() as system:
        ref = await system.spawn(Heavy, "heavy")
        assert alive() == 1
        await ref.stop()
        assert alive() == 0


async def test_the_old_instance_is_freed_at_a_restart() -> None:
    class Heavy(Echo):
        pass

    async with ActorSystem() as system:
        ref = await system.spawn(Heavy, "heavy")
        for _ in range(3):
            with pytest.raises(ValueError, match="no"):
                await ref.ask(ValueError("no"))
        await ref.ask("restarted by now")
        gc.collect()
        assert sum(type(found) is Heavy for found in gc.get_objects()) == 1
