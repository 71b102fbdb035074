"""A flow, read from a text."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "from_yaml of {size} nodes",
    "node",
    (Total(60),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
    is_heavy=True,
)
