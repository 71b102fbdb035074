"""What a flow would call, and when."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "dry_run of {size} nodes",
    "node",
    (Total(15),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
)
