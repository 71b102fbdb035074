"""Any sequence of operations on a mailbox, also two in the same step, against its model."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any, override

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from everything_is_an_actor import Envelope, Mailbox, MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.mailboxes.model import Model
from everything_is_an_actor.testing.mailboxes.subject import (
    Subject,
    ending,
    get_nowait,
    put_nowait,
)
from everything_is_an_actor.testing.sentences import examples, same

BUSY = 25  # operations before it may be closed


class Machine(RuleBasedStateMachine):
    """Does the same to a mailbox and to its model.

    Where waiting is not fair at most one sender and one receiver wait: who is served is then known.
    """

    subject: Subject
    policy: Backpressure

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner(loop_factory=self.subject.loop)
        self.puts: dict[int, asyncio.Task[bool]] = {}
        self.gets: dict[int, asyncio.Task[int]] = {}
        self.last = 0
        self.left: list[int] = []  # in the mailbox when it was closed

    @initialize(size=st.sampled_from([1, 2, 3, 0]))
    def start(self, size: int) -> None:
        """An empty mailbox."""
        self.model = Model(size, self.policy, self.subject.rank)

        async def main() -> Mailbox:
            box = self.subject.make(size, self.policy)
            box.bind(lambda: None)
            return box

        self.box = self.runner.run(main())

    # ------------------------------------------------------------------ what a task does

    def number(self) -> int:
        """A message, or the number of a receiver."""
        self.last += 1
        return self.last

    def settle(self, step: Callable[[], Any] = lambda: None) -> None:
        """Do something on the loop, and let every task run as far as the model says it can."""

        async def main() -> None:
            step()
            expected = [self.puts[each] for each in self.model.puts]
            await self.subject.settled(*expected, *(self.gets[each] for each in self.model.gets))

        self.runner.run(main())

    def start_put(self, message: int) -> None:
        """A sender that may have to wait."""

        async def put() -> bool:
            return await self.box.put(Envelope(message))

        self.puts[message] = self.runner.get_loop().create_task(put())

    # ------------------------------------------------------------------ one thing at a time

    @precondition(lambda self: self.subject.able.put_nowait and self.subject.able.at_once)
    @rule()
    def put_nowait(self) -> None:
        """Put without waiting."""
        message = self.number()

        def step() -> None:
            same(put_nowait(self.box, message), self.model.put_nowait(message))

        self.settle(step)

    @precondition(lambda self: self.subject.able.fair or not self.model.senders)
    @rule()
    def put(self) -> None:
        """Put, waiting if need be."""
        message = self.number()
        self.model.put(message)
        self.start_put(message)
        self.settle()

    @rule(count=st.integers(0, 4))
    def put_batch(self, count: int) -> None:
        """Put several that need not wait."""
        model = self.model
        batch = [self.number() for _ in range(count)]
        fits = model.closed or count <= model.room
        if not fits and self.policy == "block":
            return  # it waits, as `count` puts do
        if not fits and self.policy == "fail":
            if self.subject.able.whole_batches:
                self.refuse_batch(batch)
            return
        queued = self.runner.run(self.box.put_batch(map(Envelope, batch)))
        same(queued, model.put_batch(batch))
        self.settle()

    def refuse_batch(self, batch: list[int]) -> None:
        """The whole of it."""
        try:
            self.runner.run(self.box.put_batch(map(Envelope, batch)))
        except MailboxFullError:
            return
        raise AssertionError("a batch that does not fit was queued")

    @precondition(lambda self: self.subject.able.at_once)
    @rule()
    def get_nowait(self) -> None:
        """Take what is there."""

        def step() -> None:
            same(get_nowait(self.box), self.model.get_nowait())

        self.settle(step)

    @precondition(lambda self: self.subject.able.fair or not self.model.receivers)
    @rule()
    def get(self) -> None:
        """Wait for a message, and handle it."""
        number = self.number()
        self.model.get(number)
        self.gets[number] = self.runner.get_loop().create_task(self.subject.received(self.box))
        self.settle()

    @precondition(lambda self: self.model.senders)
    @rule(data=st.data())
    def cancel_put(self, data: st.DataObject) -> None:
        """Cancel a sender that waits."""
        message = data.draw(st.sampled_from(self.model.senders))
        self.model.cancel_put(message)
        self.settle(self.puts[message].cancel)

    @precondition(lambda self: self.model.receivers)
    @rule(data=st.data())
    def cancel_get(self, data: st.DataObject) -> None:
        """Cancel a receiver that waits."""
        number = data.draw(st.sampled_from(self.model.receivers))
        self.model.cancel_get(number)
        self.settle(self.gets[number].cancel)

    @precondition(lambda self: self.last > BUSY)
    @rule()
    def close(self) -> None:
        """Take out all there is; those who wait for room are let in and taken out, or refused."""
        senders, self.model.senders = self.model.senders, []
        left: list[int] = []
        queued = self.model.close()
        self.left += queued

        def step() -> None:
            left.extend(envelope.message for envelope in self.box.close())

        self.settle(step)
        self.runner.run(self.subject.settled(*(self.puts[message] for message in senders)))
        for message in senders:
            outcome = self.model.puts[message] = ending(self.puts[message])
            assert outcome is (message in left), "its sender is to know what became of it"
        if self.subject.reopen is None:
            same([message for message in left if message not in senders], queued)
            assert self.subject.in_order(left), f"out of order: {left}"
            assert len(set(left)) == len(left), f"twice: {left}"

    # ------------------------------------------------------------------ two in the same step

    @precondition(lambda self: self.subject.able.at_once and self.model.senders)
    @rule(data=st.data())
    def a_sender_is_cancelled_and_then_there_is_room(self, data: st.DataObject) -> None:
        """The next one that waits is let in."""
        message = data.draw(st.sampled_from(self.model.senders))
        self.model.cancel_put(message)

        def step() -> None:
            self.puts[message].cancel()
            same(get_nowait(self.box), self.model.get_nowait())

        self.settle(step)

    @precondition(lambda self: self.subject.able.at_once and self.model.senders)
    @rule(taken=st.integers(1, 3))
    def a_sender_is_cancelled_as_it_is_let_in(self, taken: int) -> None:
        """It takes its message back, unless that has been handed out."""
        model = self.model
        message = model.senders[0]

        def step() -> None:
            for _ in range(taken if self.subject.able.fair else 1):
                same(get_nowait(self.box), model.get_nowait())
            model.puts[message] = "cancelled"
            if message in model.queue:
                model.queue.remove(message)
                model.admit()
            self.puts[message].cancel()

        self.settle(step)

    @precondition(lambda self: self.subject.able.at_once and self.model.receivers)
    @precondition(lambda self: self.subject.able.put_nowait)
    @rule(data=st.data())
    def a_receiver_is_cancelled_and_then_a_message_comes(self, data: st.DataObject) -> None:
        """It goes to the first that waits."""
        # if the first is cancelled, others may look in vain, and lose their places
        receivers = self.model.receivers[1:] or self.model.receivers
        number = data.draw(st.sampled_from(receivers))
        self.model.cancel_get(number)
        message = self.number()

        def step() -> None:
            self.gets[number].cancel()
            same(put_nowait(self.box, message), self.model.put_nowait(message))

        self.settle(step)

    @precondition(lambda self: self.subject.able.at_once and self.model.receivers)
    @precondition(lambda self: self.subject.able.put_nowait)
    @rule()
    def a_receiver_is_cancelled_as_its_message_comes(self) -> None:
        """The message goes to the next one that waits."""
        number, message = self.model.receivers[0], self.number()

        def step() -> None:
            same(put_nowait(self.box, message), True)
            self.gets[number].cancel()
            self.model.cancel_get(number)
            assert self.model.put_nowait(message)

        self.settle(step)

    @precondition(lambda self: self.subject.able.at_once and self.model.receivers)
    @precondition(lambda self: self.subject.able.put_nowait)
    @rule()
    def a_message_is_taken_before_the_receiver_looks(self) -> None:
        """The receiver waits on, or had it already."""
        number, message = self.model.receivers.pop(0), self.number()

        def step() -> None:
            same(put_nowait(self.box, message), True)
            taken = get_nowait(self.box)
            if taken == "empty":
                self.model.gets[number] = message
            else:
                same(taken, message)
                self.model.receivers.append(number)

        self.settle(step)

    # ------------------------------------------------------------------ what is seen

    @invariant()
    def they_agree(self) -> None:
        """The mailbox is where its model is."""
        if not hasattr(self, "box"):
            return
        if self.subject.able.at_once:
            same(self.box.empty(), not self.model.queue)
            same(self.box.full(), self.model.full)
        same({key: ending(put) for key, put in self.puts.items() if put.done()}, self.model.puts)
        same({key: ending(get) for key, get in self.gets.items() if get.done()}, self.model.gets)

    @override
    def teardown(self) -> None:
        went_well = sys.exception() is None
        try:
            if hasattr(self, "box"):
                if went_well:
                    self.close()
                    self.they_agree()
                self.runner.run(self.end(went_well))
        finally:
            self.runner.close()

    async def end(self, went_well: bool) -> None:
        """Let go of the mailbox; what a durable one keeps is what was left."""
        self.box.close()
        await self.box.release()
        if went_well and self.subject.reopen is not None:
            async with self.subject.bound(self.subject.reopen(self.box)) as following:
                same(await self.subject.rest(following), self.left)


def model(subject: Subject) -> None:
    """Whatever is done to it, in any order, it does what its model does."""
    for policy, share in (("block", 0.8), ("drop_new", 0.2), ("fail", 0.2)):
        machine = type(f"Machine_{policy}", (Machine,), {"subject": subject, "policy": policy})
        run_state_machine_as_test(machine, settings=examples(share, subject.configured))
