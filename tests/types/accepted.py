"""Right programs, each with the exact type that mypy infers for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, assert_type

from returns.result import Result

from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import (
    Answer,
    Backoff,
    Bounds,
    Call,
    Cases,
    CheckReport,
    Continue,
    Document,
    Done,
    DryRun,
    Finding,
    Flow,
    Plan,
    Position,
    QuorumResult,
    Recording,
    Registry,
    agent,
    at_least,
    bounds,
    check,
    dry_run,
    each,
    first_completed,
    fold,
    from_dict,
    from_json,
    from_yaml,
    identity,
    json_schema,
    loop,
    loop_with_state,
    on,
    para,
    pure,
    race,
    read_document,
    recorded,
    to_dict,
    to_json,
    to_mermaid,
    to_tree,
    to_yaml,
    traverse,
    zip_all,
)
from tests.types.programs import (
    Analyst,
    Animal,
    Dog,
    Echo,
    Fetcher,
    Negative,
    Plain,
    PlainBox,
    PlainStreamer,
    Positive,
    Researcher,
    Senior,
    Streamer,
    Writer,
    Zero,
    a,
    b,
    box,
    c,
    chunks,
    classify,
    count,
    d,
    e,
    f,
    fetch,
    flow_by_length,
    g,
    h,
    halve,
    is_even,
    merge,
    of_negative,
    of_positive,
    of_zero,
    only_done,
    parse,
    shout,
    show,
)

# ----------------------------------------------------------------------------------- pipelines

pipeline = agent(Researcher).zip(agent(Analyst)).map(merge).flat_map(agent(Writer))
assert_type(pipeline, Flow[str, str])
assert_type(pipeline.recover_with(pure(shout)), Flow[str, str])
assert_type((agent(Researcher) & agent(Analyst)).map(merge) >> agent(Writer), Flow[str, str])

# -------------------------------------------------------------------------------------- leaves

assert_type(agent(Researcher), Flow[str, int])
assert_type(agent(Senior), Flow[str, int])
assert_type(agent(Plain), Flow[str, int])
assert_type(agent(fetch), Flow[str, int])
assert_type(agent(Fetcher()), Flow[str, int])
assert_type(agent(Fetcher().method), Flow[str, bytes])
assert_type(agent(Researcher, timeout=5, name="reader"), Flow[str, int])
assert_type(agent(fetch, timeout=None), Flow[str, int])
# a stream's output is the list of its chunks
assert_type(agent(Streamer), Flow[str, list[bytes]])
assert_type(agent(PlainStreamer), Flow[str, list[bytes]])
assert_type(agent(chunks), Flow[str, list[bytes]])
assert_type(agent(Streamer).map(b"".join), Flow[str, bytes])
# a generic function takes its type from where it stands, a generic class has to be told
assert_type(agent(Echo[int]), Flow[int, int])
assert_type(agent(PlainBox[int]), Flow[int, list[int]])
assert_type(agent(Researcher).flat_map(agent(Echo[int])), Flow[str, int])
boxed: Flow[int, list[int]] = agent(box)
assert_type(agent(Researcher).flat_map(agent(box)), Flow[str, list[int]])
assert_type(agent(Researcher).flat_map(agent(Echo)), Flow[str, Any])
assert_type(agent(Researcher).flat_map(agent(PlainBox)), Flow[str, list[Any]])


def lift_some_researcher(target: type[Researcher]) -> None:
    assert_type(agent(target), Flow[str, int])


def lift_some_agent(target: type[AgentActor[str, int]]) -> None:
    assert_type(agent(target), Flow[str, int])


def lift_any_agent[I, O](target: type[AgentActor[I, O]]) -> Flow[I, O]:
    return agent(target)


assert_type(lift_any_agent(Researcher), Flow[str, int])
assert_type(lift_any_agent(Streamer), Flow[str, list[bytes]])


def lift_some_function(target: Callable[[str], Awaitable[int]]) -> None:
    assert_type(agent(target), Flow[str, int])


# ------------------------------------------------------------------- functor, category, monad

assert_type(pure(is_even), Flow[int, bool])
assert_type(pure(merge), Flow[tuple[int, bytes], list[str]])
assert_type(pure(Positive), Flow[int, Positive])
strip: Flow[str, str] = pure(lambda text: text.strip())
same: Flow[int, int] = identity()
assert_type(a.flat_map(identity()), Flow[str, int])
assert_type(a.map(lambda n: [n]), Flow[str, list[int]])
assert_type(a.map(str).map(len), Flow[str, int])
assert_type(a.map(Positive), Flow[str, Positive])
assert_type(a.map(is_even).map(lambda even: not even), Flow[str, bool])
assert_type(a.flat_map(pure(str)), Flow[str, str])
assert_type(a >> pure(is_even) >> pure(str), Flow[str, str])
assert_type(a >> pure(lambda n: n + 1) >> pure(lambda n: str(n)), Flow[str, str])
assert_type(a.bind(flow_by_length), Flow[str, bytes])
assert_type(a.bind(lambda n: b if n > 3 else b.map(bytes.upper)), Flow[str, bytes])

# ----------------------------------------------------------------------------------- products

assert_type(a.zip(b), Flow[str, tuple[int, bytes]])
assert_type(a & b, Flow[str, tuple[int, bytes]])
assert_type(a & b & c, Flow[str, tuple[tuple[int, bytes], str]])
assert_type(zip_all(a, b), Flow[str, tuple[int, bytes]])
assert_type(zip_all(a, b, c), Flow[str, tuple[int, bytes, str]])
assert_type(zip_all(a, b, c, d), Flow[str, tuple[int, bytes, str, float]])
assert_type(zip_all(a, b, c, d, e), Flow[str, tuple[int, bytes, str, float, bool]])
assert_type(zip_all(a, b, c, d, e, f), Flow[str, tuple[int, bytes, str, float, bool, list[str]]])
assert_type(
    zip_all(a, b, c, d, e, f, g),
    Flow[str, tuple[int, bytes, str, float, bool, list[str], Positive]],
)
assert_type(
    zip_all(a, b, c, d, e, f, g, h),
    Flow[str, tuple[int, bytes, str, float, bool, list[str], Positive, Negative]],
)
assert_type(zip_all(a, a, a, a, a, a, a, a, a), Flow[str, tuple[int, ...]])
assert_type(zip_all(*[a, a]), Flow[str, tuple[int, ...]])
assert_type(zip_all(a, *[a, a]), Flow[str, tuple[int, ...]])
assert_type(zip_all(a, b, c, d, e, f, g, h, a), Flow[str, tuple[object, ...]])

assert_type(each(a, pure(is_even)), Flow[tuple[str, int], tuple[int, bool]])
assert_type(each(agent(Researcher), agent(Writer)), Flow[tuple[str, list[str]], tuple[int, str]])
assert_type(each(a, b, c), Flow[tuple[str, str, str], tuple[int, bytes, str]])
assert_type(each(a, b, c, d), Flow[tuple[str, str, str, str], tuple[int, bytes, str, float]])
assert_type(
    each(a, b, c, d, e),
    Flow[tuple[str, str, str, str, str], tuple[int, bytes, str, float, bool]],
)
assert_type(
    each(a, b, c, d, e, f),
    Flow[tuple[str, str, str, str, str, str], tuple[int, bytes, str, float, bool, list[str]]],
)
assert_type(
    each(a, b, c, d, e, f, g),
    Flow[
        tuple[str, str, str, str, str, str, str],
        tuple[int, bytes, str, float, bool, list[str], Positive],
    ],
)
assert_type(
    each(a, b, c, d, e, f, g, pure(halve)),
    Flow[
        tuple[str, str, str, str, str, str, str, int],
        tuple[int, bytes, str, float, bool, list[str], Positive, Continue[int] | Done[str]],
    ],
)
assert_type(each(a, a, a, a, a, a, a, a, a), Flow[tuple[str, ...], tuple[int, ...]])
assert_type(zip_all(a, b) >> each(pure(is_even), pure(bytes.decode)), Flow[str, tuple[bool, str]])

assert_type(traverse(a), Flow[Sequence[str], tuple[int, ...]])
assert_type(traverse(agent(fetch), max_concurrency=4), Flow[Sequence[str], tuple[int, ...]])
assert_type(f.flat_map(traverse(a)), Flow[str, tuple[int, ...]])

# --------------------------------------------------------------------------- races and quorums

assert_type(a.race(b), Flow[str, int | bytes])
assert_type(a.race(a), Flow[str, int])
assert_type(race(a, b), Flow[str, int | bytes])
assert_type(race(agent(Researcher), agent(Plain)), Flow[str, int])
assert_type(race(a, b, c), Flow[str, int | bytes | str])
assert_type(race(a, b, c, f), Flow[str, int | bytes | str | list[str]])
assert_type(race(a, b, c, f, g), Flow[str, int | bytes | str | list[str] | Positive])
assert_type(race(a, b, c, f, g, h), Flow[str, int | bytes | str | list[str] | Positive | Negative])
assert_type(race(a, a, a, a, a, a, b), Flow[str, int | bytes])
assert_type(race(a, a, a, a, a, a, a, b), Flow[str, int | bytes])
assert_type(race(a, a, a, a, a, a, a, a, a), Flow[str, int])
assert_type(race(*[a, a]), Flow[str, int])
assert_type(race(a, b, c, d, e, f, g, h, a), Flow[str, object])

assert_type(first_completed(a, b), Flow[str, int | bytes])
assert_type(first_completed(a, b, c), Flow[str, int | bytes | str])
assert_type(first_completed(a, a, a, b), Flow[str, int | bytes])
assert_type(first_completed(a, a, a, a, b), Flow[str, int | bytes])
assert_type(first_completed(a, a, a, a, a, b), Flow[str, int | bytes])
assert_type(first_completed(a, a, a, a, a, a, b), Flow[str, int | bytes])
assert_type(first_completed(a, a, a, a, a, a, a, b), Flow[str, int | bytes])
assert_type(first_completed(a, a, a, a, a, a, a, a, a), Flow[str, int])

assert_type(at_least(1, a), Flow[str, QuorumResult[int]])
assert_type(at_least(1, a, b), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, b, c), Flow[str, QuorumResult[int | bytes | str]])
assert_type(
    at_least(2, agent(Researcher), agent(Plain), agent(fetch)), Flow[str, QuorumResult[int]]
)
assert_type(at_least(2, a, a, b, stop_early=True), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, a, a, b), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, a, a, a, b), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, a, a, a, a, b), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, a, a, a, a, a, b), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, a, a, a, a, a, a, b), Flow[str, QuorumResult[int | bytes]])
assert_type(at_least(2, a, a, a, a, a, a, a, a, a), Flow[str, QuorumResult[int]])
assert_type(at_least(2, *[a, a]), Flow[str, QuorumResult[int]])
assert_type(at_least(1, a, b).map(lambda q: q.succeeded), Flow[str, tuple[int | bytes, ...]])
assert_type(at_least(1, a, b).map(lambda q: q.failed), Flow[str, tuple[Exception, ...]])

# -------------------------------------------------------------------------------------- choice

handlers = on(Positive, pure(of_positive)).on(Negative, pure(of_negative))
assert_type(on(Positive, pure(of_positive)), Cases[Positive, int])
assert_type(handlers, Cases[Positive | Negative, int | str])
assert_type(handlers.on(Zero, pure(of_zero)), Cases[Positive | Negative | Zero, int | str | None])
assert_type(pure(classify).branch(handlers), Flow[str, int | str])
assert_type(pure(classify) >> handlers, Flow[str, int | str])
assert_type(handlers.map(str), Flow[Positive | Negative, str])
# more cases than needed are fine, and so is a case for a base class
assert_type(pure(classify).branch(handlers.on(Zero, pure(of_zero))), Flow[str, int | str | None])
# the type of a lambda's output is lost where its input is not known beforehand
assert_type(on(Positive, pure(lambda value: value.x)), Cases[Positive, Any])
whatever = on(object, pure(repr))
assert_type(pure(classify).branch(whatever), Flow[str, str])
assert_type(g.branch(on(Positive, pure(of_positive))), Flow[str, int])
assert_type(
    pure(classify).branch({Positive: pure(of_positive), Negative: pure(of_positive)}),
    Flow[str, int],
)
assert_type(a.branch({int: pure(is_even)}), Flow[str, bool])
by_type: Mapping[type[Any], Flow[Any, str]] = {int: pure(str)}
assert_type(a.branch(by_type), Flow[str, str])
assert_type(a.branch_on(is_even, pure(str), pure(hex)), Flow[str, str])
assert_type(a.branch_on(lambda n: n > 3, identity(), pure(abs)), Flow[str, int])

# ------------------------------------------------------------------------------------- failure

assert_type(a.recover(lambda error: "default"), Flow[str, int | str])
assert_type(a.recover(lambda error: 0), Flow[str, int])
assert_type(a.recover(shout), Flow[str, int | str])
assert_type(a.recover_with(pure(shout)), Flow[str, int | str])
assert_type(c.recover_with(pure(shout)), Flow[str, str])
assert_type(a.fallback_to(b), Flow[str, int | bytes])
assert_type(a | b, Flow[str, int | bytes])
assert_type(a | a, Flow[str, int])
assert_type(a.attempt(), Flow[str, Result[int, Exception]])
assert_type(a.attempt().absolve(), Flow[str, int])
assert_type(pure(parse).absolve(), Flow[str, int])
assert_type(a.attempt().map(lambda result: result.value_or("none")), Flow[str, int | str])
assert_type(a.retry(3), Flow[str, int])
assert_type(a.retry(3, backoff=Backoff(0.1), on=(ValueError, OSError)), Flow[str, int])
assert_type(a.retry(3, on=TimeoutError), Flow[str, int])
assert_type(a.timeout(2), Flow[str, int])
assert_type(a.timeout(2.5), Flow[str, int])

# -------------------------------------------------------------------------- checks and effects

assert_type(a.filter(is_even), Flow[str, int])
assert_type(a.filter(lambda n: n > 3), Flow[str, int])
assert_type(c.filter(str.isdigit), Flow[str, str])
assert_type(a.guard(pure(is_even)), Flow[str, int])
assert_type(c.guard(e), Flow[str, str])
assert_type(a.and_then(show), Flow[str, int])
assert_type(a.and_then(print), Flow[str, int])
assert_type(a.tap(pure(show)), Flow[str, int])
assert_type(c.tap(a), Flow[str, str])
assert_type(c.notify(agent(fetch)), Flow[str, str])
assert_type(c.divert_to(agent(fetch), lambda text: text.isdigit()), Flow[str, str])
assert_type(a.named("length"), Flow[str, int])

# --------------------------------------------------------------------------------------- loops

assert_type(loop(pure(halve)), Flow[int, str])
assert_type(loop(pure(halve), max_iter=None), Flow[int, str])
assert_type(a.flat_map(loop(pure(halve))), Flow[str, str])
assert_type(loop(pure(only_done)), Flow[int, str])
assert_type(loop_with_state(pure(count), init_state=[]), Flow[int, bytes])
assert_type(loop_with_state(pure(count), init_state=["seen"]), Flow[int, bytes])
assert_type(loop_with_state(pure(count), init_state=list), Flow[int, bytes])
assert_type(loop_with_state(pure(count), init_state=lambda: ["seen"]), Flow[int, bytes])
assert_type(loop_with_state(pure(count), init_state=list[str], max_iter=3), Flow[int, bytes])

# ------------------------------------------------------------------------------------ variance

wider_output: Flow[str, object] = agent(Researcher)
union_output: Flow[str, int | bytes] = agent(Analyst)
narrower_input: Flow[Dog, None] = pure(show)
into_cases: Flow[Positive, int | str] = handlers
takes_int: Flow[int, bytes] = pure(bytes)
takes_animal: Flow[Animal, str] = pure(repr)
takes_dog: Flow[Dog, int] = pure(id)
gives_dog: Flow[str, Dog] = pure(lambda name: Dog())
assert_type(e.flat_map(takes_int), Flow[str, bytes])  # a bool is an int
assert_type(gives_dog >> takes_animal, Flow[str, str])
assert_type(takes_animal.zip(pure(show)).map(lambda pair: pair[0]), Flow[Animal, str])
narrowed: Flow[Dog, tuple[str, None]] = takes_animal.zip(pure(show))
assert_type(gives_dog.guard(takes_animal.map(bool)), Flow[str, Dog])
assert_type(zip_all(takes_animal, takes_dog), Flow[Dog, tuple[str, int]])
assert_type(takes_dog.zip(takes_animal), Flow[Dog, tuple[int, str]])
assert_type(race(takes_animal, takes_dog), Flow[Dog, str | int])
assert_type(takes_dog.race(takes_animal), Flow[Dog, int | str])
assert_type(takes_dog | takes_animal, Flow[Dog, int | str])
assert_type(at_least(1, takes_animal, takes_dog), Flow[Dog, QuorumResult[str | int]])
number: Flow[str, int] = pure(int)  # which takes more than text
assert_type(c >> number.fallback_to(pure(len)), Flow[str, int])
assert_type(c >> race(pure(int), pure(len)), Flow[str, int])


# ------------------------------------------------------------------------------------- running


async def running(system: AgentSystem) -> None:
    assert_type(await system.run_flow(pipeline, "quantum computing"), str)
    assert_type(await system.run_flow(agent(Researcher), "x"), int)
    assert_type(await system.run_flow(race(a, b), "x"), int | bytes)
    assert_type(await system.run_flow(takes_int, True), bytes)
    async for event in system.run_flow_stream(pipeline, "x"):
        show(event)


assert_type(fold(lambda node: 1, pipeline), int)
assert_type(para(lambda flow, node: 1, pipeline), int)
assert_type(bounds(pipeline), Bounds)
assert_type(bounds(takes_int), Bounds)
assert_type(to_mermaid(pipeline, "TD"), str)
assert_type(to_tree(pipeline, ascii_only=True), str)


def interpreted() -> None:
    report = check(pipeline, str)
    assert_type(report, CheckReport)
    assert_type(report.findings, tuple[Finding, ...])
    ran = dry_run(
        agent(fetch), "url", {fetch: lambda url: Answer(len(url)), Researcher: [1, ValueError()]}
    )
    assert_type(ran, DryRun[int])
    assert_type(ran.value, int)
    assert_type(ran.calls, tuple[Call, ...])
    assert_type(dry_run(pipeline), Plan)
    assert_type(recorded(pipeline, []), dict[Any, Recording])
    assert_type(to_mermaid(agent(fetch), run=ran), str)


def documents() -> None:
    assert_type(check(read_document("agent: fetch", {"fetch": fetch})), CheckReport)
    registry = Registry.of(Researcher) | {"fetch": fetch}
    assert_type(registry, Registry)
    assert_type(to_dict(pipeline, registry, name="p"), dict[str, Any])
    assert_type(to_json(pipeline, {"fetch": fetch}, indent=None), str)
    assert_type(to_yaml(pipeline), str)
    assert_type(json_schema(registry), dict[str, Any])
    assert_type(from_dict({"agent": "fetch"}, registry), Flow[Any, Any])
    assert_type(from_json(b"{}", {"fetch": fetch}), Flow[Any, Any])
    assert_type(from_yaml("agent: fetch", registry), Flow[Any, Any])
    document = read_document("agent: fetch", registry, syntax="yaml")
    assert_type(document, Document)
    assert_type(document.position(document.flow), Position | None)
