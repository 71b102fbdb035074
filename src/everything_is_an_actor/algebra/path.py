"""Paths in a flow: `steps[2].race[0]` is the first racer of the third step.

An interpreter that goes down into a flow keeps a `Where`, the way it came: a link to the way
before, the node, and which sub-flow of it was taken. Links cost one tuple each, and are spelled out
only when an error has to say where it happened.

A chain of `flat_map`s and `map`s, however nested, is one list of steps. So a link is made only on
the way to the `next` of a `FlatMap`, never on the way to its source; it holds the number of the
step, and takes the place of the link to an earlier step. Flows know how many steps they are, so
that an error in a chain of 100,000 costs no more than in one of two; and of a way that is deeper
than `DEPTH` only the end is spelled.
"""

from collections.abc import Iterator
from typing import assert_never

from everything_is_an_actor.algebra.arguments import callable_name
from everything_is_an_actor.algebra.failure import add_note
from everything_is_an_actor.algebra.flow import AnyFlow
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
from everything_is_an_actor.algebra.structure import head

type AnyNode = Node[AnyFlow]
# The number of a sub-flow; for a FlatMap that of the step, for a Traverse that of the element; the
# flow itself if a bind chose it.
type Slot = int | AnyFlow
type Where = tuple[Where, AnyNode, Slot] | None

EVERY = -1  # the slot of a Traverse that stands for all its elements
DEPTH = 32  # links of a way that are spelled out
PLACES = 16  # notes on one error: that many flows may run within one another


def into_next(where: Where, node: FlatMap[AnyFlow]) -> Where:
    """The way into the `next` of a `FlatMap`: its slot is the number of the step."""
    if where is not None and isinstance(where[1], FlatMap) and isinstance(where[2], int):
        return (where[0], node, where[2] + node.source.steps)
    return (where, node, node.source.steps)


def into_bound(where: Where, node: Bind[AnyFlow], chosen: AnyFlow) -> Where:
    """The way into the flow that a bind chose.

    A bind at the end of a flow that a bind chose takes that one's place: a recursion through
    continuations has a short path, and needs no memory for it.
    """
    outer = where[0] if where is not None and isinstance(where[1], FlatMap) else where
    if outer is not None and isinstance(outer[1], Bind) and not isinstance(outer[2], int):
        where = outer[0]
    return (where, node, chosen)


def ways(where: Where, node: AnyNode) -> list[tuple[AnyFlow, Where]]:
    """The sub-flows of `node`, in the order of `children`, and the way to each, before any run."""
    match node:
        case FlatMap(source, next):
            return [(source, where), (next, into_next(where, node))]
        case Map(source):
            return [(source, where)]
        case Traverse(body):
            return [(body, (where, node, EVERY))]
        case _:
            return [(flow, (where, node, slot)) for slot, flow in enumerate(children(node))]


def occurrences(flow: AnyFlow) -> Iterator[tuple[AnyNode, Where]]:
    """Every node of `flow` and the way to it, from left to right; of a shared part, the first."""
    seen: set[int] = set()
    pending: list[tuple[AnyFlow, Where]] = [(flow, None)]
    while pending:
        flow, where = pending.pop()
        if id(flow) not in seen:
            seen.add(id(flow))
            yield flow.node, where
            pending += reversed(ways(where, flow.node))


def annotate(error: BaseException, root: AnyNode, where: Where, at: AnyNode) -> None:
    """Note on `error` where in the flow it happened, once.

    An error that `absolve` only raises again has happened elsewhere, and says so already.
    """
    if isinstance(at, Absolve) and _places(error, "in flow"):
        return
    path = spell(root, where, at)
    note_place(error, "in flow", f" at {path}: {head(at)}" if path else f": {head(at)}")


def note_place(error: BaseException, within: str, place: str) -> None:
    """Note on `error` where it happened, once; of very many places, the last."""
    places = _places(error, within)
    note = f"{within}{place}"
    if note not in places:
        if len(places) >= PLACES:  # one object, raised again and again
            error.__notes__.remove(places[0])
        add_note(error, note)


def _places(error: BaseException, within: str) -> list[str]:
    notes: object = getattr(error, "__notes__", None)
    if not isinstance(notes, list):  # anyone may set them to anything
        return []
    return [note for note in notes if isinstance(note, str) and note.startswith(within)]


def spell(root: AnyNode, where: Where, at: AnyNode) -> str:
    """The path of the node `at`, to which `where` is the way from `root`; empty for the root."""
    links: list[tuple[AnyNode, Slot]] = []
    while where is not None and len(links) <= DEPTH:
        links.append(where[1:])
        where = where[0]
    links.reverse()
    parts: list[str] = []
    if where is not None:
        parts.append("…")
        while isinstance(links[0][0], FlatMap):
            links.pop(0)
        root = _below(*links.pop(0))
    step = 0
    for node, slot in links:
        if isinstance(node, FlatMap):
            step = slot if isinstance(slot, int) else 0
            continue
        parts += _step(root, step)
        parts.append(label_of(node, slot))
        step = 0
        root = _below(node, slot)
    parts += _step(root, step + at.source.steps if isinstance(at, Map) else step)
    return ".".join(parts)


def _step(root: AnyNode, step: int) -> list[str]:
    return [f"steps[{step}]"] if isinstance(root, FlatMap | Map) else []


def _below(node: AnyNode, slot: Slot) -> AnyNode:
    if not isinstance(slot, int):
        return slot.node
    match node:
        case ZipAll() | Each() | Race() | FirstCompleted() | AtLeast() | Match():
            return node.flows[slot].node
        case Traverse():
            return node.body.node
        case _:
            source: AnyFlow | None = getattr(node, "source", None)
            return source.node if source is not None and slot == 0 else children(node)[slot].node


def label_of(node: AnyNode, slot: Slot) -> str:
    """What a path says of the way from a node, no `flat_map` and no `map`, to a sub-flow."""
    number = slot if isinstance(slot, int) else -1
    match node:
        case ZipAll():
            return f"all[{number}]"
        case Each():
            return f"each[{number}]"
        case Race():
            return f"race[{number}]"
        case FirstCompleted():
            return f"first_completed[{number}]"
        case AtLeast():
            return f"at_least[{number}]"
        case Traverse():
            return "traverse[*]" if number == EVERY else f"traverse[{number}]"
        case Match(types, _):
            return f"branch[{callable_name(types[number])}]"
        case Named(_, label):
            return label
        case Bind():
            return "bind.source" if isinstance(slot, int) else "bind"
        case BranchOn():
            return ("branch_on.source", "branch_on.then", "branch_on.otherwise")[number]
        case Recover():
            return "recover.source"
        case RecoverWith():
            return ("recover_with.source", "recover_with.handler")[number]
        case FallbackTo():
            return ("fallback_to.source", "fallback_to.fallback")[number]
        case Attempt():
            return "attempt.source"
        case Absolve():
            return "absolve.source"
        case Retry():
            return "retry.source"
        case Timeout():
            return "timeout.source"
        case Filter():
            return "filter.source"
        case Guard():
            return ("guard.source", "guard.check")[number]
        case AndThen():
            return "and_then.source"
        case Tap():
            return ("tap.source", "tap.side")[number]
        case Notify():
            return ("notify.source", "notify.side")[number]
        case DivertTo():
            return ("divert_to.source", "divert_to.side")[number]
        case Loop():
            return "loop.body"
        case LoopWithState():
            return "loop_with_state.body"
        case FlatMap() | Map() | Leaf() | Pure() | Identity():
            raise AssertionError(f"{head(node)} has no way of its own")
        case _ as unreachable:
            assert_never(unreachable)
