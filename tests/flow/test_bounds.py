"""What the bounds of a flow are: of each kind of node, reached by some run, at any size."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import pytest
from returns.result import Failure, Success

from everything_is_an_actor.algebra.node import KINDS
from everything_is_an_actor.flow import (
    Backoff,
    Bounds,
    Continue,
    Done,
    Flow,
    agent,
    at_least,
    bounds,
    each,
    first_completed,
    fold,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.interpreters.bounds import PATH_LENGTH, PATH_WIDTH
from everything_is_an_actor.interpreters.reference import Answer, evaluate
from tests.agreement.test_bounds import assert_within, peak
from tests.algebra.flows import SAMPLES
from tests.algebra.test_sizes import SHAPES

type AnyFlow = Flow[Any, Any]
type Script = Callable[[Any], Any]

# ----------------------------------------------------------------------------- one kind at a time


async def a(x: Any) -> Any:
    raise NotImplementedError


async def b(x: Any) -> Any:
    raise NotImplementedError


async def c(x: Any) -> Any:
    raise NotImplementedError


async def d(x: Any) -> Any:
    raise NotImplementedError


SECONDS = {a: 1.0, b: 2.0, c: 4.0, d: 8.0}
A, B, C, D = (agent(target, timeout=seconds) for target, seconds in SECONDS.items())


def f(x: Any) -> Any:
    return x


def p(x: Any) -> bool:
    return bool(x)


NAMES = {
    **{made.__name__: made for made in (agent, at_least, each, first_completed, identity, loop)},
    **{made.__name__: made for made in (loop_with_state, on, pure, race, traverse, zip_all)},
    **{named.__name__: named for named in (Backoff, Continue, Done, a, f, p)},
    **dict(zip("ABCD", (A, B, C, D), strict=True)),
}


def built(expression: str) -> AnyFlow:
    flow = eval(expression, dict(NAMES))
    assert isinstance(flow, Flow)
    return flow


def names(agents: Iterable[Any]) -> str:
    return "".join(target.__name__ for target in agents) or "-"


def told(found: Bounds) -> str:
    """The sets; least, least to succeed and most calls; seconds, with side flows: path; peak."""
    sets = (found.must, found.must_to_succeed, found.may)
    must = " ⊆ ".join("".join(sorted(names(some))) for some in sets)
    calls = f"{found.least_calls} {found.least_calls_to_succeed} {found.most_calls}"
    seconds = f"{found.seconds:g} s"
    if found.seconds_with_sides != found.seconds:
        seconds += f", {found.seconds_with_sides:g} s"
    return (
        f"{must}{'' if found.complete else ' …'}; calls {calls}; "
        f"{seconds}: {names(found.critical_path)}; peak {found.peak_concurrency}"
    )


GOLDEN = {
    "A": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "agent(a)": "a ⊆ a ⊆ a; calls 1 1 1; 30 s: a; peak 1",
    "agent(a, timeout=None)": "a ⊆ a ⊆ a; calls 1 1 1; inf s: a; peak 1",
    "pure(f)": "- ⊆ - ⊆ -; calls 0 0 0; 0 s: -; peak 0",
    "identity()": "- ⊆ - ⊆ -; calls 0 0 0; 0 s: -; peak 0",
    "A.map(f)": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "A >> B": "a ⊆ ab ⊆ ab; calls 1 2 2; 3 s: ab; peak 1",
    "pure(f) >> A": "- ⊆ a ⊆ a; calls 0 1 1; 1 s: a; peak 1",
    "identity() >> A": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "A.bind(f)": "a ⊆ a ⊆ a …; calls 1 1 inf; inf s: a; peak inf",
    "A.bind(f).timeout(3)": "a ⊆ a ⊆ a …; calls 1 1 inf; 3 s, inf s: a; peak inf",
    "A.zip(B >> C)": "ab ⊆ abc ⊆ abc; calls 2 3 3; 6 s: bc; peak 2",
    "zip_all(A, B, C)": "abc ⊆ abc ⊆ abc; calls 3 3 3; 4 s: c; peak 3",
    "each(A, B)": "- ⊆ ab ⊆ ab; calls 0 2 2; 2 s: b; peak 2",
    "race(A >> B, C)": "ac ⊆ ac ⊆ abc; calls 2 2 3; 4 s: c; peak 2",
    "race(A >> B, C >> B)": "ac ⊆ abc ⊆ abc; calls 2 3 4; 6 s: cb; peak 2",
    "first_completed(A, B >> C)": "ab ⊆ ab ⊆ abc; calls 2 2 3; 1 s: a; peak 2",
    "at_least(1, A >> D, B >> D, C)": "abc ⊆ abc ⊆ abcd; calls 3 3 5; 10 s: bd; peak 3",
    "at_least(2, A >> D, B >> D, C)": "abc ⊆ abcd ⊆ abcd; calls 3 4 5; 10 s: bd; peak 3",
    "at_least(3, A >> D, B >> D, C)": "abc ⊆ abcd ⊆ abcd; calls 3 5 5; 10 s: bd; peak 3",
    "at_least(1, A >> D, B, stop_early=True)": "ab ⊆ ab ⊆ abd; calls 2 2 3; 9 s: ad; peak 2",
    "traverse(A)": "- ⊆ - ⊆ a; calls 0 0 inf; 1 s: a; peak inf",
    "traverse(A, max_concurrency=3)": "- ⊆ - ⊆ a; calls 0 0 inf; inf s: a; peak 3",
    "traverse(pure(f), max_concurrency=3)": "- ⊆ - ⊆ -; calls 0 0 0; 0 s: -; peak 0",
    "traverse(A.notify(B), max_concurrency=3)": "- ⊆ - ⊆ ab; calls 0 0 inf; inf s: a; peak inf",
    "on(int, A >> C).on(str, B >> C)": "- ⊆ c ⊆ abc; calls 0 2 2; 6 s: bc; peak 1",
    "A.branch_on(p, B, C >> D)": "a ⊆ a ⊆ abcd; calls 1 2 3; 13 s: acd; peak 1",
    "identity().branch_on(p, A, A)": "- ⊆ a ⊆ a; calls 0 1 1; 1 s: a; peak 1",
    "(A | B) >> C": "a ⊆ ac ⊆ abc; calls 1 2 3; 7 s: abc; peak 1",
    "A.zip(B.notify(D)).timeout(2.5)": "ab ⊆ abd ⊆ abd; calls 2 3 3; 2 s, 10 s: b; peak 2",
    "A.branch_on(p, B.notify(D), C).timeout(3)": "a ⊆ a ⊆ abcd; calls 1 2 3; 3 s, 11 s: ac; peak 1",
    "(A >> B).recover(f)": "a ⊆ a ⊆ ab; calls 1 1 2; 3 s: ab; peak 1",
    "(A >> B).recover_with(C)": "a ⊆ a ⊆ abc; calls 1 2 3; 7 s: abc; peak 1",
    "(A >> B) | (C >> B)": "a ⊆ ab ⊆ abc; calls 1 2 4; 9 s: abcb; peak 1",
    "(A >> B).attempt()": "a ⊆ a ⊆ ab; calls 1 1 2; 3 s: ab; peak 1",
    "A.absolve()": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "(A >> B).retry(3)": "a ⊆ ab ⊆ ab; calls 1 2 8; 12 s: ab; peak 1",
    "A.retry(3, backoff=Backoff(1, maximum=3))": "a ⊆ a ⊆ a; calls 1 1 4; 10 s: a; peak 1",
    "A.notify(D).retry(1)": "a ⊆ ad ⊆ ad; calls 1 2 4; 2 s, 10 s: a; peak 2",
    "(A >> C).timeout(3)": "a ⊆ ac ⊆ ac; calls 1 2 2; 3 s: ac; peak 1",
    "A.timeout(3)": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "A.notify(D).timeout(1)": "a ⊆ ad ⊆ ad; calls 1 2 2; 1 s, 9 s: a; peak 1",
    "A.filter(p)": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "A.guard(B)": "a ⊆ ab ⊆ ab; calls 1 2 2; 3 s: ab; peak 1",
    "A.and_then(f)": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
    "A.tap(B)": "a ⊆ ab ⊆ ab; calls 1 2 2; 3 s: ab; peak 1",
    "A.notify(D) >> B": "a ⊆ abd ⊆ abd; calls 1 3 3; 3 s, 9 s: ab; peak 2",
    "A.notify(B >> A) >> D": "a ⊆ abd ⊆ abd; calls 1 3 4; 9 s: ad; peak 2",
    "A.divert_to(D, p) >> B": "a ⊆ ab ⊆ abd; calls 1 2 3; 3 s, 9 s: ab; peak 2",
    "identity().notify(A >> B) >> C": "ac ⊆ ac ⊆ abc; calls 2 2 3; 4 s: c; peak 2",
    "loop(A >> B)": "a ⊆ ab ⊆ ab; calls 1 2 20; 30 s: ab; peak 1",
    "loop(A, max_iter=None)": "a ⊆ a ⊆ a; calls 1 1 inf; inf s: a; peak 1",
    "loop(pure(f), max_iter=None)": "- ⊆ - ⊆ -; calls 0 0 0; inf s: -; peak 0",
    "loop(A.notify(D), max_iter=3)": "a ⊆ ad ⊆ ad; calls 1 2 6; 3 s, 11 s: a; peak 3",
    "loop_with_state(A, init_state=0, max_iter=2)": "a ⊆ a ⊆ a; calls 1 1 2; 2 s: a; peak 1",
    "loop_with_state(A, init_state=list, max_iter=2)": "- ⊆ a ⊆ a; calls 0 1 2; 2 s: a; peak 1",
    "A.named('a')": "a ⊆ a ⊆ a; calls 1 1 1; 1 s: a; peak 1",
}


@pytest.mark.parametrize(("expression", "expected"), GOLDEN.items(), ids=list(GOLDEN))
def test_the_bounds_are(expression: str, expected: str) -> None:
    assert told(bounds(built(expression))) == expected


def test_every_kind_is_among_them() -> None:
    kinds: set[type[Any]] = set()
    for expression in GOLDEN:
        fold(lambda node: kinds.add(type(node)), built(expression))
    assert kinds == KINDS


@pytest.mark.parametrize("flow", SAMPLES.values(), ids=list(SAMPLES))
def test_of_every_sample_there_are_bounds(flow: AnyFlow) -> None:
    found = bounds(flow)
    assert found.must <= found.must_to_succeed <= found.may
    assert found.least_calls <= found.least_calls_to_succeed <= found.most_calls
    assert found.seconds <= found.seconds_with_sides
    assert found.peak_concurrency <= found.most_calls
    assert hash(found) == hash(bounds(flow))


# --------------------------------------------------------------------- some run reaches the bounds

EPSILON = 2.0**-30  # seconds by which an agent may be in time


def doing(failing: str, *, error: BaseException | None = None) -> dict[Any, Script]:
    """Each agent yields just in time; or, if it is one of the failing, raises at once or hangs."""

    def script(target: Any) -> Script:
        answer = Answer(0, SECONDS[target] - EPSILON)
        if target.__name__ in failing:
            answer = Answer(None, math.inf) if error is None else Answer(error)
        return lambda _: answer

    return {target: script(target) for target in SECONDS}


@pytest.mark.parametrize(
    ("expression", "failing", "input"),
    [
        ("A >> B >> C", "", 0),
        ("A.zip(B >> C)", "", 0),
        ("zip_all(A, B, C)", "", 0),
        ("each(A, B)", "", (0, 0)),
        ("race(A, B, C)", "abc", 0),
        ("race(A >> B, C >> B)", "b", 0),
        ("first_completed(B, A >> C)", "b", 0),
        ("at_least(1, A >> D, B >> D, C)", "", 0),
        ("at_least(2, A >> D, B >> D, C)", "", 0),
        ("at_least(1, A >> D, B >> D, C, stop_early=True)", "cd", 0),
        ("at_least(2, A >> D, B >> D, C, stop_early=True)", "c", 0),
        ("at_least(3, A >> D, B >> D, C, stop_early=True)", "", 0),
        ("on(int, A >> C).on(str, B >> C)", "", "text"),
        ("A.branch_on(p, B, C >> D)", "", 0),
        ("A.recover_with(C)", "a", 0),
        ("(A >> B).recover(f)", "b", 0),
        ("A | B | C", "ab", 0),
        ("(A >> B) | (C >> B)", "b", 0),
        ("(A >> B).attempt()", "b", 0),
        ("A.retry(2, backoff=Backoff(1, maximum=5))", "a", 0),
        ("(A >> B).retry(3)", "b", 0),
        ("(A >> C).timeout(3)", "", 0),
        ("A.guard(B)", "", 0),
        ("A.tap(B)", "", 0),
        ("A.notify(D) >> B", "", 0),
        ("A.map(bool).divert_to(D, p) >> B", "", 0),
        ("loop((A >> B).map(Continue), max_iter=3)", "", 0),
        ("loop(A.notify(D).map(Continue), max_iter=3)", "", 0),
        ("(A.notify(D) >> B).retry(2)", "b", 0),
        ("A.notify(D).notify(D).map(f) >> C.notify(D) >> B", "", 0),
    ],
)
def test_a_run_reaches_the_upper_bounds(expression: str, failing: str, input: Any) -> None:
    flow = built(expression.replace("A.map(bool)", "A.map(lambda _: True)"))
    found, meaning = bounds(flow), evaluate(flow, input, doing(failing))
    assert_within(found, meaning)
    assert {call.agent for call in meaning.calls} == found.may or "on(" in expression
    assert len(meaning.calls) == found.most_calls
    assert peak(meaning.calls) == found.peak_concurrency
    slack = EPSILON * len(meaning.calls)
    assert meaning.seconds >= found.seconds - slack
    assert max(call.end for call in meaning.calls) >= found.seconds_with_sides - slack


@pytest.mark.parametrize(
    ("expression", "failing"),
    [
        ("A >> B", "a"),
        ("A.zip(B >> C)", "ab"),
        ("each(A, B)", ""),
        ("race(A >> B, C)", "a"),
        ("first_completed(A >> B, C)", "c"),
        ("at_least(2, A >> D, B >> D, C)", "a"),
        ("at_least(2, A >> D, B >> D, C, stop_early=True)", "b"),
        ("traverse(A)", ""),
        ("on(str, A).on(bytes, B)", ""),
        ("A.branch_on(p, B, C)", "a"),
        ("A | B", "a"),
        ("(A >> B).retry(3)", "a"),
        ("identity() >> A.notify(D)", "a"),
        ("loop(A >> B)", "a"),
        ("loop_with_state(A, init_state=0)", "a"),
        ("(A >> B).timeout(3)", "a"),
    ],
)
def test_a_failing_run_calls_no_more_than_it_must(expression: str, failing: str) -> None:
    flow = built(expression)
    found, meaning = bounds(flow), evaluate(flow, 0, doing(failing, error=MemoryError()))
    assert isinstance(meaning.result, Failure)
    assert {call.agent for call in meaning.calls} == found.must
    assert len(meaning.calls) == found.least_calls


@pytest.mark.parametrize(
    ("expression", "runs"),
    [
        ("A >> B", [("", 0)]),
        ("A.zip(B >> C)", [("", 0)]),
        ("each(A, B)", [("", (0, 0))]),
        ("race(A >> B, C >> B)", [("", 0)]),
        ("race(A >> B, C)", [("a", 0)]),
        ("first_completed(A, B >> C)", [("", 0)]),
        ("at_least(1, A >> D, B >> D, C)", [("ab", 0)]),
        ("at_least(2, A >> D, B >> D, C)", [("a", 0), ("b", 0)]),
        ("at_least(3, A >> D, B >> D, C)", [("", 0)]),
        ("at_least(2, A >> D, B >> D, C, stop_early=True)", [("a", 0)]),
        ("traverse(A)", [("", [])]),
        ("on(int, A >> C).on(str, B >> C)", [("", 0), ("", "text")]),
        ("A.map(lambda _: 1).branch_on(p, B, C >> D) ", [("", 0)]),
        ("(A >> B).recover(f)", [("a", 0)]),
        ("(A >> B).recover_with(C >> B)", [("", 0), ("a", 0)]),
        ("(A >> B) | (C >> B)", [("", 0), ("a", 0)]),
        ("(A >> B).attempt()", [("a", 0)]),
        ("(A >> B).retry(3)", [("", 0)]),
        ("A.guard(B.map(lambda _: True))", [("", 0)]),
        ("A.tap(B)", [("", 0)]),
        ("A.notify(D >> B)", [("d", 0)]),
        ("A.divert_to(D, p)", [("", 0)]),
        ("loop((A >> B).map(Done))", [("", 0)]),
    ],
)
def test_runs_that_succeed_call_no_more_than_they_must(
    expression: str, runs: list[tuple[str, Any]]
) -> None:
    flow = built(expression)
    found, meanings = bounds(flow), [evaluate(flow, x, doing(failing)) for failing, x in runs]
    assert all(isinstance(meaning.result, Success) for meaning in meanings)
    assert min(len(meaning.calls) for meaning in meanings) == found.least_calls_to_succeed
    if ".branch_on" not in expression:
        in_all = [{call.agent for call in meaning.calls} for meaning in meanings]
        assert set.intersection(*in_all) == found.must_to_succeed


@pytest.mark.parametrize("factor", [1.0, 1.001, 1.5, 2.0])
@pytest.mark.parametrize("times", [1_000, 1_001, 5_000])
def test_a_long_schedule_is_added_up_as_a_short_one(factor: float, times: int) -> None:
    backoff = Backoff(0.25, factor=factor, maximum=16.0)
    waits = math.fsum(backoff.delay(i) for i in range(times))
    assert bounds(pure(f).retry(times, backoff=backoff)).seconds == pytest.approx(waits, rel=1e-12)


# ------------------------------------------------------------------------------------------- sizes


@pytest.mark.parametrize("shape", [name for name in SHAPES if "wide" not in name])
def test_a_nest_of_any_depth_has_bounds(shape: str) -> None:
    found = bounds(SHAPES[shape](2_000 if shape == "shared" else 10_000, A))
    assert found.may == {a}


def test_a_chain_of_100_000_steps_has_bounds() -> None:
    left: AnyFlow = reduce(lambda x, _: x >> A, range(99_999), A)
    right: AnyFlow = reduce(lambda x, _: A >> x, range(99_999), A)
    for chain in (left, right):
        found = bounds(chain)
        assert (found.least_calls, found.most_calls) == (1, 100_000)
        assert found.seconds == 100_000.0
        assert found.critical_path == (a,) * PATH_LENGTH
    assert bounds(left) == bounds(right)


def numbered(n: int) -> list[Any]:
    def one() -> Any:
        async def act(x: Any) -> Any:
            raise NotImplementedError

        return act

    return [one() for _ in range(n)]


def test_a_chain_of_20_000_agents_tells_them_all_apart() -> None:
    targets = numbered(20_000)
    flows = [agent(target) for target in targets]
    found = bounds(reduce(lambda x, y: x >> y, flows))
    assert found.must == {targets[0]}
    assert found.must_to_succeed == found.may == set(targets)
    assert found.critical_path == tuple(targets[:PATH_LENGTH])
    backwards = bounds(reduce(lambda x, y: y >> x, flows))
    assert backwards.must_to_succeed == set(targets)
    assert backwards.critical_path == tuple(reversed(targets[-PATH_LENGTH:]))


def test_a_part_that_is_shared_counts_as_often_as_it_runs() -> None:
    wide: AnyFlow = reduce(lambda x, _: x.zip(x), range(60), A)
    found = bounds(wide)
    assert found.least_calls == found.most_calls == found.peak_concurrency == 2**60
    assert (found.seconds, found.critical_path) == (1.0, (a,))
    assert found.must == {a}
    long = bounds(reduce(lambda x, _: x >> x, range(60), A))
    assert (long.most_calls, long.seconds) == (2**60, 2.0**60)
    assert long.critical_path == (a,) * PATH_LENGTH


def test_an_upper_bound_past_the_largest_float_is_none() -> None:
    large: AnyFlow = reduce(lambda x, _: x.zip(x), range(1_000), A)
    assert bounds(large).most_calls == 2**1_000
    huge: AnyFlow = reduce(lambda x, _: x.zip(x), range(2_000), A)
    found = bounds(huge)
    assert found.most_calls == found.peak_concurrency == math.inf
    assert found.least_calls.bit_length() == 2_001
    assert bounds(huge.bind(f)).most_calls == math.inf
    assert bounds(huge.zip(loop(A, max_iter=None))).most_calls == math.inf
    assert bounds(loop(A, max_iter=10**400)).most_calls == math.inf
    assert bounds(loop(A, max_iter=10**400)).seconds == math.inf


def test_shared_agents_of_a_quorum_are_counted_among_many() -> None:
    targets = numbered(3_000)
    shared = agent(targets[2_000])
    late = [A >> agent(target) for target in targets]
    flows = [x >> shared if i % 3 else x for i, x in enumerate(late)]
    assert bounds(at_least(1_001, *flows)).must_to_succeed == {a, targets[2_000]}
    assert bounds(at_least(999, *flows)).must_to_succeed == {a}
    assert bounds(race(late[0] >> late[2_999], late[2_999] >> late[7])).must_to_succeed == {
        a,
        targets[2_999],
    }


# ------------------------------------------------------------------------------------------ as text


def test_the_text_of_bounds_is_a_table() -> None:
    assert str(bounds((A >> B).retry(1) | C)).splitlines() == [
        "always called  a",
        "to succeed     a",
        "may be called  a, b, c",
        "agent calls    at least 1 (2 to succeed), at most 5",
        "at once        at most 1",
        "time           at most 10.0 s",
        "critical path  a → b → c",
    ]


def test_the_text_says_what_has_no_bound() -> None:
    assert str(bounds(agent(a, timeout=None).bind(f))).splitlines()[2:] == [
        "may be called  a, and whatever a `bind` chooses",
        "agent calls    at least 1, no upper bound",
        "at once        no upper bound",
        "time           no bound: an agent, a loop or a `bind` on the way has none",
        "critical path  a",
    ]
    aside = bounds(A.notify(agent(b, timeout=None)))
    assert "time           at most 1.0 s, side flows without a bound" in str(aside).splitlines()


def test_the_text_of_the_bounds_of_a_function_names_no_agent() -> None:
    lines = str(bounds(pure(f))).splitlines()
    assert [lines[0], lines[3], lines[6]] == [
        "always called  none",
        "agent calls    at least 0, at most 0",
        "critical path  none",
    ]


def test_the_text_is_seven_lines_whatever_agents_are_called() -> None:
    def odd(number: int) -> Any:
        async def target(x: Any) -> Any: ...

        target.__name__ = target.__qualname__ = f"a\n\x1b[2J{number}"
        return agent(target)

    table = str(bounds(reduce(Flow.flat_map, map(odd, range(200)))))
    assert len(table.splitlines()) == 7
    assert "\x1b" not in table
    path = table.splitlines()[-1].removeprefix("critical path  ")
    assert (len(path), path[-1]) == (PATH_WIDTH, "…")


def test_the_repr_of_bounds_has_its_fields() -> None:
    assert repr(bounds(pure(f))).startswith("Bounds(must=frozenset(), must_to_succeed=")


# ---------------------------------------------------------------------------------- wrong arguments


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (a, r"bounds: flow must be a Flow, got <function a .*lift .* with agent\(a\)"),
        (f, r"bounds: flow must be a Flow, got <function f .*with pure\(f\)"),
        (None, r"bounds: flow must be a Flow, got None \(NoneType\)"),
        (A.node, r"bounds: flow must be a Flow, got Leaf\("),
    ],
)
def test_what_is_no_flow_is_told_so(wrong: Any, text: str) -> None:
    with pytest.raises(TypeError, match=text):
        bounds(wrong)


def test_an_agent_without_a_hash_is_told_so() -> None:
    class Unhashable:
        __hash__ = None  # type: ignore[assignment]  # as an eq dataclass has it

        async def __call__(self, x: int) -> int:
            return x

    with pytest.raises(TypeError, match=r"Unhashable.* has none: give its class a __hash__"):
        bounds(A >> agent(Unhashable()))
