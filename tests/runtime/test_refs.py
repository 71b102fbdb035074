"""A ref is the address of one actor: it prints and pickles as its path."""

import copy
import pickle
from types import CoroutineType
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorNotFoundError,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    MailboxFullError,
    MemoryMailbox,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Slow, child_of, now, turns


def again(value: object) -> Any:
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
async def test_a_ref_that_is_pickled_is_the_same_ref(protocol: int) -> None:
    async with ActorSystem("app") as system:
        parent = await system.spawn(Does, "parent")
        child = await child_of(parent, Echo, "child")
        for ref in (parent, child):
            assert pickle.loads(pickle.dumps(ref, protocol)) is ref
        assert again([child, {"ref": child}])[1]["ref"] is child


async def test_a_ref_that_is_copied_is_the_same_ref() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        assert copy.copy(ref) is ref
        assert copy.deepcopy({"a": [ref]})["a"][0] is ref


@pytest.mark.parametrize(
    "name", ["echo", "a b", "ä", "100%", "a%2Fb", "%", "%25", "..", "a.b", "*", "'", "\n"]
)
async def test_any_name_is_found_again_by_its_path(name: str) -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, name)
        assert again(ref) is ref
        assert system.get_actor(ref.path) is ref
        assert ref.name == name
        assert await system.ask(f"/actor-system/{name}", "hello") == "hello"


async def test_a_pickled_ref_of_an_actor_that_has_stopped_is_not_found() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        pickled = pickle.dumps(ref)
        await ref.stop()
        with pytest.raises(ActorNotFoundError, match="no living actor at /actor-system/echo"):
            pickle.loads(pickled)
        new = await system.spawn(Echo, "echo")
        assert pickle.loads(pickled) is new  # the path is all that was kept
    with pytest.raises(ActorNotFoundError):
        pickle.loads(pickled)


async def test_inside_an_actor_a_ref_is_looked_up_in_its_own_system_first() -> None:
    systems = [ActorSystem("app") for _ in range(5)]
    refs = [await system.spawn(Does, "does") for system in systems]
    pickled = pickle.dumps(refs[0])
    for ref in refs:
        found = await ref.ask(lambda _: pickle.loads(pickled))
        assert found is ref
    for system in systems:
        await system.shutdown()


async def test_a_ref_of_another_system_is_found_too() -> None:
    async with ActorSystem("here") as here, ActorSystem("there") as there:
        ref = await there.spawn(Echo, "echo")
        does = await here.spawn(Does, "does")
        assert await does.ask(lambda _: again(ref)) is ref


async def test_a_ref_prints_as_its_path() -> None:
    async with ActorSystem("app") as system:
        parent = await system.spawn(Does, "parent")
        child = await child_of(parent, Echo, "child")
        assert (child.name, child.path) == ("child", "/app/parent/child")
        assert str(child) == f"{child}" == "/app/parent/child"
        assert repr(child) == "ActorRef(/app/parent/child)"


async def test_equality_is_identity_of_the_actor() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Does, "name")
        own: ActorRef[Any, Any] = await ref.ask(lambda actor: actor.context.self_ref)
        assert own == ref
        assert hash(own) == hash(ref)
        other = await system.spawn(Does, "other")
        assert ref != other
        assert len({ref, own, other, again(ref)}) == 2
        await ref.stop()
        new = await system.spawn(Does, "name")
        assert new != ref
        assert new.path == ref.path


# ---------------------------------------------------------------------- by path or ref


@on_virtual_time
async def test_a_system_asks_and_tells_by_path_or_ref() -> None:
    async with ActorSystem("app") as system:
        seen, gate = list[Any](), Gate()
        gate.opened.set()
        ref = await system.spawn(Slow, "slow", args=(gate, seen))
        assert await system.ask("/app/slow", 1) == 1
        assert await system.ask(ref, 2, timeout=1.0) == 2
        await system.tell("/app/slow", 3)
        await system.tell(ref, 4)
        await ref.stop(drain=True)
        assert seen == [1, 2, 3, 4]


@pytest.mark.parametrize("path", ["/app/nobody", "nobody", "", "/", "/app", "/other/echo", "/app/"])
def test_an_unknown_path_fails_at_once(path: str) -> None:
    @on_virtual_time
    async def test() -> None:
        async with ActorSystem("app") as system:
            await system.spawn(Echo, "echo")
            for attempt in (system.ask, system.tell):
                with pytest.raises(ActorNotFoundError):
                    await attempt(path, "hello")
            assert now() == 0.0

    test()


async def test_a_system_that_was_never_used_knows_nobody() -> None:
    with pytest.raises(ActorNotFoundError):
        await ActorSystem("app").ask("/app/echo", "hello")


@pytest.mark.parametrize("target", [None, 5, b"/app/echo", Echo])
async def test_what_is_neither_ref_nor_path_is_refused(target: Any) -> None:
    with pytest.raises(TypeError, match="the target must be an ActorRef or a path, got"):
        await ActorSystem("app").ask(target, "hello")


async def test_a_ref_of_a_stopped_actor_fails_at_once_and_says_so() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        await ref.stop()
        assert not ref.is_alive
        with pytest.raises(ActorStoppedError):
            await system.ask(ref, "hello")


# ---------------------------------------------------------------------- tell_nowait


async def test_tell_nowait_raises_where_tell_would_wait() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", mailbox_size=2, args=(gate, seen))
        ref.tell_nowait(0)
        await gate.reached.wait()
        ref.tell_nowait(1)
        ref.tell_nowait(2)
        with pytest.raises(MailboxFullError, match="it holds 2 messages"):
            ref.tell_nowait(3)
        gate.opened.set()
        await ref.stop(drain=True)
        assert seen == [0, 1, 2]
        assert not system.dead_letters


async def test_tell_nowait_to_a_mailbox_that_drops_is_a_dead_letter() -> None:
    async with ActorSystem() as system:
        box = MemoryMailbox(1, backpressure_policy="drop_new")
        ref = await system.spawn(Slow, "slow", mailbox=box, args=(Gate(),))
        for number in range(3):
            ref.tell_nowait(number)
        assert [letter.message for letter in system.dead_letters] == [1, 2]
        ref.interrupt()


async def test_tell_nowait_to_a_stopped_actor_is_a_dead_letter() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        await ref.stop()
        ref.tell_nowait("late")
        assert [letter.message for letter in system.dead_letters] == ["late"]


async def test_tell_nowait_never_runs_the_receiver_and_keeps_its_sender() -> None:
    senders: list[Any] = []

    class Notes(Actor[str, None]):
        @override
        async def on_receive(self, message: str) -> None:
            senders.append(message)

    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "notes")
        does = await system.spawn(Does, "does")

        def tell(_: Does) -> None:
            ref.tell_nowait("hello")
            assert senders == []

        await does.ask(tell)
        await turns()
        assert senders == ["hello"]
        await ref.stop()
        await does.ask(lambda _: ref.tell_nowait("late"))
        assert [letter.sender for letter in system.dead_letters] == [does]


@on_virtual_time
async def test_what_was_not_awaited_is_a_method_of_a_reference() -> None:
    async with ActorSystem("app") as system:
        ref = await system.spawn(Echo, "a")
        for sending in (ref.tell("hello"), ref.ask("hello")):
            assert isinstance(sending, CoroutineType)
            assert sending.__qualname__ in ("ActorRef.tell", "ActorRef.ask")
            sending.close()
