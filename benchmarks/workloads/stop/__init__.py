"""To stop actors: what it takes until all have ended."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "stop {size} actors",
    "actor",
    (AtMost(0.5),),
    sizes=(5_000,),
    growth=(1, 10, 100, 1_000, 10_000, 100_000),
)
