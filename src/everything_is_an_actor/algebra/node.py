"""The signature of the Flow algebra: one frozen record for each kind of node.

`Node[F]` is the base functor of the algebra: a node whose sub-flows have been replaced by `F`.
`Flow` is its fixed point (a flow holds a `Node[Flow]`), and a fold is an algebra `Node[A] -> A`
(Meijer, Fokkinga & Paterson, "Functional programming with bananas, lenses, envelopes and barbed
wire", 1991). Because the union is closed, a `match` that ends in `assert_never` makes mypy list
every interpreter that lacks a new kind.

The records are erased: what flows through them is typed by `Flow[I, O]`, whose methods are the
only typed way to build them. Hence the `Any` in the fields below.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any, TypeVar, assert_never, final, get_args, get_origin

from everything_is_an_actor.algebra.backoff import Backoff


@final
@dataclass(frozen=True, slots=True)
class Leaf[F]:
    """Run one fresh agent: a class with `execute`, or an `async def`."""

    target: Callable[..., Any]
    timeout: float | None
    name: str | None


@final
@dataclass(frozen=True, slots=True)
class Pure[F]:
    """`pure(fn)(x) = fn(x)`."""

    fn: Callable[[Any], Any]


@final
@dataclass(frozen=True, slots=True)
class Identity[F]:
    """`identity()(x) = x`."""


@final
@dataclass(frozen=True, slots=True)
class Map[F]:
    """`fn` after `source`."""

    source: F
    fn: Callable[[Any], Any]


@final
@dataclass(frozen=True, slots=True)
class FlatMap[F]:
    """`next` after `source`: Kleisli composition."""

    source: F
    next: F


@final
@dataclass(frozen=True, slots=True)
class Bind[F]:
    """The flow that `k` chooses by the value of `source`, on the original input."""

    source: F
    k: Callable[[Any], Any]


@final
@dataclass(frozen=True, slots=True)
class ZipAll[F]:
    """The same input to all, concurrently; the tuple of their outputs."""

    flows: tuple[F, ...]


@final
@dataclass(frozen=True, slots=True)
class Each[F]:
    """The i-th element of the input to the i-th flow, concurrently."""

    flows: tuple[F, ...]


@final
@dataclass(frozen=True, slots=True)
class Race[F]:
    """The first to succeed."""

    flows: tuple[F, ...]


@final
@dataclass(frozen=True, slots=True)
class FirstCompleted[F]:
    """The first to finish, by value or by error."""

    flows: tuple[F, ...]


@final
@dataclass(frozen=True, slots=True)
class AtLeast[F]:
    """A quorum: `n` of the flows have to succeed."""

    n: int
    flows: tuple[F, ...]
    stop_early: bool


@final
@dataclass(frozen=True, slots=True)
class Traverse[F]:
    """`body` over each element of a sequence, concurrently, results in order."""

    body: F
    max_concurrency: int | None


@final
@dataclass(frozen=True, slots=True)
class Match[F]:
    """Coproduct elimination: the first case whose type the value is an instance of."""

    types: tuple[type[Any], ...]
    flows: tuple[F, ...]


@final
@dataclass(frozen=True, slots=True)
class BranchOn[F]:
    """`then` or `otherwise` after `source`, as `predicate` says of the value."""

    source: F
    predicate: Callable[[Any], bool]
    then: F
    otherwise: F


@final
@dataclass(frozen=True, slots=True)
class Recover[F]:
    """A failure of `source` becomes the value of a pure handler."""

    source: F
    handler: Callable[[Exception], Any]


@final
@dataclass(frozen=True, slots=True)
class RecoverWith[F]:
    """A failure of `source` becomes the input of the handler flow."""

    source: F
    handler: F


@final
@dataclass(frozen=True, slots=True)
class FallbackTo[F]:
    """When `source` fails: `fallback` on the original input."""

    source: F
    fallback: F


@final
@dataclass(frozen=True, slots=True)
class Attempt[F]:
    """Errors as values: `Success(value)` or `Failure(error)`."""

    source: F


@final
@dataclass(frozen=True, slots=True)
class Absolve[F]:
    """The inverse of `Attempt`: a `Failure` is raised again."""

    source: F


@final
@dataclass(frozen=True, slots=True)
class Retry[F]:
    """`source` again on the original input, up to `times` more."""

    source: F
    times: int
    backoff: Backoff
    on: tuple[type[Exception], ...]


@final
@dataclass(frozen=True, slots=True)
class Timeout[F]:
    """`source` within so many seconds."""

    source: F
    seconds: float


@final
@dataclass(frozen=True, slots=True)
class Filter[F]:
    """The value of `source`, if the predicate holds of it."""

    source: F
    predicate: Callable[[Any], bool]


@final
@dataclass(frozen=True, slots=True)
class Guard[F]:
    """The value of `source`, if the check flow says so."""

    source: F
    check: F


@final
@dataclass(frozen=True, slots=True)
class AndThen[F]:
    """The value of `source`, after a synchronous effect on it."""

    source: F
    fn: Callable[[Any], None]


@final
@dataclass(frozen=True, slots=True)
class Tap[F]:
    """The value of `source`, after an awaited side flow on it."""

    source: F
    side: F


@final
@dataclass(frozen=True, slots=True)
class Notify[F]:
    """The value of `source`; a side flow on it runs in the background."""

    source: F
    side: F


@final
@dataclass(frozen=True, slots=True)
class DivertTo[F]:
    """As `Notify`, where the predicate holds."""

    source: F
    side: F
    when: Callable[[Any], bool]


@final
@dataclass(frozen=True, slots=True)
class Loop[F]:
    """`body` until it says `Done` (tailRecM)."""

    body: F
    max_iter: int | None


@final
@dataclass(frozen=True, slots=True)
class LoopWithState[F]:
    """`body` with feedback state, until it says `Done`."""

    body: F
    init_state: Any
    max_iter: int | None


@final
@dataclass(frozen=True, slots=True)
class Named[F]:
    """`source` under a label."""

    source: F
    label: str


type Node[F] = (
    Leaf[F]
    | Pure[F]
    | Identity[F]
    | Map[F]
    | FlatMap[F]
    | Bind[F]
    | ZipAll[F]
    | Each[F]
    | Race[F]
    | FirstCompleted[F]
    | AtLeast[F]
    | Traverse[F]
    | Match[F]
    | BranchOn[F]
    | Recover[F]
    | RecoverWith[F]
    | FallbackTo[F]
    | Attempt[F]
    | Absolve[F]
    | Retry[F]
    | Timeout[F]
    | Filter[F]
    | Guard[F]
    | AndThen[F]
    | Tap[F]
    | Notify[F]
    | DivertTo[F]
    | Loop[F]
    | LoopWithState[F]
    | Named[F]
)
"""A node of any kind, with an `F` in the place of each of its sub-flows."""

KINDS: frozenset[type[Any]] = frozenset(kind.__origin__ for kind in get_args(Node.__value__))
"""The classes of the union."""


def fmap[A, B](node: Node[A], f: Callable[[A], B]) -> Node[B]:
    """`node` with `f` applied to each sub-flow, left to right: `Node` is a functor."""
    match node:
        case FlatMap():
            return FlatMap(f(node.source), f(node.next))
        case Map():
            return Map(f(node.source), node.fn)
        case Leaf():
            return Leaf(node.target, node.timeout, node.name)
        case Pure():
            return Pure(node.fn)
        case Identity():
            return Identity()
        case Bind():
            return Bind(f(node.source), node.k)
        case ZipAll():
            return ZipAll(tuple(map(f, node.flows)))
        case Each():
            return Each(tuple(map(f, node.flows)))
        case Race():
            return Race(tuple(map(f, node.flows)))
        case FirstCompleted():
            return FirstCompleted(tuple(map(f, node.flows)))
        case AtLeast():
            return AtLeast(node.n, tuple(map(f, node.flows)), node.stop_early)
        case Traverse():
            return Traverse(f(node.body), node.max_concurrency)
        case Match():
            return Match(node.types, tuple(map(f, node.flows)))
        case BranchOn():
            return BranchOn(f(node.source), node.predicate, f(node.then), f(node.otherwise))
        case Recover():
            return Recover(f(node.source), node.handler)
        case RecoverWith():
            return RecoverWith(f(node.source), f(node.handler))
        case FallbackTo():
            return FallbackTo(f(node.source), f(node.fallback))
        case Attempt():
            return Attempt(f(node.source))
        case Absolve():
            return Absolve(f(node.source))
        case Retry():
            return Retry(f(node.source), node.times, node.backoff, node.on)
        case Timeout():
            return Timeout(f(node.source), node.seconds)
        case Filter():
            return Filter(f(node.source), node.predicate)
        case Guard():
            return Guard(f(node.source), f(node.check))
        case AndThen():
            return AndThen(f(node.source), node.fn)
        case Tap():
            return Tap(f(node.source), f(node.side))
        case Notify():
            return Notify(f(node.source), f(node.side))
        case DivertTo():
            return DivertTo(f(node.source), f(node.side), node.when)
        case Loop():
            return Loop(f(node.body), node.max_iter)
        case LoopWithState():
            return LoopWithState(f(node.body), node.init_state, node.max_iter)
        case Named():
            return Named(f(node.source), node.label)
        case _ as unreachable:
            assert_never(unreachable)


def children[A](node: Node[A]) -> tuple[A, ...]:
    """The sub-flows of `node`, left to right, in the order in which `fmap` visits them."""
    parts: tuple[A, ...] = _CHILDREN[type(node)](node)
    return parts


def _children(kind: type[Any]) -> Callable[[Any], tuple[Any, ...]]:
    """How the sub-flows of a kind are got: from the fields of the type `F` or `tuple[F, ...]`."""
    one = [field.name for field in fields(kind) if isinstance(field.type, TypeVar)]
    many = [field.name for field in fields(kind) if _is_several(field.type)]
    if not one and not many:
        return lambda node: ()
    if len(one) > 1:
        return attrgetter(*one)
    single = attrgetter(*one, *many)  # no kind has both
    return single if many else lambda node: (single(node),)


def _is_several(hint: object) -> bool:
    return get_origin(hint) is tuple and isinstance(get_args(hint)[0], TypeVar)


_CHILDREN: dict[type[Any], Callable[[Any], tuple[Any, ...]]] = {
    kind: _children(kind) for kind in KINDS
}
