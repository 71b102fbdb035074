"""Values and functions over the finite universe, drawn: a function is its graph."""

from typing import Any

from hypothesis import strategies as st

from everything_is_an_actor.testing.scripted import Does, Table
from everything_is_an_actor.testing.universe import Oops, values_of

RECOVERABLE = (Oops("x"), Oops("y"), KeyError("z"))
FATAL = MemoryError("fatal")


def values(hint: Any) -> st.SearchStrategy[Any]:
    """The values of a type, the simplest first. The type may be any: hence the `Any`.

    >>> from hypothesis import find
    >>> find(values(tuple[bool, str]), lambda value: value[1] > "a")
    (False, 'b')
    """
    return st.sampled_from(values_of(hint))


def functions(I: Any, O: Any, *, total: bool = True) -> st.SearchStrategy[Table]:
    """Functions by their graph: tables that print and shrink. If not `total`, they may fail.

    >>> from hypothesis import find
    >>> find(functions(bool, str), lambda f: f(True) == "b")
    table({False: 'a', True: 'b'})
    """
    keys = values_of(I)
    results = st.sampled_from(values_of(O))
    if not total:
        results = st.one_of(results, results, results, st.sampled_from((*RECOVERABLE, FATAL)))
    rows = st.tuples(*(results for _ in keys))
    return rows.map(lambda row: Table(tuple(zip(keys, map(Does, row), strict=True))))
