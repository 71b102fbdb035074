"""Made by the runtime when first wanted, here without a message."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count, islice

from autogen_core import (
    AgentId,
    MessageContext,
    RoutedAgent,
    SingleThreadedAgentRuntime,
    message_handler,
)
from opentelemetry.trace import NoOpTracerProvider

from benchmarks.side import Round, Sample, need_all, resident


@dataclass
class Asked:
    number: int


class Echo(RoutedAgent):
    @message_handler
    async def handle(self, message: Asked, ctx: MessageContext) -> Asked:
        return message


@asynccontextmanager
async def side(actors: int) -> AsyncIterator[Round]:
    runtime = SingleThreadedAgentRuntime(tracer_provider=NoOpTracerProvider())
    await Echo.register(runtime, "echo", lambda: Echo("echoes"))
    keys = map(str, count())

    async def idle() -> Sample:
        gc.collect()
        before = resident()
        ids = [AgentId("echo", key) for key in islice(keys, actors)]
        started = [await runtime.try_get_underlying_agent_instance(id, Echo) for id in ids]
        grown = resident() - before
        need_all(len({each.id for each in started}), actors)
        return Sample(actors, grown / actors)

    yield idle  # those of one round stay for the next one, which so needs new memory
    await runtime.close()
