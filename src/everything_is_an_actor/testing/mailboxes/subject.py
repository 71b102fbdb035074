"""What a suite of mailboxes is about: how one is made, what it promises, how it is run."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import settings
from hypothesis import strategies as st

from everything_is_an_actor import Envelope, Mailbox, MailboxEmptyError, MailboxFullError
from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.mailbox import Backpressure
from everything_is_an_actor.testing.clock import VirtualClockLoop, run

PATIENCE = 20.0  # seconds until what comes from elsewhere is given up

sizes = st.integers(1, 4)
policies = st.sampled_from(["block", "drop_new", "fail"])

type Outcome = bool | int | Literal["full", "empty", "cancelled", "waiting"]


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a mailbox promises; what is not said here is what every `Mailbox` promises.

    A check that needs what is missing is not in the suite.

    >>> Capabilities(fair=True)
    Capabilities(put_nowait=True, at_once=True, fair=True, whole_batches=False, any_thread=False)
    """

    put_nowait: bool = True
    """A message can be put without waiting."""
    at_once: bool = True
    """What was put is there when `put` returns; `empty`, `full` and `get_nowait` see it."""
    fair: bool = False
    """Those who wait are served in the order in which they came, in the step that makes it so."""
    whole_batches: bool = False
    """With the policy to fail, `put_batch` queues the whole of a batch or nothing of it."""
    any_thread: bool = False
    """Messages may be put from any thread."""


@dataclass(frozen=True)
class Subject:
    """A kind of mailbox, as the checks see it. Messages are numbers."""

    make: Callable[[int, Backpressure], Mailbox]
    rank: Callable[[int], Any]
    able: Capabilities
    reopen: Callable[[Any], Mailbox] | None
    configured: settings | None

    def loop(self, schedule: int | None = None) -> asyncio.AbstractEventLoop:
        """On virtual time, where a hang is an error at once, unless messages come from outside."""
        if self.able.at_once:
            return VirtualClockLoop(schedule=schedule)
        return asyncio.new_event_loop()

    def run(
        self, main: Callable[[], Coroutine[Any, Any, None]], schedule: int | None = None
    ) -> None:
        """Run it on a loop of its own."""
        if self.able.at_once:
            run(main(), schedule=schedule)
            return

        async def impatient() -> None:
            async with asyncio.timeout(PATIENCE):
                await main()

        asyncio.run(impatient())

    @asynccontextmanager
    async def opened(
        self,
        size: int,
        policy: Backpressure = "block",
        wake: Callable[[], None] = lambda: None,
    ) -> AsyncGenerator[Mailbox]:
        """A mailbox that belongs to nobody but the check."""
        box = self.make(size, policy)
        if not isinstance(box, Mailbox):
            raise TypeError(
                f"mailbox_suite: factory must make a Mailbox, got {shown(box)}: derive its class "
                "from everything_is_an_actor.Mailbox, or from one that there is"
            )
        async with self.bound(box, wake) as box:
            yield box

    @asynccontextmanager
    async def bound(
        self, box: Mailbox, wake: Callable[[], None] = lambda: None
    ) -> AsyncGenerator[Mailbox]:
        """A mailbox between its first call and its last."""
        box.bind(wake)
        try:
            yield box
        finally:
            box.close()
            await box.release()

    async def settled(self, *expected: asyncio.Future[Any]) -> None:
        """Everything that goes on has gone as far as it can; what is expected to end has ended."""
        if self.able.at_once:
            await asyncio.sleep(1e-3)
        elif expected:
            await asyncio.wait(expected, timeout=PATIENCE)

    async def received(self, box: Mailbox) -> int:
        """The next message, handled; it waits for one."""
        envelope = await box.get()
        await self.handled(box, envelope)
        message: int = envelope.message
        return message

    async def handled(self, box: Mailbox, envelope: Envelope) -> None:
        """What an actor says once it has handled a message."""
        if not box.in_memory:
            await box.done(envelope)

    def in_order(self, received: Sequence[int]) -> bool:
        """Whether messages of the same rank are in the order of their numbers."""
        last: dict[Any, int] = {}
        for message in received:
            if last.get(self.rank(message), -1) > message:
                return False
            last[self.rank(message)] = message
        return True

    async def rest(self, box: Mailbox, at_least: int = 0) -> list[int]:
        """What is left in an open mailbox, to the last: it has room after so many at least."""
        messages = [await self.received(box) for _ in range(at_least)]
        if self.able.at_once:
            while not box.empty():
                messages.append(await self.received(box))
            return messages
        await put_in(box, END)
        while (message := await self.received(box)) != END:
            messages.append(message)
        return messages


END = -1  # the last message


def ending(task: asyncio.Task[Any]) -> Outcome:
    """How a `put` or a `get` ended, if it did."""
    if not task.done():
        return "waiting"
    if task.cancelled():
        return "cancelled"
    match task.exception():
        case None:
            result = task.result()
            outcome: bool | int = result.message if isinstance(result, Envelope) else result
            return outcome
        case MailboxFullError():
            return "full"
        case MailboxEmptyError():
            return "empty"
        case error:
            raise error


async def put_in(box: Mailbox, message: int) -> None:
    """Put a message where there is room for it."""
    assert await box.put(Envelope(message)), f"{message} was dropped, and there is room for it"


def putting(box: Mailbox, message: int) -> asyncio.Task[bool]:
    """A sender that puts one message, and waits if it has to."""
    return asyncio.create_task(_put(box, message))


async def _put(box: Mailbox, message: int) -> bool:
    return await box.put(Envelope(message))


def put_nowait(box: Mailbox, message: int) -> Outcome:
    """What becomes of a message that must not wait."""
    try:
        return box.put_nowait(Envelope(message))
    except MailboxFullError:
        return "full"


def get_nowait(box: Mailbox) -> Outcome:
    """The message that is there, if one is."""
    try:
        message: int = box.get_nowait().message
    except MailboxEmptyError:
        return "empty"
    return message
