"""`MoASystem`: a system of its own to run mixtures of agents on."""

from types import TracebackType
from typing import Self

from everything_is_an_actor.agents import AgentSystem, EventStream, Overflow
from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.runtime.span import Tracer


class MoASystem:
    """Runs layers, trees and any other flow, on an actor system that it starts and shuts down.

    An async context manager: leaving it shuts the system down.

    >>> import asyncio
    >>> from everything_is_an_actor.flow import QuorumResult
    >>> from everything_is_an_actor.moa import MoASystem, format_references, moa_layer
    >>> async def brief(question: str) -> str:
    ...     return "Paris."
    >>> async def thorough(question: str) -> str:
    ...     return "Paris, since 987."
    >>> async def judge(answers: QuorumResult[str]) -> str:
    ...     return format_references(answers)
    >>> async def main() -> str:
    ...     async with MoASystem() as system:
    ...         layer = moa_layer(proposers=[brief, thorough], aggregator=judge)
    ...         return await system.run(layer, input="The capital of France?")
    >>> print(asyncio.run(main()))
    1. Paris.
    2. Paris, since 987.
    """

    def __init__(self, *, tracer: Tracer | None = None) -> None:
        """A `tracer` is told of every task, as that of an `ActorSystem`."""
        self._agents = AgentSystem("moa-system", tracer=tracer)

    async def run[I, O](self, flow: Flow[I, O], input: I) -> O:
        """The output of `flow` on `input`; as `AgentSystem.run_flow`."""
        need_flow("run", "flow", flow, before=input)
        return await self._agents.run_flow(flow, input)

    def run_stream[I, O](
        self,
        flow: Flow[I, O],
        input: I,
        *,
        run_id: str | None = None,
        buffer_size: int = 1024,
        overflow: Overflow = "block",
    ) -> EventStream:
        """Run `flow`, and yield every event of every agent; as `AgentSystem.run_flow_stream`."""
        need_flow("run_stream", "flow", flow, before=input)
        return self._agents.run_flow_stream(
            flow, input, run_id=run_id, buffer_size=buffer_size, overflow=overflow
        )

    async def abort(self, run_id: str) -> None:
        """Cancel a run of `run_stream`, and wait for its finalisers; as `AgentSystem.abort`."""
        await self._agents.abort(run_id)

    async def shutdown(self, timeout: float = 10.0) -> int:
        """Wait for side flows up to `timeout` seconds, then cancel them and all that runs.

        Yields how many side flows had to be cancelled; as `AgentSystem.shutdown`.
        """
        return await self._agents.shutdown(timeout)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.shutdown()
