"""Mixture of Agents, against a server that speaks the protocol."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from examples.endpoint import Endpoint, Model
from examples.mixture import SYNTHESIS, mixture, run
from tests.examples import command
from tests.examples.model_server import (
    Act,
    ModelServer,
    Wire,
    chunk,
    data,
    hangs,
    refuses,
    says,
    serving,
    streams,
)

ASKED = {"role": "user", "content": "Why?"}


def synthesis(*answers: str) -> dict[str, str]:
    references = "\n".join(f"{i}. {answer}" for i, answer in enumerate(answers, start=1))
    return {"role": "system", "content": SYNTHESIS + references}


async def ask(
    server: ModelServer, proposers: Sequence[str], *, retries: int = 0, **options: Any
) -> int:
    endpoint = Endpoint(base_url=server.url, api_key="secret", max_retries=retries)
    models = [Model(name, endpoint) for name in proposers]
    return await run(mixture(models, Model("last", endpoint), **options), "Why?", endpoint)


async def test_the_aggregator_makes_one_answer_of_all(capsys: pytest.CaptureFixture[str]) -> None:
    models = {
        "a": [says("Light ", "scatters.")],
        "b": [says("Physics.")],
        "last": [says("So ", "it is.")],
    }
    async with serving(models) as server:
        assert await ask(server, ["a", "b"]) == 0
    out, err = capsys.readouterr()
    assert out == "So it is.\n"
    assert [line.partition(",")[0] for line in sorted(err.splitlines())] == [
        "a: 15 characters",
        "b: 8 characters",
        "the aggregator: 9 characters",
    ]
    *proposing, aggregating = [request["messages"] for request in server.requests]
    assert proposing == [[ASKED], [ASKED]]
    assert aggregating == [synthesis("Light scatters.", "Physics."), ASKED]
    assert server.keys == {"Bearer secret"}


async def test_a_second_layer_sees_the_answers_of_the_first() -> None:
    models = {"a": [says("One."), says("Two.")], "last": [says("Three.")]}
    async with serving(models) as server:
        assert await ask(server, ["a"], layers=2) == 0
    assert [request["messages"] for request in server.requests] == [
        [ASKED],
        [synthesis("One."), ASKED],
        [synthesis("Two."), ASKED],
    ]


FAILURES: Mapping[str, tuple[Act, str]] = {
    "refused": (refuses(429, "slow down"), "the endpoint refuses: Error code: 429 - slow down"),
    "broken": (refuses(500, "it is our fault"), "Error code: 500 - it is our fault"),
    "in the stream": (
        streams(data(chunk("Well")), data({"error": {"message": "overloaded"}})),
        "the endpoint gave up: overloaded",
    ),
    "no JSON": (streams(b"data: {oops\n\n"), "the endpoint sent what is no chunk"),
    "no object": (streams(data([1])), "the endpoint sent what is no chunk"),
    "no choices": (streams(data({"choices": None})), "the endpoint sent what is no chunk"),
    "no delta": (streams(data({"choices": [{}]})), "the endpoint sent what is no chunk"),
    "ended early": (streams(data(chunk("Well"))), "broke off before the answer was complete"),
    "cut short": (streams(data(chunk("Well")), ends=False), "is out of reach: "),
    "empty": (says(), "the answer is empty"),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_who_fails_is_left_out(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    act, what = FAILURES[name]
    async with serving({"a": [says("Yes.")], "b": [act], "last": [says("So be it.")]}) as server:
        assert await ask(server, ["a", "b"]) == 0
    out, err = capsys.readouterr()
    (failed,) = [line for line in err.splitlines() if line.startswith("b: failed: ")]
    assert what in failed
    assert out == "So be it.\n"
    assert server.requests[-1]["messages"] == [synthesis("Yes."), ASKED]


async def test_who_takes_too_long_is_left_out_and_hung_up_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    left = asyncio.Event()
    async with serving({"a": [hangs(left)], "b": [says("b")], "last": [says("b")]}) as server:
        assert await ask(server, ["a", "b"], timeout=2.0) == 0
        await left.wait()
    assert "a: failed: agent(Model(name='a').reply) did not finish" in capsys.readouterr().err


async def test_what_was_refused_is_asked_again_when_the_endpoint_says_so() -> None:
    busy = refuses(429, "slow down", "retry-after-ms: 1")
    async with serving({"a": [busy, busy, says("Yes.")], "last": [says("Yes.")]}) as server:
        assert await ask(server, ["a"], retries=2) == 0
    assert [request["model"] for request in server.requests] == ["a", "a", "a", "last"]


async def test_too_few_answers_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    async with serving({"a": [says("Yes.")], "last": [says("Never.")]}) as server:
        assert await ask(server, ["a", "b"], min_success=2) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines()[-1].startswith("no answer: 1 of 2 flows succeeded, at least 2 were")


async def test_an_endpoint_that_is_not_there_is_one_clear_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    async with serving({}) as server:
        pass
    assert await ask(server, ["a"]) == 1
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith(f"a: failed: {server.url}/ is out of reach: ")
    assert last.startswith("no answer: 0 of 1 flow succeeded")


async def test_an_answer_that_breaks_off_is_shown_as_far_as_it_came(
    capsys: pytest.CaptureFixture[str],
) -> None:
    breaks = streams(data(chunk("So it ")), data(chunk("is")))
    async with serving({"a": [says("Yes.")], "last": [breaks]}) as server:
        assert await ask(server, ["a"]) == 1
    out, err = capsys.readouterr()
    assert out == "So it is\n"
    assert err.splitlines()[-1] == "no answer: the stream broke off before the answer was complete"


async def test_the_command_prints_the_answer_while_it_comes() -> None:
    seen = asyncio.Event()

    async def waits(wire: Wire, request: dict[str, Any]) -> None:
        await wire.begin()
        await wire.send(data(chunk("So ")))
        await seen.wait()
        await wire.send(data(chunk("it is.", "stop")))
        await wire.end()

    async with serving({"org/a": [says("Yes.")], "last": [waits]}) as server:
        variables = {"OPENAI_BASE_URL": server.url, "OPENAI_API_KEY": "secret"}
        arguments = ("Why?", "--proposer", "org/a", "--aggregator", "last")
        async with command.running("mixture", *arguments, variables=variables) as process:
            assert process.stdout is not None
            async with asyncio.timeout(command.PATIENCE):
                assert await process.stdout.readexactly(3) == b"So "
            seen.set()
            done = await command.ended(process)
    assert (done.code, done.out) == (0, "it is.\n")
    assert len(done.err.splitlines()) == 2
    assert server.keys == {"Bearer secret"}


async def test_an_interrupt_hangs_up() -> None:
    begun, left = asyncio.Event(), asyncio.Event()
    async with serving({"a": [hangs(left, begun)]}) as server:
        arguments = ("Why?", "--proposer", "a", "--aggregator", "a", "--base-url", server.url)
        async with command.running("mixture", *arguments) as process:
            async with asyncio.timeout(command.PATIENCE):
                await begun.wait()
                done = await command.interrupted(process)
                await left.wait()
    assert (done.code, done.out, done.err) == (130, "", "\nInterrupted.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Why?", "--aggregator", "a"], "the following arguments are required: --proposer"),
        (["Why?", "--proposer", "a", "--aggregator", "a"], "no key: set OPENAI_API_KEY"),
        (
            [
                "Why?",
                "--proposer",
                "a",
                "--aggregator",
                "a",
                "--api-key",
                "k",
                "--min-success",
                "2",
            ],
            "min_success=2 of 1 proposer can never succeed",
        ),
    ],
)
async def test_bad_usage_is_told_before_anything_is_asked(arguments: list[str], said: str) -> None:
    done = await command.run("mixture", *arguments)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
