"""`ActorContext`: what an actor may do from the inside."""

from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from everything_is_an_actor.runtime import orchestration
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.listening import ask_stream
from everything_is_an_actor.runtime.mailbox import Mailbox
from everything_is_an_actor.runtime.middleware import Middleware
from everything_is_an_actor.runtime.orchestration import Target
from everything_is_an_actor.runtime.place import Place
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.spawning import checked
from everything_is_an_actor.runtime.system import ActorSystem
from everything_is_an_actor.runtime.timers import Timers


class ActorContext[M, R]:
    """The place of an actor: its ref, its parent, its children, and what it may do there.

    What `Actor.context` is, from `on_started` on.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Length(Actor[str, int]):
    ...     async def on_receive(self, message: str) -> int:
    ...         return len(message)
    >>> class Lengths(Actor[list[str], list[int]]):
    ...     async def on_receive(self, message: list[str]) -> list[int]:
    ...         print(self.context.self_ref, self.context.parent, self.context.children)
    ...         return await self.context.traverse(message, Length)
    >>> async def main() -> list[int]:
    ...     async with ActorSystem("app") as system:
    ...         lengths = await system.spawn(Lengths, "lengths")
    ...         return await lengths.ask(["one", "three"])
    >>> asyncio.run(main())
    /app/lengths None ()
    [3, 5]
    """

    __slots__ = ("_place",)

    def __init__(self, place: Place[M, R]) -> None:
        self._place = place

    @property
    def self_ref(self) -> ActorRef[M, R]:
        """The ref of this actor."""
        return self._place

    @property
    def parent(self) -> ActorRef[Any, Any] | None:
        """The actor that spawned this one; `None` at the top. Its messages are its own affair."""
        parent = self._place.parent
        return parent if parent is not None and parent.parent is not None else None

    @property
    def children(self) -> tuple[ActorRef[Any, Any], ...]:
        """The living children, in order of start. Each takes messages of its own."""
        return tuple((self._place.children or {}).values())

    @property
    def system(self) -> ActorSystem:
        """The system that this actor is part of."""
        system = self._place.engine.system
        assert isinstance(system, ActorSystem)
        return system

    async def spawn[A, B](
        self,
        cls: type[Behaviour[A, B]],
        name: str,
        *,
        mailbox: Mailbox | None = None,
        mailbox_size: int = 256,
        middlewares: Sequence[Middleware] = (),
        dispatcher: str | None = None,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> ActorRef[A, B]:
        """Start a child of this actor; as `ActorSystem.spawn`."""
        chosen = None if dispatcher is None else self.system.dispatcher(dispatcher)
        order = checked(cls, name, mailbox, mailbox_size, middlewares, chosen, args, kwargs)
        return await Cell.spawn(self._place, *order)

    def stop_self(self) -> None:
        """Stop this actor after the message in hand."""
        _ = self._place.stop()

    # ------------------------------------------------------------------ asking others

    async def ask[A, B](
        self,
        target: Target[A, B],
        message: A,
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> B:
        """The reply of an actor; or of a new child of a class, which is gone when this returns.

        `timeout` is in seconds (`None`: no bound), the start of the child included; `name` is that
        of the child. Raises what `ActorRef.ask` and `spawn` raise.
        """
        return await orchestration.ask(self._place, target, message, timeout, name)

    async def tell[A, B](self, target: Target[A, B], message: A) -> None:
        """Tell an actor; or a new child of a class, which stops by its own policy.

        Raises `TypeError`, before anything starts, if that policy is `StopMode.NEVER`.
        """
        if isinstance(target, ActorRef):
            await target.tell(message)
        else:
            await orchestration.tell_temporary(self._place, target, message)

    async def sequence[A, B](
        self, asks: Iterable[tuple[Target[A, B], A]], *, timeout: float | None = 300.0
    ) -> list[B]:
        """Ask all of them at once: the replies, in order.

        The first failure is the failure of all: the others are cancelled, and awaited.
        """
        pairs = [(target, message) for target, message in asks]
        jobs = [self.ask(target, message, timeout=timeout) for target, message in pairs]
        return await orchestration.all_of(self._place.engine.scheduler, jobs)

    async def traverse[A, B](
        self, inputs: Iterable[A], target: Target[A, B], *, timeout: float | None = 300.0
    ) -> list[B]:
        """As `sequence`, with one target for every input."""
        jobs = [self.ask(target, message, timeout=timeout) for message in list(inputs)]
        return await orchestration.all_of(self._place.engine.scheduler, jobs)

    async def race[A, B](
        self, asks: Iterable[tuple[Target[A, B], A]], *, timeout: float | None = 300.0
    ) -> B:
        """Ask all of them at once: the first reply; the others are cancelled, and awaited.

        Raises `AllFailedError` if all fail, `ValueError` if there is nobody to ask.
        """
        pairs = [(target, message) for target, message in asks]
        if not pairs:
            raise ValueError("race: there is nobody to ask")
        jobs = [self.ask(target, message, timeout=timeout) for target, message in pairs]
        return await orchestration.first_of(self._place.engine.scheduler, jobs)

    async def zip[A, B, C, D](
        self,
        left: tuple[Target[A, B], A],
        right: tuple[Target[C, D], C],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[B, D]:
        """Ask two at once: both replies. A failure of one is a failure of both."""
        (one, message), (other, for_other) = left, right
        first = self.ask(one, message, timeout=timeout)
        second = self.ask(other, for_other, timeout=timeout)
        replies: list[Any] = await orchestration.all_of(
            self._place.engine.scheduler, [first, second]
        )
        return replies[0], replies[1]

    def stream[A, B](
        self,
        target: Target[A, B],
        message: A,
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> AsyncGenerator[StreamItem[B], None]:
        """As `ask`; a `StreamEvent` for each event of the tasks on the way, then a `StreamResult`.

        Nothing is asked before the first item is. Leaving early cancels what was asked, and a new
        child is gone when that has happened. Raises what `ask` raises, after the last event.
        """
        asking = partial(self.ask, target, message, timeout=timeout, name=name)
        return ask_stream(asking, self._place.engine.tracer)

    async def run_in_executor[*Ts, T](self, fn: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run blocking code on the actor's dispatcher; return what it returns.

        If the actor is interrupted meanwhile, this waits until `fn` has returned: it never runs
        beside the next message.
        """
        place = self._place
        own = place.options.dispatcher if isinstance(place, Cell) else None
        dispatcher = place.engine.default_dispatcher if own is None else own
        return await dispatcher.dispatch(fn, *args)

    # ------------------------------------------------------------------ its own messages

    def watch(self, ref: ActorRef[Any, Any]) -> None:
        """Receive one `Terminated(ref, reason)` when that actor has stopped, or if it has already.

        The message comes before those in the mailbox; the type of this actor's messages should
        include it. Not sent for a restart. Watching twice is as once. A watch outlives a
        restart of the watcher, which ends its children: those that it watched are reported, too.
        """
        if not isinstance(ref, Place):
            raise TypeError(f"watch: {ref!r} is not an actor of this process")
        self._cell("watch").watch(ref)

    def unwatch(self, ref: ActorRef[Any, Any]) -> None:
        """Do not receive the `Terminated` of that actor any more, also if it is on its way."""
        if isinstance(ref, Place):
            self._cell("unwatch").unwatch(ref)

    def stash(self) -> None:
        """Put the message in hand aside, until `unstash_all`; its asker goes on waiting.

        What is stashed when the actor restarts is handled next; when it stops, dead letters. There
        is no bound. Raises `RuntimeError` if no message is in hand, or it is stashed already.
        """
        self._cell("stash").stash()

    @property
    def has_stashed(self) -> bool:
        """Whether the message in hand has been put aside: what its handler returns is no reply."""
        return self._cell("has_stashed").has_stashed

    def unstash_all(self) -> None:
        """Have all that was put aside handled next, in the order in which it came."""
        self._cell("unstash_all").unstash_all()

    @property
    def timers(self) -> Timers:
        """Messages to itself later; they end with the present instance."""
        return self._cell("timers").timers

    def _cell(self, what: str) -> Cell[M, R]:
        if not isinstance(self._place, Cell):
            raise RuntimeError(
                f"{what}: {self._place.path} is an agent that is used once, and has no mailbox"
            )
        return self._place
