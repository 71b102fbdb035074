"""The same of a million: 600 MB, of which the floor would take three times as much."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "{size} idle actors, resident",
    "actor",
    (Total(600),),
    sizes=(1_000_000,),
    unit="bytes",
    is_afresh=True,
    is_heavy=True,
)
