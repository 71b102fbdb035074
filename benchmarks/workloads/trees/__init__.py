"""Runs at once of an agent with two children, each of which has two."""

from benchmarks.workload import AtMost, Workload

WORKLOAD = Workload(
    "{size} runs of trees at once",
    "task",
    (AtMost(1.25, of="ten"),),
    sizes=(1_000,),
    growth=(1, 10, 100, 1_000),
)
