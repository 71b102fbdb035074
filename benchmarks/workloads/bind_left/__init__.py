"""A program whose binds are nested to the left."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "{size} binds to the left",
    "bind",
    (Total(0.6),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
)
