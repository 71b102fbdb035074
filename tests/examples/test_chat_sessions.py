"""Chat sessions, virtual actors whose state is in Redis: what is known, and when it is not."""

import asyncio
import uuid
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor.plugins.redis import RemoteActorError, RemoteRef
from examples.chat_sessions.sessions import (
    QUESTIONS,
    Question,
    Session,
    Turn,
    serving,
    turns_of,
)
from examples.endpoint import Endpoint, Model
from tests.examples import command, model_server
from tests.examples.model_server import Act, ModelServer, Wire, chunk, data, refuses, says
from tests.plugins.conftest import Server


@pytest.fixture
def redis_url(tmp_path: Path) -> Generator[str]:
    server = Server(tmp_path)
    server.start()
    yield server.url
    server.kill()


@pytest.fixture
async def pool(redis_url: str, nothing_runs_on: None) -> AsyncGenerator[ConnectionPool]:
    async with aclosing(ConnectionPool.from_url(redis_url, decode_responses=True)) as one:
        yield one


def model_of(server: ModelServer) -> Model:
    return Model("m", Endpoint(base_url=server.url, api_key="k", max_retries=0))


def asking(session: str, text: str) -> Question:
    return Question(session=session, id=uuid.uuid4().hex, text=text)


def spoken(request: dict[str, Any]) -> list[str]:
    """What a model was sent."""
    return [f"{message['role']}: {message['content']}" for message in request["messages"]]


async def test_a_session_that_went_comes_back_with_what_was_said(pool: ConnectionPool) -> None:
    script: list[Act] = [says("Hello, ", "Ada."), says("Ada.")]
    async with (
        model_server.serving({"m": script}) as server,
        serving(model_of(server), pool) as sessions,
        RemoteRef[Question, Turn](pool, QUESTIONS) as desk,
    ):
        assert (await desk.ask(asking("ada", "I am Ada.")))["answer"] == "Hello, Ada."
        await sessions.deactivate(Session, "ada")
        assert not sessions.is_active(Session, "ada")
        assert (await desk.ask(asking("ada", "Who am I?")))["answer"] == "Ada."
        assert spoken(server.requests[-1]) == [
            "user: I am Ada.",
            "assistant: Hello, Ada.",
            "user: Who am I?",
        ]


async def test_sessions_know_nothing_of_each_other(pool: ConnectionPool) -> None:
    async with (
        model_server.serving({"m": [says("Hello.")]}) as server,
        serving(model_of(server), pool) as sessions,
        RemoteRef[Question, Turn](pool, QUESTIONS) as desk,
    ):
        for session in ("ada", "bob"):
            await desk.ask(asking(session, f"I am {session}."))
        assert sorted(sessions.active_ids(Session)) == ["ada", "bob"]
        assert spoken(server.requests[-1]) == ["user: I am bob."]


async def test_a_question_that_comes_a_second_time_is_answered_once(pool: ConnectionPool) -> None:
    question = asking("ada", "I am Ada.")
    async with (
        model_server.serving({"m": [says("Hello."), says("Again?")]}) as server,
        serving(model_of(server), pool) as sessions,
    ):
        first = await sessions.ask(Session, "ada", question)
        await sessions.deactivate(Session, "ada")
        assert await sessions.ask(Session, "ada", question) == first
        assert len(server.requests) == 1


async def test_one_who_waits_for_a_model_keeps_nobody_else(pool: ConnectionPool) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def waits(wire: Wire, request: dict[str, Any]) -> None:
        begun.set()
        await go.wait()
        await says("At last.")(wire, request)

    async with (
        model_server.serving({"m": [waits, says("At once.")]}) as server,
        serving(model_of(server), pool, desks=2),
        RemoteRef[Question, Turn](pool, QUESTIONS) as desk,
    ):
        slow = asyncio.create_task(desk.ask(asking("ada", "Think."), timeout=command.PATIENCE))
        await begun.wait()
        assert (await desk.ask(asking("bob", "Hi.")))["answer"] == "At once."
        go.set()
        assert (await slow)["answer"] == "At last."


async def test_what_a_model_failed_on_was_not_said(pool: ConnectionPool) -> None:
    script: list[Act] = [
        *[refuses(500, "it is our fault")] * 5,
        model_server.streams(data(chunk("Well"))),
        says("Hello."),
    ]
    async with (
        model_server.serving({"m": script}) as server,
        serving(model_of(server), pool, desks=1),
        RemoteRef[Question, Turn](pool, QUESTIONS) as desk,
    ):
        for said in [*["it is our fault"] * 5, "broke off"]:
            with pytest.raises(RemoteActorError, match=said):
                await desk.ask(asking("ada", "Hi."))
        assert (await desk.ask(asking("ada", "Still there?")))["answer"] == "Hello."
        assert spoken(server.requests[-1]) == ["user: Still there?"]
        async with Redis(connection_pool=pool) as redis:
            assert [turn["question"] for turn in await turns_of(redis, "ada")] == ["Still there?"]


# -- the command ----------------------------------------------------------------------------------


async def test_a_chat_goes_on_after_the_server_was_started_again(redis_url: str) -> None:
    variables = {"REDIS_URL": redis_url}
    async with model_server.serving({"m": [says("Hello, Ada."), says("Ada.")]}) as server:
        arguments = ("serve", "--model", "m", "--base-url", server.url)
        async with command.running("chat_sessions", *arguments, variables=variables) as serves:
            await command.line_with(serves.stdout, "Serving; 0 sessions are known.")
            said = await command.run(
                "chat_sessions", "talk", "ada", input="I am Ada.\n\n", variables=variables
            )
            assert (said.code, said.out, said.err) == (0, "Hello, Ada.\n", "")
            done = await command.interrupted(serves)
            assert (done.code, done.err) == (130, "")
            assert done.out.splitlines() == [
                "ada: here, after 0 turns",
                "ada: answered",
                "ada: gone",
            ]
        # What is asked while there is no server waits for one.
        async with command.running("chat_sessions", "talk", "ada", variables=variables) as talks:
            assert talks.stdin is not None
            talks.stdin.write(b"Who am I?\n")
            await command.line_with(talks.stdout, "Hello, Ada.")
            async with command.running("chat_sessions", *arguments, variables=variables) as serves:
                await command.line_with(serves.stdout, "Serving; 1 sessions are known.")
                await command.line_with(serves.stdout, "ada: here, after 1 turns")
                assert await command.line_with(talks.stdout, "Ada.") == "Ada.\n"
                said = await command.ended(talks)
        assert said.code == 0
        assert spoken(server.requests[-1])[-1] == "user: Who am I?"
        known = await command.run("chat_sessions", "list", variables=variables)
        assert (known.code, known.out, known.err) == (0, "ada\n", "")


async def test_a_question_is_answered_though_the_server_that_began_it_was_killed(
    redis_url: str,
) -> None:
    variables = {"REDIS_URL": redis_url}
    begun, left = asyncio.Event(), asyncio.Event()
    script = [model_server.hangs(left, begun), says("Hello.")]
    async with model_server.serving({"m": script}) as server:
        serve = ("chat_sessions", "serve", "--model", "m", "--base-url", server.url)
        async with command.running("chat_sessions", "talk", "ada", variables=variables) as talks:
            assert talks.stdin is not None
            talks.stdin.write(b"Hi.\n")
            async with command.running(*serve, variables=variables) as serves:
                async with asyncio.timeout(command.PATIENCE):
                    await begun.wait()
                    serves.kill()
                    await left.wait()
            async with command.running(*serve, variables=variables):
                assert await command.line_with(talks.stdout, "Hello") == "Hello.\n"
    assert [spoken(request) for request in server.requests] == [["user: Hi."]] * 2


async def test_without_a_server_a_question_is_withdrawn(redis_url: str) -> None:
    done = await command.run(
        *("chat_sessions", "--redis", redis_url, "talk", "ada", "--timeout", "0.1"), input="Hi.\n"
    )
    assert (done.code, done.out) == (1, "")
    assert done.err == "no answer within 0.1 s: is a server running?\n"


@pytest.mark.parametrize(
    "arguments", [["list"], ["talk", "ada"], ["serve", "--model", "m", "--base-url", "http://x"]]
)
async def test_without_redis_there_is_one_clear_error(arguments: list[str], tmp_path: Path) -> None:
    url = Server(tmp_path).url  # which is not started
    done = await command.run("chat_sessions", "--redis", url, *arguments, input="Hi.\n")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"Redis at {url} does not serve: ")
    assert done.err.count("\n") == 1


async def test_what_is_no_address_of_redis_is_bad_usage() -> None:
    done = await command.run("chat_sessions", "--redis", "http://x", "list")
    assert done.code == 2
    assert "Redis URL must specify one of the following schemes" in done.err
