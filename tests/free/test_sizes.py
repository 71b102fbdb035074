"""A program may be 100,000 levels deep: nothing recurses, and the work is linear in the program.

Linear is shown by counting the calls made, which is the same in every run, never by a clock.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.free import (
    ActorModel,
    Pure,
    ask,
    par,
    run_model,
    run_scripted,
    sequence_diagram,
    trace_json,
)
from everything_is_an_actor.testing import run
from tests.free.programs import DEEP, SHAPES, AnyProgram, Echo, calls, nested, up

DEPTH = 3_000  # a recursion ends at 1,000

# Equal in hash, since lists have none, and yet unequal: `==` has to walk down to find out.
ONE: AnyProgram = ask("/app/echo", [1])
OTHER: AnyProgram = ask("/app/echo", [2])


@pytest.mark.parametrize("shape", ["map", "then to the right", "attempt", "par"])
def test_the_promised_depth_is_reached(shape: str) -> None:
    program = SHAPES[shape](100_000, ONE)
    again = pickle.loads(pickle.dumps(program))
    assert again == program
    assert hash(again) == hash(program)


@pytest.mark.parametrize("shape", ["map", "then to the right", "attempt", "par"])
def test_the_promised_depth_is_printed(shape: str) -> None:
    program = SHAPES[shape](100_000, ONE)
    assert len(repr(program)) > 500_000


@pytest.mark.parametrize("shape", DEEP)
def test_a_deep_program_is_a_value_like_any_other(shape: str) -> None:
    build = SHAPES[shape]
    program, same, other = build(DEPTH, ONE), build(DEPTH, ONE), build(DEPTH, OTHER)
    assert program == same
    assert program != other
    assert program != build(DEPTH - 1, ONE)
    assert hash(program) == hash(same) == hash(other)
    text = repr(program)
    assert len(text) > 5 * DEPTH
    assert text == repr(same)
    assert program.abridged(100) == text[:100]
    assert pickle.loads(pickle.dumps(program)) == program
    assert copy.copy(program) == program


@pytest.mark.parametrize("shape", ["flat_map", "then to the right", "par"])
def test_a_deep_program_is_deeply_copied(shape: str) -> None:
    program = SHAPES[shape](DEPTH, ONE)
    assert copy.deepcopy(program) == program


@pytest.mark.parametrize("shape", ["shared", "shared in a par"])
def test_shared_parts_are_looked_at_once(shape: str) -> None:
    build = SHAPES[shape]
    program, same, other = build(60, ONE), build(60, ONE), build(60, OTHER)
    assert program == same
    assert program != other
    assert hash(program) == hash(same)
    assert pickle.loads(pickle.dumps(program)) == program
    assert copy.deepcopy(program) == copy.copy(program) == program
    assert len(program.abridged(100)) == 100


def test_programs_of_different_width_at_each_level_are_told_apart() -> None:
    one = nested(lambda p: par(p))(DEPTH, Pure(1))
    two = nested(lambda p: par(p, Pure(1)))(DEPTH, Pure(1))
    assert one != two


def test_a_wrong_argument_however_deep_is_named_in_an_error() -> None:
    for shape in DEEP:
        with pytest.raises(TypeError, match=r"^map: function must be a function, got .*\.\.\."):
            Pure(1).map(SHAPES[shape](DEPTH, ONE))  # type: ignore[arg-type]  # that is the question


WORK: dict[str, Callable[[AnyProgram, AnyProgram], object]] = {
    "==": lambda program, same: program == same,
    "hash": lambda program, same: hash(program),
    "pickle": lambda program, same: pickle.dumps(program),
    "copy": lambda program, same: copy.copy(program),
    "deepcopy": lambda program, same: copy.deepcopy(program),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("what", WORK)
def test_twice_the_program_is_at_most_twice_the_work(what: str, shape: str) -> None:
    def work(times: int) -> int:
        program, same = SHAPES[shape](times, ONE), SHAPES[shape](times, ONE)
        return calls(lambda: WORK[what](program, same))

    assert 50 < work(200) <= 2 * work(100) + 50


@pytest.mark.parametrize("shape", DEEP)
def test_twice_the_program_is_at_most_twice_the_printing(shape: str) -> None:
    once, twice = SHAPES[shape](100, ONE), SHAPES[shape](200, ONE)
    assert 100 < calls(lambda: repr(twice)) <= 2 * calls(lambda: repr(once))


@pytest.mark.parametrize("shape", [shape for shape in SHAPES if shape != "wide"])
def test_a_level_more_costs_the_same_at_any_depth(shape: str) -> None:
    build = SHAPES[shape]
    shallow, deep = build(2, ONE), build(2_000, ONE)
    assert calls(lambda: build(1, deep)) == calls(lambda: build(1, shallow))


INTERPRETERS: dict[str, Callable[[AnyProgram], object]] = {
    "scripted": lambda program: run_scripted(program, {("/app/echo", 1): 1}),
    "model": lambda program: run_model(program, {"/app/echo": ActorModel(0, said)}),
    "live": lambda program: run(living(program)),
    "trace": lambda program: trace_json(run_scripted(program, {("/app/echo", 1): 1}).trace),
    "sequence diagram": lambda program: sequence_diagram(
        run_scripted(program, {("/app/echo", 1): 1}).trace
    ),
}


def said(state: int, message: int) -> tuple[int, int]:
    return state, message


async def living(program: AnyProgram) -> object:
    async with ActorSystem("app") as system:
        await system.spawn(Echo, "echo")
        return await system.run_free(program)


ASKING: dict[str, Callable[[AnyProgram], AnyProgram]] = {
    "to the left": lambda program: program.then(ask("/app/echo", 1)),
    "to the right": lambda program: ask("/app/echo", 1).then(program),
}


@pytest.mark.parametrize("side", ASKING)
@pytest.mark.parametrize("interpreter", INTERPRETERS)
def test_twice_the_asks_are_at_most_twice_the_work_on(interpreter: str, side: str) -> None:
    def work(times: int) -> int:
        program = nested(ASKING[side])(times, Pure(1))
        return calls(lambda: INTERPRETERS[interpreter](program))

    assert 200 < work(200) <= 2 * work(100) + 50


def test_a_chain_is_one_node_a_step() -> None:
    program: AnyProgram = Pure(0)
    nodes = 0
    for _ in range(1000):
        program = program.map(up)
    while not isinstance(program, Pure):
        program = program.program  # type: ignore[attr-defined]  # a FlatMap
        nodes += 1
    assert nodes == 1000
