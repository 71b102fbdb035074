"""Starting, stopping, interrupting, joining; names."""

import asyncio
import gc
from collections.abc import Callable
from typing import Any, cast, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorNotFoundError,
    ActorStoppedError,
    ActorSystem,
    MemoryMailbox,
    Middleware,
    NameInUseError,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Hooked, Ref, Slow, child_of, now, turns


class FailsToConstruct(Echo):
    def __init__(self) -> None:
        raise ValueError("no")


# ---------------------------------------------------------------------- starting


async def test_spawn_returns_after_on_started() -> None:
    notes: list[str] = []

    async def on_started(_: Actor[Any, Any]) -> None:
        await turns(3)
        notes.append("ready")

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs={"on_started": on_started})
        assert notes == ["started", "ready"]
        assert ref.is_alive
        assert (ref.name, ref.path, str(ref)) == ("hooked",) + ("/actor-system/hooked",) * 2


async def test_spawn_raises_what_the_constructor_raises() -> None:
    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="no"):
            await system.spawn(FailsToConstruct, "name")
        assert not system.children
        await system.spawn(Echo, "name")


@pytest.mark.parametrize("suspends", [False, True])
async def test_spawn_raises_what_on_started_raises_and_the_name_is_free(suspends: bool) -> None:
    notes, error = list[str](), ValueError("no")

    async def on_started(_: Actor[Any, Any]) -> None:
        await turns(3 if suspends else 0)
        raise error

    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="no") as raised:
            await system.spawn(Hooked, "name", args=(notes,), kwargs={"on_started": on_started})
        assert raised.value is error
        assert notes == ["started"]  # what has not started is not stopped
        assert not system.children
        await system.spawn(Echo, "name")


async def test_the_children_of_an_actor_that_fails_to_start_are_stopped() -> None:
    notes: list[str] = []

    async def on_started(actor: Actor[Any, Any]) -> None:
        for name in ("a", "b"):
            await actor.context.spawn(Hooked, name, args=(notes,))
        raise ValueError("no")

    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="no"):
            await system.spawn(Hooked, "name", args=([],), kwargs={"on_started": on_started})
        assert notes == ["started", "started", "stopped", "stopped"]
        with pytest.raises(ActorNotFoundError):
            system.get_actor("/actor-system/name/a")


async def test_a_spawner_that_is_cancelled_cancels_on_started() -> None:
    gate, notes = Gate(), list[str]()

    async def on_started(actor: Actor[Any, Any]) -> None:
        await actor.context.spawn(Hooked, "child", args=(notes,))
        await gate.wait()

    async with ActorSystem() as system:
        spawning = asyncio.create_task(
            system.spawn(Hooked, "name", args=([],), kwargs={"on_started": on_started})
        )
        await gate.reached.wait()
        spawning.cancel()
        await asyncio.wait([spawning])
        assert spawning.cancelled()
        assert notes == ["started", "stopped"]
        assert not system.children


async def test_an_actor_that_starts_in_spite_of_its_cancelled_spawner_is_stopped_in_full() -> None:
    gate, notes = Gate(), list[str]()

    async def on_started(_: Actor[Any, Any]) -> None:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            notes.append("goes on")

    async with ActorSystem() as system:
        spawning = asyncio.create_task(
            system.spawn(Hooked, "name", args=(notes,), kwargs={"on_started": on_started})
        )
        await gate.reached.wait()
        spawning.cancel()
        await asyncio.wait([spawning])
        assert spawning.cancelled()
        assert notes == ["started", "goes on", "stopped"]
        assert not system.children


@on_virtual_time
async def test_a_timeout_around_spawn_is_not_lost_while_its_children_stop() -> None:
    async def on_started(actor: Actor[Any, Any]) -> None:
        hooks = {"on_stopped": lambda _: asyncio.sleep(100)}
        await actor.context.spawn(Hooked, "child", args=([],), kwargs=hooks)
        raise ValueError("no")

    async with ActorSystem() as system:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5.0):
                await system.spawn(Hooked, "name", args=([],), kwargs={"on_started": on_started})
        assert now() == 5.0


async def test_an_interrupt_during_on_started_fails_the_spawn() -> None:
    gate, notes = Gate(), list[str]()
    async with ActorSystem() as system:
        hooks = {"on_started": lambda _: gate.wait()}
        spawning = asyncio.create_task(system.spawn(Hooked, "name", args=(notes,), kwargs=hooks))
        await gate.reached.wait()
        await system.get_actor("/actor-system/name").interrupt()
        with pytest.raises(ActorStoppedError, match="interrupted while it started"):
            await spawning
        assert notes == ["started"]


async def test_a_stop_during_on_started_lets_it_finish_and_stops_the_actor() -> None:
    gate, notes = Gate(), list[str]()
    async with ActorSystem() as system:
        hooks = {"on_started": lambda _: gate.wait()}
        spawning = asyncio.create_task(system.spawn(Hooked, "name", args=(notes,), kwargs=hooks))
        await gate.reached.wait()
        ref = system.get_actor("/actor-system/name")
        await ref.tell("queued")
        endings = [ref.stop(drain=True), ref.stop(), ref.stop()]
        await turns()
        assert notes == ["started"]
        gate.opened.set()
        assert await spawning is ref
        for ending in endings:
            await ending
        assert notes == ["started", "stopped"]
        assert [letter.message for letter in system.dead_letters] == ["queued"]


async def test_a_message_sent_from_the_constructor_is_handled_after_on_started() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:

        class Hasty(Hooked):
            def __init__(self) -> None:
                super().__init__(notes, on_started=lambda _: turns())
                system.children[0].tell_nowait("early")

        ref = await system.spawn(Hasty, "hasty")
        assert notes == ["started"]
        await ref.stop(drain=True)
    assert notes == ["started", "received early", "stopped"]


async def test_an_actor_may_stop_itself_while_it_starts() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        hooks = {"on_started": lambda actor: actor.context.stop_self()}
        ref = await system.spawn(Hooked, "name", args=(notes,), kwargs=hooks)
        await ref.join()
        assert notes == ["started", "stopped"]


async def test_an_actor_cannot_join_itself_while_it_starts() -> None:
    async with ActorSystem() as system:
        hooks = {"on_started": lambda actor: actor.context.self_ref.join()}
        with pytest.raises(RuntimeError, match="cannot join itself"):
            await system.spawn(Hooked, "name", args=([],), kwargs=hooks)


@pytest.mark.parametrize("wait", [lambda ref: ref.stop(), lambda ref: ref.join()])
async def test_an_actor_cannot_join_one_above_it(wait: Callable[[Ref], Any]) -> None:
    async with ActorSystem("app") as system:
        above = await system.spawn(Does, "above")
        child = await child_of(above, Does, "child")
        grandchild = await child_of(child, Does, "grandchild")
        with pytest.raises(RuntimeError, match="grandchild cannot join /app/above, which waits"):
            await grandchild.ask(lambda _: wait(above))
        above.stop()
        await above.join()
        assert not grandchild.is_alive


async def test_a_constructor_has_no_context() -> None:
    with pytest.raises(RuntimeError, match="Echo has no context yet"):
        Echo().context  # noqa: B018


@pytest.mark.parametrize("name", ["", "a/b", "/"])
async def test_a_name_is_checked_before_anything_starts(name: str) -> None:
    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="must not be empty or contain '/'"):
            await system.spawn(FailsToConstruct, name)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ({"middlewares": Middleware()}, r"middlewares must be a sequence, as in \[<"),
        ({"args": "ab"}, r"args must be a tuple, as in args=\('ab',\)"),
        ({"args": 3}, r"args must be a tuple, as in args=\(3,\)"),
        ({"kwargs": ["name"]}, r"kwargs must map names to arguments, got \['name'\]"),
    ],
)
async def test_what_is_no_list_of_arguments_is_said_to_be_none(
    wrong: dict[str, Any], text: str
) -> None:
    async with ActorSystem() as system:
        with pytest.raises(TypeError, match=text):
            await system.spawn(Echo, "echo", **wrong)


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        ({"max_dead_letters": -1}, ValueError, "max_dead_letters must be at least 0, got -1"),
        ({"max_dead_letters": "5"}, TypeError, "max_dead_letters must be an int, got '5'"),
        ({"dispatchers": [1]}, TypeError, r"dispatchers must map names to Dispatchers, .*\[1\]"),
    ],
)
def test_the_arguments_of_a_system_are_checked(
    wrong: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match=text):
        ActorSystem(**wrong)


def test_what_is_given_to_a_system_is_checked() -> None:
    system, nothing = ActorSystem(), cast(Any, None)
    with pytest.raises(TypeError, match="path must be a str, as in '/app/name', got None"):
        system.get_actor(nothing)
    with pytest.raises(TypeError, match="on_dead_letter: callback must be a function, got None"):
        system.on_dead_letter(nothing)
    with pytest.raises(TypeError, match="on_failure: callback must be a function, got None"):
        system.on_failure(nothing)


async def test_the_arguments_of_spawn_are_checked_before_anything_starts() -> None:
    async with ActorSystem() as system:
        with pytest.raises(ValueError, match="mailbox_size must be at least 0"):
            await system.spawn(FailsToConstruct, "name", mailbox_size=-1)
        spawn: Any = system.spawn  # what a type checker would refuse
        with pytest.raises(TypeError, match="mailbox_size must be an int"):
            await spawn(FailsToConstruct, "name", mailbox_size="1")
        with pytest.raises(TypeError, match=r"a subclass of Actor.*; int has no `execute`"):
            await spawn(int, "name")
        with pytest.raises(TypeError, match="name must be a str"):
            await spawn(FailsToConstruct, 1)


# ---------------------------------------------------------------------- names


async def test_a_name_is_taken_once() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "name", args=(gate,))
        with pytest.raises(NameInUseError, match="/actor-system/name is alive"):
            await system.spawn(FailsToConstruct, "name")
        await ref.tell("in hand")
        await gate.reached.wait()
        ending = ref.stop()
        with pytest.raises(NameInUseError):
            await system.spawn(Echo, "name")
        gate.opened.set()
        await ending
        await system.spawn(Echo, "name")


async def test_a_name_is_taken_while_its_actor_starts() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        hooks = {"on_started": lambda _: gate.wait()}
        spawning = asyncio.create_task(system.spawn(Hooked, "name", args=([],), kwargs=hooks))
        await gate.reached.wait()
        with pytest.raises(NameInUseError):
            await system.spawn(Echo, "name")
        gate.opened.set()
        await spawning


async def test_of_concurrent_spawns_of_one_name_one_wins() -> None:
    async with ActorSystem() as system:
        hooks = {"on_started": lambda _: turns(3)}
        outcomes = await asyncio.gather(
            *(system.spawn(Hooked, "name", args=([],), kwargs=hooks) for _ in range(5)),
            return_exceptions=True,
        )
        assert [isinstance(outcome, NameInUseError) for outcome in outcomes] == [False] + [True] * 4


async def test_a_new_actor_of_a_name_is_not_reached_by_the_old_ref() -> None:
    async with ActorSystem() as system:
        old = await system.spawn(Echo, "name")
        await old.stop()
        new = await system.spawn(Echo, "name")
        assert old != new
        assert str(old) == str(new)
        with pytest.raises(ActorStoppedError):
            await old.ask("hello")
        await old.stop()
        await old.interrupt()
        assert await new.ask("hello") == "hello"
        assert system.get_actor("/actor-system/name") is new


async def test_the_same_name_may_be_used_in_two_places() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "name")
        child = await child_of(parent, Echo, "name")
        assert child.path == "/actor-system/name/name"
        assert system.get_actor("/actor-system/name/name") is child
        assert system.get_actor("/actor-system/name") is parent


@pytest.mark.parametrize(
    "path", ["", "/", "/actor-system", "/actor-system/", "/other/name", "/actor-system/name/x"]
)
async def test_an_unknown_path_is_an_error(path: str) -> None:
    async with ActorSystem() as system:
        await system.spawn(Echo, "name")
        with pytest.raises(ActorNotFoundError, match=f"no living actor at {path}"):
            system.get_actor(path)


async def test_an_actor_that_stops_is_not_found() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "name", args=(gate,))
        await ref.tell("in hand")
        await gate.reached.wait()
        ending = ref.stop()
        assert not ref.is_alive
        with pytest.raises(LookupError):
            system.get_actor("/actor-system/name")
        gate.opened.set()
        await ending
        with pytest.raises(ActorNotFoundError):
            system.get_actor("/actor-system/name")


async def test_children_are_listed_in_order_of_start() -> None:
    async with ActorSystem() as system:
        refs = [await system.spawn(Echo, name) for name in ("c", "a", "b")]
        assert system.children == tuple(refs)
        await refs[1].stop()
        assert system.children == (refs[0], refs[2])


# ---------------------------------------------------------------------- stopping


async def test_children_are_stopped_before_on_stopped_of_the_parent() -> None:
    notes: list[str] = []

    def note(name: str) -> dict[str, Callable[[Any], Any]]:
        async def on_stopped(_: Actor[Any, Any]) -> None:
            await turns(3)
            notes.append(name)

        return {"on_stopped": on_stopped}

    async def on_started(actor: Actor[Any, Any]) -> None:
        child = await actor.context.spawn(Does, "middle")
        await child_of(child, Hooked, "leaf", [], **note("leaf"))
        await actor.context.spawn(Hooked, "other", args=([],), kwargs=note("other"))

    async with ActorSystem() as system:
        hooks = {"on_started": on_started, **note("top")}
        ref = await system.spawn(Hooked, "top", args=([],), kwargs=hooks)
        await ref.stop()
    assert sorted(notes) == ["leaf", "other", "top"]
    assert notes[-1] == "top"


async def test_children_are_stopped_in_reverse_order_of_start() -> None:
    notes: list[str] = []

    async def on_started(actor: Actor[Any, Any]) -> None:
        for name in "abc":
            hooks = {"on_stopped": lambda _, name=name: notes.append(name)}
            await actor.context.spawn(Hooked, name, args=([],), kwargs=hooks)

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "top", args=([],), kwargs={"on_started": on_started})
        await ref.stop()
    assert notes == ["c", "b", "a"]


type End = Callable[[Ref], Any]
ENDS: list[End] = [
    lambda ref: ref.stop(),
    lambda ref: ref.stop(drain=True),
    lambda ref: ref.interrupt(),
]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("busy", [False, True])
async def test_on_stopped_runs_exactly_once(end: End, busy: bool) -> None:
    gate, notes = Gate(), list[str]()
    async with ActorSystem() as system:
        hooks = {"on_receive": lambda _: gate.wait()}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        if busy:
            await ref.tell("a message")
            await gate.reached.wait()
        ending = end(ref)
        ref.stop()
        gate.opened.set()
        await ending
        await ref.stop()
        await ref.interrupt()
    assert notes.count("stopped") == 1
    assert notes[-1] == "stopped"


async def test_on_stopped_runs_once_after_a_crash() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,))
        for _ in range(4):
            with pytest.raises(ValueError, match="crash"):
                await ref.ask(ValueError("crash"))
        await ref.join()
    assert notes.count("stopped") == 1


@pytest.mark.parametrize("error", [ValueError("no"), KeyError(), asyncio.CancelledError()])
async def test_an_error_in_on_stopped_is_logged_and_holds_up_nobody(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    async def on_stopped(_: Actor[Any, Any]) -> None:
        raise error

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=([],), kwargs={"on_stopped": on_stopped})
        await ref.stop()
        assert not system.children
    assert "/actor-system/hooked" in caplog.text


class Rude(BaseException):
    """Not an `Exception`."""


@pytest.mark.parametrize("hook", ["on_stopped", "on_restart", "on_receive"])
async def test_a_base_exception_in_a_hook_ends_the_actor_and_reaches_the_loop(hook: str) -> None:
    notes, heard = list[str](), list[Any]()
    asyncio.get_running_loop().set_exception_handler(lambda _, found: heard.append(found))

    async def rude(_: Actor[Any, Any]) -> None:
        await turns(1)
        raise Rude

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs={hook: rude})
        await ref.tell("a message" if hook == "on_receive" else ValueError("to restart"))
        await turns()
        await ref.stop()
        assert not system.children
    assert notes.count("stopped") == 1
    assert [type(found["exception"]) for found in heard] == [Rude]


async def test_a_base_exception_that_no_asker_waits_for_reaches_the_loop() -> None:
    gate, heard = Gate(), list[Any]()
    asyncio.get_running_loop().set_exception_handler(lambda _, found: heard.append(found))

    async def rude(_: Does) -> None:
        await gate.wait()
        raise Rude

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        asking = asyncio.create_task(ref.ask(rude))
        await gate.reached.wait()
        asking.cancel()
        await asyncio.wait([asking])
        gate.opened.set()
        await ref.join()
        await turns()
    del asking
    gc.collect()  # a task whose error nobody has seen says so when it is freed
    assert [type(found["exception"]) for found in heard] == [Rude]


async def test_stop_lets_the_message_in_hand_finish() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        asking = asyncio.create_task(ref.ask("in hand"))
        await gate.reached.wait()
        ending = ref.stop()
        assert not ref.is_alive
        gate.opened.set()
        assert await asking == "in hand"
        await ending


async def test_stop_with_drain_handles_what_is_queued_first() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", mailbox_size=2, args=(notes,))
        telling = [asyncio.create_task(ref.tell(number)) for number in range(6)]
        await asyncio.sleep(0)
        await ref.stop(drain=True)
        await asyncio.wait(telling)
    assert notes == ["started", *(f"received {number}" for number in range(6)), "stopped"]


async def test_a_stop_overtakes_a_drain() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate, seen))
        for number in range(3):
            await ref.tell(number)
        await gate.reached.wait()
        draining = ref.stop(drain=True)
        stopping = ref.stop()
        gate.opened.set()
        await draining
        await stopping
        assert seen == [0]
        assert [letter.message for letter in system.dead_letters] == [1, 2]


async def test_an_actor_that_drains_still_restarts() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,))
        await ref.tell(ValueError("no"))
        await ref.tell("a message")
        await ref.stop(drain=True)
    assert notes[-3:] == ["started", "received a message", "stopped"]


async def test_a_stop_before_the_first_turn_loses_nothing_silently() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        await ref.tell("a message")
        await ref.stop()
        assert [letter.message for letter in system.dead_letters] == ["a message"]


async def test_stop_on_a_full_mailbox_releases_those_who_wait() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=1, args=(gate,))
        telling = [asyncio.create_task(ref.tell(number)) for number in range(5)]
        await gate.reached.wait()
        ending = ref.stop()
        gate.opened.set()
        await ending
        await asyncio.gather(*telling)
        assert [letter.message for letter in system.dead_letters] == [1, 2, 3, 4]


# ---------------------------------------------------------------------- interrupting


async def test_an_interrupt_cancels_the_message_in_hand() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        asking = asyncio.create_task(ref.ask("in hand", timeout=None))
        await gate.reached.wait()
        await ref.tell("queued")
        await ref.interrupt()
        with pytest.raises(ActorStoppedError, match="the message in hand was cancelled"):
            await asking
        assert [letter.message for letter in system.dead_letters] == ["queued"]


async def test_an_interrupt_of_an_idle_actor_stops_it() -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,))
        await ref.interrupt()
    assert notes == ["started", "stopped"]


@pytest.mark.parametrize("cls", [Hooked, Does])
async def test_an_interrupt_while_a_turn_is_only_scheduled_stops_the_actor(cls: type[Any]) -> None:
    notes: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(cls, "name", args=(notes,) if cls is Hooked else ())
        await ref.tell(notes.append)
        await ref.interrupt()
        await turns()
        assert notes == (["started", "stopped"] if cls is Hooked else [])
        assert len(system.dead_letters) == 1


@pytest.mark.parametrize("hook", ["on_restart", "on_started"])
async def test_an_interrupt_during_a_restart_ends_it(hook: str) -> None:
    gate, notes = Gate(), list[str]()

    async def wait(_: Actor[Any, Any]) -> None:
        if notes != ["started"]:
            await gate.wait()

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs={hook: wait})
        await ref.tell(ValueError("no"))
        await gate.reached.wait()
        await ref.interrupt()
    assert notes.count("stopped") == 1


async def test_an_interrupt_while_a_restart_stops_the_children_starts_no_new_instance() -> None:
    gate, notes = Gate(), list[str]()

    async def on_started(actor: Actor[Any, Any]) -> None:
        hooks = {"on_stopped": lambda _: gate.wait()}
        await actor.context.spawn(Hooked, "child", args=([],), kwargs=hooks)

    async with ActorSystem() as system:
        hooks = {"on_started": on_started}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        await ref.tell(ValueError("no"))
        await gate.reached.wait()
        await ref.interrupt()
    assert notes == ["started", "ValueError('no')", "stopped"]


async def test_an_interrupt_during_on_stopped_cancels_it(caplog: pytest.LogCaptureFixture) -> None:
    gate, notes = Gate(), list[str]()
    async with ActorSystem() as system:
        hooks = {"on_stopped": lambda _: gate.wait()}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        ending = ref.stop()
        await gate.reached.wait()
        await ref.interrupt()
        await ending
    assert notes.count("stopped") == 1
    assert "was interrupted while it stopped" in caplog.text


@pytest.mark.parametrize("suspends", [False, True])
async def test_an_actor_that_interrupts_itself_is_stopped_in_full(suspends: bool) -> None:
    notes: list[str] = []

    async def on_receive(actor: Actor[Any, Any]) -> None:
        actor.context.self_ref.interrupt()
        await turns(1 if suspends else 0)
        notes.append("to the end")

    async def on_stopped(_: Actor[Any, Any]) -> None:
        await turns(3)
        notes.append("in full")

    async with ActorSystem() as system:
        hooks = {"on_receive": on_receive, "on_stopped": on_stopped}
        ref = await system.spawn(Hooked, "hooked", args=(notes,), kwargs=hooks)
        await ref.tell("yourself")
        await ref.join()
    handled = [] if suspends else ["to the end"]
    assert notes == ["started", "received yourself", *handled, "stopped", "in full"]


async def test_a_handler_that_swallows_the_interrupt_answers_and_then_stops() -> None:
    gate = Gate()

    async def stubborn(_: Does) -> str:
        try:
            await gate.wait()
        except asyncio.CancelledError:
            await turns()
        return "all the same"

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        asking = asyncio.create_task(ref.ask(stubborn))
        await gate.reached.wait()
        await ref.interrupt()
        assert await asking == "all the same"


async def test_an_interrupt_reaches_the_children_of_an_actor_that_stops() -> None:
    gate, notes = Gate(), list[str]()
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        child = await child_of(parent, Does, "child")
        grandchild = await child_of(
            child, Hooked, "grandchild", notes, on_stopped=lambda _: gate.wait()
        )
        ending = parent.stop()
        await gate.reached.wait()
        await parent.interrupt()
        await ending
        assert not grandchild.is_alive
        assert notes == ["started", "stopped"]


async def test_an_interrupt_between_two_messages_is_not_lost() -> None:
    seen: list[int] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does", mailbox_size=0)
        for number in range(1000):
            await ref.tell(lambda _, number=number: seen.append(number))
        await turns(2)
        await ref.interrupt()
        assert 0 < len(seen) < 1000
        assert len(system.dead_letters) == 1000 - len(seen)


async def test_a_stray_cancelled_error_stops_the_actor_and_is_logged(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(_: Does) -> None:
        raise asyncio.CancelledError

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        await ref.tell(fail)
        await ref.join()
    assert "its handler ended in CancelledError" in caplog.text


# ---------------------------------------------------------------------- joining


async def test_join_returns_when_the_actor_has_stopped_and_its_name_is_free() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        hooks = {"on_stopped": lambda _: gate.wait()}
        ref = await system.spawn(Hooked, "name", args=([],), kwargs=hooks)
        joining = [asyncio.create_task(ref.join()) for _ in range(3)]
        ref.stop()
        await gate.reached.wait()
        assert not any(join.done() for join in joining)
        gate.opened.set()
        await asyncio.gather(*joining)
        await ref.join()
        await system.spawn(Echo, "name")


@pytest.mark.parametrize(
    "wait", [lambda ref: ref.join(), lambda ref: ref.stop(), lambda ref: ref.interrupt()]
)
async def test_joining_oneself_is_an_error_and_no_deadlock(wait: Callable[[Ref], Any]) -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does")
        outcome = ref.ask(lambda actor: wait(actor.context.self_ref), timeout=None)
        with pytest.raises((RuntimeError, ActorStoppedError), match=r"itself|cancelled"):
            await outcome


async def test_a_joiner_that_is_cancelled_leaves_the_actor_alone() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        joining = asyncio.create_task(ref.join())
        await asyncio.sleep(0)
        joining.cancel()
        await asyncio.wait([joining])
        assert await ref.ask("still here") == "still here"


async def test_one_who_awaits_a_stop_and_is_cancelled_does_not_undo_it() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate,))
        asking = asyncio.create_task(ref.ask("in hand"))
        await gate.reached.wait()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0):
                await ref.stop()
        gate.opened.set()
        assert await asking == "in hand"
        await ref.join()


async def test_an_actor_may_join_its_child() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        child = await child_of(parent, Echo, "child")
        await parent.ask(lambda _: child.stop())
        assert await parent.ask(lambda actor: actor.context.children) == ()


async def test_a_stopping_actor_starts_no_children() -> None:
    refusals: list[str] = []

    async def on_stopped(actor: Actor[Any, Any]) -> None:
        with pytest.raises(ActorStoppedError, match="can no longer start child"):
            await actor.context.spawn(Echo, "child")
        refusals.append("refused")

    async with ActorSystem() as system:
        ref = await system.spawn(Hooked, "name", args=([],), kwargs={"on_stopped": on_stopped})
        await ref.stop()
    assert refusals == ["refused"]


async def test_a_mailbox_of_ones_own_is_used() -> None:
    box = MemoryMailbox(2)
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo", mailbox=box)
        await ref.tell("a message")
        assert not box.empty()
        await ref.stop(drain=True)
        assert box.empty()


def test_a_system_belongs_to_one_event_loop() -> None:
    system = ActorSystem()

    async def start() -> None:
        await system.spawn(Echo, "echo")

    async def elsewhere() -> None:
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            await system.spawn(Echo, "echo")

    async def main() -> None:
        await start()
        await asyncio.to_thread(asyncio.run, elsewhere())
        await system.shutdown()

    asyncio.run(main())


async def test_a_generic_class_may_be_spawned_with_its_arguments() -> None:
    class Box[T](Actor[T, list[T]]):
        @override
        async def on_receive(self, message: T) -> list[T]:
            return [message]

    async with ActorSystem() as system:
        box = await system.spawn(Box[int], "box")
        assert await box.ask(1) == [1]
        parent = await system.spawn(Does, "parent")
        assert await parent.ask(lambda actor: actor.ask(Box[str], "a")) == ["a"]
