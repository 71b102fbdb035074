"""What it costs that somebody could listen to an agent, where nobody does."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "events nobody listens to, {size}",
    "task",
    (AtMost(1.03, of="silent"),),
    sizes=(20_000,),
)
