"""Coroutines, and as many eager tasks."""

from benchmarks.workloads.agent_chain.floor import side

__all__ = ["side"]
