"""Strategies that restart too often, the wrong ones, or too soon."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations
from typing import override

from everything_is_an_actor import (
    Directive,
    OneForOneStrategy,
    RestartBackoff,
    SupervisorStrategy,
)
from laws.mutant import WrongPart, said
from laws.sizes import ENOUGH
from laws.supervised import Plan
from laws.supervision import Delays, Supervised, supervision_suite

# ---------------------------------------------------------------------- who restarts


def one_too_many(plan: Plan) -> SupervisorStrategy:
    """It allows one restart too many."""
    return replace(plan, max_restarts=plan.max_restarts + 1).strategy()


def one_too_few(plan: Plan) -> SupervisorStrategy:
    """It allows one restart too few."""
    return replace(plan, max_restarts=max(0, plan.max_restarts - 1)).strategy()


def counts_for_ever(plan: Plan) -> SupervisorStrategy:
    """Its window has no end: what was long ago still counts."""
    return replace(plan, within=1e6).strategy()


def forgets_at_once(plan: Plan) -> SupervisorStrategy:
    """Its window is over at once: nothing counts."""
    return replace(plan, within=1e-6).strategy()


def only_the_failed(plan: Plan) -> SupervisorStrategy:
    """Others are not concerned, though all are for one."""
    return replace(plan, together=False).strategy()


def always_all(plan: Plan) -> SupervisorStrategy:
    """All are concerned, though each is for one."""
    return replace(plan, together=True).strategy()


def instead_of(meant: Directive, done: Directive) -> Callable[[Plan], SupervisorStrategy]:
    def wrong(plan: Plan) -> SupervisorStrategy:
        directives = (done if each is meant else each for each in plan.directives)
        return replace(plan, directives=tuple(directives)).strategy()

    wrong.__name__ = f"{done.name}_instead_of_{meant.name}"
    return wrong


def deciding(wrong: Callable[[Plan], SupervisorStrategy]) -> WrongPart:
    class Wrong(Plan):
        @override
        def strategy(self) -> SupervisorStrategy:
            fields = (getattr(self, name) for name in Plan.__dataclass_fields__)
            return wrong(Plan(*fields))

    return _supervised(wrong, Supervised(plan=Wrong, configured=ENOUGH))


# ---------------------------------------------------------------------- how long they wait


def waits_not_at_all(plan: Delays) -> Delays:
    """A restart comes at once."""
    return replace(plan, initial=0.0)


def waits_no_longer_each_time(plan: Delays) -> Delays:
    """All restarts wait as long as the first."""
    return replace(plan, maximum=plan.initial)


def waits_without_a_maximum(plan: Delays) -> Delays:
    """There is no longest wait."""
    return replace(plan, maximum=1e6)


def begins_with_the_maximum(plan: Delays) -> Delays:
    """The first restart waits as long as any."""
    return replace(plan, initial=plan.maximum)


def remembers_for_ever(plan: Delays) -> Delays:
    """Waits grow though failures are far apart."""
    return replace(plan, within=1e6)


def waiting(wrong: Callable[[Delays], Delays]) -> WrongPart:
    class Wrong(Delays):
        @override
        def strategy(self) -> OneForOneStrategy:
            plan = wrong(self)
            backoff = RestartBackoff(plan.initial, plan.maximum)
            return OneForOneStrategy(plan.max_restarts, plan.within, backoff=backoff)

    return _supervised(wrong, Supervised(delays=Wrong, configured=ENOUGH))


def _supervised(wrong: Callable[..., object], supervised: Supervised) -> WrongPart:
    return WrongPart(wrong.__name__, lambda: supervision_suite(supervised), more=said(wrong))


MUTANTS = (
    *map(
        deciding,
        (
            one_too_many,
            one_too_few,
            counts_for_ever,
            forgets_at_once,
            only_the_failed,
            always_all,
            *(instead_of(*pair) for pair in permutations(Directive, 2)),
        ),
    ),
    *map(
        waiting,
        (
            waits_not_at_all,
            waits_no_longer_each_time,
            waits_without_a_maximum,
            begins_with_the_maximum,
            remembers_for_ever,
        ),
    ),
)
