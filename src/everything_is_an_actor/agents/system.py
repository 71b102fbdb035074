"""`AgentSystem`: an actor system that runs flows."""

from collections.abc import AsyncGenerator, Coroutine, Sequence
from types import TracebackType
from typing import Any, Self, overload, override

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.agents.discovery import Directory
from everything_is_an_actor.agents.observed import bracketed, evaluated
from everything_is_an_actor.agents.runs import Runs
from everything_is_an_actor.algebra.arguments import need_label, need_seconds, shown
from everything_is_an_actor.algebra.build import leaf_of
from everything_is_an_actor.algebra.flow import Flow, need_flow, need_no_flow
from everything_is_an_actor.algebra.fold_map import Step
from everything_is_an_actor.algebra.free import Free
from everything_is_an_actor.algebra.leaves import AgentLike, OpenAgent, StreamingAgentLike
from everything_is_an_actor.algebra.operations import ActorOp
from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.listening import EventStream
from everything_is_an_actor.runtime.place import AnyPlace
from everything_is_an_actor.runtime.ref import ActorRef
from everything_is_an_actor.runtime.span import Tracer
from everything_is_an_actor.runtime.spawner import Spawner
from everything_is_an_actor.runtime.stream import Overflow
from everything_is_an_actor.runtime.system import System

type AnyAgent[I] = type[OpenAgent[I, object]] | AgentLike[I, object] | StreamingAgentLike[I, object]
"""An agent that takes an `I`; what it yields is an event's data, whose type is `Any`."""


class AgentSystem(Spawner, Directory):
    """Runs flows on an actor system: its own, or the one that is given (and then not shut down).

    An async context manager: leaving it shuts the system down.

    >>> import asyncio
    >>> from everything_is_an_actor.agents import AgentSystem
    >>> from everything_is_an_actor.flow import agent, pure
    >>> async def shout(text: str) -> str:
    ...     return text.upper()
    >>> async def main() -> tuple[str, int]:
    ...     async with AgentSystem() as system:
    ...         return await system.run_flow(agent(shout).zip(pure(len)), "hello")
    >>> asyncio.run(main())
    ('HELLO', 5)
    """

    def __init__(
        self, actor_system: System | str | None = None, *, tracer: Tracer | None = None
    ) -> None:
        """`actor_system`: the system to run on, or the name of a new one (`agent-system`).

        A `tracer`, for a new one, is told of every task, as that of an `ActorSystem`. Raises
        `TypeError` for what is none of these, or a tracer for a system that there is already.
        """
        if not isinstance(actor_system, System | str | None):
            raise TypeError(
                "AgentSystem: actor_system must be an ActorSystem or a name, "
                f"got {shown(actor_system)} ({type(actor_system).__name__})"
            )
        owned = not isinstance(actor_system, System)
        if tracer is not None and not owned:
            raise TypeError(
                "AgentSystem: an ActorSystem has a tracer from its start, or none: "
                "give it to that, ActorSystem(tracer=...)"
            )
        self._owned = owned
        if isinstance(actor_system, System):
            self.actors: System = actor_system
        else:
            name = "agent-system" if actor_system is None else actor_system
            self.actors = ActorSystem(name, tracer=tracer)
        self._runs = Runs(self.actors)

    async def run_flow[I, O](self, flow: Flow[I, O], input: I) -> O:
        """The output of `flow` on `input`.

        Raises the flow's own error, with a note of the path in the flow where it happened. When
        this returns or raises, everything that it started has ended, side flows excepted.
        Cancelling it cancels everything below. Raises `ActorStoppedError` after a shutdown.
        """
        need_flow("run_flow", "flow", flow, before=input)
        output: O = await self._runs.evaluate(flow, input)
        return output

    def run_flow_stream[I, O](
        self,
        flow: Flow[I, O],
        input: I,
        *,
        run_id: str | None = None,
        buffer_size: int = 1024,
        overflow: Overflow = "block",
    ) -> EventStream:
        """Run `flow` on `input`, and yield every event of every agent in it as it happens.

        The first event is `flow_started`, the last `flow_completed` with the output as its `data`,
        or `flow_failed` with the error; the error is then raised. Side flows of the run end before
        the last event. Leaving the iteration early cancels the run. For the options see `run`.
        """
        need_flow("run_flow_stream", "flow", flow, before=input)
        return self._runs.follow(bracketed, flow, input, run_id, buffer_size, overflow)

    def run[I](
        self,
        leaf: AnyAgent[I],
        input: I,
        *,
        run_id: str | None = None,
        timeout: float | None = 600.0,
        buffer_size: int = 1024,
        overflow: Overflow = "block",
    ) -> EventStream:
        """Run one agent on `input`, and yield every event of the whole tree of tasks below it.

        `run(A, x, timeout=t)` is `agent(A, timeout=t)` on `x`: `timeout` is in seconds (`None`: no
        bound). The first event is the `task_started` of the root, the last its ending; its error is
        then raised. Leaving the iteration early cancels the run, as does `abort(run_id)`.

        At most `buffer_size` events wait for a slow consumer; then, with `overflow="block"`, it
        slows the agents down; with `"drop_oldest"` events are lost, and `dropped` counts them.
        Raises `TypeError` or `ValueError` for wrong arguments.
        """
        need_no_flow("run", leaf)
        flow = leaf_of("run", leaf, timeout)
        return self._runs.follow(evaluated, flow, input, run_id, buffer_size, overflow)

    async def abort(self, run_id: str) -> None:
        """Cancel a run of `run` or `run_flow_stream`, side flows included; wait for its finalisers.

        Whatever works for it is interrupted at its next await; every open task ends in one
        `task_cancelled`. Harmless if there is no such run. An agent that aborts its own run does
        not wait for it.
        """
        need_label("abort", "run_id", run_id)
        await self._runs.abort(run_id)

    @override
    def _nursery(self) -> AnyPlace:
        return self.actors.root

    @property
    def children(self) -> tuple[ActorRef[Any, Any], ...]:
        """The living agents and actors at the top, in order of start; as `ActorSystem.children`."""
        return self.actors.children

    @override
    def _top(self) -> Sequence[ActorRef[Any, Any]]:
        return self.actors.children

    @overload
    async def ask[M, R](
        self, target: ActorRef[M, R], message: M, *, timeout: float | None = 5.0
    ) -> R: ...
    @overload
    async def ask(self, target: str, message: Any, *, timeout: float | None = 5.0) -> Any: ...
    async def ask(
        self, target: ActorRef[Any, Any] | str, message: Any, *, timeout: float | None = 5.0
    ) -> Any:
        """Ask an agent or actor, by ref or path; as `ActorSystem.ask`."""
        return await self.actors.ask(target, message, timeout=timeout)

    @overload
    def ask_stream[M, R](
        self, target: ActorRef[M, R], message: M, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[R], None]: ...
    @overload
    def ask_stream(
        self, target: str, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]: ...
    def ask_stream(
        self, target: ActorRef[Any, Any] | str, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]:
        """Ask an agent or actor, by ref or path; as `ActorSystem.ask_stream`."""
        return self.actors.ask_stream(target, message, timeout=timeout)

    @overload
    async def tell[M](self, target: ActorRef[M, Any], message: M) -> None: ...
    @overload
    async def tell(self, target: str, message: Any) -> None: ...
    async def tell(self, target: ActorRef[Any, Any] | str, message: Any) -> None:
        """Tell an agent or actor, by ref or path; as `ActorSystem.tell`."""
        await self.actors.tell(target, message)

    def run_free[A](
        self, program: Free[ActorOp, A], *, trace: list[Step] | None = None
    ) -> Coroutine[Any, Any, A]:
        """Run a program of operations on actors; as `ActorSystem.run_free`."""
        return self.actors.run_free(program, trace=trace)

    def get_actor(self, path: str) -> ActorRef[Any, Any]:
        """The living actor at `path`; as `ActorSystem.get_actor`."""
        return self.actors.get_actor(path)

    async def shutdown(self, timeout: float = 10.0) -> int:
        """Wait for side flows up to `timeout` seconds, then cancel them and all that runs.

        Yields how many side flows had to be cancelled, and logs it. Harmless when repeated. Raises
        `TypeError` or `ValueError` if `timeout` is not a number of seconds, 0 or more.
        """
        need_seconds("shutdown", "timeout", timeout, zero=True)
        return await self._runs.end(timeout, self.actors.shutdown if self._owned else None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()
