"""A virtual actor exists always: its identity is asked, and the runtime sees to the rest."""

import asyncio
import gc
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, assert_type, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AfterIdle,
    AskCycleError,
    AskTimeoutError,
    FastMailbox,
    MailboxFullError,
    MemoryMailbox,
    MemoryRegistryStore,
    Middleware,
    PriorityMailbox,
    StopMode,
    StopPolicy,
    Terminated,
    VirtualActorRegistry,
)
from everything_is_an_actor.runtime.scheduler import Scheduler
from everything_is_an_actor.testing import on_virtual_time, run
from tests.runtime.actors import Does, Echo, Gate, Hooked, Slow, engine_of, now, place_of, turns

type Registry = VirtualActorRegistry

IDLE = 300.0


class Counter(Actor[int, int]):
    """Adds up; a new instance begins at 0."""

    def __init__(self) -> None:
        self.total = 0

    @override
    async def on_receive(self, message: int) -> int:
        self.total += message
        return self.total


class Once(Echo):
    @override
    def stop_policy(self) -> StopPolicy:
        return StopMode.ONE_TIME


class World:
    """A system, a registry, and an actor class whose hooks a test decides."""

    def __init__(self, *, idle: float | None = IDLE, store: Any = None) -> None:
        self.system = ActorSystem("app")
        self.registry = VirtualActorRegistry(self.system, store=store, default_idle_seconds=idle)
        self.notes: list[str] = []
        self.ended: list[tuple[type, str]] = []
        self.registry.on_deactivate(lambda cls, id: self.ended.append((cls, id)))

    def hooks(self, mailbox_size: int = 256, **hooks: Callable[[Actor[Any, Any]], Any]) -> None:
        """How `Hooked` is made from now on."""
        self.registry.register(Hooked, args=(self.notes,), kwargs=hooks, mailbox_size=mailbox_size)

    async def __aenter__(self) -> "World":
        await self.system.__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        await self.system.__aexit__(*error)
        assert self.registry.active_count == 0

    def ask(self, message: Any = "hi", *, timeout: float | None = 30.0) -> asyncio.Task[Any]:
        return asyncio.create_task(self.registry.ask(Hooked, "a", message, timeout=timeout))

    async def deactivating(self) -> asyncio.Task[None]:
        task = asyncio.create_task(self.registry.deactivate(Hooked, "a"))
        await turns()
        return task

    @property
    def nothing_is_there(self) -> bool:
        return not self.system.children and self.registry.active_count == 0


async def outcomes(tasks: list[asyncio.Task[Any]]) -> list[Any]:
    return await asyncio.gather(*tasks, return_exceptions=True)


# ---------------------------------------------------------------------- identity


async def test_an_ask_activates_and_the_reply_has_the_type_of_the_class() -> None:
    async with World() as world:
        reply = await world.registry.ask(Counter, "a", 40)
        assert_type(reply, int)
        assert reply == 40
        assert await world.registry.ask(Counter, "a", 2) == 42


async def test_two_ids_are_two_actors() -> None:
    async with World() as world:
        await world.registry.tell(Counter, "a", 40)
        assert await world.registry.ask(Counter, "b", 2) == 2


async def test_two_classes_with_the_same_id_are_two_actors() -> None:
    def twin(reply: str) -> type[Actor[str, str]]:
        class Twin(Actor[str, str]):
            @override
            async def on_receive(self, message: str) -> str:
                return f"{reply} at {self.context.self_ref.path}"

        return Twin

    first, second = twin("first"), twin("second")
    assert first.__qualname__ == second.__qualname__
    async with World() as world:
        ask = world.registry.ask
        assert await ask(first, "a", "?") == "first at /app/virtual-1/Twin/a"
        assert await ask(second, "a", "?") == "second at /app/virtual-1/Twin-2/a"
        await world.registry.deactivate(first, "a")
        assert world.registry.is_active(second, "a")
        await world.registry.deactivate(second, "a")
        assert await ask(second, "a", "?") == "second at /app/virtual-1/Twin-2/a"


@pytest.mark.parametrize("id", ["a", "a/b", "/", "..", " ", "%2F", "ä\n", "x" * 1000])
async def test_inside_the_name_is_the_id_that_the_caller_gave(id: str) -> None:
    async with World() as world:
        name = await world.registry.ask(Does, id, lambda actor: actor.context.self_ref.name)
        assert name == id
        path = await world.registry.ask(Does, id, lambda actor: actor.context.self_ref.path)
        if "%" not in id:
            assert world.system.get_actor(path).name == id


async def test_two_registries_of_a_system_have_nothing_in_common() -> None:
    async with World() as world:
        other = VirtualActorRegistry(world.system)
        assert await world.registry.ask(Counter, "a", 1) == 1
        assert await other.ask(Counter, "a", 1) == 1
        assert [ref.name for ref in world.system.children] == ["virtual-1", "virtual-2"]


async def test_a_name_that_is_taken_is_left_alone() -> None:
    async with World() as world:
        await world.system.spawn(Echo, "virtual-1")
        assert await world.registry.ask(Counter, "a", 1) == 1
        assert [ref.name for ref in world.system.children] == ["virtual-1", "virtual-2"]


async def test_a_registered_class_is_made_with_its_arguments() -> None:
    class Noting(Middleware):
        @override
        async def on_started(self, actor_ref: Any) -> None:
            notes.append(f"around {actor_ref.name}")

    notes: list[str] = []
    async with World() as world:
        world.registry.register(Hooked, args=(notes,), middlewares=[Noting()])
        await world.registry.ask(Hooked, "a", "hi")
    assert notes == ["around a", "started", "received hi", "stopped"]


# ---------------------------------------------------------------------- single activation


async def test_each_activation_has_a_mailbox_of_its_own_from_the_function_that_was_registered() -> (
    None
):
    made: list[PriorityMailbox] = []
    gate = Gate()

    def by_number() -> PriorityMailbox:
        made.append(PriorityMailbox(key=lambda number: -number))
        return made[-1]

    async with World() as world:
        hooks = {"on_receive": lambda _: gate.wait()}
        registry = world.registry
        registry.register(Hooked, args=(world.notes,), kwargs=hooks, mailbox=by_number)
        for number in range(4):  # the first begins before the others come
            await registry.tell(Hooked, "a", number)
            await turns()
        gate.opened.set()
        await registry.ask(Hooked, "b", 7)
        await registry.deactivate(Hooked, "a")
        assert len(made) == 2
        await registry.ask(Hooked, "a", 8)
        assert len(made) == 3
    received = [note for note in world.notes if note.startswith("received")]
    assert received == [f"received {n}" for n in (0, 3, 2, 1, 7, 8)]


async def test_a_mailbox_may_be_bounded_by_a_policy_of_its_own() -> None:
    gate = Gate()
    async with World() as world:
        hooks = {"on_receive": lambda _: gate.wait()}
        world.registry.register(
            Hooked,
            args=(world.notes,),
            kwargs=hooks,
            mailbox=lambda: MemoryMailbox(1, backpressure_policy="fail"),
        )
        await world.registry.tell(Hooked, "a", "in hand")
        await gate.reached.wait()
        await world.registry.tell(Hooked, "a", "queued")
        with pytest.raises(MailboxFullError, match=r"holds 1 message$"):
            await world.registry.tell(Hooked, "a", "too many")
        gate.opened.set()


async def test_a_mailbox_that_cannot_be_made_fails_the_ask_and_leaves_nothing_behind() -> None:
    def fail() -> MemoryMailbox:
        raise OSError("no room")

    async with World() as world:
        world.registry.register(Echo, mailbox=fail)
        with pytest.raises(OSError, match="no room"):
            await world.registry.ask(Echo, "a", 1)
        world.registry.register(Echo, mailbox=lambda: 256)  # type: ignore[arg-type, return-value]  # wrong on purpose
        with pytest.raises(TypeError, match="Echo: mailbox must make a Mailbox, got 256"):
            await world.registry.ask(Echo, "a", 1)
        assert world.nothing_is_there


async def test_any_number_of_first_messages_activate_once() -> None:
    gate = Gate()
    async with World() as world:
        world.hooks(on_started=lambda _: gate.wait())
        asks = [world.ask(number) for number in range(100)]
        await gate.reached.wait()
        assert not world.registry.is_active(Hooked, "a")
        gate.opened.set()
        await asyncio.gather(*asks)
        received = [f"received {number}" for number in range(100)]
        assert world.notes == ["started", *received]
        assert world.registry.is_active(Hooked, "a")


async def test_the_asker_that_began_it_may_be_cancelled() -> None:
    gate = Gate()
    async with World() as world:
        world.hooks(on_started=lambda _: gate.wait())
        first, second = world.ask("first"), world.ask("second")
        await gate.reached.wait()
        first.cancel()
        await asyncio.wait([first])
        gate.opened.set()
        await second
        assert world.notes == ["started", "received second"]
        assert [letter.reason for letter in world.system.dead_letters] == [
            "the asker gave up before it began"
        ]


@on_virtual_time
async def test_an_actor_whose_askers_are_all_gone_starts_and_idles_out() -> None:
    async with World(idle=10.0) as world:
        world.hooks(on_started=lambda _: asyncio.sleep(5.0))
        asking = world.ask()
        await asyncio.sleep(1.0)
        asking.cancel()
        await asyncio.sleep(4.5)
        assert world.registry.is_active(Hooked, "a")
        await asyncio.sleep(10.0)
        assert world.notes == ["started", "stopped"]
        assert world.nothing_is_there


async def test_a_failing_on_started_fails_each_ask_with_that_very_error() -> None:
    error, gate = ValueError("no"), Gate()

    async def fail(_: Any) -> None:
        await gate.wait()
        raise error

    async with World() as world:
        world.hooks(on_started=fail)
        asks = [world.ask() for _ in range(3)]
        await world.registry.tell(Hooked, "a", "told")
        await gate.reached.wait()
        gate.opened.set()
        assert all(outcome is error for outcome in await outcomes(asks))
        assert world.nothing_is_there
        assert await world.registry.known_ids(Hooked) == ()
        assert [letter.message for letter in world.system.dead_letters] == ["told"]
        assert world.notes == ["started"]
        assert world.ended == []
        world.hooks()
        await world.ask("again")
        assert world.notes == ["started", "started", "received again"]


async def test_a_failing_constructor_fails_the_ask_and_leaves_nothing_behind() -> None:
    async with World() as world:
        with pytest.raises(TypeError, match="notes"):
            await world.registry.ask(Hooked, "a", "hi")
        assert world.nothing_is_there
        assert await world.registry.known_ids(Hooked) == ()


async def test_an_actor_that_stops_itself_while_it_starts_fails_the_ask() -> None:
    async with World() as world:
        world.hooks(on_started=lambda actor: actor.context.stop_self())
        for _ in range(2):
            with pytest.raises(ActorStoppedError, match="stopped while it started"):
                await world.ask()
        assert world.notes == ["started", "stopped"] * 2
        assert world.nothing_is_there


async def test_a_fatal_error_of_the_start_goes_on_with_the_asker() -> None:
    class Fatal(BaseException):
        pass

    async def fail(_: Any) -> None:
        raise Fatal

    async with World() as world:
        world.hooks(on_started=fail)
        with pytest.raises(Fatal):
            await world.registry.ask(Hooked, "a", "hi")
        assert world.nothing_is_there


# ---------------------------------------------------------------------- time


@on_virtual_time
async def test_an_idle_actor_is_deactivated_after_the_default_and_comes_back() -> None:
    async with World(idle=300.0) as world:
        assert await world.registry.ask(Counter, "a", 1) == 1
        await asyncio.sleep(299.0)
        assert await world.registry.ask(Counter, "a", 1) == 2
        await asyncio.sleep(299.9)
        assert world.ended == []
        await asyncio.sleep(0.2)
        assert world.ended == [(Counter, "a")]
        assert world.nothing_is_there
        assert await world.registry.ask(Counter, "a", 1) == 1


@on_virtual_time
async def test_a_policy_of_its_own_comes_before_the_default() -> None:
    class Patient(Echo):
        @override
        def stop_policy(self) -> StopPolicy:
            return AfterIdle(seconds=50.0)

    async with World(idle=5.0) as world:
        await world.registry.tell(Patient, "a", "hi")
        await asyncio.sleep(49.0)
        assert world.registry.is_active(Patient, "a")
        await asyncio.sleep(2.0)
        assert not world.registry.is_active(Patient, "a")


@on_virtual_time
async def test_with_none_for_a_default_an_actor_never_idles_out() -> None:
    async with World(idle=None) as world:
        await world.registry.tell(Echo, "a", "hi")
        await asyncio.sleep(1e6)
        assert world.registry.is_active(Echo, "a")


@on_virtual_time
@pytest.mark.parametrize(("start", "work"), [(1.0, 1.0), (1.0, 50.0), (50.0, 1.0), (2.0, 0.5)])
async def test_activation_and_handling_share_one_timeout(start: float, work: float) -> None:
    async with World() as world:
        world.hooks(
            on_started=lambda _: asyncio.sleep(start), on_receive=lambda _: asyncio.sleep(work)
        )
        with pytest.raises(AskTimeoutError) as caught:
            await world.registry.ask(Hooked, "a", "hi", timeout=min(start + work, 10.0) - 0.25)
        assert now() == min(start + work, 10.0) - 0.25
        assert caught.value.path.endswith("/Hooked/a")


@on_virtual_time
async def test_the_end_of_the_former_actor_is_part_of_the_timeout() -> None:
    async with World() as world:
        world.hooks(on_stopped=lambda _: asyncio.sleep(10.0))
        await world.ask()
        ending = await world.deactivating()
        with pytest.raises(AskTimeoutError):
            await world.registry.ask(Hooked, "a", "in vain", timeout=2.5)
        assert now() == 2.5
        await ending
        assert now() == 10.0
        assert world.notes == ["started", "received hi", "stopped"]


# ---------------------------------------------------------------------- deactivation


async def test_deactivate_handles_what_is_queued_and_stops() -> None:
    gate = Gate()
    async with World() as world:
        world.hooks(on_receive=lambda _: gate.wait())
        asks = [world.ask(number) for number in range(3)]
        await gate.reached.wait()
        ending = await world.deactivating()
        gate.opened.set()
        await asyncio.gather(ending, *asks)
        assert world.notes == ["started", *(f"received {n}" for n in range(3)), "stopped"]
        assert world.ended == [(Hooked, "a")]
        assert world.nothing_is_there


async def test_deactivating_who_is_not_active_is_harmless() -> None:
    async with World() as world:
        await world.registry.deactivate(Echo, "a")
        await world.registry.ask(Echo, "b", "hi")
        await world.registry.deactivate(Echo, "a")
        await asyncio.gather(*(world.registry.deactivate(Echo, "b") for _ in range(3)))
        await world.registry.deactivate(Echo, "b")
        assert world.ended == [(Echo, "b")]


async def test_deactivating_who_starts_handles_the_first_messages_first() -> None:
    gate = Gate()
    async with World() as world:
        world.hooks(on_started=lambda _: gate.wait())
        asking = world.ask()
        await gate.reached.wait()
        ending = await world.deactivating()
        gate.opened.set()
        await asyncio.gather(asking, ending)
        assert world.notes == ["started", "received hi", "stopped"]


async def test_an_actor_may_deactivate_itself() -> None:
    async with World() as world:
        registry = world.registry
        for _ in range(2):
            await registry.ask(Does, "a", lambda actor: registry.deactivate(Does, "a"))
        await registry.ask(Does, "a", lambda actor: registry.deactivate_all())
        assert await registry.known_ids(Does) == ("a",)
        await registry.ask(Does, "a", lambda actor: registry.forget(Does, "a"))
        await turns()
        assert await registry.known_ids(Does) == ()
        assert world.ended == [(Does, "a")] * 4
        assert world.nothing_is_there


async def test_deactivate_all_deactivates_all() -> None:
    async with World() as world:
        for cls in (Counter, Echo):
            for id in "abc":
                await world.registry.tell(cls, id, 1)
        assert world.registry.active_count == 6
        assert world.registry.active_ids(Echo) == ("a", "b", "c")
        await world.registry.deactivate_all()
        assert world.nothing_is_there
        assert len(world.ended) == 6
        assert world.registry.active_ids(Echo) == ()


@pytest.mark.parametrize("hook", ["on_stopped", "on_receive"])
async def test_a_message_to_an_actor_that_goes_down_waits_for_the_next(hook: str) -> None:
    gate = Gate()

    async def once(_: Any) -> None:
        if not gate.opened.is_set():
            await gate.wait()

    async with World() as world:
        hooks: dict[str, Any] = {hook: once}
        world.hooks(**hooks)
        first = world.ask("first")
        await turns()
        ending = await world.deactivating()
        await gate.reached.wait()
        asking = world.ask("second")
        await turns()
        await world.registry.tell(Hooked, "a", "third")
        gate.opened.set()
        await asyncio.gather(first, ending, asking)
        life = ["started", "received first", "stopped", "started", "received second"]
        assert world.notes[:5] == life
        await turns()
        assert world.notes[5:] == ["received third"]


@on_virtual_time
async def test_a_message_to_an_actor_that_goes_down_for_idleness_is_handled() -> None:
    async with World(idle=10.0) as world:
        world.hooks(on_stopped=lambda _: asyncio.sleep(5.0))
        await world.ask("first")
        await asyncio.sleep(12.0)
        await world.ask("second")
        assert now() == 15.0
        assert world.notes == ["started", "received first", "stopped", "started", "received second"]


async def test_what_is_queued_goes_to_the_next_actor_before_later_messages() -> None:
    gate = Gate()

    async def once(_: Any) -> None:
        if not gate.opened.is_set():
            await gate.wait()

    async with World() as world:
        world.hooks(on_receive=once)
        asks = [world.ask(number) for number in range(3)]
        await gate.reached.wait()
        ending = world.system.get_actor("/app/virtual-1/Hooked/a").stop()
        for number in range(3, 5):
            await world.registry.tell(Hooked, "a", number)
        asks.append(world.ask(5))
        await turns()
        gate.opened.set()
        await ending
        await asyncio.gather(*asks)
        rest = [f"received {number}" for number in range(1, 6)]
        assert world.notes == ["started", "received 0", "stopped", "started", *rest]
        assert not world.system.dead_letters


async def test_senders_that_wait_for_room_lose_nothing_when_the_actor_stops() -> None:
    gate = Gate()

    async def once(_: Any) -> None:
        if not gate.opened.is_set():
            await gate.wait()

    async with World() as world:
        world.hooks(mailbox_size=1, on_receive=once)
        asks = [world.ask(number) for number in range(6)]
        await gate.reached.wait()
        await turns()
        ending = world.system.get_actor("/app/virtual-1/Hooked/a").stop()
        gate.opened.set()
        await ending
        await asyncio.gather(*asks)
        received = [note for note in world.notes if note.startswith("received")]
        assert received == [f"received {number}" for number in range(6)]
        assert world.notes.count("started") == 2


async def test_an_actor_for_one_message_is_made_anew_for_each() -> None:
    async with World() as world:
        asks = [asyncio.create_task(world.registry.ask(Once, "a", n)) for n in range(50)]
        assert await asyncio.gather(*asks) == list(range(50))
        await turns()
        assert world.ended == [(Once, "a")] * 50
        assert world.nothing_is_there


async def test_what_supervision_stops_is_activated_anew_by_the_next_message() -> None:
    async with World() as world:
        for _ in range(3):
            failing = [world.ask(ValueError(str(number))) for number in range(6)]
            world.hooks()
            assert [str(error) for error in await outcomes(failing)] == list("012345")
        await turns()
        await world.ask("last")
        assert world.notes[-1] == "received last"
        assert not world.system.dead_letters


async def test_a_slow_start_of_the_next_actor_that_fails_fails_what_was_left() -> None:
    gate, starts = Gate(), [0]

    async def second_fails(_: Any) -> None:
        starts[0] += 1
        if starts[0] == 2:
            raise OSError("second start")

    async with World() as world:
        world.hooks(on_started=second_fails, on_receive=lambda _: gate.wait())
        asks = [world.ask(number) for number in range(3)]
        await gate.reached.wait()
        ending = world.system.get_actor("/app/virtual-1/Hooked/a").stop()
        gate.opened.set()
        await ending
        results = await outcomes(asks)
        assert results[0] is None
        assert [type(result) for result in results[1:]] == [OSError, OSError]
        await world.ask("third start")
        assert starts == [3]


async def test_a_ref_that_an_actor_gave_away_reaches_that_incarnation_only() -> None:
    async with World() as world:
        ref = await world.registry.ask(Does, "a", lambda actor: actor.context.self_ref)
        await world.registry.deactivate(Does, "a")
        again = await world.registry.ask(Does, "a", lambda actor: actor.context.self_ref)
        assert again is not ref
        await ref.stop()
        assert world.registry.is_active(Does, "a")
        with pytest.raises(ActorStoppedError):
            await ref.ask(lambda actor: None)


async def test_a_late_notice_of_the_end_does_not_touch_the_next_actor() -> None:
    async with World() as world:
        ref = await world.registry.ask(Does, "a", lambda actor: actor.context.self_ref)
        await world.registry.deactivate(Does, "a")
        await world.registry.ask(Does, "a", lambda actor: None)
        grain = world.registry._guardians[Does].grains["a"]
        grain.told(Terminated(ref, "stopped"))
        assert world.registry.is_active(Does, "a")
        assert world.ended == [(Does, "a")]


async def test_an_error_in_a_listener_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with World() as world:
        world.registry.on_deactivate(lambda cls, id: 1 // 0)
        await world.registry.ask(Echo, "a", "hi")
        await world.registry.deactivate(Echo, "a")
        assert "a listener failed" in caplog.text
        assert world.ended == [(Echo, "a")]


# ---------------------------------------------------------------------- cycles and bounds


async def test_an_actor_that_asks_itself_is_told_so_in_every_phase() -> None:
    async with World() as world:
        registry, caught = world.registry, list[str]()

        async def ask_itself(actor: Any) -> None:
            with pytest.raises(AskCycleError):
                await registry.ask(Hooked, "a", "hi")
            caught.append("caught")

        world.hooks(on_started=ask_itself, on_receive=ask_itself, on_stopped=ask_itself)
        await registry.ask(Hooked, "a", "hi")
        await registry.deactivate(Hooked, "a")
        assert caught == ["caught"] * 3
        assert world.nothing_is_there


async def test_an_actor_that_starts_cannot_ask_who_waits_for_it() -> None:
    async with World() as world:
        registry = world.registry
        world.hooks(on_started=lambda actor: registry.ask(Does, "b", lambda _: None))
        with pytest.raises(AskCycleError):
            await registry.ask(Does, "b", lambda actor: registry.ask(Hooked, "a", "hi"))


async def test_an_actor_that_starts_may_ask_who_told_it() -> None:
    async with World() as world:
        registry = world.registry
        world.hooks(on_started=lambda actor: registry.ask(Does, "b", lambda _: None))
        await registry.ask(Does, "b", lambda actor: registry.tell(Hooked, "a", "hi"))
        await turns()
        assert world.notes == ["started", "received hi"]


async def test_tells_to_an_actor_that_starts_are_bounded_by_its_mailbox() -> None:
    gate = Gate()
    async with World() as world:
        world.hooks(mailbox_size=2, on_started=lambda _: gate.wait())
        for number in range(2):
            await world.registry.tell(Hooked, "a", number)
        third, fourth = (
            asyncio.create_task(world.registry.tell(Hooked, "a", number)) for number in (2, 3)
        )
        await turns()
        assert not third.done()
        fourth.cancel()
        await turns()
        gate.opened.set()
        await third
        await turns()
        assert world.notes == ["started", "received 0", "received 1", "received 2"]


async def test_a_tell_to_oneself_never_blocks() -> None:
    async with World() as world:

        async def tell_often(_: Any) -> None:
            for number in range(2):
                await world.registry.tell(Hooked, "a", number)
            with pytest.raises(MailboxFullError):
                await world.registry.tell(Hooked, "a", 2)

        world.hooks(mailbox_size=3, on_started=tell_often)
        await world.ask("first")
        await turns()
        assert world.notes == ["started", "received first", "received 0", "received 1"]


async def test_a_chain_of_activations_is_as_deep_as_one_likes() -> None:
    class Chain(Actor[int, int]):
        @override
        async def on_receive(self, message: int) -> int:
            if message == 0:
                return 0
            return 1 + await registry.ask(Chain, str(message), message - 1)

    class Nested(Chain):
        @override
        async def on_started(self) -> None:
            number = int(self.context.self_ref.name)
            if number:
                for _ in range(2):
                    await registry.tell(Nested, str(number - 1), 0)

    async with World() as world:
        registry = world.registry
        assert await registry.ask(Chain, "top", 1000) == 1000
        assert await registry.ask(Nested, "1000", 0) == 0
        while len(registry.active_ids(Nested)) < 1001:
            await turns(1)
        assert registry.active_count == 2002


async def test_an_activation_that_has_yet_to_begin_is_the_only_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def later(
        scheduler: Scheduler, coroutine: Coroutine[Any, Any, Any], context: Any = None
    ) -> asyncio.Task[Any]:
        """As where the stack is too full for a task that runs at once."""
        return asyncio.Task(coroutine, loop=scheduler.loop, context=context)

    received: list[int] = []

    class Slowly(Actor[int, None]):
        @override
        async def on_receive(self, message: int) -> None:
            received.append(message)

    async with World() as world:
        monkeypatch.setattr(Scheduler, "start", later)
        for message in range(3):
            await world.registry.tell(Slowly, "a", message)
        await turns(50)
        assert received == [0, 1, 2]


# ---------------------------------------------------------------------- the store


class SlowStore(MemoryRegistryStore):
    """Takes a second for each write; fails while it is broken. Notes its calls."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__()
        self.seconds = seconds
        self.error: Exception | None = None
        self.calls: list[tuple[str, str]] = []

    async def _write(self, call: str, id: str) -> None:
        self.calls.append((call, id))
        await asyncio.sleep(self.seconds)
        if self.error is not None:
            raise self.error

    @override
    async def put(self, kind: str, id: str) -> None:
        await self._write("put", id)
        await super().put(kind, id)

    @override
    async def delete(self, kind: str, id: str) -> None:
        await self._write("delete", id)
        await super().delete(kind, id)


async def test_known_ids_are_what_the_store_knows_also_after_a_restart() -> None:
    store = MemoryRegistryStore()
    async with World(store=store) as world:
        for id in "ab":
            await world.registry.ask(Counter, id, 1)
        await world.registry.ask(Echo, "c", 1)
        await world.registry.deactivate(Counter, "a")
    assert await store.list_all() == [
        ("tests.runtime.test_virtual.Counter", "a"),
        ("tests.runtime.test_virtual.Counter", "b"),
        ("tests.runtime.actors.Echo", "c"),
    ]
    async with World(store=store) as world:
        assert await world.registry.known_ids(Counter) == ("a", "b")
        assert world.registry.active_ids(Counter) == ()


@on_virtual_time
async def test_the_store_is_told_once_of_each_id() -> None:
    store = SlowStore()
    async with World(idle=1.0, store=store) as world:
        for _ in range(3):
            await asyncio.gather(*(world.registry.ask(Echo, id, 1) for id in "ababab"))
            await asyncio.sleep(5.0)
        assert world.nothing_is_there
    assert sorted(store.calls) == [("put", "a"), ("put", "b")]


async def test_an_id_that_is_forgotten_is_not_known_until_it_is_used() -> None:
    async with World() as world:
        registry = world.registry
        for _ in range(2):
            assert await registry.ask(Counter, "a", 1) == 1
            assert await registry.known_ids(Counter) == ("a",)
            await registry.forget(Counter, "a")
            assert await registry.known_ids(Counter) == ()
            assert not registry.is_active(Counter, "a")
        await registry.forget(Counter, "nobody")


@on_virtual_time
async def test_who_comes_back_while_it_is_forgotten_is_known() -> None:
    store = SlowStore(1.0)
    async with World(store=store) as world:
        world.hooks(on_stopped=lambda _: asyncio.sleep(1.0))
        await world.ask("first")
        forgetting = asyncio.create_task(world.registry.forget(Hooked, "a"))
        for delay in (0.5, 1.0, 1.0):
            await asyncio.sleep(delay)
            await world.ask("meanwhile")
        await forgetting
        assert await world.registry.known_ids(Hooked) == ("a",)
        assert world.registry.is_active(Hooked, "a")


async def test_an_error_of_the_store_fails_the_ask_and_leaves_nothing_behind() -> None:
    store = SlowStore()
    async with World(store=store) as world:
        world.hooks()
        store.error = ConnectionError("no store")
        results = await outcomes([world.ask() for _ in range(3)])
        assert all(result is store.error for result in results)
        assert store.error.__notes__ == [
            "the store of virtual actors could not record tests.runtime.actors.Hooked 'a'"
        ]
        assert world.nothing_is_there
        assert world.notes == ["started", "stopped"]
        store.error = None
        await world.ask()
        assert await world.registry.known_ids(Hooked) == ("a",)
        store.error = ConnectionError("no store")
        with pytest.raises(ConnectionError):
            await world.registry.forget(Hooked, "a")


@on_virtual_time
async def test_an_actor_that_idles_out_while_the_store_writes_is_activated_again() -> None:
    async with World(idle=1.0, store=SlowStore(5.0)) as world:
        world.hooks()
        await world.ask()
        assert now() == 5.0
        assert world.notes == ["started", "stopped", "started", "received hi"]


# ---------------------------------------------------------------------- shutdown


async def test_after_a_shutdown_asks_and_tells_fail_at_once() -> None:
    async with World() as world:
        await world.registry.ask(Echo, "a", "hi")
    for id in "ab":
        with pytest.raises(ActorStoppedError):
            await world.registry.ask(Echo, id, "hi")
        with pytest.raises(ActorStoppedError):
            await world.registry.tell(Echo, id, "hi")
    await world.registry.deactivate(Echo, "a")
    await world.registry.deactivate_all()
    assert not world.registry.is_active(Echo, "a")
    assert world.ended == [(Echo, "a")]


@pytest.mark.parametrize("phase", ["on_started", "on_receive", "on_stopped", "store", "deactivate"])
def test_a_shutdown_in_every_phase_is_in_time_and_leaves_no_orphan(phase: str) -> None:
    waits = {  # which calls are done at once: all but who waits for a hook of the user's
        "on_started": [True] * 3,
        "on_receive": [False] * 3,
        "on_stopped": [True] * 3,
        "store": [True] * 3,
        "deactivate": [True, True, True, False, True],
    }

    async def main() -> None:
        world = World(store=SlowStore(1e6) if phase == "store" else None)
        hook = "on_stopped" if phase == "deactivate" else phase
        hooks: Any = {} if phase == "store" else {hook: lambda _: asyncio.sleep(1e6)}
        world.hooks(**hooks)
        asks = [world.ask(number, timeout=None) for number in range(3)]
        await turns()
        if phase == "deactivate":
            asks.append(await world.deactivating())
            asks.append(world.ask("waits for the next", timeout=None))
            await turns()
        closing = asyncio.create_task(world.system.shutdown(timeout=2.0))
        await turns()
        late = world.ask("late", timeout=None)
        await turns()
        assert isinstance(late.exception(), ActorStoppedError)
        assert [ask.done() for ask in asks] == waits[phase]
        await closing
        assert now() <= 2.0
        results = await outcomes(asks)
        assert all(result is None or isinstance(result, ActorStoppedError) for result in results)
        assert world.notes.count("started") == world.notes.count("stopped") + (
            phase == "on_started"
        )
        assert world.registry.active_count == 0

    run(main())


async def test_a_shutdown_while_another_actor_stops_activates_nobody() -> None:
    gate = Gate()
    world = World()
    await world.registry.ask(Echo, "a", "hi")
    slow = await world.system.spawn(Slow, "slow", args=(gate,))
    await slow.tell("in hand")
    await gate.reached.wait()
    closing = asyncio.create_task(world.system.shutdown())
    await turns()
    with pytest.raises(ActorStoppedError):
        await world.registry.ask(Echo, "b", "new")
    with pytest.raises(ActorStoppedError):
        await world.registry.ask(Counter, "b", 1)
    assert await world.registry.ask(Echo, "a", "still there") == "still there"
    gate.opened.set()
    await closing
    assert world.nothing_is_there


async def test_an_actor_that_ends_during_a_shutdown_has_no_successor() -> None:
    gate, other = Gate(), Gate()
    world = World()
    world.hooks(on_receive=lambda _: gate.wait())
    asks = [world.ask(number) for number in range(3)]
    await gate.reached.wait()
    slow = await world.system.spawn(Slow, "slow", args=(other,))
    await slow.tell("in hand")
    await other.reached.wait()
    closing = asyncio.create_task(world.system.shutdown())
    await turns()
    ending = world.registry.deactivate(Hooked, "a"), turns()
    _ = place_of(world.system.children[0]).children["Hooked"].children["a"].stop()  # type: ignore[index]  # it has
    gate.opened.set()
    await asyncio.gather(*ending)
    results = await outcomes(asks)
    assert results[0] is None
    assert all(isinstance(result, ActorStoppedError) for result in results[1:])
    assert world.notes == ["started", "received 0", "stopped"]
    assert [letter.message for letter in world.system.dead_letters] == [1, 2]
    other.opened.set()
    await closing


async def test_a_virtual_actor_may_shut_the_system_down() -> None:
    world = World()
    await world.registry.ask(Echo, "b", "hi")
    shut_down = world.registry.ask(Does, "a", lambda _: world.system.shutdown(), timeout=None)
    await shut_down
    await turns()
    assert world.nothing_is_there


async def test_who_stops_the_guardian_stops_the_actors_below_and_may_go_on() -> None:
    async with World() as world:
        await world.registry.ask(Counter, "a", 1)
        await world.system.children[0].stop()
        assert world.nothing_is_there
        assert world.ended == [(Counter, "a")]
        assert await world.registry.ask(Counter, "a", 1) == 1


async def test_guardians_take_no_messages() -> None:
    async with World() as world:
        await world.registry.ask(Counter, "a", 1)
        guardian = world.system.children[0]
        await guardian.tell("hello")
        with pytest.raises(ActorStoppedError):
            await guardian.ask("hello")
        assert len(world.system.dead_letters) == 2


# ---------------------------------------------------------------------- arguments


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        (lambda r: r.ask(int, "a", 1), TypeError, "ask: cls must be a subclass of Actor"),
        (lambda r: r.ask(Echo, 1, 1), TypeError, "ask: id must be a str"),
        (lambda r: r.ask(Echo, ["a"], 1), TypeError, "ask: id must be a str"),
        (lambda r: r.ask(Echo, "", 1), ValueError, "ask: id must not be empty"),
        (lambda r: r.tell(Echo(), "a", 1), TypeError, "tell: cls must be a subclass of Actor"),
        (lambda r: r.tell(Echo, b"a", 1), TypeError, "tell: id must be a str"),
        (lambda r: r.deactivate(Echo, None), TypeError, "deactivate: id must be a str"),
        (lambda r: r.forget(None, "a"), TypeError, "must be a subclass of Actor"),
        (lambda r: r.known_ids("Echo"), TypeError, "known_ids: cls must be a subclass"),
        (lambda r: r.is_active(Echo, 1), TypeError, "is_active: id must be a str"),
        (lambda r: r.active_ids(1), TypeError, "active_ids: cls must be a subclass"),
        (lambda r: r.register(1), TypeError, "register: cls must be a subclass"),
        (lambda r: r.register(Echo, mailbox_size=-1), ValueError, "register: mailbox_size"),
        (lambda r: r.register(Echo, middlewares=[1]), TypeError, "register: middlewares"),
        (
            lambda r: r.register(Echo, mailbox=FastMailbox()),
            TypeError,
            r"mailbox must be a function that makes a new one .* lambda: FastMailbox\(\.\.\.\)",
        ),
        (lambda r: r.register(Echo, mailbox=1), TypeError, "register: mailbox must be a function"),
        (lambda r: VirtualActorRegistry(r), TypeError, "system must be an ActorSystem"),
        (
            lambda r: VirtualActorRegistry(ActorSystem(), store=1),  # type: ignore[arg-type]  # wrong on purpose
            TypeError,
            "store must have put, delete and list_all",
        ),
        (
            lambda r: VirtualActorRegistry(ActorSystem(), default_idle_seconds=0),
            ValueError,
            "default_idle_seconds must be a finite number of seconds > 0",
        ),
    ],
)
async def test_wrong_arguments_are_refused_by_texts_that_teach(
    wrong: Callable[[Any], Any], error: type[Exception], text: str
) -> None:
    async with World() as world:
        with pytest.raises(error, match=text):
            result = wrong(world.registry)
            if isinstance(result, Awaitable):
                await result
        assert world.nothing_is_there


async def wrongly_typed(registry: Registry) -> None:
    """Nobody calls it: mypy rejects each line."""
    await registry.ask(Counter, "a", "x")  # type: ignore[misc]  # it takes an int
    await registry.tell(Counter, "a", "x")  # type: ignore[misc]  # it takes an int
    await registry.ask(int, "a", 1)  # type: ignore[arg-type]  # no class of actors
    _: str = await registry.ask(Counter, "a", 1)  # type: ignore[arg-type]  # it replies an int


# ---------------------------------------------------------------------- growth


async def test_activations_and_deactivations_leave_the_heap_where_it_was() -> None:
    async def come_and_go(count: int) -> None:
        for number in range(count):
            id = str(number)
            await registry.ask(Counter, id, 1)
            await (registry.forget if number % 2 else registry.deactivate)(Counter, id)

    async with ActorSystem(max_dead_letters=1) as system:
        registry = VirtualActorRegistry(system)
        await come_and_go(100)
        gc.collect()
        before = len(gc.get_objects())
        await come_and_go(10_000)
        gc.collect()
        assert len(gc.get_objects()) - before < 200


async def test_askers_that_give_up_leave_nothing_with_an_actor_that_starts() -> None:
    gate = Gate()
    async with World() as world:
        world.system.dead_letters.clear()
        world.hooks(on_started=lambda _: gate.wait())
        asks = [world.ask(number) for number in range(1000)]
        await turns()
        for ask in asks:
            ask.cancel()
        await asyncio.wait(asks)
        assert not world.registry._guardians[Hooked].grains["a"]._waiting
        gate.opened.set()
        await turns()


@pytest.mark.parametrize("how", ["ask", "tell"])
async def test_a_message_whose_sender_has_to_rest_first_is_for_the_next_actor(how: str) -> None:
    for spent in (*range(250, 260), *range(2044, 2052), *range(4090, 4100)):
        gate = Gate()

        async def last(actor: Does, gate: Gate = gate) -> None:
            await gate.wait()
            actor.stop_self()

        async with ActorSystem() as system:
            registry = VirtualActorRegistry(system)
            handled: list[str] = []
            await registry.tell(Does, "a", last)
            await gate.reached.wait()
            gate.opened.set()
            engine_of(system).scheduler.spent = spent
            await getattr(registry, how)(Does, "a", lambda _, handled=handled: handled.append("hi"))
            await turns()
            assert (handled, list(system.dead_letters)) == (["hi"], []), spent
