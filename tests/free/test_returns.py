"""A program is a container of `returns`: its pointfree functions, and its laws, hold for it.

The checker of `returns` compares containers by `==`, which for programs is that of expressions.
What the laws are about is what programs do: so what it compares is run first.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from returns.contrib.hypothesis.laws import check_all_laws
from returns.pointfree import apply, bind, map_
from returns.primitives import asserts

from everything_is_an_actor.free import ActorOp, Free, Pure, attempt, fold_map, run_pure
from tests.free.programs import Says, again, asked, double, echo, run, up


def test_the_pointfree_functions_are_the_methods() -> None:
    program = again(1)
    function: Free[ActorOp, Any] = Pure(up)
    assert map_(up)(program) == program.map(up)
    assert bind(again)(program) == program.flat_map(again)
    assert apply(function)(program) == function.ap(program)
    assert run(map_(double)(bind(again)(program))) == 2


@pytest.fixture(autouse=True)
def programs_are_run_before_they_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    convert = asserts._convert

    def done(container: Any, *, deps: Any, backend: str) -> Any:
        if not isinstance(container, Free):
            return convert(container, deps=deps, backend=backend)
        says = Says(echo)
        try:
            outcome: Any = run_pure(fold_map(container, says))
        except Exception as error:
            outcome = (type(error), error.args)
        return outcome, says.asked

    monkeypatch.setattr(asserts, "_convert", done)


values = st.integers() | st.text(max_size=3)
programs = st.one_of(
    values.map(Pure),
    values.map(again),
    values.map(lambda value: again(value).then(again(value)).map(repr)),
    values.map(lambda value: attempt(again(ValueError(value))).map(repr)),
    values.map(lambda value: again(ValueError(value))),
    st.lists(st.text(max_size=3), max_size=3).map(lambda names: asked(*names)),
)

check_all_laws(Free, container_strategy=programs, settings_kwargs={"max_examples": 30})
