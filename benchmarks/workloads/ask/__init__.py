"""Messages to one actor, each once the last one is answered."""

from benchmarks.workload import AtMost, Total, Workload, ahead_of

WORKLOAD = Workload(
    "ask, {size} in sequence",
    "message",
    (AtMost(2.5), Total(40 / 15)),
    sizes=(20_000,),
    peers=5_000,
    ahead=ahead_of("pykka", "xoscar", "xoscar_local", "thespian", "autogen_core"),
    growth=(100, 1_000, 10_000, 100_000),
)
