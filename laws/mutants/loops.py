"""Wrong meanings of loops."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.node import Loop, LoopWithState
from everything_is_an_actor.algebra.values import Continue, Done
from laws.wrong import N, Wrong, mutant


@mutant
def loop_bound_one_more(node: N) -> Wrong:
    if not isinstance(node, Loop) or node.max_iter is None:
        return None
    return Flow(replace(node, max_iter=node.max_iter + 1))


@mutant
def loop_bound_one_less(node: N) -> Wrong:
    if not isinstance(node, Loop) or node.max_iter is None or node.max_iter == 1:
        return None
    return Flow(replace(node, max_iter=node.max_iter - 1))


@mutant
def loop_run_once(node: N) -> Wrong:
    return node.body.map(_held) if isinstance(node, Loop) else None


def _held(step: Any) -> Any:
    return step.value if isinstance(step, Continue | Done) else step


@mutant
def loop_that_ends_in_an_extra_round(node: N) -> Wrong:
    if not isinstance(node, Loop):
        return None
    return Flow(node).bind(Constant(Flow(node)))


@mutant
def loop_with_state_that_forgets_it(node: N) -> Wrong:
    if not isinstance(node, LoopWithState):
        return None
    return Flow(replace(node, body=node.body.map(_Reset(node.init_state))))


@dataclass(frozen=True)
class _Reset:
    state: Any

    def __call__(self, stepped: tuple[Any, Any]) -> tuple[Any, Any]:
        return stepped[0], self.state


@mutant
def unbounded_loop_run_once(node: N) -> Wrong:
    if not isinstance(node, Loop) or node.max_iter is not None:
        return None
    return node.body.map(_held)
