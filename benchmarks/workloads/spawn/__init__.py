"""To start actors: what it takes until all are there."""

from benchmarks.workload import AtMost, Total, Workload, ahead_of

WORKLOAD = Workload(
    "spawn {size} actors",
    "actor",
    (AtMost(0.4),),
    sizes=(5_000, 100_000),
    reach_at={5_000: (Total(25 / 8),), 100_000: (Total(56 / 8),)},
    peers=1_000,
    ahead=ahead_of("pykka", "xoscar", "thespian", "autogen_core"),
    growth=(1, 100, 1_000, 5_000, 10_000, 100_000, 1_000_000),
)
