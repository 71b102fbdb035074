"""Payloads are JSON or a codec given by the user; what cannot be encoded is a `TypeError`."""

import logging
import subprocess
import sys
from contextlib import aclosing
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import ConnectionPool, Redis

from everything_is_an_actor.plugins.redis import (
    JsonCodec,
    RedisMailbox,
    RemoteActorError,
    RemoteRef,
)
from everything_is_an_actor.runtime.letters import Envelope
from tests.plugins.actors import PATIENCE, Handled, actor_on
from tests.plugins.conftest import keys_of

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # also halves of surrogate pairs, which are no UTF-8
    | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


class Colour(StrEnum):
    RED = "red"


class Number(IntEnum):
    ONE = 1


@dataclass(frozen=True)
class Question:
    text: str


class Questions:
    """A codec of a user's own, of bytes that are no text."""

    def encode(self, message: Any, /) -> bytes:
        if not isinstance(message, Question):
            raise AttributeError(message)
        return b"\xff\x00\n" + message.text.encode()

    def decode(self, payload: bytes, /) -> Any:
        return Question(payload.removeprefix(b"\xff\x00\n").decode())


@given(json_values)
def test_json_gives_back_what_it_was_given(value: Any) -> None:
    codec = JsonCodec()
    back = codec.decode(codec.encode(value))
    assert repr(back) == repr(value)


ring: list[Any] = []
ring.append(ring)
deep: list[Any] = []
for _ in range(100_000):
    deep = [deep]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (float("nan"), "nan at message"),
        ([1.0, float("inf")], r"inf at message\[1\]"),
        ((1, 2), r"\(1, 2\) \(tuple\) at message"),
        ({"a": {1: "b"}}, r"the key 1 \(int\) at message\['a'\]"),
        ({None: 1}, "the key None"),
        (b"bytes", r"\(bytes\)"),
        ({1, 2}, r"\(set\)"),
        (Question("?"), r"\(Question\) at message: give a codec"),
        (Colour.RED, r"\(Colour\)"),
        (Number.ONE, r"\(Number\)"),
        (ring, "Circular"),
        (deep, "JSON cannot carry"),
        (10**5000, "JSON cannot carry"),
    ],
    ids=lambda value: "" if isinstance(value, str) else type(value).__name__,
)
def test_json_refuses_what_would_not_come_back_as_it_was(value: Any, says: str) -> None:
    with pytest.raises(TypeError, match=says):
        JsonCodec().encode(value)


@pytest.mark.parametrize(
    ("payload", "says"),
    [
        (b"NaN", "NaN is not JSON"),
        (b"[Infinity]", "Infinity is not JSON"),
        (b"{", "Expecting property name"),
        (b"\xff", "invalid start byte"),
        ('"utf-16"'.encode("utf-16"), "invalid start byte"),
    ],
)
def test_json_decodes_nothing_but_json(payload: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        JsonCodec().decode(payload)


async def test_what_cannot_be_encoded_is_a_type_error_before_anything_is_sent(
    pool: ConnectionPool, queue: str
) -> None:
    box = RedisMailbox(pool, queue)
    with pytest.raises(TypeError, match="tuple"):
        await box.put(Envelope((1, 2)))
    with pytest.raises(TypeError, match="tuple"):
        await box.put_batch([Envelope(1), Envelope((1, 2))])
    async with RemoteRef[Any, Any](pool, queue) as ref:
        with pytest.raises(TypeError, match="tuple"):
            await ref.ask((1, 2))
    await box.release()
    mine = RedisMailbox(pool, queue, codec=Questions())
    with pytest.raises(TypeError, match="AttributeError"):
        await mine.put(Envelope("no question"))
    await mine.release()
    assert await keys_of(pool, queue) == []


async def test_a_codec_of_the_user_s_own_carries_messages_and_replies(
    pool: ConnectionPool, queue: str
) -> None:
    codec = Questions()
    async with (
        actor_on(pool, queue, codec=codec),
        RemoteRef[Question, Question](pool, queue, codec=codec) as ref,
    ):
        assert await ref.ask(Question("why?"), timeout=PATIENCE) == Question("why?")


async def test_a_pool_that_decodes_its_replies_is_as_good(redis_url: str, queue: str) -> None:
    codec = Questions()
    async with (
        aclosing(ConnectionPool.from_url(redis_url, decode_responses=True)) as decodes,
        actor_on(decodes, queue, codec=codec) as ref,
    ):
        assert await ref.ask(Question("why?"), timeout=PATIENCE) == Question("why?")


async def test_a_client_is_as_good_as_a_pool_and_stays_the_user_s(
    redis_url: str, queue: str
) -> None:
    async with Redis.from_url(redis_url) as client:
        async with actor_on(client, queue) as ref:
            assert await ref.ask("one", timeout=PATIENCE) == "one"
        assert await client.exists(queue) == 0


async def test_what_cannot_be_decoded_is_moved_away_and_its_asker_is_told(
    pool: ConnectionPool, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    handled = Handled()
    async with (
        RemoteRef[Any, Any](pool, queue, codec=Questions()) as confused,
        actor_on(pool, queue, handled) as ref,
    ):
        await confused.tell(Question("why?"))
        with pytest.raises(RemoteActorError, match="UnicodeDecodeError"):
            await confused.ask(Question("why?"), timeout=PATIENCE)
        assert await ref.ask("after", timeout=PATIENCE) == "after"
    assert handled == ["after"]
    client: Any = Redis(connection_pool=pool)
    entries = await client.xrange(f"{queue}:poison")
    assert [fields[b"payload"][-7:] for _, fields in entries] == [b"\xff\x00\nwhy?"] * 2
    assert b"UnicodeDecodeError" in entries[0][1][b"error"]
    assert [r.levelno for r in caplog.records] == [logging.ERROR] * 2
    assert await keys_of(pool, queue) == ["poison"]


async def test_what_is_no_message_at_all_is_moved_away(
    pool: ConnectionPool, queue: str, caplog: pytest.LogCaptureFixture
) -> None:
    client: Any = Redis(connection_pool=pool)
    payloads = (
        b"\xff",
        b"{}",
        b"[]\n1",
        b'{"from":null,"reply_to":["x"]}\n1',
        b'{"from":null,"reply_to":null}',
    )
    for id, payload in enumerate(payloads):
        await client.hset(f"{queue}:messages", id, payload)
        await client.rpush(f"{queue}:ready", id)
    await client.rpush(f"{queue}:ready", "an id without a message")
    async with actor_on(pool, queue) as ref:
        assert await ref.ask("after", timeout=PATIENCE) == "after"
    assert await client.xlen(f"{queue}:poison") == len(payloads)
    assert await keys_of(pool, queue) == ["poison"]


async def test_an_answer_that_cannot_be_left_anywhere_stops_nothing(
    pool: ConnectionPool, queue: str
) -> None:
    client: Any = Redis(connection_pool=pool)
    await client.set(f"{queue}:elsewhere", "not a stream")
    payload = f'{{"from":null,"reply_to":"{queue}:elsewhere"}}\n1'
    await client.hset(f"{queue}:messages", "1", payload)
    await client.rpush(f"{queue}:ready", "1")
    async with actor_on(pool, queue) as ref:
        assert await ref.ask("after", timeout=PATIENCE) == "after"
    assert await keys_of(pool, queue) == ["elsewhere"]


def test_without_the_package_redis_the_error_names_the_extra() -> None:
    program = (
        "import sys; sys.modules['redis'] = None\n"
        "try: import everything_is_an_actor.plugins.redis\n"
        "except ImportError as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "pip install 'everything-is-an-actor[redis]'" in run.stdout
