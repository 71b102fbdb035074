"""What it costs that an ask has to wait no longer than its timeout."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "ask with a timeout, {size}",
    "message",
    (AtMost(1.2, of="without"),),
    sizes=(5_000,),
)
