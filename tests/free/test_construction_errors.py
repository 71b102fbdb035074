"""A wrong argument is an error at once, where it is written: what was expected, and what came."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import Any

import pytest

from everything_is_an_actor import Actor, ActorRef, ActorSystem
from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.free import (
    Ask,
    Attempt,
    FlatMap,
    Free,
    GetRef,
    Interpreter,
    Par,
    Pure,
    Sleep,
    Spawn,
    Stop,
    Suspend,
    Tell,
    ask,
    attempt,
    get_ref,
    par,
    program,
    sleep,
    spawn,
    stop,
    tell,
)
from tests.free.programs import Echo, again, asked, up


async def fetch(url: str) -> bytes:
    return url.encode()


async def lines(url: str) -> AsyncIterator[str]:
    yield url


class Fetch:
    async def __call__(self, url: str) -> bytes:
        return url.encode()


class Agent(AgentActor[str, str]):
    """It has a method `ask`, and is none to ask."""


def refused(build: Callable[[], object]) -> str:
    """The type and the text of the error that it is."""
    with pytest.raises((TypeError, ValueError)) as caught:
        build()
    return f"{type(caught.value).__name__}: {caught.value}"


p: Any = Pure(1)
wrong: Any = 3
BINDS: dict[str, Callable[[Any], object]] = {
    "map: function": p.map,
    "flat_map: function": p.flat_map,
    "bind: function": p.bind,
    "FlatMap: continuation": partial(FlatMap, p),
}
PROGRAMS: dict[str, Callable[[Any], object]] = {
    "ap: argument": p.ap,
    "then: program": p.then,
    "apply: container": p.apply,
    "attempt: program": attempt,
    "par: programs[1]": lambda junk: par(p, junk),
    "par: programs[0]": lambda junk: par([junk]),
    "FlatMap: program": lambda junk: FlatMap(junk, Pure),
    "the program to run": lambda junk: ActorSystem().run_free(junk),
}
JUNK: list[Any] = [None, 3, "Pure(1)", [Pure(1)], (Pure(1),), {}, object()]


@pytest.mark.parametrize("where", BINDS)
@pytest.mark.parametrize("junk", [*JUNK, p], ids=lambda junk: type(junk).__name__)
def test_a_continuation_is_a_function(where: str, junk: Any) -> None:
    text = refused(lambda: BINDS[where](junk))
    assert text.startswith(f"TypeError: {where} must be a function, got ")
    assert text.endswith(f" ({type(junk).__name__})")


@pytest.mark.parametrize("where", BINDS)
@pytest.mark.parametrize("function", [fetch, lines, Fetch(), Fetch().__call__])
def test_a_continuation_is_not_async(where: str, function: Any) -> None:
    text = refused(lambda: BINDS[where](function))
    assert text.startswith(f"TypeError: {where} must be a plain function, but ")
    assert text.endswith(" is async: what is async an actor does: spawn one, and ask it")


@pytest.mark.parametrize("where", PROGRAMS)
@pytest.mark.parametrize("junk", JUNK, ids=lambda junk: type(junk).__name__)
def test_a_program_is_a_program(where: str, junk: Any) -> None:
    text = refused(lambda: PROGRAMS[where](junk))
    assert text.startswith(f"TypeError: {where} must be a program (Free), got ")
    assert text.endswith(f" ({type(junk).__name__})")


@pytest.mark.parametrize("where", PROGRAMS)
def test_what_makes_a_program_is_to_be_called_first(where: str) -> None:
    for maker in (Pure, again, asked, lambda: Pure(1)):
        text = refused(partial(PROGRAMS[where], maker))
        assert text.endswith(": call it, if it makes a program")


@pytest.mark.parametrize("where", PROGRAMS)
def test_an_operation_is_to_be_made_a_program_first(where: str) -> None:
    text = refused(lambda: PROGRAMS[where](Sleep(1)))
    assert text.endswith(" (Sleep): an operation becomes a program by Suspend")


@pytest.mark.parametrize("where", PROGRAMS)
def test_a_coroutine_is_to_be_an_actors(where: str) -> None:
    text = refused(lambda: PROGRAMS[where](fetch("url")))  # closed: no warning
    assert text.endswith(" (coroutine): what is async an actor does: spawn one, and ask it")


@pytest.mark.parametrize("where", PROGRAMS)
def test_a_generator_is_to_be_one_of_a_program(where: str) -> None:
    text = refused(lambda: PROGRAMS[where](each for each in "ab"))
    assert text.endswith(": a generator function makes programs once it is decorated by @program")


SECONDS: dict[str, Callable[[Any], object]] = {
    "ask: timeout": lambda seconds: ask("/app/a", 1, timeout=seconds),
    "Ask": lambda seconds: Ask("/app/a", 1, seconds),
    "sleep: seconds": sleep,
    "Sleep": Sleep,
}


@pytest.mark.parametrize("where", SECONDS)
@pytest.mark.parametrize("seconds", [True, False, "1", [1], 1j, object()])
def test_seconds_are_a_number(where: str, seconds: Any) -> None:
    text = refused(lambda: SECONDS[where](seconds))
    assert text.startswith("TypeError: ")
    assert " must be a number of seconds, got " in text


@pytest.mark.parametrize("where", SECONDS)
@pytest.mark.parametrize("seconds", [-1, -0.1, math.nan, math.inf, -math.inf, 10**400])
def test_seconds_are_finite_and_not_negative(where: str, seconds: Any) -> None:
    text = refused(lambda: SECONDS[where](seconds))
    assert text.startswith("ValueError: ")
    assert f" must be a finite number of seconds >{'=' * ('leep' in where)} 0, got " in text


def test_a_sleep_may_take_no_time_and_an_ask_may_not() -> None:
    assert sleep(0) == sleep(0.0)
    assert refused(lambda: ask("/app/a", 1, timeout=0)).startswith("ValueError: ask: timeout")
    with pytest.raises(TypeError, match=r"^sleep: seconds must be a number of seconds, got None"):
        sleep(None)  # type: ignore[arg-type]  # that is the question


TARGETS: dict[str, Callable[[Any], object]] = {
    "ask": lambda ref: ask(ref, 1),
    "tell": lambda ref: tell(ref, 1),
    "stop": stop,
}


@pytest.mark.parametrize("where", TARGETS)
@pytest.mark.parametrize("ref", [None, 3, b"/app/a", Echo, Agent, ActorRef, up, p])
def test_a_target_is_a_ref_or_a_path(where: str, ref: Any) -> None:
    text = refused(lambda: TARGETS[where](ref))
    assert text.startswith(
        f"TypeError: {where}: ref must be an ActorRef or a path, as in '/app/name', got "
    )


@pytest.mark.parametrize("where", TARGETS)
def test_a_path_is_not_empty(where: str) -> None:
    assert refused(lambda: TARGETS[where]("")) == f"ValueError: {where}: ref must not be empty"


def test_junk_among_several_programs_is_named_by_its_number() -> None:
    assert refused(lambda: par(p, p, wrong)) == (
        "TypeError: par: programs[2] must be a program (Free), got 3 (int)"
    )


def test_what_is_no_program_and_no_series_of_them_is_refused() -> None:
    for junk in (3, None, Pure):
        assert "must be programs (Free), or one series of them, got" in refused(partial(par, junk))
    assert "programs[0] must be a program" in refused(lambda: par([3]))  # type: ignore[arg-type]  # that is the question


GOLDEN: dict[str, tuple[Callable[[], object], str]] = {
    "an operation for a program": (
        lambda: Pure(1).then(Sleep(1)),  # type: ignore[arg-type]  # that is the question
        "TypeError: then: program must be a program (Free), got Sleep(1) (Sleep): "
        "an operation becomes a program by Suspend",
    ),
    "a program for an operation": (
        lambda: Suspend(p),
        "TypeError: Suspend: op must be an Operation, got Pure(1) (Pure)",
    ),
    "a class for an operation": (
        lambda: Suspend(Ask),  # type: ignore[arg-type]  # that is the question
        "TypeError: Suspend: op must be an Operation, got "
        "<class 'everything_is_an_actor.algebra.operations.Ask'> (type)",
    ),
    "an async function": (
        lambda: Pure("url").map(fetch),
        "TypeError: map: function must be a plain function, but fetch is async: "
        "what is async an actor does: spawn one, and ask it",
    ),
    "a value for a function": (
        lambda: Pure(1).flat_map(wrong),
        "TypeError: flat_map: function must be a function, got 3 (int)",
    ),
    "a single program for several": (
        lambda: Par(p),
        "TypeError: par: programs must be programs (Free), or one series of them, "
        "got Pure(1) (Pure)",
    ),
    "a name with a slash": (
        lambda: spawn(Echo, "a/b"),
        "ValueError: spawn: name must not contain '/', got 'a/b'",
    ),
    "an empty name": (lambda: spawn(Echo, ""), "ValueError: spawn: name must not be empty"),
    "a number for a name": (
        lambda: spawn(Echo, wrong),
        "TypeError: spawn: name must be a str, got 3 (int)",
    ),
    "an actor for a class": (
        lambda: Spawn(3, "a"),
        "TypeError: spawn: actor_cls must be a class of actors or an agent, got 3 (int)",
    ),
    "an option that there is not": (
        lambda: spawn(Echo, "a", mail=3),  # type: ignore[call-overload]  # that is the question
        "TypeError: spawn: there is no option mail; there are mailbox, mailbox_size, middlewares, "
        "dispatcher, args, kwargs",
    ),
    "no path": (lambda: get_ref(wrong), "TypeError: get_ref: path must be a str, got 3 (int)"),
    "an empty path": (lambda: GetRef(""), "ValueError: get_ref: path must not be empty"),
    "a timeout of another type": (
        lambda: ask("/app/a", 1, timeout="1"),  # type: ignore[call-overload]  # that is the question
        "TypeError: ask: timeout must be a number of seconds, got '1' (str)",
    ),
    "a class for a ref": (
        lambda: tell(Agent, 1),  # type: ignore[call-overload]  # that is the question
        "TypeError: tell: ref must be an ActorRef or a path, as in '/app/name', got "
        "<class 'tests.free.test_construction_errors.Agent'> (type)",
    ),
    "a function that does not yield": (
        lambda: program(wrong),
        "TypeError: program: the function must be a generator function, with `yield from`, "
        "got 3 (int)",
    ),
    "an argument that a program does not take": (
        lambda: asked(where="/app/a"),  # type: ignore[call-arg]  # that is the question
        "TypeError: asked() got an unexpected keyword argument 'where'",
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_the_text_of_an_error_teaches(name: str) -> None:
    build, text = GOLDEN[name]
    assert refused(build) == text


def test_the_operations_check_as_their_constructors_do() -> None:
    builds: list[Callable[[], object]] = [
        lambda: Ask(wrong, 1),
        lambda: Tell(wrong, 1),
        lambda: Stop(wrong),
        lambda: Par([wrong]),
        lambda: Attempt(wrong),
    ]
    for build in builds:
        assert refused(build).startswith("TypeError: ")


@pytest.mark.parametrize("function", [fetch, lines, up, Fetch(), Echo, None])
def test_a_program_is_made_of_a_generator_function_only(function: Any) -> None:
    assert refused(lambda: program(function)).startswith(
        "TypeError: program: the function must be a generator function, with `yield from`, got "
    )


def test_an_interpreter_says_what_it_does_for_an_operation() -> None:
    with pytest.raises(TypeError, match="abstract"):
        Interpreter()  # type: ignore[abstract]  # that is the question


async def test_the_methods_of_a_ref_check_at_once() -> None:
    async with ActorSystem() as system:
        ref = await system.spawn(Echo, "echo")
        text = refused(lambda: ref.free_ask(1, timeout=-1))
        assert text == "ValueError: ask: timeout must be a finite number of seconds > 0, got -1"


def test_a_program_is_of_one_of_the_three_kinds() -> None:
    with pytest.raises(TypeError, match="a program is made by Pure, Suspend, flat_map"):
        Free()


@pytest.mark.parametrize("junk", [int, 3, "Greeter", len, lambda message: message])
def test_what_can_be_no_actor_is_told_before_it_is_spawned(junk: Any) -> None:
    with pytest.raises(TypeError, match="spawn: "):
        spawn(junk, "greeter")


@pytest.mark.parametrize("junk", ["", {}, {Pure(1): Pure(2)}])
def test_a_text_or_a_mapping_is_not_several_programs(junk: Any) -> None:
    with pytest.raises(TypeError, match="par: programs must be programs"):
        par(junk)


def test_the_order_of_options_does_not_matter() -> None:
    class A(Actor[int, int]):
        pass

    assert spawn(A, "a", mailbox_size=1, args=()) == spawn(A, "a", args=(), mailbox_size=1)
