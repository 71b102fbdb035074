"""The store of virtual actors: which identities there are, also after a restart of the process.

Being active is one thing, being known another: an identity is known from its first activation until
it is forgotten. A store keeps names, no state; the state of an actor is the actor's own affair.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable
from weakref import WeakValueDictionary

from everything_is_an_actor.algebra.failure import add_note


@runtime_checkable
class RegistryStore(Protocol):
    """Keeps identities, each a kind and an id; the kind is `module.qualname` of the class.

    Whatever it raises fails the ask or the call that needed it.

    >>> isinstance(MemoryRegistryStore(), RegistryStore)
    True
    """

    async def put(self, kind: str, id: str) -> None:
        """Keep an identity; harmless if it is kept already."""

    async def delete(self, kind: str, id: str) -> None:
        """Keep it no longer; harmless if it is not kept."""

    async def list_all(self) -> Sequence[tuple[str, str]]:
        """Every identity that is kept, each once."""
        ...


class MemoryRegistryStore:
    """A `RegistryStore` that lasts as long as the process; `list_all` is in order of `put`.

    >>> async def main() -> list[tuple[str, str]]:
    ...     store = MemoryRegistryStore()
    ...     await store.put("shop.Cart", "ada")
    ...     return await store.list_all()
    >>> asyncio.run(main())
    [('shop.Cart', 'ada')]
    """

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], None] = {}

    async def put(self, kind: str, id: str) -> None:
        """Keep an identity."""
        self._kept[kind, id] = None

    async def delete(self, kind: str, id: str) -> None:
        """Keep it no longer."""
        self._kept.pop((kind, id), None)

    async def list_all(self) -> list[tuple[str, str]]:
        """Every identity that is kept."""
        return list(self._kept)


class Ledger:
    """A store, and what is known to be in it, so that it is told of each identity once."""

    __slots__ = ("_known", "_locks", "_store")

    def __init__(self, store: RegistryStore) -> None:
        self._store = store
        self._known: dict[str, set[str]] = {}
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    def knows(self, kind: str, id: str) -> bool:
        """Whether the store has been told."""
        return id in self._known.get(kind, ())

    async def put(self, kind: str, id: str) -> None:
        """Tell the store, unless it knows by the time it is told."""
        async with self._lock(kind, id):
            if not self.knows(kind, id):
                await self._put(kind, id)

    async def delete(self, kind: str, id: str, is_back: Callable[[], bool]) -> None:
        """Have the store forget an identity; tell it again if that is active by then."""
        async with self._lock(kind, id):
            known = self._known.get(kind, set())
            known.discard(id)
            if not known:
                self._known.pop(kind, None)
            await self._store.delete(kind, id)
            if is_back():
                await self._put(kind, id)

    async def _put(self, kind: str, id: str) -> None:
        try:
            await self._store.put(kind, id)
        except Exception as error:
            add_note(error, f"the store of virtual actors could not record {kind} {id!r}")
            raise
        self._known.setdefault(kind, set()).add(id)

    def _lock(self, kind: str, id: str) -> asyncio.Lock:
        """What orders the writes about one identity."""
        return self._locks.setdefault((kind, id), asyncio.Lock())

    async def ids(self, kind: str) -> tuple[str, ...]:
        """Those that the store keeps for a kind."""
        return tuple(id for each, id in await self._store.list_all() if each == kind)
