"""What a middleware costs that does nothing."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "ask through a middleware, {size}",
    "message",
    (AtMost(1.2, of="without"),),
    sizes=(20_000,),
)
