"""A run of one agent, from its call to its last event: what half of them take."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "run, p50 of {size}",
    "run",
    (Total(300 / 6),),
    sizes=(300,),
)
