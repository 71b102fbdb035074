"""Order, one message at a time, dead letters."""

import asyncio
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    MailboxFullError,
    MemoryMailbox,
)
from everything_is_an_actor.runtime.turn import MESSAGES_PER_TURN
from everything_is_an_actor.testing import on_virtual_time
from tests.runtime.actors import Does, Echo, Gate, Hooked, Slow, child_of, turns


class Notes(Actor[Any, int]):
    """Notes the messages, and lets the loop turn so many times before it ends."""

    def __init__(self, seen: list[Any], steps: int = 0) -> None:
        self.seen = seen
        self.steps = steps

    @override
    async def on_receive(self, message: Any) -> int:
        self.seen.append(message)
        await turns(self.steps)
        return len(self.seen)


@pytest.mark.parametrize("size", [0, 1, 2, 256])
@pytest.mark.parametrize("steps", [0, 1])
async def test_messages_of_one_sender_arrive_in_the_order_sent(size: int, steps: int) -> None:
    seen: list[tuple[int, int]] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "notes", mailbox_size=size, args=(seen, steps))

        async def send(sender: int) -> None:
            for number in range(20):
                if number % 3:
                    await ref.tell((sender, number))
                else:
                    await ref.ask((sender, number), timeout=None)

        await asyncio.gather(*(send(sender) for sender in range(16)))
        await ref.stop(drain=True)
    for sender in range(16):
        assert [number for who, number in seen if who == sender] == list(range(20))


async def test_messages_of_an_actor_arrive_in_the_order_sent() -> None:
    seen: list[int] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "notes", mailbox_size=1, args=(seen,))

        async def send(_: Does) -> None:
            for number in range(100):
                await (ref.ask(number) if number % 7 == 0 else ref.tell(number))

        sender = await system.spawn(Does, "sender")
        await sender.ask(send)
        await ref.stop(drain=True)
    assert seen == list(range(100))


async def test_tell_nowait_and_tell_keep_their_order() -> None:
    seen: list[int] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "notes", args=(seen,))
        for number in range(0, 10, 2):
            ref.tell_nowait(number)
            await ref.tell(number + 1)
        assert await ref.ask(10) == 11
    assert seen == list(range(11))


async def test_an_ask_does_not_overtake_a_tell() -> None:
    seen: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "notes", args=(seen,))
        await ref.tell("told first")
        await ref.ask("asked second")
    assert seen == ["told first", "asked second"]


async def test_an_actor_handles_one_message_at_a_time() -> None:
    events: list[str] = []

    class Suspends(Actor[int, None]):
        @override
        async def on_receive(self, message: int) -> None:
            events.append(f"begin {message}")
            await turns(message % 4)
            events.append(f"end {message}")

    async with ActorSystem() as system:
        ref = await system.spawn(Suspends, "suspends")
        await asyncio.gather(*(ref.ask(number) for number in range(32)))
    for begin, end in zip(events[::2], events[1::2], strict=True):
        assert begin.replace("begin", "end") == end


async def test_one_at_a_time_also_when_the_handler_fails() -> None:
    running = 0

    class Fails(Actor[int, None]):
        @override
        async def on_receive(self, message: int) -> None:
            nonlocal running
            assert running == 0
            running += 1
            await asyncio.sleep(0)
            running -= 1
            raise ValueError(message)

    async with ActorSystem() as system:
        ref = await system.spawn(Fails, "fails")
        asks = (ref.ask(number) for number in range(4))
        errors = await asyncio.gather(*asks, return_exceptions=True)
    assert [type(error) for error in errors] == [ValueError] * 4


async def test_a_tell_never_runs_the_receiver() -> None:
    seen: list[str] = []
    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "notes", args=(seen,))
        await ref.tell("later")
        ref.tell_nowait("still later")
        assert seen == []
        await ref.stop(drain=True)
    assert seen == ["later", "still later"]


async def test_an_ask_to_an_idle_actor_runs_at_once() -> None:
    before = asyncio.Event()
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        asyncio.get_running_loop().call_soon(before.set)
        assert await ref.ask("now") == "now"
        assert not before.is_set()


async def test_a_busy_actor_yields_to_others() -> None:
    seen: list[int] = []
    async with ActorSystem() as system:
        busy = await system.spawn(Notes, "busy", mailbox_size=0, args=(seen,))
        other = await system.spawn(Notes, "other", args=([],))
        for number in range(100_000):
            busy.tell_nowait(number)
        await other.tell("quick")
        await other.stop(drain=True)
        assert len(seen) <= 4 * MESSAGES_PER_TURN


async def test_an_actor_that_always_tells_itself_yields_to_others() -> None:
    class Perpetual(Actor[int, None]):
        @override
        async def on_receive(self, message: int) -> None:
            await self.context.self_ref.tell(message + 1)

    async with ActorSystem() as system:
        ref = await system.spawn(Perpetual, "perpetual")
        await ref.tell(0)
        await turns(5)
        await ref.stop()
    assert len(system.dead_letters) == 1


@on_virtual_time
async def test_a_timer_fires_beside_a_busy_actor() -> None:
    seen: list[int] = []
    fired = asyncio.Event()
    async with ActorSystem() as system:
        ref = await system.spawn(Notes, "busy", mailbox_size=0, args=(seen,))
        for number in range(10_000):
            ref.tell_nowait(number)
        asyncio.get_running_loop().call_later(0.0, fired.set)
        await fired.wait()
        assert len(seen) <= 4 * MESSAGES_PER_TURN


@pytest.mark.parametrize("size", [1, 2, 256])
async def test_tell_to_oneself_on_a_full_mailbox_is_an_error(size: int) -> None:
    async def fill(actor: Does) -> None:
        for _ in range(size):
            await actor.context.self_ref.tell(lambda _: None)
        with pytest.raises(MailboxFullError, match=f"it holds {size} message"):
            await actor.context.self_ref.tell(lambda _: None)

    async with ActorSystem() as system:
        ref = await system.spawn(Does, "does", mailbox_size=size)
        await ref.ask(fill)


async def test_tell_to_oneself_on_a_full_mailbox_that_drops_is_a_dead_letter() -> None:
    async def fill(actor: Does) -> None:
        for name in ("kept", "dropped"):
            await actor.context.self_ref.tell(name.count)

    async with ActorSystem() as system:
        box = MemoryMailbox(1, backpressure_policy="drop_new")
        ref = await system.spawn(Does, "does", mailbox=box)
        await ref.ask(fill)
        assert [letter.reason for letter in system.dead_letters] == ["the mailbox was full"]


async def test_a_message_to_a_stopped_actor_is_a_dead_letter() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        await ref.stop()
        await ref.tell("late")
        ref.tell_nowait("later")
        letters = list(system.dead_letters)
    assert [(letter.recipient, letter.message) for letter in letters] == [
        (ref, "late"),
        (ref, "later"),
    ]
    assert [(letter.sender, letter.reason) for letter in letters] == [
        (None, "the message came too late")
    ] * 2


async def test_a_dead_letter_names_its_sender() -> None:
    async with ActorSystem() as system:
        dead = await system.spawn(Echo, "dead")
        await dead.stop()
        sender = await system.spawn(Does, "sender")
        await sender.ask(lambda _: dead.tell("late"))
        assert system.dead_letters[0].sender is sender


async def test_queued_messages_become_dead_letters_when_the_actor_stops() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate, seen))
        for number in range(5):
            await ref.tell(number)
        await gate.reached.wait()
        ending = ref.stop()
        gate.opened.set()
        await ending
        assert seen == [0]
        assert [letter.message for letter in system.dead_letters] == [1, 2, 3, 4]


async def test_messages_told_to_a_draining_actor_are_dead_letters() -> None:
    gate, seen = Gate(), list[Any]()
    async with ActorSystem() as system:
        ref = await system.spawn(Slow, "slow", args=(gate, seen))
        await ref.tell("in hand")
        await ref.tell("queued")
        await gate.reached.wait()
        ending = ref.stop(drain=True)
        await ref.tell("late")
        gate.opened.set()
        await ending
        assert seen == ["in hand", "queued"]
        assert [letter.message for letter in system.dead_letters] == ["late"]


async def test_the_latest_dead_letters_are_kept_and_all_are_published() -> None:
    system = ActorSystem(max_dead_letters=3)
    heard: list[Any] = []
    system.on_dead_letter(lambda letter: heard.append(letter.message))
    ref = await system.spawn(Echo, "echo")
    await system.shutdown()
    for number in range(10):
        await ref.tell(number)
    assert heard == list(range(10))
    assert [letter.message for letter in system.dead_letters] == [7, 8, 9]


async def test_a_listener_that_fails_is_logged_and_stops_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with ActorSystem() as system:
        heard: list[Any] = []
        system.on_dead_letter(lambda letter: letter.message.append(1))
        system.on_dead_letter(heard.append)
        ref = await system.spawn(Echo, "echo")
        await ref.stop()
        await ref.tell("late")
        assert len(heard) == 1
        assert "a listener failed" in caplog.text


async def test_a_listener_may_send_the_message_to_another_actor() -> None:
    seen: list[Any] = []
    async with ActorSystem() as system:
        heir = await system.spawn(Notes, "heir", args=(seen,))
        system.on_dead_letter(lambda letter: heir.tell_nowait(letter.message))
        ref = await system.spawn(Echo, "echo")
        for number in range(3):
            await ref.tell(number)
        await ref.stop()
        await heir.stop(drain=True)
    assert seen == [0, 1, 2]


async def test_a_message_sent_while_the_actor_starts_is_handled_after_on_started() -> None:
    gate, notes = Gate(), list[str]()

    async def on_started(actor: Actor[Any, Any]) -> None:
        await actor.context.self_ref.tell("from itself, before it waits")
        await gate.wait()
        await actor.context.self_ref.tell("from itself, after")
        notes.append("ready")

    async with ActorSystem() as system:
        spawning = asyncio.create_task(
            system.spawn(Hooked, "hooked", args=(notes,), kwargs={"on_started": on_started})
        )
        await gate.reached.wait()
        ref: ActorRef[Any, Any] = system.get_actor("/actor-system/hooked")
        await ref.tell("from outside")
        await turns()
        gate.opened.set()
        assert await spawning is ref
        await ref.stop(drain=True)
    assert notes == [
        "started",
        "ready",
        "received from itself, before it waits",
        "received from outside",
        "received from itself, after",
        "stopped",
    ]


async def test_parent_and_child_may_tell_each_other() -> None:
    async with ActorSystem() as system:
        parent = await system.spawn(Does, "parent")
        child = await child_of(parent, Does, "child")
        answered = asyncio.Event()

        async def back(actor: Does) -> None:
            assert actor.context.parent is parent
            await actor.context.parent.tell(lambda _: answered.set())

        await parent.tell(lambda actor: actor.context.children[0].tell(back))
        await answered.wait()
        assert child.path == "/actor-system/parent/child"


async def test_a_handler_that_is_not_async_is_told_what_it_should_be() -> None:
    class Plain(Actor[int, int]):
        @override
        def on_receive(self, message: int) -> int:  # type: ignore[override]  # the mistake
            return message

    async with ActorSystem() as system:
        ref = await system.spawn(Plain, "plain")
        with pytest.raises(TypeError) as raised:
            await ref.ask(1)
        (note,) = raised.value.__notes__
        assert note == "on_receive of Plain must be async: code that blocks belongs into receive"
        with pytest.raises(TypeError) as raised:
            await (await system.spawn(Echo, "echo")).ask(TypeError("its own"))
        assert not hasattr(raised.value, "__notes__")


async def test_a_tell_that_is_cut_short_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with ActorSystem() as system:
        gate = Gate()
        ref = await system.spawn(Slow, "slow", args=(gate,))
        await ref.tell("in hand")
        await gate.reached.wait()
        await ref.interrupt()
    assert (
        "/actor-system/slow: the handling of 'in hand' was cancelled, it did not end in time"
        in caplog.text
    )
