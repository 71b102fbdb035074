"""`moa_layer`, with its timeouts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from benchmarks.side import Round, timed
from benchmarks.workloads.mixture.floor import aggregate, propose
from everything_is_an_actor.moa import MoASystem, moa_layer


@asynccontextmanager
async def side(proposers: int) -> AsyncIterator[Round]:
    layer = moa_layer(proposers=[propose] * proposers, aggregator=aggregate)
    async with MoASystem() as system:

        async def run() -> int:
            return await system.run(layer, None) // proposers

        yield timed(run, 1)
