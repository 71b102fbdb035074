"""Wrong programs of operations on actors: mypy rejects each at the line that is wrong.

As in `rejected.py`: every expected error is pinned by an ignore, which is an error itself once it
is not needed; nobody runs them.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from everything_is_an_actor import Actor, ActorRef, ActorSystem
from everything_is_an_actor.agents import Task
from everything_is_an_actor.free import (
    ActorOp,
    Ask,
    FlatMap,
    Free,
    Operation,
    Pure,
    Sleep,
    Suspend,
    ask,
    attempt,
    fold_map,
    get_ref,
    par,
    program,
    run_live,
    sleep,
    spawn,
    stop,
    tell,
)
from tests.types.free_accepted import Get, InMemory, Length, Program, fetch, half, longest


def wrong_messages(length: ActorRef[str, int]) -> None:
    length.free_ask(1)  # type: ignore[arg-type]  # it takes str
    length.free_tell(1)  # type: ignore[arg-type]  # it takes str
    ask(length, 1)  # type: ignore[misc]  # it takes str
    tell(length, 1)  # type: ignore[misc]  # it takes str
    Ask(length, 1)  # type: ignore[misc]  # it takes str
    length.free_ask("a", timeout="1")  # type: ignore[arg-type]  # a string
    sleep("1")  # type: ignore[arg-type]  # a string
    get_ref(1)  # type: ignore[arg-type]  # no path
    stop(1)  # type: ignore[arg-type]  # neither ref nor path
    ask(1, 1)  # type: ignore[call-overload]  # neither ref nor path


def wrong_spawns() -> None:
    spawn(half, "a")  # type: ignore[arg-type]  # it is not async
    spawn(Length, 1)  # type: ignore[call-overload]  # no name
    spawn(Length, "a", mail=3)  # type: ignore[call-overload]  # no such option
    spawn(Length(), "a")  # type: ignore[call-overload]  # an instance
    spawn(Length, "a").flat_map(lambda ref: ref.free_ask(1))  # type: ignore[arg-type]  # it takes str
    spawn(fetch, "a").flat_map(lambda ref: ref.free_ask("a"))  # type: ignore[arg-type]  # not in a Task
    spawn(fetch, "a").flat_map(lambda ref: ref.free_ask(Task(1)))  # type: ignore[arg-type]  # it takes str


def wrong_continuations(length: ActorRef[str, int]) -> None:
    asked = length.free_ask("a")
    asked.map(len)  # type: ignore[arg-type]  # it yields int
    asked.map(lambda n: n.upper())  # type: ignore[attr-defined]  # it yields int
    asked.flat_map(length.free_ask)  # type: ignore[arg-type]  # it yields int
    asked.flat_map(half)  # type: ignore[arg-type]  # no program
    asked.flat_map(lambda n: n + 1)  # type: ignore[arg-type, return-value]  # no program
    asked.flat_map(Pure(1))  # type: ignore[arg-type]  # no function
    FlatMap(asked, length.free_ask)  # type: ignore[arg-type]  # it yields int
    asked.then(length.free_ask)  # type: ignore[arg-type]  # no program
    asked.then(Sleep(1))  # type: ignore[arg-type]  # an operation
    Suspend(asked)  # type: ignore[arg-type]  # a program
    Pure(len).ap(asked)  # type: ignore[arg-type]  # it yields int
    asked.ap(asked)  # type: ignore[arg-type, misc]  # it yields no function
    attempt(length.free_ask)  # type: ignore[arg-type]  # no program
    attempt(asked).map(lambda result: result + 1)  # type: ignore[operator]  # a Result
    par(asked, 1)  # type: ignore[call-overload]  # no program
    par([1])  # type: ignore[arg-type]  # no program
    par(asked, asked).map(lambda both: both[2])  # type: ignore[misc]  # there are two
    _text: Program[str]
    _text = asked  # type: ignore[assignment]  # it yields int


class Other(Operation["Other", int]):
    """An operation of another set."""


async def wrong_runs(system: ActorSystem, length: ActorRef[str, int]) -> None:
    foreign, own = Suspend(Get("a")), length.free_ask("a")
    await system.run_free(foreign)  # type: ignore[arg-type]  # foreign operations
    await system.run_free(own.flat_map(lambda n: Suspend(Get("a"))))  # type: ignore[arg-type]  # foreign operations
    await system.run_free(par(own, foreign))  # type: ignore[arg-type]  # foreign operations
    await system.run_free(attempt(foreign))  # type: ignore[arg-type]  # foreign operations
    await run_live(foreign, system)  # type: ignore[arg-type]  # foreign operations
    await fold_map(own, InMemory())  # type: ignore[misc]  # foreign operations
    await fold_map(Suspend(Other()), InMemory())  # type: ignore[misc]  # foreign operations
    await system.run_free(length.free_ask)  # type: ignore[arg-type]  # no program
    await system.run_free(own, trace=[1])  # type: ignore[list-item]  # no steps
    _text: str
    _text = await system.run_free(own)  # type: ignore[arg-type]  # it yields int


class Runner(Actor[str, str]):
    async def on_receive(self, message: str) -> str:
        return await self.context.system.run_free(spawn(Length, "a"))  # type: ignore[arg-type]  # it yields a ref


@program
def yields_a_value(length: ActorRef[str, int]) -> Generator[Program[Any], Any, int]:
    yield 1  # type: ignore[misc]  # no program
    yield from [1]  # type: ignore[misc]  # no program
    return "a"  # type: ignore[return-value]  # it says int


@program
def yields_what_is_foreign() -> Generator[Program[Any], Any, str]:
    one = yield from Suspend(Get("a"))  # type: ignore[misc]  # foreign operations
    return one


def wrong_functions() -> None:
    @program  # type: ignore[arg-type]  # it does not yield
    def no_generator(length: ActorRef[str, int]) -> Program[int]:
        return length.free_ask("a")

    @program  # type: ignore[arg-type]  # it is async
    async def no_program(length: ActorRef[str, int]) -> int:
        return await length.ask("a")


def wrong_arguments(length: ActorRef[str, int]) -> None:
    longest(length, [1])  # type: ignore[list-item]  # it takes strings
    longest(length)  # type: ignore[call-arg]  # no names
    longest(length, []).map(half)  # type: ignore[arg-type]  # it yields str
    _number: Free[ActorOp, int]
    _number = longest(length, [])  # type: ignore[assignment]  # it yields str
