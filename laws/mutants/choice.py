"""Wrong meanings of branches."""

from __future__ import annotations

from dataclasses import replace

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.node import BranchOn, Match
from laws.wrong import N, Wrong, mutant, reverse


@mutant
def branch_that_takes_another_case(node: N) -> Wrong:
    return Flow(Match(node.types, reverse(node.flows))) if isinstance(node, Match) else None


@mutant
def branch_that_runs_the_case_twice(node: N) -> Wrong:
    if not isinstance(node, Match):
        return None
    return Flow(Match(node.types, tuple(f.bind(Constant(f)) for f in node.flows)))


@mutant
def branch_on_negated(node: N) -> Wrong:
    if not isinstance(node, BranchOn):
        return None
    return Flow(replace(node, then=node.otherwise, otherwise=node.then))


@mutant
def branch_on_that_runs_both(node: N) -> Wrong:
    if not isinstance(node, BranchOn):
        return None
    then = node.then.bind(Constant(node.otherwise.attempt())).bind(Constant(node.then))
    return Flow(replace(node, then=then))
