"""A flow, drawn."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "to_mermaid of {size} nodes",
    "node",
    (Total(10),),
    sizes=(100_000,),
    growth=(100, 1_000, 10_000, 100_000),
)
