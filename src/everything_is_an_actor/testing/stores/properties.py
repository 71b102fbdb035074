"""What every store promises, sentence by sentence.

Each function takes the stores it is about and raises what is wrong with them; its docstring is the
sentence.
"""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from everything_is_an_actor.testing.sentences import examples, same
from everything_is_an_actor.testing.stores.subject import Identity, Subject, kept

EACH = 0.3  # of the examples of the profile, for each of the sentences


def puts(subject: Subject) -> None:
    """What was put is listed, each once, however often it was put."""

    @examples(EACH, subject.configured)
    @given(st.lists(subject.identities, max_size=8), st.integers(1, 3))
    def holds(identities: list[Identity], times: int) -> None:
        async def main() -> None:
            async with subject.opened() as store:
                for identity in identities * times:
                    await store.put(*identity)
                same(await kept(store), set(identities))

        asyncio.run(main())

    holds()


def deletes(subject: Subject) -> None:
    """What was deleted is not listed, however often; what was not is left alone."""

    @examples(EACH, subject.configured)
    @given(
        st.lists(subject.identities, unique=True, min_size=1, max_size=8),
        st.integers(0),
        st.integers(1, 3),
    )
    def holds(identities: list[Identity], index: int, times: int) -> None:
        gone = identities[index % len(identities)]

        async def main() -> None:
            async with subject.opened() as store:
                await store.delete(*gone)
                for identity in identities:
                    await store.put(*identity)
                for _ in range(times):
                    await store.delete(*gone)
                same(await kept(store), {*identities} - {gone})
                await store.put(*gone)
                same(await kept(store), {*identities})

        asyncio.run(main())

    holds()


def identity(subject: Subject) -> None:
    """An identity is its kind and its id: no other text is taken for it."""

    @examples(EACH, subject.configured)
    @given(subject.texts, subject.texts, subject.texts)
    def holds(kind: str, between: str, id: str) -> None:
        similar = {
            *((kind + each, id) for each in (between, *subject.separators)),
            *((kind, each + id) for each in (between, *subject.separators)),
            (id, kind),
            (kind.upper(), id),
            (f" {kind}", id),
        }

        async def main() -> None:
            async with subject.opened() as store:
                for each in similar:
                    await store.put(*each)
                same(await kept(store), similar)
                await store.delete(kind + between, id)
                same(await kept(store), similar - {(kind + between, id)})

        asyncio.run(main())

    holds()


def concurrency(subject: Subject) -> None:
    """Puts and deletes at the same time do not disturb each other."""

    @examples(EACH, subject.configured)
    @given(
        st.lists(subject.identities, unique=True, max_size=8),
        st.lists(subject.identities, unique=True, max_size=8),
        subject.identities,
    )
    def holds(some: list[Identity], others: list[Identity], contested: Identity) -> None:
        gone = set(others) - set(some) - {contested}

        async def main() -> None:
            async with subject.opened() as store:
                for each in gone:
                    await store.put(*each)
                await asyncio.gather(
                    *(store.put(*each) for each in some * 2),
                    *(store.delete(*each) for each in gone),
                    *(store.list_all() for _ in range(2)),
                    store.put(*contested),
                    store.delete(*contested),
                )
                same(await kept(store) | {contested}, {*some, contested})

        asyncio.run(main())

    holds()


def reopening(subject: Subject) -> None:
    """What is kept is there for the next store, what was deleted is not."""

    @examples(EACH, subject.configured)
    @given(st.lists(subject.identities, unique=True, max_size=8), st.integers(0, 3))
    def holds(identities: list[Identity], deleted: int) -> None:
        async def main() -> None:
            assert subject.reopen is not None
            store = subject.make()
            async with subject.held(store):
                for each in identities:
                    await store.put(*each)
                for each in identities[:deleted]:
                    await store.delete(*each)
            async with subject.held(subject.reopen(store)) as following:
                same(await kept(following), set(identities[deleted:]))

        asyncio.run(main())

    holds()
