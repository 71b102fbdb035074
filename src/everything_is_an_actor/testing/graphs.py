"""Values and functions over the finite universe, drawn: a function is its graph."""

from collections.abc import Callable
from typing import Any, overload

from hypothesis import strategies as st

from everything_is_an_actor.testing.scripted import Does, Table
from everything_is_an_actor.testing.universe import Oops, need_known, values_of

RECOVERABLE = (Oops("x"), Oops("y"), KeyError("z"))
FATAL = MemoryError("fatal")


@overload
def values[T](hint: type[T]) -> st.SearchStrategy[T]: ...
@overload
def values(hint: Any) -> st.SearchStrategy[Any]: ...
def values(hint: Any) -> st.SearchStrategy[Any]:
    """The values of a type, the simplest first: `values_of`, drawn.

    What is no class, such as a union, may be given as well: hence the `Any`. Raises `TypeError` for
    a type whose values are not known.

    >>> from hypothesis import find
    >>> find(values(tuple[bool, str]), lambda value: value[1] > "a")
    (False, 'b')
    """
    need_known("values", hint)
    return st.sampled_from(values_of(hint))


@overload
def functions[A, B](
    I: type[A], O: type[B], *, total: bool = True
) -> st.SearchStrategy[Callable[[A], B]]: ...
@overload
def functions(I: Any, O: Any, *, total: bool = True) -> st.SearchStrategy[Callable[[Any], Any]]: ...
def functions(I: Any, O: Any, *, total: bool = True) -> st.SearchStrategy[Callable[[Any], Any]]:
    """Functions by their graph: tables that print and shrink. If not `total`, they may fail.

    What is no class, such as a union, may be given as well: hence the `Any`. Raises `TypeError` for
    a type whose values are not known.

    >>> from hypothesis import find
    >>> find(functions(bool, str), lambda f: f(True) == "b")
    table({False: 'a', True: 'b'})
    """
    need_known("functions", I, O)
    return tables(I, O, total=total)


def tables(I: Any, O: Any, *, total: bool = True) -> st.SearchStrategy[Table]:
    """The same, as tables."""
    keys = values_of(I)
    results = st.sampled_from(values_of(O))
    if not total:
        results = st.one_of(results, results, results, st.sampled_from((*RECOVERABLE, FATAL)))
    rows = st.tuples(*(results for _ in keys))
    return rows.map(lambda row: Table(tuple(zip(keys, map(Does, row), strict=True))))
