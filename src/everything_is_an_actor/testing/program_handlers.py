"""Interpreters of operations as the subjects of the laws of `fold_map`: ours, and one's own."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, get_origin, override

from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.algebra.fold_map import Interpreter, Step, run_pure
from everything_is_an_actor.algebra.free import Suspend
from everything_is_an_actor.algebra.laws.folds import Folded, Handler, Single, Transformation
from everything_is_an_actor.algebra.laws.free_effects import rethrow
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, IsEq, Observation
from everything_is_an_actor.algebra.operations import ActorOp, Ask, GetRef, Tell, attempt, tell
from everything_is_an_actor.interpreters.live import Live
from everything_is_an_actor.interpreters.model import OnModel
from everything_is_an_actor.interpreters.simulation import Simulation
from everything_is_an_actor.testing.clock import run
from everything_is_an_actor.testing.program_observing import Ran, ran
from everything_is_an_actor.testing.program_runs import supplied
from everything_is_an_actor.testing.programs import (
    MODEL,
    NAMES,
    STRATEGIES,
    SYSTEM,
    AnyProgram,
    Counter,
    count,
    operations,
)
from everything_is_an_actor.testing.subjects import Strategy, Subject


class Noting(Interpreter[ActorOp]):
    """An interpreter that notes what another one is asked for, and what comes of it."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.steps: list[Step] = []

    @override
    async def perform(self, op: Any, /) -> Any:
        try:
            value = await self._handler.perform(op)
        except Exception as error:
            self.steps.append(Step(op, Failure(error)))
            raise
        self.steps.append(Step(op, Success(value)))
        return value

    @override
    async def together(self, branches: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
        return await self._handler.together(branches)

    @override
    async def pause(self) -> None:
        await self._handler.pause()

    @override
    def is_cancelled(self) -> bool:
        return self._handler.is_cancelled()


class Ledger(Interpreter[ActorOp]):
    """An interpreter of one's own: a state, and errors, under a monad that waits for nothing."""

    def __init__(self) -> None:
        self._totals: dict[str, int] = {}

    @override
    async def perform(self, op: ActorOp, /) -> Any:
        match op:
            case Ask(str() as path, n) | Tell(str() as path, n):
                self._totals[path], reply = count(self._totals.get(path, 0), n)
                return reply if isinstance(op, Ask) else None
            case GetRef(path):
                return path
            case _:
                return None


# -------------------------------------------------------------------------------------- runs


async def _outcome(folded: Folded[Any], handler: Handler) -> Result[Any, Exception]:
    try:
        return Success(await folded(handler))
    except Exception as error:
        return Failure(error)


def on_actors(folded: Folded[Any]) -> Ran:
    """What it means for actors, on virtual time."""

    async def main() -> Ran:
        loop = asyncio.get_running_loop()
        async with ActorSystem(SYSTEM) as system:
            for name in NAMES:
                await system.spawn(Counter, name)
            start = loop.time()
            noting = Noting(Live(system))
            result = await _outcome(folded, noting)
            return ran(result, loop.time() - start, noting.steps)

    return run(main())


def on_models(folded: Folded[Any]) -> Ran:
    """What it means for models of actors."""
    simulation = Simulation()
    noting = Noting(OnModel(MODEL, SYSTEM, STRATEGIES[0], simulation))
    result = simulation.run(_outcome(folded, noting))
    return ran(result, simulation.now, noting.steps)


def by_ledger(folded: Folded[Any]) -> Ran:
    """What it means for a `Ledger`."""
    noting = Noting(Ledger())
    return ran(run_pure(_outcome(folded, noting)), 0.0, noting.steps)


# ---------------------------------------------------------------------- natural transformations


def twice(op: Any) -> AnyProgram:
    """The operation, and once more."""
    return Suspend(op).then(Suspend(op))


def announced(op: Any) -> AnyProgram:
    """The operation, after one of which another actor knows."""
    return tell("/app/d", 1).then(Suspend(op))


def tried(op: Any) -> AnyProgram:
    """The operation, its error caught and raised again."""
    return attempt(Suspend(op)).flat_map(rethrow)


TRANSFORMATIONS: tuple[Transformation, ...] = (Suspend, twice, announced, tried)


# ------------------------------------------------------------------------------------- subjects


def on_handler(name: str, runs: Callable[[Folded[Any]], Ran]) -> Subject:
    """An interpreter of operations as the subject: two sides are the same to it."""

    def supply(hint: Any) -> Strategy | None:
        if hint is Transformation:
            return st.sampled_from(TRANSFORMATIONS)
        if get_origin(hint) is Single:
            return operations().filter(_is_single)
        return supplied(hint)

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        one, other = runs(equation.lhs), runs(equation.rhs)
        if one.by(by) == other.by(by):
            return None
        return f"  lhs = {equation.lhs!r}\n  rhs = {equation.rhs!r}\n  lhs: {one}\n  rhs: {other}"

    return Subject(name, (TRACE, CALLS, RESULT), supply, difference)


def _is_single(program: AnyProgram) -> bool:
    return isinstance(program, Suspend)


FOLDED_LIVE = on_handler("live", on_actors)
"""Actors, on virtual time."""

FOLDED_MODEL = on_handler("model", on_models)
"""Models of actors."""

FOLDED_LEDGER = on_handler("ledger", by_ledger)
"""An interpreter of one's own, without an event loop."""
