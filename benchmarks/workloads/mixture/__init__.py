"""A layer of a mixture of agents: proposers at once, and an aggregator."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload(
    "MoA layer of {size}, aggregated",
    "run",
    (AtMost(2.5), Total(803 / 15)),
    sizes=(3,),
)
