"""`returns` checks the laws of a container on `Free`: over real programs, by what these do.

Programs that do the same are equal here: the same value and the same trace on the model of the
world. As values they are compared as expressions, in which no law of the monad holds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from typing import Any

import pytest
from hypothesis import strategies as st
from returns import pointfree
from returns.contrib.hypothesis.laws import check_all_laws

from everything_is_an_actor.algebra.laws import TRACE
from everything_is_an_actor.free import Free, Pure, ask, attempt
from everything_is_an_actor.testing.program_runs import modelled
from everything_is_an_actor.testing.programs import AnyProgram, number, programs
from laws.sizes import SECOND_OPINION


def same(left: Free[Any, Any], right: object) -> bool:
    """`≈`: what two programs come to, errors included, and what they do on the way."""
    return isinstance(right, Free) and modelled(left).by(TRACE) == modelled(right).by(TRACE)


@pytest.fixture(scope="module", autouse=True)
def _compared_by_what_they_do() -> Generator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Free, "__eq__", same)
        yield


# The functions of Hypothesis know equal arguments again: refs of two runs are two actors.
PROGRAMS = programs().map(lambda program: program.map(number))


def kept(value: Any) -> AnyProgram:
    return Pure(value)


def test_the_pointfree_functions_are_the_methods() -> None:
    program = ask("/app/a", 1)
    function: AnyProgram = Pure(number)
    assert repr(pointfree.map_(number)(program)) == repr(program.map(number))
    assert repr(pointfree.bind(kept)(program)) == repr(program.flat_map(kept))
    assert repr(pointfree.apply(function)(program)) == repr(function.ap(program))
    assert same(pointfree.map_(number)(pointfree.bind(kept)(program)), program)


def any_program(thing: object) -> st.SearchStrategy[AnyProgram]:
    """Programs that ask, tell, fail, spawn and run others, not constants alone."""
    return PROGRAMS


check_all_laws(
    Free,
    container_strategy=any_program,
    settings_kwargs=SECOND_OPINION,
)

LAWS = {
    name: law for name, law in vars(sys.modules[__name__]).items() if name.startswith("test_free_")
}


def test_the_laws_of_functor_applicative_and_monad_are_among_them() -> None:
    assert sorted(LAWS) == [
        "test_free_applicativen_composition_law",
        "test_free_applicativen_homomorphism_law",
        "test_free_applicativen_identity_law",
        "test_free_applicativen_interchange_law",
        "test_free_containern_associative_law",
        "test_free_containern_left_identity_law",
        "test_free_containern_right_identity_law",
        "test_free_mappablen_associative_law",
        "test_free_mappablen_identity_law",
    ]


bind, map_, apply = Free.bind, Free.map, Free.apply

type Method = Callable[..., Any]

WRONG: dict[str, tuple[str, Method]] = {
    "a bind that performs the program twice": ("bind", lambda p, f: bind(p.then(p), f)),
    "a bind that forgets the program": ("bind", lambda p, f: bind(Pure(0), f)),
    "a bind that forgets what goes on": ("bind", lambda p, f: p),
    "a bind that performs what goes on twice": (
        "bind",
        lambda p, f: bind(p, lambda a: f(a).then(f(a))),
    ),
    "a bind that feeds the wrong input": ("bind", lambda p, f: bind(p, lambda a: f(number(a) + 1))),
    "a bind that hides an error": ("bind", lambda p, f: bind(attempt(p), f)),
    "a map that maps twice": ("map", lambda p, f: map_(map_(p, f), f)),
    "a map that does not": ("map", lambda p, f: p),
    "an apply that performs the argument twice": ("apply", lambda p, f: apply(p.then(p), f)),
    "an apply that forgets the function": ("apply", lambda p, f: p),
}


@pytest.mark.parametrize(("method", "wrong"), WRONG.values(), ids=WRONG)
def test_a_wrong_container_is_caught(
    method: str, wrong: Method, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Free, method, wrong)
    assert any(is_broken(law) for law in LAWS.values())


def is_broken(law: Callable[[], None]) -> bool:
    try:
        law()
    except Exception:
        return True
    return False
