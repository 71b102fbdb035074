"""Equations of programs beyond those of a container: by the outcome, or by the trace as well."""

from __future__ import annotations

from functools import partial
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from everything_is_an_actor.free import Pure, attempt, par
from tests.free.worlds import Program, live, number, on_paper, programs

LEFT, RIGHT = ("a", "b"), ("c", "d")
FAILING = st.sampled_from([ValueError("x"), LookupError("y", 2), RuntimeError()])
numbers = st.integers(-2, 2)


def outcome(program: Program) -> object:
    """R: the value, or the error."""
    return on_paper(program)[0]


def fail(error: Exception) -> Program:
    def raising(_: object) -> Program:
        raise error

    return Pure(None).flat_map(raising)


def rethrow(result: Result[Any, Exception]) -> Program:
    match result:
        case Success(value):
            return Pure(value)
        case Failure(error):
            return fail(error)
        case _:
            raise AssertionError(result)


def next_of(program: Program, _: object) -> Program:
    return program


def double(n: int) -> Program:
    return Pure(2 * n)


@given(programs(), programs())
def test_then_is_a_bind_that_does_not_look(p: Program, q: Program) -> None:
    assert on_paper(p.then(q)) == on_paper(p.flat_map(lambda _: q))


@given(programs())
def test_ap_is_the_function_first_and_then_the_argument(p: Program) -> None:
    function: Program = p.map(lambda value: lambda n: (number(value), n))
    argument: Program = p.map(number)
    assert on_paper(function.ap(argument)) == on_paper(function.flat_map(lambda f: argument.map(f)))


@given(programs())
def test_flat_map_and_bind_and_flatMap_are_one(p: Program) -> None:
    ints: Program = p.map(number)
    assert (
        on_paper(ints.flat_map(double))
        == on_paper(ints.flatMap(double))
        == on_paper(ints.bind(double))
    )


@given(numbers)
def test_an_attempt_of_a_value_is_a_success(n: int) -> None:
    assert outcome(attempt(Pure(n))) == outcome(Pure(Success(n)))


@given(FAILING)
def test_an_attempt_of_an_error_is_a_failure(error: Exception) -> None:
    assert outcome(attempt(fail(error))) == outcome(Pure(Failure(error)))


@given(programs())
def test_an_attempt_raised_again_is_the_program(p: Program) -> None:
    assert outcome(attempt(p).flat_map(rethrow)) == outcome(p)


@given(programs())
def test_an_attempt_does_not_fail(p: Program) -> None:
    assert outcome(attempt(attempt(p))) == outcome(attempt(p).map(Success))


@given(FAILING, programs())
def test_an_error_is_a_left_zero(error: Exception, p: Program) -> None:
    assert on_paper(fail(error).flat_map(lambda _: p)) == on_paper(fail(error))


@given(programs())
def test_par_of_one_is_that_one(p: Program) -> None:
    assert outcome(par(p)) == outcome(p.map(lambda value: (value,)))


@given(programs(), numbers)
def test_a_value_is_the_unit_of_par_on_either_side(p: Program, n: int) -> None:
    assert outcome(par(p, Pure(n)).map(lambda both: both[0])) == outcome(p)
    assert outcome(par(Pure(n), p).map(lambda both: both[1])) == outcome(p)


@given(programs(("a",)), programs(("b",)), programs(("c",)), st.integers(0, 2))
def test_par_is_associative_where_one_fails_at_most(
    p: Program, q: Program, r: Program, may_fail: int
) -> None:
    p, q, r = (each if i == may_fail else attempt(each) for i, each in enumerate((p, q, r)))
    flat = par(p, q, r)
    left: Program = par(par(p, q), r).map(lambda v: (*v[0], v[1]))
    right: Program = par(p, par(q, r)).map(lambda v: (v[0], *v[1]))
    assert outcome(left) == outcome(flat) == outcome(right)


@given(programs(LEFT), programs(RIGHT))
def test_par_is_natural(p: Program, q: Program) -> None:
    one: Program = par(p.map(number), q.map(number))
    other: Program = par(p, q).map(lambda both: (number(both[0]), number(both[1])))
    assert outcome(one) == outcome(other)


@given(programs(LEFT), programs(RIGHT))
def test_independent_programs_yield_the_same_one_after_the_other(p: Program, q: Program) -> None:
    p, q = attempt(p), attempt(q)
    in_turn: Program = p.flat_map(lambda a: q.map(lambda b: (a, b)))
    assert outcome(par(p, q)) == outcome(in_turn)


@settings(max_examples=50, deadline=None)
@given(programs(), st.integers(0, 20))
def test_binds_mean_the_same_nested_to_either_side_live_too(p: Program, depth: int) -> None:
    left: Program = p.map(number)
    right: Program = Pure(0)
    for _ in range(depth):
        left = left.flat_map(double)
        right = Pure(0).flat_map(partial(next_of, right))
    again: Program = p.map(lambda value: number(value) * 2**depth)
    assert live(left) == on_paper(left) == on_paper(again)
    assert live(right) == on_paper(right) == on_paper(Pure(0))
