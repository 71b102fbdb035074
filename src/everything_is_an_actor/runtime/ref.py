"""`ActorRef`: what the rest of the world holds of an actor."""

from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Awaitable
from typing import Generic, TypeVar, override

from everything_is_an_actor.algebra.free import Free
from everything_is_an_actor.algebra.operations import PATIENCE, ActorOp, asking, stop, tell
from everything_is_an_actor.runtime.events import StreamItem

M = TypeVar("M", contravariant=True)
R = TypeVar("R", covariant=True)


class ActorRef(ABC, Generic[M, R]):
    """The address of one incarnation of an actor that takes messages `M` and replies `R`.

    Two refs are equal if they are the same actor; a ref prints as its path.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Echo(Actor[str, str]):
    ...     async def on_receive(self, message: str) -> str:
    ...         return message
    >>> async def main() -> None:
    ...     async with ActorSystem("app") as system:
    ...         echo: ActorRef[str, str] = await system.spawn(Echo, "echo")
    ...         print(await echo.ask("hello"), echo, echo == system.get_actor("/app/echo"))
    ...         await echo.stop()
    ...         print(echo.is_alive)
    >>> asyncio.run(main())
    hello /app/echo True
    False
    """

    __slots__ = ("__weakref__",)

    @property
    @abstractmethod
    def name(self) -> str:
        """The name, unique among the living children of one parent."""

    @property
    @abstractmethod
    def path(self) -> str:
        """The names from the system down to this actor, as in `/app/greeter`."""

    @property
    @abstractmethod
    def is_alive(self) -> bool:
        """Whether the actor still takes messages."""

    @abstractmethod
    async def tell(self, message: M) -> None:
        """Send a message; wait for room if the mailbox is full and blocks.

        To a stopped actor the message becomes a dead letter. Raises `MailboxFullError` if the
        mailbox is full and refuses, or if the actor sends to itself.
        """

    @abstractmethod
    def tell_nowait(self, message: M) -> None:
        """Send a message at once; raises `MailboxFullError` where `tell` would wait.

        From another thread it reaches an actor that has a `ThreadedMailbox`; any other is a
        `RuntimeError`.
        """

    @abstractmethod
    async def ask(self, message: M, *, timeout: float | None = 5.0) -> R:
        """Send a message and wait for the reply, at most `timeout` seconds (`None`: no bound).

        With 0 or less, what is answered without waiting. What is no number of seconds is refused
        once it would have to wait: a `TypeError`, or for nan a `ValueError`. Raises the handler's
        own exception, `AskTimeoutError`, or `ActorStoppedError`; on another event loop than the
        actor's, a `RuntimeError`.
        """

    @abstractmethod
    def ask_stream(
        self, message: M, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[R], None]:
        """As `ask`; a `StreamEvent` for each event of the tasks on the way, then a `StreamResult`.

        Nothing is sent before the first item is asked for. A slow consumer slows the actor down;
        leaving early gives the ask up. Raises what `ask` raises, after the last event.

        >>> import asyncio
        >>> from collections.abc import AsyncIterator
        >>> from everything_is_an_actor import ActorSystem
        >>> from everything_is_an_actor.agents import AgentActor, StreamEvent, Task
        >>> class Speller(AgentActor[str, list[str]]):
        ...     async def execute(self, input: str) -> AsyncIterator[str]:
        ...         for letter in input:
        ...             yield letter
        >>> async def main() -> None:
        ...     async with ActorSystem() as system:
        ...         speller = await system.spawn(Speller, "speller")
        ...         async for item in speller.ask_stream(Task(input="ab")):
        ...             if isinstance(item, StreamEvent):
        ...                 print(item.event.type, item.event.data)
        ...             else:
        ...                 print(item.result.get_or_raise())
        >>> asyncio.run(main())
        task_started ab
        task_chunk a
        task_chunk b
        task_completed ['a', 'b']
        ['a', 'b']
        """

    @abstractmethod
    def stop(self, *, drain: bool = False) -> Awaitable[None]:
        """Ask the actor to stop after the message in hand; await the result to wait for the end.

        What is queued becomes dead letters, or is handled first with `drain`; later messages
        become dead letters, also those to its children once they stop. Stopping twice is harmless.
        Raises `RuntimeError` while the actor's event loop runs in another thread.
        """

    @abstractmethod
    def interrupt(self) -> Awaitable[None]:
        """As `stop`, and cancel the message in hand at its next await."""

    @abstractmethod
    async def join(self) -> None:
        """Wait until the actor has stopped and its name is free.

        Raises `RuntimeError` when an actor joins itself, or one that it is below: that one ends
        after its children.
        """

    def free_ask(self, message: M, *, timeout: float | None = PATIENCE) -> Free[ActorOp, R]:
        """The program that asks this actor, and yields the reply; it sends nothing by itself.

        Raises `TypeError` or `ValueError` if `timeout` is no number of seconds.

        >>> import asyncio
        >>> from everything_is_an_actor import Actor, ActorSystem
        >>> class Length(Actor[str, int]):
        ...     async def on_receive(self, message: str) -> int:
        ...         return len(message)
        >>> async def main() -> int:
        ...     async with ActorSystem("app") as system:
        ...         length = await system.spawn(Length, "length")
        ...         program = length.free_ask("one").flat_map(lambda n: length.free_ask("-" * n))
        ...         return await system.run_free(program)
        >>> asyncio.run(main())
        3
        """
        return asking(self, message, timeout)

    def free_tell(self, message: M) -> Free[ActorOp, None]:
        """The program that tells this actor a message; it sends nothing by itself.

        >>> import asyncio
        >>> from everything_is_an_actor import Actor, ActorSystem
        >>> class Printer(Actor[str, None]):
        ...     async def on_receive(self, message: str) -> None:
        ...         print(message)
        >>> async def main() -> None:
        ...     async with ActorSystem("app") as system:
        ...         printer = await system.spawn(Printer, "printer")
        ...         greeting = printer.free_tell("hello")
        ...         await system.run_free(greeting.then(greeting))
        ...         await printer.stop(drain=True)
        >>> asyncio.run(main())
        hello
        hello
        """
        return tell(self, message)

    def free_stop(self) -> Free[ActorOp, None]:
        """The program that stops this actor, and waits for its end.

        >>> import asyncio
        >>> from everything_is_an_actor import Actor, ActorSystem
        >>> class Echo(Actor[str, str]):
        ...     async def on_receive(self, message: str) -> str:
        ...         return message
        >>> async def main() -> bool:
        ...     async with ActorSystem("app") as system:
        ...         actor = await system.spawn(Echo, "echo")
        ...         await system.run_free(actor.free_stop())
        ...         return actor.is_alive
        >>> asyncio.run(main())
        False
        """
        return stop(self)

    @override
    def __repr__(self) -> str:
        return f"ActorRef({self.path})"

    @override
    def __str__(self) -> str:
        return self.path
