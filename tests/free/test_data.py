"""A program is a value: immutable, compared and printed as the expression that builds it."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from hypothesis import given

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.free import (
    Ask,
    Attempt,
    FlatMap,
    Free,
    GetRef,
    Par,
    Pure,
    Sleep,
    Spawn,
    Stop,
    Suspend,
    Tell,
    ask,
    attempt,
    par,
    spawn,
)
from tests.free.programs import (
    DETERMINISTIC,
    EXPRESSIONS,
    AnyProgram,
    Asker,
    Echo,
    again,
    asked,
    evaluate,
    expressions,
    up,
    within,
)

each_program = pytest.mark.parametrize("expression", EXPRESSIONS)


def pickled(value: Any, protocol: int | None = None) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))


WAYS_BACK = [
    *(
        pytest.param(partial(pickled, protocol=protocol), id=f"pickle-{protocol}")
        for protocol in (0, 2, pickle.HIGHEST_PROTOCOL)
    ),
    pytest.param(copy.copy, id="copy"),
    pytest.param(copy.deepcopy, id="deepcopy"),
]

# --------------------------------------------------------------------------------------- text


@each_program
def test_a_program_prints_as_the_expression_that_builds_it(expression: str) -> None:
    assert repr(evaluate(expression)) == expression


@each_program
def test_what_a_program_prints_builds_an_equal_program(expression: str) -> None:
    built = evaluate(expression)
    assert evaluate(repr(built)) == built


@DETERMINISTIC
@given(expressions)
def test_a_random_program_is_the_value_of_its_text_and_comes_back(expression: str) -> None:
    built = evaluate(expression)
    assert repr(built) == expression
    assert evaluate(expression) == built
    assert hash(evaluate(expression)) == hash(built)
    assert pickled(built) == copy.deepcopy(built) == copy.copy(built) == built


@DETERMINISTIC
@given(expressions, expressions)
def test_programs_are_equal_if_their_texts_are(one: str, other: str) -> None:
    assert (evaluate(one) == evaluate(other)) == (one == other)
    assert (evaluate(one) != evaluate(other)) == (one != other)


def test_an_operation_prints_by_itself_as_the_class_it_is_of() -> None:
    assert repr(Ask("/app/echo", 1, None)) == "Ask('/app/echo', 1, None)"
    assert repr(Par([Pure(1)])) == "Par((Pure(1),))"
    assert repr(Attempt(Pure(1).map(up))) == "Attempt(Pure(1).map(up))"
    assert repr(Spawn(Echo, "echo").name) == "'echo'"


@each_program
def test_an_abridged_program_is_the_beginning_of_its_text(expression: str) -> None:
    built = evaluate(expression)
    for length in range(len(expression) + 3):
        assert built.abridged(length) == expression[:length]


def test_a_method_of_a_ref_prints_with_the_ref() -> None:
    assert repr(Pure(1).flat_map(Asker("/app/echo").twice)) == (
        "Pure(1).flat_map(Asker('/app/echo').twice)"
    )


class Unprintable:
    def __repr__(self) -> str:
        raise ZeroDivisionError("no text")


def test_a_program_that_cannot_be_printed_can_be_named_in_an_error() -> None:
    program = ask("/app/echo", Unprintable())
    with pytest.raises(ZeroDivisionError):
        repr(program)
    assert shown(program).startswith("<Suspend instance at 0x")
    wrong: Any = program
    with pytest.raises(TypeError, match=r"map: function must be a function, got <Suspend instance"):
        Pure(1).map(wrong)


@pytest.mark.parametrize("cls", [Pure, Suspend, FlatMap, Free, Ask])
def test_a_class_of_programs_can_be_named_in_an_error(cls: Any) -> None:
    with pytest.raises(TypeError, match=rf"then: program must be .*{cls.__name__}'> \(\w+\)"):
        Pure(1).then(cls)


# ------------------------------------------------------------------------------------ frozen


@each_program
def test_a_program_cannot_be_changed(expression: str) -> None:
    built = evaluate(expression)
    name = type(built).__name__
    for field in built.__match_args__:
        with pytest.raises(AttributeError, match=rf"^{name} is immutable: cannot set '{field}'$"):
            setattr(built, field, 1)
        with pytest.raises(AttributeError, match=rf"^{name} is immutable: cannot delete '{field}'"):
            delattr(built, field)
    with pytest.raises(AttributeError, match=f"^'{name}' object has no attribute 'other'"):
        setattr(built, "other", 1)  # noqa: B010  # mypy knows that as well
    assert repr(built) == expression
    assert not hasattr(built, "__dict__")


OPERATIONS = [
    Ask("/app/a", 1),
    Tell("/app/a", 1),
    Stop("/app/a"),
    GetRef("/app/a"),
    Sleep(1),
    Spawn(Echo, "a"),
    Par([Pure(1)]),
    Attempt(Pure(1)),
]


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: type(op).__name__)
def test_an_operation_cannot_be_changed(op: Any) -> None:
    before = repr(op)
    for field in op.__match_args__:
        with pytest.raises(AttributeError, match=f"{type(op).__name__} is immutable"):
            setattr(op, field, None)
        with pytest.raises(AttributeError, match=f"{type(op).__name__} is immutable"):
            delattr(op, field)
    assert repr(op) == before
    assert not hasattr(op, "__dict__")


@pytest.mark.parametrize("op", OPERATIONS, ids=lambda op: type(op).__name__)
def test_an_operation_is_a_value_like_its_program(op: Any) -> None:
    assert pickled(op) == copy.copy(op) == copy.deepcopy(op) == op
    assert hash(pickled(op)) == hash(op)
    assert op != Suspend(op)
    assert Suspend(op) == Suspend(pickled(op))
    assert [other for other in OPERATIONS if other == op] == [op]


def test_the_programs_of_a_par_are_those_it_was_given() -> None:
    programs = [Pure(1)]
    both = par(programs)
    programs.append(Pure(2))
    assert both == par(Pure(1))


# ------------------------------------------------------------------------- equality and hash


def test_different_programs_are_unequal_and_have_different_hashes() -> None:
    built = {evaluate(expression) for expression in EXPRESSIONS}
    assert len(built) == len(EXPRESSIONS)
    assert len({hash(each) for each in built}) == len(EXPRESSIONS)


def test_programs_are_the_keys_of_a_dict() -> None:
    index = {evaluate(expression): expression for expression in EXPRESSIONS}
    assert [index[evaluate(expression)] for expression in EXPRESSIONS] == list(EXPRESSIONS)


def test_functions_are_compared_by_identity() -> None:
    assert Pure(1).map(up) == Pure(1).map(up)
    assert Pure(1).map(lambda n: n) != Pure(1).map(lambda n: n)


def test_a_program_is_compared_as_the_expression_that_it_is() -> None:
    """The laws of the monad hold in what programs do."""
    assert Pure(1).flat_map(again) != again(1)
    assert Pure(1).map(up) != Pure(2)


def test_bind_is_flat_map_and_apply_is_ap_the_other_way_round() -> None:
    assert again(1).bind(again) == again(1).flat_map(again)
    assert Pure(1).apply(Pure(up)) == Pure(up).ap(Pure(1))
    assert Free.from_value(1) == Pure(1)
    assert Pure(1).flatMap(again) == Pure(1).flat_map(again) == FlatMap(Pure(1), again)


@pytest.mark.parametrize("other", [1, "Pure(1)", None, (1,), Pure, Ask("/app/a", 1)])
def test_a_program_is_equal_to_nothing_but_a_program(other: object) -> None:
    assert (Pure(1) == other) is False
    assert (other == Pure(1)) is False
    assert Pure(1) != other


def test_programs_of_different_numbers_of_branches_are_unequal() -> None:
    assert par(Pure(1)) != par(Pure(1), Pure(1))
    assert par() != par(Pure(1))
    assert par(Pure(1)) != par()


def test_a_value_without_a_hash_does_not_keep_a_program_from_having_one() -> None:
    assert hash(Pure([1])) == hash(Pure([2]))
    assert hash(Pure([1])) != hash(Pure({1}))
    assert hash(ask("/app/a", [1])) != hash(ask("/app/b", [1]))
    assert hash(spawn(Echo, "a", args=([],))) == hash(spawn(Echo, "a", args=([],)))
    assert Pure([1]) != Pure([2])


def test_a_value_that_is_unequal_to_itself_makes_no_program_unequal_to_itself() -> None:
    program = Pure(float("nan"))
    assert program == program  # that is the question
    assert pickled(program) != program


# -------------------------------------------------------------------------- pickle and copy


@pytest.mark.parametrize("back", WAYS_BACK)
@each_program
def test_a_program_comes_back_equal(expression: str, back: Callable[[Any], Any]) -> None:
    built = evaluate(expression)
    again = back(built)
    assert again == built
    assert hash(again) == hash(built)
    assert type(again) is type(built)
    assert repr(again) == expression


@pytest.mark.parametrize("back", WAYS_BACK)
def test_shared_parts_come_back_shared(back: Callable[[Any], Any]) -> None:
    part: AnyProgram = ask("/app/echo", 1)
    program: Any = back(par(part, part, ask("/app/echo", 1)))
    one, other, apart = program.op.programs
    assert one is other
    assert one is not apart


def test_a_program_comes_back_within_other_values() -> None:
    program = again(1).map(up)
    value = {"programs": [program, (program,)]}
    back = pickled(value)
    assert back == value
    assert back["programs"][0] is back["programs"][1][0]


def test_a_deep_copy_has_a_message_of_its_own() -> None:
    program: Any = ask("/app/echo", [1])
    assert copy.deepcopy(program).op.message is not program.op.message
    assert copy.copy(program).op.message is program.op.message


def test_a_program_of_a_lambda_cannot_be_pickled() -> None:
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        pickle.dumps(Pure(1).map(lambda n: n))


async def test_a_program_of_a_ref_prints_the_ref_and_is_equal_to_another_of_it() -> None:
    async with ActorSystem("app") as system:
        ref = await system.spawn(Echo, "echo")
        assert repr(ref.free_ask(1)) == "ask(ActorRef(/app/echo), 1)"
        assert repr(ref.free_ask(1, timeout=None)) == "ask(ActorRef(/app/echo), 1, timeout=None)"
        assert repr(ref.free_tell(1)) == "tell(ActorRef(/app/echo), 1)"
        assert repr(ref.free_stop()) == "stop(ActorRef(/app/echo))"
        assert repr(Pure(1).flat_map(ref.free_ask)) == (
            "Pure(1).flat_map(ActorRef(/app/echo).free_ask)"
        )
        assert ref.free_ask(1) == system.get_actor("/app/echo").free_ask(1)
        assert Pure(1).flat_map(ref.free_ask) == Pure(1).flat_map(ref.free_ask)
        assert hash(ref.free_ask(1)) == hash(ref.free_ask(1))
        assert ref.free_ask(1) != ask("/app/echo", 1)


def test_what_a_program_is_made_of_can_be_matched() -> None:
    match ask("/app/echo", 1).map(up):
        case FlatMap(Suspend(Ask(ref, message, timeout)), continuation):
            assert (ref, message, timeout) == ("/app/echo", 1, 5.0)
            assert callable(continuation)
        case _:
            raise AssertionError
    match attempt(par(Pure(1))):
        case Suspend(Attempt(Suspend(Par((Pure(value),))))):
            assert value == 1
        case _:
            raise AssertionError


def test_the_arguments_of_a_generator_program_are_fields_of_it() -> None:
    assert asked("a") == asked("a")
    assert asked("a") != asked("b")
    assert asked("a", path="/app/b") != asked("a")
    assert within(Pure(1)) != within(inner=Pure(1))  # two expressions
