"""Asking several actors at once: structured, in order, and nothing is left."""

import asyncio
from collections.abc import Iterator
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorContext,
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    NameInUseError,
)
from everything_is_an_actor.flow import AllFailedError
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Ref, Slow, now, turns

type Context = ActorContext[Any, Any]

LOG: list[str] = []


@pytest.fixture(autouse=True)
def an_empty_log() -> None:
    LOG.clear()


class Worker(Actor[Any, Any]):
    """Waits for so many seconds, or fails; notes when it starts, is cancelled, and stops."""

    @override
    async def on_started(self) -> None:
        LOG.append("started")

    @override
    async def on_stopped(self) -> None:
        await turns(2)
        LOG.append("stopped")

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, BaseException):
            raise message
        if callable(message):
            return await message(self)
        try:
            await asyncio.sleep(message)
        except asyncio.CancelledError:
            await turns(2)
            LOG.append(f"{message} cancelled")
            raise
        return message


async def inside(system: ActorSystem, job: Any) -> Any:
    """What a function of a context yields, and that it leaves no child."""
    ref = await system.spawn(Does, f"does {len(system.children)}")
    tasks = asyncio.all_tasks()

    async def run(actor: Does) -> Any:
        try:
            return await job(actor.context)
        finally:
            assert actor.context.children == ()
            assert LOG.count("started") == LOG.count("stopped")
            assert len(asyncio.all_tasks()) <= len(tasks) + 1

    return await ref.ask(run, timeout=None)


# ---------------------------------------------------------------------- ask


@pytest.mark.parametrize("name", [None, "worker"])
@on_virtual_time
async def test_a_class_that_is_asked_is_a_child_that_is_gone_afterwards(name: str | None) -> None:
    paths: list[str] = []

    async def path(worker: Worker) -> str:
        paths.append(worker.context.self_ref.path)
        return "reply"

    async def job(context: Context) -> Any:
        for _ in range(2):
            assert await context.ask(Worker, path, name=name) == "reply"
            assert LOG[-2:] == ["started", "stopped"]

    async with ActorSystem() as system:
        await inside(system, job)
    if name is None:
        assert paths[0].startswith("/actor-system/does 0/Worker-")
        assert paths[0] != paths[1]
    else:
        assert paths == ["/actor-system/does 0/worker"] * 2


@on_virtual_time
async def test_the_child_is_gone_after_a_failure() -> None:
    error = ValueError("no")

    async def job(context: Context) -> Any:
        with pytest.raises(ValueError, match="no") as raised:
            await context.ask(Worker, error)
        assert raised.value is error
        assert context.children == ()

    async with ActorSystem() as system:
        await inside(system, job)


@on_virtual_time
async def test_the_child_is_gone_after_a_timeout() -> None:
    async def job(context: Context) -> Any:
        with pytest.raises(AskTimeoutError):
            await context.ask(Worker, 100.0, timeout=2.0)
        assert context.children == ()
        assert now() == 2.0

    async with ActorSystem() as system:
        await inside(system, job)
    assert LOG == ["started", "100.0 cancelled", "stopped"]


@pytest.mark.parametrize(("start", "end"), [(1.5, 0.0), (100.0, 0.0), (0.5, 100.0)])
def test_the_timeout_bounds_the_start_of_the_child_but_not_its_end(
    start: float, end: float
) -> None:
    class Slow(Worker):
        @override
        async def on_started(self) -> None:
            await asyncio.sleep(start)

        @override
        async def on_stopped(self) -> None:
            await asyncio.sleep(end)

    async def job(context: Context) -> Any:
        if end:
            assert await context.ask(Slow, 1.0, timeout=2.0) == 1.0
            return
        with pytest.raises(AskTimeoutError, match=r"no reply from .*/slow within 2 s"):
            await context.ask(Slow, 1.0, timeout=2.0, name="slow")
        assert context.children == ()
        LOG.clear()

    @on_virtual_time
    async def test() -> None:
        async with ActorSystem() as system:
            await inside(system, job)
            assert now() == (101.5 if end else 2.0)

    test()


@on_virtual_time
async def test_the_child_is_gone_after_a_cancellation() -> None:
    async def job(context: Context) -> Any:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3.0):
                await context.ask(Worker, 100.0)
        assert context.children == ()

    async with ActorSystem() as system:
        await inside(system, job)
        assert now() == 3.0
    assert LOG == ["started", "100.0 cancelled", "stopped"]


@on_virtual_time
async def test_a_cancellation_while_the_child_ends_after_a_failure_is_not_lost() -> None:
    class SlowToStop(Worker):
        @override
        async def on_stopped(self) -> None:
            await asyncio.sleep(10.0)

    async def job(context: Context) -> Any:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(3.0):
                await context.ask(SlowToStop, ValueError("no"))
        LOG.clear()

    async with ActorSystem() as system:
        await inside(system, job)
        assert now() == 3.0


@on_virtual_time
async def test_a_child_that_does_not_start_leaves_nothing() -> None:
    class Broken(Worker):
        @override
        async def on_started(self) -> None:
            raise ValueError("not today")

    async def job(context: Context) -> Any:
        with pytest.raises(ValueError, match="not today"):
            await context.ask(Broken, 0)

    async with ActorSystem() as system:
        await inside(system, job)


@pytest.mark.parametrize(("name", "kind"), [("", ValueError), ("a/b", ValueError), (3, TypeError)])
async def test_the_name_of_a_child_is_checked(name: Any, kind: type[Exception]) -> None:
    async with ActorSystem() as system:
        with pytest.raises(kind, match="ask: name must"):
            await inside(system, lambda context: context.ask(Worker, 0, name=name))


@on_virtual_time
async def test_a_name_is_taken_once_at_a_time() -> None:
    async def job(context: Context) -> Any:
        asks = [context.ask(Worker, 1.0, name="worker") for _ in range(2)]
        outcomes = await asyncio.gather(*asks, return_exceptions=True)
        assert outcomes[0] == 1.0
        assert isinstance(outcomes[1], NameInUseError)

    async with ActorSystem() as system:
        await inside(system, job)


async def test_what_is_neither_ref_nor_class_is_refused() -> None:
    async with ActorSystem() as system:
        with pytest.raises(TypeError, match=r"ask: expected a subclass of Actor, .* got 'worker'"):
            await inside(system, lambda context: context.ask("worker", 0))


# ---------------------------------------------------------------------- sequence and traverse


@on_virtual_time
async def test_sequence_asks_all_at_once_and_replies_in_order() -> None:
    async with ActorSystem() as system:
        echo = await system.spawn(Echo, "echo")
        asks = [(Worker, 3.0), (echo, "hello"), (Worker, 1.0), (Worker, 2.0)]
        assert await inside(system, lambda context: context.sequence(asks)) == [
            *[3.0, "hello", 1.0, 2.0]
        ]
        assert now() == 3.0


@on_virtual_time
async def test_traverse_asks_one_target_for_every_input() -> None:
    inputs = [number / 10 for number in range(10, 0, -1)]
    async with ActorSystem() as system:
        assert await inside(system, lambda context: context.traverse(inputs, Worker)) == inputs
        assert now() == 1.0
        echo = await system.spawn(Echo, "echo")
        assert await inside(system, lambda context: context.traverse(iter("abc"), echo)) == [*"abc"]


@on_virtual_time
async def test_a_thousand_inputs() -> None:
    async with ActorSystem() as system:
        inputs = [float(number % 10) for number in range(1000)]
        assert await inside(system, lambda context: context.traverse(inputs, Worker)) == inputs
        assert now() == 9.0
        echo = await system.spawn(Echo, "echo", mailbox_size=10)
        assert await inside(system, lambda context: context.traverse(inputs, echo)) == inputs


@on_virtual_time
async def test_the_first_failure_cancels_and_awaits_the_others() -> None:
    async def fail(_: Worker) -> None:
        await asyncio.sleep(1.0)
        raise ValueError("no")

    async with ActorSystem() as system:
        asks = [(Worker, 100.0), (Worker, fail), (Worker, 200.0)]
        with pytest.raises(ValueError, match="no"):
            await inside(system, lambda context: context.sequence(asks))
        assert now() == 1.0
    assert sorted(LOG) == [
        *("100.0 cancelled", "200.0 cancelled"),
        *["started"] * 3,
        *["stopped"] * 3,
    ]


@on_virtual_time
async def test_a_timeout_of_one_is_a_failure_of_all() -> None:
    async with ActorSystem() as system:
        asks = [(Worker, 1.0), (Worker, 100.0)]
        with pytest.raises(AskTimeoutError):
            await inside(system, lambda context: context.sequence(asks, timeout=5.0))
        assert now() == 5.0


@pytest.mark.parametrize("kind", ["sequence", "traverse", "race", "zip"])
def test_a_caller_that_is_cancelled_cancels_and_awaits_all(kind: str) -> None:
    @on_virtual_time
    async def test() -> None:
        async def job(context: Context) -> Any:
            asks: list[Any] = [(Worker, 100.0), (Worker, 200.0)]
            jobs: dict[str, Any] = {
                "sequence": context.sequence,
                "traverse": lambda _: context.traverse([100.0, 200.0], Worker),
                "race": context.race,
                "zip": lambda asks: context.zip(*asks),
            }
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(2.0):
                    await jobs[kind](asks)
            assert context.children == ()

        async with ActorSystem() as system:
            await inside(system, job)
            assert now() == 2.0
        assert sum("cancelled" in each for each in LOG) == 2

    test()


@on_virtual_time
async def test_an_actor_that_is_interrupted_takes_what_it_asked_with_it() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        asking = asyncio.create_task(
            ref.ask(lambda actor: actor.context.traverse([100.0] * 5, Worker), timeout=None)
        )
        await asyncio.sleep(1.0)
        await ref.interrupt()
        with pytest.raises(ActorStoppedError):
            await asking
        assert now() == 1.0
    assert LOG.count("stopped") == LOG.count("100.0 cancelled") == 5


async def test_of_nobody_there_are_no_replies() -> None:
    async with ActorSystem() as system:
        assert await inside(system, lambda context: context.sequence([])) == []
        assert await inside(system, lambda context: context.traverse([], Worker)) == []
        with pytest.raises(ValueError, match="race: there is nobody to ask"):
            await inside(system, lambda context: context.race([]))


@pytest.mark.parametrize("kind", ["sequence", "traverse", "race", "zip"])
async def test_inputs_that_fail_half_way_start_nothing(kind: str) -> None:
    def inputs() -> Iterator[Any]:
        yield (Worker, 1.0)
        raise LookupError("no more")

    async def job(context: Context) -> Any:
        match kind:
            case "sequence":
                return await context.sequence(inputs())
            case "traverse":
                return await context.traverse(inputs(), Worker)
            case "race":
                return await context.race(inputs())
            case _:
                wrong: Any = (Worker,)
                return await context.zip((Worker, 1.0), wrong)

    async with ActorSystem() as system:
        with pytest.raises((LookupError, TypeError, ValueError), match=r"no more|argument|unpack"):
            await inside(system, job)
    assert LOG == []


# ---------------------------------------------------------------------- race and zip


@on_virtual_time
async def test_race_is_won_by_the_first_success_and_the_others_are_cancelled_and_awaited() -> None:
    async with ActorSystem() as system:
        asks = [(Worker, 100.0), (Worker, ValueError("no")), (Worker, 2.0), (Worker, 50.0)]
        assert await inside(system, lambda context: context.race(asks)) == 2.0
        assert now() == 2.0
    assert sorted(each for each in LOG if "cancelled" in each) == [
        *("100.0 cancelled", "50.0 cancelled")
    ]


@on_virtual_time
async def test_a_race_that_all_lose_fails_with_all_their_errors_in_order() -> None:
    errors = [ValueError("a"), KeyError("b")]
    async with ActorSystem() as system:
        with pytest.raises(AllFailedError) as raised:
            await inside(
                system, lambda context: context.race([(Worker, error) for error in errors])
            )
    assert list(raised.value.exceptions) == errors


@on_virtual_time
async def test_a_loser_that_was_only_queued_is_never_handled() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        slow = await system.spawn(Slow, "slow", args=(gate, seen))
        await slow.tell("in hand")
        await turns(2)
        assert await inside(system, lambda context: context.race([(slow, "lost"), (Worker, 1.0)]))
        gate.opened.set()
        await slow.ask("last")
    assert seen == ["in hand", "last"]


@on_virtual_time
async def test_zip_is_a_pair_of_both_replies() -> None:
    async with ActorSystem() as system:
        echo = await system.spawn(Echo, "echo")
        assert await inside(
            system, lambda context: context.zip((Worker, 2.0), (echo, "hello"))
        ) == (2.0, "hello")
        with pytest.raises(ValueError, match="no"):
            await inside(
                system, lambda context: context.zip((Worker, ValueError("no")), (Worker, 9.0))
            )
        assert now() == 2.0


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
def test_the_end_of_the_program_leaves_nothing_waiting(end: type[BaseException]) -> None:
    with pytest.raises(end):
        asyncio.run(_ends(end))


async def _ends(end: type[BaseException]) -> None:
    def stop(ref: Ref) -> None:
        raise end

    async with ActorSystem() as system:
        await inside(
            system, lambda context: context.sequence([(Worker, 0.001), (Does, lambda _: stop(_))])
        )
