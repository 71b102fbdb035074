"""Programs, and what is in them: named, so that they print as what builds them, and pickle."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from dataclasses import dataclass
from functools import reduce
from types import FrameType
from typing import Any, override

from hypothesis import settings
from hypothesis import strategies as st

from everything_is_an_actor import Actor
from everything_is_an_actor.free import (  # all that is in the expressions
    ActorOp,
    Ask,
    Free,
    Interpreter,
    Operation,
    Pure,
    Suspend,  # noqa: F401
    ask,
    attempt,
    fold_map,
    get_ref,  # noqa: F401
    par,
    program,
    run_pure,
    sleep,  # noqa: F401
    spawn,  # noqa: F401
    stop,  # noqa: F401
    tell,  # noqa: F401
)

type AnyProgram = Free[Any, Any]


def up(n: int) -> int:
    return n + 1


def double(n: int) -> int:
    return n * 2


def again(n: Any) -> Free[ActorOp, Any]:
    return ask("/app/echo", n)


def pair(a: Any) -> Callable[[Any], Any]:
    return lambda b: (a, b)


class Echo(Actor[Any, Any]):
    """Answers with the message; raises an exception."""

    @override
    async def on_receive(self, message: Any) -> Any:
        if isinstance(message, BaseException):
            raise message
        return message


async def shout(text: str) -> str:
    return text.upper()


@program
def asked(*names: str, path: str = "/app/echo") -> Generator[Free[ActorOp, Any], Any, list[str]]:
    replies = []
    for name in names:
        reply = yield from ask(path, name)
        replies.append(reply)
    return replies


@program
def within(inner: AnyProgram) -> Generator[AnyProgram, Any, Any]:
    return (yield from inner)


class Asker:
    """It has a program for a method."""

    def __init__(self, path: str) -> None:
        self.path = path

    @program
    def twice(self, message: Any) -> Generator[Free[ActorOp, Any], Any, tuple[Any, Any]]:
        first = yield from ask(self.path, message)
        second = yield from ask(self.path, first)
        return first, second

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asker) and other.path == self.path

    @override
    def __hash__(self) -> int:
        return hash(self.path)

    @override
    def __repr__(self) -> str:
        return f"Asker({self.path!r})"


EXPRESSIONS = (
    "Pure(1)",
    "Pure(None)",
    "Pure(Pure(1))",
    "Pure([1, 2])",
    "Pure((1, Pure(2)))",
    "ask('/app/echo', 'Ada')",
    "ask('/app/echo', {'a': 1}, timeout=None)",
    "ask('/app/echo', Pure(1), timeout=0.5)",
    "ask('/app/echo', ask('/app/echo', 1))",
    "tell('/app/echo', 'Ada')",
    "stop('/app/echo')",
    "get_ref('/app/echo')",
    "sleep(0)",
    "sleep(0.5)",
    "spawn(Echo, 'echo')",
    "spawn(Actor[str, int], 'echo')",
    "spawn(shout, 'shout', mailbox_size=10, middlewares=())",
    "par()",
    "par(Pure(1))",
    "par(Pure(1), ask('/app/echo', 2), par(Pure(3)))",
    "attempt(Pure(1))",
    "attempt(attempt(ask('/app/echo', 1)))",
    "Pure(1).map(up)",
    "Pure('Ada').map(len).map(str)",
    "Pure('Ada').map(str.upper)",
    "Pure(1).flat_map(again)",
    "Pure(1).flat_map(Pure)",
    "Pure(1).then(Pure(2))",
    "Pure(1).then(Pure(2).then(Pure(3)))",
    "Pure(1).then(Pure(2)).then(Pure(3))",
    "Pure(up).ap(Pure(1))",
    "Pure(up).ap(Pure(double).ap(Pure(1)))",
    "asked('a', 'b')",
    "asked('a', path='/app/other')",
    "asked(path='/app/other')",
    "asked('a').map(len)",
    "within(within(asked('a')))",
    "within(inner=within(Pure(1)))",
    "Asker.twice(Asker('/app/echo'), 1)",
    "Suspend(Key(key='a'))",
    "Suspend(Key(key='a')).map(str)",
)


def evaluate(expression: str) -> AnyProgram:
    value: AnyProgram = eval(expression, globals())
    return value


@dataclass(frozen=True)
class Key(Operation["Key", str]):
    """An operation of a set of one's own."""

    key: str


LEAVES = st.sampled_from(
    ["Pure(1)", "Pure('a')", "ask('/app/echo', 1)", "tell('/app/echo', 1)", "sleep(1)", "par()"]
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        *(inner.map(form.format) for form in (
            "{}.map(up)", "{}.flat_map(again)", "attempt({})", "par({})", "within({})",
            "within(inner={})", "Pure({})", "ask('/app/echo', {})",
        )),
        st.tuples(inner, inner).flatmap(
            lambda two: st.sampled_from(["{}.then({})", "{}.ap({})", "par({}, {})"]).map(
                lambda form: form.format(*two)
            )
        ),
    )  # fmt: skip


expressions = st.recursive(LEAVES, grown, max_leaves=8)
"""The expressions of random programs."""

DETERMINISTIC = settings(derandomize=True, deadline=None, database=None, max_examples=200)


def nested(wrap: Callable[[AnyProgram], AnyProgram]) -> Callable[[int, AnyProgram], AnyProgram]:
    """`wrap` around `wrap` around … `core`, so many times."""
    return lambda times, core: reduce(lambda inside, _: wrap(inside), range(times), core)


SHAPES: dict[str, Callable[[int, AnyProgram], AnyProgram]] = {
    "map": nested(lambda p: p.map(up)),
    "flat_map": nested(lambda p: p.flat_map(Pure)),
    "then to the left": nested(lambda p: p.then(Pure(1))),
    "then to the right": nested(lambda p: Pure(1).then(p)),
    "ap to the left": nested(lambda p: p.ap(Pure(1))),
    "ap to the right": nested(lambda p: Pure(up).ap(p)),
    "attempt": nested(attempt),
    "par": nested(lambda p: par(p)),
    "par of two": nested(lambda p: par(Pure(1), p)),
    "a program within a program": nested(within),
    "a program within a program, by keyword": nested(lambda p: within(inner=p)),
    "a message": nested(lambda p: ask("/app/echo", p)),
    "shared": nested(lambda p: p.then(p)),
    "shared in a par": nested(lambda p: par(p, p)),
    "wide": lambda times, core: par(core, *(Pure(1) for _ in range(times))),
}
DEEP = [name for name in SHAPES if "shared" not in name]
"""Those that print: the text of the others is as long as the expression."""


class Says(Interpreter[Any]):
    """Yields what a function says of the operation, or raises it."""

    def __init__(self, says: Callable[[Any], Any] = lambda op: None) -> None:
        self.says = says
        self.asked: list[Any] = []
        self.pauses = 0

    @override
    async def perform(self, op: Any) -> Any:
        self.asked.append(op)
        answer = self.says(op)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    @override
    async def pause(self) -> None:
        self.pauses += 1


def echo(op: Any) -> Any:
    """What an actor that answers with the message says; nothing to anything else."""
    return op.message if isinstance(op, Ask) else None


def run[A](program: Free[Any, A], says: Callable[[Any], Any] = echo, **options: Any) -> A:
    """The value of a program of which each operation is what a function says."""
    return run_pure(fold_map(program, Says(says), **options))


def calls(do: Callable[[], object]) -> int:
    """How many calls, of functions in Python and in C, `do` makes."""
    made = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        do()
    finally:
        sys.setprofile(before)
    return made
