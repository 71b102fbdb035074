"""A tree from the events of a parser: values as they begin and end, in the order of the text.

The composer of both syntaxes. It has a stack of the lists and mappings that are open, and finds
what neither syntax may have, each with its path: a key that is there twice, a key that is no text,
an alias of nothing or of what it is in.

It is where reading is bounded. A part that is referred to is not copied: it has a weight, the
number of values in it, and a height, of lists and mappings within one another. An alias counts as
what it stands for, so a billion laughs are found out in a few additions.
"""

from dataclasses import dataclass
from typing import NoReturn

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.interpreters.documents.problems import (
    DocumentError,
    Position,
    Problem,
)
from everything_is_an_actor.interpreters.documents.scalars import half_of_a_pair
from everything_is_an_actor.interpreters.documents.tree import (
    DEPTH,
    PROBLEMS,
    VALUES,
    Entry,
    Tree,
    path_text,
    spoken,
)

type Container = list[object] | dict[str, object]


@dataclass(slots=True)
class _Open:
    """A list or mapping that is being read; of a mapping, the key whose value comes next."""

    container: Container
    position: Position | None
    anchor: str | None
    before: int  # values that were read before this one
    height: int = 1
    key: str | None = None
    awaits_key: bool = False
    kept: bool = True  # the value of `key`


@dataclass(frozen=True, slots=True)
class _Part:
    """What an anchor stands for."""

    value: object
    position: Position | None
    weight: int
    height: int


class Composer:
    """Makes a `Tree` of what it is told. Every method may raise `DocumentError`: see `stop`."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._root: object = None
        self._root_position: Position | None = None
        self._positions: dict[Entry, Position] = {}
        self._keys: dict[Entry, Position] = {}
        self._open: list[_Open] = []
        self._count = 0
        self._parts: dict[str, _Part | None] = {}  # None: of a value that is still open
        # Kept until the end, so that no other container gets the id that its places go by.
        self._dropped: list[object] = []

    @property
    def awaits_key(self) -> bool:
        """Whether the next value is the key of a mapping."""
        return bool(self._open) and self._open[-1].awaits_key

    def scalar(self, value: object, position: Position, anchor: str | None = None) -> None:
        """A value that holds no others."""
        if not self.awaits_key:
            self._counted(1, position)
        if anchor is not None:
            self._parts[anchor] = _Part(value, position, 1, 0)
        self._put(value, position, 0)

    def text(self, value: str, position: Position) -> str:
        """What escapes made: half of a surrogate pair is a problem, and is left out."""
        if half := half_of_a_pair(value):
            self.problem(half[1], position)
            return value.encode(errors="ignore").decode()
        return value

    def begin(self, container: Container, position: Position, anchor: str | None = None) -> None:
        """A list or mapping, still empty; its values come next."""
        self._counted(1, position)
        if len(self._open) == DEPTH:
            self._too_deep(position)
        if anchor is not None:
            self._parts[anchor] = None
        opened = _Open(container, position, anchor, self._count - 1)
        opened.awaits_key = isinstance(container, dict)
        self._open.append(opened)

    def end(self) -> None:
        """The list or mapping that began last is complete."""
        done = self._open.pop()
        if done.anchor is not None and self._parts[done.anchor] is None:
            weight = self._count - done.before
            self._parts[done.anchor] = _Part(done.container, done.position, weight, done.height)
        self._put(done.container, done.position, done.height)

    def alias(self, anchor: str, position: Position) -> None:
        """The value that `anchor` stands for, once more."""
        part = self._parts.get(anchor)
        if part is None:
            if anchor in self._parts:
                self.problem(f"*{anchor} is within &{anchor} itself: it would never end", position)
            else:
                self.problem(
                    f"*{anchor} stands for nothing: there is no &{anchor} before", position
                )
            part = _Part(None, position, 1, 0)
        if len(self._open) + part.height > DEPTH:
            self._too_deep(position)
        self._counted(part.weight, position)
        self._put(part.value, position, part.height)

    def refused_key(self, message: str, position: Position) -> None:
        """In place of a key: there is none, and the value that belongs to it is not kept."""
        self.problem(message, position)
        opened = self._open[-1]
        opened.key, opened.kept, opened.awaits_key = None, False, False

    def problem(self, message: str, position: Position | None) -> None:
        """What is wrong with the value that comes next."""
        if len(self.problems) == PROBLEMS:
            self.stop(
                f"there are more than {PROBLEMS:,} problems: what follows is not read", position
            )
        self.problems.append(Problem(message, self._path(), position))

    def stop(self, message: str, position: Position | None) -> NoReturn:
        """Raises `DocumentError` with this problem and those before it: no reading on."""
        self.problems.append(Problem(message, self._path(), position))
        raise DocumentError(self.problems)

    def tree(self) -> Tree:
        """What was read."""
        return Tree(
            self._root, self._root_position, self._positions, self._keys, tuple(self.problems)
        )

    def _put(self, value: object, position: Position | None, height: int) -> None:
        if not self._open:
            self._root, self._root_position = value, position
            return
        opened = self._open[-1]
        container = opened.container
        entry: Entry
        if isinstance(container, list):
            entry = id(container), len(container)
            container.append(value)
        elif opened.awaits_key:
            self._put_key(opened, container, value, position)
            return
        else:
            opened.awaits_key = True
            if not opened.kept or opened.key is None:
                self._dropped.append(value)
                return
            entry = id(container), opened.key
            container[opened.key] = value
        if position is not None:
            self._positions[entry] = position
        if height >= opened.height:
            opened.height = height + 1

    def _put_key(
        self, opened: _Open, container: dict[str, object], value: object, position: Position | None
    ) -> None:
        opened.awaits_key = False
        opened.key, opened.kept = None, False
        if not isinstance(value, str):
            self._dropped.append(value)
            hint = "" if isinstance(value, list | dict) else ": quote it"
            self.problem(f"a key is a text, not {spoken(value)}{hint}", position)
            return
        entry: Entry = (id(container), value)
        if value in container:
            first = self._keys.get(entry)
            where = "" if first is None else f": the first is at {first}"
            self.problem(f"the key {shown(value)} is there twice{where}", position)
        else:
            opened.kept = True
            if position is not None:
                self._keys[entry] = position
        opened.key = value

    def _counted(self, weight: int, position: Position | None) -> None:
        self._count += weight
        if self._count > VALUES:
            self.stop(
                f"the document has more than {VALUES:,} values, those of aliases counted", position
            )

    def _too_deep(self, position: Position | None) -> NoReturn:
        self.stop(f"lists and mappings are nested deeper than {DEPTH}", position)

    def _path(self) -> str:
        way: list[str | int] = []
        for opened in self._open:
            if isinstance(opened.container, list):
                way.append(len(opened.container))
            elif opened.key is not None and not opened.awaits_key:
                way.append(opened.key)
        return path_text(way)
