"""Right programs of operations on actors, each with the exact type that mypy infers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Generator, Sequence
from dataclasses import dataclass
from typing import Any, Never, assert_type, override

from returns.result import Result

from everything_is_an_actor import Actor, ActorRef, ActorSystem
from everything_is_an_actor.agents import AgentActor, Task, TaskResult
from everything_is_an_actor.free import (
    ActorOp,
    Ask,
    FlatMap,
    Free,
    Interpreter,
    Operation,
    Pure,
    Step,
    Suspend,
    ask,
    attempt,
    fold_map,
    get_ref,
    par,
    program,
    run_live,
    run_pure,
    sleep,
    spawn,
    stop,
    tell,
)

type Program[A] = Free[ActorOp, A]


class Length(Actor[str, int]):
    @override
    async def on_receive(self, message: str) -> int:
        return len(message)


class Digits(Actor[int, list[str]]):
    @override
    async def on_receive(self, message: int) -> list[str]:
        return list(str(message))


class Box[T](Actor[T, tuple[T, ...]]):
    @override
    async def on_receive(self, message: T) -> tuple[T, ...]:
        return (message,)


class Fetcher(AgentActor[str, bytes]):
    @override
    async def execute(self, input: str) -> bytes:
        return input.encode()


async def fetch(url: str) -> bytes:
    return url.encode()


async def lines(url: str) -> AsyncIterator[str]:
    yield url


def half(n: int) -> float:
    return n / 2


def again(n: int) -> Program[int]:
    return Pure(n)


def operations(length: ActorRef[str, int], digits: ActorRef[int, list[str]]) -> None:
    assert_type(length.free_ask("a"), Program[int])
    assert_type(length.free_ask("a", timeout=None), Program[int])
    assert_type(digits.free_ask(1), Program[list[str]])
    assert_type(length.free_tell("a"), Program[None])
    assert_type(length.free_stop(), Program[None])

    assert_type(ask(length, "a"), Program[int])
    assert_type(ask(digits, 1, timeout=1), Program[list[str]])
    assert_type(ask("/app/a", 1), Program[Any])
    assert_type(tell(length, "a"), Program[None])
    assert_type(tell("/app/a", 1), Program[None])
    assert_type(stop(length), Program[None])
    assert_type(stop("/app/a"), Program[None])
    assert_type(sleep(1), Program[None])
    assert_type(get_ref("/app/a"), Program[ActorRef[Any, Any]])
    assert_type(Suspend(Ask(length, "a")), Suspend[ActorOp, int])


def spawned() -> None:
    assert_type(spawn(Length, "a"), Program[ActorRef[str, int]])
    assert_type(spawn(Box[int], "b", mailbox_size=1), Program[ActorRef[int, tuple[int, ...]]])
    assert_type(spawn(fetch, "c"), Program[ActorRef[Task[str], TaskResult[bytes]]])
    assert_type(spawn(lines, "d"), Program[ActorRef[Task[str], TaskResult[list[str]]]])
    assert_type(spawn(Fetcher, "e"), Program[ActorRef[Task[str], TaskResult[bytes]]])
    assert_type(spawn(Length, "a").flat_map(lambda ref: ref.free_ask("a")), Program[int])
    asked = spawn(fetch, "c").flat_map(lambda ref: ref.free_ask(Task("url")))
    assert_type(asked.map(lambda result: result.get_or_raise()), Program[bytes])
    chunks = spawn(lines, "d").flat_map(lambda ref: ref.free_ask(Task("url")))
    assert_type(chunks.map(lambda result: result.get_or_raise()), Program[list[str]])


def chains(length: ActorRef[str, int], digits: ActorRef[int, list[str]]) -> None:
    assert_type(Pure(1), Pure[int])
    assert_type(Pure("a").map(len), Free[Never, int])
    assert_type(Pure(1).map(half).map(str), Free[Never, str])
    assert_type(Pure(1).map(lambda n: [n]), Free[Never, list[int]])
    assert_type(Pure("a").flat_map(length.free_ask), Program[int])
    assert_type(Pure("a").flatMap(length.free_ask), Program[int])
    assert_type(Pure(1).flat_map(Pure), Free[Never, int])
    assert_type(Free.from_value(1), Free[Never, int])
    assert_type(FlatMap(length.free_ask("a"), digits.free_ask), FlatMap[ActorOp, list[str]])
    assert_type(
        length.free_ask("a")
        .flat_map(digits.free_ask)
        .map("".join)
        .flat_map(length.free_ask)
        .map(half),
        Program[float],
    )
    assert_type(
        length.free_ask("a").flat_map(lambda n: digits.free_ask(n).map(lambda ds: (n, ds))),
        Program[tuple[int, list[str]]],
    )
    assert_type(length.free_tell("a").then(digits.free_ask(1)), Program[list[str]])
    assert_type(sleep(1).then(Pure(1)), Program[int])
    assert_type(Pure(1).then(Pure("a")), Free[Never, str])
    assert_type(Pure(half).ap(length.free_ask("a")), Program[float])
    assert_type(Pure(len).ap(Pure("a")), Free[Never, int])


def at_the_same_time(
    length: ActorRef[str, int], digits: ActorRef[int, list[str]], several: Sequence[Program[int]]
) -> None:
    a, b, c = length.free_ask("a"), digits.free_ask(1), length.free_tell("a")
    d: Program[bytes] = Pure(b"")
    assert_type(par(a), Program[tuple[int]])
    assert_type(par(a, b), Program[tuple[int, list[str]]])
    assert_type(par(a, b, c), Program[tuple[int, list[str], None]])
    assert_type(par(a, b, c, d), Program[tuple[int, list[str], None, bytes]])
    assert_type(par(a, b, c, d, a), Program[tuple[int, list[str], None, bytes, int]])
    assert_type(par(a, b, c, d, a, b), Program[tuple[int, list[str], None, bytes, int, list[str]]])
    assert_type(
        par(a, b, c, d, a, b, c), Program[tuple[int, list[str], None, bytes, int, list[str], None]]
    )
    assert_type(
        par(a, b, c, d, a, b, c, d),
        Program[tuple[int, list[str], None, bytes, int, list[str], None, bytes]],
    )
    assert_type(par(a, a, a, a, a, a, a, a, a), Program[tuple[int, ...]])
    assert_type(par(several), Program[tuple[int, ...]])
    assert_type(par(*several), Program[tuple[int, ...]])
    assert_type(par([a, a]), Program[tuple[int, ...]])
    assert_type(par(length.free_ask(name) for name in "ab"), Program[tuple[int, ...]])
    assert_type(par(a, b).map(lambda both: both[1]), Program[list[str]])
    assert_type(par(a, par(b, c)), Program[tuple[int, tuple[list[str], None]]])
    assert_type(par(Pure(1), Pure("a")), Free[Never, tuple[int, str]])


def results(length: ActorRef[str, int]) -> None:
    a = length.free_ask("a")
    assert_type(attempt(a), Program[Result[int, Exception]])
    assert_type(attempt(a).map(lambda reply: reply.value_or(None)), Program[int | None])
    assert_type(attempt(attempt(a)), Program[Result[Result[int, Exception], Exception]])
    assert_type(attempt(Pure(1)), Free[Never, Result[int, Exception]])


@program
def longest(length: ActorRef[str, int], names: list[str]) -> Generator[Program[Any], Any, str]:
    best, most = "", 0
    for name in names:
        n = yield from length.free_ask(name)
        assert_type(n, int)
        if n > most:
            best, most = name, n
    yield from length.free_tell(best)
    both = yield from par(length.free_ask("a"), sleep(1).then(Pure("b")))
    assert_type(both, tuple[int, str])
    result = yield from attempt(length.free_ask("a"))
    assert_type(result, Result[int, Exception])
    one = yield from Pure(1)
    assert_type(one, int)
    other = yield from longest(length, [])
    assert_type(other, str)
    return best


@program
def summed(length: ActorRef[str, int]) -> Generator[Program[int], int, int]:
    one = yield length.free_ask("a")
    assert_type(one, int)
    other = yield from length.free_ask("b")
    return one + other


class Asker:
    @program
    def twice(self, length: ActorRef[str, int]) -> Generator[Program[Any], Any, int]:
        return (yield from length.free_ask("a"))


def in_direct_style(length: ActorRef[str, int]) -> None:
    assert_type(longest(length, ["a"]), Program[str])
    assert_type(longest(length, names=["a"]).map(len), Program[int])
    assert_type(summed(length), Program[int])
    assert_type(longest(length, []).flat_map(length.free_ask), Program[int])


async def runs(system: ActorSystem, length: ActorRef[str, int]) -> None:
    running: Coroutine[Any, Any, int] = system.run_free(length.free_ask("a"))
    assert_type(await running, int)
    assert_type(await system.run_free(longest(length, [])), str)
    assert_type(await system.run_free(Pure(1)), int)
    assert_type(await system.run_free(par(Pure(1), length.free_ask("a"))), tuple[int, int])
    trace: list[Step] = []
    assert_type(await system.run_free(sleep(1).then(Pure("a")), trace=trace), str)
    assert_type(await run_live(length.free_ask("a"), system, trace=trace), int)
    assert_type(await system.run_free(spawn(Length, "a").flat_map(lambda a: a.free_ask(""))), int)


class Runner(Actor[str, int]):
    @override
    async def on_receive(self, message: str) -> int:
        asked = spawn(Length, "length").flat_map(lambda length: length.free_ask(message))
        return assert_type(await self.context.system.run_free(asked), int)


type Storing = Get | Put


@dataclass(frozen=True)
class Get(Operation["Storing", str]):
    key: str


@dataclass(frozen=True)
class Put(Operation["Storing", None]):
    key: str
    value: str


class InMemory(Interpreter[Storing]):
    @override
    async def perform(self, op: Storing, /) -> Any:
        match op:
            case Get(key):
                return key
            case Put():
                return None


def operations_of_ones_own(length: ActorRef[str, int]) -> None:
    get = Suspend(Get("a"))
    assert_type(get, Suspend[Storing, str])
    copied = get.flat_map(lambda value: Suspend(Put("b", value)))
    assert_type(copied, Free[Storing, None])
    assert_type(run_pure(fold_map(get.map(len), InMemory())), int)
    assert_type(run_pure(fold_map(par(get, copied), InMemory())), tuple[str, None])
    assert_type(get.flat_map(length.free_ask), Free[Storing | ActorOp, int])
