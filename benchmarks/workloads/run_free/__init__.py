"""Programs of one ask, built beforehand."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "run_free of {size} asks",
    "program",
    (AtMost(1.25, of="ask"),),
    sizes=(20_000,),
)
