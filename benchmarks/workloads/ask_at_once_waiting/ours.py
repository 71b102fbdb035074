"""`ref.ask`, gathered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import override

from benchmarks.side import Round
from benchmarks.workloads.ask_at_once.ours import asked_at_once
from everything_is_an_actor import Actor, ActorSystem


class EchoLater(Actor[int, int]):
    """Replies what it is sent, after the loop has gone round."""

    @override
    async def on_receive(self, message: int) -> int:
        await asyncio.sleep(0)
        return message


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:
        actor = await system.spawn(EchoLater, "later", mailbox_size=0)  # as the deque
        yield asked_at_once(actor.ask, messages)
