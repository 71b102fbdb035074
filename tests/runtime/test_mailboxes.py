"""Mailboxes with actors, in large numbers, and what they say: the rest is in `laws/`."""

import asyncio
import gc
from collections import Counter
from collections.abc import Coroutine
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    Directive,
    Envelope,
    Mailbox,
    MailboxEmptyError,
    MailboxFullError,
    MemoryMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure
from tests.runtime.actors import Parent, always, turns
from tests.runtime.mailboxes import SIZES, Kind, on_each_kind, on_each_mailbox

SENDERS = 16
EACH = 30
MANY = 100_000


class Handles(Actor[int, None]):
    """Notes what it begins to handle; suspends now and then, fails now and then."""

    def __init__(self, handled: list[int], fails_every: int = 0) -> None:
        self.handled = handled
        self.fails_every = fails_every

    @override
    async def on_receive(self, message: int) -> None:
        self.handled.append(message)
        await turns(message % 3)
        if self.fails_every and message % self.fails_every == self.fails_every - 1:
            raise ValueError(message)


class Traffic:
    """What sixteen senders sent, and what became of it."""

    def __init__(self, system: ActorSystem, kind: Kind) -> None:
        self.sent: list[int] = []
        self.handled: list[int] = []
        self.refused: list[int] = []
        self.cancelled: list[int] = []
        self.system = system
        self.kind = kind

    async def send(self, ref: ActorRef[int, None], sender: int) -> None:
        for number in range(sender * EACH, (sender + 1) * EACH):
            self.sent.append(number)
            try:
                await ref.tell(number)
            except MailboxFullError:
                self.refused.append(number)
            except asyncio.CancelledError:
                self.cancelled.append(number)
            await turns(number % 2)

    def start(self, ref: ActorRef[int, None]) -> list[asyncio.Task[None]]:
        return [asyncio.create_task(self.send(ref, sender)) for sender in range(SENDERS)]

    @property
    def dead(self) -> list[int]:
        return [letter.message for letter in self.system.dead_letters]

    def is_conserved(self) -> None:
        assert len(self.sent) == SENDERS * EACH
        assert Counter(self.handled + self.dead + self.refused) == Counter(self.sent)

    def is_in_order(self) -> None:
        """Of one sender and one rank, in the order sent."""
        last: dict[tuple[int, int], int] = {}
        for message in self.handled:
            line = (message // EACH, self.kind.rank(message))
            assert last.get(line, -1) < message
            last[line] = message


# ---------------------------------------------------------------------- conservation


@on_each_mailbox
async def test_nothing_is_lost_when_the_receiver_fails_until_it_is_stopped(
    kind: Kind, size: int, policy: Backpressure
) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system, kind)
        box = kind.make(size, policy)
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(traffic.handled, EACH))
        await asyncio.gather(*traffic.start(ref))
        await ref.stop(drain=True)
        traffic.is_conserved()
        traffic.is_in_order()


@on_each_kind
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("directive", [Directive.restart, Directive.resume])
async def test_nothing_is_lost_or_handled_again_when_the_receiver_fails_and_goes_on(
    kind: Kind, size: int, directive: Directive
) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system, kind)
        parent = await system.spawn(Parent, "parent", args=(always(directive, 1000),))
        box = kind.make(size, "block")

        async def spawn(actor: Actor[Any, Any]) -> ActorRef[int, None]:
            args = (traffic.handled, 5)
            return await actor.context.spawn(Handles, "handles", mailbox=box, args=args)

        ref = await parent.ask(spawn)
        await asyncio.gather(*traffic.start(ref))
        await ref.stop(drain=True)
        assert Counter(traffic.handled) == Counter(traffic.sent)
        traffic.is_in_order()


@on_each_kind
@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_lost_or_doubled_when_senders_are_cancelled(kind: Kind, size: int) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system, kind)
        box = kind.make(size, "block")
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(traffic.handled,))
        senders = traffic.start(ref)
        await turns(1)
        step = 0
        while not all(sender.done() for sender in senders):
            step += 1
            senders[step % SENDERS].cancel()
            await turns(step % 4)
        await asyncio.gather(*senders, return_exceptions=True)
        await ref.stop(drain=True)
        assert max(Counter(traffic.handled).values()) == 1
        assert set(traffic.sent) - set(traffic.cancelled) <= set(traffic.handled)
        assert set(traffic.handled) <= set(traffic.sent)
        assert not traffic.dead
        traffic.is_in_order()


@on_each_kind
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("end", ["stop", "drain", "interrupt"])
@pytest.mark.parametrize("after", [1, 20])
async def test_nothing_is_lost_when_the_receiver_is_stopped(
    kind: Kind, size: int, end: str, after: int
) -> None:
    async with ActorSystem() as system:
        traffic = Traffic(system, kind)
        box = kind.make(size, "block")
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(traffic.handled,))
        senders = traffic.start(ref)
        await turns(after)
        await (ref.interrupt() if end == "interrupt" else ref.stop(drain=end == "drain"))
        await asyncio.gather(*senders)
        traffic.is_conserved()
        traffic.is_in_order()


# ---------------------------------------------------------------------- the bound


@on_each_mailbox
async def test_one_message_too_many_is_what_the_policy_says(
    kind: Kind, size: int, policy: Backpressure
) -> None:
    box = kind.make(size, policy)
    for number in range(size or 1000):
        assert not box.full()
        assert await box.put(Envelope(number))
    assert box.full() == (size > 0)
    if size == 0:
        assert box.put_nowait(Envelope(-1))
    elif policy == "drop_new":
        assert not box.put_nowait(Envelope(-1))
        assert not await box.put(Envelope(-1))
    else:
        with pytest.raises(MailboxFullError, match=f"it holds {size} message"):
            box.put_nowait(Envelope(-1))
        if policy == "fail":
            with pytest.raises(MailboxFullError, match=f"it holds {size} message"):
                await box.put(Envelope(-1))
    assert len(box.close()) == (size or 1001)


@on_each_kind
async def test_nobody_overtakes_those_who_wait(kind: Kind) -> None:
    box = kind.make(1, "block")
    box.put_nowait(Envelope(0))
    waiting = asyncio.create_task(box.put(Envelope(3)))
    await turns(1)
    assert box.get_nowait().message == 0
    with pytest.raises(MailboxFullError):
        box.put_nowait(Envelope(6))
    assert box.get_nowait().message == 3
    await waiting


# ---------------------------------------------------------------------- waiting and giving up


@on_each_kind
async def test_get_nowait_of_nothing_is_an_error(kind: Kind) -> None:
    box = kind.make(1, "block")
    assert box.empty()
    with pytest.raises(MailboxEmptyError, match="the mailbox is empty"):
        box.get_nowait()


def suspended(coroutine: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    """Run to its first wait, without a task."""
    coroutine.send(None)
    return coroutine


@on_each_kind
async def test_a_hundred_thousand_senders_may_give_up(kind: Kind) -> None:
    box = kind.make(1, "block")
    box.put_nowait(Envelope(0))
    waiting = [suspended(box.put(Envelope(0))) for _ in range(MANY)]
    for put in reversed(waiting):
        with pytest.raises(asyncio.CancelledError):
            put.throw(asyncio.CancelledError())
    assert len(box.close()) == 1


@on_each_kind
async def test_a_hundred_thousand_receivers_may_give_up(kind: Kind) -> None:
    box = kind.make(1, "block")
    waiting = [suspended(box.get()) for _ in range(MANY)]
    for get in reversed(waiting):
        with pytest.raises(asyncio.CancelledError):
            get.throw(asyncio.CancelledError())
    box.put_nowait(Envelope(0))
    assert box.get_nowait().message == 0


# ---------------------------------------------------------------------- arguments, owners


@on_each_kind
def test_the_size_and_the_policy_are_checked(kind: Kind) -> None:
    with pytest.raises(ValueError, match=r"maxsize must be at least 0 \(0: no bound\), got -1"):
        kind.make(-1, "block")
    size: Any = "1"
    with pytest.raises(TypeError, match=r"maxsize must be a whole number of messages .*got '1'"):
        kind.make(size, "block")
    policy: Any = "drop_old"
    with pytest.raises(ValueError, match="must be 'block', 'drop_new' or 'fail', got 'drop_old'"):
        kind.make(1, policy)


@on_each_kind
async def test_a_mailbox_belongs_to_one_actor(kind: Kind) -> None:
    async with ActorSystem() as system:
        box = kind.make(1, "block")
        await system.spawn(Handles, "one", mailbox=box, args=([],))
        with pytest.raises(ValueError, match="belongs to one actor"):
            await system.spawn(Handles, "two", mailbox=box, args=([],))


@on_each_kind
async def test_what_was_put_before_there_was_an_actor_is_handled(kind: Kind) -> None:
    async with ActorSystem() as system:
        box, handled = kind.make(5, "block"), list[int]()
        await box.put_batch(map(Envelope, [0, 3, 6]))
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(handled,))
        await ref.stop(drain=True)
        assert handled == [0, 3, 6]


class Counted(MemoryMailbox):
    """One that is made of one that there is: it counts what goes in, and what comes out."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.put_in = self.taken_out = 0

    @override
    async def put(self, envelope: Envelope) -> bool:
        self.put_in += 1
        return await super().put(envelope)

    @override
    def get_nowait(self) -> Envelope:
        envelope = super().get_nowait()
        self.taken_out += 1
        return envelope


@pytest.mark.parametrize("size", [0, 1, 10])
async def test_a_mailbox_that_overrides_one_sees_every_message(size: int) -> None:
    async with ActorSystem() as system:
        box, handled = Counted(size), list[int]()
        ref = await system.spawn(Handles, "handles", mailbox=box, args=(handled,))
        for number in range(20):
            await ref.tell(number)
        await ref.stop(drain=True)
        assert handled == list(range(20))
        assert (box.put_in, box.taken_out) == (20, 20)


class Says(Actor[str, None]):
    """Tells another one."""

    def __init__(self, other: ActorRef[str, None]) -> None:
        self.other = other

    @override
    async def on_receive(self, message: str) -> None:
        await self.other.tell(message)


class Waits(Actor[str, None]):
    def __init__(self, gate: asyncio.Event) -> None:
        self.gate = gate

    @override
    async def on_receive(self, message: str) -> None:
        await self.gate.wait()


async def test_what_waits_in_the_mailbox_still_has_its_sender() -> None:
    async with ActorSystem() as system:
        waits = await system.spawn(Waits, "waits", args=(asyncio.Event(),))
        says = await system.spawn(Says, "says", args=(waits,))
        await waits.tell("in hand")
        await turns(1)
        await says.ask("by an actor")
        await waits.tell("by nobody")
        await says.ask("by an actor, again")
        await waits.interrupt()
        letters = [(letter.message, letter.sender) for letter in system.dead_letters]
        assert letters == [
            ("by an actor", says),
            ("by nobody", None),
            ("by an actor, again", says),
        ]


class Journal(Mailbox):
    """Just what a mailbox must have; notes what happens to it. Where it is full, it drops."""

    def __init__(self, notes: list[str], size: int) -> None:
        self.notes = notes
        self.size = size
        self.queue: list[Envelope] = []

    @override
    async def put(self, envelope: Envelope) -> bool:
        return self.put_nowait(envelope)

    @override
    def put_nowait(self, envelope: Envelope) -> bool:
        if self.full():
            return False
        self.notes.append(f"put {envelope.message}")
        self.queue.append(envelope)
        return True

    @override
    async def get(self) -> Envelope:
        return self.get_nowait()

    @override
    def get_nowait(self) -> Envelope:
        if not self.queue:
            raise MailboxEmptyError
        self.notes.append(f"get {self.queue[0].message}")
        return self.queue.pop(0)

    @override
    def empty(self) -> bool:
        return not self.queue

    @override
    def full(self) -> bool:
        return len(self.queue) >= self.size

    @override
    def close(self) -> list[Envelope]:
        left, self.queue = self.queue, []
        return left

    @override
    async def done(self, envelope: Envelope) -> None:
        self.notes.append(f"done {envelope.message}")


class Notes(Actor[int, int]):
    def __init__(self, notes: list[str]) -> None:
        self.notes = notes

    @override
    async def on_receive(self, message: int) -> int:
        self.notes.append(f"handle {message}")
        await turns(1)
        return -message


async def test_every_message_goes_through_a_mailbox_of_ones_own_and_is_done_after_its_handler() -> (
    None
):
    async with ActorSystem() as system:
        notes: list[str] = []
        ref = await system.spawn(Notes, "notes", mailbox=Journal(notes, 2), args=(notes,))
        assert await ref.ask(1) == -1
        await ref.tell(2)
        ref.tell_nowait(3)
        ref.tell_nowait(4)  # dropped
        assert [letter.message for letter in system.dead_letters] == [4]
        await ref.stop(drain=True)
        steps = [note for note in notes if not note.startswith("put")]
        assert steps == [f"{step} {n}" for n in (1, 2, 3) for step in ("get", "handle", "done")]
        assert [note for note in notes if note.startswith("put")] == ["put 1", "put 2", "put 3"]


async def test_put_batch_of_a_mailbox_of_ones_own_ends_at_the_first_that_is_dropped() -> None:
    box = Journal([], 2)
    assert await box.put_batch(map(Envelope, range(5))) == 2
    assert [envelope.message for envelope in box.close()] == [0, 1]


async def test_a_mailbox_that_is_slow_to_take_a_message_loses_it_to_nobody() -> None:
    class Slow(MemoryMailbox):
        @override
        async def put(self, envelope: Envelope) -> bool:
            await turns(5)
            return await super().put(envelope)

    async with ActorSystem() as system:
        ref = await system.spawn(Handles, "handles", mailbox=Slow(), args=([],))
        telling = asyncio.create_task(ref.tell(1))
        await turns(1)
        await ref.stop()
        await telling
        assert [letter.message for letter in system.dead_letters] == [1]


async def test_an_idle_actor_keeps_no_mailbox_of_its_own_making() -> None:
    async with ActorSystem() as system:
        handled, given = list[int](), MemoryMailbox()
        ref = await system.spawn(Handles, "handles", args=(handled,))
        other = await system.spawn(Handles, "other", mailbox=given, args=(handled,))
        for number in (0, 3, 6):
            await ref.tell(number)
            await other.tell(number)
            await turns(2)
        assert handled == [0, 0, 3, 3, 6, 6]
        assert [box for box in gc.get_referents(ref, other) if isinstance(box, Mailbox)] == [
            given,
            given,  # of the actor, and of what it was spawned with
        ]
