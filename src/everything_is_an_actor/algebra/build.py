"""The constructors of flows that are not methods: leaves, lifted functions, n-ary nodes, loops.

Overloads up to eight flows keep each output's own type; past that the flows share one.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any, overload

from everything_is_an_actor.algebra.arguments import (
    need_count,
    need_flag,
    need_function,
    need_label,
    need_seconds,
    shown,
)
from everything_is_an_actor.algebra.flow import AnyFlow, Flow, need_flow
from everything_is_an_actor.algebra.leaves import (
    AN_AGENT,
    Agent,
    OpenAgent,
    StreamingAgent,
    need_agent,
)
from everything_is_an_actor.algebra.node import (
    AtLeast,
    Each,
    FirstCompleted,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Pure,
    Race,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult


@overload
def agent[A, B](
    leaf: type[Agent[A, B]], *, timeout: float | None = 30.0, name: str | None = None
) -> Flow[A, B]: ...
@overload
def agent[A, B](
    leaf: type[StreamingAgent[A, B]], *, timeout: float | None = 30.0, name: str | None = None
) -> Flow[A, list[B]]: ...
@overload
def agent[A, B](
    leaf: type[OpenAgent[A, B]], *, timeout: float | None = 30.0, name: str | None = None
) -> Flow[A, B]: ...
@overload
def agent[A, B](
    leaf: Callable[[A], Awaitable[B]], *, timeout: float | None = 30.0, name: str | None = None
) -> Flow[A, B]: ...
@overload
def agent[A, B](
    leaf: Callable[[A], AsyncIterator[B]], *, timeout: float | None = 30.0, name: str | None = None
) -> Flow[A, list[B]]: ...
def agent(
    leaf: Callable[..., Any], *, timeout: float | None = 30.0, name: str | None = None
) -> AnyFlow:
    """A leaf: run one fresh agent on the input.

    `leaf` is a class with an asynchronous `execute` (an `AgentActor` or a plain class) or an
    `async def`. `timeout` covers `execute`, in seconds (`None`: no bound); `name` stands for the
    class's name in paths and events. An async generator's output is the list of its chunks.

    Raises `TypeError` if `leaf` is none of these, or needs more than one input to be run on. When
    run: the agent's own exception, or `FlowTimeoutError` past the timeout.

    >>> async def fetch(url: str) -> bytes: ...
    >>> agent(fetch, timeout=5)
    agent(fetch, timeout=5)
    """
    if isinstance(leaf, Flow):
        raise TypeError(f"agent: expected {AN_AGENT}; {shown(leaf)} is a flow already")
    return leaf_of("agent", leaf, timeout, name)


def leaf_of(where: str, leaf: Any, timeout: float | None, name: str | None = None) -> AnyFlow:
    """As `agent`, for whoever is called by another name."""
    need_agent(where, AN_AGENT, leaf, instead="lift it with pure({})")
    if timeout is not None:
        need_seconds(where, "timeout", timeout)
    if name is not None:
        need_label(where, "name", name)
    return Flow(Leaf(leaf, timeout, name))


def pure[A, B](fn: Callable[[A], B]) -> Flow[A, B]:
    """Lift a function: `pure(fn)(x) ⇓ fn(x)` (`arr`).

    Raises `TypeError` if `fn` is not callable, or is an agent: lift that by `agent`.

    >>> pure(len)
    pure(len)
    """
    need_function("pure", "fn", fn)
    return Flow(Pure(fn))


def identity[A]() -> Flow[A, A]:
    """The unit of `flat_map`: `identity()(x) ⇓ x`.

    >>> identity() == identity()
    True
    """
    return Flow(Identity())


@overload
def zip_all[J, A, B](a: Flow[J, A], b: Flow[J, B], /) -> Flow[J, tuple[A, B]]: ...
@overload
def zip_all[J, A, B, C](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], /
) -> Flow[J, tuple[A, B, C]]: ...
@overload
def zip_all[J, A, B, C, D](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], /
) -> Flow[J, tuple[A, B, C, D]]: ...
@overload
def zip_all[J, A, B, C, D, E](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], e: Flow[J, E], /
) -> Flow[J, tuple[A, B, C, D, E]]: ...
@overload
def zip_all[J, A, B, C, D, E, F](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], e: Flow[J, E], f: Flow[J, F], /
) -> Flow[J, tuple[A, B, C, D, E, F]]: ...
@overload
def zip_all[J, A, B, C, D, E, F, G](
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    /,
) -> Flow[J, tuple[A, B, C, D, E, F, G]]: ...
@overload
def zip_all[J, A, B, C, D, E, F, G, H](
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    h: Flow[J, H],
    /,
) -> Flow[J, tuple[A, B, C, D, E, F, G, H]]: ...
@overload
def zip_all[J, A](a: Flow[J, A], b: Flow[J, A], /, *more: Flow[J, A]) -> Flow[J, tuple[A, ...]]: ...
def zip_all(*flows: AnyFlow) -> AnyFlow:
    """The same input to every flow, concurrently; the tuple of their outputs (n-ary `zip`).

    When one fails, the others are cancelled and awaited, and the first error in time is raised;
    an error that a sibling raises meanwhile is attached to it as a note.
    Raises `ValueError` for fewer than two flows.

    >>> zip_all(pure(min), pure(max), pure(sum))
    zip_all(pure(min), pure(max), pure(sum))
    """
    return Flow(ZipAll(_flows("zip_all", flows)))


@overload
def each[I1, A, I2, B](a: Flow[I1, A], b: Flow[I2, B], /) -> Flow[tuple[I1, I2], tuple[A, B]]: ...
@overload
def each[I1, A, I2, B, I3, C](
    a: Flow[I1, A], b: Flow[I2, B], c: Flow[I3, C], /
) -> Flow[tuple[I1, I2, I3], tuple[A, B, C]]: ...
@overload
def each[I1, A, I2, B, I3, C, I4, D](
    a: Flow[I1, A], b: Flow[I2, B], c: Flow[I3, C], d: Flow[I4, D], /
) -> Flow[tuple[I1, I2, I3, I4], tuple[A, B, C, D]]: ...
@overload
def each[I1, A, I2, B, I3, C, I4, D, I5, E](
    a: Flow[I1, A], b: Flow[I2, B], c: Flow[I3, C], d: Flow[I4, D], e: Flow[I5, E], /
) -> Flow[tuple[I1, I2, I3, I4, I5], tuple[A, B, C, D, E]]: ...
@overload
def each[I1, A, I2, B, I3, C, I4, D, I5, E, I6, F](
    a: Flow[I1, A],
    b: Flow[I2, B],
    c: Flow[I3, C],
    d: Flow[I4, D],
    e: Flow[I5, E],
    f: Flow[I6, F],
    /,
) -> Flow[tuple[I1, I2, I3, I4, I5, I6], tuple[A, B, C, D, E, F]]: ...
@overload
def each[I1, A, I2, B, I3, C, I4, D, I5, E, I6, F, I7, G](
    a: Flow[I1, A],
    b: Flow[I2, B],
    c: Flow[I3, C],
    d: Flow[I4, D],
    e: Flow[I5, E],
    f: Flow[I6, F],
    g: Flow[I7, G],
    /,
) -> Flow[tuple[I1, I2, I3, I4, I5, I6, I7], tuple[A, B, C, D, E, F, G]]: ...
@overload
def each[I1, A, I2, B, I3, C, I4, D, I5, E, I6, F, I7, G, I8, H](
    a: Flow[I1, A],
    b: Flow[I2, B],
    c: Flow[I3, C],
    d: Flow[I4, D],
    e: Flow[I5, E],
    f: Flow[I6, F],
    g: Flow[I7, G],
    h: Flow[I8, H],
    /,
) -> Flow[tuple[I1, I2, I3, I4, I5, I6, I7, I8], tuple[A, B, C, D, E, F, G, H]]: ...
@overload
def each[I1, A](
    a: Flow[I1, A], b: Flow[I1, A], /, *more: Flow[I1, A]
) -> Flow[tuple[I1, ...], tuple[A, ...]]: ...
def each(*flows: AnyFlow) -> AnyFlow:
    """The tensor: the i-th element of the input tuple to the i-th flow, concurrently.

    Failure is as in `zip_all`. Raises `ValueError` for fewer than two flows and, when run, for an
    input tuple of another length; `TypeError` for an input that is no tuple.

    >>> each(pure(int), pure(str.upper))
    each(pure(int), pure(str.upper))
    """
    return Flow(Each(_flows("each", flows)))


@overload
def race[J, A, B](a: Flow[J, A], b: Flow[J, B], /) -> Flow[J, A | B]: ...
@overload
def race[J, A, B, C](a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], /) -> Flow[J, A | B | C]: ...
@overload
def race[J, A, B, C, D](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], /
) -> Flow[J, A | B | C | D]: ...
@overload
def race[J, A, B, C, D, E](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], e: Flow[J, E], /
) -> Flow[J, A | B | C | D | E]: ...
@overload
def race[J, A, B, C, D, E, F](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], e: Flow[J, E], f: Flow[J, F], /
) -> Flow[J, A | B | C | D | E | F]: ...
@overload
def race[J, A, B, C, D, E, F, G](
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    /,
) -> Flow[J, A | B | C | D | E | F | G]: ...
@overload
def race[J, A, B, C, D, E, F, G, H](
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    h: Flow[J, H],
    /,
) -> Flow[J, A | B | C | D | E | F | G | H]: ...
@overload
def race[J, A](a: Flow[J, A], b: Flow[J, A], /, *more: Flow[J, A]) -> Flow[J, A]: ...
def race(*flows: AnyFlow) -> AnyFlow:
    """The same input to every flow; the first to *succeed* wins, the rest are cancelled.

    The losers are gone before the result is seen; ties go to the leftmost. Raises `ValueError` for
    fewer than two flows and, when run, `AllFailedError` if every flow fails.

    >>> race(pure(min), pure(max))
    race(pure(min), pure(max))
    """
    return Flow(Race(_flows("race", flows)))


@overload
def first_completed[J, A, B](a: Flow[J, A], b: Flow[J, B], /) -> Flow[J, A | B]: ...
@overload
def first_completed[J, A, B, C](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], /
) -> Flow[J, A | B | C]: ...
@overload
def first_completed[J, A, B, C, D](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], /
) -> Flow[J, A | B | C | D]: ...
@overload
def first_completed[J, A, B, C, D, E](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], e: Flow[J, E], /
) -> Flow[J, A | B | C | D | E]: ...
@overload
def first_completed[J, A, B, C, D, E, F](
    a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], d: Flow[J, D], e: Flow[J, E], f: Flow[J, F], /
) -> Flow[J, A | B | C | D | E | F]: ...
@overload
def first_completed[J, A, B, C, D, E, F, G](
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    /,
) -> Flow[J, A | B | C | D | E | F | G]: ...
@overload
def first_completed[J, A, B, C, D, E, F, G, H](
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    h: Flow[J, H],
    /,
) -> Flow[J, A | B | C | D | E | F | G | H]: ...
@overload
def first_completed[J, A](a: Flow[J, A], b: Flow[J, A], /, *more: Flow[J, A]) -> Flow[J, A]: ...
def first_completed(*flows: AnyFlow) -> AnyFlow:
    """The same input to every flow; the first to *finish* decides, by value or by error.

    The others are cancelled, and gone before the result is seen; ties go to the leftmost.
    Raises `ValueError` for fewer than two flows.

    >>> first_completed(pure(min), pure(max))
    first_completed(pure(min), pure(max))
    """
    return Flow(FirstCompleted(_flows("first_completed", flows)))


@overload
def at_least[J, A, B](
    n: int, a: Flow[J, A], b: Flow[J, B], /, *, stop_early: bool = False
) -> Flow[J, QuorumResult[A | B]]: ...
@overload
def at_least[J, A, B, C](
    n: int, a: Flow[J, A], b: Flow[J, B], c: Flow[J, C], /, *, stop_early: bool = False
) -> Flow[J, QuorumResult[A | B | C]]: ...
@overload
def at_least[J, A, B, C, D](
    n: int,
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    /,
    *,
    stop_early: bool = False,
) -> Flow[J, QuorumResult[A | B | C | D]]: ...
@overload
def at_least[J, A, B, C, D, E](
    n: int,
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    /,
    *,
    stop_early: bool = False,
) -> Flow[J, QuorumResult[A | B | C | D | E]]: ...
@overload
def at_least[J, A, B, C, D, E, F](
    n: int,
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    /,
    *,
    stop_early: bool = False,
) -> Flow[J, QuorumResult[A | B | C | D | E | F]]: ...
@overload
def at_least[J, A, B, C, D, E, F, G](
    n: int,
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    /,
    *,
    stop_early: bool = False,
) -> Flow[J, QuorumResult[A | B | C | D | E | F | G]]: ...
@overload
def at_least[J, A, B, C, D, E, F, G, H](
    n: int,
    a: Flow[J, A],
    b: Flow[J, B],
    c: Flow[J, C],
    d: Flow[J, D],
    e: Flow[J, E],
    f: Flow[J, F],
    g: Flow[J, G],
    h: Flow[J, H],
    /,
    *,
    stop_early: bool = False,
) -> Flow[J, QuorumResult[A | B | C | D | E | F | G | H]]: ...
@overload
def at_least[J, A](
    n: int, a: Flow[J, A], /, *more: Flow[J, A], stop_early: bool = False
) -> Flow[J, QuorumResult[A]]: ...
def at_least(n: int, *flows: AnyFlow, stop_early: bool = False) -> AnyFlow:
    """A quorum: the same input to every flow, of which at least `n` have to succeed.

    Recoverable failures are collected. With `s` successes of `k` flows, `s >= n` yields
    `QuorumResult(succeeded, failed)`, both in flow order. With `stop_early` it returns as soon as
    `n` have succeeded, and fails as soon as `n` can no longer be reached; the rest are cancelled.

    Raises `ValueError` unless `1 <= n <= k` and, when run, `QuorumError` with the partial result
    if fewer than `n` succeed.

    >>> at_least(2, pure(min), pure(max), pure(sum), stop_early=True)
    at_least(2, pure(min), pure(max), pure(sum), stop_early=True)
    """
    need_count("at_least", "n", n, least=1)
    _need_flows("at_least", "at_least(n, *flows)", flows)
    if n > len(flows):
        raise ValueError(
            f"at_least: n={n} of {len(flows)} {plural(len(flows), 'flow')} can never succeed"
        )
    need_flag("at_least", "stop_early", stop_early)
    return Flow(AtLeast(n, flows, stop_early))


def traverse[A, B](
    flow: Flow[A, B], *, max_concurrency: int | None = None
) -> Flow[Sequence[A], tuple[B, ...]]:
    """`flow` over each element of a sequence, concurrently; the outputs in order.

    `max_concurrency` bounds how many run at a time (`None`: all). On the first failure the others
    are cancelled and awaited. Raises `TypeError` when run on what is not a sequence.

    >>> traverse(pure(abs), max_concurrency=4)
    traverse(pure(abs), max_concurrency=4)
    """
    need_flow("traverse", "flow", flow)
    if max_concurrency is not None:
        need_count("traverse", "max_concurrency", max_concurrency, least=1)
    return Flow(Traverse(flow, max_concurrency))


def loop[A, B](body: Flow[A, Continue[A] | Done[B]], *, max_iter: int | None = 10) -> Flow[A, B]:
    """Iterate `body` from the input until it says `Done` (tailRecM).

    `body(x) ⇓ Done(v)` gives `loop(body)(x) ⇓ v`; `body(x) ⇓ Continue(y)` gives `loop(body)(y)`.
    `max_iter` bounds the runs of the body (`None`: no bound). Iterations take no stack.

    When run, raises `LoopLimitError` past the bound, and `TypeError` if the body gives anything
    else.

    >>> def halve(n: int) -> Continue[int] | Done[str]:
    ...     return Continue(n // 2) if n > 1 else Done(f"ended at {n}")
    >>> loop(pure(halve))
    loop(pure(halve))
    """
    need_flow("loop", "body", body)
    if max_iter is not None:
        need_count("loop", "max_iter", max_iter, least=1)
    return Flow(Loop(body, max_iter))


@overload
def loop_with_state[A, S, B](
    body: Flow[tuple[A, S], tuple[Continue[A] | Done[B], S]],
    *,
    init_state: Callable[[], S],
    max_iter: int | None = 10,
) -> Flow[A, B]: ...
@overload
def loop_with_state[A, S, B](
    body: Flow[tuple[A, S], tuple[Continue[A] | Done[B], S]],
    *,
    init_state: S,
    max_iter: int | None = 10,
) -> Flow[A, B]: ...
def loop_with_state(body: AnyFlow, *, init_state: Any, max_iter: int | None = 10) -> AnyFlow:
    """`loop` with feedback state: the body takes and yields `(value, state)`.

    A callable `init_state` is called once per run, for a state that is not to be shared between
    runs. Raises as `loop` does.

    >>> def count(step: tuple[int, int]) -> tuple[Continue[int] | Done[int], int]:
    ...     value, seen = step
    ...     return (Continue(value // 2) if value > 1 else Done(seen)), seen + 1
    >>> loop_with_state(pure(count), init_state=0)
    loop_with_state(pure(count), init_state=0)
    """
    need_flow("loop_with_state", "body", body)
    if max_iter is not None:
        need_count("loop_with_state", "max_iter", max_iter, least=1)
    if callable(init_state):
        need_function("loop_with_state", "init_state", init_state)
    return Flow(LoopWithState(body, init_state, max_iter))


def _flows(where: str, flows: tuple[AnyFlow, ...]) -> tuple[AnyFlow, ...]:
    _need_flows(where, f"{where}(*flows)", flows)
    if len(flows) < 2:
        raise ValueError(f"{where}: at least 2 flows are needed, got {len(flows)}")
    return flows


def _need_flows(where: str, spread: str, flows: tuple[object, ...]) -> None:
    for i, flow in enumerate(flows):
        hint = f": spread it, {spread}" if isinstance(flow, list | tuple) else ""
        need_flow(where, f"flow {i}", flow, hint=hint)
