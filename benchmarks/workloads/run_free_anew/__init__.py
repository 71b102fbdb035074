"""Programs of one ask, each built, run and dropped."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "run_free of {size} asks, built",
    "program",
    (AtMost(1.25, of="ask"),),
    sizes=(20_000,),
)
