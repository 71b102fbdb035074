"""The libraries that do the same work, each in an environment of its own.

`make bench-peers` installs them, in the versions of `benchmarks/versions/*.txt`, and measures.
"""

from collections.abc import Iterator

from benchmarks.measuring import ROOT, Contender

ENVIRONMENTS = ROOT / ".venv-peers"
VERSIONS = ROOT / "benchmarks" / "versions"


def beside(workload: str) -> Iterator[Contender]:
    """The sides of a workload whose peer is installed, by name."""
    folder = ROOT / "benchmarks" / "workloads" / workload
    peers = sorted(path.stem for path in VERSIONS.glob("*.txt"))
    for side in sorted(path.stem for path in folder.glob("*.py")):
        for peer in peers:
            python = ENVIRONMENTS / peer / "bin" / "python"
            if side.startswith(peer) and python.exists():
                yield Contender(side, f"benchmarks.workloads.{workload}.{side}", str(python))
