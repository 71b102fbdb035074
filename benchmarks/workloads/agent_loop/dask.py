"""A graph of delayed calls, without a cycle: a loop is written out as a chain of known length."""

from benchmarks.workloads.agent_chain.dask import side

__all__ = ["side"]
