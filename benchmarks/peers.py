"""The libraries that do the same work, each in an environment of its own.

`python -m benchmarks.peers` installs them, in the versions of `benchmarks/versions/*.txt`: once,
and again when such a file changes. `make bench-peers` installs, then measures. A side belongs to
the peer whose name it has or begins with (`xoscar_local` to `xoscar`); plain Python needs none.
"""

import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.measuring import ROOT, Contender
from benchmarks.workload import OURS

ENVIRONMENTS: Final = ROOT / ".venv-peers-{}.{}".format(*sys.version_info)
"""Of this Python, so that those of another one stay as they are."""
VERSIONS: Final = ROOT / "benchmarks" / "versions"
LOOP: Final = "uvloop"
"""The environment in which this library runs on another loop."""
ON_ANOTHER_LOOP: Final = f"{OURS}_{LOOP}"
PLAIN: Final = ("coroutines", "tasks")
"""The sides that need no library."""


class NotInstalled(Exception):
    """A peer is not to be had here; with the last error of its installation."""


def peers() -> list[str]:
    """All, by name."""
    return sorted(path.stem for path in VERSIONS.glob("*.txt"))


def beside(workload: str) -> Iterator[Contender]:
    """The sides of a workload that can run here, by name, but for ours and the floor."""
    return (side for side, peer in _sides(workload) if peer is None or is_installed(peer))


def not_installed(workload: str) -> list[str]:
    """The sides of a workload that cannot, by name."""
    return [
        side.name for side, peer in _sides(workload) if peer is not None and not is_installed(peer)
    ]


def _sides(workload: str) -> Iterator[tuple[Contender, str | None]]:
    """Each with the peer that it needs."""
    folder = ROOT / "benchmarks" / "workloads" / workload
    package = f"benchmarks.workloads.{workload}"
    if (folder / f"{OURS}.py").exists():
        yield Contender(ON_ANOTHER_LOOP, f"{package}.{OURS}", str(_python(LOOP)), loop=LOOP), LOOP
    for side in sorted(path.stem for path in folder.glob("*.py")):
        if side in PLAIN:
            yield Contender(side, f"{package}.{side}", sys.executable), None
        elif peer := _peer_of(side):
            yield Contender(side, f"{package}.{side}", str(_python(peer))), peer


def is_installed(peer: str) -> bool:
    """Whether its environment is complete, and what is asked for today."""
    mark = _mark(peer)
    return mark.exists() and mark.read_text(encoding="utf-8") == _wanted(peer)


def install(peer: str) -> None:
    """Make the environment of a peer anew.

    Raises `NotInstalled`, and then leaves nothing behind.
    """
    environment = ENVIRONMENTS / peer
    venv.create(environment, clear=True, symlinks=True)
    asked = ["--quiet", "--disable-pip-version-check", "--requirement", str(_versions(peer))]
    words = [sys.executable, "-m", "pip", "--python", str(_python(peer)), "install", *asked]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        shutil.rmtree(environment)
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotInstalled(errors[-1] if errors else f"pip has ended with {done.returncode}")
    _mark(peer).write_text(_wanted(peer), encoding="utf-8")


def _peer_of(side: str) -> str | None:
    """The longest name of a peer that the side has, or begins with."""
    name = side
    while name and name not in peers():
        name = name.rpartition("_")[0]
    return name or None


def _versions(peer: str) -> Path:
    return VERSIONS / f"{peer}.txt"


def _python(peer: str) -> Path:
    return ENVIRONMENTS / peer / "bin" / "python"


def _mark(peer: str) -> Path:
    """Written last, so that an environment without it is one that was left half made."""
    return ENVIRONMENTS / peer / "installed.txt"


def _wanted(peer: str) -> str:
    return (
        f"# for Python {platform.python_version()}\n{_versions(peer).read_text(encoding='utf-8')}"
    )


def main() -> None:
    """Install what is not there; a peer that is not to be had is named, the others go on."""
    for peer in peers():
        if not is_installed(peer):
            print(f"Installing {peer} in {ENVIRONMENTS.name}/{peer}.", file=sys.stderr)
            try:
                install(peer)
            except NotInstalled as failure:
                print(f"{peer} is left out: {failure}", file=sys.stderr)


if __name__ == "__main__":
    main()
