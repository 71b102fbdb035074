"""Whoever overrides what makes an agent of an actor is warned, at the line of the class."""

import inspect
import warnings
from abc import ABC
from typing import override

import pytest

from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskResult
from everything_is_an_actor.plugins.retry import Idempotent, IdempotentActorMixin


class Shout(AgentActor[str, str]):
    @override
    async def execute(self, input: str) -> str:
        return input.upper()


def line_of(statement: str) -> int:
    source, first = inspect.getsourcelines(inspect.currentframe().f_back)  # type: ignore[arg-type, union-attr]  # a test has a frame
    return first + next(i for i, line in enumerate(source) if line.strip().startswith(statement))


def test_an_agent_that_overrides_on_receive_is_warned_of_at_its_line() -> None:
    with pytest.warns(UserWarning, match=r"Wrong\.on_receive overrides .* override execute") as all:

        class Wrong(AgentActor[str, str]):
            async def on_receive(self, message: Task[str]) -> TaskResult[str]:
                return TaskResult.success(message.id, message.input)

    (warning,) = all
    assert (warning.filename, warning.lineno) == (__file__, line_of("class Wrong"))


def test_an_agent_that_overrides_receive_is_warned_of() -> None:
    with pytest.warns(UserWarning, match=r"Wrong\.receive overrides") as all:

        class Wrong(Shout):
            def receive(self, message: Task[str]) -> TaskResult[str]:
                return TaskResult.success(message.id, message.input)

    assert [warning.lineno for warning in all] == [line_of("class Wrong")]


def test_the_line_is_that_of_a_class_with_parameters() -> None:
    with pytest.warns(UserWarning, match=r"Wrong\.on_receive overrides") as all:

        class Wrong[T](AgentActor[T, T]):
            async def on_receive(self, message: Task[T]) -> TaskResult[T]:
                return TaskResult.success(message.id, message.input)

    assert (all[0].filename, all[0].lineno) == (__file__, line_of("class Wrong"))


def test_the_line_is_that_of_an_abstract_class() -> None:
    with pytest.warns(UserWarning, match=r"Wrong\.on_receive overrides") as all:

        class Wrong(Shout, ABC):
            async def on_receive(self, message: Task[str]) -> TaskResult[str]:
                return TaskResult.success(message.id, message.input)

    assert (all[0].filename, all[0].lineno) == (__file__, line_of("class Wrong"))


async def test_a_mixin_that_wraps_on_receive_is_not_warned_of() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")

        class Once(IdempotentActorMixin[Task[str], TaskResult[str]], Shout): ...

        class Twice(Once):
            @override
            async def execute(self, input: str) -> str:
                return await super().execute(input) * 2

    async with AgentSystem() as system:
        ref = await system.spawn(Twice, "twice")
        assert (await ref.ask(Idempotent("key", Task("ab")))).get_or_raise() == "ABAB"
        assert (await ref.ask(Idempotent("key", Task("no")))).get_or_raise() == "ABAB"
