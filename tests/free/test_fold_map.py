"""The one fold over a program: its equations, its errors, its trace, and what it costs."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import tracemalloc
import weakref
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, override

import pytest
from hypothesis import given
from returns.result import Failure, Success

from everything_is_an_actor.free import (
    Attempt,
    Free,
    Interpreter,
    Operation,
    Par,
    Pure,
    Step,
    Suspend,
    Tell,
    ask,
    attempt,
    fold_map,
    par,
    run_pure,
    sleep,
    tell,
)
from tests.free.programs import (
    DETERMINISTIC,
    SHAPES,
    AnyProgram,
    Says,
    again,
    calls,
    double,
    echo,
    evaluate,
    expressions,
    nested,
    run,
    up,
)


def fails(error: BaseException) -> AnyProgram:
    """The program that fails by this error, of itself."""
    return ask("/app/echo", error)


def raises(error: BaseException) -> Callable[[Any], Any]:
    def raising(value: Any) -> Any:
        raise error

    return raising


def notes(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


def failure(program: AnyProgram, says: Callable[[Any], Any] = echo) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011  # whatever it is
        run(program, says)
    return caught.value


# ----------------------------------------------------------------------------------- equations


def test_the_equations() -> None:
    assert run(Pure(1)) == 1
    assert run(ask("/app/echo", 1)) == 1
    assert run(ask("/app/echo", 1).flat_map(again)) == 1
    assert run(par(Pure(1), ask("/app/echo", 2))) == (1, 2)
    assert run(attempt(Pure(1))) == Success(1)
    assert run(Pure(1).map(up)) == 2
    assert run(Pure(1).then(Pure(2))) == 2
    assert run(Pure(up).ap(Pure(1))) == 2
    assert run(par()) == ()


def meaning(program: AnyProgram, trace: list[Step] | None = None) -> tuple[str, list[str]]:
    """The text of the value or of the error, and of what it has asked for."""
    says = Says(echo)
    try:
        outcome = repr(run_pure(fold_map(program, says, trace=trace)))
    except Exception as error:
        outcome = repr(error)
    return outcome, list(map(repr, says.asked))


def test_a_program_may_yield_a_program() -> None:
    assert run(Pure(Pure(1))) == Pure(1)
    assert run(Pure(1).map(Pure)) == Pure(1)
    assert run(Pure(Pure(1)).flat_map(lambda inner: inner)) == 1
    assert run(Pure(None)) is None
    assert run(Pure(None).map(lambda none: none)) is None


# ---------------------------------------------------------------------------------------- size


@pytest.mark.parametrize(
    "shape", ["flat_map", "then to the left", "then to the right", "attempt", "map"]
)
def test_a_program_of_100_000_levels_runs(shape: str) -> None:
    program = SHAPES[shape](100_000, ask("/app/echo", 1))
    value = run(program)
    if shape == "attempt":
        for _ in range(100_000):
            value = value.unwrap()
    assert value == (100_001 if shape == "map" else 1)


def test_ap_of_100_000_levels_runs() -> None:
    assert run(nested(lambda p: Pure(up).ap(p))(100_000, Pure(0))) == 100_000


def counter(left: int) -> Free[Any, int]:
    return Pure(left) if left == 0 else Pure(left - 1).flat_map(counter)


def test_a_recursion_through_continuations_takes_a_million_steps() -> None:
    assert run(Pure(1_000_000).flat_map(counter)) == 0


def test_a_recursion_through_continuations_needs_no_memory() -> None:
    def peak(steps: int) -> int:
        program = Pure(steps).flat_map(counter)
        gc.collect()
        tracemalloc.start()
        run(program)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(20_000) < peak(1_000) + 5_000


def test_a_recursion_through_attempts_that_end_needs_no_memory() -> None:
    def count(left: int) -> AnyProgram:
        if left == 0:
            return Pure(0)
        return attempt(Pure(left - 1)).flat_map(lambda result: count(result.unwrap()))

    def peak(steps: int) -> int:
        gc.collect()
        tracemalloc.start()
        run(count(steps))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(100)
    assert peak(10_000) < peak(1_000) + 5_000


@pytest.mark.parametrize(
    "shape", [shape for shape in SHAPES if shape not in ("shared", "shared in a par", "a message")]
)
def test_twice_the_program_is_at_most_twice_the_work(shape: str) -> None:
    def work(times: int) -> int:
        program = SHAPES[shape](times, Pure(up))
        return calls(lambda: attempt_to_run(program))

    assert 5 < work(200) <= 2 * work(100) + 20


def attempt_to_run(program: AnyProgram) -> object:
    try:
        return run(program)
    except Exception as error:
        return error


def test_an_error_from_a_depth_of_100_000_comes_up() -> None:
    program = fails(KeyError("k"))
    for _ in range(50_000):
        program = attempt(program.map(up)).flat_map(lambda result: Pure(result.unwrap()))
        program = program.map(up)
    assert isinstance(failure(program.then(fails(KeyError("last")))), Exception)


def test_the_interpreter_pauses_every_thousand_binds_or_so() -> None:
    says = Says()
    run_pure(fold_map(Pure(10_240).flat_map(counter), says))
    assert says.pauses == 10


# ---------------------------------------------------------------------- errors of continuations


def returns(value: Any) -> Any:
    return lambda _: value


@pytest.mark.parametrize(
    ("came", "text"),
    [
        (None, "got None (NoneType): a value becomes one by Pure, or use map"),
        (3, "got 3 (int): a value becomes one by Pure, or use map"),
        (Tell("/app/a", 1), "got Tell('/app/a', 1) (Tell): an operation becomes a program by"),
        (again, "call it, if it makes a program"),
        ((each for each in "ab"), "a generator function makes programs once it is decorated by"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_a_continuation_makes_a_program(came: Any, text: str) -> None:
    error = failure(ask("/app/echo", 1).flat_map(returns(came)))
    assert type(error) is TypeError
    assert str(error).startswith("returns.<lambda> must return a program (Free), got ") or str(
        error
    ).startswith("<lambda> must return a program (Free), got ")
    assert text in str(error)
    assert notes(error) == ["in program after steps[0], in <lambda>"]


def test_a_continuation_that_returns_a_coroutine_is_told_so() -> None:
    async def wait(value: int) -> AnyProgram:
        return Pure(value)

    wrong: Any = wait
    error = failure(Pure(1).flat_map(lambda n: wrong(n)))
    assert str(error).endswith(" (coroutine): what is async an actor does: spawn one, and ask it")


def test_an_error_of_a_continuation_is_the_error_of_the_program() -> None:
    error = KeyError("k")
    assert failure(Pure(1).map(raises(error))) is error
    assert notes(error) == ["in program before steps[0], in raising"]
    error = KeyError("k")
    assert failure(ask("/app/echo", 1).flat_map(raises(error))) is error
    assert notes(error) == ["in program after steps[0], in raising"]


def test_a_stop_iteration_of_a_function_becomes_a_runtime_error() -> None:
    for program in (
        Pure(1).map(raises(StopIteration(3))),
        Pure(1).flat_map(raises(StopIteration(3))),
    ):
        error = failure(program)
        assert repr(error) == "RuntimeError('a function in the program raised StopIteration')"
        assert isinstance(error.__cause__, StopIteration)
    assert isinstance(run(attempt(Pure(1).map(raises(StopIteration(3))))).failure(), RuntimeError)


def test_the_value_of_the_program_that_is_applied_is_a_function() -> None:
    async def wait(value: int) -> int:
        return value

    wrong: Any = Pure(3)
    error = failure(wrong.ap(Pure(1)))
    assert str(error) == "ap: the value of the program must be a function, got 3 (int)"
    assert notes(error) == ["in program before steps[0], in ap"]
    assert "wait is async" in str(failure(Pure(wait).ap(Pure(1))))


def test_what_is_no_program_is_refused() -> None:
    for junk in (None, 3, Pure):
        with pytest.raises(TypeError, match="the program to run must be a program") as caught:
            run(junk)  # type: ignore[arg-type]  # that is the question
        assert notes(caught.value) == []


# ------------------------------------------------------------------------------------- attempt


def test_attempt_of_an_error_is_its_failure() -> None:
    """`attempt(raise e) = pure(Failure e)`."""
    for error in (ValueError("v"), StopAsyncIteration(), ExceptionGroup("g", [KeyError("k")])):
        assert run(attempt(fails(error))) == Failure(error)
        assert run(attempt(Pure(1).map(raises(error)))) == Failure(error)


def test_attempts_within_one_another_leave_the_error_to_the_innermost() -> None:
    error = ValueError("v")
    assert run(attempt(attempt(fails(error)))) == Success(Failure(error))
    assert run(attempt(attempt(fails(error)).then(fails(error)))) == Failure(error)


def test_an_attempt_drops_what_was_to_come_and_no_more() -> None:
    program = attempt(fails(ValueError("v")).map(up).then(tell("/app/a", "never")))
    says = Says(echo)
    result = run_pure(fold_map(program.then(tell("/app/a", "then")), says))
    assert result is None
    assert [op.message for op in says.asked if isinstance(op, Tell)] == ["then"]


FATAL = [
    MemoryError("m"),
    KeyboardInterrupt("k"),
    SystemExit(3),
    asyncio.CancelledError("c"),
    GeneratorExit("g"),
    BaseException("b"),
]
each_fatal = pytest.mark.parametrize("error", FATAL, ids=lambda error: type(error).__name__)


@each_fatal
def test_what_is_past_recovery_goes_through(error: BaseException) -> None:
    assert failure(attempt(attempt(fails(error)))) is error
    assert failure(attempt(Pure(1).map(raises(error)))) is error
    assert failure(attempt(par(Pure(1), attempt(fails(error))))) is error


def test_no_error_is_dealt_with_while_the_program_is_cancelled() -> None:
    class Cancelled(Says):
        cancelled = False

        @override
        def is_cancelled(self) -> bool:
            return self.cancelled

    says = Cancelled(echo)

    def cancel(value: Any) -> Any:
        says.cancelled = True
        raise ValueError("v")

    with pytest.raises(ValueError, match="v"):
        run_pure(fold_map(attempt(Pure(1).map(cancel)), says))


# --------------------------------------------------------------------------------------- notes


def test_an_error_gains_the_step() -> None:
    error = ValueError("v")
    inner = ask("/app/a", 1).then(attempt(ask("/app/b", 2))).then(fails(error))
    program = ask("/app/a", 1).then(ask("/app/a", 2)).then(par(Pure(1), sleep(1).then(inner)))
    assert failure(program) is error
    assert notes(error) == [
        "in program at steps[2].par[1].steps[3]: ask('/app/echo', ValueError('v'))"
    ]


def test_an_error_within_an_attempt_gains_the_step_within() -> None:
    result = run(sleep(1).then(attempt(sleep(1).then(fails(ValueError("v"))))))
    assert notes(result.failure()) == [
        "in program at steps[1].attempt.steps[1]: ask('/app/echo', ValueError('v'))"
    ]


def test_steps_go_on_after_an_attempt() -> None:
    error = ValueError("v")
    assert failure(sleep(1).then(attempt(sleep(1).then(sleep(2)))).then(fails(error))) is error
    assert notes(error) == ["in program at steps[2]: ask('/app/echo', ValueError('v'))"]


def test_an_error_after_one_that_was_recovered_from_is_no_error_of_that_step() -> None:
    first, then = ValueError("first"), KeyError("then")
    trace: list[Step] = []
    with pytest.raises(KeyError):
        run(attempt(fails(first)).map(raises(then)), trace=trace)
    assert notes(then) == ["in program after steps[0], in raising"]
    assert [type(step.op) for step in trace] == [Attempt]
    assert len(trace[0].within[0]) == 1


def test_an_error_is_gone_with_its_last_reference() -> None:
    """There is no cycle for the collector to find: what a program held is free at once."""

    class Gone(Exception):
        def __init__(self) -> None:
            gone.append(weakref.ref(self))

    gone: list[weakref.ref[Gone]] = []

    def raising(value: object) -> Any:
        raise Gone

    gc.disable()
    try:
        for program in (sleep(1).map(raising), par(sleep(1).map(raising))):
            with contextlib.suppress(Gone):
                run(program)
        assert [reference() for reference in gone] == [None, None]
    finally:
        gc.enable()


def test_one_place_is_one_note() -> None:
    error = ValueError("v")
    program = attempt(fails(error))
    run(program)
    run(program)
    run(program.then(program))
    assert len(notes(error)) == 2


def test_the_notes_on_one_error_that_is_raised_again_and_again_are_bounded() -> None:
    error = ValueError("v")
    program: AnyProgram = attempt(fails(error))
    for _ in range(100):
        program = program.then(attempt(fails(error)))
    run(program)
    assert len(notes(error)) == 16
    assert "steps[100]" in notes(error)[-1]


def test_of_a_long_way_the_end_is_spelled() -> None:
    error = ValueError("v")
    program = nested(lambda p: par(p))(100, fails(error))
    assert failure(program) is error
    (note,) = notes(error)
    assert note.startswith("in program at ….steps[0].par[0].")
    assert note.count("par[0]") == 33


def test_a_note_is_short_however_long_the_message_is() -> None:
    error = ValueError("v" * 100_000)
    failure(fails(error))
    assert len(notes(error)[0]) < 200

    class Long:
        def __repr__(self) -> str:
            return "x" * 100_000

        def go(self, value: Any) -> Any:
            raise error

    failure(Pure(1).map(Long().go))
    assert len(notes(error)[1]) < 200


def test_a_note_never_hides_the_error() -> None:
    class Unprintable:
        def __repr__(self) -> str:
            raise ZeroDivisionError

        def go(self, value: Any) -> Any:
            raise error

    error = ValueError("v")
    assert failure(ask("/app/a", Unprintable()), lambda op: error) is error
    assert failure(Pure(1).map(Unprintable().go)) is error


@pytest.mark.parametrize("wrong", [3, [3], "in program", ("in program 1",) * 20, None])
def test_notes_that_are_none_do_not_hide_the_error(wrong: Any) -> None:
    error = ValueError("v")
    error.__notes__ = wrong
    assert failure(fails(error)) is error


@each_fatal
def test_only_errors_are_noted_on(error: BaseException) -> None:
    error.__notes__ = []
    failure(fails(error))
    assert len(notes(error)) == isinstance(error, MemoryError)


# --------------------------------------------------------------------------------------- trace


def traced(program: AnyProgram) -> list[Step]:
    trace: list[Step] = []
    attempt_error: BaseException | None = None
    try:
        run(program, trace=trace)
    except BaseException as error:
        attempt_error = error
    del attempt_error
    return trace


def op(program: Any) -> Any:
    return program.op


def test_the_trace_is_each_step_in_order() -> None:
    a, b = ask("/app/a", 1), tell("/app/b", 2)
    assert traced(a.then(b).map(repr)) == [Step(op(a), Success(1)), Step(op(b), Success(None))]
    assert traced(Pure(1).map(up)) == []


def test_the_trace_of_a_failed_program_ends_with_what_failed() -> None:
    error = ValueError("v")
    a, b = ask("/app/a", 1), fails(error)
    assert traced(a.then(b).then(a)) == [Step(op(a), Success(1)), Step(op(b), Failure(error))]
    assert traced(a.map(raises(error)).then(a)) == [Step(op(a), Success(1))]


def test_the_steps_within_an_attempt_are_within_its_step() -> None:
    error = ValueError("v")
    a, b = ask("/app/a", 1), fails(error)
    good, bad = attempt(a), attempt(a.then(b))
    assert traced(good.then(bad).then(a)) == [
        Step(op(good), Success(Success(1)), ([Step(op(a), Success(1))],)),
        Step(
            op(bad),
            Success(Failure(error)),
            ([Step(op(a), Success(1)), Step(op(b), Failure(error))],),
        ),
        Step(op(a), Success(1)),
    ]


def test_the_steps_of_each_branch_are_within_the_step_of_a_par() -> None:
    a, b = ask("/app/a", 1), ask("/app/b", 2)
    both = par(a, Pure(0), b.then(a))
    assert traced(both) == [
        Step(
            op(both),
            Success((1, 0, 1)),
            (
                [Step(op(a), Success(1))],
                [],
                [Step(op(b), Success(2)), Step(op(a), Success(1))],
            ),
        )
    ]


def test_the_trace_of_a_failed_par_has_the_steps_until_then() -> None:
    error = ValueError("v")
    a, b = ask("/app/a", 1), fails(error)
    both = par(a, a.then(b), a)
    assert traced(both.then(a)) == [
        Step(
            op(both),
            Failure(error),
            ([Step(op(a), Success(1))], [Step(op(a), Success(1)), Step(op(b), Failure(error))], []),
        )
    ]


@each_fatal
def test_what_goes_through_an_attempt_is_in_the_trace(error: BaseException) -> None:
    b = fails(error)
    (step,) = traced(attempt(b))
    assert step == Step(Attempt(b), Failure(error), ([Step(op(b), Failure(error))],))


@DETERMINISTIC
@given(expressions)
def test_a_program_does_the_same_with_a_trace_and_without(expression: str) -> None:

    program, trace = evaluate(expression), list[Step]()
    value, asked = meaning(program, trace)
    assert (value, asked) == meaning(program)
    assert list(map(repr, operations(trace))) == asked


def operations(trace: Sequence[Step]) -> list[Any]:
    found: list[Any] = []
    for step in trace:
        if isinstance(step.op, Par | Attempt):
            found += [each for within in step.within for each in operations(within)]
        else:
            found.append(step.op)
    return found


# ----------------------------------------------------------------------- one's own interpreters

type Storing = Get | Put


@dataclass(frozen=True)
class Get(Operation["Storing", str]):
    key: str


@dataclass(frozen=True)
class Put(Operation["Storing", None]):
    key: str
    value: str


class InMemory(Interpreter[Storing]):
    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    @override
    async def perform(self, op: Storing, /) -> Any:
        match op:
            case Get(key):
                return self.values[key]
            case Put(key, value):
                self.values[key] = value
                return None


def copy(source: str, to: str) -> Free[Storing, None]:
    return Suspend(Get(source)).flat_map(lambda value: Suspend(Put(to, value)))


def test_operations_of_ones_own_are_performed_by_ones_own_interpreter() -> None:
    values = {"a": "1"}
    assert run_pure(fold_map(copy("a", "b").then(copy("b", "c")), InMemory(values))) is None
    assert values == {"a": "1", "b": "1", "c": "1"}


def test_programs_at_the_same_time_are_one_after_the_other_unless_said_otherwise() -> None:
    values = {"a": "1"}
    program = par(copy("a", "b"), copy("b", "c"), Suspend(Get("c")))
    assert run_pure(fold_map(program, InMemory(values))) == (None, None, "1")


def test_the_first_error_of_programs_one_after_the_other_is_that_of_all() -> None:
    values = {"a": "1"}
    program = par(copy("a", "b"), copy("missing", "c"), copy("a", "d"))
    with pytest.raises(KeyError, match="missing") as caught:  # and no coroutine is left unawaited
        run_pure(fold_map(program, InMemory(values)))
    assert values == {"a": "1", "b": "1"}
    assert notes(caught.value) == [
        "in program at steps[0].par[1].steps[0]: Suspend(Get(key='missing'))"
    ]
    assert run_pure(fold_map(attempt(program), InMemory(values))).failure().args == ("missing",)


def test_an_interpreter_may_do_programs_in_an_order_of_its_own() -> None:
    class Backwards(Says):
        @override
        async def together(self, branches: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
            return [await branch for branch in reversed(branches)][::-1]

    says = Backwards(echo)
    program = par(ask("/app/a", 1), ask("/app/b", 2))
    assert run_pure(fold_map(program, says)) == (1, 2)
    assert [op.ref for op in says.asked] == ["/app/b", "/app/a"]


def test_a_par_of_nothing_asks_nobody() -> None:
    class Never(Says):
        @override
        async def together(self, branches: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
            raise AssertionError

    assert run_pure(fold_map(par(), Never())) == ()


def test_an_interpreter_that_waits_needs_an_event_loop() -> None:
    class Waits(Says):
        @override
        async def perform(self, op: Any) -> Any:
            await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match=r"^run_pure: the interpreter waits for something"):
        run_pure(fold_map(ask("/app/a", 1), Waits()))


def test_a_program_runs_anew_each_time() -> None:
    program = ask("/app/a", 1).map(double)
    assert run(program) == run(program)
    assert run(program.then(program)) == 2
