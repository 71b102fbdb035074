"""Typesets the paper: `python -m paper` writes `build/paper.pdf`, and asks no network.

The same files give the same bytes: the fonts are those of Typst itself, and the date is that of the
paper. Every number that was measured is read from a file; one that is missing is named.
"""

import sys
from pathlib import Path
from typing import Final

import typst

ROOT: Final = Path(__file__).parents[1]
OUTPUT: Final = Path("build", "paper.pdf")
MAIN: Final = Path("paper", "main.typ")
READ: Final[dict[Path, str]] = {
    Path("CITATION.cff"): "it is written by hand",
    Path("docs", "equations.json"): "`python -m laws.table --json` writes it",
    Path("examples", "ask_docs", "pipeline.yaml"): "it is written by hand",
    Path("paper", "demo.json"): "`python -m paper.demo` writes it",
    Path("paper", "facts.json"): "`python -m paper.facts` writes it",
    Path("paper", "listings.py"): "it is written by hand",
    **{
        Path("benchmarks", "results", f"{name}.json"): "`make bench-results` writes it"
        for name in ("own", "growth", "peers")
    },
}
"""The files that the paper reads, and where each comes from."""
NEVER: Final = 0
"""The time that is put into the document: no other one than the day that it says itself."""


class Untypeset(Exception):
    """The paper cannot be typeset, or not as it is meant."""


def typeset(root: Path) -> bytes:
    """The paper of the checkout at `root`, as a PDF. Raises `Untypeset`, also for a warning."""
    for path, origin in READ.items():
        if not (root / path).is_file():
            raise Untypeset(f"there is no {path.as_posix()}, which the paper reads: {origin}")
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(root / MAIN), root=str(root), ignore_system_fonts=True, timestamp=NEVER
        )
    except typst.TypstError as error:
        raise Untypeset(error.diagnostic) from None
    if warnings:
        raise Untypeset("\n".join(warning.diagnostic for warning in warnings))
    return pdf


def main() -> None:
    """Typeset the paper of this checkout."""
    try:
        pdf = typeset(ROOT)
    except Untypeset as error:
        sys.exit(f"paper: {error}")
    output = ROOT / OUTPUT
    output.parent.mkdir(exist_ok=True)
    output.write_bytes(pdf)
    print(OUTPUT.as_posix())


if __name__ == "__main__":
    main()
