"""What virtual actors do while many send to them and others deactivate them: the account of it."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, override

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    MemoryRegistryStore,
    VirtualActorRegistry,
)

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

    def balances(self, buried: list[tuple[str, int]], everyone_had_time: bool) -> None:
        """Raise what is wrong."""
        assert not self.overlaps, f"active twice: {self.overlaps}"
        handled = [(sender, number) for _, sender, number in self.handled]
        assert len(handled) == len(set(handled)), "handled twice"
        for message, outcome in self.outcomes.items():
            times = (message in handled) + (message in buried)
            assert times <= 1, f"handled and buried: {message}, {outcome}"
            if outcome == "told":
                assert times == 1, f"lost: {message}"
                if everyone_had_time and not self.starts_fail:
                    assert message in handled, f"buried: {message}"
            elif outcome == "answered":
                assert message in handled, f"answered by nobody: {message}"
        for id in IDS:
            for who in SENDERS:
                numbers = [n for each, sender, n in self.handled if (each, sender) == (id, who)]
                assert numbers == sorted(numbers), f"overtaken: {who} to {id}, {numbers}"


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
    """Many send and one disturbs; raises what is wrong with what became of it."""
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
    buried = [letter.message[:2] for letter in system.dead_letters]
    account.balances(buried, everyone_had_time=not ends_early)


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
