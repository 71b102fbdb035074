"""`system.spawn`."""

from benchmarks.workloads.idle.ours import side

__all__ = ["side"]
