"""`watch`: one `Terminated` for each actor that has stopped."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AfterIdle,
    AfterMessage,
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    StopMode,
    Terminated,
)
from everything_is_an_actor.algebra.node import Leaf
from everything_is_an_actor.runtime.agent import start_agent
from everything_is_an_actor.runtime.agent_actor import AgentActor
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import (
    Does,
    Echo,
    Gate,
    Hooked,
    Parent,
    Ref,
    always,
    child_of,
    now,
    place_of,
    turns,
)


class Watcher(Actor[Any, Any]):
    """Notes all that it receives; does what is a function, watches a ref, raises an exception."""

    def __init__(self, notes: list[Any]) -> None:
        self.notes = notes

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, BaseException):
            raise message
        if callable(message):
            result = message(self)
            return await result if asyncio.iscoroutine(result) else result
        self.notes.append(message)
        return None


class Ends(Echo):
    """An echo that stops by a policy."""

    def __init__(self, policy: StopPolicy) -> None:
        self.policy = policy

    @override
    def stop_policy(self) -> StopPolicy:
        return self.policy


async def watching(system: ActorSystem, notes: list[Any], *refs: Ref) -> Ref:
    watcher: Ref = await system.spawn(Watcher, "watcher", args=(notes,))
    for ref in refs:
        await watch(watcher, ref)
    return watcher


async def watch(watcher: Ref, ref: Ref) -> None:
    await watcher.ask(lambda actor: actor.context.watch(ref))


async def unwatch(watcher: Ref, ref: Ref) -> None:
    await watcher.ask(lambda actor: actor.context.unwatch(ref))


async def fail(ref: Ref, error: BaseException) -> None:
    with pytest.raises(type(error)):
        await ref.ask(error)


# ---------------------------------------------------------------------- once, and why


ERROR = ValueError("no")
REASONS: dict[str, tuple[Callable[[Ref], Any], StopPolicy, str | BaseException]] = {
    "it was stopped": (lambda ref: ref.stop(), StopMode.NEVER, "stopped"),
    "it was drained": (lambda ref: ref.stop(drain=True), StopMode.NEVER, "stopped"),
    "it was interrupted": (lambda ref: ref.interrupt(), StopMode.NEVER, "stopped"),
    "it had its message": (lambda ref: ref.ask("the only one"), StopMode.ONE_TIME, "stopped"),
    "it had its last one": (lambda ref: ref.ask("bye"), AfterMessage("bye"), "stopped"),
    "it was idle": (lambda ref: asyncio.sleep(60.0), AfterIdle(30.0), "idle"),
    "it failed": (lambda ref: fail(ref, ERROR), StopMode.NEVER, ERROR),
}


@pytest.mark.parametrize("why", REASONS)
@on_virtual_time
async def test_the_reason_is_stopped_idle_or_the_exception(why: str) -> None:
    end, policy, reason = REASONS[why]
    notes: list[Any] = []
    async with ActorSystem(supervisor_strategy=always(Directive.stop)) as system:
        ref = await system.spawn(Ends, "watched", args=(policy,))
        await watching(system, notes, ref)
        await end(ref)
        await ref.join()
        await turns()
        assert notes == [Terminated(ref, reason)]
        if isinstance(reason, BaseException):
            assert notes[0].reason is reason


async def test_the_reason_of_one_that_escalates_is_its_exception() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(always(Directive.stop),))
        middle = await child_of(top, Parent, "middle", always(Directive.escalate))
        leaf = await child_of(middle, Echo, "leaf")
        await watching(system, notes, leaf, middle, top)
        await fail(leaf, ERROR)
        await middle.join()
        await turns()
    assert notes == [Terminated(leaf, ERROR), Terminated(middle, ERROR)]


async def test_the_reason_of_one_that_died_of_a_base_exception_is_that() -> None:
    class Rude(BaseException):
        pass

    notes, rude = list[Any](), Rude()
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        await watching(system, notes, ref)
        await fail(ref, rude)
        await ref.join()
        await turns()
    assert notes == [Terminated(ref, rude)]


async def test_a_sibling_that_was_stopped_for_another_has_not_failed() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(AllForOneStrategy(max_restarts=0),))
        failing, sibling = [await child_of(parent, Echo, name) for name in "ab"]
        await watching(system, notes, failing, sibling)
        await fail(failing, ERROR)
        await failing.join()
        await sibling.join()
        await turns()
    assert sorted(notes, key=lambda note: note.ref.name) == [
        Terminated(failing, ERROR),
        Terminated(sibling, "stopped"),
    ]


async def test_an_actor_that_has_stopped_already_is_reported_at_once() -> None:
    notes: list[Any] = []
    async with ActorSystem(supervisor_strategy=always(Directive.stop)) as system:
        ref, failed = [await system.spawn(Echo, name) for name in "ab"]
        await ref.stop()
        await fail(failed, ERROR)
        await failed.join()
        await watching(system, notes, ref, failed)
        await turns()
        assert notes == [Terminated(ref, "stopped"), Terminated(failed, ERROR)]


async def test_it_comes_when_the_actor_has_stopped_not_when_it_begins_to() -> None:
    gate, notes = Gate(), list[Any]()
    async with ActorSystem() as system:
        hooks = {"on_stopped": lambda _: gate.wait()}
        ref = await system.spawn(Hooked, "watched", args=([],), kwargs=hooks)
        watcher = await watching(system, notes)
        ending = ref.stop()
        await gate.reached.wait()
        await watch(watcher, ref)
        await turns()
        assert notes == []
        gate.opened.set()
        await ending
        await turns()
        assert notes == [Terminated(ref, "stopped")]
        again = await system.spawn(Echo, "watched")  # the name was free by then
        assert again != ref


async def test_never_on_a_restart() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(AllForOneStrategy(),))
        one, two = [await child_of(parent, Echo, name) for name in "ab"]
        await watching(system, notes, one, two)
        for _ in range(3):
            await fail(one, ERROR)
            await turns()
        assert notes == []
        await one.stop()
        await turns()
        assert notes == [Terminated(one, "stopped")]


async def test_watching_twice_is_once() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await watching(system, notes, ref, ref)

        async def watch_again(actor: Any) -> None:
            await ref.stop()
            actor.context.watch(ref)  # its message is on its way
            actor.context.watch(ref)

        await watcher.ask(watch_again)
        await turns()
        assert notes == [Terminated(ref, "stopped")]


async def test_never_after_unwatch() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await watching(system, notes, ref)
        await unwatch(watcher, ref)
        await unwatch(watcher, ref)
        await ref.stop()
        await turns()
        assert notes == []


async def test_never_after_unwatch_also_when_it_is_on_its_way() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        ref, other = [await system.spawn(Echo, name) for name in "ab"]
        watcher = await watching(system, notes, ref, other)

        async def too_late(actor: Any) -> None:
            await ref.stop()
            await other.stop()
            actor.context.unwatch(ref)

        await watcher.ask(too_late)
        await turns()
        assert notes == [Terminated(other, "stopped")]


async def test_one_may_watch_again_after_unwatch() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await watching(system, notes, ref)
        await unwatch(watcher, ref)
        await watch(watcher, ref)
        await ref.stop()
        await turns()
        assert notes == [Terminated(ref, "stopped")]


# ---------------------------------------------------------------------- the watcher


async def test_it_comes_before_what_is_queued_and_when_the_mailbox_is_full() -> None:
    gate, notes = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await system.spawn(Watcher, "watcher", args=(notes,), mailbox_size=2)
        await watch(watcher, ref)
        await watcher.tell(lambda _: gate.wait())
        await gate.reached.wait()
        for message in ("first", "second"):
            await watcher.tell(message)
        await ref.stop()
        await turns()
        assert notes == []  # it is in the middle of a message
        gate.opened.set()
        await watcher.stop(drain=True)
    assert notes == [Terminated(ref, "stopped"), "first", "second"]


async def test_a_watcher_that_restarts_keeps_its_watches() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        refs = [await system.spawn(Echo, name) for name in "abc"]
        watcher = await watching(system, notes, *refs)
        await refs[0].stop()
        await turns()
        await fail(watcher, ERROR)
        await refs[1].stop()
        await turns()

        async def fails_late(_: Any) -> None:
            await refs[2].stop()  # its message waits for the new instance
            raise ERROR

        with pytest.raises(ValueError, match="no"):
            await watcher.ask(fails_late)
        await turns()
    assert notes == [Terminated(ref, "stopped") for ref in refs]


async def test_the_message_is_not_handled_twice_if_its_handler_fails() -> None:
    seen: list[Any] = []

    class Fails(Does):
        @override
        async def on_receive(self, message: Any) -> Any:
            if isinstance(message, Terminated):
                seen.append(message)
                raise ValueError("not today")
            return await super().on_receive(message)

    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await system.spawn(Fails, "watcher")
        await watcher.ask(lambda actor: actor.context.watch(ref))
        await ref.stop()
        await turns()
        assert await watcher.ask(lambda _: "alive") == "alive"
    assert seen == [Terminated(ref, "stopped")]


async def test_family_may_be_watched() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent")
        watcher = await child_of(parent, Watcher, "watcher", notes)
        sibling = await child_of(parent, Echo, "sibling")
        child = await watcher.ask(lambda actor: actor.context.spawn(Echo, "child"))
        for ref in (parent, sibling, child):
            await watch(watcher, ref)
        await child.stop()
        await sibling.stop()
        await turns()
        assert notes == [Terminated(child, "stopped"), Terminated(sibling, "stopped")]
        await parent.stop()  # the watcher goes first
    assert len(notes) == 2


async def test_a_parent_may_watch_the_child_that_it_stops() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        watcher = await watching(system, notes)
        child = await watcher.ask(lambda actor: actor.context.spawn(Echo, "child"))
        await watch(watcher, child)
        await fail(watcher, ERROR)  # the restart stops the child
        await turns()
    assert notes == [Terminated(child, "stopped")]


async def test_an_actor_of_another_system_may_be_watched() -> None:
    notes: list[Any] = []
    async with ActorSystem("here") as here, ActorSystem("there") as there:
        ref = await there.spawn(Echo, "watched")
        await watching(here, notes, ref)
        await there.shutdown()
        await turns()
        assert notes == [Terminated(ref, "stopped")]


async def test_an_agent_that_is_used_once_may_be_watched() -> None:
    gate, notes = Gate(), list[Any]()

    class Agent(AgentActor[str, str]):
        @override
        async def execute(self, input: str) -> str:
            await gate.wait()
            return input

    async with ActorSystem() as system:
        run = start_agent(system.root, Leaf(Agent, None, None), "answer")
        [agent] = (system.root.children or {}).values()
        await gate.reached.wait()
        await watching(system, notes, agent)
        gate.opened.set()
        assert await run == "answer"
        await turns()
        assert notes == [Terminated(agent, "stopped")]


async def test_an_actor_cannot_watch_itself() -> None:
    async with ActorSystem() as system:
        watcher = await watching(system, [])
        with pytest.raises(ValueError, match="cannot watch itself: override on_stopped"):
            await watch(watcher, watcher)


async def test_two_may_watch_each_other() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        one = await watching(system, notes)
        two = await system.spawn(Watcher, "two", args=(notes,))
        await watch(one, two)
        await watch(two, one)
        await one.stop()
        await turns()
        assert notes == [Terminated(one, "stopped")]


async def test_all_who_watch_are_told() -> None:
    notes: list[list[Any]] = [[] for _ in range(5)]
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        for number, own in enumerate(notes):
            watcher = await system.spawn(Watcher, f"watcher {number}", args=(own,))
            await watch(watcher, ref)
        await ref.stop()
        await turns()
    assert notes == [[Terminated(ref, "stopped")]] * 5


async def test_a_watcher_that_stops_is_forgotten() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await watching(system, notes, ref)
        await watcher.stop()
        assert not place_of(ref).watchers
        await ref.stop()
        await turns()
        assert notes == []
        assert not system.dead_letters


async def test_a_terminated_that_its_watcher_did_not_live_to_see_is_no_dead_letter() -> None:
    gate, notes = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        watcher = await watching(system, notes, ref)
        await watcher.tell(lambda _: gate.wait())
        await gate.reached.wait()
        await ref.stop()
        ending = watcher.stop()
        gate.opened.set()
        await ending
        assert notes == []
        assert not system.dead_letters


async def test_one_that_failed_to_start_is_reported_to_whom_it_had_made_itself_known() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        watcher = await watching(system, notes)

        async def on_started(actor: Actor[Any, Any]) -> None:
            await watch(watcher, actor.context.self_ref)
            raise ERROR

        hooks = {"on_started": on_started}
        with pytest.raises(ValueError, match="no"):
            await system.spawn(Hooked, "watched", args=([],), kwargs=hooks)
        await turns()
    assert [(note.ref.name, note.reason) for note in notes] == [("watched", ERROR)]


@on_virtual_time
async def test_a_watcher_that_is_about_to_retire_handles_it() -> None:
    notes: list[Any] = []

    class Sleepy(Watcher):
        @override
        def stop_policy(self) -> StopPolicy:
            return AfterIdle(10.0)

    async with ActorSystem() as system:
        ref = await system.spawn(Ends, "watched", args=(AfterIdle(10.0),))
        watcher = await system.spawn(Sleepy, "watcher", args=(notes,))
        await watch(watcher, ref)
        await ref.ask("idle from the same instant")
        await watcher.join()
        assert notes == [Terminated(ref, "idle")]
        assert now() == 20.0


async def test_a_watcher_that_waits_to_be_started_is_told_after_it() -> None:
    gate, order = Gate(), list[Any]()

    class Starting(Watcher):
        @override
        async def on_started(self) -> None:
            self.context.watch(ref)
            await gate.wait()
            order.append("started")

    async with ActorSystem() as system:
        ref: Ref = await system.spawn(Echo, "watched")
        spawning = asyncio.ensure_future(system.spawn(Starting, "watcher", args=(order,)))
        await gate.reached.wait()
        await ref.stop()
        gate.opened.set()
        await spawning
        await turns()
        assert order == ["started", Terminated(ref, "stopped")]


async def test_watching_leaves_nothing_behind() -> None:
    class Quiet(Actor[Any, Any]):
        @override
        async def on_receive(self, message: Any) -> Any:
            return message(self) if callable(message) else None

    async with ActorSystem() as system:
        watcher = await system.spawn(Quiet, "watcher")
        watched = await system.spawn(Quiet, "watched")

        async def cycle() -> None:
            ref = await system.spawn(Quiet, "short-lived")
            await watch(watcher, ref)
            await watch(ref, watched)
            await ref.stop()

        async def objects_after(cycles: int) -> int:
            for _ in range(cycles):
                await cycle()
            await turns()
            gc.collect()
            return len(gc.get_objects())

        before = await objects_after(1_000)
        assert await objects_after(10_000) - before < 100
        assert not place_of(watched).watchers


async def test_those_that_stop_with_the_system_are_reported_to_nobody() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "watched")
        await watching(system, notes, ref)
        await system.shutdown()
        with pytest.raises(ActorStoppedError):
            await ref.ask("gone")
    assert notes == []


async def test_the_limit_of_a_supervisor_makes_one_terminated() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(OneForOneStrategy(max_restarts=2),))
        ref = await child_of(parent, Echo, "child")
        await watching(system, notes, ref)
        for _ in range(3):
            await fail(ref, ERROR)
        await turns()
    assert notes == [Terminated(ref, ERROR)]
