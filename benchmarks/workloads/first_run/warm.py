"""The same flow again."""

from contextlib import AbstractAsyncContextManager

from benchmarks.flows import rounds
from benchmarks.side import Round
from benchmarks.workloads.first_run.ours import new


def side(steps: int) -> AbstractAsyncContextManager[Round]:
    return rounds(new(steps), 0, steps)
