"""The first run of a flow, compilation included."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "first run of {size} steps",
    "step",
    (AtMost(2, of="warm"),),
    sizes=(100,),
    growth=(10, 100, 1_000, 10_000, 100_000),
)
