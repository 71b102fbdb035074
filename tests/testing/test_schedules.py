"""A schedule is a seed: any task may go first, and the same seed is the same order again."""

import asyncio

import pytest

from everything_is_an_actor.testing import run


async def takes_turns() -> list[int]:
    order: list[int] = []

    async def runner(number: int) -> None:
        for _ in range(3):
            order.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*map(runner, range(4)))
    return order


def test_a_schedule_is_an_order_of_its_own_and_the_same_each_time() -> None:
    orders = [run(takes_turns(), schedule=seed) for seed in range(20)]
    assert orders == [run(takes_turns(), schedule=seed) for seed in range(20)]
    assert len(set(map(tuple, orders))) == 20
    assert run(takes_turns()) == [0, 1, 2, 3] * 3


def test_a_schedule_that_fails_is_named() -> None:
    async def fails() -> None:
        raise ValueError("it failed")

    with pytest.raises(ValueError, match="it failed") as caught:
        run(fails(), schedule=17)
    assert caught.value.__notes__ == ["under schedule 17, which run(main, schedule=17) replays"]


@pytest.mark.parametrize("schedule", range(20))
def test_under_every_schedule_what_a_future_calls_is_called_in_order(schedule: int) -> None:
    async def main() -> list[int]:
        called: list[int] = []
        future = asyncio.get_running_loop().create_future()
        for number in range(5):

            def call(_: object, number: int = number) -> None:
                called.append(number)

            future.add_done_callback(call)
        future.set_result(None)
        await future
        return called

    assert run(main(), schedule=schedule) == [0, 1, 2, 3, 4]
