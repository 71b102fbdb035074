"""Programs in direct style: a generator function whose `yield` binds."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable, Coroutine, Generator
from typing import Any, override

import pytest
from returns.result import Failure, Success

from everything_is_an_actor import Actor, ActorSystem
from everything_is_an_actor.free import (
    ActorOp,
    Ask,
    Free,
    Pure,
    Tell,
    ask,
    attempt,
    fold_map,
    par,
    program,
    run_pure,
    sleep,
    tell,
)
from everything_is_an_actor.testing import on_virtual_time
from tests.free.programs import AnyProgram, Asker, Says, asked, echo, run, within

type Binding[A] = Generator[Free[ActorOp, Any], Any, A]


def fails(error: BaseException) -> Free[ActorOp, Any]:
    return ask("/app/echo", error)


# ------------------------------------------------------------------------------------ binding


@program
def added(a: int, b: int) -> Binding[int]:
    left = yield from ask("/app/echo", a)
    right = yield from ask("/app/echo", b)
    return int(left + right)


def test_yield_from_is_the_value_of_a_program() -> None:
    assert run(added(1, 2)) == 3
    assert run(added(1, b=2).map(str)) == "3"


@program
def plain() -> Binding[Any]:
    first = yield ask("/app/echo", 1)
    second = yield Pure(first + 1)
    return [first, second, (yield par(Pure(3), ask("/app/echo", 4)))]


def test_a_plain_yield_is_the_same_value() -> None:
    assert run(plain()) == [1, 2, (3, 4)]


def test_nothing_of_the_function_runs_before_the_program_does() -> None:
    ran: list[str] = []

    @program
    def noted() -> Binding[None]:
        ran.append("a")
        yield from sleep(1)

    built = noted()
    assert (repr(built), built == noted(), ran) == ("noted()", True, [])
    run(built)
    assert ran == ["a"]


def test_a_program_runs_anew_each_time() -> None:
    built = added(1, 2)
    assert [run(built), run(built)] == [3, 3]
    assert run(built.flat_map(lambda first: built.map(lambda then: (first, then)))) == (3, 3)
    assert run(par(built, built)) == (3, 3)


def test_a_generator_that_never_yields_is_a_value() -> None:
    @program
    def nothing(value: int) -> Binding[int]:
        return value
        yield  # type: ignore[unreachable]  # what makes it a generator

    assert run(nothing(1)) == 1


def test_a_program_without_a_return_yields_none() -> None:
    @program
    def nothing() -> Binding[None]:
        yield from sleep(1)

    assert run(nothing()) is None


def test_a_method_of_a_class_may_be_a_program() -> None:
    built = Asker("/app/echo").twice(1)
    assert run(built) == (1, 1)
    assert repr(built) == "Asker.twice(Asker('/app/echo'), 1)"
    assert pickle.loads(pickle.dumps(built)) == built


def test_a_program_is_pickled_by_the_name_of_its_function() -> None:
    built = pickle.loads(pickle.dumps(asked("a", path="/app/b")))
    assert built == asked("a", path="/app/b")
    assert run(built) == ["a"]
    assert run(pickle.loads(pickle.dumps(asked("a", "b").map(len)))) == 2


def test_a_program_has_the_name_and_the_text_of_its_function() -> None:
    assert added.__name__ == "added"
    assert within.__module__ == "tests.free.programs"


@program
def sum_up_to(n: int) -> Binding[int]:
    if n == 0:
        return 0
    below = yield from sum_up_to(n - 1)
    return below + n


def test_programs_recurse_10_000_deep() -> None:
    assert run(sum_up_to(10_000)) == 10_000 * 10_001 // 2


@program
def down_to_an_error(n: int) -> Binding[int]:
    if n == 0:
        yield from fails(KeyError("k"))
    below = yield from down_to_an_error(n - 1)
    return below + n


def test_an_error_comes_up_from_programs_10_000_deep() -> None:
    result = run(attempt(down_to_an_error(10_000)))
    assert isinstance(result.failure(), KeyError)
    assert result.failure().__notes__ == [
        "in program at steps[0].attempt.steps[0]: ask('/app/echo', KeyError('k'))"
    ]


def test_a_program_of_10_000_steps_is_a_loop() -> None:
    @program
    def count(times: int) -> Binding[int]:
        total = 0
        for _ in range(times):
            total += yield from ask("/app/echo", 1)
        return total

    assert run(count(10_000)) == 10_000


# -------------------------------------------------------------------------------------- errors


def test_an_error_is_raised_where_its_program_was_yielded() -> None:
    @program
    def careful() -> Binding[Any]:
        try:
            yield from fails(KeyError("k"))
        except KeyError as error:
            reply = yield from ask("/app/echo", repr(error))
            return reply
        finally:
            yield from tell("/app/log", "done")

    says = Says(echo)
    assert run_pure(fold_map(careful(), says)) == "KeyError('k')"
    assert [type(op) for op in says.asked] == [Ask, Ask, Tell]


def test_an_error_of_a_function_within_is_raised_there_too() -> None:
    @program
    def careful() -> Binding[str]:
        try:
            yield from Pure(0).map(lambda n: 1 // n)
        except ZeroDivisionError:
            return "none"
        return "some"

    assert run(careful()) == "none"


def test_an_error_that_is_not_handled_is_that_of_the_program() -> None:
    error = KeyError("k")

    @program
    def careless() -> Binding[None]:
        try:
            yield from fails(error)
        except ValueError:
            raise AssertionError from None

    for built in (careless(), within(careless()), within(within(careless()))):
        error.__notes__ = []
        with pytest.raises(KeyError) as caught:
            run(built)
        assert caught.value is error
        assert error.__notes__ == ["in program at steps[0]: ask('/app/echo', KeyError('k'))"]
    assert run(attempt(careless())) == Failure(error)


def test_an_error_in_place_of_another_is_that_of_the_program() -> None:
    @program
    def worse() -> Binding[None]:
        try:
            yield from fails(KeyError("k"))
        finally:
            raise ValueError("v")

    with pytest.raises(ValueError, match="v") as caught:
        run(worse())
    assert isinstance(caught.value.__context__, KeyError)
    assert caught.value.__notes__ == ["in program after steps[0], in worse"]


def test_an_error_of_the_generator_itself_says_where() -> None:
    @program
    def raising(first: bool) -> Binding[None]:
        if not first:
            yield from sleep(1)
        raise ValueError("v")

    for first, where in ((True, "before"), (False, "after")):
        with pytest.raises(ValueError, match="v") as caught:
            run(raising(first))
        assert caught.value.__notes__ == [f"in program {where} steps[0], in raising"]


def test_a_stop_iteration_in_a_generator_is_a_runtime_error() -> None:
    @program
    def stops() -> Binding[None]:
        yield from sleep(1)
        raise StopIteration(3)

    with pytest.raises(RuntimeError, match="generator raised StopIteration"):
        run(stops())


def test_an_error_may_be_raised_in_a_loop_and_handled_each_time() -> None:
    @program
    def retried(times: int) -> Binding[int]:
        for attempted in range(times):
            try:
                yield from fails(KeyError(attempted))
            except KeyError:
                continue
        return times

    assert run(retried(1000)) == 1000


@pytest.mark.parametrize(
    ("junk", "text"),
    [
        (3, r"3 \(int\)$"),
        (None, r"None \(NoneType\)$"),
        (Ask("/app/a", 1), r"an operation becomes a program by Suspend$"),
        (added, r"call it, if it makes a program$"),
        ((each for each in "ab"), r"decorated by @program$"),
    ],
    ids=lambda each: type(each).__name__,
)
def test_what_is_yielded_is_a_program(junk: Any, text: str) -> None:
    closed: list[int] = []

    @program
    def wrong() -> Binding[None]:
        try:
            yield from sleep(1)
            yield junk
        finally:
            closed.append(1)

    with pytest.raises(
        TypeError, match=rf"(?m)^wrong: a program yields programs \(Free\), got .*{text}"
    ):
        run(wrong())
    assert closed == [1]


def test_a_coroutine_that_is_yielded_is_closed() -> None:
    async def wait() -> None: ...

    @program
    def wrong() -> Binding[None]:
        yield wait()  # type: ignore[misc]  # that is the question

    with pytest.raises(TypeError, match="what is async an actor does"):
        run(wrong())


def test_a_generator_goes_on_from_one_place_only_once() -> None:
    started: Any = added(1, 2)
    first: Any = started.continuation(None)
    first.continuation(1)
    with pytest.raises(RuntimeError, match=r"^added: a generator can go on from here only once"):
        first.continuation(1)


# ------------------------------------------------------------------------ the end from without


class Waits(Says):
    @override
    async def perform(self, op: Any) -> Any:
        await super().perform(op)
        await asyncio.sleep(0)


def suspended(built: AnyProgram) -> Coroutine[Any, Any, Any]:
    """The fold of a program, where it waits for its first operation."""
    folded = fold_map(built, Waits())
    folded.send(None)
    return folded


def test_closing_the_fold_runs_the_finally_clauses() -> None:
    ended: list[str] = []

    @program
    def noted(name: str, inner: AnyProgram) -> Binding[None]:
        try:
            yield from inner
        except Exception:
            ended.append("never")
        finally:
            ended.append(name)

    suspended(noted("outer", attempt(noted("inner", sleep(1))))).close()
    assert ended == ["inner", "outer"]


def test_closing_the_fold_of_programs_10_000_deep() -> None:
    ended = 0

    @program
    def deep(n: int) -> Binding[None]:
        nonlocal ended
        try:
            yield from deep(n - 1) if n else sleep(1)
        finally:
            ended += 1

    suspended(deep(10_000)).close()
    assert ended == 10_001


def test_a_fold_that_is_forgotten_runs_the_finally_clauses() -> None:
    ended: list[int] = []

    @program
    def noted() -> Binding[None]:
        try:
            yield from sleep(1)
        finally:
            ended.append(1)

    folded = suspended(noted())
    del folded
    assert ended == [1]


def test_a_program_that_yields_while_its_fold_is_closed_is_an_error() -> None:
    """As for any generator: what is being closed cannot wait."""

    @program
    def stubborn() -> Binding[None]:
        try:
            yield from sleep(1)
        finally:
            yield from sleep(1)

    with pytest.raises(RuntimeError, match="generator ignored GeneratorExit"):
        suspended(stubborn()).close()


def test_a_fold_that_is_closed_does_not_go_on() -> None:
    """Whatever a program does meanwhile: no attempt deals with it."""
    ended: list[str] = []

    @program
    def noted(name: str, inner: AnyProgram) -> Binding[None]:
        try:
            yield from inner
        finally:
            ended.append(name)
            yield from sleep(1)
            ended.append("never")

    built = noted(
        "outer", attempt(noted("inner", sleep(1))).map(lambda result: ended.append("never"))
    )
    with pytest.raises(RuntimeError, match="generator ignored GeneratorExit"):
        suspended(attempt(built).map(lambda result: ended.append("never"))).close()
    assert ended == ["inner", "outer"]


@on_virtual_time
async def test_a_cancelled_program_performs_the_operations_of_its_finally_clauses() -> None:
    said: list[str] = []

    class Log(Actor[str, None]):
        @override
        async def on_receive(self, message: str) -> None:
            said.append(message)

    @program
    def cleaning() -> Binding[None]:
        try:
            yield from tell("/app/log", "begun")
            yield from sleep(10)
            yield from tell("/app/log", "never")
        finally:
            yield from sleep(1)
            yield from ask("/app/log", "cleaned")

    async with ActorSystem("app") as system:
        await system.spawn(Log, "log")
        for built in (
            cleaning(),
            attempt(cleaning()),
            par(cleaning(), sleep(20)),
            within(cleaning()),
        ):
            said.clear()
            task = asyncio.create_task(
                system.run_free(built.map(repr).then(tell("/app/log", "no")))
            )
            await asyncio.sleep(5)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert said == ["begun", "cleaned"]
            assert task.cancelled()


@on_virtual_time
async def test_an_error_while_a_program_is_cancelled_is_not_recovered_from() -> None:
    @program
    def failing() -> Binding[None]:
        try:
            yield from sleep(10)
        finally:
            raise ValueError("v")

    async with ActorSystem("app") as system:
        task = asyncio.create_task(system.run_free(attempt(failing())))
        await asyncio.sleep(5)
        task.cancel()
        with pytest.raises(ValueError, match="v"):
            await task


@on_virtual_time
async def test_a_program_runs_twice_at_the_same_time() -> None:
    @program
    def naps(seconds: int) -> Binding[int]:
        for _ in range(seconds):
            yield from sleep(1)
        return seconds

    async with ActorSystem("app") as system:
        built = naps(3)
        before = asyncio.get_running_loop().time()
        assert await system.run_free(par(built, built, naps(2))) == (3, 3, 2)
        both = await asyncio.gather(system.run_free(built), system.run_free(built))
        assert tuple(both) == (3, 3)
        assert asyncio.get_running_loop().time() - before == pytest.approx(6)


def test_a_program_may_be_run_by_an_interpreter_of_ones_own() -> None:
    says: Callable[[Any], Any] = lambda op: 20  # noqa: E731  # a lambda is short
    assert run(added(1, 2), says) == 40
    assert run(attempt(added(1, 2)), lambda op: ValueError("v")).failure().args == ("v",)
    assert run(attempt(added(1, 2))) == Success(3)
