"""Middleware wraps an actor: the first of the list is outermost."""

import asyncio
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    AfterIdle,
    AskCycleError,
    Directive,
    MessageContext,
    Middleware,
    Next,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Hooked, always, now


class Notes(Middleware):
    """Notes everything, under a name."""

    def __init__(self, name: str, notes: list[str]) -> None:
        self.name = name
        self.notes = notes

    @override
    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        self.notes.append(f"{self.name} before {message}")
        try:
            return await next_fn(message)
        finally:
            self.notes.append(f"{self.name} after {message}")

    @override
    async def on_started(self, actor_ref: ActorRef[Any, Any]) -> None:
        self.notes.append(f"{self.name} started")

    @override
    async def on_stopped(self, actor_ref: ActorRef[Any, Any]) -> None:
        self.notes.append(f"{self.name} stopped")

    @override
    async def on_restart(self, actor_ref: ActorRef[Any, Any], error: Exception) -> None:
        self.notes.append(f"{self.name} restarts after {error}")


class Handles(Middleware):
    """Handles a message with a function of the context, the message and what comes next."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    @override
    async def on_receive(self, ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        return await self.handle(ctx, message, next_fn)


class Fails(Middleware):
    """Fails in one hook, the first few times."""

    def __init__(self, hook: str, times: int = 1) -> None:
        self.hook = hook
        self.times = times

    def fail(self, hook: str) -> None:
        if hook == self.hook and self.times:
            self.times -= 1
            raise ValueError(f"in {hook}")

    @override
    async def on_started(self, actor_ref: ActorRef[Any, Any]) -> None:
        self.fail("on_started")

    @override
    async def on_stopped(self, actor_ref: ActorRef[Any, Any]) -> None:
        self.fail("on_stopped")

    @override
    async def on_restart(self, actor_ref: ActorRef[Any, Any], error: Exception) -> None:
        self.fail("on_restart")


async def test_the_first_is_outermost_in_everything() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        wrapped = (Notes("a", notes), Notes("b", notes))
        ref = await system.spawn(Hooked, "hooked", middlewares=wrapped, args=(notes,))
        await ref.ask("message")
        with pytest.raises(ValueError, match="no"):
            await ref.ask(ValueError("no"))
    assert notes == [
        *("a started", "b started", "started"),
        *("a before message", "b before message", "received message"),
        *("b after message", "a after message"),
        *("a before no", "b before no", "ValueError('no')", "b after no", "a after no"),
        *("a restarts after no", "b restarts after no"),
        *("restarted after ValueError('no')", "started"),
        *("stopped", "b stopped", "a stopped"),
    ]


@pytest.mark.parametrize("with_context", [False, True])
async def test_message_and_reply_may_be_changed(with_context: bool) -> None:
    async def change(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        changed = [message]
        reply = await (next_fn(ctx, changed) if with_context else next_fn(changed))
        return {"reply": reply}

    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo", middlewares=[Handles(change), Handles(change)])
        assert await ref.ask("hello") == {"reply": {"reply": [["hello"]]}}


async def test_one_may_answer_without_calling_next() -> None:
    notes: list[str] = []

    async def answer(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        return "denied" if message == "secret" else await next_fn(message)

    async with ActorSystem() as system:
        wrapped = (Handles(answer), Notes("inner", notes))
        ref = await system.spawn(Echo, "echo", middlewares=wrapped)
        assert await ref.ask("secret") == "denied"
        assert notes == ["inner started"]
        assert await ref.ask("hello") == "hello"


async def test_one_may_call_next_again() -> None:
    notes: list[str] = []

    async def again(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        try:
            return await next_fn(message)
        except ValueError:
            return await next_fn("the second time")

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "name", middlewares=(Handles(again),), args=(notes,))
        await ref.ask(ValueError("no"))
    assert notes == ["started", "ValueError('no')", "received the second time", "stopped"]


async def test_what_one_raises_is_a_failure_of_the_actor() -> None:
    notes: list[str] = []

    async def refuse(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        raise ValueError("refused")

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "name", middlewares=(Handles(refuse),), args=(notes,))
        with pytest.raises(ValueError, match="refused"):
            await ref.ask("hello")
        await ref.tell("hello")
        await ref.stop(drain=True)
    restarted = ["restarted after ValueError('refused')", "started"]
    assert notes == ["started", *restarted, *restarted, "stopped"]


async def test_one_may_keep_a_failure_from_asker_and_supervisor() -> None:
    async def calm(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        try:
            return await next_fn(message)
        except ValueError as error:
            return f"instead of {error}"

    async with ActorSystem(supervisor_strategy=always(Directive.stop)) as system:
        ref = await system.spawn(Echo, "echo", middlewares=(Handles(calm),))
        assert await ref.ask(ValueError("a crash")) == "instead of a crash"
        assert ref.is_alive


async def test_one_knows_the_actor_the_sender_and_the_kind_of_message() -> None:
    seen: list[Any] = []

    async def note(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        seen.append((ctx.actor_ref, ctx.sender, ctx.message_type))
        return await next_fn(message)

    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo", middlewares=(Handles(note),))
        sender = await system.spawn(Does, "sender")
        await ref.tell("from outside")
        await ref.ask("from outside")
        await sender.ask(lambda _: ref.tell("from inside"))
        await sender.ask(lambda _: ref.ask("from inside"))
        await ref.stop(drain=True)
    assert seen == [
        *[(ref, None, "tell"), (ref, None, "ask")],
        *[(ref, sender, "tell"), (ref, sender, "ask")],
    ]


@on_virtual_time
async def test_a_message_of_a_timer_and_a_stashed_one_go_through_too() -> None:
    notes: list[str] = []

    class Ticking(Actor[str, str]):
        @override
        async def on_started(self) -> None:
            self.context.timers.once("key", 1.0, "tick")

        @override
        async def on_receive(self, message: str) -> str:
            if message == "tick":
                self.context.unstash_all()
            elif now() == 0.0:
                self.context.stash()
            return message

    async with ActorSystem() as system:
        ref = await system.spawn(Ticking, "ticking", middlewares=(Notes("a", notes),))
        assert await ref.ask("stashed") == "stashed"
        assert now() == 1.0
    assert [note for note in notes if "before" in note] == [
        "a before stashed",
        "a before tick",
        "a before stashed",
    ]


async def test_a_cycle_of_asks_through_middleware_is_found() -> None:
    async def ask_itself(ctx: MessageContext, message: Any, next_fn: Next) -> Any:
        return await ctx.actor_ref.ask(message)

    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo", middlewares=(Handles(ask_itself),))
        with pytest.raises(AskCycleError, match="asks itself"):
            await ref.ask("hello")


# ---------------------------------------------------------------------- hooks


async def test_an_error_in_on_started_fails_the_spawn_and_frees_the_name() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="in on_started"):
            wrapped = (Fails("on_started"), Notes("inner", notes))
            await system.spawn(Hooked, "name", middlewares=wrapped, args=(notes,))
        assert notes == []
        await system.spawn(Echo, "name")


async def test_an_error_in_on_stopped_is_logged_and_the_others_run(
    caplog: pytest.LogCaptureFixture,
) -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        wrapped = (Notes("outer", notes), Fails("on_stopped"), Notes("inner", notes))
        ref = await system.spawn(Echo, "name", middlewares=wrapped)
        await ref.stop()
    assert notes == ["outer started", "inner started", "inner stopped", "outer stopped"]
    assert "on_stopped of" in caplog.text


async def test_an_error_in_on_restart_fails_the_restart_which_is_tried_again() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        wrapped = (Fails("on_restart"), Notes("inner", notes))
        ref = await system.spawn(Echo, "name", middlewares=wrapped)
        await ref.tell(ValueError("no"))
        assert await ref.ask("hello") == "hello"
    assert "inner restarts after in on_restart" in notes
    assert "inner restarts after no" not in notes


async def test_on_stopped_runs_once_after_an_interrupt_too() -> None:
    notes, gate = list[str](), Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "name", middlewares=(Notes("a", notes),))
        asking = asyncio.create_task(ref.ask(lambda _: gate.wait()))
        await gate.reached.wait()
        await ref.interrupt()
        await asyncio.wait([asking])
        asking.exception()
    assert notes.count("a stopped") == 1


@on_virtual_time
async def test_started_and_stopped_pair_up_also_when_idleness_ends_and_begins_again() -> None:
    notes, gate = list[str](), Gate()

    class Idles(Echo):
        @override
        def stop_policy(self) -> AfterIdle:
            return AfterIdle(1.0)

        @override
        async def on_stopped(self) -> None:
            if not gate.reached.is_set():
                await gate.wait()

    async with ActorSystem() as system:
        ref = await system.spawn(Idles, "idles", middlewares=(Notes("a", notes),))
        await gate.reached.wait()
        asking = asyncio.create_task(ref.ask("hello"))
        await asyncio.sleep(1.0)
        gate.opened.set()
        assert await asking == "hello"
        await ref.join()
    messages = ["a before hello", "a after hello"]
    assert notes == ["a started", "a stopped", "a started", *messages, "a stopped"]


async def test_one_instance_may_serve_many_actors_and_their_children() -> None:
    notes: list[str] = []
    shared = Notes("shared", notes)
    async with ActorSystem() as system:
        for name in "ab":
            await (await system.spawn(Echo, name, middlewares=(shared,))).ask(name)
        parent = await system.spawn(Does, "parent")
        child = await parent.ask(
            lambda actor: actor.context.spawn(Echo, "child", middlewares=(shared,))
        )
        await child.ask("c")
    assert [note[-1] for note in notes if "before" in note] == ["a", "b", "c"]
    assert notes.count("shared started") == notes.count("shared stopped") == 3


async def test_a_temporary_child_has_no_middleware_of_its_parent() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent", middlewares=(Notes("a", notes),))
        await parent.ask(lambda actor: actor.ask(Echo, "hello"))
    assert len(notes) == 4


async def test_what_is_no_middleware_is_refused() -> None:
    wrong: Any = [Notes]
    async with ActorSystem() as system:
        with pytest.raises(TypeError, match="spawn: middlewares must be Middleware, got <class"):
            await system.spawn(Echo, "echo", middlewares=wrong)
