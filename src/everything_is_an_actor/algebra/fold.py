"""The one fold over a flow, on which static interpreters are built.

A fold replaces each node by what an algebra `Node[A] -> A` makes of it, from the leaves up: it is
the unique homomorphism out of the flows (Meijer, Fokkinga & Paterson 1991). A paramorphism is a
fold whose algebra sees the flow that it replaces as well (Meertens, "Paramorphisms", 1992). Here
both are one loop with an explicit stack, so that depth costs nothing, and a part that is shared is
folded once.
"""

from collections.abc import Callable
from typing import Any, Final

from everything_is_an_actor.algebra.node import Node, children, fmap
from everything_is_an_actor.algebra.structure import Nested

_NEW: Final = object()  # not looked at yet
_OPEN: Final = object()  # its parts come first


def fold[A](algebra: Callable[[Node[A]], A], flow: Nested) -> A:
    """`fold(alg, f) = alg(fmap(f.node, λg. fold(alg, g)))`, in linear time and constant stack.

    The algebra matches on the node kinds, whose sub-flows are results already.

    >>> from everything_is_an_actor.flow import pure
    >>> fold(lambda node: 1 + sum(children(node)), pure(int).map(abs).zip(pure(float)))
    4
    """
    return para(lambda _, node: algebra(node), flow)


def para[F: Nested, A](algebra: Callable[[F, Node[A]], A], flow: F) -> A:
    """`para(alg, f) = alg(f, fmap(f.node, λg. para(alg, g)))`: a fold that sees the flow, too.

    >>> from everything_is_an_actor.flow import pure
    >>> para(lambda flow, node: [str(flow), *sum(children(node), [])], pure(int).map(abs))
    ['pure(int).map(abs)', 'pure(int)']
    """
    results: dict[int, Any] = {}  # of flows whose parts are waited for, `_OPEN`

    def result(part: F) -> A:
        found: A = results[id(part)]
        return found

    pending: list[Any] = [flow]  # flows, whose parts are flows of the same kind
    while pending:
        top = pending[-1]
        key = id(top)
        known = results.get(key, _NEW)
        if known is _NEW and (parts := children(top.node)):
            results[key] = _OPEN
            pending += reversed(parts)
            continue
        pending.pop()
        if known is _OPEN:
            results[key] = algebra(top, fmap(top.node, result))
        elif known is _NEW:
            results[key] = algebra(top, top.node)
    return result(flow)
