"""A parent that restarts waits for its children: what they want of it then fails at once."""

import asyncio
from collections.abc import Callable
from typing import Any, override

import pytest

from everything_is_an_actor import (
    ActorSystem,
    AfterIdle,
    MailboxFullError,
    PriorityMailbox,
    ThreadedMailbox,
)
from everything_is_an_actor.runtime.errors import AskCycleError
from everything_is_an_actor.runtime.mailbox import Mailbox, MemoryMailbox
from everything_is_an_actor.runtime.policy import StopPolicy
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Gate, Parent, Ref, child_of, now, turns

MAILBOXES: dict[str, Callable[[int], Mailbox]] = {
    "memory": MemoryMailbox,
    "threads": ThreadedMailbox,
    "priority": lambda size: PriorityMailbox(lambda _: 0, size),
}


def fails_at(gate: Gate) -> Callable[[Any], Any]:
    async def job(_: Any) -> None:
        await gate.wait()
        raise ValueError("no")

    return job


def asks(other: Ref) -> Callable[[Any], Any]:
    return lambda _: other.ask(lambda _: "an answer", timeout=None)


async def outcome(asked: asyncio.Future[Any]) -> Any:
    return (await asyncio.gather(asked, return_exceptions=True))[0]


async def middle_of(system: ActorSystem, mailbox: Mailbox) -> Ref:
    top = await system.spawn(Parent, "top")
    ref: Ref = await top.ask(
        lambda actor: actor.context.spawn(Does, "middle", mailbox=mailbox), timeout=None
    )
    return ref


@pytest.mark.parametrize("kind", MAILBOXES)
@on_virtual_time
async def test_an_ask_that_a_child_has_queued_at_its_parent(kind: str) -> None:
    gate = Gate()
    async with ActorSystem() as system:
        middle = await middle_of(system, MAILBOXES[kind](0))
        leaf = await child_of(middle, Does, "leaf")
        await middle.tell(fails_at(gate))
        await gate.reached.wait()
        asked = asyncio.ensure_future(leaf.ask(asks(middle), timeout=None))
        stranger = asyncio.ensure_future(middle.ask(lambda _: "after the restart"))
        await turns()
        gate.opened.set()
        error = await outcome(asked)
        assert isinstance(error, AskCycleError)
        assert error.paths == (leaf.path, middle.path, leaf.path)
        assert await stranger == "after the restart"
        assert now() == 0.0


@pytest.mark.parametrize("kind", MAILBOXES)
@on_virtual_time
async def test_an_ask_and_a_tell_with_which_children_wait_for_room(kind: str) -> None:
    gate, seen = Gate(), list[str]()
    async with ActorSystem() as system:
        middle = await middle_of(system, MAILBOXES[kind](1))
        asker, teller = [await child_of(middle, Does, name) for name in ("asker", "teller")]
        await middle.tell(fails_at(gate))
        await gate.reached.wait()
        await middle.tell(lambda _: seen.append("fills the mailbox"))
        asked = asyncio.ensure_future(asker.ask(asks(middle), timeout=None))
        told = asyncio.ensure_future(
            teller.ask(lambda _: middle.tell(lambda _: None), timeout=None)
        )
        stranger = asyncio.ensure_future(middle.tell(lambda _: seen.append("waited for room")))
        await turns()
        gate.opened.set()
        assert isinstance(await outcome(asked), AskCycleError)
        assert isinstance(await outcome(told), MailboxFullError)
        await stranger
        await middle.stop(drain=True)
        assert seen == ["fills the mailbox", "waited for room"]
        assert now() == 0.0


@on_virtual_time
async def test_what_a_child_wants_after_its_parent_has_failed() -> None:
    gate, held = Gate(), Gate()
    async with ActorSystem() as system:
        middle = await middle_of(system, MemoryMailbox(1))
        asker, teller = [await child_of(middle, Does, name) for name in ("asker", "teller")]

        def later(job: Callable[[Any], Any]) -> Callable[[Any], Any]:
            async def wait_and_do(actor: Any) -> Any:
                await held.wait()
                return await job(actor)

            return wait_and_do

        asked = asyncio.ensure_future(asker.ask(later(asks(middle)), timeout=None))
        told = asyncio.ensure_future(
            teller.ask(later(lambda _: middle.tell(lambda _: None)), timeout=None)
        )
        await middle.tell(fails_at(gate))
        await gate.reached.wait()
        await middle.tell(lambda _: None)  # fills the mailbox
        gate.opened.set()
        await turns()
        held.opened.set()
        assert isinstance(await outcome(asked), AskCycleError)
        assert isinstance(await outcome(told), MailboxFullError)
        assert await middle.ask(lambda _: "restarted") == "restarted"
        assert now() == 0.0


@on_virtual_time
async def test_an_ask_that_leads_back_through_a_third_actor() -> None:
    gate = Gate()
    async with ActorSystem() as system:
        middle = await middle_of(system, MemoryMailbox())
        leaf = await child_of(middle, Does, "leaf")
        third = await system.spawn(Does, "third")
        await middle.tell(fails_at(gate))
        await gate.reached.wait()
        asked = asyncio.ensure_future(
            leaf.ask(lambda _: third.ask(asks(middle), timeout=None), timeout=None)
        )
        await turns()
        gate.opened.set()
        error = await outcome(asked)
        assert isinstance(error, AskCycleError)
        assert error.paths == (leaf.path, third.path, middle.path, leaf.path)
        assert await third.ask(asks(middle)) == "an answer"
        assert now() == 0.0


@on_virtual_time
async def test_an_ask_of_a_child_to_a_parent_that_retires() -> None:
    class Sleepy(Does):
        @override
        def stop_policy(self) -> StopPolicy:
            return AfterIdle(10.0)

    async def ask_then(actor: Any) -> Any:
        await asyncio.sleep(15.0)
        return await actor.context.parent.ask(lambda _: "an answer", timeout=None)

    async with ActorSystem() as system:
        middle = await system.spawn(Sleepy, "middle")
        leaf = await child_of(middle, Does, "leaf")
        error = await outcome(asyncio.ensure_future(leaf.ask(ask_then, timeout=None)))
        assert isinstance(error, AskCycleError)
        await middle.join()
        assert now() == 15.0


@on_virtual_time
async def test_once_the_parent_is_back_its_new_children_are_answered() -> None:
    class Starts(Does):
        @override
        async def on_started(self) -> None:
            await self.context.spawn(Does, "leaf")

    async with ActorSystem() as system:
        top = await system.spawn(Parent, "top")
        middle = await child_of(top, Starts, "middle")
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await middle.ask(lambda _: 1 // 0)
            await turns()
            leaf = system.get_actor("/actor-system/top/middle/leaf")
            assert await leaf.ask(asks(middle)) == "an answer"
