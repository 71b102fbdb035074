"""Programs whose methods and constructors are wrong, run by the model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra import fold_map as folding
from everything_is_an_actor.algebra.free import Free, Pure
from everything_is_an_actor.algebra.generators import Resume
from everything_is_an_actor.algebra.laws import free_effects
from everything_is_an_actor.algebra.laws.free_effects import FREE, fail
from everything_is_an_actor.algebra.operations import attempt, par
from everything_is_an_actor.interpreters.simulation import Simulated
from everything_is_an_actor.testing.program_runs import MODEL_RUNS
from laws.mutant import WrongSubject
from laws.wrong_programs import Part, wrong

type AnyProgram = Free[Any, Any]
type Function = Callable[[Any], Any]

_mapped, _flat_mapped, _then, _ap = Free.map, Free.flat_map, Free.then, Free.ap
_resumed, _together = Resume.__call__, Simulated.together


def _twice(p: AnyProgram) -> AnyProgram:
    return _then(p, p)


def _method(name: str) -> Callable[[Part], WrongSubject]:
    return wrong(MODEL_RUNS, FREE, name, Free)


def _constructor(name: str) -> Callable[[Part], WrongSubject]:
    return wrong(MODEL_RUNS, FREE, name, free_effects)


# ------------------------------------------------------------------------------------- methods


@_method("map")
def map_that_performs_twice(p: AnyProgram, h: Function) -> AnyProgram:
    return _mapped(_twice(p), h)


@_method("map")
def map_that_applies_twice(p: AnyProgram, h: Function) -> AnyProgram:
    return _mapped(_mapped(p, h), h)


@_method("flat_map")
def flat_map_that_performs_twice(p: AnyProgram, k: Function) -> AnyProgram:
    return _flat_mapped(_twice(p), k)


@_method("flat_map")
def flat_map_that_goes_on_twice(p: AnyProgram, k: Function) -> AnyProgram:
    return _flat_mapped(p, lambda a: _twice(k(a)))


@_method("flat_map")
def flat_map_that_goes_on_after_an_error(p: AnyProgram, k: Function) -> AnyProgram:
    def on(result: Result[Any, Exception]) -> AnyProgram:
        return Pure(None) if isinstance(result, Failure) else k(result.unwrap())

    return _flat_mapped(attempt(p), on)


@_method("then")
def then_that_yields_the_first(p: AnyProgram, q: AnyProgram) -> AnyProgram:
    return _flat_mapped(p, lambda a: _mapped(q, lambda _: a))


@_method("then")
def then_that_yields_both(p: AnyProgram, q: AnyProgram) -> AnyProgram:
    return _flat_mapped(p, lambda a: _mapped(q, lambda b: (a, b)))


@_method("ap")
def ap_with_the_argument_first(pf: AnyProgram, p: AnyProgram) -> AnyProgram:
    return _flat_mapped(p, lambda a: _mapped(pf, lambda f: f(a)))


@_method("ap")
def ap_that_performs_the_argument_twice(pf: AnyProgram, p: AnyProgram) -> AnyProgram:
    return _ap(pf, _twice(p))


@_method("ap")
def ap_that_yields_the_argument(pf: AnyProgram, p: AnyProgram) -> AnyProgram:
    return _then(pf, p)


@_method("bind")
def bind_that_performs_twice(p: AnyProgram, k: Function) -> AnyProgram:
    return _flat_mapped(_twice(p), k)


@_method("flatMap")
def flatMap_that_goes_on_twice(p: AnyProgram, k: Function) -> AnyProgram:
    return _flat_mapped(p, lambda a: _twice(k(a)))


@_method("apply")
def apply_with_the_argument_first(p: AnyProgram, pf: AnyProgram) -> AnyProgram:
    return _flat_mapped(p, lambda a: _mapped(pf, lambda f: f(a)))


@wrong(MODEL_RUNS, FREE, "__call__", Resume)
def generators_that_are_sent_nothing(resume: Resume, value: object) -> AnyProgram:
    return _resumed(resume, None)


# ------------------------------------------------------------------------- attempts and pars


@_constructor("attempt")
def attempt_that_hides_the_error(p: AnyProgram) -> AnyProgram:
    return _mapped(attempt(p), lambda result: Success(result.value_or(None)))


@_constructor("attempt")
def attempt_that_performs_twice(p: AnyProgram) -> AnyProgram:
    return attempt(_twice(p))


@_constructor("attempt")
def attempt_that_yields_the_value_itself(p: AnyProgram) -> AnyProgram:
    return _mapped(attempt(p), lambda result: result.value_or(result))


@wrong(MODEL_RUNS, FREE, "is_recoverable", folding)
def attempt_that_catches_fatal_errors(error: BaseException) -> bool:
    return True


@_constructor("par")
def par_in_the_wrong_order(*ps: AnyProgram) -> AnyProgram:
    return _mapped(par(*ps), lambda values: values[::-1])


@_constructor("par")
def par_without_the_last(*ps: AnyProgram) -> AnyProgram:
    return par(*ps[:-1]) if len(ps) > 1 else par(*ps)


@_constructor("par")
def par_that_performs_each_twice(*ps: AnyProgram) -> AnyProgram:
    return par(*map(_twice, ps))


@_constructor("par")
def par_of_none_that_fails(*ps: AnyProgram) -> AnyProgram:
    return par(*ps) if ps else fail(ValueError("par of no program"))


@wrong(MODEL_RUNS, FREE, "together", Simulated)
async def par_in_which_an_error_is_a_value(simulated: Simulated, branches: Any) -> Any:
    return await _together(simulated, [_hidden(branch) for branch in branches])


async def _hidden(branch: Any) -> Any:
    try:
        return await branch
    except Exception:
        return None


MUTANTS: tuple[WrongSubject, ...] = tuple(
    each for each in list(globals().values()) if isinstance(each, WrongSubject)
)
