"""The leaf at a path: what `spell` (`algebra/path.py`) has spelled out is found again in the flow.

A path is read from the left, label by label, on the way down. Labels are the user's in part, and
two of one node may be the same (of types of one name): so there may be several leaves at a path.
Of a flow that a bind chose nothing is known: what is within it is at the bind.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import (
    AtLeast,
    Bind,
    Each,
    FirstCompleted,
    FlatMap,
    Leaf,
    Map,
    Race,
    ZipAll,
    children,
)
from everything_is_an_actor.algebra.path import AnyNode, Where, label_of

LISTED: Final = 200_000  # steps of a chain that are kept as a list

_STEP: Final = re.compile(r"steps\[([0-9]+)\](?:\.|$)")
_ELEMENT: Final = re.compile(r"traverse\[[0-9]+\]")
_NUMBER: Final = re.compile(r"[a-z_]+\[([0-9]+)\]")

type _Step = tuple[
    AnyNode, FlatMap[AnyFlow] | None
]  # the node, and the last to whose next one went


class Site(NamedTuple):
    """A leaf, or a bind that chose the flow in which the leaf is; and the way to it."""

    where: Where
    node: Leaf[AnyFlow] | Bind[AnyFlow]


class Sites:
    """The leaves of a flow by their paths."""

    def __init__(self, flow: AnyFlow) -> None:
        self._flow = flow
        self._chains: dict[int, list[_Step]] = {}
        self._found: dict[str, list[Site]] = {}

    def at(self, path: str) -> list[Site]:
        """All that are at a path; the elements of a `traverse` are one place."""
        every = _ELEMENT.sub("traverse[0]", path)
        if every not in self._found:
            found = list(self._leaves(every))
            binds = [site for site in found if isinstance(site.node, Bind)]
            self._found[every] = [site for site in found if isinstance(site.node, Leaf)] or binds
        return self._found[every]

    def _leaves(self, path: str) -> Iterator[Site]:
        pending: list[tuple[AnyFlow, Where, str]] = [(self._flow, None, path)]
        while pending:
            flow, where, rest = pending.pop()
            node = flow.node
            if isinstance(node, FlatMap | Map):
                step = _STEP.match(rest)
                if step is None or int(step[1]) >= flow.steps:
                    continue
                node, via = self._step(flow, int(step[1]))
                where = where if via is None else (where, via, int(step[1]))
                rest = rest[step.end() :]
            if isinstance(node, Leaf):
                if not rest:
                    yield Site(where, node)
                continue
            if isinstance(node, Bind) and _after("bind", rest) is not None:
                yield Site(where, node)
            parts = children(node)
            for slot in _slots(node, rest, len(parts)):
                label = _ELEMENT.sub("traverse[0]", label_of(node, slot))
                after = _after(label, rest)
                if after is not None:
                    pending.append((parts[slot], (where, node, slot), after))

    def _step(self, flow: AnyFlow, number: int) -> _Step:
        if flow.steps <= LISTED:
            if id(flow) not in self._chains:
                self._chains[id(flow)] = list(_steps(flow))
            return self._chains[id(flow)][number]
        via: FlatMap[AnyFlow] | None = None
        while True:
            node = flow.node
            match node:
                case FlatMap(source, next) if number >= source.steps:
                    number, via, flow = number - source.steps, node, next
                case FlatMap(source, _):
                    flow = source
                case Map(source, _) if number < source.steps:
                    flow = source
                case _:
                    return node, via


def _steps(flow: AnyFlow) -> Iterator[_Step]:
    """The steps of a chain in order; that of a `map` is its function's."""
    pending: list[tuple[AnyFlow | None, _Step]] = [(flow, (flow.node, None))]
    while pending:
        part, (node, via) = pending.pop()
        if part is None:
            yield node, via
            continue
        match node:
            case FlatMap(source, next):
                pending += [(next, (next.node, node)), (source, (source.node, via))]
            case Map(source, _):
                pending += [(None, (node, via)), (source, (source.node, via))]
            case _:
                yield node, via


def _slots(node: AnyNode, rest: str, count: int) -> Iterable[int]:
    match node:
        case ZipAll() | Each() | Race() | FirstCompleted() | AtLeast():
            number = _NUMBER.match(rest)
            return () if number is None or int(number[1]) >= count else (int(number[1]),)
        case _:
            return range(count)


def _after(label: str, path: str) -> str | None:
    """What comes after a label with which a path begins."""
    if path == label:
        return ""
    return path[len(label) + 1 :] if path.startswith(f"{label}.") else None
