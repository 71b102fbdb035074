"""What a suite of stores is about: how one is made, opened again and let go of."""

import string
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.runtime.store import RegistryStore

type Identity = tuple[str, str]

SEPARATORS = (*string.punctuation, *string.whitespace, "\0", "\x1f")
"""What an identity may be written with as one text: no two may be written alike."""

any_text = st.sampled_from(["", "a", "a:b", ":", " ", "\n", '"', "[]", "ä", "☃"]) | st.text(
    max_size=5
)


@dataclass(frozen=True)
class Subject:
    """A kind of store, as the checks see it."""

    make: Callable[[], RegistryStore]
    reopen: Callable[[Any], RegistryStore] | None
    close: Callable[[Any], Awaitable[object]] | None
    texts: st.SearchStrategy[str]
    configured: settings | None

    @property
    def identities(self) -> st.SearchStrategy[Identity]:
        """Kinds and ids."""
        return st.tuples(self.texts, self.texts)

    @property
    def separators(self) -> tuple[str, ...]:
        """Those that a kind or an id may contain: none of which it is said what they are."""
        return SEPARATORS if self.texts is any_text else ()

    @asynccontextmanager
    async def opened(self) -> AsyncGenerator[RegistryStore]:
        """An empty store."""
        made = self.make()
        if not isinstance(made, RegistryStore):
            raise TypeError(
                f"registry_store_suite: factory must make a RegistryStore, got {shown(made)}: "
                "it has async methods put(kind, id), delete(kind, id) and list_all()"
            )
        async with self.held(made) as store:
            yield store

    @asynccontextmanager
    async def held(self, store: RegistryStore) -> AsyncGenerator[RegistryStore]:
        """A store that is let go of at the end."""
        try:
            yield store
        finally:
            await self.let_go(store)

    async def let_go(self, store: RegistryStore) -> None:
        """The last thing that is done with it."""
        if self.close is not None:
            await self.close(store)


async def kept(store: RegistryStore) -> set[Identity]:
    """What it lists. Raises an `AssertionError` if it lists anything twice."""
    counts = Counter(tuple(identity) for identity in await store.list_all())
    assert max(counts.values(), default=1) == 1, f"listed twice: {counts.most_common(1)}"
    return {(kind, id) for kind, id in counts}
