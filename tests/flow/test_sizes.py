"""Programs of any depth run, in time linear in the program, and never keep the loop to themselves.

Linear is shown by counting the lines that are executed, which is the same in every run; a fair
share of the loop, by counting the turns that another task gets. Nothing here looks at a clock.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, reduce
from types import CodeType, FunctionType
from typing import Any

import pytest

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.algebra.failure import AllFailedError
from everything_is_an_actor.algebra.laws.tail_rec import bounce
from everything_is_an_actor.flow import (
    Continue,
    Done,
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
from everything_is_an_actor.runtime.scheduler import STEPS_WITHIN_A_NEST
from everything_is_an_actor.testing import on_virtual_time
from tests.flow.worlds import (
    WORLDS,
    Actors,
    AnyFlow,
    World,
    hangs,
    journal,
    leaf,
    nothing_runs,
    says,
)

same: AnyFlow = identity()


def increase(n: int) -> int:
    return n + 1


def refuse(value: Any) -> Any:
    raise ValueError("refused")


def zero(error: Exception) -> int:
    return 0


def nested(times: int, wrap: Callable[[AnyFlow], AnyFlow], core: AnyFlow) -> AnyFlow:
    """`wrap` around `wrap` around … `core`, so many times."""
    return reduce(lambda inside, _: wrap(inside), range(times), core)


def depth_of(value: Any) -> int:
    """How many tuples are in one another, on the left."""
    depth = 0
    while isinstance(value, tuple):
        value, depth = value[0], depth + 1
    return depth


def down(n: int) -> Continue[int] | Done[str]:
    return Continue(n - 1) if n else Done("landed")


def down_with_count(pair: tuple[int, int]) -> Any:
    n, seen = pair
    return (Continue(n - 1) if n else Done(seen)), seen + 1


def recursive(n: int) -> AnyFlow:
    """Runs on `n`, which is its whole state: monadic recursion through `bind`."""
    return pure(lambda _: n).bind(lambda m: same if m == 0 else recursive(m - 1))


PROMISED: dict[str, tuple[Callable[[], AnyFlow], Any, Any]] = {
    "100,000 flat_maps to the left": (
        lambda: nested(100_000, lambda f: f >> pure(increase), same),
        0,
        100_000,
    ),
    "100,000 flat_maps to the right": (
        lambda: nested(100_000, lambda f: pure(increase) >> f, same),
        0,
        100_000,
    ),
    "100,000 maps": (lambda: nested(100_000, lambda f: f.map(increase), same), 0, 100_000),
    "10,000 recovers of a value": (
        lambda: nested(10_000, lambda f: f.recover(zero), pure(increase)),
        0,
        1,
    ),
    "10,000 recovers that fail": (
        lambda: nested(10_000, lambda f: f.recover(refuse), pure(refuse)).recover(str),
        0,
        "refused",
    ),
    "10,000 recover_withs to the right": (
        lambda: nested(10_000, lambda f: pure(refuse).recover_with(f), pure(zero)),
        1,
        0,
    ),
    "10,000 fallbacks to the right": (
        lambda: nested(10_000, lambda f: pure(refuse) | f, pure(increase)),
        1,
        2,
    ),
    "10,000 attempts absolved": (
        lambda: nested(10_000, lambda f: f.attempt().absolve(), pure(refuse)).recover(zero),
        1,
        0,
    ),
    "10,000 names": (lambda: nested(10_000, lambda f: f.named("n"), pure(increase)), 1, 2),
    "10,000 filters": (lambda: nested(10_000, lambda f: f.filter(bool), pure(increase)), 1, 2),
    "10,000 guards": (
        lambda: nested(10_000, lambda f: f.guard(pure(bool)), pure(increase)),
        1,
        2,
    ),
    "10,000 guards in one another": (
        lambda: nested(10_000, lambda f: same.guard(f), pure(increase)),
        1,
        1,
    ),
    "10,000 taps in one another": (
        lambda: nested(10_000, lambda f: same.tap(f), pure(increase)),
        1,
        1,
    ),
    "10,000 branches": (
        lambda: nested(10_000, lambda f: pure(increase).branch(on(int, f)), same),
        1,
        10_001,
    ),
    "10,000 branches on a predicate": (
        lambda: nested(10_000, lambda f: pure(increase).branch_on(bool, f, same), same),
        1,
        10_001,
    ),
    "10,000 retries in one another": (
        lambda: nested(10_000, lambda f: f.retry(0), pure(refuse)).recover(zero),
        1,
        0,
    ),
    "a retry 10,000 times": (lambda: pure(refuse).retry(10_000).recover(zero), 1, 0),
    "10,000 loops in one another": (
        lambda: nested(10_000, lambda f: loop(f.map(Done)), pure(increase)),
        1,
        2,
    ),
    "a loop of 1,000,000 iterations": (
        lambda: loop(pure(down), max_iter=None),
        1_000_000,
        "landed",
    ),
    "a loop with state of 1,000,000 iterations": (
        lambda: loop_with_state(pure(down_with_count), init_state=0, max_iter=None),
        1_000_000,
        1_000_000,
    ),
    "a recursion of 100,000 binds": (lambda: recursive(100_000), 7, 7),
    "100,000 binds one after the other": (
        lambda: nested(100_000, lambda f: f.bind(lambda _: same), same),
        7,
        7,
    ),
    "100,000 binds in one another": (
        lambda: nested(100_000, lambda f: same.bind(lambda _: f), same),
        7,
        7,
    ),
    "50,000 binds by tail_rec_m": (
        lambda: bounce(50_000, 0, lambda n: pure(lambda _: n + 1)),
        7,
        50_001,
    ),
    "1,000 timeouts in one another": (
        lambda: nested(1_000, lambda f: f.timeout(60.0), says("a", 1, 1.0)),
        0,
        1,
    ),
    "10,000 agents one after the other": (
        lambda: nested(10_000, lambda f: f >> leaf("a", increase), same),
        0,
        10_000,
    ),
    "a zip of 10,000": (
        lambda: zip_all(*[says("a", 1, 1.0)] * 10_000).map(sum),
        0,
        10_000,
    ),
    "a race of 10,000": (lambda: race(*[hangs("a")] * 9_999, says("b", 2, 1.0)), 0, 2),
}


@pytest.mark.parametrize(("build", "input", "value"), PROMISED.values(), ids=PROMISED)
def test_it_runs(build: Callable[[], AnyFlow], input: Any, value: Any) -> None:
    flow = build()  # which takes longer than to run it
    for world in WORLDS:
        assert world.run(flow, input).value == value, world.name


CONCURRENT: dict[str, Callable[[AnyFlow], AnyFlow]] = {
    "zip": lambda f: f.zip(says("b", 1)),
    "zip to the right": lambda f: says("b", 1).zip(f),
    "each": lambda f: pure(lambda x: (x, x)) >> each(f, says("b", 1)),
    "race": lambda f: race(f, hangs("b")),
    "race lost": lambda f: race(f, says("b", OSError())),
    "first_completed": lambda f: first_completed(hangs("b"), f),
    "at_least": lambda f: at_least(1, f, says("b", OSError())),
    "at_least, stop_early": lambda f: at_least(1, f, hangs("b"), stop_early=True),
    "traverse": lambda f: pure(lambda x: [x]) >> traverse(f),
    "traverse, bounded": lambda f: pure(lambda x: [x, x]) >> traverse(f, max_concurrency=1),
    "timeout": lambda f: f.timeout(60.0),
}


@pytest.mark.parametrize("wrap", CONCURRENT.values(), ids=CONCURRENT)
@pytest.mark.parametrize("after", [0.0, 1.0])
class TestConcurrencyInDepth:
    def test_it_runs(self, world: World, wrap: Callable[[AnyFlow], AnyFlow], after: float) -> None:
        bounded = "max_concurrency" in repr(wrap(same))  # two elements each: 2 ** depth
        flow = nested(8 if bounded else 1_000, wrap, says("a", "core", after))
        outcome = world.run(flow, 0)
        outcome.value  # noqa: B018  # it did not fail
        assert outcome.seconds == (2**8 if bounded else 1) * after

    def test_it_fails(self, world: World, wrap: Callable[[AnyFlow], AnyFlow], after: float) -> None:
        flow = nested(100, wrap, says("a", MemoryError("core"), after))
        outcome = world.run(flow, 0)
        assert type(outcome.error) is MemoryError
        assert outcome.seconds == after
        assert outcome.notes[0].endswith("agent(a, timeout=None)")


@pytest.mark.parametrize("wrap", CONCURRENT.values(), ids=CONCURRENT)
def test_concurrency_in_depth_is_cancelled(
    world: World, wrap: Callable[[AnyFlow], AnyFlow]
) -> None:
    outcome = world.run(nested(1_000, wrap, hangs("a")).timeout(2.5), 0)
    assert isinstance(outcome.error, TimeoutError)
    assert outcome.seconds == 2.5


def test_a_thousand_races_that_all_fail(world: World) -> None:
    flow = nested(1_000, lambda f: race(f, says("b", OSError())), says("a", KeyError(), 1.0))
    outcome = world.run(flow, 0)
    depth, error = 0, outcome.error
    while isinstance(error, AllFailedError):
        error, depth = error.exceptions[0], depth + 1
    assert (type(error), depth) == (KeyError, 1_000)


CHAINS: dict[str, Callable[[int, AnyFlow], AnyFlow]] = {
    "to the left": lambda n, f: nested(n - 1, lambda f: f >> pure(increase), same) >> f >> same,
    "to the right": lambda n, f: nested(n, lambda f: pure(increase) >> f, f >> same),
    "maps": lambda n, f: nested(n - 1, lambda f: f.map(increase), same) >> f >> same,
}


@pytest.mark.parametrize("build", CHAINS.values(), ids=CHAINS)
def test_a_failure_at_the_end_of_a_long_chain_names_its_step(
    build: Callable[[int, AnyFlow], AnyFlow],
) -> None:
    flow = build(100_000, pure(refuse))
    for world in WORLDS:
        assert world.run(flow, 0).notes == ["in flow at steps[100000]: pure(refuse)"], world.name


@pytest.mark.parametrize("core", [leaf("a", refuse), says("a", ValueError(), 1.0)])
@pytest.mark.parametrize("build", CHAINS.values(), ids=CHAINS)
def test_the_failure_of_an_agent_names_its_step(
    world: World, build: Callable[[int, AnyFlow], AnyFlow], core: AnyFlow
) -> None:
    notes = world.run(build(5_000, core), 0).notes
    assert notes == ["in flow at steps[5000]: agent(a, timeout=None)"]


# ---------------------------------------------------------------------------------- linear work


@cache
def package_code() -> list[CodeType]:
    """The code of everything that the package has imported."""
    modules = [m for name, m in sys.modules.items() if name.startswith("everything_is_an_actor")]
    found: set[CodeType] = set()
    pending: list[Any] = [value for module in modules for value in vars(module).values()]
    seen: set[int] = set()
    while pending:
        value = pending.pop()
        home = getattr(value, "__module__", None) or ""
        if id(value) in seen or not home.startswith("everything_is_an_actor"):
            continue
        seen.add(id(value))
        if isinstance(value, type):
            pending += [getattr(v, "fget", getattr(v, "__func__", v)) for v in vars(value).values()]
        elif isinstance(value, FunctionType):
            found |= _nested(value.__code__)
    return list(found)


def _nested(code: CodeType) -> set[CodeType]:
    inner = (_nested(constant) for constant in code.co_consts if isinstance(constant, CodeType))
    return {code}.union(*inner)


@contextmanager
def counting() -> Iterator[Callable[[], int]]:
    """How many lines of the package are executed."""
    lines = 0
    monitoring, tool = sys.monitoring, sys.monitoring.PROFILER_ID

    def count(code: CodeType, line: int) -> None:
        nonlocal lines
        lines += 1

    monitoring.use_tool_id(tool, "counting")
    monitoring.register_callback(tool, monitoring.events.LINE, count)
    for code in package_code():
        monitoring.set_local_events(tool, code, monitoring.events.LINE)
    gc.disable()  # the garbage of other tests is not part of the work
    try:
        yield lambda: lines
    finally:
        gc.enable()
        for code in package_code():
            monitoring.set_local_events(tool, code, 0)
        monitoring.register_callback(tool, monitoring.events.LINE, None)
        monitoring.free_tool_id(tool)


def test_the_lines_of_both_interpreters_are_counted() -> None:
    code = {f.co_qualname for f in package_code()}
    assert {"Run.evaluate", "AgentCell.live", "_decided.<locals>.end", "Machine.run"} <= code


GROWING: dict[str, tuple[Callable[[int], AnyFlow], Callable[[int], Any]]] = {
    "flat_map to the left": (lambda n: nested(n, lambda f: f >> pure(increase), same), int),
    "flat_map to the right": (lambda n: nested(n, lambda f: pure(increase) >> f, same), int),
    "map": (lambda n: nested(n, lambda f: f.map(increase), same), int),
    "recover": (lambda n: nested(n, lambda f: f.recover(refuse), pure(refuse)), int),
    "recover_with": (lambda n: nested(n, lambda f: pure(refuse).recover_with(f), same), int),
    "fallback_to": (lambda n: nested(n, lambda f: f | pure(refuse), pure(refuse)), int),
    "attempt": (lambda n: nested(n, lambda f: f.attempt().absolve(), pure(refuse)), int),
    "named": (lambda n: nested(n, lambda f: f.named("n"), pure(refuse)), int),
    "retry": (lambda n: pure(refuse).retry(n), int),
    "timeout": (lambda n: nested(n, lambda f: f.timeout(9.0), says("a", 1, 1.0)), int),
    "agents": (lambda n: nested(n, lambda f: f >> leaf("a", increase), same), int),
    "agents that wait": (lambda n: nested(n, lambda f: f >> says("a", 1, 1.0), same), int),
    "zip": (lambda n: nested(n, lambda f: f.zip(says("b", 1)), says("a", 1, 1.0)), int),
    "race": (lambda n: nested(n, lambda f: f.race(hangs("b")), says("a", 1, 1.0)), int),
    "a wide zip": (lambda n: zip_all(*[says("a", 1, 1.0)] * (n + 2)), int),
    "a wide zip that fails": (
        lambda n: zip_all(*[hangs("a")] * (n + 2), says("b", OSError(), 1.0)),
        int,
    ),
    "a wide zip whose children raise when they are cancelled": (
        lambda n: zip_all(*[hangs("a", instead=KeyError())] * (n + 2), says("b", OSError(), 1.0)),
        int,
    ),
    "a wide race": (lambda n: race(*[hangs("a")] * (n + 2), says("b", 1, 1.0)), int),
    "a wide race that is lost": (lambda n: race(*[says("a", OSError(), 1.0)] * (n + 2)), int),
    "a wide quorum": (lambda n: at_least(n, *[says("a", 1, 1.0)] * (n + 2), stop_early=True), int),
    "traverse": (lambda n: traverse(says("a", 1, 1.0)), range),
    "traverse, bounded": (lambda n: traverse(says("a", 1, 1.0), max_concurrency=5), range),
    "traverse that fails": (lambda n: traverse(says("a", OSError(), 1.0)), range),
    "a loop": (lambda n: loop(pure(down), max_iter=None), int),
    "a loop of agents": (lambda n: loop(leaf("a", down), max_iter=None), int),
    "a recursion": (recursive, int),
    "side flows": (lambda n: nested(n, lambda f: f.notify(says("a", 1, 1.0)), same), int),
}


@pytest.mark.parametrize(("build", "input"), GROWING.values(), ids=GROWING)
def test_twice_the_program_is_twice_the_work(
    world: World, build: Callable[[int], AnyFlow], input: Callable[[int], Any]
) -> None:
    def work(n: int) -> int:
        flow, value = build(n), input(n)
        with counting() as lines:
            world.run(flow, value)
            return lines()

    none, once, twice = work(1), work(300), work(600)
    assert once > 300
    assert twice - none <= 2.1 * (once - none)


# ---------------------------------------------------------------------------- a share of the loop


BUSY: dict[str, tuple[Callable[[], AnyFlow], Any, int]] = {
    "a pure loop": (lambda: loop(pure(down), max_iter=None), 20_000, 20_000),
    "a pure loop with state": (
        lambda: loop_with_state(pure(down_with_count), init_state=0, max_iter=None),
        20_000,
        20_000,
    ),
    "a long chain": (lambda: nested(20_000, lambda f: f.map(increase), same), 0, 20_000),
    "a recursion": (lambda: recursive(20_000), 0, 20_000),
    "a retry": (lambda: pure(refuse).retry(5_000), 0, 5_000),
    "handlers that fail": (
        lambda: nested(5_000, lambda f: f.recover(refuse), pure(refuse)),
        0,
        5_000,
    ),
    "a series of eager agents": (lambda: loop(leaf("a", down), max_iter=None), 5_000, 5_000),
    "eager agents that fail": (lambda: says("a", OSError()).retry(5_000), 0, 5_000),
    "a wide zip of eager agents": (lambda: zip_all(*[says("a", 1)] * 5_000), 0, 5_000),
    "a traverse of eager agents": (lambda: traverse(says("a", 1)), range(5_000), 5_000),
    "a traverse of eager agents, bounded": (
        lambda: traverse(says("a", 1), max_concurrency=3),
        range(5_000),
        5_000,
    ),
    "a traverse of functions, bounded": (
        lambda: traverse(pure(increase), max_concurrency=3),
        range(5_000),
        5_000,
    ),
    "eager agents under timeouts": (
        lambda: traverse(says("a", 1).timeout(1.0), max_concurrency=1),
        range(5_000),
        5_000,
    ),
    "side flows": (lambda: traverse(same.notify(says("a", 1))), range(5_000), 5_000),
}


async def turns_beside(running: Any) -> int:
    """How many turns of the loop another task gets until this has ended."""
    turns = 0

    async def tick() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    try:
        await running
    except (ValueError, OSError):
        pass
    finally:
        ticking.cancel()
        await asyncio.wait([ticking])
    return turns


@pytest.mark.parametrize(("build", "input", "steps"), BUSY.values(), ids=BUSY)
@on_virtual_time
async def test_others_get_their_turn_in_between(
    build: Callable[[], AnyFlow], input: Any, steps: int
) -> None:
    with journal():
        async with AgentSystem("test") as system:
            turns = await turns_beside(system.run_flow(build(), input))
            assert turns >= steps // STEPS_WITHIN_A_NEST
            await system.shutdown()


@on_virtual_time
async def test_others_get_their_turn_between_runs_that_never_wait() -> None:
    async def many(system: AgentSystem) -> None:
        flow = leaf("a", increase)
        for i in range(5_000):
            await system.run_flow(flow, i)

    with journal():
        async with AgentSystem("test") as system:
            assert await turns_beside(many(system)) >= 5_000 / 500
            nothing_runs(system)


@pytest.mark.parametrize("step", [pure(down), leaf("a", down)], ids=["functions", "eager agents"])
async def test_a_timer_beside_a_long_loop_fires_before_its_end(step: AnyFlow) -> None:
    """On the loop that everybody uses."""
    fired: list[bool] = []
    flow = loop(step.map(lambda said: Done("fired") if fired else said), max_iter=None)
    with journal():
        async with AgentSystem("test") as system:
            timer = asyncio.get_running_loop().call_later(0.0, fired.append, True)
            assert await system.run_flow(flow, 100_000) == "fired"
            timer.cancel()


def test_a_long_run_leaves_nothing() -> None:
    actors = Actors()
    flow: AnyFlow = loop(leaf("a", down).timeout(5.0), max_iter=None)
    assert actors.run(flow, 3_000).value == "landed"
