"""A chain of plain functions."""

from benchmarks.workload import Above, Workload

WORKLOAD = Workload(
    "chain of {size} functions",
    "step",
    (Above(0.6),),
    sizes=(10, 1_000),
    growth=(10, 100, 1_000, 10_000, 100_000),
)
