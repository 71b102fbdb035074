"""Tasks asked of one agent, each once the last one is answered."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "ask an agent, {size} in sequence",
    "task",
    (Total(41 / 8),),
    sizes=(20_000,),
)
