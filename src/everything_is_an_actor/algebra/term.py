"""Records that hold records, 100,000 deep: equality, hash, text and pickling without recursion.

What a dataclass has for free recurses into its fields, and fails at a depth of a thousand. A `Term`
is a frozen record whose fields may be terms, or tuples of them; here each of these is a loop:

* equality compares two records field by field, and puts pairs of terms off;
* a hash is made of the hashes of the fields, from the innermost term outwards;
* a text is laid out as pieces, strings and terms in turn, and a stack of pieces is printed;
* a pickle is the list of the records, each naming its terms by their place in the list.

A term may share its parts: each is looked at once, but for the text, which is as long as the
expression. `structure.py` does the same for flows, which know the kinds of their nodes.

A term is frozen, and made millions of times. A `__setattr__` that refuses would have to be gone
around for every field of every term, by a call each; so a field is kept under a private name, which
its constructor assigns and the interpreters on the way of every operation read, and is public as
`read_only`.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from types import BuiltinFunctionType, FunctionType
from typing import Any, ClassVar, Final, Never, override

from everything_is_an_actor.algebra.arguments import callable_name

type Piece = str | Term

_NAMED: Final = (type, FunctionType, BuiltinFunctionType)  # what an expression has by its name


class Term:
    """A frozen record: compared, hashed and printed as the expression that builds it."""

    __slots__ = ()
    __match_args__: ClassVar[tuple[str, ...]] = ()
    """Its fields, in the order of its constructor's arguments."""

    def pieces(self) -> Iterator[Piece]:
        """The layout of its text: strings, and the terms to be laid out in their place."""
        yield from call(type(self).__name__, self.fields())

    def fields(self) -> list[Any]:
        """The values of its fields, in order: terms, tuples of them, and whatever else it holds."""
        return [getattr(self, slot) for slot in self.__match_args__]

    def abridged(self, length: int) -> str:
        """The first `length` characters of the expression, which is not written out in full."""
        return _render(self, length)

    @override
    def __eq__(self, other: object) -> bool:
        return _equal(self, other) if isinstance(other, Term) else NotImplemented

    @override
    def __hash__(self) -> int:
        return _hash(self)

    @override
    def __repr__(self) -> str:
        return _render(self)

    @override
    def __reduce__(self) -> tuple[Callable[..., "Term"], tuple[Any, ...]]:
        return _unflatten, (_flatten(self),)


def read_only(slot: str) -> Any:
    """The public face of the field in `_name`, to be assigned to `name`, whose type it has."""
    name = slot.removeprefix("_")

    def refuse_to_set(term: Term, value: object) -> Never:
        raise AttributeError(f"{type(term).__name__} is immutable: cannot set {name!r}")

    def refuse_to_delete(term: Term) -> Never:
        raise AttributeError(f"{type(term).__name__} is immutable: cannot delete {name!r}")

    return property(attrgetter(slot), refuse_to_set, refuse_to_delete)


def call(name: str, arguments: Iterable[object]) -> Iterator[Piece]:
    """The pieces of `name(argument, …)`."""
    yield f"{name}("
    yield from listed(arguments)
    yield ")"


def listed(values: Iterable[object]) -> Iterator[Piece]:
    """The pieces of values, with commas between them; of a tuple of terms, those of the terms."""
    for i, value in enumerate(values):
        if i:
            yield ", "
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple) and _holds_terms(value):
            yield "("
            yield from listed(value)
            yield ",)" if len(value) == 1 else ")"
        elif isinstance(value, _NAMED):
            yield callable_name(value)
        else:
            yield repr(value)


def _holds_terms(value: Any) -> bool:
    return type(value) is tuple and any(
        isinstance(element, Term) or _holds_terms(element) for element in value
    )


def _terms(values: Iterable[Any]) -> Iterator[Term]:
    """The terms among `values`, and those in the tuples among them."""
    for value in values:
        if isinstance(value, Term):
            yield value
        elif type(value) is tuple:
            yield from _terms(value)


def _mapped(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` changed; of a tuple of terms its elements."""
    if _holds_terms(value):
        return tuple([_mapped(element, change) for element in value])
    return change(value)


def _equal(left: Term, right: Term) -> bool:
    seen: set[tuple[int, int]] = set()
    pending: list[tuple[Any, Any]] = [(left, right)]
    while pending:
        a, b = pending.pop()
        if a is b:
            continue
        if isinstance(a, Term) and type(a) is type(b):
            if (id(a), id(b)) not in seen:
                seen.add((id(a), id(b)))
                pending.extend(zip(a.fields(), b.fields(), strict=True))
        elif _holds_terms(a) and _holds_terms(b):
            if len(a) != len(b):
                return False
            pending.extend(zip(a, b, strict=True))
        elif isinstance(a, Term) or a != b:
            return False
    return True


def _postorder(term: Term) -> Iterator[Term]:
    """Every part of `term` once, what it holds before itself."""
    done: set[int] = set()
    pending = [term]
    while pending:
        top = pending[-1]
        if id(top) in done:
            pending.pop()
        elif missing := [part for part in _terms(top.fields()) if id(part) not in done]:
            pending.extend(reversed(missing))
        else:
            done.add(id(top))
            yield top


def _hash(term: Term) -> int:
    hashes: dict[int, int] = {}

    def known(value: Any) -> Any:
        return hashes[id(value)] if isinstance(value, Term) else value

    for part in _postorder(term):
        values = [_mapped(value, known) for value in part.fields()]
        hashes[id(part)] = hash((type(part), *map(_hash_or_type, values)))
    return hashes[id(term)]


def _hash_or_type(value: object) -> int:
    try:
        return hash(value)
    except (TypeError, ValueError):  # a list for a message, a memoryview
        return hash(type(value))


def _render(term: Term, length: float = math.inf) -> str:
    out: list[str] = []
    pending: list[Piece] = [term]
    while pending and length > 0:
        piece = pending.pop()
        if isinstance(piece, str):
            out.append(piece if len(piece) <= length else piece[: int(length)])
            length -= len(piece)
        else:
            pending.extend(reversed(list(piece.pieces())))
    return "".join(out)


class _Place(int):
    """The number of a term in a list of them."""

    __slots__ = ()


def _flatten(term: Term) -> list[tuple[type[Term], list[Any]]]:
    places: dict[int, _Place] = {}

    def placed(value: Any) -> Any:
        return places[id(value)] if isinstance(value, Term) else value

    records: list[tuple[type[Term], list[Any]]] = []
    for part in _postorder(term):
        fields = [_mapped(value, placed) for value in part.fields()]
        places[id(part)] = _Place(len(records))
        records.append((type(part), fields))
    return records


def _unflatten(records: list[tuple[type[Term], list[Any]]]) -> Term:
    terms: list[Term] = []

    def found(value: Any) -> Any:
        if type(value) is tuple:
            return tuple(map(found, value))
        return terms[value] if type(value) is _Place else value

    for cls, fields in records:
        term = object.__new__(cls)
        for slot, value in zip(cls.__match_args__, fields, strict=True):
            setattr(term, f"_{slot}", found(value))
        terms.append(term)
    return terms[-1]
