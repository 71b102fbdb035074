"""Runs at once of an agent with two children, each of which has two."""

from benchmarks.workload import Grown, Workload

WORKLOAD = Workload(
    "{size} runs of trees at once",
    "task",
    (Grown(1.25, of="ten", floor="floor_of_ten"),),
    sizes=(1_000,),
    growth=(1, 10, 100, 1_000),
)
