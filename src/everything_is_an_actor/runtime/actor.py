"""`Actor`: what a user subclasses."""

from typing import Any, overload, override

from everything_is_an_actor.algebra.leaves import AgentLike, StreamingAgentLike
from everything_is_an_actor.runtime import orchestration
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.context import ActorContext
from everything_is_an_actor.runtime.orchestration import AnyTarget, Target
from everything_is_an_actor.runtime.place import AnyPlace, Place
from everything_is_an_actor.runtime.spawner import Spawner
from everything_is_an_actor.runtime.task import Task, TaskResult


class Actor[M, R](Spawner, Behaviour[M, R]):
    """An actor that takes messages `M` and replies `R`: override `on_receive`, or `receive`.

    It handles one message at a time, so its state needs no lock. The hooks `on_started`,
    `on_stopped`, `on_restart`, `stop_policy` and `supervisor_strategy` may be overridden as well.

    >>> import asyncio
    >>> from everything_is_an_actor import ActorSystem
    >>> class Adder(Actor[int, int]):
    ...     total = 0
    ...
    ...     async def on_receive(self, message: int) -> int:
    ...         self.total += message
    ...         return self.total
    >>> async def main() -> int:
    ...     async with ActorSystem() as system:
    ...         adder = await system.spawn(Adder, "adder")
    ...         await adder.tell(40)
    ...         return await adder.ask(2)
    >>> asyncio.run(main())
    42
    """

    # Not in `__slots__`: an object with a slot keeps its other attributes in a dict apart (300
    # bytes more), and its methods are looked up anew at each call.
    _place: Place[M, R]

    @override
    def _attach(self, place: object) -> None:
        self._place = place  # type: ignore[assignment]  # below actors nobody knows what a place is

    @property
    def context(self) -> ActorContext[M, R]:
        """The actor's place in its system; available from `on_started` on.

        Raises `RuntimeError` in a constructor, or outside any system.
        """
        try:
            place: Place[M, R] = self._place
        except AttributeError:
            raise RuntimeError(
                f"{type(self).__name__} has no context yet: it is available from on_started on"
            ) from None
        return ActorContext(place)

    @override
    def _nursery(self) -> AnyPlace:
        return self.context._nursery()

    def receive(self, message: M) -> R:
        """As `on_receive`, for code that blocks: it runs on a thread of the actor's dispatcher.

        The next message waits until it has returned, also if the actor is interrupted meanwhile.

        >>> import asyncio, time
        >>> from everything_is_an_actor import ActorSystem
        >>> class Sleeper(Actor[float, str]):
        ...     def receive(self, message: float) -> str:
        ...         time.sleep(message)
        ...         return "good morning"
        >>> async def main() -> str:
        ...     async with ActorSystem() as system:
        ...         return await (await system.spawn(Sleeper, "sleeper")).ask(0.01)
        >>> asyncio.run(main())
        'good morning'
        """
        raise NotImplementedError(
            f"{type(self).__name__} defines neither on_receive (async) nor receive (blocking)"
        )

    @override
    async def on_receive(self, message: M) -> R:
        if type(self).receive is Actor.receive:
            return self.receive(message)  # which says what is missing
        return await self.context.run_in_executor(self.receive, message)

    @overload
    async def ask[A, B](
        self, target: Target[A, B], message: A, *, timeout: float | None = 300.0
    ) -> B: ...
    @overload
    async def ask[I, O](
        self, target: AgentLike[I, O], message: Task[I], *, timeout: float | None = 300.0
    ) -> TaskResult[O]: ...
    @overload
    async def ask[I, C](
        self, target: StreamingAgentLike[I, C], message: Task[I], *, timeout: float | None = 300.0
    ) -> TaskResult[list[C]]: ...
    async def ask(self, target: AnyTarget, message: Any, *, timeout: float | None = 300.0) -> Any:
        """As `context.ask`."""
        return await orchestration.ask(self._nursery(), target, message, timeout)

    async def tell[A, B](self, target: Target[A, B], message: A) -> None:
        """Tell an actor; or a new child of a class, which stops by its own policy.

        Raises `TypeError`, before anything starts, if that policy is `StopMode.NEVER`.
        """
        await self.context.tell(target, message)

    def stop_self(self) -> None:
        """Stop this actor after the message in hand."""
        self.context.stop_self()
