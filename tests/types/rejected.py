"""Wrong programs: mypy rejects each at the line that is wrong.

Every expected error is pinned by an ignore, which is an error itself once it is not needed. The
programs stand in functions that nobody calls, since most would be refused when they are built.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import override

from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.flow import (
    Cases,
    Flow,
    Registry,
    agent,
    at_least,
    bounds,
    check,
    dry_run,
    each,
    first_completed,
    from_dict,
    from_json,
    from_yaml,
    json_schema,
    loop,
    loop_with_state,
    on,
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
    Negative,
    Plain,
    Positive,
    Researcher,
    Streamer,
    Writer,
    Zero,
    a,
    b,
    c,
    classify,
    count,
    e,
    fetch,
    flow_by_length,
    halve,
    is_even,
    merge,
    of_negative,
    of_positive,
    of_zero,
    shout,
)

takes_int: Flow[int, bytes] = pure(bytes)
takes_dog: Flow[Dog, int] = pure(id)
takes_animal: Flow[Animal, str] = pure(repr)
gives_animal: Flow[str, Animal] = pure(lambda name: Animal())


class Blocking:
    def execute(self, text: str) -> int:
        return len(text)


class OfTwo:
    async def execute(self, text: str, other: str) -> int:
        return len(text + other)


def wrong_leaves() -> None:
    agent(3)  # type: ignore[call-overload]  # a number
    agent(len)  # type: ignore[arg-type]  # not asynchronous
    agent(Researcher())  # type: ignore[call-overload]  # an instance
    agent(a)  # type: ignore[call-overload]  # a flow already
    agent(int)  # type: ignore[arg-type]  # a class without `execute`
    agent(Blocking)  # type: ignore[arg-type]  # its `execute` is not asynchronous
    agent(NotAsync)  # type: ignore[arg-type]  # its `execute` is not asynchronous
    agent(OfTwo)  # type: ignore[arg-type]  # its `execute` takes two inputs
    agent(fetch, timeout="5")  # type: ignore[call-overload]  # a string for seconds
    agent(fetch, name=3)  # type: ignore[call-overload]  # a number for a name
    agent(fetch, 5)  # type: ignore[call-overload]  # a timeout without its name
    _input_differs: Flow[int, int] = agent(Researcher)  # type: ignore[arg-type]  # it takes str
    _output_differs: Flow[str, str] = agent(Researcher)  # type: ignore[arg-type]  # it gives int
    _no_chunk: Flow[str, bytes] = agent(Streamer)  # type: ignore[assignment]  # it gives the list


class WrongOutput(AgentActor[str, int]):
    @override
    async def execute(self, input: str) -> str:  # type: ignore[override]  # int was promised
        return input


class WrongInput(AgentActor[str, int]):
    @override
    async def execute(self, input: bytes) -> int:  # type: ignore[override]  # str was promised
        return len(input)


class NotAsync(AgentActor[str, int]):
    @override
    def execute(self, input: str) -> int:  # type: ignore[override]  # not asynchronous
        return len(input)


def wrong_compositions() -> None:
    agent(Analyst).flat_map(agent(Writer))  # type: ignore[arg-type]  # bytes into list[str]
    agent(Analyst) >> agent(Writer)  # type: ignore[arg-type]  # bytes into list[str]
    agent(Researcher).zip(agent(Analyst)).flat_map(agent(Writer))  # type: ignore[arg-type]  # a pair into list[str]
    agent(Streamer).flat_map(pure(bytes.decode))  # type: ignore[arg-type]  # list[bytes] into bytes
    a.flat_map(len)  # type: ignore[arg-type]  # a function
    a.flat_map(fetch)  # type: ignore[arg-type]  # an async function
    a.flat_map(Plain)  # type: ignore[arg-type]  # an agent that is not lifted
    a >> is_even  # type: ignore[operator]  # a function
    a.map(merge)  # type: ignore[arg-type]  # int into a pair
    a.map(len)  # type: ignore[arg-type]  # int into Sized
    a.map(lambda n: n.upper())  # type: ignore[attr-defined]  # int has no `upper`
    a.map(b)  # type: ignore[arg-type]  # a flow for a function
    pure(a)  # type: ignore[arg-type]  # a flow for a function
    pure(3)  # type: ignore[arg-type]  # a number for a function
    a.bind(is_even)  # type: ignore[arg-type]  # it returns no flow
    c.bind(flow_by_length)  # type: ignore[arg-type]  # it takes int
    a.bind(lambda n: takes_int)  # type: ignore[arg-type, return-value]  # the original input is a str
    a.nothing()  # type: ignore[attr-defined]  # no such method


def wrong_products_and_races() -> None:
    agent(Researcher).zip(agent(Writer))  # type: ignore[arg-type]  # inputs differ
    agent(Researcher) & agent(Writer)  # type: ignore[arg-type]  # inputs differ
    agent(Researcher).race(agent(Writer))  # type: ignore[arg-type]  # inputs differ
    a.zip(len)  # type: ignore[arg-type]  # a function
    a & 3  # type: ignore[operator]  # a number
    zip_all(a)  # type: ignore[call-overload]  # one flow
    each(a)  # type: ignore[call-overload]  # one flow
    race(a)  # type: ignore[call-overload]  # one flow
    first_completed(a)  # type: ignore[call-overload]  # one flow
    at_least(1)  # type: ignore[call-overload]  # no flow
    zip_all(a, 3)  # type: ignore[call-overload]  # a number
    zip_all([a, b])  # type: ignore[call-overload]  # a list of flows
    race(a, len)  # type: ignore[call-overload]  # a function
    each(a, fetch)  # type: ignore[call-overload]  # an async function
    first_completed(a, Plain)  # type: ignore[call-overload]  # an agent that is not lifted
    traverse(len)  # type: ignore[arg-type]  # a function
    traverse(a, 3)  # type: ignore[call-arg]  # a bound without its name
    a.flat_map(traverse(a))  # type: ignore[arg-type]  # an int for a sequence
    zip_all(a, b).flat_map(each(pure(is_even), a))  # type: ignore[arg-type]  # bytes into str
    zip_all(a, b).map(lambda triple: triple[2])  # type: ignore[misc]  # a pair
    at_least("2", a, b)  # type: ignore[call-overload]  # a string for a number
    at_least(a, b)  # type: ignore[call-overload]  # no number
    at_least(2, a, b, stop_early=1)  # type: ignore[call-overload]  # a number for a bool
    at_least(1, a, b).map(lambda quorum: quorum.winners)  # type: ignore[attr-defined]  # it is `succeeded`
    _exact: Flow[str, int] = race(a, b)  # type: ignore[arg-type]  # int | bytes


def wrong_choices() -> None:
    pure(classify).branch(on(Positive, pure(of_positive)))  # type: ignore[arg-type]  # Negative is missing
    pure(classify) >> on(Positive, pure(of_positive))  # type: ignore[arg-type]  # Negative is missing
    pure(classify).branch(on(Positive, pure(of_positive)).on(Zero, pure(of_zero)))  # type: ignore[arg-type]  # Negative is missing
    on(Positive, pure(of_negative))  # type: ignore[misc]  # the handler takes Negative
    on(Positive, pure(of_positive)).on(Negative, pure(of_positive))  # type: ignore[misc]  # it takes Positive
    on(Positive, pure(lambda value: value.y))  # type: ignore[attr-defined]  # Positive has no `y`
    on(Positive, of_positive)  # type: ignore[arg-type]  # a function
    on(Positive(3), pure(of_positive))  # type: ignore[arg-type]  # an instance
    on("Positive", pure(of_positive))  # type: ignore[arg-type]  # a string
    a.branch(pure(is_even))  # type: ignore[call-overload]  # not cases
    a.branch({int: is_even})  # type: ignore[arg-type]  # a function
    a.branch({3: pure(is_even)})  # type: ignore[dict-item]  # not a class
    a.branch_on(c, pure(is_even), pure(is_even))  # type: ignore[arg-type]  # a flow for a predicate
    a.branch_on(is_even, a, pure(is_even))  # type: ignore[arg-type]  # its `then` takes str
    a.branch_on(is_even, pure(is_even), a)  # type: ignore[arg-type]  # its `otherwise` takes str
    _narrow: Cases[Positive | Negative, int] = on(Positive, pure(of_positive))  # type: ignore[arg-type]  # one case


def wrong_failure_handling() -> None:
    a.recover(is_even)  # type: ignore[arg-type]  # it takes int
    a.recover(pure(shout))  # type: ignore[arg-type]  # a flow for a function
    a.recover_with(shout)  # type: ignore[arg-type]  # a function for a flow
    a.recover_with(c)  # type: ignore[arg-type]  # the error is no str
    a.fallback_to(takes_int)  # type: ignore[arg-type]  # inputs differ
    a | takes_int  # type: ignore[operator]  # inputs differ
    a | 3  # type: ignore[operator]  # a number
    a.absolve()  # type: ignore[misc]  # an int is no Result
    a.retry("3")  # type: ignore[arg-type]  # a string for a number
    a.retry(3, backoff=0.5)  # type: ignore[arg-type]  # a number for a Backoff
    a.retry(3, on=KeyboardInterrupt)  # type: ignore[arg-type]  # not an Exception
    a.retry(3, on=[ValueError])  # type: ignore[arg-type]  # a list for a tuple
    a.timeout("2")  # type: ignore[arg-type]  # a string for seconds
    a.timeout(None)  # type: ignore[arg-type]  # a timeout has a bound
    _recovered: Flow[str, int] = a.recover(shout)  # type: ignore[arg-type]  # int | str


def wrong_checks_and_effects() -> None:
    agent(Researcher).filter(lambda n: n.upper())  # type: ignore[attr-defined]  # int has no `upper`
    a.filter(str.isdigit)  # type: ignore[arg-type]  # it takes str
    a.filter(lambda n: n + 1)  # type: ignore[arg-type, return-value]  # no bool
    a.guard(is_even)  # type: ignore[arg-type]  # a function for a flow
    a.guard(e)  # type: ignore[arg-type]  # it takes str
    c.guard(a)  # type: ignore[arg-type]  # it gives int, not bool
    a.and_then(of_zero)  # type: ignore[arg-type]  # it takes Zero
    a.and_then(is_even)  # type: ignore[arg-type]  # it gives a value, which would be lost
    a.tap(a)  # type: ignore[arg-type]  # it takes str
    a.notify(a)  # type: ignore[arg-type]  # it takes str
    a.divert_to(a, is_even)  # type: ignore[arg-type]  # it takes str
    c.divert_to(a, is_even)  # type: ignore[arg-type]  # the predicate takes int
    c.divert_to(a)  # type: ignore[call-arg]  # no predicate
    a.named(3)  # type: ignore[arg-type]  # a number for a label


def wrong_loops() -> None:
    loop(pure(of_positive))  # type: ignore[arg-type]  # neither Continue nor Done
    loop(a.map(halve))  # type: ignore[misc]  # it takes str, and continues with int
    loop(halve)  # type: ignore[arg-type]  # a function
    loop(pure(halve), max_iter="3")  # type: ignore[arg-type]  # a string for a number
    loop(pure(halve), 3)  # type: ignore[call-arg]  # a bound without its name
    loop_with_state(pure(halve), init_state=0)  # type: ignore[arg-type]  # no state in the body
    loop_with_state(pure(count), init_state=0)  # type: ignore[misc]  # the state is list[str]
    loop_with_state(pure(count), init_state=int)  # type: ignore[arg-type]  # the state is list[str]
    loop_with_state(pure(count))  # type: ignore[call-overload]  # no state
    _output: Flow[int, int] = loop(pure(halve))  # type: ignore[arg-type]  # it gives str


def wrong_variance() -> None:
    _narrower_output: Flow[str, bool] = a  # type: ignore[assignment]  # an int is no bool
    _wider_input: Flow[object, int] = a  # type: ignore[assignment]  # it takes str only
    gives_animal.flat_map(takes_dog)  # type: ignore[arg-type]  # an animal is no dog
    gives_animal.guard(takes_dog.map(is_even))  # type: ignore[arg-type]  # an animal is no dog


async def wrong_inputs(system: AgentSystem) -> None:
    await system.run_flow(a, 3)  # type: ignore[misc]  # it takes str
    await system.run_flow(takes_dog, Animal())  # type: ignore[misc]  # an animal is no dog
    # The free functions say only where the flow is run that nothing is an input to all.
    mixed = race(agent(Researcher), agent(Writer))
    await system.run_flow(mixed, "x")  # type: ignore[misc]  # nothing is both
    pair = zip_all(a, takes_int)
    await system.run_flow(pair, "x")  # type: ignore[misc]  # nothing is both
    quorum = at_least(1, a, takes_int)
    await system.run_flow(quorum, "x")  # type: ignore[misc]  # nothing is both
    await system.run_flow(each(a, b), ("x", "y", "z"))  # type: ignore[misc]  # three for two
    _text: str = await system.run_flow(a, "x")  # type: ignore[arg-type]  # it gives int


def wrong_interpretation() -> None:
    bounds(fetch)  # type: ignore[arg-type]  # an async def for a flow
    bounds(shout)  # type: ignore[arg-type]  # a function for a flow
    to_mermaid(fetch)  # type: ignore[arg-type]  # an async def for a flow
    to_mermaid(a, "DOWN")  # type: ignore[arg-type]  # no direction
    to_tree(fetch)  # type: ignore[arg-type]  # an async def for a flow


def wrong_runs_on_paper() -> None:
    check(fetch)  # type: ignore[arg-type]  # an async def for a flow
    dry_run(agent(fetch), 3, {})  # type: ignore[misc]  # an int for a str
    dry_run(agent(fetch), "url", [fetch])  # type: ignore[call-overload]  # a list for a script
    recorded(fetch, [])  # type: ignore[arg-type]  # an async def for a flow


def wrong_documents() -> None:
    to_dict(fetch)  # type: ignore[arg-type]  # an async def for a flow
    to_dict(a, [fetch])  # type: ignore[arg-type]  # a list for a mapping of names
    to_json(a, {1: fetch})  # type: ignore[dict-item]  # a name that is no text
    to_yaml(a, Registry, name="a")  # type: ignore[arg-type]  # a class for a registry
    from_dict({})  # type: ignore[call-arg]  # no registry
    from_json({}, {})  # type: ignore[arg-type]  # no text
    from_yaml(Path("a.yaml"), {})  # type: ignore[arg-type]  # a path for a text
    read_document("", {}, syntax="toml")  # type: ignore[arg-type]  # no syntax
    json_schema([fetch])  # type: ignore[arg-type]  # a list for a mapping of names


def right_but_beyond_mypy() -> None:
    """Programs that are right, and that mypy rejects: each has another form, in `accepted.py`."""
    # A receiver cannot take the narrower input of its argument: zip_all(f, g), or g.zip(f).
    takes_animal.zip(takes_dog)  # type: ignore[arg-type]  # right
    takes_animal.race(takes_dog)  # type: ignore[arg-type]  # right
    takes_animal | takes_dog  # type: ignore[operator]  # right
    # Nor can it take what both have in common: race(f, g), or a receiver with its type declared.
    pure(int).fallback_to(pure(len))  # type: ignore[arg-type]  # right: both take str
    # A case for a base class is inferred from outside: name the cases first.
    pure(classify).branch(on(object, pure(repr)))  # type: ignore[arg-type]  # right


# Programs that are wrong, and that mypy accepts: they are refused when they are built.
WRONG_BUT_BEYOND_MYPY: list[Callable[[], object]] = [
    lambda: zip_all(*[a]),
    lambda: at_least(3, a, b),
    lambda: on(Positive, pure(of_positive)).on(Positive, pure(of_positive)),
    lambda: pure(classify).branch({}),
    lambda: a.retry(-1),
    lambda: a.timeout(0),
    lambda: a.named(""),
]
