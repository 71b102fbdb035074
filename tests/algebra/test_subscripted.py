"""Values may be made with their type arguments, on every Python; they are frozen all the same."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from everything_is_an_actor.agents import StreamResult, Task, TaskResult
from everything_is_an_actor.flow import Continue, Done, QuorumResult
from everything_is_an_actor.moa import LayerOutput
from everything_is_an_actor.plugins.retry import Idempotent

VALUES = [
    (Task[int](1, "t"), Task(1, "t")),
    (TaskResult[int]("t", 1), TaskResult("t", 1)),
    (StreamResult[int](1), StreamResult(1)),
    (Continue[int](1), Continue(1)),
    (Done[int](1), Done(1)),
    (QuorumResult[int]((1,), ()), QuorumResult((1,), ())),
    (LayerOutput[int, str](1, "a"), LayerOutput(1, "a")),
    (Idempotent[int]("key", 1), Idempotent("key", 1)),
]


@pytest.mark.parametrize(("subscripted", "plain"), VALUES)
def test_a_value_with_type_arguments_is_the_value_without(subscripted: Any, plain: Any) -> None:
    assert subscripted == plain
    assert hash(subscripted) == hash(plain)
    assert repr(subscripted) == repr(plain)


@pytest.mark.parametrize(("_", "plain"), VALUES)
def test_it_is_frozen(_: Any, plain: Any) -> None:
    name = plain.__slots__[0]
    with pytest.raises(FrozenInstanceError, match=f"cannot assign to field '{name}'"):
        setattr(plain, name, 3)
    with pytest.raises(FrozenInstanceError, match=f"cannot delete field '{name}'"):
        delattr(plain, name)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'other'"):
        plain.other = 3
