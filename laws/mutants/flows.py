"""Interpreters that are wrong, each in one way."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from unittest.mock import patch

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT
from everything_is_an_actor.testing.agreement import agreeing
from everything_is_an_actor.testing.interpreters import Reference
from everything_is_an_actor.testing.subjects import ON_PAPER, Subject, on_interpreter
from laws.mutant import WrongSubject
from laws.mutants import basics, choice, concurrency, effects, failure, loops, sight
from laws.wrong import Distorting, Patched, Rewriting, WrongInterpreter

_WRONG: tuple[WrongInterpreter, ...] = (
    *(
        each
        for module in (basics, concurrency, choice, failure, effects, loops)
        for each in vars(module).values()
        if isinstance(each, Rewriting)
    ),
    Distorting("losers_left_running", sight.losers_left_running),
    Distorting("a_call_lost", sight.a_call_lost),
    Distorting("errors_without_their_arguments", sight.errors_without_their_arguments),
    Patched("handlers_of_fatal_errors", "is_recoverable", sight.any_error),
    Patched("handlers_of_no_error", "is_recoverable", sight.no_error),
)

_UNLIKE = (
    "leaf_restarted",
    "leaf_without_its_timeout",
    "guard_checked_twice",
    "losers_left_running",
    "errors_without_their_arguments",
)
"""Those that are wrong everywhere alike: only another interpreter can tell."""


def _in_a_world_where(subject: Subject, what: str, instead: object) -> WrongSubject:
    """The semantics are right; what the equations are written with is not."""
    world = partial(patch, f"everything_is_an_actor.algebra.{what}", instead)
    return WrongSubject(subject, FLOW, world)


def _on_paper(name: str) -> Subject:
    return replace(ON_PAPER, name=name)


MUTANTS = (
    *(
        WrongSubject(on_interpreter(wrong), FLOW, more=wrong.more)
        for wrong in _WRONG
        if wrong.name not in _UNLIKE
    ),
    *(
        WrongSubject(agreeing(wrong, Reference()), AGREEMENT, more=wrong.more)
        for wrong in _WRONG
        if wrong.name in _UNLIKE
    ),
    _in_a_world_where(
        on_interpreter(Reference("a_normal_form_that_grows")),
        "laws.shape.normalise",
        sight.grown,
    ),
    _in_a_world_where(_on_paper("zip_that_is_built_swapped"), "flow.Flow.zip", sight.swapped),
    _in_a_world_where(
        _on_paper("branch_built_without_its_source"), "flow.Flow.branch", sight.cases_alone
    ),
)
