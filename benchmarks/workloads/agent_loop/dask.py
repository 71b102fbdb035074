"""Delayed calls, without a cycle: a loop written out as a chain."""

from benchmarks.workloads.agent_chain.dask import side

__all__ = ["side"]
