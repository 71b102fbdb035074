"""The kinds of nodes that flows are made of: what a user imports to write an interpreter.

A `Node[A]` is a node whose sub-flows have been replaced by what an interpreter makes of them; a
function of it is all that `fold` and `para` need. The kinds are a closed union: with a `match` that
ends in `assert_never`, mypy says which are missing.

>>> from everything_is_an_actor.flow import agent, fold, pure
>>> async def search(query: str) -> str: ...
>>> def agents(node: Node[list[str]]) -> list[str]:
...     match node:
...         case Leaf(target):
...             return [target.__name__]
...         case _:
...             return sum(children(node), [])
>>> fold(agents, agent(search).retry(2).zip(pure(len)))
['search']
"""

from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Node,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
    children,
)

__all__ = [
    "Absolve",
    "AndThen",
    "AtLeast",
    "Attempt",
    "Bind",
    "BranchOn",
    "DivertTo",
    "Each",
    "FallbackTo",
    "Filter",
    "FirstCompleted",
    "FlatMap",
    "Guard",
    "Identity",
    "Leaf",
    "Loop",
    "LoopWithState",
    "Map",
    "Match",
    "Named",
    "Node",
    "Notify",
    "Pure",
    "Race",
    "Recover",
    "RecoverWith",
    "Retry",
    "Tap",
    "Timeout",
    "Traverse",
    "ZipAll",
    "children",
]
