"""A chain of actors, each of which asks the next one."""

from benchmarks.workload import AtMost, Workload, ahead_of

WORKLOAD = Workload(
    "chain of asks over {size} actors",
    "hop",
    (AtMost(0.6),),
    sizes=(100,),
    peers=100,
    ahead=ahead_of("pykka", "xoscar", "xoscar_local", "thespian", "autogen_core"),
    growth=(100, 1_000, 10_000),
)
