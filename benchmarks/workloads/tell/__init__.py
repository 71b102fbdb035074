"""Messages to one actor that nobody waits for; the last one ends the round."""

from benchmarks.workload import AtMost, Total, Workload, ahead_of

WORKLOAD = Workload(
    "tell {size}, then drain",
    "message",
    (AtMost(2), Total(4.4 / 5)),
    sizes=(100_000,),
    peers=20_000,
    ahead=ahead_of("pykka", "xoscar", "xoscar_local", "thespian", "autogen_core"),
    growth=(1_000, 10_000, 100_000, 1_000_000),
)
