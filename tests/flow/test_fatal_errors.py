"""`MemoryError`, `CancelledError`, `KeyboardInterrupt`, `SystemExit`: no handler sees them.

They always go through, and cancel what is running.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.flow import (
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from tests.flow.worlds import Actors, AnyFlow, Does, World, hangs, leaf, says

FATAL: list[BaseException] = [
    MemoryError("m"),
    asyncio.CancelledError("c"),
    KeyboardInterrupt("k"),
    SystemExit(3),
    BaseException("b"),
]

fatal_errors = pytest.mark.parametrize("fatal", FATAL, ids=lambda error: type(error).__name__)
at_once_or_later = pytest.mark.parametrize("after", [0.0, 1.0], ids=["at once", "later"])


def never_called(value: Any) -> Any:
    raise AssertionError(f"a handler has seen {value!r}")


def first(pair: tuple[Any, Any]) -> Any:
    return pair[0]


never = leaf("never", never_called)

HANDLERS: dict[str, Callable[[AnyFlow], AnyFlow]] = {
    "recover": lambda f: f.recover(never_called),
    "recover_with": lambda f: f.recover_with(never),
    "fallback_to": lambda f: f.fallback_to(never),
    "attempt": lambda f: f.attempt(),
    "retry": lambda f: f.retry(3),
    "race": lambda f: race(hangs("other"), f),
    "at_least": lambda f: at_least(1, hangs("other"), f),
    "at_least, stop_early": lambda f: at_least(1, hangs("other"), f, stop_early=True),
}

OTHERS: dict[str, Callable[[AnyFlow], AnyFlow]] = {
    "flat_map": lambda f: f >> never,
    "map": lambda f: f.map(never_called),
    "bind": lambda f: f.bind(never_called),
    "bound": lambda f: identity().bind(lambda _: f),
    "zip": lambda f: hangs("other").zip(f),
    "zip_all": lambda f: zip_all(hangs("other"), f, says("done", 1)),
    "each": lambda f: pure(lambda x: (x, x)) >> each(hangs("other"), f),
    "traverse": lambda f: pure(lambda x: [x] * 3) >> traverse(f),
    "traverse, bounded": lambda f: pure(lambda x: [x] * 3) >> traverse(f, max_concurrency=2),
    "first_completed": lambda f: first_completed(hangs("other"), f),
    "branch": lambda f: identity().branch(on(int, f)),
    "branch_on": lambda f: identity().branch_on(lambda _: True, f, never),
    "timeout": lambda f: f.timeout(5.0),
    "filter": lambda f: f.filter(never_called),
    "guard": lambda f: f.guard(never),
    "guard by": lambda f: identity().guard(f),
    "and_then": lambda f: f.and_then(never_called),
    "tap": lambda f: f.tap(never),
    "tap by": lambda f: identity().tap(f),
    "notify": lambda f: f.notify(never),
    "divert_to": lambda f: f.divert_to(never, never_called),
    "absolve": lambda f: f.absolve(),
    "loop": lambda f: loop(f),
    "loop_with_state": lambda f: loop_with_state(pure(first) >> f, init_state=0),
    "named": lambda f: f.named("n"),
}

every_node = pytest.mark.parametrize(
    "around", [pytest.param(wrap, id=name) for name, wrap in (HANDLERS | OTHERS).items()]
)


def ending(fatal: BaseException) -> str:
    return "cancelled" if isinstance(fatal, asyncio.CancelledError) else "failed"


@every_node
@fatal_errors
@at_once_or_later
def test_it_goes_through_every_node(
    world: World, around: Callable[[AnyFlow], AnyFlow], fatal: BaseException, after: float
) -> None:
    outcome = world.run(around(says("a", fatal, after)), 0)
    assert type(outcome.error) is type(fatal)
    if not isinstance(fatal, asyncio.CancelledError):  # tasks make a new one of it
        assert outcome.error is fatal
    assert outcome.seconds == after
    assert f"a(0) {ending(fatal)}" in outcome.calls
    assert {call.ending for call in outcome.called if call.agent == "other"} <= {"cancelled"}


@every_node
@fatal_errors
def test_it_goes_through_every_node_from_a_function(
    world: World, around: Callable[[AnyFlow], AnyFlow], fatal: BaseException
) -> None:
    def die(_: Any) -> Any:
        raise fatal

    outcome = world.run(around(pure(die)), 0)
    assert type(outcome.error) is type(fatal)
    outcome = world.run(around(says("a", 1, 1.0).map(die)), 0)
    assert type(outcome.error) is type(fatal)
    assert outcome.seconds == 1.0


@pytest.mark.parametrize("name", HANDLERS)
@fatal_errors
def test_it_goes_through_many_handlers_at_once(
    world: World, name: str, fatal: BaseException
) -> None:
    flow = says("a", fatal, 1.0)
    for around in (HANDLERS[name], *HANDLERS.values()):
        flow = around(flow)
    assert type(world.run(flow, 0).error) is type(fatal)


@fatal_errors
def test_raised_by_a_handler_it_goes_through_the_handlers_around_it(
    world: World, fatal: BaseException
) -> None:
    def die(_: Any) -> Any:
        raise fatal

    failing = says("a", OSError())
    for flow in (
        failing.recover(die),
        failing.recover_with(says("h", fatal, 1.0)),
        failing.fallback_to(says("h", fatal, 1.0)),
    ):
        outcome = world.run(flow.recover(never_called).retry(2), 0)
        assert type(outcome.error) is type(fatal)


@fatal_errors
@at_once_or_later
@pytest.mark.parametrize("start", [zip_all, race, first_completed, lambda *f: at_least(1, *f)])
def test_of_errors_at_the_same_instant_it_decides(
    world: World, start: Any, fatal: BaseException, after: float
) -> None:
    flow = start(says("a", OSError(), after), says("b", fatal, after), says("c", 1, after))
    assert type(world.run(flow.recover(str), 0).error) is type(fatal)


@fatal_errors
@at_once_or_later
@pytest.mark.parametrize(
    "start", [race, first_completed, lambda *f: at_least(1, *f, stop_early=True)]
)
def test_a_success_at_the_same_instant_does_not_hide_it(
    world: World, start: Any, fatal: BaseException, after: float
) -> None:
    flow = start(says("a", 1, after), says("b", fatal, after))
    assert type(world.run(flow, 0).error) is type(fatal)


@fatal_errors
@pytest.mark.parametrize("start", [race, lambda *f: at_least(1, *f)])
def test_it_cancels_those_that_might_still_succeed(
    world: World, start: Any, fatal: BaseException
) -> None:
    outcome = world.run(start(says("a", fatal, 1.0), says("b", 1, 2.0)), 0)
    assert type(outcome.error) is type(fatal)
    assert outcome.calls == [f"a(0) {ending(fatal)}", "b(0) cancelled"]


@fatal_errors
def test_it_awaits_the_clean_up_of_what_it_cancels(fatal: BaseException) -> None:
    flow = race(says("a", fatal, 1.0), hangs("b", resists=4.0, instead=OSError("late")))
    outcome = Actors().run(flow, 0)
    assert type(outcome.error) is type(fatal)
    assert outcome.seconds == 5.0
    assert any("OSError('late')" in note for note in outcome.notes) or isinstance(
        fatal, asyncio.CancelledError
    )


def test_a_memory_error_has_a_note_with_the_path(world: World) -> None:
    outcome = world.run(pure(str) >> race(hangs("b"), says("a", MemoryError(), 1.0)), 0)
    assert outcome.notes == ["in flow at steps[1].race[1]: agent(a, timeout=None)"]


@pytest.mark.parametrize("kind", [RecursionError, AssertionError, OSError])
@at_once_or_later
def test_every_other_exception_is_handled(world: World, kind: Any, after: float) -> None:
    flow = leaf("a", lambda _: Does(kind("x"), after)).recover(lambda error: type(error))
    assert world.run(flow, 0).value is kind
