"""`Flow[I, O]`: an immutable description of a computation from `I` to `O`.

A flow is a node of the closed algebra in `node.py` whose sub-flows are flows: the fixed point of
`Node`. It does nothing by itself; interpreters give it meaning. The methods below are its typed
combinators, and every one of them only builds a node.

The variance is declared, not inferred: input contravariant, output covariant. A combining method
annotates its `self` with fresh variables (`self: Flow[J, M]`), so that mypy may first widen the
receiver: a `Flow[_, bool]` then feeds a `Flow[int, _]`, and incompatible inputs are an error at the
line that combines them.

Judgement used in the docstrings: `f(x) ⇓ v`, the flow `f` on input `x` yields `v`; `f(x) ⇑ e`, it
fails with `e`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Generic, Never, TypeVar, cast, final, overload, override

from returns.result import Result

from everything_is_an_actor.algebra.arguments import (
    as_written,
    callable_name,
    is_async,
    need_count,
    need_function,
    need_label,
    need_seconds,
    shown,
)
from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.node import (
    KINDS,
    Absolve,
    AndThen,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    FallbackTo,
    Filter,
    FlatMap,
    Guard,
    Map,
    Match,
    Named,
    Node,
    Notify,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    ZipAll,
    fmap,
)
from everything_is_an_actor.algebra.structure import equal, render, structural_hash

I = TypeVar("I", contravariant=True)
O = TypeVar("O", covariant=True)

type AnyFlow = Flow[Any, Any]  # what an erased node holds: its types are checked where it is built


class Flow(Generic[I, O]):
    """A description of a computation from `I` to `O`; immutable, hashable, compared by structure.

    Built by the constructors (`agent`, `pure`, `race` …) and the methods below; prints as the
    expression that builds it. In the methods `self` is a `Flow[J, M]`.

    >>> from everything_is_an_actor.flow import pure
    >>> pure(str.strip).map(len)
    pure(str.strip).map(len)
    >>> pure(str.strip).map(len) == pure(str.strip).map(len)
    True
    """

    __slots__ = ("__weakref__", "_hash", "node", "steps")

    node: Node[AnyFlow]
    steps: int  # how many the chain of `map`s and `flat_map`s has that ends here
    _hash: int

    def __init__(self, node: Node[AnyFlow]) -> None:
        if type(node) not in KINDS:
            raise TypeError(
                f"Flow: expected a node, got {shown(node)} ({type(node).__name__}): "
                f"flows are built by agent, pure and the other constructors"
            )
        steps = 1
        if isinstance(node, FlatMap):
            steps = node.source.steps + node.next.steps
        elif isinstance(node, Map):
            steps = node.source.steps + 1
        object.__setattr__(self, "node", node)
        object.__setattr__(self, "steps", steps)
        object.__setattr__(self, "_hash", structural_hash(node))

    # ------------------------------------------------------------------ functor, category, monad

    def map[J, M, P](self: "Flow[J, M]", fn: Callable[[M], P]) -> "Flow[J, P]":
        """`f(x) ⇓ v` gives `f.map(fn)(x) ⇓ fn(v)`: the functor.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(abs).map(str)
        pure(abs).map(str)
        """
        need_function("map", "fn", fn, hint=_to_compose(fn, "flat_map"))
        return Flow(Map(self, fn))

    def flat_map[J, M, P](self: "Flow[J, M]", next: "Flow[M, P]") -> "Flow[J, P]":
        """`f(x) ⇓ v` and `next(v) ⇓ w` give `f.flat_map(next)(x) ⇓ w`: Kleisli composition.

        Associative, with `identity()` as its unit; `a >> b` is the same.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(abs).flat_map(pure(str)) == pure(abs) >> pure(str)
        True
        """
        need_flow(
            "flat_map",
            "next",
            next,
            hint=" (for a function: .map, or .bind for one that returns a flow)",
        )
        return Flow(FlatMap(self, next))

    def __rshift__[J, M, P](self: "Flow[J, M]", next: "Flow[M, P]") -> "Flow[J, P]":
        return self.flat_map(next)

    def bind[J, M, P](self: "Flow[J, M]", k: "Callable[[M], Flow[J, P]]") -> "Flow[J, P]":
        """`f(x) ⇓ v` and `k(v)(x) ⇓ w` give `f.bind(k)(x) ⇓ w`: the monad.

        The flow that `k` returns runs on the *original* input. Static interpreters cannot see
        through it: prefer `branch` or `branch_on` where the choices are known.
        Raises `TypeError` when run, if `k` does not return a flow.

        >>> from everything_is_an_actor.flow import Flow, pure
        >>> def by_sign(n: int) -> Flow[int, str]:
        ...     return pure(str) if n > 0 else pure(hex)
        >>> pure(int).bind(by_sign)
        pure(int).bind(by_sign)
        """
        need_function("bind", "k", k, hint=_to_compose(k, "flat_map"))
        return Flow(Bind(self, k))

    # ------------------------------------------------------------------ products and races

    def zip[J, M, P](self: "Flow[J, M]", other: "Flow[J, P]") -> "Flow[J, tuple[M, P]]":
        """`f(x) ⇓ v` and `g(x) ⇓ w` give `f.zip(g)(x) ⇓ (v, w)`, concurrently; `a & b` is the same.

        When one fails, the other is cancelled and awaited, and the first error in time is raised.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(min).zip(pure(max))
        pure(min).zip(pure(max))
        """
        need_flow("zip", "other", other)
        return Flow(ZipAll((self, other)))

    def __and__[J, M, P](self: "Flow[J, M]", other: "Flow[J, P]") -> "Flow[J, tuple[M, P]]":
        return self.zip(other)

    def race[J, M, P](self: "Flow[J, M]", other: "Flow[J, P]") -> "Flow[J, M | P]":
        """The first of the two to succeed on the same input; the other is cancelled.

        Raises `AllFailedError` when both fail.

        >>> from everything_is_an_actor.flow import pure, race
        >>> pure(min).race(pure(max)) == race(pure(min), pure(max))
        True
        """
        need_flow("race", "other", other)
        return Flow(Race((self, other)))

    # ------------------------------------------------------------------ choice

    @overload
    def branch[J, M, P](self: "Flow[J, M]", cases: "Cases[M, P]", /) -> "Flow[J, P]": ...
    @overload
    def branch[J, P](
        self: "Flow[J, Any]", cases: "Mapping[type[Any], Flow[Any, P]]", /
    ) -> "Flow[J, P]": ...
    def branch(self, cases: "Cases[Any, Any] | Mapping[type[Any], AnyFlow]", /) -> AnyFlow:
        """Coproduct elimination: the value goes to the first case of which it is an instance.

        `on(A, f).on(B, g)` is exhaustive: a case left out is a mypy error at this line. A mapping
        `{A: f, B: g}` is the unchecked form (hence its `Any`). Raises `NoBranchError` when run on
        a value that no case takes.

        >>> from everything_is_an_actor.flow import on, pure
        >>> pure(int).branch(on(bool, pure(str)).on(int, pure(hex)))
        pure(int).flat_map(on(bool, pure(str)).on(int, pure(hex)))
        """
        if isinstance(cases, Mapping):
            cases = cases_of("branch", list(cases.items()))
        if not isinstance(cases, Cases):
            raise TypeError(
                f"branch: cases must be on(A, f).on(B, g) or {{A: f, B: g}}, "
                f"got {shown(cases)} ({type(cases).__name__})"
            )
        return Flow(FlatMap(self, cases))

    def branch_on[J, M, P](
        self: "Flow[J, M]",
        predicate: Callable[[M], bool],
        then: "Flow[M, P]",
        otherwise: "Flow[M, P]",
    ) -> "Flow[J, P]":
        """The value goes to `then` if the predicate holds of it, else to `otherwise`.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).branch_on(str.isdigit, pure(int), pure(len))
        pure(str.strip).branch_on(str.isdigit, pure(int), pure(len))
        """
        need_function("branch_on", "predicate", predicate)
        need_flow("branch_on", "then", then)
        need_flow("branch_on", "otherwise", otherwise)
        return Flow(BranchOn(self, predicate, then, otherwise))

    # ------------------------------------------------------------------ failure

    def recover[J, M, P](self: "Flow[J, M]", handler: Callable[[Exception], P]) -> "Flow[J, M | P]":
        """`f(x) ⇑ e` gives `f.recover(h)(x) ⇓ h(e)`, for recoverable errors.

        Recoverable is every `Exception` but `MemoryError`; the rest goes through every handler.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int).recover(str)
        pure(int).recover(str)
        """
        need_function("recover", "handler", handler, hint=_to_compose(handler, "recover_with"))
        return Flow(Recover(self, handler))

    def recover_with[J, M, P](
        self: "Flow[J, M]", handler: "Flow[Exception, P]"
    ) -> "Flow[J, M | P]":
        """`f(x) ⇑ e` and `h(e) ⇓ v` give `f.recover_with(h)(x) ⇓ v`, for recoverable errors.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int).recover_with(pure(str))
        pure(int).recover_with(pure(str))
        """
        need_flow("recover_with", "handler", handler, hint=" (for a function: .recover)")
        return Flow(RecoverWith(self, handler))

    def fallback_to[J, M, P](self: "Flow[J, M]", other: "Flow[J, P]") -> "Flow[J, M | P]":
        """`f(x) ⇑ e` and `g(x) ⇓ v` give `f.fallback_to(g)(x) ⇓ v`; `a | b` is the same.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int) | pure(float)
        pure(int).fallback_to(pure(float))
        """
        need_flow("fallback_to", "other", other)
        return Flow(FallbackTo(self, other))

    def __or__[J, M, P](self: "Flow[J, M]", other: "Flow[J, P]") -> "Flow[J, M | P]":
        return self.fallback_to(other)

    def attempt[J, M](self: "Flow[J, M]") -> "Flow[J, Result[M, Exception]]":
        """Errors as values: `f(x) ⇓ v` gives `Success(v)`, `f(x) ⇑ e` gives `Failure(e)`.

        The containers are those of `returns.result`; `absolve` is the inverse.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int).attempt()
        pure(int).attempt()
        """
        return Flow(Attempt(self))

    def absolve[J, M](self: "Flow[J, Result[M, Exception]]") -> "Flow[J, M]":
        """The inverse of `attempt`: `Success(v)` gives `v`, `Failure(e)` raises `e`.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int).attempt().absolve()
        pure(int).attempt().absolve()
        """
        return Flow(Absolve(self))

    def retry[J, M](
        self: "Flow[J, M]",
        times: int,
        *,
        backoff: Backoff | None = None,
        on: type[Exception] | tuple[type[Exception], ...] = Exception,
    ) -> "Flow[J, M]":
        """On failure, again on the original input, up to `times` more; then the last error.

        `backoff` is the schedule of waits (default: none), `on` the recoverable errors that are
        tried again.

        >>> from everything_is_an_actor.flow import Backoff, pure
        >>> pure(int).retry(2, backoff=Backoff(0.1), on=ValueError)
        pure(int).retry(2, backoff=Backoff(initial=0.1, factor=2.0, maximum=60.0), on=ValueError)
        """
        need_count("retry", "times", times, least=0)
        schedule = Backoff() if backoff is None else backoff
        if not isinstance(schedule, Backoff):
            raise TypeError(f"retry: backoff must be a Backoff, got {shown(backoff)}")
        types = on if isinstance(on, tuple) else (on,)
        if not types:
            raise ValueError("retry: on must name at least one type of Exception, got ()")
        for each in types:
            if not (isinstance(each, type) and issubclass(each, Exception)):
                raise TypeError(f"retry: on must be a type of Exception, got {shown(each)}")
        return Flow(Retry(self, times, schedule, types))

    def timeout[J, M](self: "Flow[J, M]", seconds: float) -> "Flow[J, M]":
        """The flow within so many seconds; past them it is cancelled.

        Raises `FlowTimeoutError` (a `TimeoutError`), after the finalisers of what was cancelled.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int).timeout(2.5)
        pure(int).timeout(2.5)
        """
        need_seconds("timeout", "seconds", seconds)
        return Flow(Timeout(self, seconds))

    # ------------------------------------------------------------------ checks and effects

    def filter[J, M](self: "Flow[J, M]", predicate: Callable[[M], bool]) -> "Flow[J, M]":
        """The value, if the predicate holds of it.

        Raises `FlowFilterError`, whose `.value` is the value, if not.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).filter(str.isdigit)
        pure(str.strip).filter(str.isdigit)
        """
        need_function("filter", "predicate", predicate, hint=_to_compose(predicate, "guard"))
        return Flow(Filter(self, predicate))

    def guard[J, M](self: "Flow[J, M]", check: "Flow[M, bool]") -> "Flow[J, M]":
        """As `filter`, where the check is a flow.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).guard(pure(str.isdigit))
        pure(str.strip).guard(pure(str.isdigit))
        """
        need_flow("guard", "check", check, hint=" (for a function: .filter)")
        return Flow(Guard(self, check))

    def and_then[J, M](self: "Flow[J, M]", fn: Callable[[M], None]) -> "Flow[J, M]":
        """A synchronous effect on the value, which passes through; an error in it propagates.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).and_then(print)
        pure(str.strip).and_then(print)
        """
        need_function("and_then", "fn", fn, hint=_to_compose(fn, "tap"))
        return Flow(AndThen(self, fn))

    def tap[J, M](self: "Flow[J, M]", side: "Flow[M, Any]") -> "Flow[J, M]":
        """An awaited side flow on the value, which passes through; an error in it propagates.

        What the side flow yields is dropped: hence its `Any`.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).tap(pure(print))
        pure(str.strip).tap(pure(print))
        """
        need_flow("tap", "side", side, hint=" (for a function: .and_then)")
        return Flow(Tap(self, side))

    def notify[J, M](self: "Flow[J, M]", side: "Flow[M, Any]") -> "Flow[J, M]":
        """A side flow on the value, in the background of the system; the value passes at once.

        A failure in it is logged and never reaches the main flow. What it yields is dropped:
        hence its `Any`.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).notify(pure(print))
        pure(str.strip).notify(pure(print))
        """
        need_flow("notify", "side", side)
        return Flow(Notify(self, side))

    def divert_to[J, M](
        self: "Flow[J, M]", side: "Flow[M, Any]", when: Callable[[M], bool]
    ) -> "Flow[J, M]":
        """As `notify`, for the values of which `when` holds.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).divert_to(pure(print), str.isdigit)
        pure(str.strip).divert_to(pure(print), str.isdigit)
        """
        need_flow("divert_to", "side", side)
        need_function("divert_to", "when", when)
        return Flow(DivertTo(self, side, when))

    def named[J, M](self: "Flow[J, M]", label: str) -> "Flow[J, M]":
        """The same flow, under a label for drawings, traces, error paths and spans.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(int).named("parse")
        pure(int).named('parse')
        """
        need_label("named", "label", label)
        return Flow(Named(self, label))

    # ------------------------------------------------------------------ a value like any other

    @override
    def __eq__(self, other: object) -> bool:
        return equal(self, other) if isinstance(other, Flow) else NotImplemented

    @override
    def __hash__(self) -> int:
        return self._hash

    @override
    def __repr__(self) -> str:
        return render(self)

    def abridged(self, length: int) -> str:
        """The first `length` characters of the expression, which is not written out in full.

        >>> from everything_is_an_actor.flow import pure
        >>> pure(str.strip).map(len).abridged(11)
        'pure(str.st'
        """
        return render(self, length)

    @override
    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"a flow is immutable: cannot set {name!r}")

    @override
    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"a flow is immutable: cannot delete {name!r}")

    @override
    def __reduce__(self) -> tuple[Callable[..., AnyFlow], tuple[Any, ...]]:
        return _unflatten, (_flatten(self),)


@final
class Cases(Flow[I, O]):
    """Handlers by type, `on(A, f).on(B, g)`: itself a flow from the union of the types handled.

    >>> from everything_is_an_actor.flow import on, pure
    >>> on(int, pure(str)).on(str, pure(len))
    on(int, pure(str)).on(str, pure(len))
    """

    __slots__ = ()

    def on[A, P](self, case_type: type[A], flow: Flow[A, P], /) -> "Cases[I | A, O | P]":
        """One more case, tried after those before it.

        Raises `TypeError` if the case is not a class and a flow, `ValueError` if an earlier case
        has the same type.
        """
        node = cast(Match[AnyFlow], self.node)
        return cases_of("on", [*zip(node.types, node.flows, strict=True), (case_type, flow)])


def on[A, P](case_type: type[A], flow: Flow[A, P], /) -> Cases[A, P]:
    """The first case of a `branch`: values of `case_type` go to `flow`.

    >>> from everything_is_an_actor.flow import pure
    >>> on(int, pure(str))
    on(int, pure(str))
    """
    return cases_of("on", [(case_type, flow)])


def cases_of(where: str, cases: list[tuple[Any, Any]]) -> Cases[Any, Any]:
    """The cases of a `branch` from pairs of a type and a flow, which are checked: hence the `Any`.

    Raises `TypeError` and `ValueError` as `on` does.
    """
    if not cases:
        raise ValueError(f"{where}: at least one case is needed")
    seen: list[type[Any]] = []
    for case_type, flow in cases:
        if not isinstance(case_type, type):
            raise TypeError(f"{where}: a case must be a class, got {shown(case_type)}")
        if case_type in seen:
            raise ValueError(f"{where}: {case_type.__name__} has a case already")
        try:
            isinstance(None, case_type)
        except TypeError as error:  # a TypedDict, a protocol, Any: classes without instances
            raise TypeError(f"{where}: {case_type.__name__} cannot be a case: {error}") from None
        need_flow(where, f"the case for {case_type.__name__}", flow)
        seen.append(case_type)
    return Cases(Match(tuple(seen), tuple(flow for _, flow in cases)))


def need_flow(
    where: str, argument: str, value: object, *, hint: str = "", before: object = None
) -> None:
    """A flow; a function, class or coroutine function is told how to become one.

    `before` is the argument that comes next, with which it may have changed places.
    """
    if isinstance(value, Flow):
        return
    if isinstance(before, Flow):
        hint = f": the flow comes first, {where}(flow, input)"
    elif isinstance(value, type) and hasattr(value, "execute"):
        hint = f": lift the agent with agent({callable_name(value)})"
    elif callable(value) and is_async(value):
        hint = f": lift the async function with agent({callable_name(value)})"
    elif callable(value) and not hint:
        hint = f": lift a function with pure({as_written(value)})"
    raise TypeError(
        f"{where}: {argument} must be a Flow, got {shown(value)} ({type(value).__name__}){hint}"
    )


def need_no_flow(where: str, value: object) -> None:
    """Anything but a flow, which is run, and not started. Raises `TypeError`."""
    if isinstance(value, Flow):
        raise TypeError(
            f"{where}: expected an agent, got the flow {shown(value)}: "
            "run it by run_flow or run_flow_stream"
        )


def _to_compose(value: object, method: str) -> str:
    return f": a flow is composed with .{method}" if isinstance(value, Flow) else ""


def _flatten(flow: AnyFlow) -> tuple[Node[int], ...]:
    """The nodes of `flow`, sub-flows first, each naming its own by their place in the list."""
    nodes: list[Node[int]] = []

    def place(node: Node[int]) -> int:
        nodes.append(node)
        return len(nodes) - 1

    fold(place, flow)
    return tuple(nodes)


def _unflatten(nodes: tuple[Node[int], ...]) -> AnyFlow:
    flows: list[AnyFlow] = []
    for node in nodes:
        whole = fmap(node, flows.__getitem__)
        flows.append(Cases(whole) if isinstance(whole, Match) else Flow(whole))
    return flows[-1]
