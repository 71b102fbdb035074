"""Agents and functions that do what a table says: printable, comparable, the same every time.

An agent that is called twice with the same input does the same twice: what a law says of a flow
that is written twice is then about the flow.
"""

import asyncio
import math
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, override

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.testing.observing import Seen, told


@dataclass(frozen=True, slots=True)
class Does:
    """What an agent or function does on an input: after so many seconds it yields, or raises.

    It raises a `value` that is an exception; after `math.inf` seconds it never does either.

    >>> Does("a"), Does(ValueError("no"), after=1.5)
    (Does('a'), Does(ValueError('no'), after=1.5))
    """

    value: Any
    after: float = 0.0

    def outcome(self) -> Any:
        """The value, unless it is to be raised: then each time an error of its own."""
        if isinstance(self.value, BaseException):
            raise type(self.value)(*self.value.args)
        return self.value

    @override
    def __repr__(self) -> str:
        after = f", after={self.after!r}" if self.after else ""
        return f"Does({self.value!r}{after})"


class _Rows:
    """What is done for each input."""

    __slots__ = ("_by_input", "rows")

    def __init__(self, rows: tuple[tuple[Any, Does], ...]) -> None:
        self.rows = rows
        self._by_input = {_looked_up(key): does for key, does in rows}

    def does(self, input: Any) -> Does:
        """What is done on `input`. Raises `LookupError` for what is in no row."""
        try:
            return self._by_input[told(input)]
        except KeyError:
            raise LookupError(f"{self!r} has no row for {input!r}") from None

    def takes(self, input: Any) -> bool:
        """Whether there is a row for `input`."""
        return told(input) in self._by_input

    def _told(self) -> object:
        return tuple((told(key), told(does.value), does.after) for key, does in self.rows)

    @override
    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._told() == other._told()

    @override
    def __hash__(self) -> int:
        return hash((type(self), *self._by_input))


def _looked_up(key: Any) -> object:
    """An input, so that its row is found."""
    found = told(key)
    try:
        hash(found)
    except TypeError:
        raise TypeError(
            f"an input that has a row must be hashable, or a dataclass of what is: got {shown(key)}"
        ) from None
    return found


class Table(_Rows):
    """A function by its graph.

    >>> table = Table(((False, Does("a")), (True, Does(ValueError("no")))))
    >>> table
    table({False: 'a', True: Does(ValueError('no'))})
    >>> table(False)
    'a'
    """

    __slots__ = ()

    def __call__(self, input: Any, /) -> Any:
        """The value there, or its error. Raises `LookupError` where the graph has no row."""
        return self.does(input).outcome()

    @override
    def __repr__(self) -> str:
        return f"table({_listed(self.rows)})"


def table(rows: Mapping[Any, Any]) -> Table:
    """A function by its graph; of any types, hence the `Any`. A `Does` may raise instead.

    >>> table({False: 1, True: 2})(True)
    2
    """
    return Table(tuple((key, _does(value)) for key, value in rows.items()))


class Scripted(_Rows):
    """An agent by its graph: as good as an `async def`. Its calls are noted in the `journal`."""

    __slots__ = ("__name__",)

    def __init__(self, name: str, rows: tuple[tuple[Any, Does], ...]) -> None:
        super().__init__(rows)
        self.__name__ = name

    @override
    def _told(self) -> object:
        return self.__name__, super()._told()

    @override
    def __hash__(self) -> int:
        return hash((self.__name__, super().__hash__()))

    @override
    def __repr__(self) -> str:
        return f"{type(self).__name__.lower()}({self.__name__!r}, {_listed(self.rows)})"

    async def __call__(self, input: Any, /) -> Any:
        """Do what there is to do for an input."""
        with noted(self.__name__, input):
            return await _done(self.does(input))


class Talking(Scripted):
    """A scripted agent whose outputs are lists, which it yields in chunks."""

    __slots__ = ()

    @override
    async def __call__(self, input: Any, /) -> AsyncIterator[Any]:  # type: ignore[override]  # another kind of leaf
        with noted(self.__name__, input):
            for chunk in await _done(self.does(input)):
                kept = _journal.get()
                if kept is not None:
                    kept.chunks.append((self.__name__, chunk))
                yield chunk


class Silent(Scripted):
    """A scripted agent whose calls are noted apart: what it does is take time."""

    __slots__ = ()

    @override
    async def __call__(self, input: Any, /) -> Any:
        with noted(self.__name__, input, silent=True):
            return await _done(self.does(input))


def scripted(name: str, rows: Mapping[Any, Any]) -> Scripted:
    """An agent by what it does on each input: yields a value, or what a `Does` says.

    >>> from everything_is_an_actor.flow import agent
    >>> slow = scripted("slow", {False: "x", True: Does("y", after=1.5)})
    >>> agent(slow), slow
    (agent(slow), scripted('slow', {False: 'x', True: Does('y', after=1.5)}))
    """
    return Scripted(name, tuple((key, _does(value)) for key, value in rows.items()))


def talking(name: str, rows: Mapping[Any, Any]) -> Talking:
    """As `scripted`, with lists, whose elements are yielded in chunks; the output is the list.

    >>> from everything_is_an_actor.flow import agent
    >>> from everything_is_an_actor.testing import assert_equivalent
    >>> rows = {1: ["one", "by", "one"], 2: Does(["late"], after=1.5)}
    >>> assert_equivalent(agent(talking("words", rows)), agent(scripted("words", rows)), [1, 2])
    """
    return Talking(name, tuple((key, _does(value)) for key, value in rows.items()))


def _does(value: Any) -> Does:
    return value if isinstance(value, Does) else Does(value)


def _listed(rows: tuple[tuple[Any, Does], ...]) -> str:
    inside = (
        f"{key!r}: {does.value!r}"
        if not does.after and not isinstance(does.value, BaseException)
        else f"{key!r}: {does!r}"
        for key, does in rows
    )
    return f"{{{', '.join(inside)}}}"


async def _done(does: Does) -> Any:
    """Not even a step of the loop where there is nothing to wait for."""
    if math.isinf(does.after):
        await asyncio.get_running_loop().create_future()
    elif does.after:
        await asyncio.sleep(does.after)
    return does.outcome()


# ------------------------------------------------------------------------------------- the journal


@dataclass(slots=True)
class Journal:
    """The calls that scripted agents note: those that have ended, and how many have not.

    `chunks` are those that they yield, each with the name of its agent; `waits` are the calls of
    agents that only take time, which no observation sees.
    """

    start: float
    calls: list[Seen] = field(default_factory=list)
    chunks: list[tuple[str, Any]] = field(default_factory=list)
    waits: list[Seen] = field(default_factory=list)
    running: int = 0


_journal: ContextVar[Journal | None] = ContextVar("_journal", default=None)


@contextmanager
def journal() -> Iterator[Journal]:
    """Where scripted agents note their calls, in tasks that are started within."""
    kept = Journal(asyncio.get_running_loop().time())
    token = _journal.set(kept)
    try:
        yield kept
    finally:
        _journal.reset(token)


def current_journal() -> Journal | None:
    """The journal in which calls are noted here, if there is one."""
    return _journal.get()


@contextmanager
def noted(name: str, input: Any, *, silent: bool = False) -> Iterator[None]:
    """Note a call of an agent, from its beginning to its end, if there is a journal."""
    kept = _journal.get()
    if kept is None:
        yield
        return
    loop = asyncio.get_running_loop()
    start, ending = loop.time(), "failed"
    kept.running += 1
    try:
        yield
        ending = "completed"
    except (asyncio.CancelledError, GeneratorExit):
        ending = "cancelled"
        raise
    finally:
        kept.running -= 1
        seen = Seen(name, input, start - kept.start, loop.time() - kept.start, ending)
        (kept.waits if silent else kept.calls).append(seen)
