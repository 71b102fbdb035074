"""A loop whose body is a plain function."""

from benchmarks.workload import Above, Workload

WORKLOAD = Workload(
    "loop of {size}",
    "iteration",
    (Above(1.2),),
    sizes=(100, 1_000_000),
    growth=(100, 1_000, 10_000, 100_000, 1_000_000),
)
