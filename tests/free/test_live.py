"""Programs on the actors of a system: operations, errors, programs at the same time, the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import Any, override

import pytest
from returns.result import Failure, Success

from everything_is_an_actor import (
    Actor,
    ActorNotFoundError,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    AskCycleError,
    AskTimeoutError,
    NameInUseError,
)
from everything_is_an_actor.agents import Task
from everything_is_an_actor.free import (
    ActorOp,
    Free,
    Par,
    Pure,
    Sleep,
    Step,
    ask,
    attempt,
    get_ref,
    par,
    program,
    run_live,
    sleep,
    spawn,
    stop,
    tell,
)
from everything_is_an_actor.testing import on_virtual_time, run
from tests.free.programs import AnyProgram, Echo, nested, shout


class Log(Actor[str, list[str]]):
    """Notes each message with the time; answers with all that it has noted."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @override
    async def on_receive(self, message: str) -> list[str]:
        if message:
            self.said.append(f"{now():g} {message}")
        return list(self.said)


class Slow(Actor[float, float]):
    """Takes as many seconds as it is sent."""

    @override
    async def on_receive(self, message: float) -> float:
        await asyncio.sleep(message)
        return message


class Runs(Actor[Callable[[], AnyProgram], Any]):
    """Runs the programs that it is sent."""

    @override
    async def on_receive(self, message: Callable[[], AnyProgram]) -> Any:
        return await self.context.system.run_free(message())


def now() -> float:
    return asyncio.get_running_loop().time()


def notes(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


def fails(error: BaseException) -> Free[ActorOp, Any]:
    """The program of which a function raises this error."""

    def raising(value: object) -> Any:
        raise error

    return sleep(0).map(raising)


def only_this_task_is_left() -> bool:
    return asyncio.all_tasks() == {asyncio.current_task()}


async def failure(running: Awaitable[Any]) -> BaseException:
    with pytest.raises(BaseException) as caught:  # noqa: PT011  # whatever it is
        await running
    return caught.value


# ---------------------------------------------------------------------------------- operations


async def test_every_operation_by_ref_and_by_path() -> None:
    async with ActorSystem("app") as system:
        echo = await system.spawn(Echo, "echo")
        for target in (echo, "/app/echo"):
            assert await system.run_free(ask(target, 1)) == 1
            assert await system.run_free(ask(target, 1, timeout=None)) == 1
            assert await system.run_free(tell(target, 1)) is None  # type: ignore[func-returns-value]  # that is the question
            assert await system.run_free(get_ref("/app/echo")) == echo
        await system.run_free(echo.free_stop())
        assert not echo.is_alive
        await system.spawn(Echo, "echo")
        await system.run_free(stop("/app/echo"))
        assert system.children == ()
        assert await system.run_free(Pure(1)) == 1


async def test_the_methods_of_a_ref_are_the_operations_on_it() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")
        program = log.free_tell("a").then(log.free_tell("b")).then(log.free_ask("c"))
        assert [each.split()[-1] for each in await system.run_free(program)] == ["a", "b", "c"]


async def test_a_path_is_looked_up_when_it_is_its_turn() -> None:
    """The program was built before there was any actor, or any system."""
    program = spawn(Echo, "echo").then(ask("/app/echo", 1)).flat_map(Pure)
    late = ask("/app/late", 2)
    async with ActorSystem("app") as system:
        assert await system.run_free(program) == 1
        assert isinstance(await failure(system.run_free(late)), ActorNotFoundError)
        await system.spawn(Echo, "late")
        assert await system.run_free(late) == 2


async def lines(text: str) -> AsyncIterator[str]:
    for line in text.split():
        yield line


async def test_spawn_starts_what_the_system_can_start() -> None:
    async with ActorSystem("app") as system:
        log = await system.run_free(spawn(Log, "log"))
        assert log == system.get_actor("/app/log")
        shouting = spawn(shout, "shout").flat_map(lambda agent: agent.free_ask(Task("a")))
        assert (await system.run_free(shouting)).get_or_raise() == "A"
        lining = spawn(lines, "lines").flat_map(lambda agent: agent.free_ask(Task("a b")))
        assert (await system.run_free(lining)).get_or_raise() == ["a", "b"]


async def test_spawn_passes_its_options_on() -> None:
    class Named(Actor[str, str]):
        def __init__(self, name: str, *, mark: str = "") -> None:
            self.text = name + mark

        @override
        async def on_receive(self, message: str) -> str:
            return self.text + message

    program = spawn(Named, "named", args=("a",), kwargs={"mark": "b"}, mailbox_size=1)
    async with ActorSystem("app") as system:
        named = await system.run_free(program)
        assert await named.ask("c") == "abc"
        assert isinstance(
            await failure(system.run_free(spawn(Echo, "echo", dispatcher="none"))), LookupError
        )


@on_virtual_time
async def test_sleep_lets_time_pass() -> None:
    async with ActorSystem("app") as system:
        await system.run_free(sleep(3).then(sleep(0)).then(sleep(0.5)))
        assert now() == pytest.approx(3.5)


@on_virtual_time
async def test_stop_waits_for_the_end() -> None:
    class Lingers(Echo):
        @override
        async def on_stopped(self) -> None:
            await asyncio.sleep(2)

    async with ActorSystem("app") as system:
        await system.run_free(spawn(Lingers, "lingers").flat_map(stop))
        assert now() == pytest.approx(2)
        await system.run_free(spawn(Lingers, "lingers").flat_map(stop))  # the name is free


async def test_a_stopped_system_has_no_actors() -> None:
    async with ActorSystem("app") as system:
        pass
    assert await system.run_free(Pure(1)) == 1
    assert isinstance(await failure(system.run_free(spawn(Echo, "echo"))), ActorStoppedError)
    assert isinstance(await failure(system.run_free(ask("/app/echo", 1))), ActorNotFoundError)


async def test_run_live_is_run_free() -> None:
    async with ActorSystem("app") as system:
        program = spawn(Echo, "echo").then(ask("/app/echo", 1))
        trace: list[Step] = []
        assert await run_live(program, system, trace=trace) == 1
        assert [step.outcome for step in trace][1:] == [Success(1)]


# -------------------------------------------------------------------------------------- errors


@on_virtual_time
async def test_an_error_keeps_its_type_and_gains_the_step() -> None:
    async with ActorSystem("app") as system:
        echo = await system.spawn(Echo, "echo")
        await system.spawn(Slow, "slow")
        gone = await system.spawn(Echo, "gone")
        await gone.stop()
        for operation, error, text in (
            (ask("/app/echo", KeyError("k")), KeyError, "ask('/app/echo', KeyError('k'))"),
            (echo.free_ask(KeyError("k")), KeyError, "ask(ActorRef(/app/echo), KeyError('k'))"),
            (ask("/app/slow", 9, timeout=1), AskTimeoutError, "ask('/app/slow', 9, timeout=1)"),
            (gone.free_ask(1), ActorStoppedError, "ask(ActorRef(/app/gone), 1)"),
            (ask("/app/gone", 1), ActorNotFoundError, "ask('/app/gone', 1)"),
            (tell("/app/gone", 1), ActorNotFoundError, "tell('/app/gone', 1)"),
            (stop("/app/gone"), ActorNotFoundError, "stop('/app/gone')"),
            (get_ref("/app/gone"), ActorNotFoundError, "get_ref('/app/gone')"),
            (spawn(Echo, "slow"), NameInUseError, "spawn(Echo, 'slow')"),
        ):
            raised = await failure(system.run_free(sleep(0).then(operation)))
            assert type(raised) is error
            assert notes(raised)[-1] == f"in program at steps[1]: {text}"
            assert isinstance(await system.run_free(attempt(operation)), Failure)


async def test_a_message_to_a_stopped_actor_is_a_dead_letter() -> None:
    async with ActorSystem("app") as system:
        echo = await system.spawn(Echo, "echo")
        await system.run_free(echo.free_stop().then(echo.free_tell(1)))
        assert [letter.message for letter in system.dead_letters] == [1]


def test_a_system_of_another_loop_is_an_error_of_the_program() -> None:
    system = ActorSystem("app")

    async def first() -> None:
        async with system:
            await system.run_free(spawn(Echo, "echo"))

    async def then() -> BaseException:
        return await failure(system.run_free(par(sleep(0), sleep(0))))

    asyncio.run(first())
    assert "belongs to another event loop" in str(asyncio.run(then()))


# ------------------------------------------------------------------------ at the same time


@on_virtual_time
async def test_the_programs_of_a_par_run_at_the_same_time_and_keep_their_order() -> None:
    async with ActorSystem("app") as system:
        for i in range(3):
            await system.spawn(Slow, f"slow{i}")
        program = par(*(ask(f"/app/slow{i}", 3.0 - i) for i in range(3)))
        assert await system.run_free(program) == (3.0, 2.0, 1.0)
        assert now() == pytest.approx(3)


@on_virtual_time
async def test_the_first_error_in_time_wins() -> None:
    async with ActorSystem("app") as system:
        first, then = KeyError("first"), KeyError("then")
        program = par(sleep(3).then(fails(then)), sleep(1).then(fails(first)), sleep(9))
        assert await failure(system.run_free(program)) is first
        assert now() == pytest.approx(1)
        assert notes(first) == ["in program after steps[0].par[1].steps[1], in raising"]
        assert notes(then) == []


@on_virtual_time
async def test_ties_count_from_the_left() -> None:
    async with ActorSystem("app") as system:
        left, right = KeyError("left"), KeyError("right")
        for delay in (0, 1):
            program = par(sleep(delay).then(fails(left)), sleep(delay).then(fails(right)))
            assert await failure(system.run_free(program)) is left
            other = par(sleep(2), sleep(delay).then(fails(right)), sleep(delay).then(fails(left)))
            assert await failure(system.run_free(other)) is right


@program
def finalised(seconds: float, cleanup: float, name: str) -> Generator[Free[ActorOp, Any], Any, str]:
    try:
        yield from sleep(seconds)
    finally:
        yield from sleep(cleanup)
        yield from tell("/app/log", name)
    return name


@on_virtual_time
async def test_the_others_are_cancelled_and_awaited_when_one_fails() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")
        program = par(
            finalised(9, 2, "a"), par(finalised(9, 3, "b")), sleep(1).then(fails(KeyError()))
        )
        assert isinstance(await failure(system.run_free(program)), KeyError)
        assert now() == pytest.approx(4)
        assert await log.ask("") == ["3 a", "4 b"]


@on_virtual_time
async def test_an_attempt_goes_on_only_when_the_branches_have_ended() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Log, "log")
        program = attempt(par(finalised(9, 2, "a"), sleep(1).then(fails(KeyError()))))
        assert await system.run_free(program.then(ask("/app/log", "then"))) == ["3 a", "3 then"]


@on_virtual_time
async def test_what_is_raised_by_a_branch_that_is_cancelled_is_noted() -> None:
    @program
    def failing() -> Generator[Free[ActorOp, Any], Any, None]:
        try:
            yield from sleep(9)
        finally:
            raise ValueError("late")

    async with ActorSystem("app") as system:
        error = await failure(system.run_free(par(failing(), sleep(1).then(fails(KeyError("k"))))))
        assert isinstance(error, KeyError)
        assert any("late" in note and note.startswith("while it was") for note in notes(error))


@on_virtual_time
async def test_cancelling_the_run_cancels_everything_below_and_waits() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")
        program = attempt(
            par(finalised(9, 2, "a"), attempt(par(finalised(9, 3, "b"), finalised(9, 1, "c"))))
        )
        task = asyncio.create_task(system.run_free(program.then(tell("/app/log", "never"))))
        await asyncio.sleep(5)
        task.cancel()
        assert isinstance(await failure(task), asyncio.CancelledError)
        assert now() == pytest.approx(8)
        assert await log.ask("") == ["6 c", "7 a", "8 b"]
        assert only_this_task_is_left()


@on_virtual_time
async def test_a_timeout_around_the_run_is_a_timeout() -> None:
    async with ActorSystem("app") as system:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await system.run_free(attempt(par(sleep(9), attempt(sleep(9)))))
        assert now() == pytest.approx(1)


@pytest.mark.parametrize("error", [KeyboardInterrupt("k"), SystemExit(3), MemoryError("m")])
@pytest.mark.parametrize("seconds", [0, 1])
def test_what_ends_the_process_goes_through_and_leaves_nothing(
    error: BaseException, seconds: float
) -> None:
    said: list[list[str]] = []

    async def main() -> BaseException:
        async with ActorSystem("app") as system:
            log = await system.spawn(Log, "log")
            branches = par(finalised(9, 1, "a"), par(sleep(seconds).then(fails(error))))
            raised = await failure(system.run_free(attempt(par(branches, finalised(9, 2, "b")))))
            said.append(await log.ask(""))
            return raised

    assert run(main()) is error
    assert said == [[f"{seconds + 1} a", f"{seconds + 3} b"]]


@on_virtual_time
async def test_par_of_none_of_one_and_of_10_000() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Echo, "echo")
        assert await system.run_free(par()) == ()
        assert await system.run_free(par(ask("/app/echo", 1))) == (1,)
        asked = [ask("/app/echo", i, timeout=None) for i in range(10_000)]
        assert await system.run_free(par(asked)) == tuple(range(10_000))
        napping = par([sleep(1)] * 10_000)
        assert await system.run_free(napping) == (None,) * 10_000
        assert now() == pytest.approx(1)


@on_virtual_time
async def test_an_error_among_10_000() -> None:
    async with ActorSystem("app") as system:
        error = KeyError("k")
        branches: list[AnyProgram] = [sleep(2)] * 10_000
        branches[5_000] = sleep(1).then(fails(error))
        assert await failure(system.run_free(par(branches))) is error
        assert only_this_task_is_left()


@on_virtual_time
async def test_a_par_can_be_cancelled_while_it_starts() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")
        branches = [finalised(9, 1, "a"), *[sleep(9)] * 10_000]
        trace: list[Step] = []
        task = asyncio.create_task(system.run_free(attempt(par(branches)), trace=trace))
        await asyncio.sleep(0)
        task.cancel()
        assert isinstance(await failure(task), asyncio.CancelledError)
        assert await log.ask("") == ["1 a"]
        assert only_this_task_is_left()
        ((both,),) = trace[0].within
        assert len([steps for steps in both.within if steps]) < 10_000  # the others never began


@on_virtual_time
async def test_a_branch_that_cancels_the_run_is_cancelled_as_well() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")

        def cancel(value: object) -> None:
            task.cancel()

        for delay in (0, 1):
            branches = (finalised(9, 1, "a"), sleep(delay).map(cancel).then(finalised(9, 2, "b")))
            task = asyncio.create_task(system.run_free(attempt(par(*branches))))
            assert isinstance(await failure(task), asyncio.CancelledError)
            assert only_this_task_is_left()
        assert [said.split()[1] for said in await log.ask("")] == ["a", "b", "a", "b"]


DEEP = nested(lambda p: par(p))


@on_virtual_time
async def test_par_within_par_10_000_deep() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Echo, "echo")
        value: Any = await system.run_free(DEEP(10_000, ask("/app/echo", "core")))
        for _ in range(10_000):
            (value,) = value
        assert value == "core"


@on_virtual_time
async def test_an_error_from_par_within_par_10_000_deep() -> None:
    async with ActorSystem("app") as system:
        error = KeyError("k")
        assert await failure(system.run_free(DEEP(10_000, sleep(1).then(fails(error))))) is error
        assert len(notes(error)) == 1
        assert only_this_task_is_left()


@on_virtual_time
async def test_cancelling_par_within_par_10_000_deep() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")
        task = asyncio.create_task(system.run_free(DEEP(10_000, finalised(9, 1, "a"))))
        await asyncio.sleep(2)
        task.cancel()
        assert isinstance(await failure(task), asyncio.CancelledError)
        assert await log.ask("") == ["3 a"]
        assert only_this_task_is_left()


@on_virtual_time
async def test_the_loop_gets_its_turn_while_a_long_pure_program_runs() -> None:
    turns: list[float] = []

    def count(left: int) -> Free[Any, int]:
        return Pure(left) if left == 0 else Pure(left - 1).flat_map(count)

    async def beside() -> None:
        while True:
            turns.append(now())
            await asyncio.sleep(0)

    async with ActorSystem("app") as system:
        task = asyncio.create_task(beside())
        await system.run_free(Pure(100_000).flat_map(count))
        assert len(turns) >= 50
        task.cancel()
        await asyncio.wait([task])


@on_virtual_time
async def test_a_long_program_can_be_cancelled() -> None:
    def forever(n: int) -> Free[Any, int]:
        return Pure(n + 1).flat_map(forever)

    async with ActorSystem("app") as system:
        task = asyncio.create_task(system.run_free(attempt(forever(0))))
        await asyncio.sleep(0)
        task.cancel()
        assert isinstance(await failure(task), asyncio.CancelledError)


@on_virtual_time
async def test_a_program_runs_twice_and_at_the_same_time() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Echo, "echo")
        program = sleep(1).then(par(ask("/app/echo", 1), sleep(1).then(ask("/app/echo", 2))))
        assert await system.run_free(program) == (1, 2)
        assert await system.run_free(par(program, program)) == ((1, 2), (1, 2))
        both = await asyncio.gather(system.run_free(program), system.run_free(program))
        assert tuple(both) == ((1, 2), (1, 2))
        assert now() == pytest.approx(6)


# --------------------------------------------------------------------------------------- trace


@on_virtual_time
async def test_the_trace_of_a_cancelled_program_is_what_it_has_done() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Echo, "echo")
        trace: list[Step] = []
        program = ask("/app/echo", 1).then(par(sleep(1), sleep(9)).then(ask("/app/echo", 2)))
        task = asyncio.create_task(system.run_free(program, trace=trace))
        await asyncio.sleep(5)
        task.cancel()
        await failure(task)
        asked, both = trace
        assert asked.outcome == Success(1)
        assert isinstance(both.op, Par)
        assert isinstance(both.outcome.failure(), asyncio.CancelledError)
        (slept,), (cancelled,) = both.within
        assert slept == Step(Sleep(1), Success(None))
        assert cancelled.op == Sleep(9)
        assert isinstance(cancelled.outcome.failure(), asyncio.CancelledError)


@on_virtual_time
async def test_the_branches_of_a_par_are_traced_each_by_itself() -> None:
    async with ActorSystem("app") as system:
        trace: list[Step] = []
        a, b = sleep(2).then(sleep(2)), sleep(1).then(sleep(1))
        await system.run_free(par(a, b), trace=trace)
        (both,) = trace
        assert both.outcome == Success((None, None))
        assert both.within == (
            (Step(Sleep(2), Success(None)),) * 2,
            (Step(Sleep(1), Success(None)),) * 2,
        )


# ------------------------------------------------------------------------------- within actors


@on_virtual_time
async def test_an_actor_runs_programs_on_its_system() -> None:
    async with ActorSystem("app") as system:
        await system.spawn(Echo, "echo")
        runs = await system.spawn(Runs, "runs")
        assert await runs.ask(lambda: par(ask("/app/echo", 1), ask("/app/echo", 2))) == (1, 2)
        error = await failure(runs.ask(lambda: ask("/app/nobody", 1)))
        assert isinstance(error, ActorNotFoundError)
        assert notes(error) == ["in program at steps[0]: ask('/app/nobody', 1)"]


@pytest.mark.parametrize(
    "around",
    [lambda p: p, lambda p: par(sleep(0), p), lambda p: par(par(sleep(1).then(p)))],
    ids=["as it is", "in a par", "later, in a par within a par"],
)
def test_a_cycle_of_asks_is_found(around: Callable[[AnyProgram], AnyProgram]) -> None:
    async def main() -> None:
        async with ActorSystem("app") as system:
            a, b = [await system.spawn(Runs, name) for name in "ab"]
            back = around(ask("/app/a", lambda: Pure(1), timeout=None))
            there = around(b.free_ask(lambda: back, timeout=None))
            error = await failure(a.ask(lambda: there, timeout=None))
            assert isinstance(error, AskCycleError)
            assert isinstance(
                await failure(a.ask(lambda: around(ask("/app/a", lambda: Pure(1))))), AskCycleError
            )

    run(main())


@on_virtual_time
async def test_an_actor_that_is_interrupted_leaves_nothing_of_its_program() -> None:
    async with ActorSystem("app") as system:
        log = await system.spawn(Log, "log")
        runs = await system.spawn(Runs, "runs")
        asking = asyncio.create_task(
            runs.ask(lambda: attempt(par(finalised(9, 1, "a"), sleep(20))), timeout=None)
        )
        await asyncio.sleep(2)
        await runs.interrupt()
        assert await log.ask("") == ["3 a"]
        assert isinstance(await failure(asking), ActorStoppedError)


@on_virtual_time
async def test_a_program_that_is_run_to_clean_up_recovers_from_errors() -> None:
    """It is not this program that is being cancelled."""
    results: list[Any] = []

    async def main(system: ActorSystem) -> None:
        try:
            await asyncio.sleep(9)
        finally:
            results.append(await system.run_free(attempt(ask("/app/nobody", 1))))

    async with ActorSystem("app") as system:
        task = asyncio.create_task(main(system))
        await asyncio.sleep(1)
        task.cancel()
        await failure(task)
        (result,) = results
        assert isinstance(result.failure(), ActorNotFoundError)


async def test_a_ref_goes_through_a_program() -> None:
    def greet(echo: ActorRef[Any, Any]) -> Free[ActorOp, Any]:
        return echo.free_ask("Ada")

    async with ActorSystem("app") as system:
        assert await system.run_free(spawn(Echo, "echo").flat_map(greet)) == "Ada"
        assert await system.run_free(get_ref("/app/echo").flat_map(greet)) == "Ada"
        assert await system.run_free(Pure(1).flat_map(system.get_actor("/app/echo").free_ask)) == 1
