"""A flow, written as a text."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "to_yaml of {size} nodes",
    "node",
    (Total(30),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
    is_heavy=True,
)
