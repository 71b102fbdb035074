"""`Task` and `TaskResult`, and an agent as a long-lived actor that exchanges them."""

from typing import Any

import pytest
from returns.result import Failure, Success

from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskResult, TaskStatus


class Length(AgentActor[str, int]):
    async def execute(self, input: str) -> int:
        return len(input)


class Letters(AgentActor[str, list[str]]):
    async def execute(self, input: str) -> Any:
        for letter in input:
            yield letter


async def test_an_agent_replies_to_a_task_with_its_result() -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(Length, "length")
        task = Task(input="four")
        assert await ref.ask(task) == TaskResult(task.id, 4, None, TaskStatus.completed)


async def test_the_output_of_a_streaming_agent_is_the_list_of_its_chunks() -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(Letters, "letters")
        assert (await ref.ask(Task(input="abc"))).get_or_raise() == ["a", "b", "c"]


async def test_anything_but_a_task_is_a_type_error_that_says_how_to_wrap_it() -> None:
    async with AgentSystem() as system:
        ref: Any = await system.spawn(Length, "length")
        with pytest.raises(TypeError, match=r"takes a Task, got str: send Task\(input=...\)"):
            await ref.ask("four")


def test_no_two_tasks_have_the_same_id() -> None:
    assert len({Task(input=1).id for _ in range(1_000)}) == 1_000


def test_a_result_is_an_output_or_an_error() -> None:
    good: TaskResult[int] = TaskResult.success("t", 2)
    bad: TaskResult[int] = TaskResult.failure("t", ValueError("no"))
    assert (good.is_success, good.is_failure) == (True, False)
    assert (bad.is_success, bad.is_failure) == (False, True)
    assert good.get_or_raise() == 2
    with pytest.raises(ValueError, match="no"):
        bad.get_or_raise()
    assert good.map(str) == TaskResult.success("t", "2")
    assert bad.map(str).error is bad.error
    assert good.to_result() == Success(2)
    assert bad.to_result() == Failure(bad.error)


@pytest.mark.parametrize("status", [TaskStatus.pending, TaskStatus.running, TaskStatus.cancelled])
def test_a_result_without_either_has_no_output(status: TaskStatus) -> None:
    unfinished: TaskResult[int] = TaskResult("t", status=status)
    with pytest.raises(RuntimeError, match=f"task t is {status.value}"):
        unfinished.get_or_raise()
    assert unfinished.map(str).status is status
    assert isinstance(unfinished.to_result().failure(), RuntimeError)


@pytest.mark.parametrize(
    ("impossible", "kind", "text"),
    [
        ({"error": ValueError("no")}, ValueError, r"a completed task has no error.*failure\("),
        ({"status": TaskStatus.failed}, ValueError, "a failed task has an error, got none"),
        (
            {"output": 1, "error": ValueError("no"), "status": TaskStatus.failed},
            ValueError,
            "that is failed has no output, got 1",
        ),
        ({"output": 1, "status": TaskStatus.running}, ValueError, "that is running has no output"),
        ({"error": "no", "status": TaskStatus.failed}, TypeError, "error must be an exception"),
        ({"status": "failed"}, TypeError, "status must be a TaskStatus, got 'failed'"),
    ],
)
def test_a_result_that_cannot_be_is_refused(
    impossible: Any, kind: type[Exception], text: str
) -> None:
    with pytest.raises(kind, match=f"TaskResult: .*{text}"):
        TaskResult("t", **impossible)


def test_a_task_that_was_cancelled_may_say_by_what() -> None:
    error = TimeoutError("too late")
    cancelled: TaskResult[int] = TaskResult("t", error=error, status=TaskStatus.cancelled)
    assert cancelled.to_result() == Failure(error)
    with pytest.raises(TimeoutError, match="too late"):
        cancelled.get_or_raise()


def test_none_is_an_output_like_any_other() -> None:
    nothing: TaskResult[None] = TaskResult.success("t", None)
    assert nothing.is_success
    assert nothing.map(repr).get_or_raise() == "None"
