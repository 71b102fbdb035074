"""What a parent decides about a child that failed, and what is done about it."""

import asyncio
import logging
from typing import Any, cast, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    SupervisorStrategy,
)
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


class Counter(Actor[Any, int]):
    """Counts its messages; raises an exception."""

    def __init__(self) -> None:
        self.count = 0

    @override
    async def on_receive(self, message: Any) -> int:
        if isinstance(message, BaseException):
            raise message
        self.count += 1
        return self.count


async def fail(ref: Ref, error: BaseException | None = None) -> None:
    """Let an actor fail, and see that the asker gets the error."""
    error = error or ValueError("no")
    with pytest.raises(type(error)) as raised:
        await ref.ask(error, timeout=None)
    assert raised.value is error


async def supervised(
    system: ActorSystem, strategy: OneForOneStrategy, cls: type[Any], *args: Any, **hooks: Any
) -> Ref:
    parent = await system.spawn(Parent, "parent", args=(strategy,))
    return await child_of(parent, cls, "child", *args, **hooks)


# ---------------------------------------------------------------------- the four directives


async def test_resume_keeps_the_state() -> None:
    async with ActorSystem() as system:
        ref = await supervised(system, always(Directive.resume), Counter)
        assert await ref.ask("one") == 1
        await fail(ref)
        assert await ref.ask("two") == 2


async def test_resume_has_no_limit() -> None:
    async with ActorSystem() as system:
        ref = await supervised(system, always(Directive.resume, max_restarts=0), Counter)
        for _ in range(10):
            await fail(ref)
        assert await ref.ask("one") == 1


async def test_restart_begins_with_a_new_instance_and_the_same_ref() -> None:
    async with ActorSystem() as system:
        ref = await supervised(system, always(Directive.restart), Counter)
        assert await ref.ask("one") == 1
        await fail(ref)
        assert await ref.ask("one again") == 1
        assert system.get_actor("/actor-system/parent/child") is ref


async def test_restart_calls_on_restart_and_then_on_started_of_the_new_instance() -> None:
    notes, instances = list[str](), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(
            Hooked,
            "hooked",
            args=(notes,),
            kwargs=dict.fromkeys(("on_started", "on_restart", "on_stopped"), instances.append),
        )
        await fail(ref)
        await ref.stop()
    assert notes == [
        "started",
        "ValueError('no')",
        "restarted after ValueError('no')",
        "started",
        "stopped",
    ]
    old, *new = instances
    assert new == [new[0]] * 3
    assert new[0] is not old


async def test_restart_keeps_the_mailbox_and_does_not_retry_the_message() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,))
        for message in ("a", ValueError("no"), "b", "c"):
            await ref.tell(message)
        await ref.stop(drain=True)
        assert not system.dead_letters
    assert notes.count("ValueError('no')") == 1
    assert notes[-3:] == ["received b", "received c", "stopped"]


async def test_restart_stops_the_children_first() -> None:
    notes: list[str] = []

    async def on_started(actor: Actor[Any, Any]) -> None:
        await actor.context.spawn(Hooked, "same name", args=(notes,))

    async with ActorSystem() as system:
        hooks = {"on_started": on_started}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        child = system.get_actor("/actor-system/hooked/same name")
        await fail(ref)
        await ref.ask("restarted by now")
        assert not child.is_alive
        assert system.get_actor("/actor-system/hooked/same name").is_alive
    assert notes[:6] == [
        "started",
        "started",
        "ValueError('no')",
        "stopped",
        "restarted after ValueError('no')",
        "started",
    ]


async def test_stop_ends_the_child_and_leaves_the_parent() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await supervised(system, always(Directive.stop), Hooked, notes)
        await fail(ref)
        await ref.join()
        assert system.get_actor("/actor-system/parent").is_alive
        assert notes == ["started", "ValueError('no')", "stopped"]


async def test_escalate_fails_the_parent_with_the_same_error() -> None:
    errors: list[Exception] = []

    def decide(error: Exception) -> Directive:
        errors.append(error)
        return Directive.resume

    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(OneForOneStrategy(decider=decide),))
        middle = await child_of(top, Parent, "middle", always(Directive.escalate))
        ref = await child_of(middle, Echo, "leaf")
        error = ValueError("no")
        await fail(ref, error)
        await ref.join()
        assert await middle.ask(lambda _: "resumed") == "resumed"
        assert len(errors) == 1
        assert errors[0] is error


async def test_an_escalated_error_restarts_the_parent_once() -> None:
    notes: list[str] = []

    class Escalating(Hooked):
        @override
        def supervisor_strategy(self) -> OneForOneStrategy:
            return always(Directive.escalate)

    async def on_started(actor: Actor[Any, Any]) -> None:
        await actor.context.spawn(Echo, "child")

    async def on_receive(actor: Actor[Any, Any]) -> None:
        [child] = actor.context.children
        await child.ask(ValueError("no"))

    async with ActorSystem() as system:
        hooks = {"on_started": on_started, "on_receive": on_receive}
        ref = await system.spawn(Escalating, "parent", args=(notes,), kwargs=hooks)
        with pytest.raises(ValueError, match="no"):
            await ref.ask("ask the child")
        await ref.stop(drain=True)
    assert notes.count("restarted after ValueError('no')") == 1


async def test_a_parent_that_stops_all_the_same_does_not_handle_what_is_escalated() -> None:
    gate = Gate()

    async def slow_failure(_: Does) -> None:
        await gate.wait()
        raise ValueError("no")

    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(always(Directive.escalate),))
        child = await child_of(parent, Does, "child")
        await child.tell(slow_failure)
        await gate.reached.wait()
        ending = parent.stop()
        gate.opened.set()
        await ending
        assert not child.is_alive


async def test_an_error_escalated_while_the_parent_starts_is_handled_after_it() -> None:
    notes: list[str] = []

    class Escalating(Hooked):
        @override
        def supervisor_strategy(self) -> OneForOneStrategy:
            return always(Directive.escalate)

    async def on_started(actor: Actor[Any, Any]) -> None:
        if notes == ["started"]:
            child = await actor.context.spawn(Echo, "child")
            await child.tell(ValueError("too early"))
            await child.join()

    async with ActorSystem() as system:
        hooks = {"on_started": on_started}
        ref = await system.spawn(Escalating, "parent", args=(notes,), kwargs=hooks)
        await ref.ask("a message")
    assert notes == [
        "started",
        "restarted after ValueError('too early')",
        "started",
        "received a message",
        "stopped",
    ]


async def test_escalation_up_to_the_root_is_logged_as_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with ActorSystem() as system:
        system.root.behaviour = Parent(always(Directive.escalate))
        top = await system.spawn(Parent, "top", args=(always(Directive.escalate),))
        ref = await child_of(top, Echo, "leaf")
        await fail(ref, ValueError("too bad"))
        await top.join()
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == ["/actor-system/top is stopped: nobody above it handles ValueError('too bad')"]


@pytest.mark.parametrize(
    ("child", "top", "told_by"),
    [
        (Directive.restart, Directive.restart, "/app/top/child failed: ValueError('no')"),
        (Directive.resume, Directive.restart, "/app/top/child failed: ValueError('no')"),
        (Directive.stop, Directive.restart, "/app/top/child failed: ValueError('no')"),
        (Directive.escalate, Directive.restart, "/app/top failed: ValueError('no')"),
        (Directive.escalate, Directive.stop, "/app/top is stopped after ValueError('no')"),
        (
            Directive.escalate,
            Directive.escalate,
            "/app/top is stopped: nobody above it handles ValueError('no')",
        ),
    ],
)
async def test_where_a_failure_happened_is_said_once_with_what_is_done_in_the_end(
    child: Directive, top: Directive, told_by: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with ActorSystem("app", supervisor_strategy=always(top)) as system:
        parent = await system.spawn(Parent, "top", args=(always(child),))
        failing = await child_of(parent, Counter, "child")
        await failing.tell(ValueError("no"))
        await turns()
    assert caplog.messages[0] == "/app/top/child failed: ValueError('no')"
    assert [each.getMessage() for each in caplog.records if each.exc_info] == [told_by]


@pytest.mark.parametrize("directive", [Directive.restart, Directive.escalate])
async def test_who_asked_has_the_traceback_and_the_log_does_not_repeat_it(
    directive: Directive, caplog: pytest.LogCaptureFixture
) -> None:
    async with ActorSystem("app") as system:
        parent = await system.spawn(Parent, "top", args=(always(directive),))
        await fail(await child_of(parent, Counter, "child"))
        await turns()
    assert "/app/top/child failed: ValueError('no')" in caplog.messages
    assert not any(each.exc_info for each in caplog.records)


def failed_message(actor: Actor[Any, Any]) -> None:
    assert isinstance(actor, Hooked)
    actor.notes.append(f"failed on {actor.context.failed_message!r}")


async def test_while_it_restarts_an_actor_knows_the_message_that_failed() -> None:
    notes: list[str] = []
    hooks = dict.fromkeys(("on_started", "on_restart", "on_receive", "on_stopped"), failed_message)
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        await ref.tell("fine")
        await fail(ref, ValueError("no"))
        await ref.tell("fine again")
        await ref.stop(drain=True)
    nothing, failing = "failed on None", "failed on ValueError('no')"
    assert notes == [
        *("started", nothing, "received fine", nothing, "ValueError('no')"),
        *("restarted after ValueError('no')", failing, "started", failing),
        *("received fine again", nothing, "stopped", nothing),
    ]


async def test_a_message_that_failed_may_be_sent_once_more() -> None:
    class Second(Actor[str, str]):
        tries = 0

        @override
        async def on_receive(self, message: str) -> str:
            Second.tries += 1
            if Second.tries == 1:
                raise ConnectionError(message)
            return message

        @override
        async def on_restart(self, error: Exception) -> None:
            failed = self.context.failed_message
            assert failed is not None
            self.context.self_ref.tell_nowait(failed)

    async with ActorSystem() as system:
        ref = await system.spawn(Second, "second")
        await ref.tell("once more")
        await turns()
    assert Second.tries == 2


async def test_a_restart_for_the_sake_of_another_has_no_message_that_failed() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        strategy = AllForOneStrategy()
        parent = await system.spawn(Parent, "parent", args=(strategy,))
        sibling = await child_of(parent, Hooked, "sibling", notes, on_restart=failed_message)
        await fail(await child_of(parent, Counter, "failing"))
        await turns()
        assert sibling.is_alive
    assert "failed on None" in notes


async def test_an_actor_that_fails_to_restart_says_where(caplog: pytest.LogCaptureFixture) -> None:
    async def refuse(actor: Actor[Any, Any]) -> None:
        raise OSError("not again")

    async with ActorSystem("app") as system:
        ref = await system.spawn(Hooked, "hooked", args=([],), kwargs={"on_restart": refuse})
        await fail(ref)
        await ref.join()
    failures = [each for each in caplog.records if "failed to restart" in each.getMessage()]
    assert failures[0].getMessage() == "/app/hooked failed to restart: OSError('not again')"
    assert failures[0].exc_info
    assert caplog.messages[-1] == "/app/hooked is stopped after OSError('not again')"


async def test_two_children_that_escalate_are_both_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(always(Directive.escalate),))
        for name in "ab":
            child = await child_of(top, Echo, name)
            await child.tell(ValueError(name))
        await turns()
        assert await top.ask(lambda actor: actor.context.children) == ()
    for name in "ab":
        assert f"/top/{name} escalates ValueError('{name}') to /actor-system/top" in caplog.text


# ---------------------------------------------------------------------- limits


@pytest.mark.parametrize("max_restarts", [0, 1, 3])
async def test_one_restart_more_than_max_restarts_stops(max_restarts: int) -> None:
    async with ActorSystem() as system:
        ref = await supervised(system, always(Directive.restart, max_restarts), Echo)
        for _ in range(max_restarts):
            await fail(ref)
            assert await ref.ask("alive") == "alive"
        await fail(ref)
        await ref.join()


@on_virtual_time
async def test_restarts_count_within_the_window() -> None:
    strategy = OneForOneStrategy(max_restarts=2, within_seconds=60.0)
    async with ActorSystem() as system:
        ref = await supervised(system, strategy, Echo)
        for instant in (0.0, 30.0, 60.0, 90.0, 120.0):  # the one a window ago no longer counts
            await asyncio.sleep(instant - now())
            await fail(ref)
            assert await ref.ask("alive") == "alive"
        await asyncio.sleep(149.0 - now())
        await fail(ref)  # the third after 90
        with pytest.raises(ActorStoppedError):
            await ref.ask("dead")


def test_a_failure_costs_the_same_after_many_restarts() -> None:
    strategy = OneForOneStrategy(max_restarts=10**6, within_seconds=60.0)
    looked_at = 0

    class Instant(float):
        def __rsub__(self, now: float) -> float:
            nonlocal looked_at
            looked_at += 1
            return now - float(self)

    restarts: list[float] = [Instant(each) for each in range(1_000)]
    assert strategy.decide(ValueError(), restarts, 59.0) is Directive.restart
    assert looked_at == 1


@on_virtual_time
async def test_a_restart_just_inside_the_window_counts() -> None:
    strategy = OneForOneStrategy(max_restarts=1, within_seconds=60.0)
    async with ActorSystem() as system:
        ref = await supervised(system, strategy, Echo)
        await fail(ref)
        await asyncio.sleep(59.999)
        await fail(ref)
        with pytest.raises(ActorStoppedError):
            await ref.ask("dead")


async def test_by_default_the_fourth_failure_stops() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        for _ in range(3):
            await fail(ref)
            assert await ref.ask("alive") == "alive"
        await fail(ref)
        with pytest.raises(ActorStoppedError):
            await ref.ask("dead")


async def test_each_child_has_a_limit_of_its_own() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(always(Directive.restart, 1),))
        one, two = [await child_of(parent, Echo, name) for name in ("one", "two")]
        await fail(one)
        await fail(two)
        assert await one.ask("alive") == await two.ask("alive") == "alive"


async def test_a_new_actor_of_a_name_begins_with_no_restarts() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Parent, "parent", args=(always(Directive.restart, 1),))
        for _ in range(3):
            child = await child_of(parent, Echo, "child")
            await fail(child)
            assert await child.ask("alive") == "alive"
            await child.stop()


@pytest.mark.parametrize("hook", ["on_restart", "on_started"])
async def test_a_restart_that_fails_counts_as_a_failure(hook: str) -> None:
    notes: list[str] = []

    def break_down(_: Actor[Any, Any]) -> None:
        if notes != ["started"]:
            raise KeyError(hook)

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs={hook: break_down})
        await fail(ref)
        await ref.join()
    assert len([note for note in notes if note.startswith("restarted")]) == 3
    assert f"restarted after KeyError('{hook}')" in notes
    assert notes.count("stopped") == 1


async def test_a_constructor_that_fails_at_a_restart_counts_as_a_failure() -> None:
    made: list[int] = []

    class Once(Echo):
        def __init__(self) -> None:
            made.append(1)
            if 1 < len(made) < 3:
                raise ValueError("not now")

    async with ActorSystem() as system:
        ref = await system.spawn(Once, "once")
        await fail(ref)
        assert await ref.ask("alive") == "alive"
    assert len(made) == 3


async def test_the_children_of_an_instance_that_failed_to_restart_are_stopped() -> None:
    notes: list[str] = []

    async def on_started(actor: Actor[Any, Any]) -> None:
        await actor.context.spawn(Echo, "child")
        if notes.count("started") == 2:
            raise ValueError("not now")

    async with ActorSystem() as system:
        hooks = {"on_started": on_started}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        await fail(ref)
        await ref.ask("alive")
    assert notes.count("started") == 3


# ---------------------------------------------------------------------- deciders


async def test_the_decider_is_given_the_error_of_the_handler() -> None:
    errors: list[Exception] = []

    def decide(error: Exception) -> Directive:
        errors.append(error)
        return Directive.resume

    async with ActorSystem() as system:
        ref = await supervised(system, OneForOneStrategy(decider=decide), Echo)
        error = ValueError("no")
        await fail(ref, error)
        assert errors[0] is error


def _raises(error: Exception) -> Directive:
    raise KeyError("undecided")


def _rubbish(error: Exception) -> Directive:
    return cast(Directive, "restart")


@pytest.mark.parametrize("decider", [_raises, _rubbish])
async def test_a_decider_that_cannot_decide_stops_the_child(
    decider: Any, caplog: pytest.LogCaptureFixture
) -> None:
    async with ActorSystem() as system:
        ref = await supervised(system, OneForOneStrategy(decider=decider), Echo)
        await fail(ref)
        await ref.join()
    assert "could not decide about ValueError('no')" in caplog.text


@pytest.mark.parametrize("answer", [None, "resume", 1])
async def test_a_strategy_of_ones_own_that_decides_on_rubbish_stops_the_child(answer: Any) -> None:
    class Careless(SupervisorStrategy):
        def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
            return cast(Directive, answer)

    async with ActorSystem() as system:
        ref = await supervised(system, cast(OneForOneStrategy, Careless()), Echo)
        await fail(ref)
        await ref.join()


async def test_a_parent_without_a_strategy_worth_the_name_stops_the_child() -> None:
    class Absent(Does):
        @override
        def supervisor_strategy(self) -> OneForOneStrategy:
            raise RuntimeError("not here")

    async with ActorSystem() as system:
        parent = await system.spawn(Absent, "parent")
        ref = await child_of(parent, Echo, "child")
        await fail(ref)
        await ref.join()
        assert parent.is_alive


async def test_a_memory_error_is_never_resumed() -> None:
    class Resumes(SupervisorStrategy):
        def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
            return Directive.resume

    for strategy in (always(Directive.resume), cast(OneForOneStrategy, Resumes())):
        async with ActorSystem() as system:
            ref = await supervised(system, strategy, Echo)
            await fail(ref, MemoryError())
            await ref.join()


async def test_a_base_exception_is_not_for_the_supervisor() -> None:
    class Rude(BaseException):
        pass

    asked: list[Exception] = []

    def decide(error: Exception) -> Directive:
        asked.append(error)
        return Directive.resume

    async with ActorSystem() as system:
        ref = await supervised(system, OneForOneStrategy(decider=decide), Echo)
        await fail(ref, Rude())
        await ref.join()
    assert asked == []


async def test_a_failed_tell_is_for_the_supervisor_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Counter, "counter")
        await ref.ask("one")
        await ref.tell(ValueError("no"))
        assert await ref.ask("one again") == 1
    assert "/actor-system/counter failed: ValueError('no')" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"max_restarts": -1}, "max_restarts must be at least 0, got -1"),
        ({"within_seconds": 0.0}, "within_seconds must be a finite number of seconds > 0, got 0.0"),
        (
            {"within_seconds": float("nan")},
            "within_seconds must be a finite number of seconds > 0, got nan",
        ),
    ],
)
def test_the_limits_of_a_strategy_are_checked(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        OneForOneStrategy(**arguments)


async def test_a_stop_during_a_restart_ends_the_actor_after_it() -> None:
    gate, notes = Gate(), list[str]()
    async with ActorSystem() as system:
        hooks = {"on_restart": lambda _: gate.wait()}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        await fail(ref)
        await gate.reached.wait()
        ending = ref.stop()
        gate.opened.set()
        await ending
    assert notes[-1] == "stopped"
    assert notes.count("stopped") == 1


async def test_a_ref_that_was_given_away_survives_a_restart() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Counter, "counter")
        friend = await system.spawn(Does, "friend")
        await fail(ref)
        assert await friend.ask(lambda _: ref.ask("one")) == 1
        assert place_of(ref).name == "counter"
