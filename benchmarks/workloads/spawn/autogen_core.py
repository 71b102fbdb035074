"""Made by the runtime when first wanted, here without a message."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from autogen_core import (
    AgentId,
    MessageContext,
    RoutedAgent,
    SingleThreadedAgentRuntime,
    message_handler,
)
from opentelemetry.trace import NoOpTracerProvider

from benchmarks.side import Round, Sample, sample


@dataclass
class Asked:
    number: int


class Echo(RoutedAgent):
    @message_handler
    async def handle(self, message: Asked, ctx: MessageContext) -> Asked:
        return message


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    ids = [AgentId("echo", str(i)) for i in range(actors)]

    async def spawn() -> Sample:
        runtime = SingleThreadedAgentRuntime(tracer_provider=NoOpTracerProvider())
        await Echo.register(runtime, "echo", lambda: Echo("echoes"))
        gc.collect()
        begun = perf_counter()
        started = [await runtime.try_get_underlying_agent_instance(id, Echo) for id in ids]
        seconds = perf_counter() - begun
        await runtime.close()
        return sample(seconds, len({each.id for each in started}), actors)

    yield spawn
