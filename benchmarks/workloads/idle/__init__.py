"""By how much a process grows for each actor that waits."""

from benchmarks.workload import Total, Workload, ahead_of

WORKLOAD = Workload(
    "{size} idle actors, resident",
    "actor",
    (Total(600),),
    sizes=(100_000,),
    peers=2_000,
    ahead=ahead_of("pykka", "xoscar", "thespian", "autogen_core"),
    growth=(1_000, 10_000, 100_000, 1_000_000),
    unit="bytes",
    is_afresh=True,
)
