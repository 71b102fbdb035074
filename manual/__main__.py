"""Writes the pages that are made: `python -m manual`."""

import logging
from pathlib import Path

from manual.pages import PAGES

DOCS = Path(__file__).parents[1] / "docs"

if __name__ == "__main__":
    logging.getLogger("everything_is_an_actor").addHandler(
        logging.NullHandler()
    )  # errors are meant
    for path, page in PAGES.items():
        (DOCS / path).write_text(page(), encoding="utf-8")
