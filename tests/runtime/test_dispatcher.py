"""Blocking code runs in threads, and whoever called it goes on only when it has ended."""

import asyncio
import gc
import logging
import threading
import time
import weakref
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import CancelledError as PoolCancelledError
from contextvars import ContextVar
from typing import Any, override

import pytest

from everything_is_an_actor import Actor, ActorStoppedError, ActorSystem
from everything_is_an_actor.runtime.dispatcher import THREADS, PoolDispatcher
from everything_is_an_actor.testing import DeadlockError, run
from tests.runtime.actors import turns

LONG = 10  # seconds: what takes so long hangs


@pytest.fixture(params=[1, 2], ids=["one_thread", "two_threads"])
async def dispatcher(request: pytest.FixtureRequest) -> AsyncGenerator[PoolDispatcher]:
    dispatcher = PoolDispatcher(request.param)
    yield dispatcher
    dispatcher.close()
    assert threads() == set()


def threads() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name.startswith(THREADS)}


class Work:
    """Blocks in a thread until the test lets it go on; says that it has begun, and has ended."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.opened = threading.Event()
        self.has_ended = False

    def __call__(self, result: Any = None) -> Any:
        self.begun.set()
        assert self.opened.wait(LONG)
        self.has_ended = True
        if isinstance(result, BaseException):
            raise result
        return result

    async def has_begun(self) -> None:
        assert await asyncio.to_thread(self.begun.wait, LONG)


async def occupy(dispatcher: PoolDispatcher) -> tuple[Work, list[asyncio.Task[Any]]]:
    """Give every thread of the pool something to do."""
    work = Work()
    every = threading.Barrier(dispatcher.pool_size + 1)

    def busy() -> None:
        every.wait(LONG)
        work()

    tasks = [asyncio.create_task(dispatcher.dispatch(busy)) for _ in range(dispatcher.pool_size)]
    await asyncio.to_thread(every.wait, LONG)
    return work, tasks


def raising(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


# ------------------------------------------------------------------------------ there and back


async def test_a_call_runs_in_a_thread_and_its_result_comes_back_to_the_loop(
    dispatcher: PoolDispatcher,
) -> None:
    name = await dispatcher.dispatch(lambda: threading.current_thread().name)
    assert name.startswith(THREADS)
    assert threading.current_thread() is threading.main_thread()


async def test_the_arguments_are_handed_on(dispatcher: PoolDispatcher) -> None:
    assert await dispatcher.dispatch(divmod, 17, 5) == (3, 2)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no"),
        PoolCancelledError("of the pool"),
        TimeoutError(),
        asyncio.CancelledError("by itself"),
        KeyboardInterrupt(),
        SystemExit(3),
    ],
    ids=repr,
)
async def test_the_very_exception_reaches_the_caller(
    dispatcher: PoolDispatcher, error: BaseException
) -> None:
    caught: BaseException | None = None
    try:
        await dispatcher.dispatch(raising(error))
    except BaseException as raised:
        caught = raised
    assert caught is error
    assert await dispatcher.dispatch(len, "the pool works on") == 17


async def test_a_stop_iteration_arrives_as_from_every_coroutine(dispatcher: PoolDispatcher) -> None:
    error = StopIteration("the end")
    with pytest.raises(RuntimeError, match="StopIteration") as caught:
        await dispatcher.dispatch(raising(error))
    assert caught.value.__cause__ is error


async def test_a_call_runs_in_a_copy_of_its_callers_context(dispatcher: PoolDispatcher) -> None:
    variable = ContextVar("variable", default="nothing")
    variable.set("the caller's")

    def look_and_change() -> str:
        seen = variable.get()
        variable.set("the thread's")
        return seen

    assert await dispatcher.dispatch(look_and_change) == "the caller's"
    assert variable.get() == "the caller's"
    assert await dispatcher.dispatch(variable.get) == "the caller's"


async def test_the_loop_runs_on_beside_a_call(dispatcher: PoolDispatcher) -> None:
    work = Work()
    call = asyncio.create_task(dispatcher.dispatch(work, "done"))
    await work.has_begun()
    await turns(100)
    assert not call.done()
    work.opened.set()
    assert await call == "done"


async def test_what_is_not_a_function_is_refused(dispatcher: PoolDispatcher) -> None:
    with pytest.raises(TypeError, match=r"dispatch: fn must be a function, got 'text' \(str\)"):
        await dispatcher.dispatch("text")  # type: ignore[arg-type]  # the mistake that is tested


async def test_an_async_function_is_refused(dispatcher: PoolDispatcher) -> None:
    async def nap() -> None: ...

    with pytest.raises(
        TypeError, match=r"dispatch: nap is async, but .* await it on the event loop"
    ):
        _ = await dispatcher.dispatch(nap)


# ----------------------------------------------------------------------------------- the pool


async def test_at_most_pool_size_calls_run_at_once_first_come_first_served() -> None:
    dispatcher = PoolDispatcher(3)
    lock, running, most, order = threading.Lock(), 0, 0, list[int]()
    together = threading.Barrier(3)  # three do run at once

    def work(number: int) -> None:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
            order.append(number)
        together.wait(LONG)
        with lock:
            running -= 1

    await asyncio.gather(*(dispatcher.dispatch(work, number) for number in range(30)))
    assert most == 3
    assert [sorted(order[i : i + 3]) for i in range(0, 30, 3)] == [
        list(range(i, i + 3)) for i in range(0, 30, 3)
    ]
    assert len(threads()) == 3
    dispatcher.close()


async def test_one_thread_keeps_the_order() -> None:
    dispatcher = PoolDispatcher(1)
    order: list[int] = []
    await asyncio.gather(*(dispatcher.dispatch(order.append, number) for number in range(100)))
    assert order == list(range(100))
    dispatcher.close()


async def test_there_is_no_thread_before_the_first_call(dispatcher: PoolDispatcher) -> None:
    assert threads() == set()
    await dispatcher.dispatch(time.monotonic)
    assert len(threads()) == 1


@pytest.mark.parametrize("size", [0, -1])
def test_a_pool_has_at_least_one_thread(size: int) -> None:
    with pytest.raises(ValueError, match=rf"pool_size must be at least 1, got {size}"):
        PoolDispatcher(size)


@pytest.mark.parametrize("size", [2.0, True, "2"])
def test_the_size_of_a_pool_is_a_number(size: Any) -> None:
    with pytest.raises(TypeError, match="pool_size must be an int"):
        PoolDispatcher(size)


def test_the_default_size_follows_the_machine() -> None:
    assert 5 <= PoolDispatcher().pool_size <= 32
    assert repr(PoolDispatcher(3)) == "PoolDispatcher(pool_size=3)"


async def test_ten_thousand_calls_leave_memory_and_threads_where_they_were() -> None:
    dispatcher = PoolDispatcher(2)

    async def many(count: int) -> int:
        for _ in range(count // 50):
            results = await asyncio.gather(
                *(dispatcher.dispatch(int, "x" if n % 5 == 0 else "1") for n in range(50)),
                return_exceptions=True,
            )
            assert sum(result == 1 for result in results) == 40
            call = asyncio.create_task(dispatcher.dispatch(int, "1"))
            await asyncio.sleep(0)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
        del results, call
        gc.collect()
        return len(gc.get_objects())

    before = await many(500)
    after = await many(10_000)
    assert after - before < 200
    assert len(threads()) == 2
    dispatcher.close()


async def test_a_call_leaves_no_cycle_behind(dispatcher: PoolDispatcher) -> None:
    class Failure(Exception):
        pass

    def fail() -> None:
        raise Failure

    gc.collect()
    gc.disable()
    try:
        try:
            await dispatcher.dispatch(fail)
        except Failure as error:
            gone = weakref.ref(error)
        dispatcher.close()  # an idle thread may hold on to its last call
        assert gone() is None
    finally:
        gc.enable()


async def test_a_dispatcher_that_is_forgotten_takes_its_threads_with_it() -> None:
    dispatcher = PoolDispatcher(1)
    thread = await dispatcher.dispatch(threading.current_thread)
    del dispatcher
    gc.collect()
    await asyncio.to_thread(thread.join, LONG)
    assert not thread.is_alive()


# ----------------------------------------------------------------------------- cancellation


async def test_a_call_that_has_not_begun_is_withdrawn(dispatcher: PoolDispatcher) -> None:
    work, busy = await occupy(dispatcher)
    ran: list[str] = []
    call = asyncio.create_task(dispatcher.dispatch(ran.append, "withdrawn"))
    await turns()
    call.cancel("no longer needed")
    with pytest.raises(asyncio.CancelledError, match="no longer needed"):
        await call
    assert not work.has_ended
    work.opened.set()
    await asyncio.gather(*busy)
    await dispatcher.dispatch(ran.append, "later")
    assert ran == ["later"]


async def test_a_caller_that_is_cancelled_waits_until_the_call_has_ended(
    dispatcher: PoolDispatcher,
) -> None:
    work = Work()
    call = asyncio.create_task(dispatcher.dispatch(work))
    await work.has_begun()
    for _ in range(3):
        call.cancel("enough")
        await turns()
        assert not call.done()
    work.opened.set()
    with pytest.raises(asyncio.CancelledError, match="enough"):
        await call
    assert work.has_ended


async def test_a_timeout_waits_for_the_call_as_well(dispatcher: PoolDispatcher) -> None:
    work, deadline = Work(), asyncio.timeout(None)

    async def caller() -> None:
        async with deadline:
            await dispatcher.dispatch(work)

    call = asyncio.create_task(caller())
    await work.has_begun()
    deadline.reschedule(0.0)
    await turns()
    assert not call.done()
    work.opened.set()
    with pytest.raises(TimeoutError):
        await call
    assert work.has_ended


async def test_a_caller_that_is_cancelled_in_the_step_of_the_result_is_cancelled(
    dispatcher: PoolDispatcher,
) -> None:
    work = Work()
    call = asyncio.create_task(dispatcher.dispatch(work, "dropped"))
    await work.has_begun()
    work.opened.set()
    dispatcher.close()
    for thread in threads():
        thread.join(LONG)  # its result is on its way, and the loop has not looked yet
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call


async def test_what_a_call_raises_after_the_cancellation_is_its_cause_and_logged(
    dispatcher: PoolDispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "everything_is_an_actor")
    work, error = Work(), ValueError("too late")
    call = asyncio.create_task(dispatcher.dispatch(work, error))
    await work.has_begun()
    call.cancel()
    await turns()
    work.opened.set()
    with pytest.raises(asyncio.CancelledError) as caught:
        await call
    assert caught.value.__cause__ is error
    (record,) = (record for record in caplog.records if record.name == "everything_is_an_actor")
    assert record.levelno == logging.DEBUG
    assert record.exc_info is not None
    assert record.exc_info[1] is error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)], ids=repr)
async def test_the_end_of_the_program_goes_before_a_cancellation(
    dispatcher: PoolDispatcher, error: BaseException
) -> None:
    work = Work()
    caught: list[BaseException] = []

    async def caller() -> None:
        try:
            await dispatcher.dispatch(work, error)
        except BaseException as raised:
            caught.append(raised)

    call = asyncio.create_task(caller())
    await work.has_begun()
    call.cancel()
    await turns()
    work.opened.set()
    await call
    assert caught == [error]


async def test_two_calls_of_one_caller_never_overlap(dispatcher: PoolDispatcher) -> None:
    """What an actor relies on: cancelled in the middle, it goes on only when the thread is out."""
    inside = 0
    begun, opened = threading.Semaphore(0), threading.Semaphore(0)

    def touch() -> int:
        nonlocal inside
        inside += 1
        seen = inside
        begun.release()
        assert opened.acquire(timeout=LONG)
        inside -= 1
        return seen

    for _ in range(20):
        call = asyncio.create_task(dispatcher.dispatch(touch))
        await asyncio.to_thread(begun.acquire, True, LONG)
        call.cancel()
        await turns(3)
        opened.release()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert inside == 0


async def test_an_interrupted_actor_has_stopped_only_when_its_thread_is_out(
    dispatcher: PoolDispatcher,
) -> None:
    work = Work()

    class Blocking(Actor[str, str]):
        @override
        async def on_receive(self, message: str) -> str:
            result: str = await dispatcher.dispatch(work, message)
            return result

        @override
        async def on_stopped(self) -> None:
            assert work.has_ended

    async with ActorSystem("app") as system:
        ref = await system.spawn(Blocking, "blocking")
        asking = asyncio.create_task(ref.ask("late"))
        await work.has_begun()
        _ = ref.interrupt()
        await turns()
        assert not asking.done()
        work.opened.set()
        await ref.join()
        with pytest.raises(ActorStoppedError):
            await asking


# ------------------------------------------------------------------------------------- closing


async def test_after_close_there_is_no_thread(dispatcher: PoolDispatcher) -> None:
    await asyncio.gather(*(dispatcher.dispatch(time.monotonic) for _ in range(10)))
    assert threads()
    dispatcher.close()
    assert threads() == set()
    dispatcher.close()


async def test_a_closed_dispatcher_opens_anew(dispatcher: PoolDispatcher) -> None:
    for number in range(3):
        assert await dispatcher.dispatch(abs, -number) == number
        dispatcher.close()


async def test_close_cancels_what_has_not_begun_and_warns_of_what_runs(
    dispatcher: PoolDispatcher, caplog: pytest.LogCaptureFixture
) -> None:
    work, busy = await occupy(dispatcher)
    ran: list[str] = []
    waiting = asyncio.create_task(dispatcher.dispatch(ran.append, "never"))
    await turns()
    dispatcher.close()
    with pytest.raises(asyncio.CancelledError, match="closed before the call began"):
        await waiting
    assert [record.getMessage() for record in caplog.records] == [
        "busy still runs: it cannot be stopped, and its thread ends with it"
    ] * dispatcher.pool_size
    left = threads()
    assert len(left) == dispatcher.pool_size
    await dispatcher.dispatch(ran.append, "anew")
    dispatcher.close()
    assert threads() == left
    work.opened.set()
    await asyncio.gather(*busy)
    for thread in left:
        await asyncio.to_thread(thread.join, LONG)
    assert ran == ["anew"]


async def test_close_joins_the_idle_threads_beside_a_busy_one() -> None:
    dispatcher = PoolDispatcher(3)
    together = threading.Barrier(3)
    await asyncio.gather(*(dispatcher.dispatch(together.wait, LONG) for _ in range(3)))
    work = Work()
    call = asyncio.create_task(dispatcher.dispatch(work, "done"))
    await work.has_begun()
    dispatcher.close()
    (busy,) = threads()
    work.opened.set()
    assert await call == "done"
    await asyncio.to_thread(busy.join, LONG)


async def test_a_call_may_close_its_own_dispatcher(dispatcher: PoolDispatcher) -> None:
    thread = await dispatcher.dispatch(lambda: (dispatcher.close(), threading.current_thread())[1])
    await asyncio.to_thread(thread.join, LONG)


# -------------------------------------------------------------------------------- virtual time


@pytest.mark.parametrize("cancelled", [False, True], ids=["awaited", "cancelled"])
def test_virtual_time_stands_still_while_a_call_runs(cancelled: bool) -> None:
    async def main() -> None:
        dispatcher, time_passed = PoolDispatcher(1), threading.Event()
        asyncio.get_running_loop().call_later(1.0, time_passed.set)
        begun = threading.Event()

        def work() -> None:
            begun.set()
            assert not time_passed.wait(0.02)  # for what must not happen, whatever the machine

        call = asyncio.create_task(dispatcher.dispatch(work))
        await asyncio.to_thread(begun.wait, LONG)
        if cancelled:
            call.cancel()
        (result,) = await asyncio.gather(call, return_exceptions=True)
        assert isinstance(result, asyncio.CancelledError) if cancelled else result is None
        assert asyncio.get_running_loop().time() == 0.0
        await asyncio.sleep(1.0)
        assert time_passed.is_set()
        dispatcher.close()

    run(main())


def test_virtual_time_passes_beside_an_idle_pool() -> None:
    dispatcher = PoolDispatcher(2)

    async def nap() -> float:
        await dispatcher.dispatch(len, "")
        await asyncio.sleep(3600)
        return asyncio.get_running_loop().time()

    assert run(nap()) == 3600.0
    with pytest.raises(DeadlockError):
        run(waits_for_ever(dispatcher))
    dispatcher.close()


async def waits_for_ever(dispatcher: PoolDispatcher) -> None:
    await dispatcher.dispatch(len, "")
    await asyncio.Event().wait()


def test_one_dispatcher_serves_several_loops() -> None:
    dispatcher = PoolDispatcher(1)

    async def call() -> int:
        return await dispatcher.dispatch(len, "four")

    assert [asyncio.run(call()), run(call()), asyncio.run(call())] == [4, 4, 4]
    dispatcher.close()
