"""An agent."""

from benchmarks.workloads.ask_agent.ours import side

__all__ = ["side"]
