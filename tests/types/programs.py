"""The agents and functions of which the typed programs beside this file are made."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.flow import Continue, Done, Flow, pure

# ------------------------------------------------------------------------------------- agents


class Researcher(AgentActor[str, int]):
    async def execute(self, input: str) -> int:
        return len(input)


class Analyst(AgentActor[str, bytes]):
    async def execute(self, input: str) -> bytes:
        return input.encode()


class Writer(AgentActor[list[str], str]):
    async def execute(self, input: list[str]) -> str:
        return " ".join(input)


class Streamer(AgentActor[str, list[bytes]]):
    """Its output is the list of its chunks."""

    async def execute(self, input: str) -> AsyncIterator[bytes]:
        yield input.encode()


class Echo[T](AgentActor[T, T]):
    async def execute(self, input: T) -> T:
        return input


class Senior(Researcher):
    """It inherits its `execute`."""


class Plain:
    async def execute(self, question: str) -> int:
        return len(question)


class PlainStreamer:
    async def execute(self, question: str) -> AsyncIterator[bytes]:
        yield question.encode()


class PlainBox[T]:
    async def execute(self, content: T) -> list[T]:
        return [content]


async def fetch(url: str) -> int:
    return len(url)


async def chunks(url: str) -> AsyncIterator[bytes]:
    yield url.encode()


async def box[T](content: T) -> list[T]:
    return [content]


class Fetcher:
    async def __call__(self, url: str) -> int:
        return len(url)

    async def method(self, url: str) -> bytes:
        return url.encode()


# ---------------------------------------------------------------------------- values, functions


@dataclass
class Positive:
    x: int


@dataclass
class Negative:
    y: int


@dataclass
class Zero: ...


class Animal: ...


class Dog(Animal): ...


def merge(pair: tuple[int, bytes]) -> list[str]:
    return list(map(str, pair))


def classify(text: str) -> Positive | Negative:
    return Positive(len(text)) if text else Negative(0)


def of_positive(value: Positive) -> int:
    return value.x


def of_negative(value: Negative) -> str:
    return str(value.y)


def of_zero(value: Zero) -> None: ...


def halve(n: int) -> Continue[int] | Done[str]:
    return Continue(n // 2) if n > 1 else Done(str(n))


def only_done(n: int) -> Done[str]:
    return Done(str(n))


def count(step: tuple[int, list[str]]) -> tuple[Continue[int] | Done[bytes], list[str]]:
    return Done(b""), step[1]


def shout(error: Exception) -> str:
    return str(error).upper()


def parse(text: str) -> Result[int, ValueError]:
    return Success(len(text)) if text else Failure(ValueError("empty"))


def flow_by_length(n: int) -> Flow[str, bytes]:
    return pure(str.encode)


def is_even(n: int) -> bool:
    return n % 2 == 0


def show(value: object) -> None: ...


a: Flow[str, int] = pure(len)
b: Flow[str, bytes] = pure(str.encode)
c: Flow[str, str] = pure(str.strip)
d: Flow[str, float] = pure(float)
e: Flow[str, bool] = pure(str.isdigit)
f: Flow[str, list[str]] = pure(str.split)
g: Flow[str, Positive] = pure(lambda text: Positive(len(text)))
h: Flow[str, Negative] = pure(lambda text: Negative(len(text)))
