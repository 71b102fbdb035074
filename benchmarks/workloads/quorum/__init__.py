"""Three agents, of which two have to succeed."""

from benchmarks.workload import AtMost, Total, Workload

WORKLOAD = Workload("at_least(2) of {size}", "run", (AtMost(2), Total(576 / 15)), sizes=(3,))
