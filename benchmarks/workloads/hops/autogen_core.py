"""One queue, a task per message; other processes over gRPC."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from autogen_core import (
    AgentId,
    MessageContext,
    RoutedAgent,
    SingleThreadedAgentRuntime,
    message_handler,
)
from opentelemetry.trace import NoOpTracerProvider

from benchmarks.side import Round, timed


@dataclass
class Asked:
    number: int


class Hop(RoutedAgent):
    """Its key is how many come after it."""

    @message_handler
    async def handle(self, message: Asked, ctx: MessageContext) -> Asked:
        following = int(self.id.key) - 1
        if following < 0:
            return Asked(message.number + 1)
        reply: Asked = await self.send_message(message, AgentId("hop", str(following)))
        return Asked(reply.number + 1)


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    runtime = SingleThreadedAgentRuntime(tracer_provider=NoOpTracerProvider())
    await Hop.register(runtime, "hop", lambda: Hop("adds one to what the next one replies"))
    first = AgentId("hop", str(actors - 1))

    async def ask() -> int:
        reply: Asked = await runtime.send_message(Asked(0), first)
        return reply.number

    runtime.start()
    yield timed(ask, actors)
    await runtime.close()
