"""All workloads, in the order in which they are shown."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from benchmarks.workload import Workload

SECTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "Actors": (
        "tell",
        "tell_nowait",
        "tell_many",
        "ask",
        "ask_latency",
        "ask_at_once",
        "ask_at_once_waiting",
        "ask_timeout",
        "hops",
        "middleware",
        "spawn",
        "stop",
        "idle_traced",
        "idle",
        "idle_resident",
    ),
    "Agents": (
        "ask_agent",
        "events",
        "sequence",
        "traverse",
        "ask_stream",
        "run_stream",
        "run",
        "trees",
    ),
    "Flows": (
        "pure_chain",
        "agent_chain",
        "class_chain",
        "fan_out",
        "pure_loop",
        "agent_loop",
        "race",
        "race_cancelled",
        "quorum",
        "quorum_cancelled",
        "mixture",
        "first_run",
    ),
    "Documents": (
        "to_dict",
        "from_dict",
        "to_mermaid",
        "check",
        "bounds",
        "dry_run",
        "to_yaml",
        "from_yaml",
    ),
    "Free": ("run_free", "run_free_anew", "bind_left", "bind_right"),
}


def named(name: str) -> Workload:
    """The workload of a package beside this file."""
    workload: Workload = import_module(f"{__name__}.{name}").WORKLOAD
    return workload
