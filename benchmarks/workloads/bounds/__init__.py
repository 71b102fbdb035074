"""What a flow may do at most and must do at least."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "bounds of {size} nodes",
    "node",
    (Total(10),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
)
