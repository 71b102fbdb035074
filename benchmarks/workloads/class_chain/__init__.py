"""The same of agents that are classes."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload(
    "chain of {size} agent classes",
    "step",
    (AtMost(3), Total(6)),
    sizes=(10,),
)
