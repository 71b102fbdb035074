"""The one fold over a flow, on which static interpreters are built.

A fold replaces each node by what an algebra `Node[A] -> A` makes of it, from the leaves up: it is
the unique homomorphism out of the flows (Meijer, Fokkinga & Paterson 1991). Here it is a loop with
an explicit stack, so that depth costs nothing, and a part that is shared is folded once.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.node import Node, children, fmap
from everything_is_an_actor.algebra.structure import Nested


def fold[A](algebra: Callable[[Node[A]], A], flow: Nested) -> A:
    """`fold(alg, f) = alg(fmap(f.node, λg. fold(alg, g)))`, in linear time and constant stack.

    The algebra matches on the node kinds, whose sub-flows are results already.

    >>> from everything_is_an_actor.flow import pure
    >>> fold(lambda node: 1 + sum(children(node)), pure(int).map(abs).zip(pure(float)))
    4
    """
    results: dict[int, A] = {}
    pending = [flow]
    while pending:
        top = pending[-1]
        if id(top) in results:
            pending.pop()
        elif missing := [child for child in children(top.node) if id(child) not in results]:
            pending.extend(reversed(missing))
        else:
            results[id(top)] = algebra(fmap(top.node, lambda child: results[id(child)]))
    return results[id(flow)]
