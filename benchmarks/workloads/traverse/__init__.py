"""The same for many inputs at once."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "context.traverse over {size} items",
    "item",
    (Total(160 / 15),),
    sizes=(100,),
    growth=(2, 10, 100, 1_000, 10_000),
)
