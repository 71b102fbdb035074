"""`python -m benchmarks.rendering`: what was measured, in the pages that tell of it.

The text between two markers of a page is replaced by a table. The pictures are in
`docs/performance/`. Both come from the documents in `benchmarks/results/` alone, so that a test can
see that what is committed is what was measured.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from benchmarks.document import read, read_growth
from benchmarks.markdown import (
    ahead,
    brief,
    conditions,
    exchange,
    growth,
    linear,
    own,
    peers,
    verdict,
)
from benchmarks.measuring import ROOT
from benchmarks.plots import pictures

RESULTS: Final = ROOT / "benchmarks" / "results"
GUIDE: Final = ROOT / "docs" / "performance.md"
COMPARISON: Final = ROOT / "docs" / "comparison.md"
README: Final = ROOT / "README.md"
PICTURES: Final = ROOT / "docs" / "performance"
MARKED: Final = re.compile(
    r"(?P<begin><!-- measured: (?P<name>\w+) -->\n).*?(?P<end><!-- until here -->)", re.DOTALL
)


def rendered() -> dict[Path, str]:
    """The text of each file that comes from the results."""
    alone, beside = read(RESULTS / "own.json"), read(RESULTS / "peers.json")
    growing = read_growth(RESULTS / "growth.json")
    tables = {
        "conditions": "\n".join([conditions(alone, beside), conditions(growing)]),
        "verdict": verdict(alone["results"]),
        "own": own(alone["results"]),
        "ahead": ahead(beside["results"]),
        "peers": peers(beside["results"]),
        "exchange": exchange(beside["results"]),
        "linear": linear(growing["results"]),
        "growth": growth(growing["results"]),
    }
    pages = {
        GUIDE: tables,
        COMPARISON: {"peers": tables["peers"]},
        README: {"brief": brief(alone["results"], beside["results"])},
    }
    drawn = pictures(beside["results"], growing["results"])
    return {
        **{page: filled(page.read_text(encoding="utf-8"), of) for page, of in pages.items()},
        **{PICTURES / name: text for name, text in drawn.items()},
    }


def filled(text: str, tables: Mapping[str, str]) -> str:
    """A text with each table between its markers.

    Raises `KeyError` if one has no markers, or markers have none.
    """
    marked = {at["name"] for at in MARKED.finditer(text)}
    for name in marked ^ tables.keys():
        raise KeyError(name)
    return MARKED.sub(lambda at: f"{at['begin']}\n{tables[at['name']]}\n\n{at['end']}", text)


def main() -> None:
    """Write them."""
    files = rendered()
    PICTURES.mkdir(exist_ok=True)
    for path in set(PICTURES.glob("*.svg")) - files.keys():
        path.unlink()
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
