"""Every step is saved, in memory: a run can stop, be looked at, and go on from any of them."""

from langgraph.checkpoint.memory import InMemorySaver

from benchmarks.workloads.agent_chain.langgraph import saved_in

side = saved_in(InMemorySaver())
