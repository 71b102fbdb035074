from __future__ import annotations

import os
import types
from typing import Any

import pytest

from everything_is_an_actor.flow import pure
from everything_is_an_actor.interpreters.documents.registry import Registry
from tests.algebra.flows import Echo, Researcher, f, fetch, g


def test_things_go_by_their_own_names() -> None:
    names = Registry.of(Researcher, fetch, f, len, Echo[int])
    assert dict(names) == {
        "Researcher": Researcher,
        "fetch": fetch,
        "f": f,
        "len": len,
        "Echo[int]": Echo[int],
    }
    assert names.name_of(fetch) == "fetch"
    assert names.name_of(Echo[int]) == "Echo[int]"
    assert names.name_of(g) is None


def test_two_things_of_one_name_are_an_error() -> None:
    with pytest.raises(
        ValueError, match=r"two things are named 'f': tests\.\S+\.f and tests\.\S+\.g"
    ):
        Registry.of(f) | {"f": g}


def test_one_thing_may_be_named_twice_and_goes_by_the_first() -> None:
    assert Registry.of(f, f) == {"f": f}
    assert Registry({"a": f, "b": f}).name_of(f) == "a"


@pytest.mark.parametrize("thing", [lambda value: value, 3, None, "f", pure(f)])
def test_what_has_no_name_is_refused(thing: Any) -> None:
    with pytest.raises(TypeError, match="Registry"):
        Registry.of(thing)


def test_what_cannot_be_called_is_refused_under_any_name() -> None:
    with pytest.raises(TypeError, match="'x' must be an agent, a function or a type, got 3"):
        Registry({"x": 3})
    with pytest.raises(TypeError, match="a sub-flow has its place under `flows:`"):
        Registry({"x": pure(f)})
    with pytest.raises(TypeError, match=r"expected a mapping of names.*Registry\.of"):
        Registry(f)  # type: ignore[arg-type]  # is refused when run as well
    with pytest.raises(ValueError, match="must not be empty"):
        Registry({"": f})


def module(source: str) -> types.ModuleType:
    made = types.ModuleType("made")
    exec(source, vars(made))
    return made


def test_a_module_offers_its_own_public_classes_and_functions() -> None:
    made = module(
        "import os\nfrom os import system\nfrom dataclasses import dataclass\n"
        "class A: pass\n"
        "def f(x): return x\n"
        "def _private(x): return x\n"
        "named = lambda x: x\n"
        "number = 3\n"
    )
    assert sorted(Registry.from_module(made)) == ["A", "f", "named"]


def test_a_module_with_a_list_offers_what_is_in_it() -> None:
    made = module(
        "from os import system\n__all__ = ['system', 'n', '_f']\nn = 3\ndef _f(x): return x"
    )
    assert Registry.from_module(made) == {"system": os.system, "_f": made._f}


@pytest.mark.parametrize(
    ("source", "lack"),
    [
        (
            "from os import system\n_private = print\nnumber = 3\n",
            "it defines no public class or function, "
            "and what it imports it offers only by its `__all__`",
        ),
        ("def f(x): return x\n__all__ = []", "there is no class or function in its `__all__`"),
    ],
    ids=["imports alone", "an empty list"],
)
def test_a_module_that_offers_nothing_is_an_error(source: str, lack: str) -> None:
    with pytest.raises(ValueError, match="offers nothing") as raised:
        Registry.from_module(module(source))
    assert str(raised.value) == f"Registry.from_module: made offers nothing: {lack}"


def test_a_module_is_imported_by_its_name() -> None:
    assert Registry.from_module("tests.algebra.flows")["fetch"] is fetch
    with pytest.raises(ModuleNotFoundError):
        Registry.from_module("no.such.module")
    with pytest.raises(TypeError, match="expected a module or its name, got 3"):
        Registry.from_module(3)  # type: ignore[arg-type]  # is refused when run as well


def test_what_has_no_hash_can_be_registered() -> None:
    class Odd:
        __hash__ = None  # type: ignore[assignment]  # what Python itself does for an __eq__

        def __call__(self, value: int) -> int:
            return value

    odd = Odd()
    assert Registry({"f": f, "odd": odd}).name_of(odd) == "odd"


def test_a_registry_prints_as_what_builds_it() -> None:
    assert repr(Registry.of(f, Echo[int])) == "Registry({'f': f, 'Echo[int]': Echo[int]})"
