"""`AllForOneStrategy`: what is done about the failed child is done to all its siblings."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AfterIdle,
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    SupervisorStrategy,
)
from everything_is_an_actor.algebra.node import Leaf
from everything_is_an_actor.runtime.agent import start_agent
from everything_is_an_actor.runtime.agent_actor import AgentActor
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.runtime.supervision import RestartBackoff
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import (
    Echo,
    Gate,
    Hooked,
    Parent,
    Ref,
    child_of,
    now,
    place_of,
    turns,
)


class Ledger:
    """What became of each actor of a test, and how many of its instances ran at a time."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.restarts: dict[str, list[Exception]] = {}
        self.stopped: dict[str, int] = {}
        self.at_work: dict[str, int] = {}
        self.most_at_work = 0
        self.lock = threading.Lock()

    def begins(self, name: str) -> None:
        with self.lock:
            self.at_work[name] = self.at_work.get(name, 0) + 1
            self.most_at_work = max(self.most_at_work, self.at_work[name])

    def ends(self, name: str) -> None:
        with self.lock:
            self.at_work[name] -= 1


class Member(Actor[Any, Any]):
    """Does what it is sent, counts, and keeps the ledger: in all that it does it is at work."""

    def __init__(
        self, ledger: Ledger, name: str, started: Callable[["Member"], Any] | None = None
    ) -> None:
        self.ledger, self.name, self.started = ledger, name, started
        self.count = 0
        ledger.made[name] = ledger.made.get(name, 0) + 1

    async def _work(self, job: Callable[["Member"], Any]) -> Any:
        self.ledger.begins(self.name)
        try:
            result = job(self)
            return await result if isinstance(result, Awaitable) else result
        finally:
            self.ledger.ends(self.name)

    @override
    async def on_receive(self, message: Any) -> Any:
        self.count += 1
        if isinstance(message, BaseException):
            raise message
        return await self._work(message) if callable(message) else self.count

    @override
    async def on_started(self) -> None:
        if self.started is not None:
            await self._work(self.started)

    @override
    async def on_restart(self, error: Exception) -> None:
        self.ledger.restarts.setdefault(self.name, []).append(error)

    @override
    async def on_stopped(self) -> None:
        self.ledger.stopped[self.name] = self.ledger.stopped.get(self.name, 0) + 1


async def family(system: ActorSystem, strategy: SupervisorStrategy, name: str = "parent") -> Ref:
    return await system.spawn(Parent, name, args=(strategy,))


async def members(parent: Ref, ledger: Ledger, names: str = "abc") -> list[Ref]:
    return [await child_of(parent, Member, name, ledger, name) for name in names]


async def fails(ref: Ref, error: Exception) -> None:
    with pytest.raises(type(error)) as raised:
        await ref.ask(error, timeout=None)
    assert raised.value is error


# ---------------------------------------------------------------------- the restart of siblings


async def test_all_siblings_restart_with_the_error_of_the_failed_one() -> None:
    ledger, error = Ledger(), ValueError("no")
    async with ActorSystem() as system:
        refs = await members(await family(system, AllForOneStrategy()), ledger)
        for ref in refs:
            await ref.ask("count")
        await fails(refs[1], error)
        assert [await ref.ask("count") for ref in refs] == [1, 1, 1]  # new state
        assert ledger.restarts == {name: [error] for name in "abc"}
        assert ledger.stopped == {}
    assert ledger.stopped == dict.fromkeys("abc", 1)


async def test_those_beside_the_parent_are_left_alone() -> None:
    ledger = Ledger()
    async with ActorSystem() as system:
        [one, *_] = await members(await family(system, AllForOneStrategy(), "one"), ledger, "ab")
        [other] = await members(await family(system, AllForOneStrategy(), "other"), ledger, "c")
        await fails(one, ValueError("no"))
        await turns()
        assert await other.ask("count") == 1
    assert sorted(ledger.restarts) == ["a", "b"]


async def test_a_sibling_first_finishes_the_message_in_hand() -> None:
    ledger, gate = Ledger(), Gate()
    async with ActorSystem() as system:
        one, two = await members(await family(system, AllForOneStrategy()), ledger, "ab")

        async def slowly(member: Member) -> str:
            await gate.wait()
            return f"finished by the instance that had counted {member.count}"

        reply = asyncio.ensure_future(two.ask(slowly))
        await gate.reached.wait()
        queued = asyncio.ensure_future(two.ask("queued"))
        await fails(one, ValueError("no"))
        await turns()
        assert list(ledger.restarts) == ["a"]
        gate.opened.set()
        assert await reply == "finished by the instance that had counted 1"
        assert await queued == 1
        assert ledger.made == {"a": 2, "b": 2}
        assert not system.dead_letters
    assert ledger.most_at_work == 1


@on_virtual_time
async def test_a_sibling_first_finishes_what_blocks_on_a_thread() -> None:
    ledger = Ledger()
    begun, go_on = threading.Event(), threading.Event()

    class Blocking(Member):
        on_receive = Actor.on_receive  # the one that calls `receive`

        @override
        def receive(self, message: Any) -> Any:
            ledger.begins(self.name)
            try:
                if message == "slowly":
                    begun.set()
                    assert go_on.wait(10)
                return message, self.ledger.made[self.name]
            finally:
                ledger.ends(self.name)

    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy())
        [one] = await members(parent, ledger, "a")
        two = await child_of(parent, Blocking, "b", ledger, "b")
        slow = asyncio.ensure_future(two.ask("slowly"))
        queued = asyncio.ensure_future(two.ask("queued"))
        await asyncio.to_thread(begun.wait, 10)
        await fails(one, ValueError("no"))
        await turns()
        assert "b" not in ledger.restarts
        go_on.set()
        assert await slow == ("slowly", 1)
        assert await queued == ("queued", 2)
    assert ledger.most_at_work == 1


async def test_what_is_queued_at_a_sibling_is_kept_in_order() -> None:
    ledger, gate, seen = Ledger(), Gate(), list[int]()
    async with ActorSystem() as system:
        one, two = await members(await family(system, AllForOneStrategy()), ledger, "ab")
        await two.tell(lambda _: gate.wait())
        await gate.reached.wait()
        for number in range(5):
            await two.tell(lambda _, number=number: seen.append(number))
        await fails(one, ValueError("no"))
        gate.opened.set()
        await two.stop(drain=True)
        assert seen == [0, 1, 2, 3, 4]
        assert not system.dead_letters
    assert len(ledger.restarts["b"]) == 1


async def test_the_children_of_a_sibling_are_stopped_first() -> None:
    ledger, notes = Ledger(), list[str]()

    async def started(member: Member) -> None:
        notes.append("the parent starts")
        await member.context.spawn(Hooked, "same name", args=(notes,))

    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy())
        [one] = await members(parent, ledger, "a")
        two = await child_of(parent, Member, "b", ledger, "b", started)
        await fails(one, ValueError("no"))
        assert await two.ask("count") == 1
    expected = ["the parent starts", "started", "stopped"]
    assert notes == expected * 2


async def test_the_on_started_of_a_sibling_that_fails_counts_as_its_failure() -> None:
    ledger, ends = Ledger(), ["the first", "the second fails", "the third"]
    first, second = ValueError("the child's"), KeyError("the sibling's")

    def started(_: Member) -> None:
        if ends.pop(0) == "the second fails":
            raise second

    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy(max_restarts=2))
        [one] = await members(parent, ledger, "a")
        two = await child_of(parent, Member, "b", ledger, "b", started)
        await fails(one, first)
        assert await two.ask("count") == 1
        assert await one.ask("count") == 1
    assert ledger.restarts == {"a": [first, second], "b": [first, second]}


async def test_agents_that_are_used_once_are_left_alone() -> None:
    ledger, gate = Ledger(), Gate()

    class Agent(AgentActor[str, str]):
        @override
        async def execute(self, input: str) -> str:
            await gate.wait()
            return input

    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy())
        one, _ = await members(parent, ledger, "ab")
        run = start_agent(place_of(parent), Leaf(Agent, None, None), "the answer")
        await gate.reached.wait()
        await fails(one, ValueError("no"))
        await turns()
        gate.opened.set()
        assert await run == "the answer"
        await turns()
        assert sorted(ledger.restarts) == ["a", "b"]


# ---------------------------------------------------------------------- siblings in every state


async def test_a_sibling_that_starts_is_restarted_once_it_has() -> None:
    ledger, gate, error = Ledger(), Gate(), ValueError("no")
    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy())
        [one] = await members(parent, ledger, "a")
        started: Callable[[Member], Any] = lambda _: gate.wait()  # noqa: E731  # typed
        spawning = asyncio.ensure_future(child_of(parent, Member, "b", ledger, "b", started))
        await gate.reached.wait()
        await fails(one, error)
        await turns()
        assert "b" not in ledger.restarts
        gate.opened.set()
        two = await spawning
        assert await two.ask("count") == 1
    assert ledger.restarts["b"] == [error]
    assert ledger.most_at_work == 1


async def test_a_sibling_that_drains_goes_on_draining_with_a_new_instance() -> None:
    ledger, gate = Ledger(), Gate()
    async with ActorSystem() as system:
        one, two = await members(await family(system, AllForOneStrategy()), ledger, "ab")
        await two.tell(lambda _: gate.wait())
        await gate.reached.wait()
        reply = asyncio.ensure_future(two.ask("count"))
        await turns()
        ending = two.stop(drain=True)
        await fails(one, ValueError("no"))
        gate.opened.set()
        assert await reply == 1
        await ending
    assert len(ledger.restarts["b"]) == 1
    assert ledger.stopped["b"] == 1


async def test_a_sibling_that_stops_is_not_restarted() -> None:
    ledger, gate = Ledger(), Gate()
    async with ActorSystem() as system:
        one, two = await members(await family(system, AllForOneStrategy()), ledger, "ab")
        await two.tell(lambda _: gate.wait())
        await gate.reached.wait()
        ending = two.stop()
        await fails(one, ValueError("no"))
        gate.opened.set()
        await ending
        assert await one.ask("count") == 1
    assert "b" not in ledger.restarts
    assert ledger.stopped["b"] == 1


class Sleepy(Member):
    @override
    def stop_policy(self) -> StopPolicy:
        return AfterIdle(10.0)


@on_virtual_time
async def test_a_sibling_about_to_retire_restarts_and_counts_its_idle_time_anew() -> None:
    ledger = Ledger()

    async def started(member: Member) -> None:
        await member.context.spawn(Echo, "child")  # which an actor that retires may not

    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy())
        [one] = await members(parent, ledger, "a")
        two = await child_of(parent, Sleepy, "b", ledger, "b", started)
        await asyncio.sleep(1.0)
        await two.ask("count")  # idle from here
        failing = asyncio.get_running_loop().call_at(11.0, one.tell_nowait, ValueError("no"))
        await two.join()
        assert failing.when() == 11.0
        assert now() == 21.0
        assert ledger.restarts.keys() == {"a", "b"}
        assert ledger.made == {"a": 2, "b": 2}
    assert ledger.stopped == {"a": 1, "b": 1}


@on_virtual_time
async def test_a_sibling_in_the_middle_of_retiring_is_left_to_it() -> None:
    ledger, gate = Ledger(), Gate()

    class Lingering(Sleepy):
        @override
        async def on_stopped(self) -> None:
            await super().on_stopped()
            await gate.wait()

    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy())
        [one] = await members(parent, ledger, "a")
        two = await child_of(parent, Lingering, "b", ledger, "b")
        await gate.reached.wait()
        await fails(one, ValueError("no"))
        reply = asyncio.ensure_future(two.ask("count"))  # for the next instance
        await turns()
        gate.opened.set()
        assert await reply == 1
    assert "b" not in ledger.restarts
    assert ledger.made["b"] == 2


@on_virtual_time
async def test_a_sibling_that_waits_to_restart_is_not_restarted_twice() -> None:
    ledger, errors = Ledger(), [ValueError("the first"), KeyError("meanwhile")]

    class Longer:
        def delay(self, attempt: int) -> float:
            return 2.0 + 6.0 * attempt

    strategy = AllForOneStrategy(max_restarts=2, backoff=Longer())
    async with ActorSystem() as system:
        parent = await family(system, strategy)
        [one] = await members(parent, ledger, "a")
        await fails(one, errors[0])
        await one.ask("count")
        [two] = await members(parent, ledger, "b")
        await fails(one, errors[1])  # back after 8 seconds, the sibling after 2
        assert await two.ask("count") == 1
        assert now() == 4.0
        await fails(two, errors[0])  # while the other still waits
        assert [await ref.ask("count", timeout=None) for ref in (one, two)] == [1, 1]
        assert now() == 12.0
    assert ledger.restarts == {"a": errors, "b": [errors[1], errors[0]]}


@on_virtual_time
async def test_siblings_restart_each_after_its_own_delay() -> None:
    ledger, instants = Ledger(), dict[str, list[float]]()

    def started(member: Member) -> None:
        instants.setdefault(member.name, []).append(now())

    strategy = AllForOneStrategy(backoff=RestartBackoff(1.0, 60.0))
    async with ActorSystem() as system:
        parent = await family(system, strategy)
        one, two = [await child_of(parent, Member, name, ledger, name, started) for name in "ab"]
        await fails(one, ValueError("first"))
        await asyncio.sleep(10.0)
        newcomer = await child_of(parent, Member, "c", ledger, "c", started)
        await fails(two, ValueError("second"))
        assert await newcomer.ask("count") == 1
        assert await one.ask("count") == 1
    assert instants == {"a": [0.0, 1.0, 12.0], "b": [0.0, 1.0, 12.0], "c": [10.0, 11.0]}


# ---------------------------------------------------------------------- failures at once


async def test_siblings_that_fail_at_once_are_each_restarted_once() -> None:
    ledger, gate = Ledger(), Gate()

    async def fail_later(member: Member) -> None:
        await gate.wait()
        raise ValueError(member.name)

    strategy = AllForOneStrategy(max_restarts=1)
    async with ActorSystem() as system:
        refs = await members(await family(system, strategy), ledger)
        failures = [asyncio.ensure_future(ref.ask(fail_later)) for ref in refs]
        await turns()
        gate.opened.set()
        outcomes = await asyncio.gather(*failures, return_exceptions=True)
        assert [str(outcome) for outcome in outcomes] == ["a", "b", "c"]
        assert [await ref.ask("count") for ref in refs] == [1, 1, 1]
    assert {name: list(map(str, errors)) for name, errors in ledger.restarts.items()} == {
        name: ["a"] for name in "abc"
    }


async def test_an_error_that_goes_round_among_siblings_counts_once() -> None:
    ledger = Ledger()
    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy(max_restarts=1))
        refs = await members(parent, ledger, "abcdef")

        def asks_the_next(rest: list[Ref]) -> Any:
            if not rest:
                return ValueError("no")
            return lambda _: rest[0].ask(asks_the_next(rest[1:]))

        with pytest.raises(ValueError, match="no"):
            await refs[0].ask(asks_the_next(refs[1:]))
        assert [await ref.ask("count") for ref in refs] == [1] * 6


@pytest.mark.parametrize("directive", [Directive.stop, Directive.escalate])
async def test_a_failure_of_one_that_is_to_restart_is_judged_all_the_same(
    directive: Directive,
) -> None:
    ledger, gate = Ledger(), Gate()

    def decide(error: Exception) -> Directive:
        return directive if isinstance(error, KeyError) else Directive.restart

    async def fail_later(_: Member) -> None:
        await gate.wait()
        raise KeyError("worse")

    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(OneForOneStrategy(max_restarts=0),))
        parent = await child_of(top, Parent, "parent", AllForOneStrategy(decider=decide))
        one, two = await members(parent, ledger, "ab")
        await two.tell(fail_later)
        await gate.reached.wait()
        await fails(one, ValueError("no"))
        gate.opened.set()
        await two.join()
        await one.join()
        await turns()
        assert parent.is_alive is (directive is Directive.stop)
    assert ledger.stopped == {"a": 1, "b": 1}


async def test_the_decider_is_asked_once_for_each_failure() -> None:
    ledger, asked = Ledger(), list[str]()

    def decide(error: Exception) -> Directive:
        asked.append(str(error))
        return Directive.restart

    async with ActorSystem() as system:
        refs = await members(await family(system, AllForOneStrategy(decider=decide)), ledger)
        await fails(refs[0], ValueError("first"))
        await fails(refs[2], ValueError("second"))
        await turns()
    assert asked == ["first", "second"]


# ---------------------------------------------------------------------- the other directives


async def test_stop_stops_all_the_last_started_first() -> None:
    ledger, notes = Ledger(), list[str]()
    strategy = AllForOneStrategy(decider=lambda _: Directive.stop)
    async with ActorSystem() as system:
        parent = await family(system, strategy)
        refs = [await child_of(parent, Hooked, name, notes) for name in "abc"]
        await fails(refs[0], ValueError("no"))
        for ref in refs:
            await ref.join()
        assert notes == ["started"] * 3 + ["ValueError('no')"] + ["stopped"] * 3
        assert parent.is_alive
        assert await parent.ask(lambda actor: actor.context.children) == ()
        assert (await members(parent, ledger, "a"))[0].is_alive  # the name is free


async def test_siblings_that_are_stopped_finish_their_message_and_bury_what_is_queued() -> None:
    ledger, gate = Ledger(), Gate()
    strategy = AllForOneStrategy(max_restarts=0)
    async with ActorSystem() as system:
        one, two = await members(await family(system, strategy), ledger, "ab")

        async def slowly(_: Member) -> str:
            await gate.wait()
            return "finished"

        in_hand = asyncio.ensure_future(two.ask(slowly, timeout=None))
        await gate.reached.wait()
        queued = asyncio.ensure_future(two.ask("queued", timeout=None))
        await fails(one, ValueError("no"))
        gate.opened.set()
        assert await in_hand == "finished"
        with pytest.raises(ActorStoppedError):
            await queued
        assert [letter.message for letter in system.dead_letters] == ["queued"]


@pytest.mark.parametrize("directive", [Directive.resume, Directive.escalate])
async def test_resume_and_escalate_concern_the_failed_child_only(directive: Directive) -> None:
    ledger, told = Ledger(), list[Exception]()

    def decide(error: Exception) -> Directive:
        told.append(error)
        return Directive.resume

    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(OneForOneStrategy(decider=decide),))
        parent = await child_of(
            top, Parent, "parent", AllForOneStrategy(decider=lambda _: directive)
        )
        one, two = await members(parent, ledger, "ab")
        assert await one.ask("count") == await two.ask("count") == 1
        error = ValueError("no")
        await fails(one, error)
        await turns()
        assert await two.ask("count") == 2
        assert one.is_alive is (directive is Directive.resume)
        assert told == ([] if directive is Directive.resume else [error])
    assert ledger.restarts == {}


# ---------------------------------------------------------------------- limits


async def test_a_restart_as_a_sibling_counts_as_ones_own() -> None:
    ledger = Ledger()
    async with ActorSystem() as system:
        refs = await members(await family(system, AllForOneStrategy(max_restarts=2)), ledger)
        await fails(refs[0], ValueError("first"))
        await turns()
        await fails(refs[1], ValueError("second"))
        await turns()
        await fails(refs[2], ValueError("third, and its own first"))
        for ref in refs:
            await ref.join()
    assert ledger.stopped == dict.fromkeys("abc", 1)
    assert {name: len(errors) for name, errors in ledger.restarts.items()} == dict.fromkeys(
        "abc", 2
    )


async def test_one_too_many_for_a_sibling_stops_all() -> None:
    ledger = Ledger()
    async with ActorSystem() as system:
        parent = await family(system, AllForOneStrategy(max_restarts=1))
        [one] = await members(parent, ledger, "a")
        await fails(one, ValueError("alone"))
        [newcomer] = await members(parent, ledger, "b")  # with no restarts so far
        await fails(newcomer, ValueError("one too many for the other"))
        await one.join()
        await newcomer.join()
    assert ledger.restarts.keys() == {"a"}


@on_virtual_time
async def test_the_window_of_each_sibling_slides() -> None:
    ledger = Ledger()
    strategy = AllForOneStrategy(max_restarts=2, within_seconds=60.0)
    async with ActorSystem() as system:
        refs = await members(await family(system, strategy), ledger)
        for number in range(9):
            await fails(refs[number % 3], ValueError("now and then"))
            assert [await ref.ask("count") for ref in refs] == [1, 1, 1]
            await asyncio.sleep(30.0)
        await asyncio.sleep(29.0)
        await fails(refs[0], ValueError("59 seconds after the last"))
        await turns()
        await fails(refs[1], ValueError("one too many"))
        for ref in refs:
            await ref.join()


async def test_a_limit_of_none_stops_all_at_the_first_failure() -> None:
    ledger = Ledger()
    async with ActorSystem() as system:
        refs = await members(await family(system, AllForOneStrategy(max_restarts=0)), ledger)
        await fails(refs[1], ValueError("no"))
        for ref in refs:
            await ref.join()
    assert ledger.restarts == {}


# ---------------------------------------------------------------------- at the top


async def test_actors_at_the_top_are_siblings_of_each_other() -> None:
    ledger = Ledger()
    async with ActorSystem(supervisor_strategy=AllForOneStrategy()) as system:
        refs = [await system.spawn(Member, name, args=(ledger, name)) for name in "ab"]
        await fails(refs[0], ValueError("no"))
        await turns()
    assert sorted(ledger.restarts) == ["a", "b"]


def test_a_strategy_of_ones_own_may_concern_siblings() -> None:
    class Together(SupervisorStrategy):
        @override
        def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
            return Directive.restart

        @property
        @override
        def concerns_siblings(self) -> bool:
            return True

    async def main() -> None:
        ledger = Ledger()
        async with ActorSystem(supervisor_strategy=Together()) as system:
            refs = [await system.spawn(Member, name, args=(ledger, name)) for name in "ab"]
            for _ in range(10):
                await fails(refs[0], ValueError("no"))
                await turns()
        assert {name: len(errors) for name, errors in ledger.restarts.items()} == {"a": 10, "b": 10}

    asyncio.run(main())
