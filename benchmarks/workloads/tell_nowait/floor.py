"""A deque and one task."""

from benchmarks.workloads.tell.floor import side

__all__ = ["side"]
