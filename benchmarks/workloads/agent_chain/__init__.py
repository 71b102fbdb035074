"""A chain of agents, each of which answers at once."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload(
    "chain of {size} agents",
    "step",
    (AtMost(3), Total(6)),
    sizes=(10,),
    peers=10,
    growth=(10, 100, 1_000, 10_000, 100_000),
)
