"""What figures depend on, beside the work itself: the machine, and the commit."""

import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypedDict

from benchmarks.measuring import ROOT

MEASURED: Final = ("src", "benchmarks", ":!benchmarks/results")
"""The files that the figures depend on, as Git names them."""


class Machine(TypedDict):
    """Where it ran."""

    python: str
    implementation: str
    system: str
    machine: str
    processor: str
    cpus: int | None


def machine() -> Machine:
    """What the figures depend on."""
    return {
        "python": platform.python_version(),
        "implementation": platform.python_implementation(),
        "system": platform.system(),
        "machine": platform.machine(),
        "processor": _processor(),
        "cpus": os.cpu_count(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "")


def commit(measured: Sequence[str] = MEASURED) -> str:
    """The commit that is measured, with a plus sign if what is measured differs from it."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if head.returncode:
        return "unknown"
    differs = _git("diff", "--quiet", "HEAD", "--", *measured).returncode
    return f"{head.stdout.strip()}{'+' if differs else ''}"


def _git(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["git", *words], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
