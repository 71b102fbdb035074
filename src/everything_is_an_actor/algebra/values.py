"""The values that nodes exchange with the user: loop steps and quorum results."""

from dataclasses import dataclass

from everything_is_an_actor.algebra.subscripted import subscriptable


@subscriptable
@dataclass(frozen=True, slots=True)
class Continue[A]:
    """Go round the loop again, with `value` as the next input (`Left` of tailRecM).

    >>> Continue(3)
    Continue(value=3)
    """

    value: A


@subscriptable
@dataclass(frozen=True, slots=True)
class Done[A]:
    """Leave the loop with `value` (`Right` of tailRecM).

    >>> Done("ready")
    Done(value='ready')
    """

    value: A


@subscriptable
@dataclass(frozen=True, slots=True)
class QuorumResult[A]:
    """What a quorum yielded: the values and the errors, each in flow order.

    >>> QuorumResult((1, 2), ()).succeeded
    (1, 2)
    """

    succeeded: tuple[A, ...]
    failed: tuple[Exception, ...]
