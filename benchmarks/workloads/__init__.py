"""All workloads, in the order in which they are shown."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from benchmarks.workload import Workload

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Actors": ("tell",),
    "Flows": (),
}


def named(name: str) -> Workload:
    """The workload of a package beside this file."""
    workload: Workload = import_module(f"{__name__}.{name}").WORKLOAD
    return workload
