"""A hundred messages to each of many actors, one to each in turn."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "tell {size} actors 100 times",
    "message",
    (AtMost(2),),
    sizes=(1_000,),
    growth=(10, 100, 1_000, 10_000),
    grows_as="giving_way",  # the more actors there are, the fewer messages each finds in its turn
)
