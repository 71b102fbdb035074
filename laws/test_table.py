from collections.abc import Callable

import pytest

from laws.facts import as_json
from laws.table import table
from tests.documents import ROOT


@pytest.mark.parametrize(
    ("name", "written"), [("md", table), ("json", as_json)], ids=["md", "json"]
)
def test_the_table_in_the_manual_is_that_of_the_laws(name: str, written: Callable[[], str]) -> None:
    """If not: `python -m laws.table > docs/equations.md`, and with `--json`."""
    assert (ROOT / "docs" / f"equations.{name}").read_text(encoding="utf-8") == written()
