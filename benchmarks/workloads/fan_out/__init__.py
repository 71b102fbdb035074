"""Many agents on the same input at once."""

from benchmarks.workload import AtMost, Total, Workload
from benchmarks.workloads.agent_chain import WORKFLOWS

WORKLOAD = Workload(
    "zip_all of {size} agents",
    "agent",
    (AtMost(1.5), Total(12)),
    sizes=(50,),
    peers=50,
    ahead=WORKFLOWS,
    growth=(2, 10, 100, 1_000, 10_000),
)
