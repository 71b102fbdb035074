"""Leaves: what a user may give where an agent is wanted, from an `async def` to a class.

A leaf says of itself what it takes and gives, so that whatever is built from it, a flow or an
actor, is typed by it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any, Protocol, get_origin

from everything_is_an_actor.algebra.arguments import (
    callable_name,
    is_async,
    is_coroutine_function,
    shown,
)


class Agent[A, B](Protocol):
    """What a leaf needs: an asynchronous `execute`."""

    async def execute(self, input: A, /) -> B:
        """The output for `input`."""
        ...


class StreamingAgent[A, B](Protocol):
    """A leaf that yields its output in chunks: `execute` is an async generator."""

    def execute(self, input: A, /) -> AsyncIterator[B]:
        """The chunks of the output for `input`."""
        ...


class OpenAgent[A, B](Protocol):
    """A leaf that leaves open which of the two it is, as `type[AgentActor[A, B]]` does."""

    def execute(self, input: A, /) -> Coroutine[Any, Any, B] | AsyncIterator[Any]:
        """The output for `input`, or its chunks."""
        ...


type AgentLike[A, B] = type[Agent[A, B]] | Callable[[A], Awaitable[B]]
"""A leaf from `A` to `B`: a class with an async `execute`, or an `async def`."""

type StreamingAgentLike[A, B] = type[StreamingAgent[A, B]] | Callable[[A], AsyncIterator[B]]
"""A leaf from `A` to chunks `B`: the same with async generators; its output is their list."""


async def _no_hook() -> None:
    """What stands for a hook that a class does not have."""


def need_leaf(wanted: str, leaf: object, *, instead: str) -> None:
    """A class with an async `execute`, or an `async def`. Raises `TypeError`.

    `wanted` is what the text begins with; `instead` says what to do with a plain function, of
    which it is given the name.
    """
    origin = get_origin(leaf) or leaf
    if isinstance(origin, type):
        execute = getattr(origin, "execute", None)
        if execute is None:
            raise TypeError(f"{wanted}; {origin.__name__} has no `execute`")
        if not is_async(execute):
            raise TypeError(f"{wanted}; {origin.__name__}.execute is not async")
        for hook in ("on_started", "on_stopped"):
            if not is_coroutine_function(getattr(origin, hook, _no_hook)):
                raise TypeError(f"{wanted}; {origin.__name__}.{hook} must be an `async def`")
    elif not callable(leaf):
        hint = "its class" if hasattr(leaf, "execute") else "a class"
        raise TypeError(f"{wanted}; got {shown(leaf)} ({type(leaf).__name__}): pass {hint}")
    elif not is_async(leaf):
        if hasattr(leaf, "execute"):
            raise TypeError(f"{wanted}; got an instance, {shown(leaf)}: pass its class")
        name = callable_name(leaf)
        raise TypeError(f"{wanted}; {name} is a plain function: {instead.format(name)}")
