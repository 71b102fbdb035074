"""What virtual actors do while many send to them and others deactivate them: the account of it."""

import asyncio
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol, override

from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    MemoryRegistryStore,
    VirtualActorRegistry,
)
from everything_is_an_actor.testing import run
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.sentences import sentences

IDS, SENDERS, EACH, DISTURBANCES = "ab", "xyz", 20, 20
IDLE = 5.0  # seconds

type Message = tuple[str, int, str]
"""Who sent it, its number, and what to do."""


class Registry(Protocol):
    """What is needed of a `VirtualActorRegistry`."""

    async def ask(
        self, cls: type["Noting"], id: str, message: Message, /, *, timeout: float | None = ...
    ) -> int: ...

    async def tell(self, cls: type["Noting"], id: str, message: Message, /) -> None: ...

    async def deactivate(self, cls: type["Noting"], id: str) -> None: ...

    async def deactivate_all(self) -> None: ...

    async def forget(self, cls: type["Noting"], id: str) -> None: ...


@dataclass
class Account:
    """What was sent, what became of it, and who was active."""

    dice: random.Random
    starts_fail: bool
    present: dict[str, "Noting"] = field(default_factory=dict)
    overlaps: list[str] = field(default_factory=list)
    handled: list[tuple[str, str, int]] = field(default_factory=list)
    outcomes: dict[tuple[str, int], str] = field(default_factory=dict)
    buried: list[tuple[str, int]] = field(default_factory=list)
    ended_early: bool = False

    def times(self, message: tuple[str, int]) -> int:
        """How often something became of it."""
        return self.messages().count(message) + (message in self.buried)

    def messages(self) -> list[tuple[str, int]]:
        return [(sender, number) for _, sender, number in self.handled]

    def that_were(self, outcome: str) -> list[tuple[str, int]]:
        return [message for message, each in self.outcomes.items() if each == outcome]


class Noting(Actor[Message, int]):
    """Notes what it handles; works, fails and stops as it is told."""

    def __init__(self, account: Account) -> None:
        self.account = account

    @property
    def id(self) -> str:
        return self.context.self_ref.name[0]

    @override
    async def on_started(self) -> None:
        account = self.account
        if self.id in account.present:
            account.overlaps.append(self.id)
        account.present[self.id] = self
        await asyncio.sleep(account.dice.choice([0, 0, 1]))
        if account.starts_fail and account.dice.random() < 0.1:
            del account.present[self.id]
            raise OSError("it failed to start")

    @override
    async def on_restart(self, error: Exception) -> None:
        self.account.present.pop(self.id, None)

    @override
    async def on_receive(self, message: Message) -> int:
        sender, number, deed = message
        if self.account.present.get(self.id) is not self:
            self.account.overlaps.append(self.id)
        self.account.handled.append((self.id, sender, number))
        match deed:
            case "fail":
                raise ValueError(number)
            case "work":
                await asyncio.sleep(self.account.dice.choice([0, 1, 3]))
            case "stop":
                self.stop_self()
            case _:
                pass
        return number

    @override
    async def on_stopped(self) -> None:
        await asyncio.sleep(self.account.dice.choice([0, 0, 2]))
        if self.account.present.get(self.id) is self:
            del self.account.present[self.id]


async def sends(registry: Registry, who: str, account: Account) -> None:
    """Sends numbered messages to one identity after the other; notes what became of each."""
    dice, outcomes = account.dice, account.outcomes
    for number in range(EACH):
        id, deed = dice.choice(IDS), dice.choice(["", "", "work", "fail", "stop"])
        message = (who, number, deed)
        asking = dice.random() < 0.6
        timeout = dice.choice([2.0, 50.0])
        try:
            if not asking:
                await registry.tell(Noting, id, message)
                outcomes[who, number] = "told"
                continue
            task = asyncio.ensure_future(registry.ask(Noting, id, message, timeout=timeout))
            if dice.random() < 0.2:
                await asyncio.sleep(dice.choice([0, 1]))
                task.cancel()
            assert await task == number
            outcomes[who, number] = "answered"
        except ValueError:
            outcomes[who, number] = "answered"
        except (AskTimeoutError, asyncio.CancelledError):
            outcomes[who, number] = "gave up"
        except (OSError, ActorStoppedError):
            outcomes[who, number] = "refused"
        await asyncio.sleep(dice.choice([0, 0, 1, 6]))


async def disturbs(registry: Registry, dice: random.Random) -> None:
    """Deactivates one, or all, or forgets one, now and then."""
    for _ in range(DISTURBANCES):
        await asyncio.sleep(dice.choice([0, 1, 2]))
        id = dice.choice(IDS)
        match dice.randrange(5):
            case 0:
                await registry.deactivate_all()
            case 1:
                await registry.forget(Noting, id)
            case _:
                await registry.deactivate(Noting, id)


async def traffic(
    make: Callable[[ActorSystem, Account], Registry], account: Account, ends_early: bool
) -> None:
    """Many send and one disturbs; what becomes of it is in the account."""
    dice = account.dice
    async with ActorSystem() as system:
        registry = make(system, account)
        sending = [sends(registry, who, account) for who in SENDERS]
        work = asyncio.gather(*sending, disturbs(registry, dice))
        if ends_early:
            await asyncio.sleep(dice.uniform(0, 40))
            await system.shutdown(timeout=dice.choice([0.0, 1.0, 100.0]))
        await work
        if not ends_early:
            await asyncio.sleep(20 * IDLE)
            if isinstance(registry, VirtualActorRegistry):
                assert not system.children, "somebody is still there"
                assert registry.active_count == 0
                assert not account.present
    account.buried = [letter.message[:2] for letter in system.dead_letters]
    account.ended_early = ends_early


class SlowStore(MemoryRegistryStore):
    """Takes so many seconds for each write."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    @override
    async def put(self, kind: str, id: str) -> None:
        await asyncio.sleep(self.seconds)
        await super().put(kind, id)

    @override
    async def delete(self, kind: str, id: str) -> None:
        await asyncio.sleep(self.seconds)
        await super().delete(kind, id)


def virtual(system: ActorSystem, account: Account) -> VirtualActorRegistry:
    """The registry itself, with a store and a mailbox by chance."""
    store = SlowStore(account.dice.choice([0.0, 1.0]))
    registry = VirtualActorRegistry(system, store=store, default_idle_seconds=IDLE)
    mailbox_size = account.dice.choice([1, 256])
    registry.register(Noting, args=(account,), mailbox_size=mailbox_size)
    return registry


# ---------------------------------------------------------------------- what holds of the account


def never_active_twice(account: Account) -> None:
    """There is one activation of an identity at a time."""
    assert not account.overlaps, account.overlaps


def nothing_is_handled_twice(account: Account) -> None:
    """A message is handled once, or it is a dead letter, and not both."""
    handled = account.messages()
    assert len(handled) == len(set(handled)), handled
    for message in account.outcomes:
        assert account.times(message) <= 1, message


def nothing_is_lost(account: Account) -> None:
    """What somebody was told is handled, or it is a dead letter."""
    for message in account.that_were("told"):
        assert account.times(message), message


def nothing_is_buried(account: Account) -> None:
    """What somebody was told is no dead letter, unless an activation or the system fails."""
    if not account.ended_early and not account.starts_fail:
        told = set(account.that_were("told"))
        assert not told.intersection(account.buried), told.intersection(account.buried)


def the_actor_answers(account: Account) -> None:
    """Whoever is answered is answered by the actor that handled what was asked."""
    for message in account.that_were("answered"):
        assert message in account.messages(), message


def nothing_is_overtaken(account: Account) -> None:
    """What one sends to another is handled in the order in which it was sent."""
    for id in IDS:
        for who in SENDERS:
            numbers = [n for each, sender, n in account.handled if (each, sender) == (id, who)]
            assert numbers == sorted(numbers), f"{who} to {id}: {numbers}"


type Sentence = Callable[[Any], None]

SENTENCES: tuple[Sentence, ...] = (
    never_active_twice,
    nothing_is_handled_twice,
    nothing_is_lost,
    nothing_is_buried,
    the_actor_answers,
    nothing_is_overtaken,
)

seeds = st.integers(0, 2**32 - 1)


def hold(
    some: Iterable[Sentence],
    make: Callable[[ActorSystem, Account], Registry] = virtual,
    configured: settings | None = None,
) -> None:
    """Traffic by any dice, under any schedule: some sentences hold of each account."""

    @settings(configured, deadline=None)
    @given(seeds, st.none() | seeds, st.booleans(), st.booleans())
    def holds(seed: int, schedule: int | None, starts_fail: bool, ends_early: bool) -> None:
        account = Account(random.Random(seed), starts_fail)
        run(traffic(make, account, ends_early), schedule=schedule)
        for sentence in some:
            sentence(account)

    holds()


def virtual_actors_suite(
    make: Callable[[ActorSystem, Account], Registry] = virtual, configured: settings | None = None
) -> tuple[Check, ...]:
    """What a registry promises, each by itself."""

    def alone(sentence: Sentence) -> Sentence:
        @wraps(sentence)
        def check(_: Any) -> None:
            hold([sentence], make, configured)

        return check

    return sentences("virtual_actors", make, map(alone, SENTENCES))
