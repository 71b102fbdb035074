"""As many askers of one actor as there are messages."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "ask, {size} at once",
    "message",
    (AtMost(1),),
    sizes=(1_000,),
    growth=(10, 100, 1_000, 10_000),
)
