"""`Task` and `TaskResult`: what an agent receives, and what it replies."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Self, cast

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.subscripted import subscriptable

_serial = count(1)
_run_serial = count(1)


def new_task_id() -> str:
    """An id that no other task of this process has."""
    return f"task-{next(_serial)}"


def new_run_id() -> str:
    """An id that no other run of this process has."""
    return f"run-{next(_run_serial)}"


class TaskStatus(StrEnum):
    """How far a task has come."""

    pending = "pending"
    running = "running"
    completed = "completed"
    failed = "failed"
    cancelled = "cancelled"


@subscriptable
@dataclass(frozen=True, slots=True)
class Task[I]:
    """One piece of work for an agent.

    >>> Task(input="a question", id="t1")
    Task(input='a question', id='t1')
    """

    input: I
    id: str = field(default_factory=new_task_id)


@subscriptable
@dataclass(frozen=True, slots=True)
class TaskResult[O]:
    """How a task ended, or how far it has come: an output, or an error, or neither.

    Raises `ValueError` for what cannot be: a completed task with an error, one that failed without
    an error, or an output of a task that is not completed; `TypeError` for an error that is no
    exception.

    >>> TaskResult.success("t1", 20).map(lambda n: n + 1).get_or_raise()
    21
    >>> TaskResult.failure("t1", ValueError("no")).to_result()
    <Failure: no>
    """

    task_id: str
    output: O | None = None
    error: BaseException | None = None
    status: TaskStatus = TaskStatus.completed

    def __post_init__(self) -> None:
        if self.status is not TaskStatus.completed:
            self._need_no_output()
        elif self.error is not None:
            raise ValueError(
                "TaskResult: a completed task has no error, "
                f"got {shown(self.error)}: TaskResult.failure(task_id, error) has failed"
            )

    def _need_no_output(self) -> None:
        if not isinstance(self.status, TaskStatus):
            raise TypeError(f"TaskResult: status must be a TaskStatus, got {shown(self.status)}")
        if not isinstance(self.error, BaseException | None):
            raise TypeError(f"TaskResult: error must be an exception, got {shown(self.error)}")
        if self.status is TaskStatus.failed and self.error is None:
            raise ValueError("TaskResult: a failed task has an error, got none")
        if self.output is not None:
            raise ValueError(
                f"TaskResult: a task that is {self.status.value} has no output, "
                f"got {shown(self.output)}"
            )

    @classmethod
    def success[A](cls, task_id: str, output: A) -> "TaskResult[A]":
        """The task was completed."""
        return TaskResult(task_id, output, None, TaskStatus.completed)

    @classmethod
    def failure(cls, task_id: str, error: BaseException) -> Self:
        """The task failed."""
        return cls(task_id, None, error, TaskStatus.failed)

    @property
    def is_success(self) -> bool:
        """Whether there is an output."""
        return self.status is TaskStatus.completed

    @property
    def is_failure(self) -> bool:
        """Whether there is an error."""
        return self.error is not None

    def get_or_raise(self) -> O:
        """The output; raises the error if there is one, `RuntimeError` if there is neither."""
        if self.error is not None:
            raise self.error
        if not self.is_success:
            raise RuntimeError(f"task {self.task_id} is {self.status.value}: it has no output")
        return cast(O, self.output)  # None is an output like any other

    def map[P](self, fn: Callable[[O], P]) -> "TaskResult[P]":
        """The same with `fn` applied to the output, if there is one."""
        if not self.is_success:
            return TaskResult(self.task_id, None, self.error, self.status)
        return TaskResult(self.task_id, fn(self.get_or_raise()), None, self.status)

    def to_result(self) -> Result[O, BaseException]:
        """The same as a `returns` container."""
        return Success(self.get_or_raise()) if self.is_success else Failure(self._error())

    def _error(self) -> BaseException:
        return self.error or RuntimeError(f"task {self.task_id} is {self.status.value}")
