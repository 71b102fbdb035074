"""Interpreters that are no morphisms, and that do not agree with the reference semantics."""

from __future__ import annotations

from dataclasses import replace

from returns.result import Failure

from everything_is_an_actor.algebra.build import each, identity, pure
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.functions import Constant
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT, INTERPRETER
from everything_is_an_actor.algebra.node import Bind, Each, FlatMap, Identity, Map, Notify, Pure
from everything_is_an_actor.testing.agreement import agreeing
from everything_is_an_actor.testing.documents import through_documents
from everything_is_an_actor.testing.interpreters import Reference
from everything_is_an_actor.testing.observing import Observed
from everything_is_an_actor.testing.subjects import on_interpreter
from laws.mutant import WrongSubject
from laws.mutants.documents import agents_without_timeouts, reading
from laws.wrong import Distorting, N, Wrong, mutant, reverse

# -------------------------------------------------------------------------------------- morphisms


@mutant
def an_identity_that_is_a_constant(node: N) -> Wrong:
    return pure(Constant("a")) if isinstance(node, Identity) else None


@mutant
def a_function_that_is_not_applied(node: N) -> Wrong:
    return identity() if isinstance(node, Pure) else None


@mutant
def a_composition_of_its_second_alone(node: N) -> Wrong:
    return node.next if isinstance(node, FlatMap) else None


@mutant
def a_map_that_is_not_mapped(node: N) -> Wrong:
    return node.source if isinstance(node, Map) else None


@mutant
def a_bind_fed_the_value_in_place_of_the_input(node: N) -> Wrong:
    return node.source >> Flow(Bind(identity(), node.k)) if isinstance(node, Bind) else None


@mutant
def a_tensor_that_swaps_its_flows(node: N) -> Wrong:
    return each(*reverse(node.flows)) if isinstance(node, Each) else None


# -------------------------------------------------------------------------------------- agreement


def a_second_late(observed: Observed) -> Observed:
    return replace(observed, seconds=observed.seconds + 1)


def errors_without_notes(observed: Observed) -> Observed:
    match observed.result:
        case Failure(error) if hasattr(error, "__notes__"):
            return replace(observed, result=Failure(type(error)(*error.args)))
        case _:
            return observed


@mutant
def a_side_flow_that_is_awaited(node: N) -> Wrong:
    return node.source.tap(node.side) if isinstance(node, Notify) else None


IN_A_DOCUMENT = through_documents(
    reading("agents_without_timeouts", agents_without_timeouts), Reference()
)

MUTANTS: tuple[WrongSubject, ...] = (
    *(
        WrongSubject(on_interpreter(wrong), INTERPRETER, more=wrong.more)
        for wrong in (
            an_identity_that_is_a_constant,
            a_function_that_is_not_applied,
            a_composition_of_its_second_alone,
            a_map_that_is_not_mapped,
            a_bind_fed_the_value_in_place_of_the_input,
            a_tensor_that_swaps_its_flows,
        )
    ),
    *(
        WrongSubject(agreeing(wrong, Reference()), AGREEMENT, more=wrong.more)
        for wrong in (
            Distorting("an_outcome_a_second_late", a_second_late),
            Distorting("an_error_that_loses_its_notes", errors_without_notes),
            a_side_flow_that_is_awaited,
        )
    ),
    WrongSubject(
        replace(agreeing(IN_A_DOCUMENT, Reference()), name="timeouts_lost_on_the_way_by_document"),
        AGREEMENT,
    ),
)
