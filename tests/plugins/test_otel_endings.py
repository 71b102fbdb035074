"""A failure is status ERROR, `error.type` and the exception; a cancellation is none of these."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, override

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.trace import StatusCode

from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskEvent
from everything_is_an_actor.flow import AllFailedError, agent, at_least, pure, race, zip_all
from everything_is_an_actor.plugins.otel import OpenTelemetryTracer, names
from everything_is_an_actor.plugins.otel.content import MOST, encoded, message
from everything_is_an_actor.testing import on_virtual_time, run
from tests.flow.programs import programs
from tests.flow.test_stream import collect
from tests.flow.worlds import ENOUGH, HANGS, hangs, journal, leaf, says
from tests.plugins.spans import Recorder, attributes


class NoGoodError(Exception):
    @override
    def __str__(self) -> str:
        raise RuntimeError("not even a text")


@pytest.fixture
def seen() -> Recorder:
    return Recorder()


def status(span: ReadableSpan) -> Any:
    return attributes(span)[names.TASK_STATUS]


class TestFailures:
    async def test_a_failure_is_an_error_with_its_type_and_its_exception(
        self, seen: Recorder
    ) -> None:
        async def fails(_: Any) -> None:
            raise json.JSONDecodeError("no good", "", 0)

        async with AgentSystem(tracer=seen.tracer) as system:
            with pytest.raises(json.JSONDecodeError):
                await system.run_flow(agent(fails).named("flow"), 0)
        for span in (seen.one("fails"), seen.one("flow")):
            assert span.status.status_code is StatusCode.ERROR
            assert span.status.description == "no good: line 1 column 1 (char 0)"
            assert attributes(span)[names.ERROR_TYPE] == "json.decoder.JSONDecodeError"
            assert status(span) == "failed"
            (event,) = span.events
            assert event.name == "exception"
            assert (event.attributes or {})["exception.type"] == "json.decoder.JSONDecodeError"

    async def test_a_failure_that_is_handled_is_that_of_the_agent_only(
        self, seen: Recorder
    ) -> None:
        with journal():
            async with AgentSystem(tracer=seen.tracer) as system:
                flow = says("fails", ValueError("no")).recover(pure_text).named("flow")
                assert await system.run_flow(flow, 0) == "no"
        assert attributes(seen.one("fails"))[names.ERROR_TYPE] == "ValueError"
        assert seen.one("flow").status.status_code is StatusCode.UNSET
        assert status(seen.one("flow")) == "completed"

    @on_virtual_time
    async def test_a_timeout_is_a_failure(self, seen: Recorder) -> None:
        with journal():
            async with AgentSystem(tracer=seen.tracer) as system:
                with pytest.raises(TimeoutError):
                    await system.run_flow(leaf("slow", lambda _: HANGS, timeout=1.0), 0)
        assert attributes(seen.one("slow"))[names.ERROR_TYPE].endswith(".FlowTimeoutError")

    async def test_an_error_that_cannot_be_written_out_is_told_by_its_type(
        self, seen: Recorder
    ) -> None:
        async def fails(_: Any) -> None:
            raise NoGoodError

        async with AgentSystem(tracer=seen.tracer) as system:
            with pytest.raises(NoGoodError):
                await system.run_flow(agent(fails), 0)
        span = seen.one("fails")
        assert attributes(span)[names.ERROR_TYPE] == f"{__name__}.NoGoodError"
        assert span.status.status_code is StatusCode.ERROR

    async def test_a_side_flow_that_fails_is_an_event_of_a_run_that_is_streamed(
        self, seen: Recorder
    ) -> None:
        with journal():
            async with AgentSystem(tracer=seen.tracer) as system:
                flow = pure(len).notify(says("side", ValueError("no"))).named("flow")
                async for _ in system.run_flow_stream(flow, "a"):
                    pass
        (event,) = seen.one("flow").events
        assert (event.name, dict(event.attributes or {})) == (
            "side_failed",
            {names.ERROR_TYPE: "ValueError"},
        )
        assert seen.parent(seen.one("side")) == "flow"


def pure_text(error: Exception) -> str:
    return str(error)


class TestCancellations:
    def is_cancelled(self, span: ReadableSpan) -> bool:
        assert span.status.status_code is StatusCode.UNSET
        assert names.ERROR_TYPE not in attributes(span)
        assert not span.events
        return bool(status(span) == "cancelled")

    @on_virtual_time
    async def test_who_loses_a_race_was_cancelled(self, seen: Recorder) -> None:
        with journal():
            async with AgentSystem(tracer=seen.tracer) as system:
                await system.run_flow(race(says("wins", 1, 1.0), hangs("loses")), 0)
        assert self.is_cancelled(seen.one("loses"))
        assert not self.is_cancelled(seen.one("wins"))

    @on_virtual_time
    async def test_an_abort_cancels_every_open_task_once(self, seen: Recorder) -> None:
        class Waits(AgentActor[int, None]):
            @override
            async def execute(self, input: int) -> None:
                await asyncio.Event().wait()

        async def asks(input: int) -> None:
            await ref.ask(Task(input=input), timeout=None)

        async with AgentSystem(tracer=seen.tracer) as system:
            ref = await system.spawn(Waits, "waits")
            flow = zip_all(agent(asks), hangs("other")).named("flow")
            with journal(), pytest.raises(asyncio.CancelledError):
                async for event in system.run_flow_stream(flow, 0, run_id="mine"):
                    if event.agent_path.endswith("/waits") and event.type == "task_started":
                        await system.abort("mine")
        assert sorted(span.name for span in seen.spans) == [
            "invoke_agent Waits",
            "invoke_agent asks",
            "invoke_agent other",
            "invoke_workflow flow",
        ]
        assert all(map(self.is_cancelled, seen.spans))

    @on_virtual_time
    async def test_a_run_that_is_cancelled_has_cancelled_spans(self, seen: Recorder) -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            with journal():
                run = asyncio.create_task(system.run_flow(hangs("slow").named("flow"), 0))
            await asyncio.sleep(1)
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
        assert all(map(self.is_cancelled, seen.spans))
        assert len(seen.spans) == 2


class TestContent:
    async def runs(self, seen: Recorder) -> None:
        class Talks(AgentActor[Any, list[str]]):
            @override
            async def execute(self, input: Any) -> AsyncIterator[str]:
                await self.emit_progress({"done": 0.5})
                yield "word"

        async with AgentSystem(tracer=seen.tracer) as system:
            await system.run_flow(agent(Talks).named("flow"), {"n": 1})

    async def test_nothing_of_it_is_told_unless_asked_for(self, seen: Recorder) -> None:
        await self.runs(seen)
        talks = seen.one("Talks")
        assert [(event.name, dict(event.attributes or {})) for event in talks.events] == [
            ("task_progress", {}),
            ("task_chunk", {}),
        ]
        told = str([(attributes(span), span.events) for span in seen.spans])
        assert names.INPUT_MESSAGES not in told
        assert "word" not in told

    async def test_it_is_told_as_messages_in_json(self) -> None:
        seen = Recorder(capture_content=True)
        await self.runs(seen)
        for span in seen.spans:
            assert json.loads(attributes(span)[names.INPUT_MESSAGES]) == [
                {"role": "user", "parts": [{"type": "data", "content": {"n": 1}}]}
            ]
            assert json.loads(attributes(span)[names.OUTPUT_MESSAGES]) == [
                {"role": "assistant", "parts": [{"type": "data", "content": ["word"]}]}
            ]
        progress, chunk = seen.one("Talks").events
        assert json.loads(str((progress.attributes or {})[names.DATA])) == {"done": 0.5}
        assert json.loads(str((chunk.attributes or {})[names.DATA])) == "word"

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
            | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
            max_leaves=20,
        )
    )  # fmt: skip
    def test_what_json_can_say_is_said(self, content: Any) -> None:
        assert json.loads(encoded(content)) == content

    def test_anything_else_is_told_by_its_text_or_its_fields(self) -> None:
        @dataclass
        class Point:
            x: int
            y: Any

        class Broken:
            @override
            def __repr__(self) -> str:
                raise RuntimeError("not even a text")

        loops: list[Any] = []
        loops += [loops, loops]
        assert json.loads(encoded(Point(1, (2, {3})))) == {"x": 1, "y": [2, [3]]}
        assert json.loads(encoded({1: b"a", "\ud800": float("nan")})) == {"1": "b'a'", "?": "nan"}
        assert "Broken" in json.loads(encoded(Broken()))
        assert json.loads(encoded(10**5000)).startswith("<int of")
        assert len(encoded(loops)) < 100 * MOST
        assert json.loads(message("user", "\ud800"))[0]["parts"][0]["content"] == "?"


class TestWithout:
    async def test_an_sdk_nothing_is_told_and_everything_works(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        fails = says("fails", ValueError("no"))
        with journal():
            async with AgentSystem(tracer=OpenTelemetryTracer(capture_content=True)) as system:
                flow = at_least(1, says("a", 1), fails)
                assert (await system.run_flow(flow, 0)).succeeded == (1,)
                with pytest.raises(AllFailedError):
                    await system.run_flow(race(fails, fails), 0)
        assert not caplog.text

    def test_the_package_one_error_names_the_extra(self) -> None:
        program = (
            "import sys; sys.modules['opentelemetry'] = None\n"
            "import everything_is_an_actor.plugins\n"
            "import everything_is_an_actor.plugins.otel"
        )
        run = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=False
        )
        assert run.returncode == 1
        assert run.stderr.strip().splitlines()[-1] == (
            "ImportError: everything_is_an_actor.plugins.otel needs the package opentelemetry-api: "
            "pip install 'everything-is-an-actor[otel]'"
        )

    async def test_a_good_processor_the_run_goes_on(
        self, seen: Recorder, caplog: pytest.LogCaptureFixture
    ) -> None:
        class Raises(SpanProcessor):
            @override
            def on_start(self, span: Any, parent_context: Any = None) -> None:
                raise RuntimeError("no collector")

            @override
            def on_end(self, span: ReadableSpan) -> None:
                raise RuntimeError("no collector")

        seen.provider.add_span_processor(Raises())
        async with AgentSystem(tracer=seen.tracer) as system:
            assert await system.run_flow(pure(len), "abc") == 3
        assert "OpenTelemetry could not be told that" in caplog.text


@given(programs())
@settings(deadline=None)
def test_the_spans_are_the_tasks_that_the_events_tell_of(flow: Any) -> None:
    """Their parents too; each of them ended once."""
    seen = Recorder()
    events: list[TaskEvent] = []

    async def main() -> None:
        async with AgentSystem(tracer=seen.tracer) as system:
            with suppress(BaseException):  # some of them end the program
                await collect(system.run_flow_stream(flow, 1), events)

    with journal():
        run(asyncio.wait_for(main(), ENOUGH))
    ended = [attributes(span)[names.TASK_ID] for span in seen.spans]
    task_of = {
        span.context.span_id: attributes(span)[names.TASK_ID]
        for span in seen.spans
        if span.context is not None
    }
    parents = {
        attributes(span)[names.TASK_ID]: None
        if span.parent is None
        else task_of[span.parent.span_id]
        for span in seen.spans
    }
    assert len(ended) == len(set(ended))
    assert parents == {
        event.task_id: event.parent_task_id for event in events if event.type.endswith("_started")
    }
    assert {attributes(span)[names.TASK_ID]: status(span) for span in seen.spans} == {
        event.task_id: _ending(event)
        for event in events
        if event.type.partition("_")[2] in ("completed", "failed", "cancelled")
        and event.type != "side_failed"
    }


def _ending(event: TaskEvent) -> str:
    """As on the span: a flow that was cancelled has not failed."""
    is_cancelled = isinstance(event.data, asyncio.CancelledError)
    return "cancelled" if is_cancelled else event.type.partition("_")[2]
