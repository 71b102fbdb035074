"""A cycle of asks is detected at once, and nothing else is."""

import asyncio
from collections.abc import Callable
from typing import Any, override

import pytest

from everything_is_an_actor import Actor, ActorSystem, AskCycleError, Directive, MemoryMailbox
from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import agent, pure
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Ref, always, engine_of, now, turns

type Way = Callable[[Does, Ref, Any], Any]


def directly(actor: Does, ref: Ref, message: Any) -> Any:
    return ref.ask(message, timeout=None)


def by_the_context(actor: Does, ref: Ref, message: Any) -> Any:
    return actor.context.ask(ref, message)


async def by_gather(actor: Does, ref: Ref, message: Any) -> Any:
    await asyncio.gather(asyncio.sleep(0), ref.ask(message, timeout=None))


async def by_a_task_group(actor: Does, ref: Ref, message: Any) -> Any:
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(asyncio.sleep(0))
            group.create_task(ref.ask(message, timeout=None))
    except* AskCycleError as errors:
        raise errors.exceptions[0] from None


async def by_zip(actor: Does, ref: Ref, message: Any) -> Any:
    return await actor.context.zip((Echo, "hello"), (ref, message))


async def by_traverse(actor: Does, ref: Ref, message: Any) -> Any:
    return await actor.context.traverse([message], ref)


async def by_a_flow(actor: Does, ref: Ref, message: Any) -> Any:
    async def ask(message: Any) -> Any:
        await turns(1)
        return await ref.ask(message, timeout=None)

    agents = AgentSystem(actor_system=actor.context.system)
    return await agents.run_flow(agent(ask).zip(pure(repr)), message)


async def by_a_child(actor: Does, ref: Ref, message: Any) -> Any:
    return await actor.context.ask(Does, lambda child: ref.ask(message, timeout=None))


async def by_the_start_of_a_child(actor: Does, ref: Ref, message: Any) -> Any:
    class Child(Echo):
        @override
        async def on_started(self) -> None:
            await turns(1)
            await ref.ask(message, timeout=None)

    await actor.context.spawn(Child, "child")


WAYS: list[Way] = [
    directly,
    by_the_context,
    by_gather,
    by_a_task_group,
    by_zip,
    by_traverse,
    by_a_flow,
    by_a_child,
    by_the_start_of_a_child,
]


async def the_cycle(asking: Any) -> tuple[str, ...]:
    with pytest.raises(AskCycleError) as raised:
        await asking
    assert now() == 0.0
    return raised.value.paths


@pytest.mark.parametrize("suspends", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_an_ask_to_oneself_is_detected_at_once(way: Way, suspends: bool) -> None:
    @on_virtual_time
    async def test() -> None:
        async def ask_oneself(actor: Does) -> Any:
            await turns(1 if suspends else 0)
            return await way(actor, actor.context.self_ref, lambda _: "never")

        async with ActorSystem() as system:
            ref = await system.spawn(Does, "a")
            paths = await the_cycle(ref.ask(ask_oneself, timeout=None))
            assert paths[0] == paths[-1] == "/actor-system/a"
            assert await ref.ask(lambda _: "goes on") == "goes on"

    test()


@pytest.mark.parametrize("suspends", [False, True])
@pytest.mark.parametrize("length", [2, 3, 10])
@pytest.mark.parametrize("way", WAYS)
def test_a_cycle_is_detected_at_once_and_named(way: Way, length: int, suspends: bool) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem() as system:
            refs = [await system.spawn(Does, f"{number}") for number in range(length)]

            def step(number: int) -> Any:
                async def ask_the_next(actor: Does) -> Any:
                    await turns(1 if suspends else 0)
                    following = refs[(number + 1) % length]
                    return await way(actor, following, step(number + 1))

                return ask_the_next

            paths = await the_cycle(refs[0].ask(step(0), timeout=None))
            own = [path for path in paths if path.count("/") == 2]
            assert own == [f"/actor-system/{number % length}" for number in range(length + 1)]
            assert [await ref.ask(lambda _: 1) for ref in refs] == [1] * length

    test()


async def test_the_error_says_who_asks_whom() -> None:
    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")
        with pytest.raises(AskCycleError) as raised:
            await a.ask(lambda _: b.ask(lambda _: a.ask(0)))
        assert str(raised.value) == (
            "a cycle of asks would never be answered: "
            "/actor-system/a -> /actor-system/b -> /actor-system/a"
        )
        with pytest.raises(AskCycleError, match="/actor-system/a asks itself"):
            await a.ask(lambda _: a.ask(0))


@pytest.mark.parametrize("size", [256, 1])
def test_two_that_ask_each_other_while_each_handles_a_message_of_its_own(size: int) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem(supervisor_strategy=always(Directive.resume)) as system:
            a = await system.spawn(Does, "a", mailbox_size=size)
            b = await system.spawn(Does, "b", mailbox_size=size)

            async def ask(ref: Ref) -> Any:
                await turns(2)
                return await ref.ask(lambda _: "reply", timeout=None)

            asks = [
                asyncio.create_task(a.ask(lambda _: ask(b), timeout=None)),
                asyncio.create_task(b.ask(lambda _: ask(a), timeout=None)),
            ]
            await turns(1)
            if size == 1:  # the asks to each other wait for room
                for ref in (a, b):
                    await ref.tell(lambda _: None)
            outcomes = await asyncio.gather(*asks, return_exceptions=True)
            assert now() == 0.0
            (cycle,) = (each for each in outcomes if isinstance(each, AskCycleError))
            assert set(cycle.paths) == {"/actor-system/a", "/actor-system/b"}
            assert len(cycle.paths) == 3
            assert "reply" in outcomes  # the other one goes on

    test()


@on_virtual_time
async def test_many_that_ask_each_other_in_a_ring_at_the_same_time() -> None:
    async with ActorSystem() as system:
        refs = [await system.spawn(Does, f"{number}") for number in range(100)]

        async def ask(ref: Ref) -> Any:
            await turns(2)
            return await ref.ask(lambda _: "reply", timeout=None)

        asks = [
            refs[number - 1].ask(lambda _, ref=ref: ask(ref), timeout=None)
            for number, ref in enumerate(refs)
        ]
        outcomes = await asyncio.gather(*asks, return_exceptions=True)
        (cycle,) = (each for each in outcomes if isinstance(each, AskCycleError))
        assert len(cycle.paths) == 101
        assert now() == 0.0


@on_virtual_time
async def test_a_cycle_behind_a_queued_message_is_detected_when_it_closes() -> None:
    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")
        await b.tell(lambda _: a.ask(lambda _: 0, timeout=None))  # begins after the next line
        asking = a.ask(lambda _: b.ask(lambda _: "reply", timeout=None), timeout=None)
        assert await asking == "reply"  # the message in the hand of b has failed
        assert now() == 0.0


@on_virtual_time
async def test_a_message_of_a_timer_may_not_ask_its_own_actor_either() -> None:
    failures: list[Any] = []

    class Ticking(Does):
        @override
        async def on_started(self) -> None:
            self.context.timers.once("key", 1.0, lambda actor: actor.context.self_ref.ask(0))

    async with ActorSystem(supervisor_strategy=always(Directive.stop)) as system:
        system.on_failure(failures.append)
        ref = await system.spawn(Ticking, "ticking")
        await ref.join()
        assert now() == 1.0
    assert [type(failure.reason) for failure in failures] == [AskCycleError]


@on_virtual_time
async def test_on_started_may_not_ask_its_own_actor() -> None:
    class Odd(Echo):
        @override
        async def on_started(self) -> None:
            await self.context.self_ref.ask("hello")

    async with ActorSystem() as system:
        with pytest.raises(AskCycleError, match="asks itself"):
            await system.spawn(Odd, "odd")
        assert now() == 0.0


@pytest.mark.parametrize("directive", [Directive.resume, Directive.restart, Directive.stop])
async def test_the_actors_of_a_cycle_go_on_as_their_supervisor_says(directive: Directive) -> None:
    async with ActorSystem(supervisor_strategy=always(directive)) as system:
        refs = [await system.spawn(Does, name) for name in "ab"]
        a, b = refs
        with pytest.raises(AskCycleError):
            await a.ask(lambda _: b.ask(lambda _: a.ask(0)))
        await turns()
        for ref in refs:
            assert ref.is_alive == (directive is not Directive.stop)


async def test_a_handler_may_deal_with_the_cycle() -> None:
    async def careful(_: Does) -> str:
        with pytest.raises(AskCycleError):
            await a.ask(lambda _: 0)
        return "dealt with"

    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")
        assert await a.ask(lambda _: b.ask(careful)) == "dealt with"


@on_virtual_time
async def test_one_who_has_stashed_a_message_may_not_ask_its_asker_either() -> None:
    async def stash_and_ask(actor: Does) -> Any:
        actor.context.stash()
        return await a.ask(lambda _: 0, timeout=None)

    async def stash_and_ask_itself(actor: Does) -> Any:
        actor.context.stash()
        return await actor.context.self_ref.ask(lambda _: 0, timeout=None)

    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")
        await the_cycle(a.ask(lambda _: b.ask(stash_and_ask, timeout=None), timeout=None))
        await the_cycle(a.ask(stash_and_ask_itself, timeout=None))


# ---------------------------------------------------------------------- no cycles


@on_virtual_time
async def test_an_actor_that_is_busy_with_another_message_may_be_asked() -> None:
    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")
        long = asyncio.create_task(b.ask(lambda _: asyncio.sleep(3.0)))
        await turns(2)
        assert await a.ask(lambda _: b.ask(lambda _: "reply")) == "reply"
        assert now() == 3.0
        await long


@on_virtual_time
async def test_many_may_ask_from_outside_and_from_many_actors_at_once() -> None:
    async with ActorSystem() as system:
        helper = await system.spawn(Does, "helper")
        refs = [await system.spawn(Does, f"{number}") for number in range(20)]

        def job(_: Does) -> Any:
            return helper.ask(lambda _: asyncio.sleep(0.125, "reply"))

        asks = [ref.ask(job, timeout=None) for ref in refs for _ in range(2)]
        assert await asyncio.gather(*asks) == ["reply"] * 40
        assert now() == 5.0


@on_virtual_time
async def test_a_task_that_on_started_leaves_in_the_background_may_ask_its_actor() -> None:
    replies: list[Any] = []

    class Starts(Does):
        @override
        async def on_started(self) -> None:
            self.job = asyncio.create_task(self.work())

        async def work(self) -> None:
            for _ in range(3):
                replies.append(await self.context.self_ref.ask(lambda _: now()))
                await asyncio.sleep(1.0)

    async with ActorSystem() as system:
        ref = await system.spawn(Starts, "starts")
        await ref.ask(lambda _: asyncio.sleep(0.5))
        await asyncio.sleep(3.0)
        assert replies == [0.5, 1.5, 2.5]


@on_virtual_time
async def test_a_task_that_a_handler_leaves_in_the_background_may_ask_its_actor() -> None:
    jobs: list[asyncio.Task[Any]] = []

    def leave(actor: Does) -> None:
        jobs.append(asyncio.create_task(actor.context.self_ref.ask(lambda _: "reply")))

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        await ref.ask(leave)
        busy = asyncio.create_task(ref.ask(lambda _: asyncio.sleep(1.0)))
        assert await jobs[0] == "reply"
        await busy


@pytest.mark.parametrize("cancelled", [False, True])
def test_one_who_no_longer_waits_closes_no_cycle(cancelled: bool) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem() as system:
            a = await system.spawn(Does, "a")
            b = await system.spawn(Does, "b")

            async def give_up(_: Does) -> str:
                with pytest.raises(TimeoutError):
                    if cancelled:
                        async with asyncio.timeout(1.0):
                            await b.ask(ask_back, timeout=None)
                    else:
                        await b.ask(ask_back, timeout=1.0)
                await asyncio.sleep(3.0)
                return "done"

            async def ask_back(_: Does) -> None:
                await asyncio.sleep(2.0)
                replies.append(await a.ask(lambda _: now()))

            replies: list[float] = []
            assert await a.ask(give_up) == "done"
            await turns()
            assert replies == [4.0]

    test()


@on_virtual_time
async def test_one_who_no_longer_waits_for_a_queued_request_closes_no_cycle() -> None:
    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")

        async def give_up(_: Does) -> str:
            with pytest.raises(TimeoutError):
                await b.ask(lambda _: 0, timeout=1.0)
            await asyncio.sleep(3.0)
            return "done"

        async def ask_back(_: Does) -> Any:
            await asyncio.sleep(2.0)
            return await a.ask(lambda _: "reply")

        asking = asyncio.create_task(b.ask(ask_back))
        await turns(2)
        assert await a.ask(give_up) == "done"
        assert await asking == "reply"
        assert now() == 4.0


@on_virtual_time
async def test_a_tell_in_between_closes_no_cycle() -> None:
    replies: list[Any] = []

    async def note(_: Does) -> None:
        replies.append(await a.ask(lambda _: "reply"))

    async def told(_: Does) -> str:
        await b.tell(note)
        await asyncio.sleep(1.0)
        return "done"

    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b")
        assert await a.ask(told) == "done"
        await turns()
        assert replies == ["reply"]
        assert now() == 1.0


@on_virtual_time
async def test_an_actor_that_is_stopped_meanwhile_may_ask_the_one_who_stops_it() -> None:
    replies: list[Any] = []

    class Asks(Echo):
        @override
        async def on_stopped(self) -> None:
            replies.append(await a.ask(lambda _: "reply"))

    async def stop(_: Does) -> None:
        b.stop()
        await asyncio.sleep(1.0)

    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Asks, "b")
        await a.ask(stop)
        await b.join()
        assert replies == ["reply"]
        assert now() == 1.0


async def test_asks_in_a_diamond_are_no_cycle() -> None:
    async with ActorSystem() as system:
        bottom = await system.spawn(Does, "bottom")
        sides = [await system.spawn(Does, name) for name in "lr"]
        top = await system.spawn(Does, "top")

        async def ask(ref: Ref, message: Any) -> Any:
            await turns(1)
            return await ref.ask(message)

        async def both(_: Does) -> Any:
            return await asyncio.gather(
                *(ask(side, lambda _: ask(bottom, lambda _: turns(2))) for side in sides)
            )

        assert await top.ask(both) == [None, None]


@pytest.mark.parametrize("suspends", [False, True])
async def test_a_cycle_of_ten_thousand_asks_is_detected(suspends: bool) -> None:
    class Link(Actor[int, int]):
        def __init__(self, number: int) -> None:
            self.number = number

        @override
        async def on_receive(self, message: int) -> int:
            await turns(1 if suspends else 0)
            return await refs[(self.number + 1) % len(refs)].ask(message, timeout=None)

    async with ActorSystem() as system:
        refs = [await system.spawn(Link, f"{number}", args=(number,)) for number in range(10_000)]
        with pytest.raises(AskCycleError) as raised:
            await refs[0].ask(0, timeout=None)
        assert len(raised.value.paths) == 10_001
        raised.value.__traceback__ = None


async def test_nothing_is_kept_of_asks_that_have_ended() -> None:
    async with ActorSystem() as system:
        a = await system.spawn(Does, "a")
        b = await system.spawn(Does, "b", mailbox=MemoryMailbox(1))

        async def ask(message: Callable[[Does], Any]) -> None:
            asks = [a.ask(lambda _: b.ask(message, timeout=1.0), timeout=1.0) for _ in range(9)]
            await asyncio.gather(*asks, return_exceptions=True)

        await ask(lambda _: turns(2))
        await ask(lambda _: a.ask(0))
        assert engine_of(system).waits._asks == {}
