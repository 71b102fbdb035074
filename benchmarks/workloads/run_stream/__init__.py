"""The same from a run whose events are listened to."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "run, streaming {size} chunks",
    "chunk",
    (Total(7 / 4),),
    sizes=(20_000,),
    growth=(100, 1_000, 10_000, 100_000, 1_000_000),
)
