"""Mermaid as a picture, drawn by Mermaid itself: the extra `draw`.

`render_mermaid.py` does it in a process of its own, which ends when this one is interrupted.
"""

import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from rich.console import Console

from everything_is_an_actor.cli.usage import BadUsage

type Kind = Literal["svg", "png"]

LARGEST: Final = 50_000  # characters: of a longer text Mermaid draws that it is too long
ARROWS: Final = 500  # another bound of Mermaid, which takes minutes to say so

_ARROW: Final = re.compile(r"^ *\w+ (?:-->|-\.->|==>)", re.MULTILINE)
_RENDERER: Final = Path(__file__).with_name("render_mermaid.py")


def picture(mermaid: str, kind: Kind) -> bytes:
    """The picture of a Mermaid text. Raises `BadUsage` if it cannot be drawn, saying why."""
    if find_spec("mermaidx") is None:
        raise BadUsage(
            f"--format {kind} needs the extra `draw`: pip install 'everything-is-an-actor[draw]'. "
            f"Without it there are --format mermaid and --format tree."
        )
    if len(mermaid) > LARGEST:
        raise _too_large(kind, f"{len(mermaid):,} characters of Mermaid, of at most {LARGEST:,}")
    if (arrows := len(_ARROW.findall(mermaid))) > ARROWS:
        raise _too_large(kind, f"{arrows:,} arrows, of at most {ARROWS:,}")
    with Console(stderr=True).status(f"drawing a {kind.upper()}"):
        done = subprocess.run(
            [sys.executable, "-P", str(_RENDERER), kind],
            input=mermaid.encode(),
            capture_output=True,
            check=False,
        )
    if done.returncode == 0:
        return done.stdout
    reason = done.stderr.decode(errors="replace").strip()
    last = reason.splitlines()[-1:] or [f"the renderer ended with {done.returncode}"]
    raise BadUsage(f"--format {kind}: the flow cannot be drawn: {last[0]}.")


def _too_large(kind: Kind, reason: str) -> BadUsage:
    return BadUsage(
        f"--format {kind}: the drawing is too large for a picture: {reason}. "
        f"--format mermaid and --format tree have no such bound."
    )
