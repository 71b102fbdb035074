"""`Pure(0).flat_map(f).flat_map(f)` and so on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Never

from benchmarks.side import Round, timed
from everything_is_an_actor import ActorSystem
from everything_is_an_actor.free import Free, Pure


def following(n: int) -> Free[Never, int]:
    return Pure(n + 1)


@asynccontextmanager
async def side(binds: int) -> AsyncIterator[Round]:
    program: Free[Never, int] = Pure(0)
    for _ in range(binds):
        program = program.flat_map(following)
    async with ActorSystem("bench") as system:
        yield timed(lambda: system.run_free(program), binds)
