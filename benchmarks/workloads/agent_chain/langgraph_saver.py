"""Every step is saved, in memory: can be stopped and resumed."""

from langgraph.checkpoint.memory import InMemorySaver

from benchmarks.workloads.agent_chain.langgraph import saved_in

side = saved_in(InMemorySaver())
