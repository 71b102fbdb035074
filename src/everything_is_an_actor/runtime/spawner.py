"""`Spawner`: whoever can start actors, a system or an actor, does it by the same method."""

from typing import Any, Unpack, overload

from everything_is_an_actor.algebra.leaves import AgentLike, StreamingAgentLike
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.lifting import AnyLeaf
from everything_is_an_actor.runtime.place import AnyPlace
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.spawning import SpawnOptions, explain, ordered
from everything_is_an_actor.runtime.task import Task, TaskResult


class Spawner:
    """What can start actors: `ActorSystem`, `ActorContext`, `Actor` and `AgentSystem`."""

    __slots__ = ()

    def _nursery(self) -> AnyPlace:
        """Whose children the actors are that it starts."""
        raise NotImplementedError

    @overload
    async def spawn[M, R](
        self, cls: type[Behaviour[M, R]], name: str, **options: Unpack[SpawnOptions]
    ) -> ActorRef[M, R]: ...
    @overload
    async def spawn[I, O](
        self, cls: AgentLike[I, O], name: str, **options: Unpack[SpawnOptions]
    ) -> ActorRef[Task[I], TaskResult[O]]: ...
    @overload
    async def spawn[I, C](
        self, cls: StreamingAgentLike[I, C], name: str, **options: Unpack[SpawnOptions]
    ) -> ActorRef[Task[I], TaskResult[list[C]]]: ...
    async def spawn(
        self,
        cls: type[Behaviour[Any, Any]] | AnyLeaf,
        name: str,
        **options: Unpack[SpawnOptions],
    ) -> ActorRef[Any, Any]:
        """Start an actor; it is running, `on_started` included, when this returns.

        `cls` is a subclass of `Actor`, or what `agent(...)` takes: a class with an async `execute`,
        an `async def`, or either as an async generator. The actor of these takes a `Task[I]` and
        replies a `TaskResult[O]`; an instance of the class, with its optional `on_started` and
        `on_stopped`, lives as long as an instance of an actor does.

        The options are those of `SpawnOptions`. What the class says by `__actor__`, an
        `ActorConfig`, holds where they do not say otherwise. Raises `NameInUseError`, `LookupError`
        for an unknown dispatcher, `ActorStoppedError` after a shutdown, `TypeError` or `ValueError`
        for wrong arguments, or what the actor raises while it starts.

        >>> import asyncio
        >>> from everything_is_an_actor import ActorSystem
        >>> from everything_is_an_actor.agents import Task
        >>> async def shout(text: str) -> str:
        ...     return text.upper()
        >>> async def main() -> str:
        ...     async with ActorSystem() as system:
        ...         ref = await system.spawn(shout, "shout", mailbox_size=10)
        ...         return (await ref.ask(Task("hello"))).get_or_raise()
        >>> asyncio.run(main())
        'HELLO'
        """
        parent = self._nursery()
        try:
            return await Cell.spawn(parent, *ordered(parent.engine, cls, name, options))
        except TypeError as error:
            if "args" not in options and "kwargs" not in options:
                explain(error, "spawn", cls, "give it by args or kwargs")
            raise
