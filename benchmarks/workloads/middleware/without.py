"""`ref.ask`."""

from benchmarks.workloads.ask.ours import side

__all__ = ["side"]
