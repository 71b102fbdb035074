"""Trace context travels in the envelope, not in what was current when an actor was spawned."""

import asyncio
from typing import Any, override

from everything_is_an_actor import Actor, ActorSystem
from everything_is_an_actor.runtime.letters import Part, current_message
from everything_is_an_actor.runtime.span import Span, Trace
from tests.runtime.actors import Gate
from tests.tracers import Silent


def span_here() -> Span | None:
    message = current_message.get()
    return None if message is None else message.span


def span(name: str) -> Span:
    return Span(Trace("run", None), None, name)


class Notes(Actor[Any, Span | None]):
    """Notes for which task it works, message by message; asks on if it is told whom."""

    def __init__(self, seen: list[Span | None]) -> None:
        self.seen = seen

    @override
    async def on_receive(self, message: Any) -> Span | None:
        self.seen.append(span_here())
        if isinstance(message, Gate):
            await message.wait()
        elif message is not None:
            return await self.ask(message, None)
        return span_here()


async def test_each_ask_brings_the_task_of_its_sender_and_a_tell_brings_none() -> None:
    async with ActorSystem() as system:
        current_message.set(Part(None, span("spawner")))
        seen = list[Span | None]()
        ref = await system.spawn(Notes, "notes", args=(seen,))
        tasks = [span(name) for name in "abc"]
        for task in tasks:
            current_message.set(Part(None, task))
            assert await ref.ask(None) is task
            await ref.tell(None)
            ref.tell_nowait(None)
        current_message.set(None)
        assert await ref.ask(None) is None
        assert seen == [each for task in tasks for each in (task, None, None)] + [None]


async def test_a_tell_is_traced_by_the_sender_s_tracer_in_another_system_too() -> None:
    async with ActorSystem() as untraced:
        seen = list[Span | None]()
        ref = await untraced.spawn(Notes, "notes", args=(seen,))
        tracer = Silent()
        current_message.set(Part(None, Span(Trace("run", None, tracer), None, "task")))
        await ref.tell(None)
        ref.tell_nowait(None)
        await ref.stop(drain=True)
        assert [each and each.trace.tracer for each in seen] == [tracer, tracer]


async def test_messages_handled_in_a_row_keep_their_own_task() -> None:
    async with ActorSystem() as system:
        seen = list[Span | None]()
        gate = Gate()
        ref = await system.spawn(Notes, "notes", args=(seen,))
        tasks = [span(name) for name in "abc"]
        await ref.tell(gate)
        await gate.reached.wait()
        asked = []
        for task in tasks:
            current_message.set(Part(None, task))
            asked.append(asyncio.create_task(ref.ask(None)))
        current_message.set(None)
        gate.opened.set()
        assert await asyncio.gather(*asked) == tasks
        assert seen == [None, *tasks]


async def test_the_task_goes_on_from_actor_to_actor() -> None:
    async with ActorSystem() as system:
        last = await system.spawn(Notes, "last", args=([],))
        first = await system.spawn(Notes, "first", args=([],))
        task = span("task")
        current_message.set(Part(None, task))
        assert await first.ask(last) is task
