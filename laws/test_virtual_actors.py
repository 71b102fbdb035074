"""Virtual actors: one activation at a time, nothing lost, doubled or overtaken, by any schedule."""

import asyncio
from typing import override

from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import Actor, ActorSystem, VirtualActorRegistry
from everything_is_an_actor.testing import run
from laws.virtual import SENTENCES, hold, seeds


def test_nothing_is_lost_doubled_or_overtaken_and_nobody_is_active_twice() -> None:
    hold(SENTENCES)


# ---------------------------------------------------------------------- activation


class Counts(Actor[str, int]):
    """How often it has been made, and what it has received."""

    def __init__(self, activations: list[str], received: list[str]) -> None:
        self.activations, self.received = activations, received

    @override
    async def on_started(self) -> None:
        self.activations.append(self.context.self_ref.name)
        await asyncio.sleep(0)

    @override
    async def on_receive(self, message: str) -> int:
        self.received.append(message)
        return len(self.received)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["ask", "tell"]), min_size=1, max_size=20), seeds)
def test_any_number_of_first_messages_activate_once(ways: list[str], schedule: int) -> None:
    activations: list[str] = []
    received: list[str] = []

    async def main() -> None:
        async with ActorSystem() as system:
            registry = VirtualActorRegistry(system)
            registry.register(Counts, args=(activations, received))
            await asyncio.gather(
                *(getattr(registry, way)(Counts, "a", str(n)) for n, way in enumerate(ways))
            )
            await registry.ask(Counts, "a", "last")

    run(main(), schedule=schedule)
    assert activations == ["a"]
    assert sorted(received[:-1]) == sorted(map(str, range(len(ways))))
    assert received[-1] == "last"
