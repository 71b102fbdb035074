"""What has no name, or no form in JSON, is a `SerializationError` with its path."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor.flow import agent, loop_with_state, on, pure, race
from everything_is_an_actor.interpreters.documents.problems import SerializationError
from everything_is_an_actor.interpreters.documents.registry import Registry
from everything_is_an_actor.interpreters.documents.writing import to_dict, to_json
from tests.algebra.flows import AnyFlow, Echo, f, fetch, g


def closure() -> Callable[[Any], Any]:
    def inner(value: Any) -> Any:
        return value

    return inner


class Callable_:
    def __call__(self, value: Any) -> Any:
        return value


def _another_f() -> Callable[[Any], Any]:
    def other(value: Any) -> Any:
        return value

    other.__name__ = other.__qualname__ = "f"
    return other


cyclic: list[Any] = []
cyclic.append(cyclic)

NAMELESS: dict[str, tuple[AnyFlow, str]] = {
    "a lambda": (
        pure(lambda value: value),
        "a lambda has no name: define it by `def` in a module, "
        "or pass a registry with it, Registry({'name': ...})",
    ),
    "a lambda within": (
        pure(f) >> race(agent(fetch), pure(lambda value: value)).named("fast"),
        "at steps[1].fast.race[1]: a lambda has no name: define it by `def` in a module, "
        "or pass a registry with it, Registry({'name': ...})",
    ),
    "the last of many maps": (
        pure(f).map(f).map(f).map(lambda value: value),
        "at steps[3]: a lambda has no name: define it by `def` in a module, "
        "or pass a registry with it, Registry({'name': ...})",
    ),
    "a closure": (
        pure(f).recover(closure()),
        f"{__name__}.closure.<locals>.inner has no name: "
        "pass a registry with it, Registry({'inner': ...})",
    ),
    "a builtin": (
        agent(fetch) >> pure(len),
        "at steps[1]: builtins.len is a builtin, which a document names by a registry alone: "
        "pass a registry with it, Registry({'len': ...})",
    ),
    "a builtin class": (
        pure(f).flat_map(on(int, pure(f))),
        "at steps[1]: builtins.int is a builtin, which a document names by a registry alone: "
        "pass a registry with it, Registry({'int': ...})",
    ),
    "a builtin exception": (
        pure(f).retry(1, on=ValueError),
        "builtins.ValueError is a builtin, which a document names by a registry alone: "
        "pass a registry with it, Registry({'ValueError': ...})",
    ),
    "a method": (
        pure(str.strip),
        "builtins.str.strip is a builtin, which a document names by a registry alone: "
        "pass a registry with it, Registry({'strip': ...})",
    ),
    "an alias": (
        agent(Echo[int]),
        "tests.algebra.flows.Echo has no name: "
        "pass a registry with it, Registry({'Echo[int]': ...})",
    ),
    "two of one name": (
        pure(f).map(_another_f()),
        f"at steps[1]: two things are named 'f', tests.algebra.flows.f and {__name__}.f: "
        "pass a registry that tells them apart, Registry({'name': ...})",
    ),
    "a tuple": (
        loop_with_state(pure(g), init_state=(1, 2)),
        "the initial state (1, 2) (tuple) would not come back from JSON as it is: "
        "give loop_with_state a function that returns it, init_state=make_state",
    ),
    "a number that is none": (
        loop_with_state(pure(g), init_state=[math.nan]),
        "the initial state nan (float) would not come back from JSON as it is: "
        "give loop_with_state a function that returns it, init_state=make_state",
    ),
    "a key that is no string": (
        loop_with_state(pure(g), init_state={1: 2}),
        "the initial state {1: 2} (dict) would not come back from JSON as it is: "
        "give loop_with_state a function that returns it, init_state=make_state",
    ),
    "a state within itself": (
        loop_with_state(pure(g), init_state=cyclic),
        "the initial state is more than 32 lists and mappings deep: "
        "give loop_with_state a function that returns it, init_state=make_state",
    ),
    "a long number": (
        pure(f).retry(10**5000),
        "a whole number may have 4,300 digits, not more",
    ),
    "a text that is none": (
        pure(f).named("\ud800"),
        "U+D800 is half of a surrogate pair, not a character, in '\\ud800'",
    ),
}


@pytest.mark.parametrize(("flow", "text"), NAMELESS.values(), ids=NAMELESS)
def test_what_cannot_be_written_is_told_with_its_path_and_how_to_mend_it(
    flow: AnyFlow, text: str
) -> None:
    with pytest.raises(SerializationError) as raised:
        to_dict(flow)
    assert str(raised.value) == text.removeprefix("at : ")
    assert isinstance(raised.value, TypeError)


def test_what_is_not_in_a_registry_cannot_be_written_with_it() -> None:
    with pytest.raises(SerializationError) as raised:
        to_dict(pure(f).map(g), {"f": f})
    assert str(raised.value) == (
        "at steps[1]: tests.algebra.flows.g is not in the registry: "
        "put it there, Registry({'g': ...})"
    )


def test_anything_that_can_be_called_can_be_named() -> None:
    things: dict[str, Any] = {
        "lambda": lambda value: value,
        "closure": closure(),
        "instance": Callable_(),
        "partial": functools.partial(f),
        "builtin": len,
        "method": str.strip,
        "bound": "abc".find,
        "other f": _another_f(),
        "f": f,
    }
    for name, thing in things.items():
        assert to_dict(pure(thing), things) == {"version": 1, "pure": name}


def test_a_bound_method_has_the_name_of_its_equal() -> None:
    class Owner:
        def act(self, value: int) -> int:
            return value

    owner = Owner()
    assert owner.act is not owner.act
    assert to_dict(pure(owner.act), {"act": owner.act}) == {"version": 1, "pure": "act"}


def test_a_name_of_two_things_is_no_name() -> None:
    with pytest.raises(SerializationError, match="two things are named 'f'"):
        to_json(pure(f).zip(pure(_another_f())))
    registry = Registry({"f": f, "g": _another_f()})
    with pytest.raises(SerializationError, match=r"tests\.\S+\.f is not in the registry"):
        to_dict(pure(_another_f()), registry)
