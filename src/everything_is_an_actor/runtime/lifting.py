"""Lifting: the actor of a leaf, which is an `async def` or a class with an async `execute`.

    lift : (I -> O) -> Behaviour[Task[I], TaskResult[O]]

It executes tasks as an `AgentActor` does, by the leaf. An instance of a class is as old as its
actor's: it is made, started and stopped with it, and made anew by a restart.
"""

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from functools import partial
from typing import Any, get_origin, override

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.flow import need_no_flow
from everything_is_an_actor.algebra.leaves import (
    AN_AGENT,
    AgentLike,
    OpenAgent,
    StreamingAgentLike,
    need_leaf,
)
from everything_is_an_actor.runtime.agent import TaskHandler
from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.place import Place

type AnyLeaf = AgentLike[Any, Any] | StreamingAgentLike[Any, Any]

type Running = Coroutine[Any, Any, Any] | AsyncIterator[Any]


class Lifted(TaskHandler[Any, Any]):
    """Executes tasks by a leaf, which knows nothing of actors."""

    __slots__ = ("_place", "_tracer")

    @override
    def _attach(self, place: object) -> None:
        assert isinstance(place, Place)
        self._place = place
        self._tracer = place.engine.tracer

    @property
    @override
    def _name(self) -> str:
        return callable_name(self._leaf)


class LiftedFunction(Lifted):
    """By a function: a coroutine each, or an async generator."""

    __slots__ = ("_function",)

    def __init__(self, function: Callable[[Any], Running]) -> None:
        self._function = function

    @property
    @override
    def _leaf(self) -> object:
        return self._function

    @override
    def execute(self, input: Any, /) -> Running:
        return self._function(input)


class LiftedClass(Lifted):
    """By an instance of a class."""

    __slots__ = ("_agent",)

    def __init__(self, make: Callable[[], OpenAgent[Any, Any]]) -> None:
        self._agent = make()

    @property
    @override
    def _leaf(self) -> object:
        return type(self._agent)

    @override
    def execute(self, input: Any, /) -> Running:
        return self._agent.execute(input)


class LiftedClassWithHooks(LiftedClass):
    """The same, with a start or an end of its own."""

    __slots__ = ()

    @override
    async def on_started(self) -> None:
        if hasattr(self._agent, "on_started"):
            await self._agent.on_started()

    @override
    async def on_stopped(self) -> None:
        if hasattr(self._agent, "on_stopped"):
            await self._agent.on_stopped()


def lifted(
    where: str, leaf: object, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
) -> Callable[[], Behaviour[Any, Any]]:
    """What makes the actor of a leaf, the first and the ones after it.

    Raises `TypeError` for what is neither an actor class nor a leaf, for hooks that are not async,
    and for an `async def` with arguments for its constructor, since it has none.
    """
    need_no_flow(where, leaf)
    if isinstance(leaf, Behaviour):
        raise TypeError(
            f"{where}: expected a class, got an instance, {shown(leaf)}: pass its class"
        )
    need_leaf(
        where,
        f"a subclass of Actor, {AN_AGENT}",
        leaf,
        instead="make it async, as in `async def {}(...)`",
    )
    assert callable(leaf)
    if not isinstance(get_origin(leaf) or leaf, type):
        if args or kwargs:
            name = callable_name(leaf)
            raise TypeError(
                f"{where}: {name} is an async function, which has no constructor to take args and "
                f"kwargs: bind what it needs with functools.partial({name}, ...)"
            )
        return partial(LiftedFunction, leaf)
    hooks = [name for name in ("on_started", "on_stopped") if hasattr(leaf, name)]
    make = partial(leaf, *args, **(kwargs or {})) if args or kwargs else leaf
    return partial(LiftedClassWithHooks if hooks else LiftedClass, make)
