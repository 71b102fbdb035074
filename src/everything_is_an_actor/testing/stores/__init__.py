"""What every store of virtual actors promises, as checks for one of your own.

The semantics are those of `everything_is_an_actor.RegistryStore`: a set of identities, each a kind
and an id. One of the checks is a state machine, which does anything in any order to the store and
to a set.
"""

from collections.abc import Awaitable, Callable, Iterator

from hypothesis import settings
from hypothesis.strategies import SearchStrategy

from everything_is_an_actor.runtime.store import RegistryStore
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.sentences import need_factory, sentences
from everything_is_an_actor.testing.stores import machine, properties
from everything_is_an_actor.testing.stores.subject import Subject, any_text

__all__ = ["registry_store_suite"]


def registry_store_suite[S: RegistryStore](
    factory: Callable[[], S],
    *,
    reopen: Callable[[S], S] | None = None,
    close: Callable[[S], Awaitable[object]] | None = None,
    texts: SearchStrategy[str] | None = None,
    configured: settings | None = None,
) -> tuple[Check, ...]:
    """The checks of a kind of store; `factory` makes an empty one, on a running event loop.

    Of a durable one, `reopen` makes another store on what this one keeps; `close` lets go of one.
    `texts` are the kinds and ids that it takes, if that is not any text that can be encoded.
    `configured` are Hypothesis' settings (default: those of the profile).

    >>> class Shelf:
    ...     def __init__(self) -> None:
    ...         self.kept: set[tuple[str, str]] = set()
    ...
    ...     async def put(self, kind: str, id: str) -> None:
    ...         self.kept.add((kind, id))
    ...
    ...     async def delete(self, kind: str, id: str) -> None:
    ...         self.kept.discard((kind, id))
    ...
    ...     async def list_all(self) -> list[tuple[str, str]]:
    ...         return list(self.kept)
    >>> for check in registry_store_suite(Shelf, configured=settings(max_examples=10)):
    ...     check()
    """
    need_factory("registry_store_suite", factory, (), "no argument")
    subject = Subject(factory, reopen, close, any_text if texts is None else texts, configured)
    return sentences("registry_store", subject, _sentences(subject))


def _sentences(subject: Subject) -> Iterator[Callable[[Subject], None]]:
    yield properties.puts
    yield properties.deletes
    yield properties.identity
    yield properties.concurrency
    if subject.reopen is not None:
        yield properties.reopening
    yield machine.model
