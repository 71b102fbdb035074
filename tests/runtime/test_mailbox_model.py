"""Every mailbox against a model of what it says: lists of who is queued and who waits."""

import asyncio
from collections.abc import Callable
from typing import Any, Literal, override

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from everything_is_an_actor import Envelope, MailboxEmptyError, MailboxFullError
from everything_is_an_actor.runtime.mailbox import Backpressure
from tests.runtime.actors import turns
from tests.runtime.mailboxes import KINDS, Kind

type Outcome = bool | int | Literal["full", "empty", "cancelled"]


class Model:
    """A mailbox whose tasks have all run as far as they can. Messages are numbers."""

    def __init__(self, size: int, policy: Backpressure, rank: Callable[[int], int]) -> None:
        self.size = size
        self.policy = policy
        self.rank = rank
        self.queue: list[int] = []
        self.senders: list[int] = []  # that wait, by message
        self.receivers: list[int] = []  # that wait, by number
        self.closed = False
        self.puts: dict[int, Outcome] = {}  # the tasks that have ended, and how
        self.gets: dict[int, Outcome] = {}

    @property
    def full(self) -> bool:
        return 0 < self.size <= len(self.queue)

    def put_nowait(self, message: int) -> Outcome:
        if self.closed:
            return False
        if self.full:
            return False if self.policy == "drop_new" else "full"
        self.queue.append(message)
        if self.receivers:
            self.gets[self.receivers.pop(0)] = self.get_nowait()
        return True

    def put(self, message: int) -> None:
        if self.full and self.policy == "block":
            self.senders.append(message)
        else:
            self.puts[message] = self.put_nowait(message)

    def cancel_put(self, message: int) -> None:
        self.senders.remove(message)
        self.puts[message] = "cancelled"

    def get_nowait(self) -> Outcome:
        if not self.queue:
            return "empty"
        message = min(self.queue, key=self.rank)
        self.queue.remove(message)
        self.admit()
        return message

    def admit(self) -> int | None:
        if not self.senders:
            return None
        sender = self.senders.pop(0)
        self.queue.append(sender)
        self.puts[sender] = True
        return sender

    def get(self, number: int) -> None:
        if self.queue or self.closed:
            self.gets[number] = self.get_nowait()
        else:
            self.receivers.append(number)

    def cancel_get(self, number: int) -> None:
        self.receivers.remove(number)
        self.gets[number] = "cancelled"

    def close(self) -> list[int]:
        self.closed = True
        while self.senders:
            self.admit()
        left, self.queue = sorted(self.queue, key=self.rank), []
        for number in self.receivers:
            self.gets[number] = "empty"
        self.receivers = []
        return left


class Machine(RuleBasedStateMachine):
    """Does the same to a mailbox and to its model."""

    kind: Kind
    policy: Backpressure

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.puts: dict[int, asyncio.Task[bool]] = {}
        self.gets: dict[int, asyncio.Task[Envelope]] = {}
        self.last = 0

    @initialize(size=st.sampled_from([1, 2, 3, 0]))
    def start(self, size: int) -> None:
        self.box = self.kind.make(size, self.policy)
        self.model = Model(size, self.policy, self.kind.rank)

    # ------------------------------------------------------------------ what a task does

    def number(self) -> int:
        self.last += 1
        return self.last

    def settle(self, step: Callable[[], Any] = lambda: None) -> None:
        """Do something on the loop, and let every task run as far as it can."""

        async def main() -> None:
            step()
            await turns(8)

        self.runner.run(main())

    def task[T](self, coroutine: Any) -> asyncio.Task[T]:
        return asyncio.Task(coroutine, loop=self.runner.get_loop(), eager_start=False)

    def put_nowait_now(self, message: int) -> Outcome:
        try:
            return self.box.put_nowait(Envelope(message))
        except MailboxFullError:
            return "full"

    def get_nowait_now(self) -> Outcome:
        try:
            message: int = self.box.get_nowait().message
        except MailboxEmptyError:
            return "empty"
        return message

    # ------------------------------------------------------------------ one thing at a time

    @rule()
    def put_nowait(self) -> None:
        message = self.number()

        def step() -> None:
            assert self.put_nowait_now(message) == self.model.put_nowait(message)

        self.settle(step)

    @rule()
    def put(self) -> None:
        message = self.number()
        self.model.put(message)
        self.puts[message] = self.task(self.box.put(Envelope(message)))
        self.settle()

    @rule(count=st.integers(0, 4))
    def put_batch(self, count: int) -> None:
        model = self.model
        room = count if model.size == 0 else model.size - len(model.queue)
        if model.policy == "block" and room < count:
            return  # as `count` puts: it waits
        batch = [self.number() for _ in range(count)]
        if model.policy == "fail" and room < count and not model.closed:
            with pytest.raises(MailboxFullError):
                self.runner.run(self.box.put_batch(map(Envelope, batch)))
            return
        queued = self.runner.run(self.box.put_batch(map(Envelope, batch)))
        assert queued == (0 if model.closed else min(count, room))
        # receivers that wait look when the batch is there
        waiting, model.receivers = model.receivers, []
        assert all(model.put_nowait(message) for message in batch[:queued])
        for number in waiting:
            model.get(number)
        self.settle()

    @rule()
    def get_nowait(self) -> None:
        def step() -> None:
            assert self.get_nowait_now() == self.model.get_nowait()

        self.settle(step)

    @rule()
    def get(self) -> None:
        number = self.number()
        self.model.get(number)
        self.gets[number] = self.task(self.box.get())
        self.settle()

    @precondition(lambda self: self.model.senders)
    @rule(data=st.data())
    def cancel_put(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.model.senders))
        self.model.cancel_put(message)
        self.settle(self.puts[message].cancel)

    @precondition(lambda self: self.model.receivers)
    @rule(data=st.data())
    def cancel_get(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.model.receivers))
        self.model.cancel_get(number)
        self.settle(self.gets[number].cancel)

    @precondition(lambda self: self.last > 25)
    @rule()
    def close(self) -> None:
        def step() -> None:
            assert [envelope.message for envelope in self.box.close()] == self.model.close()

        self.settle(step)

    # ------------------------------------------------------------------ two in the same step

    @precondition(lambda self: self.model.senders)
    @rule(data=st.data())
    def a_sender_is_cancelled_and_then_there_is_room(self, data: st.DataObject) -> None:
        message = data.draw(st.sampled_from(self.model.senders))
        self.model.cancel_put(message)

        def step() -> None:
            self.puts[message].cancel()
            assert self.get_nowait_now() == self.model.get_nowait()

        self.settle(step)

    @precondition(lambda self: self.model.senders)
    @rule(taken=st.integers(1, 3))
    def a_sender_is_cancelled_as_it_is_let_in(self, taken: int) -> None:
        message = self.model.senders[0]

        def step() -> None:
            for _ in range(taken):
                assert self.get_nowait_now() == self.model.get_nowait()
            self.puts[message].cancel()

        self.settle(step)
        self.model.puts[message] = "cancelled"
        if message in self.model.queue:  # else it was handed out already
            self.model.queue.remove(message)
            self.model.admit()

    @precondition(lambda self: self.model.receivers)
    @rule(data=st.data())
    def a_receiver_is_cancelled_and_then_a_message_comes(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(self.model.receivers))
        self.model.cancel_get(number)
        message = self.number()

        def step() -> None:
            self.gets[number].cancel()
            assert self.put_nowait_now(message) == self.model.put_nowait(message)

        self.settle(step)

    @precondition(lambda self: self.model.receivers)
    @rule()
    def a_receiver_is_cancelled_as_its_message_comes(self) -> None:
        number, message = self.model.receivers[0], self.number()

        def step() -> None:
            assert self.put_nowait_now(message)
            self.gets[number].cancel()

        self.settle(step)
        self.model.cancel_get(number)
        assert self.model.put_nowait(message)

    @precondition(lambda self: self.model.receivers)
    @rule()
    def a_message_is_taken_before_the_receiver_looks(self) -> None:
        message = self.number()

        def step() -> None:
            assert self.put_nowait_now(message)
            assert self.get_nowait_now() == message

        self.settle(step)
        self.model.receivers.append(self.model.receivers.pop(0))

    # ------------------------------------------------------------------ what is seen

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "model"):
            return
        assert self.box.empty() == (not self.model.queue)
        assert self.box.full() == self.model.full
        assert not self.model.size or len(self.model.queue) <= self.model.size
        assert {key: ended(put) for key, put in self.puts.items() if put.done()} == self.model.puts
        assert {key: ended(get) for key, get in self.gets.items() if get.done()} == self.model.gets

    @override
    def teardown(self) -> None:
        if hasattr(self, "model"):
            self.close()
            self.they_agree()
        self.runner.close()


def ended(task: asyncio.Task[Any]) -> Outcome:
    if task.cancelled():
        return "cancelled"
    match task.exception():
        case MailboxFullError():
            return "full"
        case MailboxEmptyError():
            return "empty"
        case None:
            result = task.result()
            outcome: bool | int = result.message if isinstance(result, Envelope) else result
            return outcome
        case error:
            raise error


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize(("policy", "examples"), [("block", 80), ("drop_new", 20), ("fail", 20)])
def test_a_mailbox_does_what_its_model_does(
    kind: Kind, policy: Backpressure, examples: int
) -> None:
    machine = type("Machine", (Machine,), {"kind": kind, "policy": policy})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
        ),
    )
