"""The command, run as a process of its own among the programs of this folder."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

COMMAND = [sys.executable, "-m", "everything_is_an_actor"]
HERE = Path(__file__).parent
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
    "PYTHONPATH": str(HERE.parents[1] / "src"),  # also if another checkout is installed
    "PYTHONUTF8": "1",
    "PYTHONWARNINGS": "error",
}


def eiaa(
    *arguments: str | bytes,
    stdin: bytes = b"",
    environment: dict[str, str] | None = None,
    command: Sequence[str] = COMMAND,
    cwd: Path = HERE,
) -> subprocess.CompletedProcess[str]:
    """What a whole run printed and answered."""
    done = subprocess.run(
        [*command, *arguments],
        input=stdin,
        capture_output=True,
        cwd=cwd,
        env=ENVIRONMENT | (environment or {}),
        check=False,
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A run under way, which can be talked to; it is killed if the test fails."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # if ignored, it is inherited
    try:
        process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=HERE,
            env=ENVIRONMENT,
        )
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        try:
            yield process
        finally:
            process.kill()
