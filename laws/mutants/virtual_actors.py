"""Registries of virtual actors that break a promise each."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable
from typing import override

from everything_is_an_actor import ActorRef, ActorStoppedError, ActorSystem
from laws.mutant import WrongPart, said
from laws.sizes import ENOUGH
from laws.virtual import Account, Message, Noting, Registry, virtual, virtual_actors_suite

type Ref = ActorRef[Message, int]


class Naive:
    """What one would write first: right as long as nothing happens at the same time."""

    def __init__(self, system: ActorSystem, account: Account) -> None:
        self.system = system
        self.account = account
        self.refs: dict[str, Ref] = {}
        self.numbers = itertools.count()

    async def active(self, id: str) -> Ref:
        """Two that find nobody each activate one."""
        ref = self.refs.get(id)
        if ref is None or not ref.is_alive:
            ref = self.refs[id] = await self.activate(id)
        return ref

    async def activate(self, id: str) -> Ref:
        name = f"{id}{next(self.numbers)}"
        return await self.system.spawn(Noting, name, args=(self.account,))

    async def ask(
        self, cls: type[Noting], id: str, message: Message, /, *, timeout: float | None = 30.0
    ) -> int:
        return await (await self.active(id)).ask(message, timeout=timeout)

    async def tell(self, cls: type[Noting], id: str, message: Message, /) -> None:
        await (await self.active(id)).tell(message)

    async def deactivate(self, cls: type[Noting], id: str) -> None:
        if id in self.refs:
            await self.refs[id].stop(drain=True)

    async def deactivate_all(self) -> None:
        for id in list(self.refs):
            await self.deactivate(Noting, id)

    async def forget(self, cls: type[Noting], id: str) -> None:
        await self.deactivate(cls, id)


class OneAtATime(Naive):
    """One activation after the end of the one before; what is queued by then is not handed on."""

    def __init__(self, system: ActorSystem, account: Account) -> None:
        super().__init__(system, account)
        self.locks: dict[str, asyncio.Lock] = {}

    @override
    async def active(self, id: str) -> Ref:
        return await asyncio.shield(asyncio.ensure_future(self._active(id)))

    async def _active(self, id: str) -> Ref:
        async with self.locks.setdefault(id, asyncio.Lock()):
            ref = self.refs.get(id)
            if ref is None or not ref.is_alive:
                if ref is not None:
                    await ref.join()
                ref = self.refs[id] = await self.activate(id)
            return ref


class Around:
    """A registry that is right, until something is overridden."""

    def __init__(self, system: ActorSystem, account: Account) -> None:
        self.registry = virtual(system, account)

    async def ask(
        self, cls: type[Noting], id: str, message: Message, /, *, timeout: float | None = 30.0
    ) -> int:
        return await self.registry.ask(cls, id, message, timeout=timeout)

    async def tell(self, cls: type[Noting], id: str, message: Message, /) -> None:
        await self.registry.tell(cls, id, message)

    async def deactivate(self, cls: type[Noting], id: str) -> None:
        await self.registry.deactivate(cls, id)

    async def deactivate_all(self) -> None:
        await self.registry.deactivate_all()

    async def forget(self, cls: type[Noting], id: str) -> None:
        await self.registry.forget(cls, id)


class LosesWhatComesLate(Around):
    """Who is told something as it goes down never hears of it."""

    @override
    async def tell(self, cls: type[Noting], id: str, message: Message, /) -> None:
        if self.registry.is_active(cls, id) or self.registry.active_count == 0:
            await super().tell(cls, id, message)


class SendsAgain(Around):
    """Whoever asked and got an error asks once more."""

    @override
    async def ask(
        self, cls: type[Noting], id: str, message: Message, /, *, timeout: float | None = 30.0
    ) -> int:
        try:
            return await super().ask(cls, id, message, timeout=timeout)
        except ValueError:
            return await super().ask(cls, id, message, timeout=timeout)


class SendsBeside(Around):
    """Whoever tells does not wait, and the next message may come before."""

    def __init__(self, system: ActorSystem, account: Account) -> None:
        super().__init__(system, account)
        self.sending: set[asyncio.Task[None]] = set()

    @override
    async def tell(self, cls: type[Noting], id: str, message: Message, /) -> None:
        task = asyncio.create_task(self._tell(cls, id, message))
        self.sending.add(task)
        task.add_done_callback(self.sending.discard)

    async def _tell(self, cls: type[Noting], id: str, message: Message) -> None:
        await asyncio.sleep(2 * (message[1] % 2))
        with contextlib.suppress(OSError, ActorStoppedError):
            await super().tell(cls, id, message)


class AnswersForTheActor(Around):
    """An ask to one that is not active is answered without it."""

    @override
    async def ask(
        self, cls: type[Noting], id: str, message: Message, /, *, timeout: float | None = 30.0
    ) -> int:
        if not self.registry.is_active(cls, id):
            return message[1]
        return await super().ask(cls, id, message, timeout=timeout)


def registry(wrong: Callable[[ActorSystem, Account], Registry]) -> WrongPart:
    return WrongPart(wrong.__name__, lambda: virtual_actors_suite(wrong, ENOUGH), more=said(wrong))


MUTANTS = (
    registry(Naive),
    registry(OneAtATime),
    registry(LosesWhatComesLate),
    registry(SendsAgain),
    registry(SendsBeside),
    registry(AnswersForTheActor),
)
