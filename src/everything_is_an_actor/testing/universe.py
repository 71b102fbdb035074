"""A small finite universe of types: every value of every type, so that "for all" is a loop.

What a law says of any type `A` is checked with `A` one of `TYPES`; the values of a product, a sum
or a sequence follow from those of its parts. Two functions are equal if they agree on the whole
domain, which is then compared value by value.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from itertools import product
from typing import (
    Annotated,
    Any,
    Literal,
    NoReturn,
    TypeAliasType,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.values import Continue, Done

TYPES: tuple[type[Any], ...] = (bool, str)
"""What a type variable of a law stands for."""

LENGTH = 2
"""How many elements a sequence has at most."""


class Oops(Exception):
    """A recoverable error: what the agents and functions of generated programs fail with."""


VALUES: Mapping[object, tuple[Any, ...]] = {
    bool: (False, True),
    str: ("a", "b", "c"),
    int: (1, 2, 3),
    float: (0.5, 1.0, 2.0, 4.0),
    type(None): (None,),
    None: (None,),
    Exception: (Oops("x"), Oops("y"), KeyError("z")),
    object: (False, "a"),
}
"""The values of the basic types."""


def values_of(hint: Any) -> tuple[Any, ...]:
    """Every value of a type; the type may be any: hence the `Any`.

    Of a sequence, those of at most `LENGTH` elements. Raises `TypeError` for a type of which it
    does not know the values.

    >>> values_of(tuple[bool, None])
    ((False, None), (True, None))
    >>> values_of(Continue[bool] | Done[None])
    (Continue(value=False), Continue(value=True), Done(value=None))

    A dataclass is the product of its fields, an `Enum` or a `Literal` what it lists.
    """
    return _values_of(hint)


@cache
def _values_of(hint: Any) -> tuple[Any, ...]:
    if hint in VALUES:
        return VALUES[hint]
    origin, args = get_origin(hint), get_args(hint)
    if isinstance(origin, TypeAliasType):
        return _values_of(resolved(hint))
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return _sequences(tuple, args[0])
    if origin is tuple:
        return tuple(product(*map(_values_of, args)))
    if origin is list or origin is Sequence:
        return _sequences(list, args[0])
    if origin in (Continue, Done):
        return tuple(map(origin, _values_of(args[0])))
    if origin is Result:
        return (*map(Success, _values_of(args[0])), *map(Failure, _values_of(args[1])))
    if origin in (Union, types.UnionType):
        return tuple(value for part in args for value in _values_of(part))
    if origin is Literal:
        return args
    if isinstance(hint, type) and issubclass(hint, Enum):
        return tuple(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        parts = get_type_hints(hint)
        of_fields = (_values_of(parts[each.name]) for each in fields(hint) if each.init)
        names = [each.name for each in fields(hint) if each.init]
        return tuple(hint(**dict(zip(names, row, strict=True))) for row in product(*of_fields))
    return _unknown(hint)


def _sequences(make: Any, element: Any) -> tuple[Any, ...]:
    parts = _values_of(element)
    return tuple(make(p) for n in range(LENGTH + 1) for p in product(parts, repeat=n))


def _unknown(hint: object) -> NoReturn:
    raise TypeError(
        f"values_of: the values of {hint} are not known: it can be bool, str, int or float, None, "
        "an Enum, a Literal, a dataclass, or a tuple, a list, a Result or a union of such"
    )


def product_of(*parts: Any) -> Any:
    """The type of tuples of these types, which are known only when this runs."""
    return types.GenericAlias(tuple, parts)


def tuple_of(element: Any) -> Any:
    """The type of tuples of any length."""
    return types.GenericAlias(tuple, (element, ...))


def list_of(element: Any) -> Any:
    """The type of lists."""
    return types.GenericAlias(list, (element,))


def step_of(again: Any, end: Any) -> Any:
    """The type of what the body of a loop yields, which is the sum of the algebra."""
    return types.GenericAlias(Continue, (again,)) | types.GenericAlias(Done, (end,))


def resolved(hint: Any) -> Any:
    """A subscripted `type` alias, or a plain one, as what it stands for."""
    if isinstance(hint, TypeAliasType):
        return hint.__value__
    alias = get_origin(hint)
    bound = dict(zip(alias.__type_params__, get_args(hint), strict=True))
    return substituted(alias.__value__, bound)


def substituted(hint: Any, bound: Mapping[Any, Any]) -> Any:
    """`hint` with types in place of type variables."""
    if isinstance(hint, TypeVar):
        return bound[hint]
    if isinstance(hint, list):  # the parameters of a Callable
        return [substituted(each, bound) for each in hint]
    args = get_args(hint)
    if not args:
        return hint
    origin = get_origin(hint)
    if hasattr(hint, "__metadata__"):  # Annotated
        return _annotated(substituted(hint.__origin__, bound), hint.__metadata__)
    if origin is Literal:
        return hint
    inner = tuple(each if each is Ellipsis else substituted(each, bound) for each in args)
    if origin in (Union, types.UnionType):
        return Union[inner]  # noqa: UP007  # of as many as there are
    return origin[inner]


def _annotated(hint: Any, metadata: tuple[Any, ...]) -> Any:
    return Annotated[(hint, *metadata)]
