"""`zip_all`."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from everything_is_an_actor.flow import agent, zip_all


async def one(_: object) -> int:
    return 1


def side(agents: int) -> AbstractAsyncContextManager[Round]:
    return rounds(zip_all(*[agent(one)] * agents).map(sum), None, agents)
