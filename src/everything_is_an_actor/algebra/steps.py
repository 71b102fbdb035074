"""The meaning of single nodes on single values: what every executing interpreter shares.

Each function takes what a node has and the value that reached it, and yields the next value or
raises the error that the node stands for. No interpreter adds anything to them.
"""

from collections.abc import Sequence
from typing import Any

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.failure import FlowFilterError, LoopLimitError, NoBranchError
from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.node import (
    Bind,
    Each,
    Filter,
    Guard,
    Loop,
    LoopWithState,
    Match,
    Traverse,
)
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.algebra.structure import head
from everything_is_an_actor.algebra.values import Continue, Done


def as_error(raised: BaseException, of: str = "flow") -> BaseException:
    """What a function of a flow, or a program, has raised, as an error of that.

    A `StopIteration` would end whoever runs it rather than reach a handler: as in a
    generator, it becomes a `RuntimeError` (PEP 479).
    """
    if isinstance(raised, StopIteration):
        error = RuntimeError(f"a function in the {of} raised StopIteration")
        error.__cause__ = raised
        return error
    return raised


def chosen_case(node: Match[AnyFlow], value: object) -> int:
    """The number of the first case that takes `value`. Raises `NoBranchError`."""
    for i, case_type in enumerate(node.types):
        if isinstance(value, case_type):
            return i
    raise NoBranchError(value, tuple(map(callable_name, node.types)))


def chosen_flow(node: Bind[AnyFlow], value: object) -> AnyFlow:
    """The continuation of a bind. Raises `TypeError` if it is not a flow."""
    flow: object = node.k(value)
    if not isinstance(flow, Flow):
        raise TypeError(
            f"{head(node)}: the function must return a Flow, "
            f"got {shown(flow)} ({type(flow).__name__})"
        )
    return flow


def elements(node: Each[AnyFlow], value: object) -> tuple[Any, ...]:
    """The elements of the input of `each`. Raises `TypeError` or `ValueError`."""
    if not isinstance(value, tuple):
        raise TypeError(f"each: the input must be a tuple, got {type(value).__name__}")
    size = len(node.flows)
    if len(value) != size:
        raise ValueError(
            f"each: {size} {'flow needs' if size == 1 else 'flows need'} a tuple of {size} "
            f"{plural(size, 'element')}, got {len(value)}"
        )
    return value


def sequence(node: Traverse[AnyFlow], value: object) -> tuple[Any, ...]:
    """The elements of the input of `traverse`, as they are now. Raises `TypeError`."""
    if not isinstance(value, Sequence):
        raise TypeError(f"traverse: the input must be a sequence, got {type(value).__name__}")
    return tuple(value)


def passed(node: Filter[AnyFlow] | Guard[AnyFlow], value: object, verdict: object) -> Any:
    """`value`, if the verdict on it is true. Raises `FlowFilterError`."""
    if not verdict:
        raise FlowFilterError(value, head(node))
    return value


def absolved(value: object) -> Any:
    """The value of a `Success`; raises the error of a `Failure`, `TypeError` for anything else."""
    match value:
        case Success(inner):
            return inner
        case Failure(error) if isinstance(error, BaseException):
            raise error
        case _:
            raise TypeError(
                f"absolve: the value must be a Success, or a Failure with an exception, "
                f"got {shown(value)} ({type(value).__name__})"
            )


def succeeded(value: object) -> Result[Any, Exception]:
    """What `attempt` makes of a value."""
    return Success(value)


def failed(error: Exception) -> Result[Any, Exception]:
    """What `attempt` makes of an error."""
    return Failure(error)


def initial_state(node: LoopWithState[AnyFlow]) -> Any:
    """The state with which one run begins."""
    return node.init_state() if callable(node.init_state) else node.init_state


def loop_step(node: Loop[AnyFlow], value: object, iteration: int) -> Continue[Any] | Done[Any]:
    """What the body said in the given iteration (the first is 1).

    Raises `TypeError` for anything but `Continue` or `Done`, `LoopLimitError` for one more
    `Continue` than the bound allows.
    """
    if isinstance(value, Done):
        return value
    if not isinstance(value, Continue):
        raise TypeError(
            f"loop: the body must give Continue or Done, "
            f"got {shown(value)} ({type(value).__name__})"
        )
    if node.max_iter is not None and iteration >= node.max_iter:
        raise LoopLimitError(node.max_iter, value.value)
    return value


def stateful_step(
    node: LoopWithState[AnyFlow], value: object, iteration: int
) -> tuple[Continue[Any] | Done[Any], Any]:
    """As `loop_step`, for a body that yields the step and the next state."""
    if not (isinstance(value, tuple) and len(value) == 2):
        raise TypeError(
            f"loop_with_state: the body must give a pair of Continue or Done and the state, "
            f"got {shown(value)} ({type(value).__name__})"
        )
    step, state = value
    if isinstance(step, Done):
        return step, state
    if not isinstance(step, Continue):
        raise TypeError(
            f"loop_with_state: the body must give Continue or Done with the state, "
            f"got {shown(step)} ({type(step).__name__})"
        )
    if node.max_iter is not None and iteration >= node.max_iter:
        raise LoopLimitError(node.max_iter, step.value)
    return step, state
