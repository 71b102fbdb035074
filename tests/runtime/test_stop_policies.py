"""An actor stops by its policy, which is checked after each message, also one that failed."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AfterIdle,
    AfterMessage,
    Directive,
    OneForOneStrategy,
    RestartBackoff,
    StopMode,
    Terminated,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Parent, Ref, always, child_of, now, turns
from tests.runtime.test_stash import Durable

type Policy = Callable[[], Any]


class Obeys(Echo):
    """Answers with the message, or does what it is sent; stops by the policy it is given."""

    def __init__(self, policy: Policy, notes: list[str] | None = None, **hooks: Any) -> None:
        self.policy = policy
        self.notes = [] if notes is None else notes
        self.hooks = hooks

    async def hook(self, name: str) -> None:
        self.notes.append(name)
        if name in self.hooks:
            await self.hooks[name](self)

    @override
    async def on_started(self) -> None:
        await self.hook("started")

    @override
    async def on_stopped(self) -> None:
        await self.hook("stopped")

    @override
    async def on_receive(self, message: Any) -> Any:
        self.notes.append(f"received {message}")
        if isinstance(message, Gate):
            return await message.wait()
        return await super().on_receive(message)

    @override
    def stop_policy(self) -> Any:
        return self.policy()


def letters(system: ActorSystem) -> list[Any]:
    return [letter.message for letter in system.dead_letters]


@pytest.mark.parametrize("cls", [Echo, Obeys])
async def test_never_goes_on(cls: type[Any]) -> None:
    args = () if cls is Echo else (lambda: StopMode.NEVER,)
    async with ActorSystem() as system:
        ref = await system.spawn(cls, "name", args=args)
        for number in range(3):
            assert await ref.ask(number) == number
        assert ref.is_alive


# ---------------------------------------------------------------------- one time


@pytest.mark.parametrize("failed", [False, True])
@pytest.mark.parametrize("directive", [Directive.resume, Directive.restart])
async def test_one_time_stops_after_its_first_message(failed: bool, directive: Directive) -> None:
    notes: list[str] = []
    async with ActorSystem(supervisor_strategy=always(directive)) as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: StopMode.ONE_TIME, notes))
        if failed:
            with pytest.raises(ValueError, match="no"):
                await ref.ask(ValueError("no"))
        else:
            assert await ref.ask("a message") == "a message"
        await ref.join()
        assert notes.count("stopped") == 1
        with pytest.raises(ActorStoppedError):
            await ref.ask("another")


@on_virtual_time
async def test_what_is_queued_behind_the_only_message_is_a_dead_letter_and_fails_at_once() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: StopMode.ONE_TIME,))
        first = asyncio.create_task(ref.ask(gate, timeout=None))
        await gate.reached.wait()
        await ref.tell("told")
        asking = asyncio.create_task(ref.ask("asked", timeout=None))
        await turns(2)
        gate.opened.set()
        assert await first is None
        with pytest.raises(ActorStoppedError):
            await asking
        await ref.join()
        assert letters(system) == ["told", "asked"]
        assert now() == 0.0


async def test_a_one_time_actor_handles_one_message_also_when_it_drains() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: StopMode.ONE_TIME, notes))
        for number in range(3):
            await ref.tell(number)
        await ref.stop(drain=True)
        assert notes == ["started", "received 0", "stopped"]
        assert letters(system) == [1, 2]


async def test_a_message_that_is_stashed_was_not_the_only_one() -> None:
    seen: list[str] = []

    class Picky(Actor[str, str]):
        @override
        async def on_receive(self, message: str) -> str:
            if message == "open":
                self.context.unstash_all()
            elif not seen:
                self.context.stash()
            seen.append(message)
            return message

        @override
        def stop_policy(self) -> AfterMessage:
            return AfterMessage("a message")

    async with ActorSystem() as system:
        ref = await system.spawn(Picky, "picky")
        asking = asyncio.create_task(ref.ask("a message"))
        await turns()
        assert await ref.ask("open") == "open"
        assert await asking == "a message"
        await ref.join()
        assert not system.dead_letters


# ---------------------------------------------------------------------- after a message


async def test_after_a_message_it_is_handled_and_answered_first() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: AfterMessage("bye"), notes))
        assert await ref.ask("hello") == "hello"
        await ref.tell("told")
        assert await ref.ask("bye") == "bye"
        await ref.join()
    assert notes == ["started", "received hello", "received told", "received bye", "stopped"]


@pytest.mark.parametrize("message", [(1, "a"), ValueError])
async def test_after_a_message_that_equals_it(message: Any) -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: AfterMessage((1, "a")),))
        await ref.ask(message)
        assert ref.is_alive == (message is ValueError)


async def test_after_a_message_that_failed() -> None:
    class Bye(ValueError):
        @override
        def __eq__(self, other: object) -> bool:
            return isinstance(other, Bye)

        @override
        def __hash__(self) -> int:
            return 0

    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: AfterMessage(Bye()),))
        with pytest.raises(Bye):
            await ref.ask(Bye())
        await ref.join()


async def test_a_message_that_cannot_be_compared_is_answered_and_stops_the_actor() -> None:
    class Prickly:
        @override
        def __eq__(self, other: object) -> bool:
            raise ValueError("not to be compared")

        __hash__ = object.__hash__

    failures: list[Terminated] = []
    prickly = Prickly()
    async with ActorSystem() as system:
        system.on_failure(failures.append)
        ref = await system.spawn(Obeys, "name", args=(lambda: AfterMessage("bye"),))
        assert await ref.ask(prickly) is prickly
        await ref.join()
    assert [str(failure.reason) for failure in failures] == ["not to be compared"]


# ---------------------------------------------------------------------- idleness


async def idles(system: ActorSystem, seconds: float = 10.0, **hooks: Any) -> tuple[Ref, list[str]]:
    notes: list[str] = []
    args = (lambda: AfterIdle(seconds), notes)
    return await system.spawn(Obeys, "name", args=args, kwargs=hooks), notes


@on_virtual_time
async def test_idle_time_counts_from_the_start_if_no_message_comes() -> None:
    async with ActorSystem() as system:
        await asyncio.sleep(1.0)
        ref, notes = await idles(system, on_started=lambda _: asyncio.sleep(2.0))
        await ref.join()
        assert now() == 11.0
    assert notes == ["started", "stopped"]


@on_virtual_time
async def test_a_start_is_no_idle_time() -> None:
    async with ActorSystem() as system:
        ref, _ = await idles(system, started=lambda _: asyncio.sleep(25.0))
        await ref.join()
        assert now() == 35.0


@on_virtual_time
async def test_idle_time_counts_from_the_end_of_the_last_message() -> None:
    async with ActorSystem() as system:
        ref, notes = await idles(system)
        gate = Gate()
        for _ in range(3):
            await asyncio.sleep(9.0)
            await ref.tell("a message")
        await asyncio.sleep(1.0)
        await ref.tell(gate)
        await asyncio.sleep(100.0)  # longer than the idle time
        gate.opened.set()
        await ref.join()
        assert now() == 138.0
    assert notes.count("started") == notes.count("stopped") == 1


@pytest.mark.parametrize("directive", [Directive.resume, Directive.restart])
def test_idle_time_counts_from_a_message_that_failed(directive: Directive) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem(supervisor_strategy=always(directive)) as system:
            ref, _ = await idles(system)
            await asyncio.sleep(5.0)
            with pytest.raises(ValueError, match="no"):
                await ref.ask(ValueError("no"))
            await ref.join()
            assert now() == 15.0

    test()


@on_virtual_time
async def test_the_wait_before_a_restart_is_no_idle_time() -> None:
    strategy = OneForOneStrategy(backoff=RestartBackoff(50.0))
    async with ActorSystem(supervisor_strategy=strategy) as system:
        ref, notes = await idles(system)
        await ref.tell(ValueError("no"))
        await ref.join()
        assert now() == 60.0
        assert notes == ["started", "received no", "started", "stopped"]


@on_virtual_time
async def test_a_message_of_a_timer_is_a_message() -> None:
    async def start(actor: Actor[Any, Any]) -> None:
        actor.context.timers.once("key", 7.0, "tick")

    async with ActorSystem() as system:
        ref, notes = await idles(system, started=start)
        await ref.join()
        assert now() == 17.0
    assert notes == ["started", "received tick", "stopped"]


@pytest.mark.parametrize("seconds", [10.0, 0.1, 0.7])
def test_a_timer_as_frequent_as_the_idle_time_keeps_the_actor_alive(seconds: float) -> None:
    @on_virtual_time
    async def test() -> None:
        async def start(actor: Actor[Any, Any]) -> None:
            actor.context.timers.every("key", seconds, "tick")

        async with ActorSystem() as system:
            ref, notes = await idles(system, seconds, started=start)
            await asyncio.sleep(20.5 * seconds)
            assert notes == ["started", *["received tick"] * 20]
            assert ref.is_alive

    test()


@on_virtual_time
async def test_an_actor_that_idles_keeps_neither_task_nor_timer() -> None:
    async with ActorSystem() as system:
        ref, _ = await idles(system)
        await ref.ask("a message")
        assert len(asyncio.all_tasks()) == 1
        await ref.stop()
        await turns()


@on_virtual_time
async def test_one_that_idled_out_was_terminated_for_idleness() -> None:
    async with ActorSystem() as system:
        seen: list[Any] = []

        class Watcher(Actor[Any, None]):
            @override
            async def on_receive(self, message: Any) -> None:
                if isinstance(message, Terminated):
                    seen.append(message)
                else:
                    self.context.watch(message)

        watcher = await system.spawn(Watcher, "watcher")
        ref, _ = await idles(system)
        await watcher.ask(ref)
        await ref.join()
        await turns()
        assert seen == [Terminated(ref, "idle")]
        assert not ref.is_alive


# ------------------------------------------------- a message while it goes down for idleness


class Retiring:
    """An actor on its way down for idleness: its `on_stopped` waits at the gate, once."""

    def __init__(self, gate: Gate, ref: Ref, notes: list[str]) -> None:
        self.gate, self.ref, self.notes = gate, ref, notes


async def retiring(
    system: ActorSystem, by: str = "on_stopped", mailbox_size: int = 256
) -> Retiring:
    gate, notes = Gate(), list[str]()

    async def wait_once(_: Any) -> None:
        if not gate.reached.is_set():
            await gate.wait()

    async def with_a_child(actor: Actor[Any, Any]) -> None:
        args = (lambda: StopMode.NEVER,)
        await actor.context.spawn(Obeys, "child", args=args, kwargs={"stopped": wait_once})

    hooks = {"stopped": wait_once} if by == "on_stopped" else {"started": with_a_child}
    args = (lambda: AfterIdle(10.0), notes)
    ref = await system.spawn(Obeys, "name", mailbox_size=mailbox_size, args=args, kwargs=hooks)
    await asyncio.sleep(0)
    await gate.reached.wait()
    assert now() == 10.0
    return Retiring(gate, ref, notes)


@on_virtual_time
async def test_an_idle_actor_keeps_nothing_of_the_message_for_which_it_was_started() -> None:
    class Message:
        pass

    class Starts(Actor[Message, None]):
        @override
        async def on_receive(self, message: Message) -> None:
            await system.spawn(Obeys, "idle", args=(lambda: AfterIdle(1000.0),))

    async with ActorSystem() as system:
        starts = await system.spawn(Starts, "starts")
        message = Message()
        kept = weakref.ref(message)
        await starts.ask(message)
        del message
        gc.collect()
        assert system.get_actor("/actor-system/idle").is_alive
        assert kept() is None


@pytest.mark.parametrize("by", ["on_stopped", "a child"])
def test_a_message_that_comes_meanwhile_is_handled_by_a_new_instance(by: str) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem() as system:
            it = await retiring(system, by)
            assert it.ref.is_alive
            await it.ref.tell("told")
            asking = asyncio.create_task(it.ref.ask("asked"))
            await asyncio.sleep(1.0)
            it.gate.opened.set()
            assert await asking == "asked"
            assert it.notes == [
                *["started", "stopped"],
                *["started", "received told", "received asked"],
            ]
            assert system.get_actor("/actor-system/name") is it.ref
            await it.ref.join()
            assert now() == 21.0
            assert it.notes[-1] == "stopped"
            assert it.notes.count("started") == it.notes.count("stopped") == 2
            assert not system.dead_letters

    test()


@on_virtual_time
async def test_senders_that_wait_for_room_meanwhile_are_served_too() -> None:
    async with ActorSystem() as system:
        it = await retiring(system, mailbox_size=1)
        asks = [asyncio.create_task(it.ref.ask(number)) for number in range(5)]
        await turns()
        it.gate.opened.set()
        assert await asyncio.gather(*asks) == [0, 1, 2, 3, 4]


@on_virtual_time
async def test_nobody_comes_and_it_is_gone() -> None:
    async with ActorSystem() as system:
        it = await retiring(system)
        it.gate.opened.set()
        await it.ref.join()
        assert it.notes == ["started", "stopped"]
        assert not system.children


@on_virtual_time
async def test_an_asker_that_has_given_up_meanwhile_starts_nothing() -> None:
    async with ActorSystem() as system:
        it = await retiring(system)
        with pytest.raises(TimeoutError):
            await it.ref.ask("too late", timeout=1.0)
        it.gate.opened.set()
        await it.ref.join()
        assert letters(system) == ["too late"]


@pytest.mark.parametrize("end", ["stop", "drain", "interrupt", "shutdown"])
@pytest.mark.parametrize("message", [False, True])
def test_it_may_be_ended_meanwhile(end: str, message: bool) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem() as system:
            it = await retiring(system)
            asking = asyncio.create_task(it.ref.ask("asked")) if message else None
            await turns(2)
            ending: Any
            match end:
                case "stop" | "drain":
                    ending = it.ref.stop(drain=end == "drain")
                    it.gate.opened.set()
                    await ending
                case "interrupt":
                    await it.ref.interrupt()
                case _:
                    await system.shutdown(timeout=4.0)
                    assert now() == 14.0
            assert not it.ref.is_alive
            if asking is not None and end == "drain":
                assert await asking == "asked"
                assert it.notes.count("started") == 2
            elif asking is not None:
                with pytest.raises(ActorStoppedError):
                    await asking
            assert it.notes.count("started") == it.notes.count("stopped")
            assert not system.children

    test()


@on_virtual_time
async def test_one_that_comes_back_has_not_been_terminated() -> None:
    seen: list[Any] = []

    class Watcher(Actor[Any, None]):
        @override
        async def on_receive(self, message: Any) -> None:
            if isinstance(message, Terminated):
                seen.append((now(), message.reason))
            else:
                self.context.watch(message)

    async with ActorSystem() as system:
        it = await retiring(system)
        watcher = await system.spawn(Watcher, "watcher")
        await watcher.ask(it.ref)
        asking = asyncio.create_task(it.ref.ask("asked"))
        await turns(2)
        it.gate.opened.set()
        assert await asking == "asked"
        await turns()
        assert seen == []
        await it.ref.join()
        await turns()
        assert seen == [(20.0, "idle")]


@pytest.mark.parametrize("end", ["stop", "interrupt", "shutdown"])
def test_it_may_be_ended_while_the_new_instance_starts(end: str) -> None:
    @on_virtual_time
    async def test() -> None:
        notes, down, up = list[str](), Gate(), Gate()

        async def start(_: Any) -> None:
            if notes.count("started") == 2:
                await up.wait()

        async def stop(_: Any) -> None:
            if notes.count("stopped") == 1:
                await down.wait()

        async with ActorSystem() as system:
            ref, notes = await idles(system, started=start, stopped=stop)
            await down.reached.wait()
            asking = asyncio.create_task(ref.ask("asked", timeout=None))
            await turns(2)
            down.opened.set()
            await up.reached.wait()
            assert ref.is_alive
            match end:
                case "stop":
                    ending = ref.stop()
                    up.opened.set()
                    await ending
                case "interrupt":
                    await ref.interrupt()
                case _:
                    await system.shutdown(timeout=3.0)
                    assert now() == 13.0
            with pytest.raises(ActorStoppedError):
                await asking
            assert notes == ["started", "stopped"] * 2

    test()


@on_virtual_time
async def test_a_durable_mailbox_keeps_its_promise_while_the_actor_idles_out() -> None:
    gate, box = Gate(), Durable()

    async def stop(_: Any) -> None:
        if not gate.reached.is_set():
            await gate.wait()

    async with ActorSystem() as system:
        args = (lambda: AfterIdle(1.0),)
        ref = await system.spawn(Obeys, "name", mailbox=box, args=args, kwargs={"stopped": stop})
        await gate.reached.wait()
        for number in range(3):
            await ref.tell(number)
        assert box.handled == []
        gate.opened.set()
        await turns()
        assert box.handled == [0, 1, 2]
        await ref.join()


@on_virtual_time
async def test_timers_of_the_instance_that_idled_out_never_fire() -> None:
    started: list[float] = []
    gate = Gate()

    class Ticking(Actor[str, str]):
        @override
        async def on_started(self) -> None:
            started.append(now())
            if len(started) == 1:
                self.context.timers.once("key", 15.0, "of the old one")

        @override
        async def on_receive(self, message: str) -> str:
            assert message != "of the old one"
            return message

        @override
        async def on_stopped(self) -> None:
            if len(started) == 1:
                await gate.wait()

        @override
        def stop_policy(self) -> AfterIdle:
            return AfterIdle(10.0)

    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking")
        await gate.reached.wait()
        asking = asyncio.create_task(ref.ask("hello"))
        await asyncio.sleep(1.0)
        gate.opened.set()
        assert await asking == "hello"
        await ref.join()
        assert started == [0.0, 11.0]
        assert now() == 21.0
        assert not system.dead_letters


@on_virtual_time
async def test_a_timer_that_goes_off_while_it_idles_out_starts_nothing() -> None:
    async def start(actor: Actor[Any, Any]) -> None:
        actor.context.timers.once("key", 15.0, "of the old one")

    async def stop(_: Actor[Any, Any]) -> None:
        await asyncio.sleep(10.0)

    async with ActorSystem() as system:
        ref, notes = await idles(system, started=start, stopped=stop)
        await ref.join()
        assert now() == 20.0
    assert notes == ["started", "stopped"]


@on_virtual_time
async def test_what_is_stashed_when_it_idles_out_is_a_dead_letter() -> None:
    class Stashing(Obeys):
        @override
        async def on_receive(self, message: Any) -> Any:
            self.context.stash()

    async with ActorSystem() as system:
        ref = await system.spawn(Stashing, "name", args=(lambda: AfterIdle(1.0),))
        with pytest.raises(ActorStoppedError):
            await ref.ask("stashed", timeout=None)
        await ref.join()
        assert now() == 1.0
        assert letters(system) == ["stashed"]


@on_virtual_time
async def test_what_is_stashed_is_for_the_new_instance_if_there_is_one() -> None:
    seen: list[str] = []
    gate = Gate()

    class Stashing(Actor[str, str]):
        @override
        async def on_receive(self, message: str) -> str:
            seen.append(message)
            if seen == ["first"]:
                self.context.stash()
            return message

        @override
        async def on_stopped(self) -> None:
            if len(seen) == 1:
                await gate.wait()

        @override
        def stop_policy(self) -> AfterIdle:
            return AfterIdle(1.0)

    async with ActorSystem() as system:
        ref = await system.spawn(Stashing, "name")
        asking = asyncio.create_task(ref.ask("first", timeout=None))
        await gate.reached.wait()
        later = asyncio.create_task(ref.ask("second", timeout=None))
        await turns(2)
        gate.opened.set()
        assert await asking == "first"
        assert await later == "second"
        assert seen == ["first", "first", "second"]


@on_virtual_time
async def test_an_on_started_of_the_new_instance_that_fails_is_for_the_supervisor() -> None:
    gate, count = Gate(), [0]

    class Fails(Actor[str, str]):
        @override
        async def on_started(self) -> None:
            count[0] += 1
            if count[0] == 2:
                raise ValueError("not this time")

        @override
        async def on_stopped(self) -> None:
            if count[0] == 1:
                await gate.wait()

        @override
        async def on_receive(self, message: str) -> str:
            return message

        @override
        def stop_policy(self) -> AfterIdle:
            return AfterIdle(1.0)

    async with ActorSystem() as system:
        ref = await system.spawn(Fails, "name")
        await gate.reached.wait()
        asking = asyncio.create_task(ref.ask("a message"))
        await turns(2)
        gate.opened.set()
        assert await asking == "a message"
        assert count == [3]


# ---------------------------------------------------------------------- policies that change


@on_virtual_time
async def test_a_policy_may_change_from_message_to_message() -> None:
    policy: list[Any] = [StopMode.NEVER]
    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: policy[0],))
        await ref.ask("a message")
        await asyncio.sleep(100.0)
        policy[0] = AfterIdle(10.0)
        await ref.ask("a message")
        await asyncio.sleep(9.0)
        policy[0] = AfterIdle(20.0)
        await ref.ask("a message")
        await asyncio.sleep(19.0)
        policy[0] = AfterIdle(1.0)
        await ref.ask("a message")
        await ref.join()
        assert now() == 129.0


@on_virtual_time
async def test_a_policy_may_stop_being_one_of_idleness() -> None:
    policy: list[Any] = [AfterIdle(1.0)]
    async with ActorSystem() as system:
        ref = await system.spawn(Obeys, "name", args=(lambda: policy[0],))
        policy[0] = StopMode.NEVER
        await asyncio.sleep(100.0)
        policy[0] = StopMode.ONE_TIME
        assert await ref.ask("a message") == "a message"
        await ref.join()
        assert now() == 100.0


@pytest.mark.parametrize("policy", [None, 5, "never", StopMode, AfterIdle, AfterMessage])
async def test_spawn_refuses_what_is_no_policy_and_says_what_is(policy: Any) -> None:
    async with ActorSystem() as system:
        notes: list[str] = []
        with pytest.raises(TypeError) as raised:
            await system.spawn(Obeys, "name", args=(lambda: policy, notes))
        text = str(raised.value)
        assert "stop_policy of Obeys" in text
        assert repr(policy) in text
        assert "StopMode.NEVER, StopMode.ONE_TIME, AfterMessage(message)" in text
        assert notes == []
        await system.spawn(Echo, "name")


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), float("inf")])
def test_idle_seconds_are_above_zero_and_finite(seconds: float) -> None:
    with pytest.raises(ValueError, match="AfterIdle: seconds must be a finite number of seconds"):
        AfterIdle(seconds)


@pytest.mark.parametrize("calls", range(1, 5))
def test_a_policy_that_fails_or_is_none_later_on_stops_the_actor(calls: int) -> None:
    @on_virtual_time
    async def test() -> None:
        left, notes = calls, list[str]()

        def policy() -> AfterIdle:
            nonlocal left
            left -= 1
            if left < 0:
                raise ValueError("no policy")
            return AfterIdle(1.0)

        async with ActorSystem() as system:
            failures: list[Terminated] = []
            system.on_failure(failures.append)
            ref = await system.spawn(Obeys, "name", args=(policy, notes))
            if ref.is_alive:
                await ref.tell("a message")
            await ref.join()
            assert [str(failure.reason) for failure in failures] == ["no policy"]
            assert notes[-1] == "stopped"

    test()


# ---------------------------------------------------------------------- temporary children


class Once(Obeys):
    def __init__(self) -> None:
        super().__init__(lambda: StopMode.ONE_TIME, LOG)


LOG: list[str] = []


@pytest.fixture(autouse=True)
def an_empty_log() -> None:
    LOG.clear()


async def test_a_class_that_is_told_is_a_child_that_stops_by_its_policy() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        await parent.ask(lambda actor: actor.tell(Once, "a message"))
        (child,) = await parent.ask(lambda actor: actor.context.children)
        assert child.name.startswith("Once-")
        await child.join()
        assert await parent.ask(lambda actor: actor.context.children) == ()
        assert LOG == ["started", "received a message", "stopped"]


async def test_many_classes_that_are_told_each_have_a_name() -> None:
    async def tell(actor: Does) -> None:
        for number in range(100):
            await actor.context.tell(Once, number)

    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        await parent.ask(tell)
        for child in await parent.ask(lambda actor: actor.context.children):
            await child.join()
        assert len(LOG) == 300
        assert await parent.ask(lambda actor: actor.context.children) == ()


async def test_a_class_that_would_never_stop_is_refused_before_anything_starts() -> None:
    class Endless(Obeys):
        def __init__(self) -> None:
            super().__init__(lambda: StopMode.NEVER, LOG)

    async def tell(actor: Does) -> Any:
        with pytest.raises(TypeError, match="tell: Endless would never stop: override stop_policy"):
            await actor.tell(Endless, "a message")
        return actor.context.children

    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        assert await parent.ask(tell) == ()
        assert LOG == []
        with pytest.raises(TypeError, match="Echo would never stop"):
            await parent.ask(lambda actor: actor.tell(Echo, "a message"))


async def test_a_class_whose_policy_is_none_is_refused() -> None:
    class Odd(Obeys):
        def __init__(self) -> None:
            super().__init__(lambda: "soon", LOG)

    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        with pytest.raises(TypeError, match="stop_policy of Odd: a stop policy must be"):
            await parent.ask(lambda actor: actor.tell(Odd, "a message"))
        assert await parent.ask(lambda actor: actor.context.children) == ()
        assert LOG == []


async def test_a_temporary_child_that_fails_is_for_the_supervisor_and_stops() -> None:
    judged: list[str] = []

    def decider(error: Exception) -> Directive:
        judged.append(str(error))
        return Directive.restart

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(OneForOneStrategy(decider=decider),))
        await parent.ask(lambda actor: actor.tell(Once, ValueError("no")))
        for child in await parent.ask(lambda actor: actor.context.children):
            await child.join()
        assert judged == ["no"]
        assert LOG == ["started", "received no", "stopped"]


async def test_a_ref_that_is_told_or_asked_is_that_actor() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        echo = await child_of(parent, Echo, "echo")
        assert await parent.ask(lambda actor: actor.ask(echo, "hello")) == "hello"
        await parent.ask(lambda actor: actor.tell(echo, "hello"))
        assert echo.is_alive
