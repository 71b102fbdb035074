"""Every run of a flow and every task of an agent is one span, below the one that it is part of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, override

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from everything_is_an_actor import Actor, ActorRef, ActorSystem
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task
from everything_is_an_actor.flow import agent, pure
from everything_is_an_actor.plugins.otel import OpenTelemetryTracer, names
from everything_is_an_actor.testing import on_virtual_time
from tests.plugins.spans import Recorder, attributes


@pytest.fixture
def seen() -> Recorder:
    return Recorder()


async def shout(text: str) -> str:
    return text.upper()


class Child(AgentActor[str, str]):
    @override
    async def execute(self, input: str) -> str:
        await asyncio.sleep(1)
        return input.upper()


class Parent(AgentActor[str, list[str]]):
    @override
    async def execute(self, input: str) -> list[str]:
        tasks = [(Child, Task(input=each)) for each in input]
        return [result.get_or_raise() for result in await self.context.sequence(tasks)]


class TestTree:
    @on_virtual_time
    async def test_a_flow_is_a_workflow_and_its_agents_are_below_it(self, seen: Recorder) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            flow = (agent(shout) >> agent(Parent)).named("loud")
            assert await system.run_flow(flow, "ab") == ["A", "B"]
        assert [span.name for span in seen.spans] == [
            "invoke_agent shout",
            "invoke_agent Child",
            "invoke_agent Child",
            "invoke_agent Parent",
            "invoke_workflow loud",
        ]
        assert seen.tree() == [
            "Child < Parent",
            "Child < Parent",
            "Parent < loud",
            "loud < None",
            "shout < loud",
        ]
        assert {span.kind for span in seen.spans} == {SpanKind.INTERNAL}
        assert {span.status.status_code for span in seen.spans} == {StatusCode.UNSET}

    async def test_the_attributes_are_those_of_the_conventions(self, seen: Recorder) -> None:
        class Described:
            __card__ = type("Card", (), {"description": "shouts", "version": "2", "skills": ()})()

            async def execute(self, input: str) -> str:
                return input.upper()

        async with AgentSystem("app", tracer=seen.tracer) as system:
            events = system.run_flow_stream(agent(Described).named("loud"), "a", run_id="r")
            tasks = [event.task_id async for event in events][:2]
        flow, described = seen.one("loud"), seen.one("Described")
        assert attributes(flow) == {
            "gen_ai.operation.name": "invoke_workflow",
            "gen_ai.agent.name": "loud",
            "everything_is_an_actor.run.id": "r",
            "everything_is_an_actor.task.id": tasks[0],
            "everything_is_an_actor.task.status": "completed",
        }
        path = attributes(described).pop("everything_is_an_actor.agent.path")
        assert path.startswith("/app/Described-")
        assert attributes(described) == {
            "gen_ai.operation.name": "invoke_agent",
            "gen_ai.agent.name": "Described",
            "gen_ai.agent.description": "shouts",
            "gen_ai.agent.version": "2",
            "everything_is_an_actor.agent.path": path,
            "everything_is_an_actor.run.id": "r",
            "everything_is_an_actor.task.id": tasks[1],
            "everything_is_an_actor.task.status": "completed",
        }
        scope = flow.instrumentation_scope
        assert scope is not None
        assert (scope.name, scope.schema_url) == ("everything_is_an_actor", names.SCHEMA_URL)

    async def test_a_flow_without_a_label_has_no_name(self, seen: Recorder) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            await system.run_flow(pure(len), "abc")
        assert [span.name for span in seen.spans] == ["invoke_workflow"]
        assert names.AGENT_NAME not in attributes(seen.spans[0])

    async def test_an_agent_that_is_run_alone_is_the_root(self, seen: Recorder) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            async for _ in system.run(shout, "a"):
                pass
        assert seen.tree() == ["shout < None"]

    async def test_the_current_span_of_the_caller_is_the_parent_of_the_run(
        self, seen: Recorder
    ) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            refs = await system.spawn(Child, "child")
            with seen.span("request"):
                await system.run_flow(agent(shout).named("once"), "a")
                async for _ in system.run_flow_stream(agent(shout).named("twice"), "a"):
                    pass
                async for _ in system.run(shout, "a"):
                    pass
                await refs.ask(Task(input="a"))
                async for _ in refs.ask_stream(Task(input="b")):
                    pass
        below = [span for span in seen.spans if seen.parent(span) == "request"]
        assert [each.name.split()[-1] for each in below] == [
            "once",
            "twice",
            "shout",
            "Child",
            "Child",
        ]
        assert len(seen.traces()) == 1

    @on_virtual_time
    async def test_what_is_opened_in_an_agent_is_its_child_and_parent_of_what_it_asks(
        self, seen: Recorder
    ) -> None:
        class Thinks(AgentActor[str, str]):
            @override
            async def on_started(self) -> None:
                with seen.span("starts"):
                    await asyncio.sleep(1)

            @override
            async def execute(self, input: str) -> AsyncIterator[str]:
                with seen.span("plans"):
                    yield (await self.context.ask(Child, Task(input=input))).get_or_raise()
                with seen.span("tells"):
                    yield await system.run_flow(agent(shout), input)

            @override
            async def on_stopped(self) -> None:
                with seen.span("stops"):
                    await asyncio.sleep(1)

        async with AgentSystem(tracer=seen.tracer) as system:
            assert await system.run_flow(agent(Thinks).named("flow"), "a") == ["A", "A"]
        assert seen.tree() == [
            "Child < plans",
            "Thinks < flow",
            "flow < None",
            "plans < Thinks",
            "shout < tells",
            "starts < Thinks",
            "stops < Thinks",
            "tells < Thinks",
        ]


class Asks(AgentActor[tuple[ActorRef[Any, Any], str], Any]):
    """Asks, or tells, another agent what it was told to."""

    @override
    async def execute(self, input: tuple[ActorRef[Any, Any], str]) -> Any:
        ref, text = input
        if text.startswith("tell "):
            return await ref.tell(Task(input=text))
        return (await ref.ask(Task(input=text))).get_or_raise()


class Relay(Actor[Any, Any]):
    """An actor that is no agent, and asks on."""

    def __init__(self, ref: ActorRef[Any, Any]) -> None:
        self.ref = ref

    @override
    async def on_receive(self, message: Any) -> Any:
        return await self.ref.ask(message)


@pytest.fixture(autouse=True)
def no_context_is_left_attached(caplog: pytest.LogCaptureFixture) -> Any:
    yield
    assert "Failed to detach context" not in caplog.text


class TestLongLivedAgents:
    @on_virtual_time
    async def test_a_task_is_below_its_sender_whoever_has_started_the_turn(
        self, seen: Recorder
    ) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            with seen.span("spawner"):
                ref = await system.spawn(Child, "child")
            flows = [
                system.run_flow(agent(Asks, name=name).named(f"run {name}"), (ref, name))
                for name in ("a", "b", "c")
            ]
            assert await asyncio.gather(*flows) == ["A", "B", "C"]
        for child, name in zip(seen.named("Child"), "abc", strict=True):
            assert seen.parent(child) == name
            assert child.context is not None
            assert seen.one(name).context is not None
        assert seen.tree() == [
            "Child < a",
            "Child < b",
            "Child < c",
            "a < run a",
            "b < run b",
            "c < run c",
            "run a < None",
            "run b < None",
            "run c < None",
            "spawner < None",
        ]
        assert len(seen.traces()) == 4

    @on_virtual_time
    async def test_a_task_is_below_the_span_that_its_sender_had_open(self, seen: Recorder) -> None:
        async def asks_twice(ref: ActorRef[Any, Any]) -> None:
            async def ask(name: str) -> None:
                with seen.span(name):
                    await ref.ask(Task(input=name))

            await asyncio.gather(ask("first"), ask("second"))

        async with AgentSystem(tracer=seen.tracer) as system:
            ref = await system.spawn(Child, "child")
            await system.run_flow(agent(asks_twice), ref)
        assert [seen.parent(span) for span in seen.named("Child")] == ["first", "second"]

    @on_virtual_time
    async def test_asked_from_outside_it_is_a_root_or_below_the_callers_span(
        self, seen: Recorder
    ) -> None:
        async def ask(name: str | None) -> None:
            if name is None:
                await ref.ask(Task(input=""))
            else:
                with seen.span(name):
                    await ref.ask(Task(input=name))

        async with AgentSystem(tracer=seen.tracer) as system:
            with seen.span("spawner"):
                ref = await system.spawn(Child, "child")
            await asyncio.gather(*map(ask, ("x", None, "y", None)))
        assert [seen.parent(span) for span in seen.named("Child")] == ["x", None, "y", None]
        assert len(seen.traces()) == 5

    @on_virtual_time
    async def test_what_was_told_continues_the_trace_of_the_sender(self, seen: Recorder) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            ref = await system.spawn(Child, "child")
            tells = [
                system.run_flow(agent(Asks, name=name).named("flow"), (ref, f"tell {name}"))
                for name in ("a", "b")
            ]
            await asyncio.gather(*tells)
            with seen.span("outside"):
                ref.tell_nowait(Task(input="c"))
            await ref.stop(drain=True)
        assert [seen.parent(span) for span in seen.named("Child")] == ["a", "b", "outside"]

    @on_virtual_time
    async def test_an_actor_that_is_no_agent_passes_the_trace_on(self, seen: Recorder) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            child = await system.spawn(Child, "child")
            relay = await system.spawn(Relay, "relay", args=(child,))
            asks = [system.run_flow(agent(Asks, name=name), (relay, name)) for name in ("a", "b")]
            with seen.span("outside"):
                await asyncio.gather(*asks, relay.ask(Task(input="c")))
        assert [seen.parent(span) for span in seen.named("Child")] == ["a", "b", "outside"]

    @on_virtual_time
    async def test_a_flow_that_such_an_actor_runs_is_below_who_has_asked(
        self, seen: Recorder
    ) -> None:
        class Runs(Actor[str, str]):
            @override
            async def on_receive(self, message: str) -> str:
                return await system.run_flow(agent(shout).named(message), message)

        async with AgentSystem(tracer=seen.tracer) as system:
            ref = await system.spawn(Runs, "runs")
            with seen.span("outside"):
                await ref.ask("flow")
            await ref.ask("alone")
        assert seen.tree() == [
            "alone < None",
            "flow < outside",
            "outside < None",
            "shout < alone",
            "shout < flow",
        ]

    @on_virtual_time
    async def test_a_restarted_agent_is_traced_as_before(self, seen: Recorder) -> None:
        class Fails(AgentActor[bool, str]):
            @override
            async def execute(self, input: bool) -> str:
                if input:
                    raise ValueError("no")
                return "yes"

        async with AgentSystem(tracer=seen.tracer) as system:
            ref = await system.spawn(Fails, "fails")
            with seen.span("first"), pytest.raises(ValueError, match="no"):
                await ref.ask(Task(input=True))
            with seen.span("second"):
                await ref.ask(Task(input=False))
        assert [seen.parent(span) for span in seen.named("Fails")] == ["first", "second"]


@on_virtual_time
async def test_the_traces_of_runs_at_the_same_time_do_not_mix(seen: Recorder) -> None:
    async def asks(number: int) -> str:
        await asyncio.sleep(number % 3)
        reply: str = (await ref.ask(Task(input=f"n{number}"), timeout=None)).get_or_raise()
        return reply

    async with AgentSystem(tracer=seen.tracer) as system:
        ref = await system.spawn(Child, "child")
        flow = agent(asks, timeout=None).zip(agent(asks, timeout=None)) >> agent(together)
        await asyncio.gather(*(system.run_flow(flow, number) for number in range(50)))
    assert len(seen.traces()) == 50
    for trace in seen.traces():
        spans = [s for s in seen.spans if s.context is not None and s.context.trace_id == trace]
        assert sorted(span.name for span in spans) == [
            "invoke_agent Child",
            "invoke_agent Child",
            "invoke_agent asks",
            "invoke_agent asks",
            "invoke_agent together",
            "invoke_workflow",
        ]
        assert len({attributes(span)[names.RUN_ID] for span in spans}) == 1


async def together(pair: tuple[str, str]) -> str:
    return "".join(pair)


class TestSystems:
    def test_a_tracer_goes_to_the_system_that_is_made(self) -> None:
        tracer = OpenTelemetryTracer()
        assert AgentSystem(tracer=tracer).actors.tracer is tracer
        assert ActorSystem(tracer=tracer).tracer is tracer

    def test_a_tracer_for_a_system_that_there_is_already_is_refused(self) -> None:
        with pytest.raises(TypeError, match=r"ActorSystem\(tracer=\.\.\.\)"):
            AgentSystem(ActorSystem(), tracer=OpenTelemetryTracer())

    def test_a_provider_must_be_one(self) -> None:
        with pytest.raises(TypeError, match="tracer_provider must be a TracerProvider"):
            OpenTelemetryTracer("http://collector")  # type: ignore[arg-type]  # which is refused
