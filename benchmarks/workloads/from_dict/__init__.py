"""A flow, read from a document."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "from_dict of {size} nodes",
    "node",
    (Total(10),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
)
