"""One queue, a task per message; other processes over gRPC."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from autogen_core import (
    MessageContext,
    RoutedAgent,
    SingleThreadedAgentRuntime,
    TopicId,
    TypeSubscription,
    message_handler,
)
from opentelemetry.trace import NoOpTracerProvider

from benchmarks.side import Round, timed


@dataclass
class Told:
    number: int


class Drain(RoutedAgent):
    def __init__(self, messages: int, drained: asyncio.Future[int]) -> None:
        super().__init__("counts what it is told")
        self.count = 0
        self.messages = messages
        self.drained = drained

    @message_handler
    async def handle(self, message: Told, ctx: MessageContext) -> None:
        self.count += 1
        if self.count == self.messages:
            self.drained.set_result(self.count)


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    runtime = SingleThreadedAgentRuntime(tracer_provider=NoOpTracerProvider())
    drained: asyncio.Future[int]
    names = map(str, count())
    await Drain.register(runtime, "drain", lambda: Drain(messages, drained))
    await runtime.add_subscription(TypeSubscription(topic_type="told", agent_type="drain"))

    async def tell() -> int:
        nonlocal drained
        drained = asyncio.get_running_loop().create_future()
        topic = TopicId("told", source=next(names))
        for i in range(messages):
            await runtime.publish_message(Told(i), topic)
        return await drained

    runtime.start()
    yield timed(tell, messages)
    await runtime.close()
