"""Two agents, of which the first one to answer is enough."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload("race of {size}", "run", (AtMost(2), Total(359 / 15)), sizes=(2,))
