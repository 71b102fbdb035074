"""A bounded queue."""

from benchmarks.workloads.ask_stream.floor import side

__all__ = ["side"]
