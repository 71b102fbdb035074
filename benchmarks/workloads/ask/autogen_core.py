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


class Echo(RoutedAgent):
    @message_handler
    async def handle(self, message: Asked, ctx: MessageContext) -> Asked:
        return message


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    runtime = SingleThreadedAgentRuntime(tracer_provider=NoOpTracerProvider())
    await Echo.register(runtime, "echo", lambda: Echo("echoes"))
    echo = AgentId("echo", "default")

    async def ask() -> int:
        right = 0
        for i in range(messages):
            reply: Asked = await runtime.send_message(Asked(i), echo)
            right += reply.number == i
        return right

    runtime.start()
    yield timed(ask, messages)
    await runtime.close()
