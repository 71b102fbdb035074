"""`AgentActor`: what a user subclasses to write an agent that is an actor as well."""

import warnings
from pathlib import Path
from typing import Any, Final, override

from everything_is_an_actor.runtime.actor import Actor
from everything_is_an_actor.runtime.agent import TaskHandler
from everything_is_an_actor.runtime.letters import current_message
from everything_is_an_actor.runtime.span import Tracer
from everything_is_an_actor.runtime.task import Task, TaskResult

# What is between a `class` statement and `__init_subclass__`, if anything.
_MACHINERY: Final = (str(Path(__file__).parents[1]), "<frozen abc")


class AgentActor[I, O](TaskHandler[I, O], Actor[Task[I], TaskResult[O]]):
    """An agent from `I` to `O`: override `execute`.

    As an actor it receives a `Task[I]` and replies a `TaskResult[O]`. `execute` may be an async
    generator: each `yield` is a chunk, and the output is the list of chunks. The hooks of an
    `Actor` may be overridden as well, but for `on_receive` and `receive`: a class that overrides
    one of these is warned of (`UserWarning`).

    >>> import asyncio
    >>> from everything_is_an_actor.agents import AgentSystem
    >>> class Summary(AgentActor[str, str]):
    ...     async def execute(self, input: str) -> str:
    ...         return f"{input[:4]}..."
    >>> async def main() -> None:
    ...     async with AgentSystem() as system:
    ...         summary = await system.spawn(Summary, "summary")
    ...         print((await summary.ask(Task("a long story"))).get_or_raise())
    >>> asyncio.run(main())
    a lo...
    """

    __slots__ = ()

    _tracer: Tracer | None = None

    @override
    def _attach(self, place: object) -> None:
        self._place = place  # type: ignore[assignment]  # as for any actor, without a call
        if self._place.engine.tracer is not None:
            self._tracer = self._place.engine.tracer

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for name in ("on_receive", "receive"):
            if name in cls.__dict__:
                warnings.warn(
                    f"{cls.__name__}.{name} overrides what makes an agent of an actor: override "
                    "execute instead, which is given the input of the task; for what is to be done "
                    "around each message take a Middleware",
                    UserWarning,
                    stacklevel=2,
                    skip_file_prefixes=_MACHINERY,
                )

    async def emit_progress(self, data: object) -> None:
        """Make known how far the task in hand has come: a `task_progress` event with `data`.

        Waits while whoever listens is too slow. Outside a task it does nothing.

        >>> import asyncio
        >>> from everything_is_an_actor.agents import AgentSystem
        >>> class Counter(AgentActor[int, int]):
        ...     async def execute(self, input: int) -> int:
        ...         for n in range(input):
        ...             await self.emit_progress(f"{n + 1} of {input}")
        ...         return input
        >>> async def main() -> None:
        ...     async with AgentSystem() as system:
        ...         async for event in system.run(Counter, 2):
        ...             print(event.type, event.data)
        >>> asyncio.run(main())
        task_started 2
        task_progress 1 of 2
        task_progress 2 of 2
        task_completed 2
        """
        message = current_message.get()
        if message is None or message.span is None:
            return
        if message.recipient is getattr(self, "_place", None):
            await message.span.tell("task_progress", data)
