"""Virtual time: exact instants, no waiting, and no hang where nothing will ever happen."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import override

import pytest

from everything_is_an_actor.testing import DeadlockError, VirtualClockLoop, on_virtual_time, run


def now() -> float:
    return asyncio.get_running_loop().time()


@on_virtual_time
async def test_sleeps_end_at_exact_instants() -> None:
    for number in range(1, 1001):
        await asyncio.sleep(0.1)
        assert now() == pytest.approx(number * 0.1)
    await asyncio.sleep(86_400.0)
    assert now() == pytest.approx(86_500.0)


@on_virtual_time
async def test_timers_fire_in_the_order_of_their_instants() -> None:
    fired: list[tuple[float, str]] = []

    def note(name: str) -> None:
        fired.append((now(), name))

    loop = asyncio.get_running_loop()
    for instant, name in ((3.0, "c"), (1.0, "a"), (2.0, "b"), (1.0, "a too")):
        loop.call_at(instant, note, name)
    await asyncio.sleep(5.0)
    assert fired == [(1.0, "a"), (1.0, "a too"), (2.0, "b"), (3.0, "c")]


@pytest.mark.parametrize("seconds", [1e-9, 1.0, 1e6, 1e7, 3e7, 1e9])
def test_a_wait_of_any_length_ends(seconds: float) -> None:
    async def wait() -> float:
        await asyncio.sleep(seconds)
        return now()

    assert run(wait()) == pytest.approx(seconds)


def test_time_stands_still_while_anything_is_ready() -> None:
    async def busy() -> float:
        for _ in range(1000):
            await asyncio.sleep(0)
        return now()

    assert run(busy()) == 0.0


def test_time_stands_still_while_a_thread_works() -> None:
    async def main() -> tuple[float, str]:
        may_end = threading.Event()
        loop = asyncio.get_running_loop()
        working = loop.run_in_executor(None, may_end.wait)
        timer = loop.call_later(10.0, may_end.set)
        loop.call_soon(may_end.set)
        await working
        timer.cancel()
        return now(), "done"

    assert run(main()) == (0.0, "done")


def test_the_idle_threads_of_any_pool_are_not_awaited() -> None:
    with ThreadPoolExecutor(1, "a library's") as pool:
        pool.submit(int).result()

        async def main() -> float:
            await asyncio.sleep(3600)
            return asyncio.get_running_loop().time()

        assert run(main()) == 3600.0


def test_what_a_thread_did_just_before_its_end_is_not_missed() -> None:
    """It ends between the look at what is ready and the look at which threads there are."""

    class Loop(VirtualClockLoop):
        ended = False

        @override
        def _awaits_a_thread(self) -> bool:
            if not self.ended and woken is not None:
                self.ended = True
                thread = threading.Thread(target=self.call_soon_threadsafe, args=(wake,))
                thread.start()
                thread.join()
            return False

    woken: asyncio.Future[str] | None = None

    def wake() -> None:
        assert woken is not None
        woken.set_result("in time")

    async def main() -> tuple[float, str]:
        nonlocal woken
        woken = asyncio.get_running_loop().create_future()
        return now(), await woken

    with asyncio.Runner(loop_factory=Loop) as runner:
        assert runner.run(main()) == (0.0, "in time")


def test_a_wait_for_what_will_never_happen_is_an_error() -> None:
    async def main() -> None:
        await asyncio.get_running_loop().create_future()

    with pytest.raises(DeadlockError, match="nothing is ready to run"):
        run(main())
