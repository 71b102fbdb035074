"""How long few of the asks take, beside how long half of them take."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "ask, p99 of {size}",
    "message",
    (AtMost(4, of="p50"),),
    sizes=(20_000,),
)
