"""`ActorContext`: what an actor may do from the inside."""

from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from typing import Any, overload, override

from everything_is_an_actor.algebra.leaves import AgentLike, StreamingAgentLike
from everything_is_an_actor.runtime import orchestration
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.letters import Hooks
from everything_is_an_actor.runtime.listening import ask_stream
from everything_is_an_actor.runtime.orchestration import AnyTarget, Target
from everything_is_an_actor.runtime.place import AnyPlace, Place
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.spawner import Spawner
from everything_is_an_actor.runtime.system import System
from everything_is_an_actor.runtime.task import Task, TaskResult
from everything_is_an_actor.runtime.timers import Timers


class ActorContext[M, R](Spawner):
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
    def system(self) -> System:
        """The system that this actor is part of."""
        system = self._place.engine.system
        assert isinstance(system, System)
        return system

    @property
    def failed_message(self) -> M | None:
        """The message that was in hand when it failed, as Akka's `preRestart` is told it.

        That is known in `on_restart`, and in the `on_started` after it.

        `None` if there was none: a sibling or a child has failed, or nothing restarts.
        """
        in_hand = self._place.in_hand
        message: M | None = in_hand.message if isinstance(in_hand, Hooks) else None
        return message

    @override
    def _nursery(self) -> AnyPlace:
        return self._place

    def stop_self(self) -> None:
        """Stop this actor after the message in hand."""
        _ = self._place.stop()

    # ------------------------------------------------------------------ asking others

    @overload
    async def ask[A, B](
        self,
        target: Target[A, B],
        message: A,
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> B: ...
    @overload
    async def ask[I, O](
        self,
        target: AgentLike[I, O],
        message: Task[I],
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> TaskResult[O]: ...
    @overload
    async def ask[I, C](
        self,
        target: StreamingAgentLike[I, C],
        message: Task[I],
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> TaskResult[list[C]]: ...
    async def ask(
        self,
        target: AnyTarget,
        message: Any,
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> Any:
        """The reply of an actor; or of a new child of a class, which is gone when this returns.

        For the class may stand whatever `spawn` takes: a plain class with `execute`, or an `async
        def`, which are sent a `Task`. A child that is asked once is never restarted. `timeout` is
        in seconds (`None`: no bound), the start of the child included; `name` is that of the child.
        Raises what `ActorRef.ask` and `spawn` raise.
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

    @overload
    async def sequence[A, B](
        self, asks: Iterable[tuple[Target[A, B], A]], *, timeout: float | None = 300.0
    ) -> list[B]: ...
    @overload
    async def sequence[I, O](
        self, asks: Iterable[tuple[AgentLike[I, O], Task[I]]], *, timeout: float | None = 300.0
    ) -> list[TaskResult[O]]: ...
    @overload
    async def sequence[I, C](
        self,
        asks: Iterable[tuple[StreamingAgentLike[I, C], Task[I]]],
        *,
        timeout: float | None = 300.0,
    ) -> list[TaskResult[list[C]]]: ...
    async def sequence(
        self, asks: Iterable[tuple[AnyTarget, Any]], *, timeout: float | None = 300.0
    ) -> list[Any]:
        """Ask all of them at once: the replies, in order.

        The first failure is the failure of all: the others are cancelled, and awaited.
        """
        pairs = [(target, message) for target, message in asks]
        jobs = [self._asked(target, message, timeout) for target, message in pairs]
        return await orchestration.all_of(self._place.engine.scheduler, jobs)

    @overload
    async def traverse[A, B](  # type: ignore[overload-overlap]  # a Task is sent as it is
        self, inputs: Iterable[A], target: Target[A, B], *, timeout: float | None = 300.0
    ) -> list[B]: ...
    @overload
    async def traverse[I, O](
        self, inputs: Iterable[Task[I]], target: AgentLike[I, O], *, timeout: float | None = 300.0
    ) -> list[TaskResult[O]]: ...
    @overload
    async def traverse[I, C](
        self,
        inputs: Iterable[Task[I]],
        target: StreamingAgentLike[I, C],
        *,
        timeout: float | None = 300.0,
    ) -> list[TaskResult[list[C]]]: ...
    @overload
    async def traverse[I, O](
        self,
        inputs: Iterable[I],
        target: Target[Task[I], TaskResult[O]],
        *,
        timeout: float | None = 300.0,
    ) -> list[TaskResult[O]]: ...
    @overload
    async def traverse[I, O](
        self, inputs: Iterable[I], target: AgentLike[I, O], *, timeout: float | None = 300.0
    ) -> list[TaskResult[O]]: ...
    @overload
    async def traverse[I, C](
        self,
        inputs: Iterable[I],
        target: StreamingAgentLike[I, C],
        *,
        timeout: float | None = 300.0,
    ) -> list[TaskResult[list[C]]]: ...
    async def traverse(
        self, inputs: Iterable[Any], target: AnyTarget, *, timeout: float | None = 300.0
    ) -> list[Any]:
        """As `sequence`, with one target for every input; an agent is sent each as a `Task`."""
        messages = list(inputs)
        if orchestration.takes_tasks(target):
            messages = [each if isinstance(each, Task) else Task(each) for each in messages]
        jobs = [self._asked(target, message, timeout) for message in messages]
        return await orchestration.all_of(self._place.engine.scheduler, jobs)

    @overload
    async def race[A, B](
        self, asks: Iterable[tuple[Target[A, B], A]], *, timeout: float | None = 300.0
    ) -> B: ...
    @overload
    async def race[I, O](
        self, asks: Iterable[tuple[AgentLike[I, O], Task[I]]], *, timeout: float | None = 300.0
    ) -> TaskResult[O]: ...
    @overload
    async def race[I, C](
        self,
        asks: Iterable[tuple[StreamingAgentLike[I, C], Task[I]]],
        *,
        timeout: float | None = 300.0,
    ) -> TaskResult[list[C]]: ...
    async def race(
        self, asks: Iterable[tuple[AnyTarget, Any]], *, timeout: float | None = 300.0
    ) -> Any:
        """Ask all of them at once: the first reply; the others are cancelled, and awaited.

        Raises `AllFailedError` if all fail, `ValueError` if there is nobody to ask.
        """
        pairs = [(target, message) for target, message in asks]
        if not pairs:
            raise ValueError("race: there is nobody to ask")
        jobs = [self._asked(target, message, timeout) for target, message in pairs]
        return await orchestration.first_of(self._place.engine.scheduler, jobs)

    @overload
    async def zip[A, B, C, D](
        self,
        left: tuple[Target[A, B], A],
        right: tuple[Target[C, D], C],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[B, D]: ...
    @overload
    async def zip[A, B, C, D](
        self,
        left: tuple[AgentLike[A, B], Task[A]],
        right: tuple[AgentLike[C, D], Task[C]],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[TaskResult[B], TaskResult[D]]: ...
    @overload
    async def zip[A, B, C, D](
        self,
        left: tuple[AgentLike[A, B], Task[A]],
        right: tuple[StreamingAgentLike[C, D], Task[C]],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[TaskResult[B], TaskResult[list[D]]]: ...
    @overload
    async def zip[A, B, C, D](
        self,
        left: tuple[StreamingAgentLike[A, B], Task[A]],
        right: tuple[AgentLike[C, D], Task[C]],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[TaskResult[list[B]], TaskResult[D]]: ...
    @overload
    async def zip[A, B, C, D](
        self,
        left: tuple[StreamingAgentLike[A, B], Task[A]],
        right: tuple[StreamingAgentLike[C, D], Task[C]],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[TaskResult[list[B]], TaskResult[list[D]]]: ...
    async def zip(
        self,
        left: tuple[AnyTarget, Any],
        right: tuple[AnyTarget, Any],
        *,
        timeout: float | None = 300.0,
    ) -> tuple[Any, Any]:
        """Ask two at once: both replies. A failure of one is a failure of both."""
        (one, message), (other, for_other) = left, right
        first = self._asked(one, message, timeout)
        second = self._asked(other, for_other, timeout)
        replies = await orchestration.all_of(self._place.engine.scheduler, [first, second])
        return replies[0], replies[1]

    @overload
    def stream[A, B](
        self,
        target: Target[A, B],
        message: A,
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> AsyncGenerator[StreamItem[B], None]: ...
    @overload
    def stream[I, O](
        self,
        target: AgentLike[I, O],
        message: Task[I],
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> AsyncGenerator[StreamItem[TaskResult[O]], None]: ...
    @overload
    def stream[I, C](
        self,
        target: StreamingAgentLike[I, C],
        message: Task[I],
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> AsyncGenerator[StreamItem[TaskResult[list[C]]], None]: ...
    def stream(
        self,
        target: AnyTarget,
        message: Any,
        *,
        timeout: float | None = 300.0,
        name: str | None = None,
    ) -> AsyncGenerator[StreamItem[Any], None]:
        """As `ask`; a `StreamEvent` for each event of the tasks on the way, then a `StreamResult`.

        Nothing is asked before the first item is. Leaving early cancels what was asked, and a new
        child is gone when that has happened. Raises what `ask` raises, after the last event.
        """
        return ask_stream(self._place.engine, lambda: self._asked(target, message, timeout, name))

    def _asked(
        self, target: AnyTarget, message: Any, timeout: float | None, name: str | None = None
    ) -> Coroutine[Any, Any, Any]:
        return orchestration.ask(self._place, target, message, timeout, name)

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
