"""`moa_layer`: proposers that answer at once, and an aggregator of what they propose."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Never, Protocol

from everything_is_an_actor.agents import Task, TaskResult
from everything_is_an_actor.algebra.arguments import need_count, need_seconds, need_several
from everything_is_an_actor.algebra.build import agent, at_least
from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.leaves import Agent
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.algebra.values import QuorumResult
from everything_is_an_actor.runtime.behaviour import Behaviour


class AsyncFunction[A, B](Protocol):
    """An `async def`, as an argument whose type is settled before that of a `Callable`."""

    def __call__(self, input: A, /) -> Awaitable[B]:
        """The output for `input`, to be awaited."""
        ...


# How mypy infers a layer from lists as they are written, which tests/types/moa_*.py pin down:
# - It types the elements of a list by the nearest class that they share, and two agents share
#   `object`. Where a recursive type is expected it takes their union instead: hence the last
#   alternative, of which there is no value.
# - A parameter with a `Callable` is settled after those without one. So the proposers, which have
#   none, say what the aggregator has to take, and not the other way round.
# - A `Behaviour` of tasks is an `AgentActor`, by types that vary as those of `Agent` do.
type Proposer[A, B] = (
    Flow[A, B]
    | type[Behaviour[Task[A], TaskResult[B]]]
    | type[Agent[A, B]]
    | AsyncFunction[A, B]
    | tuple[Proposer[A, B], Never]
)
type Aggregator[A, B] = (
    Flow[A, B]
    | type[Behaviour[Task[A], TaskResult[B]]]
    | type[Agent[A, B]]
    | Callable[[A], Awaitable[B]]
)


def moa_layer[I, O, P](
    proposers: Sequence[Proposer[I, O]],
    aggregator: Aggregator[QuorumResult[O], P],
    *,
    min_success: int = 1,
    timeout: float | None = 30.0,
) -> Flow[I, P]:
    """The same input to every proposer, and what they propose to the aggregator.

    `moa_layer([p, q], a, min_success=n)` is `at_least(n, p, q).flat_map(a)`: of the proposers at
    least `n` have to succeed, and the aggregator takes the `QuorumResult`, in which those that
    failed are under `failed`.

    Proposers and aggregator are agents (classes with an async `execute`, or `async def`s) or
    flows. Each proposer has `timeout` seconds (`None`: no bound), be it an agent or a flow; past
    them it has failed. An aggregator that is an agent has as long; one that is a flow is taken as
    it is, for a bound of its own: `aggregator=agent(Judge, timeout=120)`. One that needs the
    question beside the answers comes after `identity().zip(moa_layer(ps, identity()))`.

    Raises `TypeError` or `ValueError` for arguments other than these, no proposers, or a
    `min_success` out of `1 … len(proposers)`. When run: `QuorumError` if fewer succeed, and the
    aggregator's own error.

    A layer of Wang et al., "Mixture-of-Agents Enhances Large Language Model Capabilities" (2024).

    >>> async def brief(question: str) -> str: ...
    >>> async def thorough(question: str) -> str: ...
    >>> async def judge(answers: QuorumResult[str]) -> str: ...
    >>> moa_layer(proposers=[brief, thorough], aggregator=judge)
    at_least(1, agent(brief), agent(thorough)).flat_map(agent(judge))
    """
    lone = isinstance(proposers, Flow) or callable(proposers)
    need_several(
        "moa_layer", "proposers", proposers, of="agents and flows", one="proposer", lone=lone
    )
    need_count("moa_layer", "min_success", min_success, least=1)
    if min_success > len(proposers):
        raise ValueError(
            f"moa_layer: min_success={min_success} of {len(proposers)} "
            f"{plural(len(proposers), 'proposer')} can never succeed"
        )
    if timeout is not None:
        need_seconds("moa_layer", "timeout", timeout)
    proposing = [_bounded(i, proposer, timeout) for i, proposer in enumerate(proposers)]
    return at_least(min_success, *proposing).flat_map(_lifted("aggregator", aggregator, timeout))


def _bounded(i: int, proposer: object, timeout: float | None) -> AnyFlow:
    if isinstance(proposer, Flow) and timeout is not None:
        return proposer.timeout(timeout)
    return _lifted(f"proposers[{i}]", proposer, timeout)


def _lifted(argument: str, value: Any, timeout: float | None) -> AnyFlow:
    if isinstance(value, Flow):
        return value
    try:
        return agent(value, timeout=timeout)
    except TypeError as error:
        raise TypeError(f"moa_layer: {argument} must be a flow or an agent; {error}") from None
