"""Equality, hash and text of a node that may be 100,000 nodes deep.

The methods that a dataclass gets for free recurse into sub-flows, and fail at a depth of a
thousand. Here each is a loop:

* equality compares two nodes with their sub-flows blanked out, then the pairs of sub-flows;
* a hash is computed when the node is built, from the hashes that its sub-flows already have;
* a text is laid out as pieces, strings and sub-flows in turn, and a stack of pieces is printed.

A flow may share its parts (`f = f.zip(f)` a hundred times over is a hundred nodes, not 2 ** 100):
equality remembers the pairs it has seen. The text of such a flow is as long as the expression.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Protocol, assert_never

from everything_is_an_actor.algebra.arguments import callable_name, cut, spelled
from everything_is_an_actor.algebra.backoff import Backoff
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
    fmap,
)


class Nested(Protocol):
    """What holds a node whose sub-flows are such holders again: the fixed point of `Node`."""

    @property
    def node(self) -> "Node[Any]":
        """The outermost node; `Any` stands for the recursive `Nested`."""


def equal(left: Nested, right: Nested) -> bool:
    """Whether two flows are the same expression."""
    seen: set[tuple[int, int]] = set()
    pending: list[tuple[Nested, Nested]] = [(left, right)]
    while pending:
        a, b = pending.pop()
        if a is b or (id(a), id(b)) in seen:
            continue
        seen.add((id(a), id(b)))
        if hash(a) != hash(b):
            return False
        (outer_a, inner_a), (outer_b, inner_b) = _split(a.node), _split(b.node)
        if outer_a != outer_b:
            return False
        pending.extend(zip(inner_a, inner_b, strict=True))
    return True


def _split(node: Node[Nested]) -> tuple[Node[None], list[Nested]]:
    """`node` with its sub-flows blanked out, and the sub-flows."""
    inner: list[Nested] = []
    return fmap(node, inner.append), inner


def structural_hash(node: Node[Nested]) -> int:
    """The hash of a node, given that its sub-flows know theirs."""
    try:
        return hash((type(node), node))
    except (TypeError, ValueError):  # no hash in there: a list for init_state, a memoryview
        outer, inner = _split(node)
        values = (getattr(outer, slot) for slot in type(outer).__slots__)
        return hash((type(node), *map(_hash_or_type, values), *inner))


def _hash_or_type(value: object) -> int:
    try:
        return hash(value)
    except (TypeError, ValueError):
        return hash(type(value))


def render(flow: Nested, length: float = math.inf) -> str:
    """The expression that builds `flow`, or its first `length` characters."""
    out: list[str] = []
    pending: list[str | Nested] = [flow]
    while pending and length > 0:
        piece = pending.pop()
        if isinstance(piece, str):
            out.append(piece if len(piece) <= length else piece[: int(length)])
            length -= len(piece)
        else:
            pending.extend(reversed(list(_pieces(piece.node))))
    return "".join(out)


def head(node: Node[Any]) -> str:
    """The expression of `node` alone, each sub-flow shown as `...`, for error texts."""
    pieces = list(_pieces(node))
    return cut("".join(p if isinstance(p, str) else "..." for p in pieces).removeprefix("...."))


def _pieces(node: Node[Nested]) -> Iterator[str | Nested]:
    """The layout of one node: text, and the sub-flows to be laid out in their place."""
    match node:
        case Leaf(target, timeout, name):
            options = [] if timeout == 30.0 else [f"timeout={timeout!r}"]
            options += [] if name is None else [f"name={name!r}"]
            yield f"agent({', '.join([callable_name(target), *options])})"
        case Pure(fn):
            yield f"pure({callable_name(fn)})"
        case Identity():
            yield "identity()"
        case Map(source, fn):
            yield from (source, f".map({callable_name(fn)})")
        case FlatMap(source, next):
            yield from (source, ".flat_map(", next, ")")
        case Bind(source, k):
            yield from (source, f".bind({callable_name(k)})")
        case ZipAll((first, second)):
            yield from (first, ".zip(", second, ")")
        case ZipAll(flows):
            yield from _call("zip_all", flows)
        case Each(flows):
            yield from _call("each", flows)
        case Race(flows):
            yield from _call("race", flows)
        case FirstCompleted(flows):
            yield from _call("first_completed", flows)
        case AtLeast(n, flows, stop_early):
            yield f"at_least({n}, "
            yield from _listed(flows)
            yield ", stop_early=True)" if stop_early else ")"
        case Traverse(body, max_concurrency):
            bound = (
                "" if max_concurrency is None else f", max_concurrency={_count(max_concurrency)}"
            )
            yield from ("traverse(", body, f"{bound})")
        case Match(types, flows):
            for i, (case_type, flow) in enumerate(zip(types, flows, strict=True)):
                yield from (f"{'.' if i else ''}on({callable_name(case_type)}, ", flow, ")")
        case BranchOn(source, predicate, then, otherwise):
            yield from (source, f".branch_on({callable_name(predicate)}, ")
            yield from (then, ", ", otherwise, ")")
        case Recover(source, handler):
            yield from (source, f".recover({callable_name(handler)})")
        case RecoverWith(source, handler):
            yield from (source, ".recover_with(", handler, ")")
        case FallbackTo(source, fallback):
            yield from (source, ".fallback_to(", fallback, ")")
        case Attempt(source):
            yield from (source, ".attempt()")
        case Absolve(source):
            yield from (source, ".absolve()")
        case Retry(source, times, backoff, on):
            options = [] if backoff == Backoff() else [f"backoff={backoff!r}"]
            options += [] if on == (Exception,) else [f"on={_types(on)}"]
            yield from (source, f".retry({', '.join([_count(times), *options])})")
        case Timeout(source, seconds):
            yield from (source, f".timeout({seconds!r})")
        case Filter(source, predicate):
            yield from (source, f".filter({callable_name(predicate)})")
        case Guard(source, check):
            yield from (source, ".guard(", check, ")")
        case AndThen(source, fn):
            yield from (source, f".and_then({callable_name(fn)})")
        case Tap(source, side):
            yield from (source, ".tap(", side, ")")
        case Notify(source, side):
            yield from (source, ".notify(", side, ")")
        case DivertTo(source, side, when):
            yield from (source, ".divert_to(", side, f", {callable_name(when)})")
        case Loop(body, max_iter):
            yield from ("loop(", body, f"{_bound(max_iter)})")
        case LoopWithState(body, init_state, max_iter):
            state = callable_name(init_state) if callable(init_state) else spelled(init_state)
            yield from ("loop_with_state(", body, f", init_state={state}{_bound(max_iter)})")
        case Named(source, label):
            yield from (source, f".named({label!r})")
        case _ as unreachable:
            assert_never(unreachable)


def _listed(flows: Iterable[Nested]) -> Iterator[str | Nested]:
    for i, flow in enumerate(flows):
        if i:
            yield ", "
        yield flow


def _call(name: str, flows: Iterable[Nested]) -> Iterator[str | Nested]:
    yield f"{name}("
    yield from _listed(flows)
    yield ")"


def _types(types: tuple[type[Exception], ...]) -> str:
    names = ", ".join(map(callable_name, types))
    return names if len(types) == 1 else f"({names})"


def _bound(max_iter: int | None) -> str:
    if max_iter == 10:
        return ""
    return f", max_iter={None if max_iter is None else _count(max_iter)}"


def _count(count: int) -> str:
    return spelled(int(count))  # which may be of a class with a repr of its own
