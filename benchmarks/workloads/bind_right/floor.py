"""A loop."""

from benchmarks.workloads.bind_left.floor import side

__all__ = ["side"]
