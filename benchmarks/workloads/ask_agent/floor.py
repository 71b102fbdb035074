"""An eager task each."""

from benchmarks.workloads.ask.floor import side

__all__ = ["side"]
