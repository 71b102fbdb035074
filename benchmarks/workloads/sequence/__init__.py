"""Children of an agent that are used once, one after the other."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "context.sequence of {size} children",
    "child",
    (Total(120 / 12),),
    sizes=(50,),
)
