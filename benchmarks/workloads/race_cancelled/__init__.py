"""The same, where the other one would wait forever."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload(
    "race of {size}, one cancelled",
    "run",
    (AtMost(2), Total(359 / 15)),
    sizes=(2,),
)
