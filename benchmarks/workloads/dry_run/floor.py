"""A walk over the nodes."""

from benchmarks.workloads.to_dict.floor import side

__all__ = ["side"]
