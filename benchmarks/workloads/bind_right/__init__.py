"""A program whose binds come of each other."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "{size} binds by recursion",
    "bind",
    (Total(0.6),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
)
