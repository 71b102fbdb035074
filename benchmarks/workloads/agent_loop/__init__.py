"""A loop whose body is an agent; a fifteenth of what the second workflow library takes."""

from benchmarks.workload import Total, Workload
from benchmarks.workloads.agent_chain import WORKFLOWS

WORKLOAD = Workload(
    "loop of {size}, with an agent",
    "iteration",
    (Total(119 / 15),),
    sizes=(100,),
    peers=100,
    ahead=WORKFLOWS,
    growth=(10, 100, 1_000, 10_000, 100_000),
)
