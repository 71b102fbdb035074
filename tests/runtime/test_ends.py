"""Every way to end: `on_stopped` runs once, whoever asked knows at once, nothing is resumed."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast, override

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
    SupervisorStrategy,
)
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.runtime.supervision import RestartBackoff
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Hooked, Parent, Ref, always, child_of, now, turns

ERROR = ValueError("no")


class Mortal(Hooked):
    """Notes what happens to it, and has a policy; does a function, raises an exception."""

    def __init__(self, notes: list[str], policy: StopPolicy, **hooks: Any) -> None:
        super().__init__(notes, **hooks)
        self.policy = policy

    @override
    def stop_policy(self) -> StopPolicy:
        return self.policy

    @override
    async def on_receive(self, message: Any) -> Any:
        if callable(message):
            result = message(self)
            return await result if asyncio.iscoroutine(result) else result
        return await super().on_receive(message)


class Rude(BaseException):
    """Not an `Exception`."""


async def fail(ref: Ref, error: BaseException = ERROR) -> None:
    instant = now()
    with pytest.raises(type(error)) as raised:
        await ref.ask(error, timeout=None)
    assert raised.value is error
    assert now() == instant


# ---------------------------------------------------------------------- on_stopped, exactly once


@dataclass(frozen=True)
class Way:
    """How an actor comes to its end: what is done, and what has to be so for it to end of that."""

    end: Callable[[ActorSystem, Ref, Ref], Any]
    policy: StopPolicy = StopMode.NEVER
    strategy: SupervisorStrategy = OneForOneStrategy()  # noqa: RUF009  # frozen


async def _fails_again_and_again(ref: Ref) -> None:
    while ref.is_alive:
        await fail(ref)
        await turns()


async def _parent_restarts(parent: Ref) -> None:
    with pytest.raises(ZeroDivisionError):
        await parent.ask(lambda _: 1 // 0)


async def _sibling_fails(parent: Ref) -> None:
    await fail(await child_of(parent, Echo, "sibling"))


async def _cancels(ref: Ref) -> None:
    with pytest.raises(ActorStoppedError):
        await ref.ask(asyncio.CancelledError(), timeout=None)


WAYS: dict[str, Way] = {
    "stop": Way(lambda _, parent, ref: ref.stop()),
    "drain": Way(lambda _, parent, ref: ref.stop(drain=True)),
    "interrupt": Way(lambda _, parent, ref: ref.interrupt()),
    "stop itself": Way(lambda _, parent, ref: ref.ask(lambda actor: actor.stop_self())),
    "a base exception": Way(lambda _, parent, ref: fail(ref, Rude())),
    "a handler that is cancelled": Way(lambda _, parent, ref: _cancels(ref)),
    "the supervisor": Way(lambda _, parent, ref: fail(ref), strategy=always(Directive.stop)),
    "the limit": Way(lambda _, parent, ref: _fails_again_and_again(ref)),
    "escalation": Way(lambda _, parent, ref: fail(ref), strategy=always(Directive.escalate)),
    "a sibling": Way(
        lambda _, parent, ref: _sibling_fails(parent), strategy=AllForOneStrategy(max_restarts=0)
    ),
    "idleness": Way(lambda *_: asyncio.sleep(20.0), AfterIdle(10.0)),
    "its only message": Way(lambda _, parent, ref: ref.ask("the only one"), StopMode.ONE_TIME),
    "its only message, a failure": Way(lambda _, parent, ref: fail(ref), StopMode.ONE_TIME),
    "its last message": Way(lambda _, parent, ref: ref.ask("bye"), AfterMessage("bye")),
    "the parent's stop": Way(lambda _, parent, ref: parent.stop()),
    "the parent's interrupt": Way(lambda _, parent, ref: parent.interrupt()),
    "the parent's restart": Way(lambda _, parent, ref: _parent_restarts(parent)),
    "shutdown": Way(lambda system, parent, ref: system.shutdown()),
}


@pytest.mark.parametrize("restarted", [False, True], ids=["at first", "after a restart"])
@pytest.mark.parametrize("way", WAYS)
@on_virtual_time
async def test_on_stopped_runs_exactly_once(way: str, restarted: bool) -> None:
    it, notes = WAYS[way], list[str]()
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(it.strategy,))
        ref = await child_of(parent, Mortal, "child", notes, it.policy)
        if restarted and it.policy is not StopMode.ONE_TIME and it.strategy == OneForOneStrategy():
            await fail(ref)
            await turns()
            assert notes.count("started") == 2
        await it.end(system, parent, ref)
        await ref.join()
        assert notes.count("stopped") == 1
        assert notes[-1] == "stopped"
    assert notes.count("stopped") == 1


@pytest.mark.parametrize("how", ["twice", "stop and interrupt", "drain, stop and interrupt"])
@on_virtual_time
async def test_on_stopped_runs_once_however_often_the_actor_is_ended(how: str) -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,))
        await ref.tell("in hand")
        if "drain" in how:
            _ = ref.stop(drain=True)
        _ = ref.stop()
        if "interrupt" in how:
            _ = ref.interrupt()
        await ref.stop()
    assert notes.count("stopped") == 1


# ---------------------------------------------------------------------- base exceptions


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, Rude])
@on_virtual_time
async def test_a_base_exception_goes_to_the_asker_and_past_the_supervisor(
    kind: type[BaseException],
) -> None:
    notes, asked = list[str](), list[Exception]()

    def decide(error: Exception) -> Directive:
        asked.append(error)
        return Directive.resume

    strategy = OneForOneStrategy(decider=decide)
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        ref = await child_of(parent, Hooked, "child", notes)
        await fail(ref, kind())
        await ref.join()
        assert parent.is_alive
    assert asked == []
    assert notes.count("started") == notes.count("stopped") == 1


@on_virtual_time
async def test_those_queued_behind_a_base_exception_hear_at_once() -> None:
    gate, rude = Gate(), Rude()

    async def be_rude(_: Any) -> None:
        await gate.wait()
        raise rude

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "rude")
        asks = [asyncio.ensure_future(ref.ask(be_rude, timeout=None))]
        await gate.reached.wait()
        asks += [asyncio.ensure_future(ref.ask(lambda _: None, timeout=None)) for _ in range(3)]
        await turns()
        gate.opened.set()
        first, *others = await asyncio.gather(*asks, return_exceptions=True)
        assert first is rude
        assert [type(other) for other in others] == [ActorStoppedError] * 3
        assert now() == 0.0


@pytest.mark.parametrize("together", [False, True])
@on_virtual_time
async def test_a_memory_error_is_never_resumed_whatever_the_strategy_says(together: bool) -> None:
    notes: list[str] = []
    cls = AllForOneStrategy if together else OneForOneStrategy
    async with ActorSystem() as system:
        parent = await system.spawn(
            Parent, "parent", args=(cls(decider=lambda _: Directive.resume),)
        )
        ref = await child_of(parent, Hooked, "child", notes)
        await fail(ref, MemoryError())
        await ref.join()
        restarting = await child_of(parent, Echo, "other")
        await fail(restarting)
        assert await restarting.ask("alive") == "alive"
    assert notes.count("stopped") == 1


@on_virtual_time
async def test_a_memory_error_may_restart() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        await fail(ref, MemoryError())
        assert await ref.ask("alive") == "alive"


# ---------------------------------------------------------------------- strategies of one's own


class Lottery(SupervisorStrategy):
    """Whatever it is given, as an answer or an error, of whichever of its methods."""

    def __init__(self, **answers: Any) -> None:
        self.answers = {"decide": Directive.restart, "delay": 0.0, "siblings": False} | answers

    def _answer(self, which: str) -> Any:
        answer = self.answers[which]
        if isinstance(answer, Exception):
            raise answer
        return answer

    @override
    def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
        return cast(Directive, self._answer("decide"))

    @override
    def delay(self, restarts: list[float]) -> float:
        return cast(float, self._answer("delay"))

    @property
    @override
    def concerns_siblings(self) -> bool:
        return bool(self._answer("siblings"))


async def _lottery(system: ActorSystem, **answers: Any) -> tuple[Ref, Ref]:
    class Judge(Does):
        @override
        def supervisor_strategy(self) -> SupervisorStrategy:
            return Lottery(**answers)

    judge = await system.spawn(Judge, "judge")
    return judge, await child_of(judge, Echo, "child")


@pytest.mark.parametrize(
    "answers",
    [
        {"decide": KeyError("undecided")},
        {"decide": None},
        {"decide": "restart"},
        {"delay": KeyError("no clock")},
        {"delay": "soon"},
        {"delay": float("inf")},
        {"siblings": KeyError("whose?")},
    ],
    ids=str,
)
@on_virtual_time
async def test_a_strategy_that_is_broken_stops_the_child_with_a_log(
    answers: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with ActorSystem() as system:
        judge, ref = await _lottery(system, **answers)
        await fail(ref)
        await ref.join()
        assert judge.is_alive
        assert now() == 0.0
    assert "could not decide about ValueError('no')" in caplog.text
    assert any(record.levelno == logging.ERROR for record in caplog.records)


@on_virtual_time
async def test_a_strategy_of_ones_own_decides() -> None:
    async with ActorSystem() as system:
        _, ref = await _lottery(system, delay=3.0)
        for number in range(1, 20):
            await fail(ref)
            assert await ref.ask("alive") == "alive"
            assert now() == 3.0 * number


# ---------------------------------------------------------------------- failing to come back


@on_virtual_time
async def test_what_could_not_be_made_is_not_resumed_in_its_old_state() -> None:
    made, ends = list[int](), list[int]()

    class Once(Actor[Any, int]):
        def __init__(self) -> None:
            made.append(1)
            if len(made) > 1:
                raise KeyError("only once")
            self.count = 0

        @override
        async def on_receive(self, message: Any) -> int:
            if isinstance(message, Exception):
                raise message
            self.count += 1
            return self.count

        @override
        async def on_stopped(self) -> None:
            ends.append(self.count)

    def decide(error: Exception) -> Directive:
        return Directive.resume if isinstance(error, KeyError) else Directive.restart

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(OneForOneStrategy(decider=decide),))
        ref = await child_of(parent, Once, "once")
        assert await ref.ask("count") == 1
        await fail(ref)
        with pytest.raises(ActorStoppedError):
            await ref.ask("count", timeout=None)
        await ref.join()
    assert ends == [1]


@pytest.mark.parametrize("hook", ["on_restart", "on_started"])
@on_virtual_time
async def test_a_failure_to_come_back_counts_within_the_window(hook: str) -> None:
    notes, instants = list[str](), list[float]()

    def break_down(_: Any) -> None:
        if len(notes) > 1:
            instants.append(now())
            raise KeyError(hook)

    strategy = OneForOneStrategy(3, 60.0, backoff=RestartBackoff(5.0, 5.0))
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        ref = await child_of(parent, Hooked, "child", notes, **{hook: break_down})
        await fail(ref)
        await ref.join()
    assert instants == [5.0, 10.0, 15.0]
    assert notes.count("stopped") == 1


@on_virtual_time
async def test_restarts_that_fail_without_end_leave_time_for_others() -> None:
    starts: list[int] = []

    class Never(Echo):
        @override
        async def on_started(self) -> None:
            starts.append(1)
            if len(starts) > 1:
                raise KeyError("never again")

    strategy = OneForOneStrategy(max_restarts=10_000)
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        ref = await child_of(parent, Never, "never")
        await fail(ref)
        await ref.stop()
        assert len(starts) < 5_000
        assert await parent.ask(lambda _: "alive") == "alive"


# ---------------------------------------------------------------------- the window, exactly


@pytest.mark.parametrize("max_restarts", [1, 2, 5])
@on_virtual_time
async def test_one_more_than_max_restarts_inside_the_window_stops(max_restarts: int) -> None:
    strategy = OneForOneStrategy(max_restarts, 60.0)
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        step = 60.0 / max_restarts
        ref = await child_of(parent, Echo, "on the edge")
        for number in range(3 * max_restarts + 1):  # as often as may be, for three windows
            await asyncio.sleep(number * step - now())
            await fail(ref)
            assert await ref.ask("alive") == "alive"
        await fail(ref)
        with pytest.raises(ActorStoppedError):
            await ref.ask("dead", timeout=None)


# ---------------------------------------------------------------------- asks in every phase


async def _never(_: Any) -> None:
    await asyncio.Event().wait()


async def _end(system: ActorSystem, name: str) -> None:
    """Interrupt it when it is idle, which stops it, and then in its wait for the children."""
    ref = system.get_actor(f"/actor-system/{name}")
    _ = ref.interrupt()
    await turns()
    await ref.interrupt()


PHASES: dict[str, str] = {
    "in hand": "ask",
    "queued": "ask",
    "waiting for room": "ask",
    "during the delay of a restart": "fail",
    "during on_restart": "on_restart",
    "during on_started of a restart": "on_started",
    "while the children stop for a restart": "children",
}
KILLS: dict[str, Callable[[ActorSystem, Ref], Any]] = {
    "interrupt": lambda _, ref: ref.interrupt(),
    "the end of the parent": lambda system, _: _end(system, "parent"),
    "shutdown": lambda system, _: system.shutdown(timeout=0.0),
}


@pytest.mark.parametrize("kill", KILLS)
@pytest.mark.parametrize("phase", PHASES)
@on_virtual_time
async def test_every_ask_ends_at_once_with_the_actor(phase: str, kill: str) -> None:
    notes: list[str] = []

    async def hang(actor: Actor[Any, Any]) -> None:
        if len(notes) > 1:
            await _never(actor)

    async def stubborn(actor: Actor[Any, Any]) -> None:
        await actor.context.spawn(Hooked, "slow", args=([],), kwargs={"on_stopped": _never})

    backoff = RestartBackoff(100.0, 100.0) if PHASES[phase] == "fail" else None
    hooks: dict[str, dict[str, Any]] = {
        "on_restart": {"on_restart": _never},
        "on_started": {"on_started": hang},
        "children": {"on_started": stubborn},
    }
    async with ActorSystem() as system:
        strategy = OneForOneStrategy(backoff=backoff)
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        ref: Ref = await parent.ask(
            lambda actor: actor.context.spawn(
                Mortal,
                "child",
                mailbox_size=2,
                args=(notes, StopMode.NEVER),
                kwargs=hooks.get(PHASES[phase], {}),
            )
        )
        asks: list[asyncio.Future[Any]] = []
        if PHASES[phase] == "ask":
            asks.append(asyncio.ensure_future(ref.ask(_never, timeout=None)))
        else:
            await fail(ref)
        await turns()
        asks += [asyncio.ensure_future(ref.ask("queued", timeout=None)) for _ in range(5)]
        await asyncio.sleep(1.0)
        assert not any(ask.done() for ask in asks)
        ending = asyncio.ensure_future(KILLS[kill](system, ref))
        outcomes = await asyncio.gather(*asks, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [ActorStoppedError] * len(asks)
        assert now() == 1.0
        await ending
    assert notes.count("stopped") == 1


@on_virtual_time
async def test_an_ask_of_one_that_is_restarted_is_answered_by_the_next_instance() -> None:
    gate = Gate()

    async def fails_later(_: Any) -> None:
        await gate.wait()
        raise ERROR

    strategy = OneForOneStrategy(backoff=RestartBackoff(2.0, 2.0))
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        ref: Ref = await parent.ask(lambda actor: actor.context.spawn(Does, "a", mailbox_size=1))
        failing = asyncio.ensure_future(ref.ask(fails_later, timeout=None))
        await gate.reached.wait()
        waiting = [asyncio.ensure_future(ref.ask(lambda _: now(), timeout=2.5)) for _ in range(4)]
        await turns()
        gate.opened.set()
        with pytest.raises(ValueError, match="no"):
            await failing
        assert now() == 0.0
        assert await asyncio.gather(*waiting) == [2.0] * 4
