"""Traces for the tests of what is made of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, override

from hypothesis import strategies as st
from returns.result import Failure, Result, Success

from everything_is_an_actor import Actor
from everything_is_an_actor.free import (
    Ask,
    Attempt,
    GetRef,
    Operation,
    Par,
    Pure,
    Sleep,
    Spawn,
    Step,
    Stop,
    Tell,
)

type Steps = list[Step]


class Greeter(Actor[str, str]):
    @override
    async def on_receive(self, message: str) -> str:
        return f"hello, {message}"


@dataclass(frozen=True)
class Ref:
    """What an interpreter of one's own may use for a ref."""

    path: str

    async def ask(self, message: object, *, timeout: float | None = 5.0) -> str:
        return f"{message}, {timeout}"

    async def tell(self, message: object) -> None: ...

    def stop(self) -> Any: ...


@dataclass(frozen=True)
class Get(Operation["Get", object]):
    """An operation of one's own."""

    key: object


class Colour(Enum):
    RED = 1


class Odd:
    """An object whose own code fails, in every way."""

    def __repr__(self) -> str:
        raise OSError("no")

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(name)


class OddError(Exception):
    def __str__(self) -> str:
        raise OSError("no")


class OddText(str):
    """A text whose own code fails."""

    __slots__ = ()

    def _fail(self, *_: object) -> Any:
        raise OSError("no")

    __format__ = __getitem__ = __iter__ = __len__ = __repr__ = __str__ = _fail


def step(op: Operation[Any, Any], value: object = None, *within: Steps) -> Step:
    """A step that has succeeded, with this value, or failed, by this error."""
    outcome: Result[Any, BaseException] = Success(value)
    if isinstance(value, BaseException):
        outcome = Failure(value)
    return Step(op, outcome, within)


def attempted(value: object, *within: Step) -> Step:
    return step(Attempt(Pure(None)), value, list(within))


def in_parallel(value: object, *branches: Steps) -> Step:
    return step(Par([Pure(None)] * len(branches)), value, *branches)


def spawned(path: str, cls: Any = Greeter) -> Step:
    return step(Spawn(cls, path.rpartition("/")[2]), Ref(path))


def nested(depth: int) -> Steps:
    """Attempts and pars within one another."""
    steps = [step(Ask("/app/a", "hi"), "hello")]
    for level in range(depth):
        steps = [in_parallel(1, [], steps) if level % 2 else attempted(1, *steps)]
    return steps


HOSTILE = (
    "", " ", ";", "#", "#59;", "#quot;", "\n", "\r\n", "end", "end\nend", "%%",
    "%%{init: {}}%%", '"', "'", "`", "<script>alert(1)</script>", "<br/>", "&lt;", "&#59;",
    ":", "->>", "-->>+p: x", "p-)p", "wrap:", "nowrap:x", ":wrap: x",
    "WRAP: x", "style a: b#59;", "nowrap:", "a: b: c", "$$x^2$$", "\\n",
    "\\", "{}", "@{ }", "}", "[x]", "par", "and", "option", "participant p",
    "style a:b#59;", "classDef x:#f00;", "ﬂ°°59¶ß", "ﬂ°lt¶ß", "as", " as x", "a,b", "é",
    "日本語", "👩‍🚀", "\u202e", "\u2028", "\x00", "\x1b[31m", "\ud800", "\xa0", "---",
    "---\ntitle: x\n---", "title x", "accTitle: x", "x" * 10_000, "; " * 5_000, "+", "-",
    "()", "fa:fa-user", "**x**", "autonumber", "sequenceDiagram", "graph TD", "box", "|",
    "~", "^", "/",
)  # fmt: skip

# By number: Hypothesis writes out what a strategy holds.
hostile = st.integers(0, len(HOSTILE) - 1).map(lambda number: HOSTILE[number])
texts = hostile | st.text(max_size=40) | st.lists(hostile, max_size=4).map("".join)
paths = texts.map(lambda text: f"/{text}")
names = paths.map(lambda text: text.replace("/", "") or "x")
classes = texts.map(
    lambda text: type(text.replace("\0", "").encode(errors="replace").decode(), (), {})
)
errors = st.one_of(
    texts.map(ValueError),
    classes.flatmap(lambda cls: texts.map(type(cls.__name__ or "E", (Exception,), {}))),
    st.just(OddError()),
    st.builds(asyncio.CancelledError),
    st.builds(GeneratorExit),
)
values = st.recursive(
    st.one_of(
        texts, st.none(), st.booleans(), st.integers(), st.floats(), st.binary(max_size=9),
        errors, st.builds(Odd), st.just(Colour.RED), paths.map(Ref), st.builds(object),
        st.builds(pow, st.just(10), st.just(5000)),
        st.sampled_from([Greeter, len, nested, Success(1), Failure(ValueError("x"))]),
    ),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(texts | st.integers(), inner, max_size=3)
    | st.builds(Get, inner)
    | st.sets(texts | st.integers(), max_size=3),
    max_leaves=6,
)  # fmt: skip
seconds = st.floats(0.001, 1e9)
targets = paths | paths.map(Ref)


def _with(ops: st.SearchStrategy[Operation[Any, Any]]) -> st.SearchStrategy[Step]:
    return st.builds(step, ops, values | errors)


operations = st.one_of(
    _with(st.builds(Ask, targets, values, st.none() | seconds)),
    _with(st.builds(Tell, targets, values)),
    _with(st.builds(Stop, targets)),
    st.builds(step, st.builds(Stop, st.sampled_from(["/app/a", "/app/b"]))),
    st.sampled_from(["/app/a", "/app/b"]).map(spawned),
    st.builds(step, st.builds(Spawn, classes, names), targets | errors),
    _with(st.builds(GetRef, paths)),
    _with(st.builds(Sleep, seconds)),
    _with(st.builds(Get, values)),
    _with(st.just(Par([]))),
)


def _holding(inner: st.SearchStrategy[Steps]) -> st.SearchStrategy[Steps]:
    def pars(branches: Sequence[Steps]) -> st.SearchStrategy[Step]:
        return (values | errors).map(lambda value: in_parallel(value, *branches))

    held = st.one_of(
        st.builds(lambda value, steps: attempted(value, *steps), values | errors, inner),
        st.lists(inner, min_size=1, max_size=3).flatmap(pars),
    )
    return st.lists(operations | held, max_size=4)


traces: st.SearchStrategy[Steps] = st.recursive(
    st.lists(operations, max_size=4), _holding, max_leaves=6
)
