"""Values of a document that hold no nodes, and what is wrong with them.

A value that is wrong is noted as a `Problem`, and is `BAD`: reading goes on.
"""

import builtins
import sys
from collections.abc import Iterable
from math import isfinite
from typing import Any, Final

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.plain import exactly
from everything_is_an_actor.algebra.similar import did_you_mean
from everything_is_an_actor.interpreters.documents.problems import (
    Position,
    Problem,
)
from everything_is_an_actor.interpreters.documents.registry import (
    Registry,
    Role,
)
from everything_is_an_actor.interpreters.documents.scalars import half_of_a_pair
from everything_is_an_actor.interpreters.documents.sorts import Number
from everything_is_an_actor.interpreters.documents.tree import (
    DEPTH,
    PROBLEMS,
    VALUES,
    Tree,
    path_text,
    spoken,
)

GUESSES: Final = 100  # names for which a similar one is looked for

# A value by the way to it: the way to the list or mapping that holds it, that, the index or key,
# and how deep it is. The document itself has no way.
type Place = tuple[Place, Any, Any, int] | None


def spelled(place: Place) -> str:
    """The path in the document: `steps[2].agent`; empty for the document itself."""
    way: list[str | int] = []
    while place is not None:
        place, _, key, _ = place
        way.append(key if isinstance(key, str | int) else shown(key))
    return path_text(reversed(way))


def position_of(tree: Tree, place: Place, *, of_key: bool = False) -> Position | None:
    """Where in the text that stands, or the key that it stands under."""
    if place is None:
        return tree.root
    _, holder, key, _ = place
    return (tree.keys if of_key else tree.positions).get((id(holder), key))


class TooLargeError(Exception):
    """There is more to a document than is read."""


class _Bad:
    """What stands for a value with a problem, which has been noted."""


BAD: Final = _Bad()


class Values:
    """The reading of values from one document, and the problems so far."""

    def __init__(self, tree: Tree, registry: Registry) -> None:
        self.problems: list[Problem] = []
        self.unknown = 0  # how many of them are names that are not in the registry
        self.tree = tree
        self.registry = registry
        self._guesses = GUESSES
        self._fitting: dict[Role, list[str]] = {}  # the names that there are for a role
        self._told = {problem.position for problem in tree.problems}
        self._values = 0
        self._things: dict[tuple[Role, str], object] = {}  # that fit their roles

    def state(self) -> tuple[int, int, int, int]:
        """How far it is: what `back_to` takes."""
        return len(self.problems), self.unknown, self._values, self._guesses

    def back_to(self, state: tuple[int, int, int, int]) -> None:
        """Forget what was noted since."""
        problems, self.unknown, self._values, self._guesses = state
        del self.problems[problems:]

    def names(self, value: object, role: Role, place: Place) -> object:
        """Things by one name or a list of them, as a tuple."""
        if not isinstance(value, list):
            thing = self.name(value, role, place)
            return thing if thing is BAD else (thing,)
        self.count()
        if not value:
            return self.wrong("at least one name is needed, got an empty list", place)
        depth = depth_of(place) + 1
        things = [self.name(name, role, (place, value, i, depth)) for i, name in enumerate(value)]
        return BAD if any(thing is BAD for thing in things) else tuple(things)

    def name(self, value: object, role: Role, place: Place, *, of_key: bool = False) -> object:
        """What goes by a name in the registry, if it fits the role."""
        self.count()
        if not isinstance(value, str) or not value:
            return self.wrong(
                f"the name of {_a(role)} is needed, got {spoken(value)}", place, of_key=of_key
            )
        known = self._things.get((role, value))
        if known is not None:
            return known
        if value not in self.registry:
            self.unknown += 1
            hint = self.guess(value, self._names_for(role))
            if not hint and value in vars(builtins):
                hint = " A builtin is there only if it was put there."
            where = "in the registry" if self.registry else "in the registry, which is empty"
            what = f"there is no {role} {shown(value)} {where}"
            return self.wrong(f"{what}.{hint}", place, of_key=of_key)
        thing = self.registry[value]
        wrong = self.registry.misfit(value, role)
        if wrong is not None:
            return self.wrong(wrong, place, of_key=of_key)
        self._things[role, value] = thing
        return thing

    def whole(self, value: object, least: int, nullable: bool, place: Place) -> object:
        """A whole number."""
        self.count()
        if value is None and nullable:
            return None
        if isinstance(value, float) and value.is_integer():  # as JSON Schema has it: 2.0 is whole
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            none = ", or null for none," * nullable
            return self.wrong(
                f"a whole number from {least} on{none} is needed, got {spoken(value)}", place
            )
        return value

    def number(self, value: object, sort: Number, place: Place) -> object:
        """A number."""
        self.count()
        least, above = sort.least, sort.above
        if value is None and sort.nullable:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not least <= value <= sys.float_info.max
            or (above and value == least)
        ):
            bound = f"above {least:g}" if above else f"from {least:g} on"
            of = f" of {sort.unit}" if sort.unit else ""
            none = ", or null for none," * sort.nullable
            return self.wrong(f"a number{of} {bound}{none} is needed, got {spoken(value)}", place)
        return value

    def text(self, value: object, place: Place) -> object:
        """A text that is not empty."""
        self.count()
        if not isinstance(value, str) or not value:
            return self.wrong(f"a text that is not empty is needed, got {spoken(value)}", place)
        return self._encodable(value, place)

    def json(self, value: object, place: Place) -> object:
        """A value of JSON, of which nobody else has the lists and mappings."""
        self.count()
        depth = depth_of(place) + 1
        match value:
            case None | bool() | int():
                return value
            case str():
                return self._encodable(exactly(value), place)
            case float() if isfinite(value):
                return value
            case list() if self.is_shallow(place):
                return [self.json(inner, (place, value, i, depth)) for i, inner in enumerate(value)]
            case dict() if self.is_shallow(place):
                read: dict[object, object] = {}
                for key, inner in value.items():
                    at = (place, value, key, depth)
                    if not isinstance(key, str):
                        self.wrong(f"a key is a string, got {spoken(key)}", at, of_key=True)
                    read[key] = self.json(inner, at)
                return read
            case list() | dict():
                return BAD
            case _:
                return self.wrong(f"a value of JSON is needed, got {spoken(value)}", place)

    def _encodable(self, text: str, place: Place) -> object:
        half = half_of_a_pair(text)
        return self.wrong(half[1], place) if half else text

    def count(self) -> None:
        """One more value. Raises `TooLargeError`."""
        self._values += 1
        if self._values > VALUES:
            raise TooLargeError(f"the document has more than {VALUES:,} values")

    def is_shallow(self, place: Place) -> bool:
        """Whether a list or mapping is not too deep; notes it if it is."""
        if depth_of(place) < DEPTH:
            return True
        self.wrong(f"the document is more than {DEPTH} lists and mappings deep here", place)
        return False

    def _names_for(self, role: Role) -> list[str]:
        if role not in self._fitting:
            self._fitting[role] = [
                name for name in self.registry if self.registry.misfit(name, role) is None
            ]
        return self._fitting[role]

    def guess(self, name: object, names: Iterable[str]) -> str:
        """Which of the names may have been meant; of very many wrong names, the first are asked."""
        if not isinstance(name, str) or not self._guesses:
            return ""
        self._guesses -= 1
        return did_you_mean(name, names)

    def wrong(self, message: str, place: Place, *, of_key: bool = False) -> object:
        """Note a problem; the value to go on with."""
        if len(self.problems) >= PROBLEMS:
            raise TooLargeError(f"there are more than {PROBLEMS:,} problems")
        position = position_of(self.tree, place, of_key=of_key)
        if position is not None and position in self._told:
            return BAD  # the text there is wrong, and told to be so
        self.problems.append(Problem(message, spelled(place), position))
        return BAD


def depth_of(place: Place) -> int:
    """How many lists and mappings that is within."""
    return 0 if place is None else place[3]


def _a(role: Role) -> str:
    return f"{'an' if role[0] in 'aeiou' else 'a'} {role}"
