"""What a document is described by: keywords, their fields, and the sorts of values in them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.interpreters.documents.registry import Role


@dataclass(frozen=True, slots=True)
class Part:
    """A node."""


@dataclass(frozen=True, slots=True)
class Parts:
    """A list of nodes, `least` or more."""

    least: int


@dataclass(frozen=True, slots=True)
class Steps:
    """A list of nodes one after the other; from the second on, `map: NAME` is a step as well."""


@dataclass(frozen=True, slots=True)
class Choices:
    """A mapping from names of types to nodes, in order, at least one."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the registry."""

    role: Role


@dataclass(frozen=True, slots=True)
class Names:
    """A name in the registry, or a list of them, at least one."""

    role: Role


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number, `least` or more; or `null`, where there may be none."""

    least: int
    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number, `least` or more, or above it; or `null`, where there may be none."""

    least: float
    above: bool = False
    nullable: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A string that is not empty; or `null`, where there may be none."""

    nullable: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """Any value of JSON."""


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping of fields, made into a value of another kind."""

    fields: "tuple[Field, ...]"
    build: Callable[..., object]


type Sort = (
    Part | Parts | Steps | Choices | Name | Names | Count | Number | Flag | Text | Value | Record
)
"""What a field holds."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The default of a field that must be given, and what a node has of a field that it lacks."""


ABSENT: Final = Absent()


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a keyword: its key in the document, how the node's field is called, what it is."""

    key: str
    sort: Sort
    attribute: str
    says: str
    default: object = ABSENT


@dataclass(frozen=True, slots=True)
class Keyword:
    """How one kind of node is written; `says` is for those who write documents.

    If `alone`, the value of the one field stands for the mapping, always. Of the keys in `one_of`
    exactly one is given. `at_most` are the keys of a number and of the list that has at least so
    many elements.

    A node is made of its fields, by their attributes, each of which fits its sort. Where that is
    not all, `build` makes the flow, and raises what the constructor of Python raises.
    """

    name: str
    says: str
    kind: type[Any]
    fields: tuple[Field, ...]
    alone: bool = False
    one_of: tuple[str, ...] = ()
    at_most: tuple[str, str] | None = None
    build: Callable[..., AnyFlow] | None = None
    sole: Field | None = field(init=False)
    """The field whose value may stand for the mapping, if there is one."""
    defaults: dict[str, object] = field(init=False)
    """Of the fields that may be left out, by their attributes."""

    def __post_init__(self) -> None:
        required = [field for field in self.fields if field.default is ABSENT]
        sole = required[0] if len(required) == 1 and not self.one_of else None
        object.__setattr__(self, "sole", sole)
        defaults = {f.attribute: f.default for f in self.fields if f.default is not ABSENT}
        object.__setattr__(self, "defaults", defaults)

    def flow(self, given: dict[str, Any]) -> AnyFlow:
        """The flow of the given fields, of any types. Raises `TypeError` or `ValueError`."""
        return Flow(self.kind(**given)) if self.build is None else self.build(**given)
