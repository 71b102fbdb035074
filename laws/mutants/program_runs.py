"""Runs of programs that are wrong: what folds them, and interpreters that agree with no other."""

from __future__ import annotations

from typing import Any

from everything_is_an_actor.algebra import fold_map as folding
from everything_is_an_actor.algebra.fold_map import Interpreter, Step, fold_map
from everything_is_an_actor.algebra.free import FlatMap, Free, Operation, Suspend
from everything_is_an_actor.algebra.laws import folds
from everything_is_an_actor.algebra.laws.folds import AGREEMENT, FOLDS, Through, hoist
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.operations import Attempt, par
from everything_is_an_actor.interpreters.model import ModelRef
from everything_is_an_actor.interpreters.scripted import ByScript
from everything_is_an_actor.interpreters.simulation import Simulated, Simulation
from everything_is_an_actor.testing.program_handlers import FOLDED_LEDGER
from everything_is_an_actor.testing.program_runs import (
    FAILING_LIVE_AND_MODEL,
    LIVE_AND_MODEL,
    SCRIPTED_AND_OTHERS,
)
from laws.mutant import WrongSubject
from laws.wrong_programs import wrong

type AnyProgram = Free[Any, Any]

_performed, _through = folding._performed, Through.perform
_fail, _reply = ModelRef._fail, ByScript._reply


# --------------------------------------------------------------------------------------- folds


@wrong(FOLDED_LEDGER, FOLDS, "fold_map", folds)
async def fold_map_that_loses_the_value(
    p: AnyProgram, handler: Interpreter[Any], trace: list[Step] | None = None
) -> Any:
    await fold_map(p, handler, trace)


@wrong(FOLDED_LEDGER, FOLDS, "fold_map", folds)
async def fold_map_that_does_not_go_on(
    p: AnyProgram, handler: Interpreter[Any], trace: list[Step] | None = None
) -> Any:
    return await fold_map(p.program if isinstance(p, FlatMap) else p, handler, trace)


@wrong(FOLDED_LEDGER, FOLDS, "fold_map", folds)
async def fold_map_that_performs_twice_for_a_trace(
    p: AnyProgram, handler: Interpreter[Any], trace: list[Step] | None = None
) -> Any:
    return await fold_map(p if trace is None else p.then(p), handler, trace)


@wrong(FOLDED_LEDGER, FOLDS, "_performed", folding)
async def a_single_operation_performed_twice(
    op: Operation[Any, Any], interpreter: Interpreter[Any]
) -> Any:
    await _performed(op, interpreter)
    return await _performed(op, interpreter)


@wrong(FOLDED_LEDGER, FOLDS, "par", folds)
def par_whose_values_are_swapped(*ps: AnyProgram) -> AnyProgram:
    return par(*ps).map(lambda values: values[::-1])


@wrong(FOLDED_LEDGER, FOLDS, "perform", Through)
async def transformed_operations_performed_twice(through: Through, op: Any) -> Any:
    await _through(through, op)
    return await _through(through, op)


@wrong(FOLDED_LEDGER, FOLDS, "hoist", folds)
def hoist_that_changes_the_first_alone(h: Any, p: AnyProgram) -> AnyProgram:
    return hoist(h, p.program).flat_map(p.continuation) if isinstance(p, FlatMap) else hoist(h, p)


@wrong(FOLDED_LEDGER, FOLDS, "hoist", folds)
def hoist_in_which_attempts_yield_nothing(h: Any, p: AnyProgram) -> AnyProgram:
    forgets = isinstance(p, Suspend) and isinstance(p.op, Attempt)
    return hoist(h, p).map(Constant(None)) if forgets else hoist(h, p)


# ------------------------------------------------------------------------ models and scripts


@wrong(FAILING_LIVE_AND_MODEL, AGREEMENT, "_fail", ModelRef)
def model_that_goes_on_after_a_failure(ref: ModelRef, error: Exception) -> None:
    return None


@wrong(FAILING_LIVE_AND_MODEL, AGREEMENT, "_fail", ModelRef)
def model_that_keeps_its_state_at_a_restart(ref: ModelRef, error: Exception) -> None:
    state = ref.state
    _fail(ref, error)
    ref.state = state


@wrong(LIVE_AND_MODEL, AGREEMENT, "close", ModelRef)
def model_that_does_not_stop(ref: ModelRef, now: str, later: str) -> None:
    return None


@wrong(LIVE_AND_MODEL, AGREEMENT, "sleep", Simulation)
async def model_in_which_a_sleep_takes_no_time(simulation: Simulation, seconds: float) -> None:
    return None


@wrong(LIVE_AND_MODEL, AGREEMENT, "together", Simulated)
async def model_in_which_one_is_done_after_the_other(simulated: Simulated, branches: Any) -> Any:
    return await Interpreter.together(simulated, branches)


@wrong(SCRIPTED_AND_OTHERS, AGREEMENT, "_reply", ByScript)
def script_that_replies_no_error(by_script: ByScript, path: str, message: object) -> Any:
    try:
        return _reply(by_script, path, message)
    except ValueError:
        return 0


MUTANTS: tuple[WrongSubject, ...] = tuple(
    each for each in list(globals().values()) if isinstance(each, WrongSubject)
)
