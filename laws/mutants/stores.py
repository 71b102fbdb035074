"""Stores of virtual actors that break a promise each."""

import asyncio
from collections.abc import Callable, Iterable
from typing import override

from everything_is_an_actor import MemoryRegistryStore, RegistryStore
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.stores import registry_store_suite
from laws.mutant import WrongPart, said
from laws.sizes import ENOUGH


class ListsTwice(MemoryRegistryStore):
    """What was put twice."""

    def __init__(self) -> None:
        super().__init__()
        self.again: list[tuple[str, str]] = []

    @override
    async def put(self, kind: str, id: str) -> None:
        if (kind, id) in self._kept:
            self.again.append((kind, id))
        await super().put(kind, id)

    @override
    async def list_all(self) -> list[tuple[str, str]]:
        return [*await super().list_all(), *self.again]


class ForgetsTheFirst(MemoryRegistryStore):
    """Of more than three."""

    @override
    async def list_all(self) -> list[tuple[str, str]]:
        return (await super().list_all())[-3:]


class DeletesNothing(MemoryRegistryStore):
    @override
    async def delete(self, kind: str, id: str) -> None:
        pass


class DeletesTheKind(MemoryRegistryStore):
    @override
    async def delete(self, kind: str, id: str) -> None:
        for each in [each for each in self._kept if each[0] == kind]:
            await super().delete(*each)


class DeletesOnlyWhatIsThere(MemoryRegistryStore):
    @override
    async def delete(self, kind: str, id: str) -> None:
        del self._kept[kind, id]


class NeverTakesBack(MemoryRegistryStore):
    """What was deleted once."""

    def __init__(self) -> None:
        super().__init__()
        self.deleted: set[tuple[str, str]] = set()

    @override
    async def put(self, kind: str, id: str) -> None:
        if (kind, id) not in self.deleted:
            await super().put(kind, id)

    @override
    async def delete(self, kind: str, id: str) -> None:
        self.deleted.add((kind, id))
        await super().delete(kind, id)


class JoinsByASlash:
    """Keeps one text for an identity, which says less."""

    def __init__(self) -> None:
        self.kept: set[str] = set()

    async def put(self, kind: str, id: str) -> None:
        self.kept.add(f"{kind}/{id}")

    async def delete(self, kind: str, id: str) -> None:
        self.kept.discard(f"{kind}/{id}")

    async def list_all(self) -> list[tuple[str, str]]:
        return [(kind, id) for kind, _, id in (each.partition("/") for each in self.kept)]


class IgnoresCase(MemoryRegistryStore):
    @override
    async def put(self, kind: str, id: str) -> None:
        if not any(each[0].lower() == kind.lower() and each[1] == id for each in self._kept):
            await super().put(kind, id)


class ReadsAndWrites(MemoryRegistryStore):
    """Writes what it read before somebody else wrote."""

    @override
    async def put(self, kind: str, id: str) -> None:
        read = dict(self._kept)
        await asyncio.sleep(0)
        self._kept = {**read, (kind, id): None}


class LastsAsLongAsTheProcess(MemoryRegistryStore):
    pass


class TiresOfWriting(MemoryRegistryStore):
    """Is full after a few writes, and says nothing."""

    writes = 0

    @override
    async def put(self, kind: str, id: str) -> None:
        self.writes += 1
        if self.writes <= 12 or self.writes % 2:
            await super().put(kind, id)


def store(
    wrong: type[RegistryStore], reopen: Callable[[RegistryStore], RegistryStore] | None = None
) -> WrongPart:
    def suite() -> Iterable[Check]:
        return registry_store_suite(wrong, reopen=reopen, configured=ENOUGH)

    return WrongPart(wrong.__name__, suite, more=said(wrong))


MUTANTS = (
    store(ListsTwice),
    store(ForgetsTheFirst),
    store(DeletesNothing),
    store(DeletesTheKind),
    store(DeletesOnlyWhatIsThere),
    store(NeverTakesBack),
    store(JoinsByASlash),
    store(IgnoresCase),
    store(ReadsAndWrites),
    store(LastsAsLongAsTheProcess, reopen=lambda _: LastsAsLongAsTheProcess()),
    store(TiresOfWriting),
)
