"""Any sequence of operations on a store against a set."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import override

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from everything_is_an_actor.runtime.store import RegistryStore
from everything_is_an_actor.testing.sentences import examples, same
from everything_is_an_actor.testing.stores.subject import Identity, Subject, kept

FEW = 4  # identities in play, so that each is met again


class Machine(RuleBasedStateMachine):
    """Does the same to a store and to a set."""

    subject: Subject

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.model: set[Identity] = set()
        self.store: RegistryStore | None = None

    @initialize(data=st.data())
    def start(self, data: st.DataObject) -> None:
        """An empty store."""
        identities = st.lists(self.subject.identities, min_size=FEW, max_size=FEW, unique=True)
        self.identities = data.draw(identities)

        async def main() -> RegistryStore:
            return self.subject.make()

        self.store = self.runner.run(main())

    @property
    def opened(self) -> RegistryStore:
        """The store that is in use."""
        assert self.store is not None
        return self.store

    async def write(self, operation: Callable[[str, str], Awaitable[object]], index: int) -> None:
        """Await one operation on one identity."""
        await operation(*self.identities[index])

    @rule(index=st.integers(0, FEW - 1))
    def put(self, index: int) -> None:
        """Keep one."""
        self.runner.run(self.write(self.opened.put, index))
        self.model.add(self.identities[index])

    @rule(index=st.integers(0, FEW - 1))
    def delete(self, index: int) -> None:
        """Keep one no longer."""
        self.runner.run(self.write(self.opened.delete, index))
        self.model.discard(self.identities[index])

    @invariant()
    def list_all(self) -> None:
        """What is kept, each once."""
        if self.store is not None:
            same(self.runner.run(kept(self.store)), self.model)

    @rule(indices=st.permutations(range(FEW)), count=st.integers(0, FEW))
    def at_once(self, indices: list[int], count: int) -> None:
        """Keep some and others no longer, at the same time."""
        puts = [self.identities[index] for index in indices[:count]]
        deletes = [self.identities[index] for index in indices[count:]]

        async def main() -> None:
            await asyncio.gather(
                *(self.opened.put(*each) for each in puts),
                *(self.opened.delete(*each) for each in deletes),
            )

        self.runner.run(main())
        self.model = set(puts)

    @precondition(lambda self: self.subject.reopen is not None)
    @rule()
    def reopen(self) -> None:
        """Let go of it, and go on with the next."""

        async def main() -> RegistryStore:
            assert self.subject.reopen is not None
            await self.subject.let_go(self.opened)
            return self.subject.reopen(self.opened)

        self.store = self.runner.run(main())

    @override
    def teardown(self) -> None:
        try:
            if self.store is not None:
                self.runner.run(self.subject.let_go(self.store))
        finally:
            self.runner.close()


def model(subject: Subject) -> None:
    """Whatever is done to it, in any order, it keeps what a set would."""
    machine = type("Machine", (Machine,), {"subject": subject})
    run_state_machine_as_test(machine, settings=examples(0.5, subject.configured, steps=30))
