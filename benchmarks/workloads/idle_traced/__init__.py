"""What an actor that waits keeps allocated, its name included."""

from benchmarks.workload import Total, Workload

WORKLOAD = Workload(
    "{size} idle actors, traced",
    "actor",
    (Total(400),),
    sizes=(2_000,),
    unit="bytes",
)
