"""What a chunk costs on its way from an agent to who has asked for it."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "ask_stream, {size} chunks",
    "chunk",
    (Total(7 / 4),),
    sizes=(20_000,),
    growth=(100, 1_000, 10_000, 100_000, 1_000_000),
)
