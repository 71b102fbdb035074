from laws.table import table
from tests.documents import ROOT


def test_the_table_in_the_manual_is_that_of_the_laws() -> None:
    """If not: `python -m laws.table > docs/equations.md`."""
    assert (ROOT / "docs" / "equations.md").read_text(encoding="utf-8") == table()
