"""A chain of actors, each of which asks the next one."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "chain of asks over {size} actors",
    "hop",
    (AtMost(0.6),),
    sizes=(100,),
    peers=100,
    growth=(100, 1_000, 10_000),
)
