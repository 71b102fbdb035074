"""A `ThreadedMailbox` takes messages from any thread: none late, none lost, none handled beside the
loop."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from functools import partial
from itertools import cycle
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    DeadLetter,
    Envelope,
    FastMailbox,
    Mailbox,
    MailboxEmptyError,
    MailboxFullError,
    MemoryMailbox,
    PriorityMailbox,
    ThreadedMailbox,
)
from everything_is_an_actor.runtime.mailbox import Backpressure
from tests.runtime.actors import Does, Echo, Gate, Slow, place_of, turns

THREADS = 4
PATIENCE = 60.0  # seconds, after which something is lost


async def in_threads(*jobs: Callable[[], Any]) -> list[Any]:
    """Run each in a thread of its own, beside the loop."""
    return await asyncio.gather(*(asyncio.to_thread(job) for job in jobs))


def beside(job: Callable[[], Any]) -> None:
    """Run in another thread while the loop stands still."""
    errors: list[BaseException] = []

    def run() -> None:
        try:
            job()
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if errors:
        raise errors[0]


class Acknowledges(Actor[tuple[int, int, bool], None]):
    """Notes what each thread sent, and tells the thread when it is asked to."""

    def __init__(self, seen: list[list[int]], acknowledged: list[threading.Semaphore]) -> None:
        self.seen = seen
        self.acknowledged = acknowledged
        self.thread = threading.get_ident()

    @override
    async def on_receive(self, message: tuple[int, int, bool]) -> None:
        assert threading.get_ident() == self.thread
        sender, number, last = message
        self.seen[sender].append(number)
        if last:
            self.acknowledged[sender].release()


async def send_in_bursts(threads: int, total: int, sizes: list[int]) -> None:
    """Each thread sends bursts, and the next when the last of one was handled.

    Where nothing else wakes the loop, a wake-up that is lost is a burst never acknowledged.
    """
    seen: list[list[int]] = [[] for _ in range(threads)]
    acknowledged = [threading.Semaphore(0) for _ in range(threads)]
    async with ActorSystem() as system:
        args = (seen, acknowledged)
        ref = await system.spawn(Acknowledges, "it", mailbox=ThreadedMailbox(0), args=args)

        def send(sender: int) -> None:
            number = 0
            for size in cycle(sizes[sender:] + sizes[:sender]):
                end = min(number + size, total)
                while number < end:
                    number += 1
                    ref.tell_nowait((sender, number, number == end))
                assert acknowledged[sender].acquire(timeout=PATIENCE)
                if number == total:
                    return

        await in_threads(*(partial(send, sender) for sender in range(threads)))
        assert seen == [list(range(1, total + 1))] * threads


@pytest.mark.parametrize("threads", [1, THREADS])
async def test_every_message_of_every_burst_is_handled_in_the_order_sent(threads: int) -> None:
    await send_in_bursts(threads, 100_000 // threads, [1, 2, 1000, 3, 55, 8, 233, 21])


@pytest.mark.parametrize("threads", [1, THREADS])
async def test_every_message_wakes_the_loop(threads: int) -> None:
    await send_in_bursts(threads, 5000, [1])


async def test_a_burst_asks_for_one_wake_up() -> None:
    box, woken = ThreadedMailbox(0), list[int]()
    box.bind(lambda: woken.append(len(box.close())))
    beside(lambda: [box.put_nowait(Envelope(number)) for number in range(1000)])
    await turns(3)
    assert woken == [1000]


async def test_what_comes_after_a_wake_up_asks_for_another() -> None:
    box, got = ThreadedMailbox(0), list[int]()

    def wake() -> None:
        while not box.empty():
            got.append(box.get_nowait().message)
            if got[-1] < 100:
                beside(lambda: box.put_nowait(Envelope(got[-1] + 1)))
                return

    box.bind(wake)
    box.put_nowait(Envelope(0))
    await turns(200)
    assert got == list(range(101))


@pytest.mark.parametrize("policy", ["drop_new", "fail", "block"])
@pytest.mark.parametrize("size", [1, 2, 256])
@pytest.mark.parametrize("stops", [False, True])
async def test_what_threads_sent_was_handled_dropped_or_refused(
    size: int, policy: Backpressure, stops: bool
) -> None:
    each = 500
    sent = [(sender, number, False) for sender in range(THREADS) for number in range(each)]
    seen: list[list[int]] = [[] for _ in range(THREADS)]
    refused: list[tuple[int, int, bool]] = []
    async with ActorSystem() as system:
        buried: list[int] = []
        system.on_dead_letter(lambda letter: buried.append(threading.get_ident()))
        box = ThreadedMailbox(size, backpressure_policy=policy)
        ref = await system.spawn(Acknowledges, "it", mailbox=box, args=(seen, []))
        half_way, stopped = threading.Barrier(THREADS + 1), threading.Event()

        async def send_all(sender: int) -> None:
            for number in range(each):
                if number == each // 2:
                    half_way.wait(PATIENCE)
                if number == each - 1:
                    assert stopped.wait(PATIENCE)
                try:
                    if number % 2:
                        await ref.tell((sender, number, False))
                    else:
                        ref.tell_nowait((sender, number, False))
                except MailboxFullError:
                    refused.append((sender, number, False))

        sending = asyncio.create_task(
            in_threads(
                *(lambda sender=sender: asyncio.run(send_all(sender)) for sender in range(THREADS))
            )
        )
        await asyncio.to_thread(half_way.wait, PATIENCE)
        if stops:
            await ref.stop()
        stopped.set()
        await sending
        await ref.stop(drain=True)
        await turns(3)
        assert set(buried) <= {threading.get_ident()}
        handled = [(sender, number, False) for sender, line in enumerate(seen) for number in line]
        dead = [letter.message for letter in system.dead_letters]
        assert Counter(handled + dead + refused) == Counter(sent)
        assert all(line == sorted(line) for line in seen)
        assert dead or not stops


async def test_a_sender_that_waits_on_another_loop_is_let_in() -> None:
    box, count = ThreadedMailbox(1), 2000

    async def put_all() -> list[bool]:
        return [await box.put(Envelope(number)) for number in range(count)]

    putting = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(put_all())))
    assert [(await box.get()).message for _ in range(count)] == list(range(count))
    assert await putting == [True] * count


async def test_a_receiver_that_waits_on_another_loop_gets_what_is_put_here() -> None:
    box, back, count = ThreadedMailbox(1), ThreadedMailbox(1), 2000

    async def reply_to_all() -> None:
        for _ in range(count):
            await back.put(await box.get())

    replying = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(reply_to_all())))
    for number in range(count):
        assert await box.put(Envelope(number))
        assert (await back.get()).message == number
    await replying


async def test_close_releases_a_sender_that_waits_on_another_loop() -> None:
    box = ThreadedMailbox(1)
    box.put_nowait(Envelope(0))
    waits = threading.Event()

    async def put() -> bool:
        putting = asyncio.create_task(box.put(Envelope(1)))
        await turns(1)
        waits.set()
        return await putting

    putting = asyncio.create_task(asyncio.to_thread(lambda: asyncio.run(put())))
    assert await asyncio.to_thread(waits.wait, PATIENCE)
    assert [envelope.message for envelope in box.close()] == [0, 1]
    assert await putting


async def test_a_sender_that_is_cancelled_before_it_hears_that_it_was_let_in_takes_it_back() -> (
    None
):
    box = ThreadedMailbox(1)
    box.put_nowait(Envelope(0))
    putting = [asyncio.create_task(box.put(Envelope(number))) for number in (3, 6)]
    await turns(1)
    beside(box.get_nowait)
    putting[0].cancel()
    await turns(3)
    assert putting[0].cancelled()
    assert [envelope.message for envelope in box.close()] == [6]
    assert await putting[1]


async def test_an_envelope_is_in_one_place_when_senders_on_other_loops_are_cancelled() -> None:
    box, count = ThreadedMailbox(2), 1000
    put, taken_back = list[int](), list[int]()

    async def send(number: int) -> None:
        try:
            assert await box.put(Envelope(number))
        except asyncio.CancelledError:
            taken_back.append(number)
        else:
            put.append(number)

    async def send_all(sender: int) -> None:
        for first in range(sender * count, (sender + 1) * count, 4):
            sending = [asyncio.create_task(send(number)) for number in range(first, first + 4)]
            await turns(1 + first % 3)
            sending[first // 4 % 4].cancel()
            await asyncio.wait(sending)

    async def take_all() -> list[int]:
        got: list[int] = []
        try:
            while True:
                got.append((await box.get()).message)
        except MailboxEmptyError:
            return got

    taking = asyncio.create_task(take_all())
    await in_threads(
        *(lambda sender=sender: asyncio.run(send_all(sender)) for sender in range(THREADS))
    )
    left = [envelope.message for envelope in box.close()]
    got = await taking + left
    assert max(Counter(got).values()) == 1
    assert set(put) <= set(got)
    assert set(got) <= set(put) | set(taken_back)
    assert sorted(put + taken_back) == list(range(THREADS * count))


# ---------------------------------------------------------------------- the end


async def test_what_a_thread_sends_to_a_stopped_actor_is_a_dead_letter_on_the_loop() -> None:
    async with ActorSystem() as system:
        letters: list[tuple[DeadLetter, int]] = []
        system.on_dead_letter(lambda letter: letters.append((letter, threading.get_ident())))
        ref = await system.spawn(Echo, "echo", mailbox=ThreadedMailbox())
        await ref.stop()
        beside(lambda: ref.tell_nowait("late"))
        beside(lambda: asyncio.run(ref.tell("later")))
        assert not letters
        await turns(1)
        assert letters == [
            (DeadLetter(ref, message, None, "the message came too late"), threading.get_ident())
            for message in ("late", "later")
        ]


async def test_what_a_thread_sends_to_a_full_actor_is_dropped_or_refused() -> None:
    async with ActorSystem() as system:
        for policy in ("drop_new", "fail", "block"):
            gate, seen = Gate(), list[str]()
            box = ThreadedMailbox(1, backpressure_policy=policy)
            ref = await system.spawn(Slow, policy, mailbox=box, args=(gate, seen))
            beside(partial(ref.tell_nowait, "in hand"))
            await gate.reached.wait()
            beside(partial(ref.tell_nowait, "queued"))
            if policy == "drop_new":
                beside(partial(ref.tell_nowait, "dropped"))
            else:
                with pytest.raises(MailboxFullError):
                    beside(partial(ref.tell_nowait, "refused"))
            gate.opened.set()
            await ref.stop(drain=True)
            assert seen == ["in hand", "queued"]
        assert [(letter.message, letter.reason) for letter in system.dead_letters] == [
            ("dropped", "the mailbox was full")
        ]


def test_a_mailbox_whose_loop_is_closed_takes_nothing() -> None:
    async def bound(box: Mailbox) -> None:
        box.bind(lambda: None)

    box = ThreadedMailbox()
    with asyncio.Runner() as runner:
        runner.run(bound(box))
        assert box.put_nowait(Envelope(1))  # at rest, but not closed
    assert not box.put_nowait(Envelope(2))
    beside(lambda: box.put_nowait(Envelope(3)))
    assert [envelope.message for envelope in box.close()] == [1]


def test_what_is_sent_when_the_loop_is_closed_is_a_dead_letter() -> None:
    async def start() -> tuple[ActorSystem, ActorRef[Any, Any]]:
        system = ActorSystem()
        return system, await system.spawn(Echo, "echo", mailbox=ThreadedMailbox())

    with asyncio.Runner() as runner:
        system, ref = runner.run(start())
    beside(partial(ref.tell_nowait, "late"))
    assert [(letter.message, letter.reason) for letter in system.dead_letters] == [
        ("late", "its event loop is closed")
    ]
    place_of(ref).leave()


def test_a_sender_whose_loop_was_closed_while_it_waited_stops_nobody() -> None:
    async def main() -> None:
        box = ThreadedMailbox(1)
        box.put_nowait(Envelope(0))

        def leave_one_waiting() -> None:
            loop = asyncio.new_event_loop()
            put = box.put(Envelope(3))
            loop.run_until_complete(begin(put))
            loop.close()
            abandoned.append(put)

        abandoned: list[Any] = []
        beside(leave_one_waiting)
        assert [box.get_nowait().message for _ in range(2)] == [0, 3]
        abandoned[0].close()

    async def begin(coroutine: Any) -> None:
        coroutine.send(None)

    asyncio.run(main())


# ---------------------------------------------------------------------- without one


@pytest.mark.parametrize(
    "box", [None, MemoryMailbox(), FastMailbox(), PriorityMailbox(key=len)], ids=type
)
async def test_a_thread_that_sends_to_an_actor_with_another_mailbox_is_told_what_to_do(
    box: Mailbox | None,
) -> None:
    async with ActorSystem("app") as system:
        ref = await system.spawn(Echo, "echo", mailbox=box)
        with pytest.raises(RuntimeError, match=r"/app/echo was sent 'hi' .*ThreadedMailbox\(\)"):
            beside(lambda: ref.tell_nowait("hi"))
        with pytest.raises(RuntimeError, match=r"/app/echo was sent 'hi' .*ThreadedMailbox\(\)"):
            beside(lambda: asyncio.run(ref.tell("hi")))
        assert place_of(ref).turn is None
        assert await ref.ask("still there") == "still there"


async def test_a_thread_that_tells_a_busy_actor_with_another_mailbox_is_told_what_to_do() -> None:
    gate, seen = Gate(), list[str]()
    async with ActorSystem("app") as system:
        ref = await system.spawn(Slow, "slow", args=(gate, seen))
        await ref.tell("first")
        await ref.tell("second")
        await gate.reached.wait()
        with pytest.raises(RuntimeError, match=r"/app/slow was sent 'third' .*ThreadedMailbox\(\)"):
            beside(lambda: asyncio.run(ref.tell("third")))
        gate.opened.set()
        await ref.stop(drain=True)
    assert seen == ["first", "second"]


@pytest.mark.parametrize("make", [lambda: None, ThreadedMailbox], ids=["default", "threaded"])
@pytest.mark.parametrize("is_busy", [False, True], ids=["idle", "busy"])
async def test_an_ask_from_another_loop_is_not_handled_there(
    make: Callable[[], Mailbox | None], is_busy: bool
) -> None:
    gate, seen = Gate(), list[str]()
    async with ActorSystem("app") as system:
        ref = await system.spawn(Slow, "slow", mailbox=make(), args=(gate, seen))
        if is_busy:
            await ref.tell("first")
            await gate.reached.wait()
        with pytest.raises(
            RuntimeError, match=r"/app/slow was asked 'hi' .*run_coroutine_threadsa"
        ):
            beside(lambda: asyncio.run(ref.ask("hi")))
        gate.opened.set()
        await ref.stop(drain=True)
    assert seen == (["first"] if is_busy else [])


def test_one_may_send_while_the_loop_rests() -> None:
    seen: list[int] = []
    with asyncio.Runner() as runner:
        system = ActorSystem()

        async def start(name: str, box: Mailbox | None) -> ActorRef[Any, Any]:
            return await system.spawn(Does, name, mailbox=box)

        refs = [
            runner.run(start("threaded", ThreadedMailbox())),
            runner.run(start("plain", None)),
        ]
        for number, ref in enumerate(refs):
            ref.tell_nowait(lambda actor, number=number: seen.append(number))
        runner.run(turns(5))
        assert sorted(seen) == [0, 1]
        runner.run(system.shutdown())


async def test_an_actor_that_has_one_may_be_sent_to_by_its_own_threads() -> None:
    async with ActorSystem() as system:
        told: list[Any] = []

        async def call(actor: Does) -> None:
            await asyncio.to_thread(actor.context.self_ref.tell_nowait, note)

        def note(actor: Does) -> None:
            told.append(threading.get_ident())

        ref = await system.spawn(Does, "does", mailbox=ThreadedMailbox(1))
        await ref.ask(call)
        await ref.stop(drain=True)
        assert told == [threading.get_ident()]


async def test_what_is_not_for_other_threads_says_so() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        for end in (ref.stop, ref.interrupt):
            with pytest.raises(RuntimeError, match="call_soon_threadsafe"):
                await asyncio.to_thread(end)
        with pytest.raises(RuntimeError, match="belongs to another event loop"):
            await asyncio.to_thread(lambda: asyncio.run(system.shutdown()))
        assert await ref.ask("hello") == "hello"
