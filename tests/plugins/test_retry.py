"""Asking again at exact instants, and actors that handle a key once."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Any, assert_type, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    MailboxFullError,
    MemoryMailbox,
)
from everything_is_an_actor.algebra.plain import without_addresses
from everything_is_an_actor.flow import Backoff
from everything_is_an_actor.plugins.retry import (
    Idempotent,
    IdempotentActorMixin,
    Replies,
    ask_with_retry,
)
from everything_is_an_actor.testing import on_virtual_time, run

EXACT = Backoff(1.0, factor=2.0, maximum=60.0)


def now() -> float:
    return asyncio.get_running_loop().time()


class Scripted(Actor[str, str]):
    """Notes when it is asked; raises the errors of its script first, then answers."""

    def __init__(self, script: list[Exception | float], asked: list[float]) -> None:
        self.script = script
        self.asked = asked

    @override
    async def on_receive(self, message: str) -> str:
        self.asked.append(now())
        if self.script:
            match self.script.pop(0):
                case Exception() as error:
                    raise error
                case seconds:
                    await asyncio.sleep(seconds)
        return message.upper()


def asked_at(
    script: list[Exception | float], ask: Callable[[ActorRef[str, str]], Awaitable[Any]]
) -> tuple[list[float], Any]:
    """The instants at which the actor was asked, and what came of it in the end."""
    asked: list[float] = []

    async def main() -> Any:
        async with ActorSystem("app") as system:
            ref = await system.spawn(Scripted, "scripted", args=(script, asked))
            try:
                return await ask(ref)
            except Exception as error:
                return error

    return asked, run(main())


def fails(times: int) -> list[Exception | float]:
    return [ConnectionError(f"number {number}") for number in range(1, times + 1)]


# ------------------------------------------------------------------------------------ attempts


def test_the_first_reply_is_the_reply() -> None:
    assert asked_at([], lambda ref: ask_with_retry(ref, "hi")) == ([0.0], "HI")


def test_the_waits_are_those_of_the_backoff() -> None:
    assert asked_at(
        fails(3),
        lambda ref: ask_with_retry(
            ref, "hi", attempts=4, backoff=EXACT, jitter=0.0, retry_on=ConnectionError
        ),
    ) == ([0.0, 1.0, 3.0, 7.0], "HI")


def test_attempts_are_bounded_and_the_last_error_tells_of_those_before() -> None:
    asked, error = asked_at(
        fails(9),
        lambda ref: ask_with_retry(ref, "hi", backoff=EXACT, jitter=0, retry_on=ConnectionError),
    )
    assert asked == [0.0, 1.0, 3.0]
    assert repr(error) == "ConnectionError('number 3')"
    assert error.__notes__ == [
        "attempt 3 of 3 to ask /app/scripted, after "
        "ConnectionError('number 1'), ConnectionError('number 2')"
    ]
    assert error.__context__ is None


def test_a_first_error_that_is_not_retried_has_no_note() -> None:
    asked, error = asked_at(fails(1), lambda ref: ask_with_retry(ref, "hi"))
    assert asked == [0.0]
    assert not hasattr(error, "__notes__")


@pytest.mark.parametrize(
    ("jitter", "shares"),
    [(0.1, (0.9, 1.0)), (0.5, (0.5, 1.0)), (1.0, (0.0, 1.0))],
    ids=["a_tenth", "equal_jitter", "full_jitter"],
)
def test_jitter_takes_its_share_of_each_wait(jitter: float, shares: tuple[float, float]) -> None:
    asked, _ = asked_at(
        fails(3),
        lambda ref: ask_with_retry(
            ref,
            "hi",
            attempts=4,
            backoff=EXACT,
            jitter=jitter,
            retry_on=ConnectionError,
            random=random.Random(7),
        ),
    )
    drawn = random.Random(7)
    expected = [0.0]
    for number in range(3):
        expected.append(expected[-1] + EXACT.delay(number) * (1 - jitter * drawn.random()))
    assert asked == pytest.approx(expected, abs=1e-9)
    waits = [later - earlier for earlier, later in pairwise(asked)]
    for number, wait in enumerate(waits):
        least, most = (share * EXACT.delay(number) for share in shares)
        assert least <= wait <= most


# ---------------------------------------------------------------------------- what is retried


def test_a_timeout_is_asked_again_and_the_timeout_is_of_each_attempt() -> None:
    asked, reply = asked_at(
        [1.5], lambda ref: ask_with_retry(ref, "hi", timeout=1.0, backoff=EXACT, jitter=0)
    )
    assert (asked, reply) == ([0.0, 2.0], "HI")


def test_attempts_that_all_time_out_end_in_the_timeout() -> None:
    asked, error = asked_at(
        [0.9, 0.9, 9.0],
        lambda ref: ask_with_retry(
            ref, "hi", attempts=2, timeout=0.5, backoff=EXACT, jitter=0, idempotency_key=None
        ),
    )
    assert asked == [0.0, 1.5]
    assert isinstance(error, AskTimeoutError)
    assert error.__notes__ == [
        "attempt 2 of 2 to ask /app/scripted, after AskTimeoutError('/app/scripted', 0.5)"
    ]


@on_virtual_time
async def test_a_full_mailbox_is_asked_again() -> None:
    asked: list[float] = []
    script: list[Exception | float] = [2.5]
    async with ActorSystem("app") as system:
        box = MemoryMailbox(1, backpressure_policy="fail")
        ref = await system.spawn(Scripted, "busy", mailbox=box, args=(script, asked))
        await ref.tell("in hand")
        await asyncio.sleep(0)
        await ref.tell("queued")
        with pytest.raises(MailboxFullError):
            await ref.ask("now")
        assert await ask_with_retry(ref, "hi", backoff=EXACT, jitter=0) == "HI"
    assert asked == [0.0, 2.5, 3.0]


def test_an_error_of_the_handler_is_not_asked_again() -> None:
    asked, error = asked_at([ValueError("no")], lambda ref: ask_with_retry(ref, "hi"))
    assert (asked, repr(error)) == ([0.0], "ValueError('no')")


@on_virtual_time
async def test_a_stopped_actor_is_not_asked_again() -> None:
    async with ActorSystem("app") as system:
        ref = await system.spawn(Scripted, "scripted", args=([], []))
        await ref.stop()
        with pytest.raises(ActorStoppedError):
            await ask_with_retry(ref, "hi")
        assert now() == 0.0


def test_a_predicate_decides() -> None:
    asked, error = asked_at(
        [ConnectionError("again"), ConnectionError("final"), ConnectionError("again")],
        lambda ref: ask_with_retry(
            ref, "hi", attempts=9, retry_on=lambda error: "again" in str(error)
        ),
    )
    assert len(asked) == 2
    assert repr(error) == "ConnectionError('final')"
    assert len(error.__notes__) == 1


def test_classes_decide() -> None:
    asked, reply = asked_at(
        [KeyError("a"), OSError("b")],
        lambda ref: ask_with_retry(ref, "hi", retry_on=(LookupError, OSError)),
    )
    assert (len(asked), reply) == (3, "HI")


@pytest.mark.parametrize("after", [0.5, 1.5, 2.5], ids=["asking", "waiting", "asking_again"])
@on_virtual_time
async def test_a_cancellation_ends_it_at_once(after: float) -> None:
    async with ActorSystem("app") as system:
        ref = await system.spawn(Scripted, "scripted", args=([9.0, 9.0], []))
        call = asyncio.create_task(
            ask_with_retry(ref, "hi", timeout=1.0, backoff=EXACT, jitter=0, retry_on=Exception)
        )
        await asyncio.sleep(after)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert now() == after
        await ref.interrupt()


# ------------------------------------------------------------------------------- wrong arguments


@pytest.mark.parametrize(
    ("arguments", "error", "text"),
    [
        ({"attempts": 0}, ValueError, "attempts must be at least 1, got 0"),
        ({"attempts": 2.0}, TypeError, "attempts must be an int"),
        ({"backoff": 0.5}, TypeError, "backoff must be a Backoff, got 0.5"),
        ({"jitter": -0.1}, ValueError, "jitter must be a finite number >= 0"),
        ({"jitter": 1.1}, ValueError, "jitter must be at most 1"),
        ({"timeout": 0}, ValueError, "timeout must be a finite number of seconds > 0"),
        ({"retry_on": BaseException}, TypeError, "retry_on must be a class of exceptions"),
        ({"retry_on": (OSError, "no")}, TypeError, "retry_on must be a class of exceptions"),
        ({"retry_on": asyncio.sleep}, TypeError, "or a plain function of the exception"),
        ({"idempotency_key": ""}, ValueError, "key must not be empty"),
        ({"idempotency_key": 7}, TypeError, "key must be a str"),
    ],
    ids=lambda value: without_addresses(repr(value)) if isinstance(value, dict) else None,
)
def test_a_wrong_argument_is_refused_before_anything_is_asked(
    arguments: dict[str, Any], error: type[Exception], text: str
) -> None:
    asked, raised = asked_at([], lambda ref: ask_with_retry(ref, "hi", **arguments))
    assert asked == []
    assert type(raised) is error
    assert text in str(raised)


@pytest.mark.parametrize("arguments", [{"max_keys": 0}, {"key_ttl": 0}, {"key_ttl": -1.0}])
def test_the_bounds_of_a_record_are_checked(arguments: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^Replies: "):
        Replies(**arguments)


# ---------------------------------------------------------------------------------- idempotency


class Till(IdempotentActorMixin[int, int]):
    """Adds up; takes its time, or fails, as it is told by its script."""

    def __init__(
        self, script: list[Exception | float] | None = None, replies: Replies[int] | None = None
    ) -> None:
        self.script = [] if script is None else script
        self.total = 0
        if replies is not None:
            self.replies = replies

    @override
    async def handle(self, message: int) -> int:
        if self.script:
            match self.script.pop(0):
                case Exception() as error:
                    raise error
                case seconds:
                    await asyncio.sleep(seconds)
        self.total += message
        return self.total


class Adder(Actor[int, int]):
    total = 0

    @override
    async def on_receive(self, message: int) -> int:
        self.total += message
        return self.total


class AddsOnce(IdempotentActorMixin[int, int], Adder):
    """An actor that there was already, with the mixin before it."""


@pytest.mark.parametrize("cls", [Till, AddsOnce])
@on_virtual_time
async def test_a_key_is_handled_once_and_a_message_without_one_each_time(
    cls: type[IdempotentActorMixin[int, int]],
) -> None:
    async with ActorSystem("app") as system:
        till = await system.spawn(cls, "till")
        assert await till.ask(Idempotent("a", 1)) == 1
        assert await till.ask(Idempotent("b", 1)) == 2
        assert await till.ask(Idempotent("a", 1)) == 1
        assert [await till.ask(1), await till.ask(1)] == [3, 4]


@on_virtual_time
async def test_an_attempt_that_comes_while_the_first_is_handled_gets_its_reply() -> None:
    async with ActorSystem("app") as system:
        till = await system.spawn(Till, "till", args=([3.0],))
        reply = await ask_with_retry(
            till, 5, timeout=1.0, backoff=Backoff(0.25), jitter=0, idempotency_key="order"
        )
        assert (reply, now()) == (5, 3.0)  # asked at 0, 1.25 and 2.75
        assert await till.ask(0) == 5


@on_virtual_time
async def test_a_key_of_its_own_is_made_for_each_call_and_kept_for_its_attempts() -> None:
    async with ActorSystem("app") as system:
        till = await system.spawn(Till, "till", args=([1.5],))
        for expected in (5, 10):
            assert (
                await ask_with_retry(
                    till, 5, timeout=1.0, backoff=EXACT, jitter=0, idempotency_key=True
                )
                == expected
            )


@on_virtual_time
async def test_a_failure_is_not_recorded_and_its_key_is_handled_again() -> None:
    async with ActorSystem("app") as system:
        till = await system.spawn(Till, "till", args=([ConnectionError("once")],))
        assert await ask_with_retry(till, 5, retry_on=ConnectionError, idempotency_key="order") == 5
        assert await till.ask(Idempotent("order", 5)) == 5


@on_virtual_time
async def test_a_reply_of_none_is_a_reply() -> None:
    class Counts(IdempotentActorMixin[str, None]):
        count = 0

        @override
        async def handle(self, message: str) -> None:
            Counts.count += 1

    async with ActorSystem("app") as system:
        counts = await system.spawn(Counts, "counts")
        await counts.tell(Idempotent("key", "told"))
        await counts.ask(Idempotent("key", "asked"))
    assert Counts.count == 1


@on_virtual_time
async def test_the_oldest_keys_are_forgotten() -> None:
    async with ActorSystem("app") as system:
        replies = Replies[int](max_keys=2)
        till = await system.spawn(Till, "till", args=(None, replies))
        for number in range(1000):
            await till.ask(Idempotent(f"{number}", 1))
        assert len(replies) == 2
        assert await till.ask(Idempotent("998", 1)) == 999
        assert await till.ask(Idempotent("997", 1)) == 1001


@on_virtual_time
async def test_a_key_is_forgotten_when_its_time_is_over() -> None:
    async with ActorSystem("app") as system:
        replies = Replies[int](key_ttl=10.0)
        till = await system.spawn(Till, "till", args=(None, replies))
        assert await till.ask(Idempotent("a", 1)) == 1
        await asyncio.sleep(5.0)
        assert await till.ask(Idempotent("b", 1)) == 2
        await asyncio.sleep(4.75)
        assert await till.ask(Idempotent("a", 1)) == 1
        await asyncio.sleep(0.25)  # ten seconds after the reply
        assert await till.ask(Idempotent("a", 1)) == 3
        assert await till.ask(Idempotent("b", 1)) == 2
        assert len(replies) == 2


@pytest.mark.parametrize("kept", [False, True], ids=["of_the_instance", "given"])
@on_virtual_time
async def test_a_restart_forgets_the_keys_unless_the_record_is_given(kept: bool) -> None:
    async with ActorSystem("app") as system:
        script: list[Exception | float] = []
        replies = Replies[int]() if kept else None
        till = await system.spawn(Till, "till", args=(script, replies))
        assert await till.ask(Idempotent("a", 5)) == 5
        script.append(ValueError("a restart"))
        with pytest.raises(ValueError, match="a restart"):
            await till.ask(0)
        await till.ask(Idempotent("a", 5))
        assert await till.ask(0) == (0 if kept else 5)


async def test_a_message_that_was_stashed_is_handled_later_and_recorded_then() -> None:
    class Stashes(IdempotentActorMixin[str, str]):
        is_open = False

        @override
        async def handle(self, message: str) -> str:
            if message == "open":
                self.is_open = True
                self.context.unstash_all()
            elif not self.is_open:
                self.context.stash()
                return "not yet"
            return message.upper()

    async with ActorSystem() as system:
        ref = await system.spawn(Stashes, "stashes")
        asked = asyncio.ensure_future(ref.ask(Idempotent("key", "hello")))
        await asyncio.sleep(0)
        await ref.tell("open")
        assert await asked == "HELLO"
        assert await ref.ask(Idempotent("key", "hello again")) == "HELLO"


def test_a_class_that_would_go_round_the_record_is_refused() -> None:
    with pytest.raises(TypeError, match="override handle instead"):
        type("Wrong", (Adder, IdempotentActorMixin), {})


# ---------------------------------------------------------------------------------------- types


async def types(
    texts: ActorRef[str, int],
    till: ActorRef[int | Idempotent[int], str],
    keyed: ActorRef[Idempotent[int], str],
    system: ActorSystem,
) -> None:
    """Read by mypy, never run."""
    assert_type(await ask_with_retry(texts, "hi"), int)
    assert_type(await ask_with_retry(texts, "hi", attempts=2, retry_on=OSError), int)
    assert_type(await ask_with_retry(texts, "hi", retry_on=(OSError, KeyError)), int)
    assert_type(await ask_with_retry(texts, "hi", retry_on=lambda error: bool(error.args)), int)
    assert_type(await ask_with_retry(till, 3), str)
    assert_type(await ask_with_retry(till, 3, idempotency_key="key"), str)
    assert_type(await ask_with_retry(till, 3, idempotency_key=True), str)
    assert_type(await ask_with_retry(keyed, 3, idempotency_key="key"), str)
    assert_type(await ask_with_retry(keyed, Idempotent("key", 3)), str)
    assert_type(await ask_with_retry(await system.spawn(Till, "till"), 3), int)
    assert_type(await ask_with_retry(await system.spawn(AddsOnce, "adds"), 3), int)
    _wider: Idempotent[object] = Idempotent[int]("key", 3)
    await ask_with_retry(texts, 3)  # type: ignore[misc]  # it takes str
    await ask_with_retry(texts, "hi", idempotency_key="key")  # type: ignore[arg-type]  # no key
    await ask_with_retry(till, "hi", idempotency_key="key")  # type: ignore[misc]  # it takes int
    await ask_with_retry(keyed, 3)  # type: ignore[misc]  # a key is missing
