"""A chain of agents, each of which answers at once."""

from benchmarks.workload import AtMost, Total, Workload, ahead_of

WORKFLOWS = (
    *ahead_of("apache_burr", times=6),
    *ahead_of("dask", "dbos", "langgraph", "langgraph_saver", times=15),
    *ahead_of("llama_index_workflows", "pydantic_graph", times=15),
)
"""How far ahead of other workflow libraries agents as steps are to be."""

WORKLOAD = Workload(
    "chain of {size} agents",
    "step",
    (AtMost(3), Total(6)),
    sizes=(10,),
    peers=10,
    ahead=WORKFLOWS,
    growth=(10, 100, 1_000, 10_000, 100_000),
)
