"""The same by the synchronous twin of `tell`."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload(
    "tell_nowait {size}, then drain",
    "message",
    (AtMost(2), Total(4.4 / 5)),
    sizes=(100_000,),
)
