"""The web endpoint, over a real socket: what is streamed, and what happens when nobody listens."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
import uvicorn
from starlette.types import Message

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import Flow, agent, pure
from everything_is_an_actor.testing import on_virtual_time
from examples.event_stream.web import ServerSentEvents, application, lines
from tests.examples import command


@asynccontextmanager
async def serving(flow: Flow[str, Any]) -> AsyncGenerator[httpx2.AsyncClient]:
    """A client of the application, which runs on a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(application(flow), log_level="warning", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve(sockets=[listening]))
    url = "http://{}:{}".format(*listening.getsockname())
    try:
        async with httpx2.AsyncClient(base_url=url, timeout=command.PATIENCE) as client:
            yield client
    finally:
        server.should_exit = True
        await running


async def read(lines: AsyncIterator[str]) -> AsyncGenerator[dict[str, str]]:
    """The events of a stream: their fields."""
    fields: dict[str, str] = {}
    async for line in lines:
        if line:
            name, _, value = line.partition(": ")
            fields[name] = value
        else:
            yield fields
            fields = {}


async def events_of(client: httpx2.AsyncClient, input: str, **headers: str) -> list[dict[str, str]]:
    """All events of a run, without the first word, which is no event."""
    async with client.stream(
        "GET", "/events", params={"input": input}, headers=headers
    ) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        first, *events = [event async for event in read(response.aiter_lines())]
    assert first == {"retry": "3000"}
    return events


async def shout(text: str) -> AsyncIterator[str]:
    for word in text.split():
        yield word.upper()


async def refuse(text: str) -> str:
    raise ValueError("no\nidea")


async def test_every_event_of_a_run_is_one_of_the_stream() -> None:
    async with serving(agent(shout).map(" ".join)) as client:
        events = await events_of(client, "how\nare you")
    assert [event["event"] for event in events] == [
        "flow_started",
        "task_started",
        *["task_chunk"] * 3,
        "task_completed",
        "flow_completed",
    ]
    data = [json.loads(event["data"]) for event in events]
    assert [each["type"] for each in data] == [event["event"] for event in events]
    assert (data[0]["data"], data[-1]["data"]) == ("how\nare you", "HOW ARE YOU")
    (run,) = {each["run_id"] for each in data}
    assert [event["id"] for event in events] == [
        *(f"{run}:{n}" for n in range(1, 7)),
        f"{run}:7:last",
    ]


async def test_a_flow_that_fails_is_told_of_and_harms_nobody(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving(agent(refuse)) as client:
        for _ in range(2):
            last = (await events_of(client, "why"))[-1]
            assert (last["event"], last["id"].rpartition(":")[2]) == ("flow_failed", "last")
    assert capsys.readouterr().err.count("ValueError: no\nidea") == 2


async def test_who_comes_back_after_the_end_is_sent_away() -> None:
    async with serving(pure(str.upper)) as client:
        last = (await events_of(client, "a"))[-1]
        again = await client.get(
            "/events", params={"input": "a"}, headers={"Last-Event-ID": last["id"]}
        )
        assert (again.status_code, again.content) == (204, b"")


async def test_who_was_cut_off_is_served_anew() -> None:
    async with serving(pure(str.upper)) as client:
        first = (await events_of(client, "a"))[0]
        again = await events_of(client, "a", **{"Last-Event-ID": first["id"]})
        assert again[0]["event"] == "flow_started"
        assert again[0]["id"] != first["id"]


async def test_who_goes_away_while_nothing_happens_cancels_the_run() -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def wait(text: str) -> str:
        try:
            begun.set()
            await asyncio.Event().wait()
        finally:
            ended.set()
        return text

    async with serving(agent(wait, timeout=None)) as client:
        async with client.stream("GET", "/events", params={"input": "a"}) as response:
            assert response.status_code == 200
            await begun.wait()
        async with asyncio.timeout(command.PATIENCE):
            await ended.wait()


async def test_who_goes_away_while_much_happens_cancels_the_run() -> None:
    """Far more is to be sent than the connection holds, so that the sender waits."""
    waits, ended = asyncio.Event(), asyncio.Event()

    async def flood(text: str) -> AsyncIterator[str]:
        try:
            while True:
                yield text * 100
                waits.set()
        finally:
            ended.set()

    async with serving(agent(flood, timeout=None)) as client:
        async with client.stream("GET", "/events", params={"input": "a" * 1_000}) as response:
            assert response.status_code == 200
            await waits.wait()
        async with asyncio.timeout(command.PATIENCE):
            await ended.wait()


async def test_the_run_has_ended_when_the_response_has() -> None:
    """Also where it was cut off while it sent: then nobody else would wait for the run."""
    sends, ended = asyncio.Event(), asyncio.Event()

    async def flood(text: str) -> AsyncIterator[str]:
        try:
            while True:
                yield text
        finally:
            await asyncio.sleep(0)  # a finaliser that takes its time
            ended.set()

    async def receive() -> Message:
        await sends.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if b"task_chunk" in message.get("body", b""):
            sends.set()
            await asyncio.Event().wait()

    async with AgentSystem() as system:
        response = ServerSentEvents(system.run_flow_stream(agent(flood, timeout=None), "a"))
        await response({"type": "http"}, receive, send)
        assert ended.is_set()


@on_virtual_time
async def test_while_nothing_happens_the_connection_is_kept_alive_and_no_event_is_lost() -> None:
    async def ponder(text: str) -> str:
        await asyncio.sleep(40)
        return text

    flow = agent(ponder, timeout=None)
    async with AgentSystem() as system:
        sent = [line async for line in lines(system.run_flow_stream(flow, "a"), 15.0)]
    comment = ": keep-alive\n\n"
    assert [line if line == comment else line.split("\n")[1] for line in sent[1:]] == [
        "event: flow_started",
        "event: task_started",
        comment,
        comment,
        "event: task_completed",
        "event: flow_completed",
    ]


@on_virtual_time
async def test_a_timeout_of_the_flow_is_not_taken_for_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async def ponder(text: str) -> str:
        await asyncio.sleep(40)
        return text

    async with AgentSystem() as system:
        events = system.run_flow_stream(agent(ponder).timeout(1.0), "a")
        sent = [line async for line in lines(events, 15.0)]
    assert "event: flow_failed" in sent[-1]
    assert "TimeoutError" in capsys.readouterr().err


async def test_runs_beside_each_other_are_told_apart() -> None:
    async with serving(agent(shout)) as client:
        one, other = await asyncio.gather(events_of(client, "a b"), events_of(client, "c d"))
    for events, output in ((one, ["A", "B"]), (other, ["C", "D"])):
        data = [json.loads(event["data"]) for event in events]
        assert len({each["run_id"] for each in data}) == 1
        assert data[-1]["data"] == output


@pytest.mark.parametrize(("input", "said"), [(" ", "nothing was asked"), ("a" * 1_001, "at most")])
async def test_what_is_no_question_is_refused(input: str, said: str) -> None:
    async with serving(pure(str.upper)) as client:
        response = await client.get("/events", params={"input": input})
        assert response.status_code == 400
        assert said in response.text


async def test_there_is_a_page_to_ask_from() -> None:
    async with serving(pure(str.upper)) as client:
        page = await client.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "new EventSource(" in page.text


async def test_the_command_answers_a_question_about_python(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    log = tmp_path_factory.mktemp("log") / "log.jsonl"
    variables = {"ASK_DOCS_LOG": str(log)}
    async with command.running("event_stream", "--port", "0", variables=variables) as process:
        said = await command.line_with(process.stderr, "Uvicorn running on")
        url = re.search(r"http://[\d.:]+", said)
        assert url is not None
        async with httpx2.AsyncClient(base_url=url[0], timeout=command.PATIENCE) as client:
            *_, last = await events_of(client, "What is a generator?")
            answer = " ".join(json.loads(last["data"])["data"].split())
            assert "is called a generator function. [1]" in answer
            listening = client.stream("GET", "/events", params={"input": "What are lambdas?"})
            async with listening as response:
                assert response.status_code == 200
                done = await command.interrupted(process)
    assert done.code == 0
    assert "Application shutdown complete." in done.err
    assert "Traceback" not in done.err
