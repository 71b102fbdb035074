"""What is said of a flow before it runs: the checker finds what goes wrong, all is drawn.

"Well-typed programs cannot go wrong" (Milner, 1978): a flow that the checker finds sound raises no
routing or type error. The flows here are put together from parts that need not fit: where a part
has to yield something of a certain form, half of them do (`fits`). What is known of the calls and
times of a run is in `bounds.py`.
"""

from collections.abc import Callable
from typing import Any

from returns.result import Result

from everything_is_an_actor.algebra.arguments import callable_name
from everything_is_an_actor.algebra.build import each, loop
from everything_is_an_actor.algebra.flow import Flow, on
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.laws.arrows import Either
from everything_is_an_actor.algebra.laws.bounds import BOUNDS, EQUAL_BOUNDS
from everything_is_an_actor.algebra.laws.law import RESULT, IsEq, RuleSet, holds
from everything_is_an_actor.algebra.node import Leaf, Node, children

# --------------------------------------------------------------------------------------- checking

type Sound = Callable[[Flow[Any, Any], Any], bool]
"""Whether the checker has nothing against a flow on inputs of the type of this one.

Nor has it left anything unchecked.
"""

type GoesWrong = Callable[[Flow[Any, Any], Any], str | None]
"""The routing or type error of a run on an input, if there is one."""


@holds(RESULT)
def sound_compositions_go_right[A, B, C, D](
    f: Flow[A, B], g: Flow[C, D], x: A, sound: Sound, wrong: GoesWrong
) -> IsEq[str | None]:
    """`sound(f >>> g) ⇒ f >>> g does not go wrong`, whatever `f` yields and `g` takes"""
    return _right(_untyped(f) >> g, x, sound, wrong)


@holds(RESULT)
def sound_branches_go_right[A, B, C, D, E](
    fits: bool,
    f: Flow[A, B],
    fitting: Flow[A, bool | str],
    g: Flow[C, D],
    h: Flow[E, D],
    on_bool: Flow[bool, D],
    on_str: Flow[str, D],
    x: A,
    sound: Sound,
    wrong: GoesWrong,
) -> IsEq[str | None]:
    """`sound(f.branch(…)) ⇒ f.branch(…) does not go wrong`"""
    if fits:
        return _right(fitting.branch(on(bool, on_bool).on(str, on_str)), x, sound, wrong)
    return _right(_untyped(f).branch({bool: g, str: h}), x, sound, wrong)


@holds(RESULT)
def sound_routes_go_right[A, B, C, D](
    f: Flow[A, B], g: Flow[C, D], x: A, sound: Sound, wrong: GoesWrong
) -> IsEq[str | None]:
    """`sound(f.branch({bool: g})) ⇒ f.branch({bool: g}) does not go wrong`: some case takes it"""
    return _right(_untyped(f).branch({bool: g}), x, sound, wrong)


@holds(RESULT)
def sound_loops_go_right[A, B](
    fits: bool, f: Flow[A, B], fitting: Flow[A, Either[A, B]], x: A, sound: Sound, wrong: GoesWrong
) -> IsEq[str | None]:
    """`sound(loop f) ⇒ loop f does not go wrong`: each step is a `Continue` or a `Done`"""
    return _right(loop(fitting) if fits else loop(_untyped(f)), x, sound, wrong)


@holds(RESULT)
def sound_absolution_goes_right[A, B](
    fits: bool,
    f: Flow[A, B],
    fitting: Flow[A, Result[B, Exception]],
    x: A,
    sound: Sound,
    wrong: GoesWrong,
) -> IsEq[str | None]:
    """`sound(f.absolve()) ⇒ f.absolve() does not go wrong`: what it takes is a `Result`"""
    return _right(fitting.absolve() if fits else _untyped(f).absolve(), x, sound, wrong)


@holds(RESULT)
def sound_products_go_right[A, B, C, D, E, F](
    fits: bool,
    f: Flow[A, B],
    fitting: Flow[A, tuple[C, E]],
    g: Flow[C, D],
    h: Flow[E, F],
    x: A,
    sound: Sound,
    wrong: GoesWrong,
) -> IsEq[str | None]:
    """`sound(f >>> (g *** h)) ⇒ f >>> (g *** h) does not go wrong`: what is split is a pair"""
    flow = (fitting if fits else _untyped(f)) >> each(g, h)
    return _right(flow, x, sound, wrong)


def _untyped(flow: Flow[Any, Any]) -> Flow[Any, Any]:
    """A flow of which the type checker knows nothing, so that it may be built on in any way."""
    return flow


def _right(flow: Flow[Any, Any], x: object, sound: Sound, wrong: GoesWrong) -> IsEq[str | None]:
    return IsEq(wrong(flow, x) if sound(flow, x) else None, None)


SOUNDNESS = RuleSet(
    "soundness",
    (
        sound_compositions_go_right,
        sound_branches_go_right,
        sound_routes_go_right,
        sound_loops_go_right,
        sound_absolution_goes_right,
        sound_products_go_right,
    ),
)
"""The static checker."""


# ---------------------------------------------------------------------------------------- drawing

type Draw = Callable[[Flow[Any, Any]], str]
"""A drawing, or a plan."""


@holds(RESULT)
def draws_what_the_flow_is[A, B](f: Flow[A, B], draw: Draw) -> IsEq[str]:
    """`draw f = draw f′`, where `f′` is `f` built anew: every flow is drawn, as what it is"""
    anew: Flow[A, B] = fold(Flow, f)
    return IsEq(draw(anew), draw(f))


@holds(RESULT)
def draws_every_agent[A, B](f: Flow[A, B], draw: Draw) -> IsEq[list[str]]:
    """`agents f ⊆ draw f`: each is there by its name"""
    drawn = draw(f)
    names = sorted(callable_name(each) for each in fold(_agents, f))
    return IsEq([name for name in names if name not in drawn], [])


def _agents(node: Node[frozenset[Any]]) -> frozenset[Any]:
    own = {node.target} if isinstance(node, Leaf) else set()
    return frozenset(own).union(*children(node))


DRAWN = RuleSet("drawings", (draws_what_the_flow_is, draws_every_agent))
"""Drawings and plans."""

ANALYSES = RuleSet("analyses", (), (BOUNDS, EQUAL_BOUNDS, SOUNDNESS, DRAWN))
"""What is said of a flow before it runs."""
