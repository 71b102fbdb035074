"""Escalation: the parent fails with the same error, to its own supervisor, up to the top."""

import asyncio
import logging
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorNotFoundError,
    ActorStoppedError,
    ActorSystem,
    AfterIdle,
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    SupervisorStrategy,
    Terminated,
)
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.runtime.supervision import RestartBackoff
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
    turns,
)

ESCALATE = always(Directive.escalate)


class Middle(Does):
    """Escalates what its children fail with; notes its restarts and its end, and by what."""

    def __init__(self, notes: list[Any], child: type[Actor[Any, Any]] | None = None) -> None:
        self.notes = notes
        self.child = child

    @override
    def supervisor_strategy(self) -> SupervisorStrategy:
        return ESCALATE

    @override
    async def on_started(self) -> None:
        if self.child is not None:
            await self.context.spawn(self.child, "child")

    @override
    async def on_restart(self, error: Exception) -> None:
        self.notes.append(error)

    @override
    async def on_stopped(self) -> None:
        self.notes.append("stopped")


async def fail(ref: Ref, error: BaseException) -> None:
    instant = now()
    with pytest.raises(type(error)) as raised:
        await ref.ask(error, timeout=None)
    assert raised.value is error
    assert now() == instant


def errors_in(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def named(system: ActorSystem, path: str) -> Ref:
    return system.get_actor(f"/actor-system/{path}")


@on_virtual_time
async def test_the_parent_restarts_with_the_same_error_object_and_a_new_child() -> None:
    notes, error = list[Any](), ValueError("no")
    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(always(Directive.restart),))
        middle = await child_of(top, Middle, "middle", notes, Echo)
        old = named(system, "top/middle/child")
        await fail(old, error)
        await middle.ask(lambda _: "restarted by now")
        assert notes == [error]
        assert notes[0] is error
        assert not old.is_alive
        assert named(system, "top/middle/child") != old
    assert notes == [error, "stopped"]


@on_virtual_time
async def test_an_error_climbs_as_many_levels_as_escalate_it() -> None:
    notes, error = [list[Any]() for _ in range(5)], ValueError("no")
    async with ActorSystem() as system:
        parent: Ref = await system.spawn(Parent, "top", args=(always(Directive.restart),))
        levels: list[Ref] = []
        for level, own in enumerate(notes):
            parent = await child_of(parent, Middle, f"level {level}", own)
            levels.append(parent)
        leaf = await child_of(parent, Echo, "leaf")
        await fail(leaf, error)
        for ref in [leaf, *reversed(levels[1:])]:
            await ref.join()
        await turns()
        assert levels[0].is_alive
        assert notes == [[error], *[["stopped"]] * 4]
        assert notes[0][0] is error


@on_virtual_time
async def test_what_is_queued_at_those_that_end_fails_at_once() -> None:
    gate = Gate()

    async def fail_later(_: Any) -> None:
        await gate.wait()
        raise ValueError("no")

    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top", args=(always(Directive.stop),))
        middle = await child_of(top, Middle, "middle", [])
        leaf, sibling = [await child_of(middle, Does, name) for name in ("leaf", "sibling")]
        await leaf.tell(fail_later)
        await gate.reached.wait()
        busy = Gate()
        for ref in (middle, sibling):
            await ref.tell(lambda _: busy.wait())
        await turns()
        queued = [
            asyncio.ensure_future(ref.ask(lambda _: "never", timeout=None))
            for ref in (leaf, middle, sibling)
        ]
        await turns()
        gate.opened.set()
        busy.opened.set()
        outcomes = await asyncio.gather(*queued, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [ActorStoppedError] * 3
        assert len(system.dead_letters) == 3


# ---------------------------------------------------------------------- at the top


@on_virtual_time
async def test_at_the_top_the_actor_stops_with_an_error_in_the_log_and_a_publication(
    caplog: pytest.LogCaptureFixture,
) -> None:
    published, error = list[Terminated](), ValueError("no")
    async with ActorSystem(supervisor_strategy=ESCALATE) as system:
        system.on_failure(published.append)
        top = await system.spawn(Middle, "top", args=([],))
        leaf = await child_of(top, Echo, "leaf")
        await fail(leaf, error)
        await top.join()
        assert published == [Terminated(top, error)]
        assert published[0].reason is error
        with pytest.raises(ActorNotFoundError):
            named(system, "top")
        assert (await system.spawn(Echo, "top")).is_alive  # the name is free
    assert errors_in(caplog) == [
        "/actor-system/top is stopped: nobody above it handles ValueError('no')"
    ]


@on_virtual_time
async def test_at_the_top_it_never_resumes_silently() -> None:
    published = list[Terminated]()
    async with ActorSystem() as system:  # whose strategy restarts three times
        system.on_failure(published.append)
        top = await system.spawn(Middle, "top", args=(notes := list[Any](), Echo))
        errors = [ValueError(number) for number in range(4)]
        for error in errors:
            await fail(named(system, "top/child"), error)
            await turns()
        assert not top.is_alive
        assert published == [Terminated(top, errors[-1])]
    assert notes == [*errors[:3], "stopped"]


@on_virtual_time
async def test_by_default_the_fourth_failure_at_the_top_is_published(
    caplog: pytest.LogCaptureFixture,
) -> None:
    published, error = list[Terminated](), ValueError("no")
    async with ActorSystem() as system:
        system.on_failure(published.append)
        ref = await system.spawn(Echo, "echo")
        for _ in range(3):
            await fail(ref, error)
            assert await ref.ask("alive") == "alive"
        assert errors_in(caplog) == []
        await fail(ref, error)
        with pytest.raises(ActorNotFoundError):
            named(system, "echo")
        with pytest.raises(ActorStoppedError):
            await ref.ask("dead", timeout=None)
        await ref.join()
        assert published == [Terminated(ref, error)]
        assert (await system.spawn(Echo, "echo")).is_alive
    assert len(errors_in(caplog)) == 1


@on_virtual_time
async def test_the_system_may_have_a_strategy_of_its_own() -> None:
    def decide(error: Exception) -> Directive:
        return Directive.resume if isinstance(error, KeyError) else Directive.stop

    published = list[Terminated]()
    async with ActorSystem(supervisor_strategy=OneForOneStrategy(decider=decide)) as system:
        system.on_failure(published.append)
        ref = await system.spawn(Hooked, "hooked", args=(notes := list[str](),))
        for _ in range(10):
            await fail(ref, KeyError("no matter"))
        assert published == []
        await fail(ref, error := ValueError("no"))
        await ref.join()
        assert published == [Terminated(ref, error)]
    assert notes.count("started") == notes.count("stopped") == 1


@on_virtual_time
async def test_a_listener_that_fails_is_logged_and_holds_up_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    published = list[Terminated]()

    def broken(_: Terminated) -> None:
        raise KeyError("broken")

    async with ActorSystem(supervisor_strategy=always(Directive.stop)) as system:
        system.on_failure(broken)
        system.on_failure(published.append)
        ref = await system.spawn(Echo, "echo")
        await fail(ref, ValueError("no"))
        await ref.join()
    assert len(published) == 1
    assert "a listener failed" in caplog.text


@on_virtual_time
async def test_what_stops_further_down_is_not_published() -> None:
    published = list[Terminated]()
    async with ActorSystem() as system:
        system.on_failure(published.append)
        top = await system.spawn(Parent, "top", args=(always(Directive.stop),))
        await fail(await child_of(top, Echo, "child"), ValueError("no"))
        await turns()
    assert published == []


# ---------------------------------------------------------------------- the parent in every state


async def grandparent(system: ActorSystem, strategy: SupervisorStrategy) -> Ref:
    return await system.spawn(Parent, "top", args=(strategy,))


@on_virtual_time
async def test_a_busy_parent_finishes_its_message_first() -> None:
    gate, notes, error = Gate(), list[Any](), ValueError("no")

    async def slowly(actor: Any) -> Any:
        await gate.wait()
        return actor

    async with ActorSystem() as system:
        middle = await child_of(
            await grandparent(system, always(Directive.restart)), Middle, "middle", notes, Echo
        )
        reply = asyncio.ensure_future(middle.ask(slowly))
        await gate.reached.wait()
        queued = asyncio.ensure_future(middle.ask(lambda actor: actor))
        await fail(named(system, "top/middle/child"), error)
        await turns()
        assert notes == []
        gate.opened.set()
        old, new = await reply, await queued
        assert old is not new
        assert notes == [error]


@on_virtual_time
async def test_a_parent_that_drains_fails_with_it_and_goes_on_draining() -> None:
    gate, notes, error = Gate(), list[Any](), ValueError("no")
    async with ActorSystem() as system:
        middle = await child_of(
            await grandparent(system, always(Directive.restart)), Middle, "middle", notes, Echo
        )
        await middle.tell(lambda _: gate.wait())
        await gate.reached.wait()
        queued = asyncio.ensure_future(middle.ask(lambda _: "drained"))
        await turns()
        child = named(system, "top/middle/child")
        ending = middle.stop(drain=True)
        await fail(child, error)
        gate.opened.set()
        assert await queued == "drained"
        await ending
    assert notes == [error, "stopped"]


@pytest.mark.parametrize("steps", range(5))
@on_virtual_time
async def test_a_parent_about_to_retire_fails_with_it_or_has_stopped_the_child_by_then(
    steps: int,
) -> None:
    notes, error = list[Any](), ValueError("no")

    class Sleepy(Middle):
        @override
        def stop_policy(self) -> StopPolicy:
            return AfterIdle(10.0)

    async def fail_about_then(_: Any) -> None:
        await asyncio.sleep(10.0)
        await turns(steps)
        raise error

    async with ActorSystem() as system:
        top = await grandparent(system, always(Directive.restart))
        middle = await child_of(top, Sleepy, "middle", notes, Does)
        await named(system, "top/middle/child").tell(fail_about_then)
        await middle.join()
        assert (notes, now()) in [([error, "stopped"], 20.0), (["stopped"], 10.0)]


@on_virtual_time
async def test_a_parent_that_waits_to_restart_has_no_children_that_could_escalate() -> None:
    notes, error = list[Any](), ValueError("no")
    strategy = OneForOneStrategy(backoff=RestartBackoff(5.0, 5.0))
    async with ActorSystem() as system:
        top = await grandparent(system, strategy)
        middle = await child_of(top, Middle, "middle", notes, Echo)
        child = named(system, "top/middle/child")
        await fail(child, error)
        await child.join()
        await turns()
        with pytest.raises(ActorStoppedError):
            await child.ask("dead")
        assert await middle.ask(lambda _: "back", timeout=None) == "back"
        assert now() == 5.0
    assert notes == [error, "stopped"]


@on_virtual_time
async def test_an_all_for_one_above_restarts_the_siblings_of_the_parent() -> None:
    left, right, error = list[Any](), list[Any](), ValueError("no")
    async with ActorSystem() as system:
        top = await grandparent(system, AllForOneStrategy())
        await child_of(top, Middle, "left", left, Echo)
        await child_of(top, Middle, "right", right, Echo)
        await fail(named(system, "top/left/child"), error)
        await turns()
        assert left == right == [error]
        await fail(named(system, "top/right/child"), error)
        await turns()
        assert left == right == [error, error]


@on_virtual_time
async def test_two_children_that_escalate_at_once_fail_the_parent_once() -> None:
    gate, notes = Gate(), list[Any]()

    async def fail_later(_: Any) -> None:
        await gate.wait()
        raise ValueError("no")

    async with ActorSystem() as system:
        top = await grandparent(system, always(Directive.restart, 1))
        middle = await child_of(top, Middle, "middle", notes)
        for name in "ab":
            await (await child_of(middle, Does, name)).tell(fail_later)
        await turns()
        gate.opened.set()
        await turns()
        assert await middle.ask(lambda _: "alive") == "alive"
    assert len(notes) == 2  # one restart, and the end


@on_virtual_time
async def test_a_parent_that_is_resumed_keeps_its_other_children() -> None:
    notes: list[Any] = []
    async with ActorSystem() as system:
        middle = await child_of(
            await grandparent(system, always(Directive.resume)), Middle, "middle", notes, Echo
        )
        other = await child_of(middle, Echo, "other")
        await fail(named(system, "top/middle/child"), ValueError("no"))
        await turns()
        assert notes == []
        assert await other.ask("alive") == "alive"
        with pytest.raises(ActorNotFoundError):
            named(system, "top/middle/child")


@on_virtual_time
async def test_a_failure_in_on_started_of_a_restart_may_be_escalated() -> None:
    """The supervisor judges a failure to come back as any other."""
    error, worse = ValueError("no"), KeyError("worse")
    made: list[int] = []

    class Broken(Echo):
        @override
        async def on_started(self) -> None:
            made.append(1)
            if len(made) > 1:
                raise worse

    class Choosy(Middle):
        @override
        def supervisor_strategy(self) -> SupervisorStrategy:
            return OneForOneStrategy(
                decider=lambda error: Directive.escalate if error is worse else Directive.restart
            )

    notes: list[Any] = []
    async with ActorSystem() as system:
        middle = await child_of(
            await grandparent(system, always(Directive.restart)), Choosy, "middle", notes
        )
        child = await child_of(middle, Broken, "child")
        await fail(child, error)
        await child.join()
        await turns()
        assert notes == [worse]
