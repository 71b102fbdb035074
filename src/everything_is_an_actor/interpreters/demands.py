"""What a flow takes, where nobody has said what flows into it.

The demand of a flow is read off its parts from the front: that of `a >> b` is that of `a`. What
passes its input on (`identity`, a function `T → T`) also takes on the demand of what comes next;
flows that share an input have the greatest hint that all of them take, their meet. Where there is
none the demand is that of the first: what then flows into the others is the finding.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar, assert_never

from everything_is_an_actor.algebra.flow import AnyFlow, Flow
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
)
from everything_is_an_actor.interpreters.hint_terms import Term, Terms
from everything_is_an_actor.interpreters.lineage import Lineage
from everything_is_an_actor.interpreters.signatures import Arrow, Signatures
from everything_is_an_actor.interpreters.subtyping import Subtyping
from everything_is_an_actor.interpreters.trampoline import Calls, answered


class Demand(NamedTuple):
    """What is taken, and whether what is given is the same value or of the same type."""

    takes: Term
    passes: bool = False


# The kinds that give their source what they are given, and whose own demand comes after it.
_CHAINED = frozenset(
    (
        *(Map, FlatMap, Named, Retry, Timeout, Attempt, Absolve, Recover, RecoverWith),
        *(Filter, AndThen, Guard, Tap, Notify, DivertTo, BranchOn),
    )
)


class Demands:
    """Finds the demands of flows."""

    def __init__(
        self, terms: Terms, lineage: Lineage, signatures: Signatures, subtyping: Subtyping
    ) -> None:
        self._terms = terms
        self._lineage = lineage
        self._signatures = signatures
        self._subtyping = subtyping
        self._heads: dict[int, AnyFlow] = {}

    def of(self, flow: AnyFlow) -> Term:
        """What `flow` takes; `object` if it takes everything."""
        return answered(flow, self._visit, id).takes

    def meet(self, a: Term, b: Term) -> Term:
        """The greatest hint that goes for both; `a` if there is none."""
        if a.form is object or a is self._terms.unknown:
            return b
        if b.form is object or b is self._terms.unknown or a is b:
            return a
        if self._subtyping.subtype(a, b):
            return a
        if self._subtyping.subtype(b, a):
            return b
        if a.form is tuple and b.form is tuple and len(a.args) == len(b.args):
            return self._terms.product(map(self.meet, a.args, b.args))
        shared = [x for x in a.members if self._subtyping.subtype(x, b)]
        shared += [y for y in b.members if self._subtyping.subtype(y, a)]
        return self._terms.union(shared) if shared else a

    def _arrow(self, arrow: Arrow) -> Demand:
        passes = isinstance(arrow.input.form, TypeVar) and arrow.input is arrow.output
        if isinstance(arrow.input.form, TypeVar):
            bound, choices = self._terms.limits(arrow.input.form)
            most = self._terms.union(choices) if choices else self._terms.object
            return Demand(most if bound is None else bound, passes)
        return Demand(self._terms.closed(arrow.input))

    def _visit(self, flow: AnyFlow) -> Demand | Calls[AnyFlow, Demand]:
        """What a chain takes is what its head takes, unless that passes on what it is given."""
        head, chain = flow, list[AnyFlow]()
        while type(head.node) in _CHAINED and id(head) not in self._heads:
            chain.append(head)
            head = head.node.source  # type: ignore[union-attr]  # every one of these kinds has one
        head = self._heads.get(id(head), head)
        for each in chain:
            self._heads[id(each)] = head
        demand = self._atom(head)
        if demand is not None and (head is flow or not demand.passes):
            return demand
        return self._walk(flow)

    def _atom(self, flow: AnyFlow) -> Demand | None:
        match flow.node:
            case Identity():
                return Demand(self._terms.object, passes=True)
            case Pure(fn):
                return self._arrow(self._signatures.function(fn))
            case Leaf(target):
                return self._arrow(self._signatures.agent(target))
            case _:
                return None

    def _walk(self, flow: AnyFlow) -> Calls[AnyFlow, Demand]:
        node = flow.node
        match node:
            case ZipAll(flows) | AtLeast(_, flows):
                takes = self._terms.object
                for part in flows:
                    demand = self._atom(part) or (yield part)
                    takes = self.meet(takes, demand.takes)
                return Demand(takes)
            case Race(flows) | FirstCompleted(flows):
                takes, passes = self._terms.object, True
                for part in flows:
                    demand = self._atom(part) or (yield part)
                    takes, passes = self.meet(takes, demand.takes), passes and demand.passes
                return Demand(takes, passes)
            case Map(source, fn):
                first = yield source
                second = self._arrow(self._signatures.function(fn))
                return self._after(first, second) if first.passes else first
            case FlatMap(source, next):
                first = yield source
                return self._after(first, (yield next)) if first.passes else first
            case Named(source) | Retry(source) | Timeout(source):
                return (yield source)
            case Attempt(source) | Absolve(source) | Recover(source) | RecoverWith(source):
                return Demand((yield source).takes)
            case Filter(source, fn) | AndThen(source, fn):
                first = yield source
                return self._beside(first, self._arrow(self._signatures.function(fn)))
            case Guard(source, side) | Tap(source, side) | Notify(source, side):
                first = yield source
                return self._beside(first, (yield side)) if first.passes else first
            case DivertTo(source, side, when):
                first = yield source
                first = self._beside(first, self._arrow(self._signatures.function(when)))
                return self._beside(first, (yield side)) if first.passes else first
            case BranchOn(source, predicate, then, otherwise):
                first = yield source
                if not first.passes:
                    return first
                first = self._beside(first, self._arrow(self._signatures.function(predicate)))
                chosen = [(yield then), (yield otherwise)]
                takes = self.meet(self.meet(first.takes, chosen[0].takes), chosen[1].takes)
                return Demand(takes, all(each.passes for each in chosen))
            case Bind(source, k):
                first = yield source
                arrow = self._signatures.function(k)
                takes = first.takes
                if first.passes:
                    takes = self.meet(takes, self._arrow(arrow).takes)
                chosen_flow = self._lineage.view(arrow.output, Flow)
                if chosen_flow is not None:
                    takes = self.meet(takes, self._terms.closed(chosen_flow.args[0]))
                return Demand(takes)
            case FallbackTo(source, fallback):
                first, second = (yield source), (yield fallback)
                return Demand(self.meet(first.takes, second.takes), first.passes and second.passes)
            case Each(flows):
                elements: list[Term] = []
                for part in flows:
                    elements.append((yield part).takes)  # noqa: PERF401  # a step yields itself
                return Demand(self._terms.product(elements))
            case Traverse(body):
                return Demand(self._terms.make(Sequence, (yield body).takes))
            case Match(types, _):
                return Demand(self._terms.union(map(self._terms.bare, types)))
            case Loop(body):
                return Demand((yield body).takes)
            case LoopWithState(body):
                takes = (yield body).takes
                pair = takes.form is tuple and len(takes.args) == 2
                return Demand(takes.args[0] if pair else self._terms.unknown)
            case Identity() | Pure() | Leaf():
                raise AssertionError("answered at once")
            case _ as unreachable:
                assert_never(unreachable)

    def _after(self, first: Demand, second: Demand) -> Demand:
        return Demand(self.meet(first.takes, second.takes), second.passes)

    def _beside(self, first: Demand, second: Demand) -> Demand:
        """A side on the same value, which goes on as it is."""
        return Demand(self.meet(first.takes, second.takes), True) if first.passes else first
