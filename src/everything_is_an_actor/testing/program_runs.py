"""Interpreters of programs as the subjects of laws: live actors, the model, a script, one's own."""

import asyncio
import collections.abc
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, get_args, get_origin

from hypothesis import strategies as st

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.algebra.fold_map import Step
from everything_is_an_actor.algebra.laws.folds import Interpreters
from everything_is_an_actor.algebra.laws.free import Independent, Program, TotalProgram
from everything_is_an_actor.algebra.laws.law import CALLS, RESULT, TRACE, IsEq, Observation
from everything_is_an_actor.algebra.operations import attempt
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.model import run_model
from everything_is_an_actor.interpreters.scripted import run_scripted
from everything_is_an_actor.runtime.supervision import OneForOneStrategy
from everything_is_an_actor.testing.clock import run
from everything_is_an_actor.testing.parameters import choices, drawn
from everything_is_an_actor.testing.program_observing import Ran, died, ran
from everything_is_an_actor.testing.programs import (
    FORGETFUL,
    MODEL,
    NAMES,
    RESUMING,
    STRATEGIES,
    SYSTEM,
    AnyProgram,
    Counter,
    Forgetful,
    Operations,
    failures,
    forgetting,
    operations,
    replies,
    total,
    yielding,
)
from everything_is_an_actor.testing.subjects import Named, Strategy, Subject

type Runs = Callable[[AnyProgram], Ran]


def live(
    program: AnyProgram,
    strategy: OneForOneStrategy = STRATEGIES[0],
    kind: type[Counter] = Counter,
) -> Ran:
    """A run on actors of this class, on virtual time."""

    async def main() -> Ran:
        loop = asyncio.get_running_loop()
        result, seconds, steps = None, 0.0, list[Step]()
        fatal: BaseException | None = None
        async with ActorSystem(SYSTEM, supervisor_strategy=strategy) as system:
            for name in NAMES:
                await system.spawn(kind, name)
            start = loop.time()
            try:
                result = await system.run_free(attempt(program), trace=steps)
            except MemoryError as error:
                fatal = error
            seconds = loop.time() - start
        left = asyncio.all_tasks() - {asyncio.current_task()}
        wrong = f"left running: {len(left)} {plural(len(left), 'task')}" if left else None
        return ran(result, seconds, steps, wrong) if fatal is None else died(fatal, wrong)

    return run(main())


def modelled(
    program: AnyProgram,
    strategy: OneForOneStrategy = STRATEGIES[0],
    model: Mapping[Any, Any] = MODEL,
) -> Ran:
    """A run on the model."""
    try:
        made = run_model(attempt(program), model, system=SYSTEM, supervisor_strategy=strategy)
    except MemoryError as error:
        return died(error)
    return ran(made.value, made.seconds, made.trace)


def by_script(program: AnyProgram) -> Ran:
    """A run by the script of a world whose actors forget. It does not tell how long it took."""
    try:
        made = run_scripted(attempt(program), forgetting, system=SYSTEM)
    except MemoryError as error:
        return died(error)
    return ran(made.value, 0.0, made.trace)


# ------------------------------------------------------------------------------------- subjects


def supplied(hint: Any, of: Operations = operations) -> Strategy | None:
    """Programs, independent programs, and functions into programs, by the type."""
    origin, args = get_origin(hint), get_args(hint)
    if hint is MemoryError:
        return st.just(MemoryError("fatal"))
    if origin is Program:
        return yielding(drawn(args[0]), of=of)
    if origin is TotalProgram:
        return total(drawn(args[0]))
    if origin is Independent:
        return st.tuples(
            *(
                yielding(drawn(get_args(each)[0]), own, of)
                for each, own in zip(args, _SHARES[len(args)], strict=True)
            )
        )
    if origin is collections.abc.Callable and get_origin(args[1]) is Program:
        return choices(args[0][0], yielding(drawn(get_args(args[1])[0]), of=of))
    return None


_SHARES = {2: (NAMES[:2], NAMES[2:]), 3: (NAMES[:1], NAMES[1:2], NAMES[2:])}


def on_programs(name: str, runs: Runs) -> Subject:
    """An interpreter of programs as the subject of laws: two sides do the same in its runs."""

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        one, other = runs(equation.lhs), runs(equation.rhs)
        if one.wrong or other.wrong or one.by(by) != other.by(by):
            return _apart(equation, one, other)
        return None

    return Subject(name, (TRACE, CALLS, RESULT), supplied, difference)


def _apart(equation: IsEq[Any], one: Ran, other: Ran) -> str:
    return (
        f"  lhs = {equation.lhs!r}\n  rhs = {equation.rhs!r}\nworlds of counters\n"
        f"  lhs: {one}\n  rhs: {other}"
    )


LIVE = on_programs("live", live)
"""Actors, by `run_free`, on virtual time."""

MODEL_RUNS = on_programs("model", modelled)
"""The model, by `run_model`."""

SCRIPTED = on_programs("scripted", by_script)
"""A script, by `run_scripted`."""


def agreeing(name: str, pairs: Strategy, of: Operations) -> Subject:
    """Two interpreters at a time as the subject: they are to agree in all there is to see."""

    def supply(hint: Any) -> Strategy | None:
        return pairs if hint is Interpreters else supplied(hint, of)

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        if equation.lhs == equation.rhs and not equation.lhs.wrong:
            return None
        return f"  one:   {equation.lhs}\n  other: {equation.rhs}"

    return Subject(name, (TRACE,), supply, difference)


def _supervised(strategy: OneForOneStrategy) -> tuple[Runs, Runs]:
    return (
        Named(partial(live, strategy=strategy), "live"),
        Named(partial(modelled, strategy=strategy), "model"),
    )


LIVE_AND_MODEL = agreeing("live, model", st.sampled_from(STRATEGIES).map(_supervised), operations)
"""Actors and their models, however they are supervised."""

FAILING_LIVE_AND_MODEL = agreeing(
    "failing live, model", st.sampled_from(STRATEGIES).map(_supervised), failures
)
"""The same, where most of what an actor is told makes it fail."""


def _untimed(runs: Runs) -> Runs:
    def run_(program: AnyProgram) -> Ran:
        return replace(runs(program), seconds=0.0)

    return run_


_FORGETFUL = (
    Named(_untimed(partial(live, strategy=RESUMING, kind=Forgetful)), "live"),
    Named(_untimed(partial(modelled, strategy=RESUMING, model=FORGETFUL)), "model"),
)

SCRIPTED_AND_OTHERS = agreeing(
    "scripted, others",
    st.sampled_from(_FORGETFUL).map(lambda other: (Named(by_script, "scripted"), other)),
    replies,
)
"""A script and the actors, or models, that reply as it says."""
