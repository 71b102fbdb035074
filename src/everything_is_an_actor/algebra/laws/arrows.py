"""The derived arrows: what of an arrow with choice the flows have under another name, or in parts.

    first f = each(f, id)      second g = each(id, g)
    f *** g = each(f, g)       f &&& g = f.zip(g)
    f ||| g = on(Continue, arr value_of >>> f).on(Done, arr value_of >>> g)
    left f = (f >>> arr Continue) ||| arr Done

They are functions, not methods: equations are written with them, programs with what they are made
of. The product is the tuple, the sum is `Continue[A] | Done[B]`. `***` and `&&&` run both sides at
the same time; what follows from that is in `arrow.py` and `symmetric.py`.

Source: Hughes 2000, "Generalising monads to arrows"; the names are those of Haskell's
`Control.Arrow`, where Python leaves them.
"""

from collections.abc import Callable

from everything_is_an_actor.algebra.build import each, identity, pure
from everything_is_an_actor.algebra.flow import Flow, on
from everything_is_an_actor.algebra.laws.functions import value_of
from everything_is_an_actor.algebra.values import Continue, Done

type Either[A, B] = Continue[A] | Done[B]
"""The sum: left or right."""


# ------------------------------------------------------------------------------------ on both ends


def lmap[A, B, C](f: Flow[B, C], h: Callable[[A], B]) -> Flow[A, C]:
    """`lmap(f, h) = arr h >>> f`: a function before it.

    >>> lmap(pure(abs), int)
    pure(int).flat_map(pure(abs))
    """
    return pure(h) >> f


def rmap[A, B, C](f: Flow[A, B], h: Callable[[B], C]) -> Flow[A, C]:
    """`rmap(f, h) = f.map(h)`: a function after it.

    >>> rmap(pure(abs), str)
    pure(abs).map(str)
    """
    return f.map(h)


def dimap[A, B, C, D](f: Flow[B, C], h: Callable[[A], B], k: Callable[[C], D]) -> Flow[A, D]:
    """`dimap(f, h, k) = rmap(lmap(f, h), k)`: one before and one after it.

    >>> dimap(pure(abs), int, str)
    pure(int).flat_map(pure(abs)).map(str)
    """
    return rmap(lmap(f, h), k)


# ------------------------------------------------------------------------------------- the product


def first[A, B, C](f: Flow[A, B]) -> Flow[tuple[A, C], tuple[B, C]]:
    """`first f = f *** id`: on the first component; the second one passes through.

    >>> first(pure(abs))
    each(pure(abs), identity())
    """
    rest: Flow[C, C] = identity()
    return each(f, rest)


def second[A, B, C](f: Flow[A, B]) -> Flow[tuple[C, A], tuple[C, B]]:
    """`second f = id *** f`: on the second component; the first one passes through.

    >>> second(pure(abs))
    each(identity(), pure(abs))
    """
    rest: Flow[C, C] = identity()
    return each(rest, f)


def split[A, B, C, D](f: Flow[A, B], g: Flow[C, D]) -> Flow[tuple[A, C], tuple[B, D]]:
    """`f *** g = each(f, g)`: each on its component, at the same time.

    >>> split(pure(abs), pure(str))
    each(pure(abs), pure(str))
    """
    return each(f, g)


def fanout[A, B, C](f: Flow[A, B], g: Flow[A, C]) -> Flow[A, tuple[B, C]]:
    """`f &&& g = f.zip(g)`: both on the same input, at the same time.

    >>> fanout(pure(abs), pure(str))
    pure(abs).zip(pure(str))
    """
    return f.zip(g)


# ----------------------------------------------------------------------------------------- the sum


def either[A, B, C](f: Flow[A, C], g: Flow[B, C]) -> Flow[Either[A, B], C]:
    """`f ||| g`: `f` on what is on the left, `g` on what is on the right.

    >>> either(pure(abs), pure(len)) == on(Continue, lmap(pure(abs), value_of)).on(
    ...     Done, lmap(pure(len), value_of)
    ... )
    True
    """
    return on(Continue, lmap(f, value_of)).on(Done, lmap(g, value_of))


def choose[A, B, C, D](f: Flow[A, B], g: Flow[C, D]) -> Flow[Either[A, C], Either[B, D]]:
    """`f +++ g = (f >>> arr Continue) ||| (g >>> arr Done)`: each on its side.

    >>> choose(pure(abs), pure(len)) == either(pure(abs).map(Continue), pure(len).map(Done))
    True
    """
    return either(f.map(Continue), g.map(Done))


def left[A, B, C](f: Flow[A, B]) -> Flow[Either[A, C], Either[B, C]]:
    """`left f = (f >>> arr Continue) ||| arr Done`: on the left; a right passes through.

    >>> left(pure(abs)) == either(pure(abs).map(Continue), pure(Done))
    True
    """
    return either(f.map(Continue), pure(Done))


def right[A, B, C](f: Flow[A, B]) -> Flow[Either[C, A], Either[C, B]]:
    """`right f = arr Continue ||| (f >>> arr Done)`: on the right; a left passes through.

    >>> right(pure(len)) == either(pure(Continue), pure(len).map(Done))
    True
    """
    return either(pure(Continue), f.map(Done))
