"""`ref.tell_nowait`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.tell.ours import Drain
from everything_is_an_actor import ActorSystem


@asynccontextmanager
async def side(messages: int) -> AsyncIterator[Round]:
    async with ActorSystem("bench") as system:

        async def tell() -> int:
            drained: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            args = (messages, drained)
            drain = await system.spawn(Drain, "drain", mailbox_size=0, args=args)
            for i in range(messages):
                drain.tell_nowait(i)
            count = await drained
            await drain.stop()
            return count

        yield timed(tell, messages)
