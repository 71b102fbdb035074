from typing import Any

from redis.asyncio import ConnectionPool

from tests.plugins.actors import actor_on
from tests.plugins.conftest import keys_of


async def test_ask(pool: ConnectionPool, queue: str) -> None:
    handled: list[Any] = []
    async with actor_on(pool, queue, handled) as ref:
        assert await ref.ask("hi", timeout=3) == "hi"
        await ref.tell("you")
        assert await ref.ask({"x": [1]}, timeout=3) == {"x": [1]}
    assert handled == ["hi", "you", {"x": [1]}]
    assert await keys_of(pool, queue) == []
