"""A trace is drawn, and Mermaid understands of it what was meant."""

import asyncio
from textwrap import dedent
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everything_is_an_actor import ActorSystem
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
    ask,
    attempt,
    par,
    sequence_diagram,
    spawn,
    stop,
)
from tests.free.traces import (
    HOSTILE,
    Get,
    Greeter,
    Odd,
    OddError,
    OddText,
    Ref,
    attempted,
    in_parallel,
    nested,
    spawned,
    step,
    texts,
    traces,
)
from tests.mermaid.parser import Mermaid

NO = ValueError("no")
GIVEN_UP = asyncio.CancelledError()

ASKED = step(Ask("/app/a", "Ada"), "hello")
STOPPED = step(Stop("/app/a"))


def drawn(*steps: Step) -> str:
    """The lines of a diagram after the participant that is the program."""
    head, program, *lines = sequence_diagram(steps).splitlines()
    assert (head, program) == ("sequenceDiagram", "  participant p as program")
    return "\n".join(line.removeprefix("  ") for line in lines)


def same(text: str) -> str:
    return dedent(text).strip()


@pytest.mark.parametrize(
    ("op", "value", "done", "failed", "cancelled"),
    [
        (
            Ask("/app/a", "Ada"),
            "hello",
            """
            participant a0 as /app/a
            p->>+a0: 'Ada'
            a0-->>-p: 'hello'
            """,
            """
            participant a0 as /app/a
            p->>+a0: 'Ada'
            a0--x-p: ValueError: no
            """,
            """
            participant a0 as /app/a
            p->>+a0: 'Ada'
            a0--x-p: cancelled
            """,
        ),
        (
            Tell(Ref("/app/a"), "Ada"),
            None,
            """
            participant a0 as /app/a
            p-)a0: 'Ada'
            """,
            """
            participant a0 as /app/a
            p-)a0: 'Ada'
            Note over p,a0: ValueError: no
            """,
            """
            participant a0 as /app/a
            p-)a0: 'Ada'
            Note over p,a0: cancelled
            """,
        ),
        (
            Spawn(Greeter, "a"),
            Ref("/app/a"),
            """
            create participant a0 as /app/a
            p->>a0: spawn Greeter
            """,
            "Note over p: spawn Greeter as a<br/>ValueError: no",
            "Note over p: spawn Greeter as a<br/>cancelled",
        ),
        (
            Stop("/app/a"),
            None,
            """
            participant a0 as /app/a
            destroy a0
            p-xa0: stop
            """,
            """
            participant a0 as /app/a
            p->>a0: stop
            Note over p,a0: ValueError: no
            """,
            """
            participant a0 as /app/a
            p->>a0: stop
            Note over p,a0: cancelled
            """,
        ),
        (
            GetRef("/app/a"),
            Ref("/app/a"),
            "Note over p: get_ref /app/a",
            "Note over p: get_ref /app/a<br/>ValueError: no",
            "Note over p: get_ref /app/a<br/>cancelled",
        ),
        (
            Sleep(0.5),
            None,
            "Note over p: sleep 0.5 s",
            "Note over p: sleep 0.5 s<br/>ValueError: no",
            "Note over p: sleep 0.5 s<br/>cancelled",
        ),
        (
            Get("k"),
            1,
            "Note over p: Get(key='k') → 1",
            "Note over p: Get(key='k')<br/>ValueError: no",
            "Note over p: Get(key='k')<br/>cancelled",
        ),
        (
            Par([]),
            (),
            "Note over p: par of no programs",
            "Note over p: par of no programs<br/>ValueError: no",
            "Note over p: par of no programs<br/>cancelled",
        ),
    ],
)
def test_a_step_is_drawn_with_what_came_of_it(
    mermaid: Mermaid,
    op: Operation[Any, Any],
    value: object,
    done: str,
    failed: str,
    cancelled: str,
) -> None:
    steps = [step(op, value), step(op, NO), step(op, GIVEN_UP)]
    assert [drawn(each) for each in steps] == [same(done), same(failed), same(cancelled)]
    mermaid.parse_all([sequence_diagram([each]) for each in steps])


def test_a_trace_of_no_steps_is_the_program_alone(mermaid: Mermaid) -> None:
    understood = mermaid.parse(sequence_diagram([], program="main"))
    assert (understood.actors, understood.messages) == (["main"], [])


def test_a_par_has_a_section_for_each_branch(mermaid: Mermaid) -> None:
    steps = [in_parallel((1, 2), [ASKED], [], [step(Sleep(1.0))]), in_parallel((1,), [ASKED])]
    assert drawn(*steps) == same("""
        par par[0]
          participant a0 as /app/a
          p->>+a0: 'Ada'
          a0-->>-p: 'hello'
        and par[1]
          Note over p: no operation
        and par[2]
          Note over p: sleep 1 s
        end
        par par[0]
          p->>+a0: 'Ada'
          a0-->>-p: 'hello'
        end
    """)
    mermaid.parse(sequence_diagram(steps))


def test_the_error_of_a_par_is_noted_if_no_step_of_its_branches_has_it(mermaid: Mermaid) -> None:
    refused = step(Ask("/app/a", 1), NO)
    given_up = step(Sleep(1.0), GIVEN_UP)
    steps = [
        in_parallel(NO, [refused], [given_up]),
        in_parallel(KeyError("k"), [ASKED], [given_up]),
        in_parallel(asyncio.CancelledError(), [given_up]),
    ]
    understood = mermaid.parse(sequence_diagram(steps))
    assert understood.texts("NOTE") == [
        "sleep 1 s\ncancelled",
        "sleep 1 s\ncancelled",
        "par\nKeyError: 'k'",
        "sleep 1 s\ncancelled",
    ]


def test_an_attempt_is_a_block_with_its_error_for_an_option(mermaid: Mermaid) -> None:
    refused = step(Ask("/app/a", 1), NO)
    steps = [
        attempted(1, ASKED),
        attempted(NO, refused),
        attempted(KeyError("k"), ASKED),
        attempted(GIVEN_UP),
    ]
    assert drawn(*steps) == same("""
        critical attempt
          participant a0 as /app/a
          p->>+a0: 'Ada'
          a0-->>-p: 'hello'
        end
        critical attempt
          p->>+a0: 1
          a0--x-p: ValueError: no
        option failed
          Note over p: ValueError
        end
        critical attempt
          p->>+a0: 'Ada'
          a0-->>-p: 'hello'
        option failed
          Note over p: KeyError: 'k'
        end
        critical attempt
          Note over p: no operation
        option cancelled
          Note over p: cancelled
        end
    """)
    mermaid.parse(sequence_diagram(steps))


@pytest.mark.parametrize(
    ("steps", "actors", "created", "destroyed"),
    [
        ([spawned("/app/a"), ASKED, STOPPED], 1, ["a0"], ["a0"]),
        ([spawned("/app/a"), STOPPED, spawned("/app/a"), STOPPED], 2, ["a0", "a1"], ["a0", "a1"]),
        ([ASKED, STOPPED, spawned("/app/a")], 2, ["a1"], ["a0"]),
        # It is used on, or was known before: then an arrow is just an arrow.
        ([ASKED, spawned("/app/a"), STOPPED], 1, [], ["a0"]),
        ([spawned("/app/a"), STOPPED, ASKED], 1, ["a0"], []),
        ([spawned("/app/a"), spawned("/app/a")], 1, ["a0"], []),
        ([in_parallel((), [spawned("/app/a"), STOPPED], [ASKED])], 1, ["a0"], []),
        ([in_parallel((), [STOPPED], [spawned("/app/a")])], 2, ["a1"], ["a0"]),
    ],
)
def test_a_lifeline_begins_and_ends_only_where_nothing_is_drawn_outside_of_it(
    mermaid: Mermaid, steps: list[Step], actors: int, created: list[str], destroyed: list[str]
) -> None:
    understood = mermaid.parse(sequence_diagram(steps))
    assert understood.actors == ["program", *["/app/a"] * actors]
    assert (understood.created, understood.destroyed) == (created, destroyed)


async def test_a_live_run_is_drawn_as_it_was(mermaid: Mermaid) -> None:
    program = (
        spawn(Greeter, "a")
        .flat_map(lambda a: par(ask(a, "x; y"), attempt(ask("/app/b", "<i>"))))
        .then(stop("/app/a"))
    )
    steps: list[Step] = []
    async with ActorSystem("app") as system:
        await system.run_free(program, trace=steps)
    understood = mermaid.parse(sequence_diagram(steps))
    assert understood.actors == ["program", "/app/a", "/app/b"]
    assert understood.texts("SOLID") == ["spawn Greeter", "'x; y'", "'<i>'"]
    assert understood.texts("DOTTED") == ["'hello, x; y'"]
    [error] = understood.texts("DOTTED_CROSS")
    assert error.replace("\n", " ") == "ActorNotFoundError: no living actor at /app/b"
    assert understood.texts("SOLID_CROSS") == ["stop"]


def letters(text: str) -> str:
    """What a reader sees of a text, wherever its lines break."""
    return "".join(text.split())


def assert_texts_survive(mermaid: Mermaid, hostile: list[str]) -> None:
    diagrams = [
        sequence_diagram([step(Ask(f"/{text}", 1), ValueError(text))], program=text)
        for text in hostile
    ]
    for text, understood in zip(hostile, mermaid.parse_all(diagrams), strict=True):
        assert list(map(letters, understood.actors)) == [beginning(text), end(f"/{text}")]
        [error] = understood.texts("DOTTED_CROSS")
        expected = f"ValueError: {text}" if text else "ValueError"
        assert letters(error) == beginning(expected)


def beginning(text: str) -> str:
    """The letters that are to be seen of a text: 80 characters, with what is not printable."""
    words = " ".join(text[:160].split())
    shown = "".join(
        c if c.isprintable() or c in "\u200c\u200d" else c.encode("unicode_escape").decode()
        for c in words
    )
    if len(shown) > 80 or len(text) > 160:
        shown = f"{shown[:79]}…"
    return letters(shown) or "(empty)"


def end(path: str) -> str:
    """The letters that are to be seen of a path."""
    return beginning(path if len(path) <= 80 else f"…{path[-79:]}")


def test_a_text_that_means_something_to_mermaid_is_drawn_as_it_is(mermaid: Mermaid) -> None:
    assert_texts_survive(mermaid, list(HOSTILE))


@given(hostile=st.lists(texts, max_size=8))
@settings(deadline=None, max_examples=20)
def test_any_text_is_drawn_as_it_is(mermaid: Mermaid, hostile: list[str]) -> None:
    assert_texts_survive(mermaid, hostile)


@given(steps=traces)
@settings(deadline=None, max_examples=100)
def test_mermaid_takes_the_diagram_of_any_trace(mermaid: Mermaid, steps: list[Step]) -> None:
    diagram = sequence_diagram(steps)
    assert diagram == sequence_diagram(steps)
    mermaid.parse(diagram)


@pytest.mark.parametrize("odd", [Odd, lambda: OddText("odd"), OddError, lambda: [Odd()]])
def test_an_object_that_cannot_be_shown_is_drawn_as_that(mermaid: Mermaid, odd: Any) -> None:
    steps = [
        step(Tell("/app/a", odd())),
        step(Ask("/app/a", odd()), odd()),
        step(Get(odd()), odd()),
        step(Tell(Ref(OddText("/app/a")), 1), OddError(odd())),
        step(GetRef("/app/b"), odd()),
    ]
    assert mermaid.parse(sequence_diagram(steps)).actors == ["program", "/app/a"]


def test_steps_that_no_interpreter_would_give_are_drawn_all_the_same(mermaid: Mermaid) -> None:
    odd = [step(Attempt(Pure(1)), NO, [ASKED], [ASKED]), step(Get(1), 2, [ASKED], []), attempted(1)]
    mermaid.parse(sequence_diagram([*odd, step(Sleep(1.0), None, [STOPPED])]))


def test_a_trace_of_any_depth_is_drawn(mermaid: Mermaid) -> None:
    lines = sequence_diagram(nested(100_000)).splitlines()
    assert lines.count("  " * 16 + "end") > 99_900
    assert max(map(len, lines)) < 80
    mermaid.parse(sequence_diagram(nested(100)))
