"""The same, ended early: the third one would wait forever."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload(
    "at_least(2) of {size}, one cancelled",
    "run",
    (AtMost(2), Total(576 / 15)),
    sizes=(3,),
)
