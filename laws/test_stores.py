"""Every store of virtual actors keeps what a store promises; every wrong one is caught."""

import uuid
from typing import ClassVar, Self

import pytest
from redis.asyncio import ConnectionPool

from everything_is_an_actor import MemoryRegistryStore, RegistryStore
from everything_is_an_actor.plugins.redis import RedisRegistryStore
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.stores import registry_store_suite
from laws.effort import ENOUGH, FEW
from laws.wrong_stores import WRONG


class Shelf(RedisRegistryStore):
    """A store in the Redis of the session."""

    url: ClassVar[str]

    def __init__(self, prefix: str) -> None:
        self.pool = ConnectionPool.from_url(self.url)
        self.prefix = prefix
        super().__init__(self.pool, prefix=prefix)

    @classmethod
    def fresh(cls) -> Self:
        return cls(f"laws:{uuid.uuid4().hex}")

    def following(self) -> Self:
        return type(self)(self.prefix)

    async def close(self) -> None:
        await self.pool.aclose()


@pytest.mark.parametrize("check", registry_store_suite(MemoryRegistryStore), ids=str)
def test_memory(check: Check) -> None:
    check()


@pytest.mark.parametrize(
    "check",
    registry_store_suite(Shelf.fresh, reopen=Shelf.following, close=Shelf.close, configured=FEW),
    ids=str,
)
def test_redis(check: Check, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shelf, "url", redis_url, raising=False)
    check()


def suite_of(wrong: type[RegistryStore]) -> dict[str, Check]:
    reopen = (lambda _: wrong()) if WRONG[wrong] == "reopening" else None
    suite = registry_store_suite(wrong, reopen=reopen, configured=ENOUGH)
    return {check.name.removeprefix("registry_store."): check for check in suite}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_a_wrong_store_is_caught(wrong: type[RegistryStore]) -> None:
    with pytest.raises((AssertionError, KeyError)) as caught:
        suite_of(wrong)[WRONG[wrong]]()
    assert caught.value.__notes__[-1].startswith(f"registry_store.{WRONG[wrong]} does not hold")


def test_every_check_catches_something() -> None:
    assert {name for wrong in WRONG for name in suite_of(wrong)} == set(WRONG.values())
