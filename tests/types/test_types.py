"""What mypy says of right and of wrong programs, with the plugin of `returns` and without it.

Users need no plugin. `accepted.py` states the exact type of each right program; `rejected.py` pins
each error of a wrong one by an ignore, which is an error itself once it is not needed. Of a few
errors the text, which is what a user reads, is stated below. Programs with actors, and mixtures of
agents, are in files of their own.
"""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from everything_is_an_actor import flow as face
from everything_is_an_actor.algebra.node import KINDS
from everything_is_an_actor.flow import Cases, Flow
from tests.types import (
    accepted,
    actors_accepted,
    actors_rejected,
    agents_accepted,
    agents_rejected,
    free_accepted,
    free_pointfree,
    free_rejected,
    moa_accepted,
    moa_rejected,
    rejected,
)

ROOT = Path(__file__).parents[2]
SOURCE = Path(face.__file__).parents[2]

CONFIG = """
[mypy]
strict = True
warn_unreachable = True
python_version = 3.12
explicit_package_bases = True
mypy_path = {source}
cache_dir = {cache}
pretty = False
color_output = False
{plugins}
"""
# The pointfree functions of `returns` are typed by its plugin alone.
PLUGINS = {"with_plugin": "plugins = returns.contrib.mypy.returns_plugin", "without_plugin": ""}

IMPORTS = """
from typing import assert_never, assert_type
from everything_is_an_actor.agents import AgentActor, AgentSystem
from everything_is_an_actor.algebra import node as n
from everything_is_an_actor.flow import Continue, Done, Flow, agent, loop, on, pure, race
from everything_is_an_actor import ActorRef, ActorSystem
from everything_is_an_actor.free import Free, Operation, Suspend, ask, par, program, spawn
from everything_is_an_actor.moa import moa_layer
from tests.types.moa_accepted import Brief, Counting, Thorough, settle
from tests.types.programs import Analyst, Researcher, Writer, a, is_even
"""
ALL_BUT_NAMED = " | ".join(f"n.{kind.__name__}()" for kind in KINDS if kind.__name__ != "Named")

# Wrong programs and what mypy says of the line that ends in an arrow.
GOLDEN = {
    "a_case_left_out": (
        """
        class Paid: ...
        class Refused: ...
        def pay(amount: int) -> Paid | Refused: return Paid()
        def ship(paid: Paid) -> str: return ""
        shipping = on(Paid, pure(ship))
        pure(pay).branch(shipping)  # <-
        """,
        'Argument 1 to "branch" of "Flow" has incompatible type "Cases[Paid, str]"; '
        'expected "Cases[Paid | Refused, str]"  [arg-type]',
    ),
    "a_case_left_out_inline": (
        """
        class Paid: ...
        class Refused: ...
        def pay(amount: int) -> Paid | Refused: return Paid()
        def ship(paid: Paid) -> str: return ""
        pure(pay).branch(on(Paid, pure(ship)))  # <-
        """,
        'Argument 1 to "pure" has incompatible type "Callable[[Paid], str]"; '
        'expected "Callable[[Paid | Refused], str]"  [arg-type]',
    ),
    "a_wrong_flat_map": (
        """
        analyse, write = agent(Analyst), agent(Writer)
        analyse.flat_map(write)  # <-
        """,
        'Argument 1 to "flat_map" of "Flow" has incompatible type "Flow[list[str], str]"; '
        'expected "Flow[bytes, str]"  [arg-type]',
    ),
    "a_wrong_step_in_a_chain": (
        """
        chain = (
            agent(Researcher)
            .filter(is_even)
            .flat_map(agent(Writer))  # <-
            .map(len)
        )
        """,
        'Argument 1 to "agent" has incompatible type "type[Writer]"; '
        'expected "type[Agent[int, Never]]"  [arg-type]',
    ),
    "a_wrong_operator": (
        """
        analyse, write = agent(Analyst), agent(Writer)
        analyse >> write  # <-
        """,
        'Unsupported operand types for >> ("Flow[str, bytes]" and "Flow[list[str], str]")'
        "  [operator]",
    ),
    "a_zip_of_different_inputs": (
        """
        research, write = agent(Researcher), agent(Writer)
        research.zip(write)  # <-
        """,
        'Argument 1 to "zip" of "Flow" has incompatible type "Flow[list[str], str]"; '
        'expected "Flow[str, str]"  [arg-type]',
    ),
    "a_loop_body_that_says_neither_continue_nor_done": (
        """
        def count_down(n: int) -> int: return n - 1
        loop(pure(count_down))  # <-
        """,
        'Argument 1 to "loop" has incompatible type "Flow[int, int]"; '
        'expected "Flow[int, Continue[int] | Done[Never]]"  [arg-type]',
    ),
    "a_loop_body_that_continues_with_another_type": (
        """
        def count_down(n: int) -> Continue[str] | Done[bytes]: return Continue(str(n - 1))
        loop(pure(count_down))  # <-
        """,
        'Cannot infer value of type parameter "A" of "loop"  [misc]',
    ),
    "a_wrong_input": (
        """
        async def main(system: AgentSystem) -> None:
            await system.run_flow(agent(Researcher), 3)  # <-
        """,
        'Cannot infer value of type parameter "I" of "run_flow" of "AgentSystem"  [misc]',
    ),
    "an_agent_whose_execute_differs_from_its_type": (
        """
        class Wrong(AgentActor[str, int]):
            async def execute(self, input: str) -> str:  # <-
                return input
        """,
        'Return type "Coroutine[Any, Any, str]" of "execute" incompatible with return type '
        '"Coroutine[Any, Any, int] | AsyncIterator[Any]" in supertype '
        '"everything_is_an_actor.runtime.agent.TaskHandler"  [override]',
    ),
    "a_value_without_the_attribute": (
        """
        agent(Researcher).map(lambda found: found.upper())  # <-
        """,
        '"int" has no attribute "upper"  [attr-defined]',
    ),
    "an_aggregator_of_other_proposals": (
        """
        moa_layer(
            proposers=[Counting, Counting],
            aggregator=pure(settle),  # <-
        )
        """,
        'Argument 1 to "pure" has incompatible type "Callable[[QuorumResult[str]], Draft]"; '
        'expected "Callable[[QuorumResult[int]], Draft]"  [arg-type]',
    ),
    "a_result_of_another_type_than_that_of_the_aggregator": (
        """
        async def settled(system: AgentSystem) -> int:
            layer = moa_layer(proposers=[Brief, Thorough], aggregator=pure(settle))
            return await system.run_flow(layer, "x")  # <-
        """,
        'Argument 1 to "run_flow" of "AgentSystem" has incompatible type "Flow[str, Draft]"; '
        'expected "Flow[str, int]"  [arg-type]',
    ),
    "an_interpreter_that_lacks_a_kind": (
        f"""
        def interpret(node: n.Node[int]) -> int:
            match node:
                case {ALL_BUT_NAMED}:
                    return 1
                case _:
                    assert_never(node)  # <-
        """,
        'Argument 1 to "assert_never" has incompatible type "Named[int]"; expected "Never"'
        "  [arg-type]",
    ),
    "a_message_that_an_actor_does_not_take": (
        """
        def asked(length: ActorRef[str, int]) -> None:
            length.free_ask(1)  # <-
        """,
        'Argument 1 to "free_ask" of "ActorRef" has incompatible type "int"; expected "str"'
        "  [arg-type]",
    ),
    "a_message_by_the_function": (
        """
        def asked(length: ActorRef[str, int]) -> None:
            ask(length, 1)  # <-
        """,
        'Cannot infer value of type parameter "X" of "ask"  [misc]',
    ),
    "a_continuation_that_makes_no_program": (
        """
        def half(n: int) -> float: return n / 2
        def halved(length: ActorRef[str, int]) -> None:
            length.free_ask("a").flat_map(half)  # <-
        """,
        'Argument 1 to "flat_map" of "Free" has incompatible type "Callable[[int], float]"; '
        'expected "Callable[[int], Free[Never, Never]]"  [arg-type]',
    ),
    "a_program_of_foreign_operations": (
        """
        class Get(Operation["Get", str]): ...
        async def main(system: ActorSystem) -> None:
            await system.run_free(Suspend(Get()))  # <-
        """,
        'Argument 1 to "Suspend" has incompatible type "Get"; '
        'expected "Operation[ActorOp, str]"  [arg-type]',
    ),
    "a_program_that_yields_a_value": (
        """
        from collections.abc import Generator
        from everything_is_an_actor.free import ActorOp
        @program
        def count() -> Generator[Free[ActorOp, int], int, int]:
            n = yield 1  # <-
            return n
        """,
        'Incompatible types in "yield" (actual type "int", '
        'expected type "Free[ActorOp, int]")  [misc]',
    ),
    "a_program_run_for_another_value": (
        """
        async def main(system: ActorSystem, length: ActorRef[str, int]) -> str:
            return await system.run_free(length.free_ask("a"))  # <-
        """,
        'Argument 1 to "run_free" of "ActorSystem" has incompatible type '
        '"Free[ActorOp, int]"; expected "Free[ActorOp, str]"  [arg-type]',
    ),
    # what the two files of programs rely on
    "a_type_that_is_not_the_exact_one": (
        """
        assert_type(race(a, a), Flow[str, object])  # <-
        """,
        'Expression is of type "Flow[str, int]", not "Flow[str, object]"  [assert-type]',
    ),
    "an_error_that_went_away": (
        """
        a.map(is_even)  # type: ignore[arg-type]  # it is right  # <-
        """,
        'Unused "type: ignore" comment  [unused-ignore]',
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[str]]]:
    """What mypy says of each file that it has anything to say of; for either configuration.

    Both run at the same time, each over everything.
    """
    folder = tmp_path_factory.mktemp("types")
    for name, (program, _) in GOLDEN.items():
        (folder / f"{name}.py").write_text(IMPORTS + dedent(program))
    running = {name: start_mypy(folder, name) for name in PLUGINS}
    ended = {name: (mypy.communicate(), mypy.returncode) for name, mypy in running.items()}
    return {name: by_file(out, err, code) for name, ((out, err), code) in ended.items()}


def start_mypy(folder: Path, name: str) -> subprocess.Popen[str]:
    config, cache = folder / f"{name}.ini", folder / f"{name}.cache"
    config.write_text(CONFIG.format(source=SOURCE, cache=cache, plugins=PLUGINS[name]))
    modules = (
        *(accepted, actors_accepted, agents_accepted, free_accepted, moa_accepted),
        *(rejected, actors_rejected, agents_rejected, free_rejected, moa_rejected),
        *((free_pointfree,) if name == "with_plugin" else ()),
    )
    programs = [*(str(each.__file__) for each in modules), *map(str, sorted(folder.glob("*.py")))]
    return subprocess.Popen(
        [sys.executable, "-m", "mypy", "--config-file", str(config), *programs],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def by_file(out: str, err: str, code: int) -> dict[str, list[str]]:
    assert not err, err
    assert code == 1, out  # it has found errors, and did not fail itself
    *lines, summary = out.splitlines()
    assert summary.startswith("Found "), out
    found: dict[str, list[str]] = {}
    for line in lines:
        file, _, message = line.partition(":")
        found.setdefault(file if file.endswith("accepted.py") else Path(file).stem, []).append(
            message
        )
    return found


@pytest.mark.parametrize("plugin", PLUGINS)
def test_the_right_programs_have_the_types_that_are_stated_and_the_wrong_ones_are_rejected(
    plugin: str, said: dict[str, dict[str, list[str]]]
) -> None:
    others = {file: messages for file, messages in said[plugin].items() if file not in GOLDEN}
    assert others == {}


@pytest.mark.parametrize("name", GOLDEN)
@pytest.mark.parametrize("plugin", PLUGINS)
def test_a_wrong_program_is_rejected_at_its_line(
    plugin: str, name: str, said: dict[str, dict[str, list[str]]]
) -> None:
    program, text = GOLDEN[name]
    lines = (IMPORTS + dedent(program)).splitlines()
    (wrong,) = (number for number, line in enumerate(lines, start=1) if line.endswith("# <-"))
    assert said[plugin].get(name) == [f"{wrong}: error: {text}"]


def built_by() -> set[str]:
    """The names of the constructors and of the combinators."""
    constructors = {name for name, value in vars(face).items() if inspect.isfunction(value)}
    methods = {
        name
        for kind in (Flow, Cases)
        for name, value in vars(kind).items()
        if inspect.isfunction(value) and not name.startswith("_")
    }
    return (constructors | methods) - {"abridged", "is_recoverable"}


def test_there_is_a_right_program_for_everything_that_builds_flows() -> None:
    stated = inspect.getsource(accepted)
    assert {name for name in built_by() if not re.search(rf"\b{name}\(", stated)} == set()


def test_there_is_a_wrong_program_for_everything_that_builds_flows() -> None:
    pinned = [line for line in inspect.getsource(rejected).splitlines() if "ignore[" in line]
    never_wrong = {"identity", "attempt", "fold", "para"}
    missing = {
        name
        for name in built_by() - never_wrong
        if not any(re.search(rf"\b{name}\(", line) for line in pinned)
    }
    assert missing == set()


@pytest.mark.parametrize(
    "build",
    rejected.WRONG_BUT_BEYOND_MYPY,
    ids=lambda build: inspect.getsource(build).strip().removesuffix(","),
)
def test_what_mypy_cannot_reject_is_refused_when_it_is_built(build: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        build()
