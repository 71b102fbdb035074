"""The same, where the actor waits before it answers."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "ask, {size} at once, waiting",
    "message",
    (AtMost(1),),
    sizes=(1_000,),
)
