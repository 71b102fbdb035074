"""Interpreters that are wrong, each in one way."""

from __future__ import annotations

from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.testing.interpreters import Interpreter
from everything_is_an_actor.testing.rules import on_interpreter
from laws.killing import Mutant
from laws.mutants import basics, choice, concurrency, effects, failure, loops, sight
from laws.wrong import Distorting, Patched, Rewriting

_WRONG: tuple[Interpreter, ...] = (
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

MUTANTS = tuple(Mutant(on_interpreter(wrong), FLOW) for wrong in _WRONG)
