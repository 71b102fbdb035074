"""The pages of `docs/` that are made, each by what it is made by."""

from collections.abc import Callable
from typing import Final

from manual import errors, glossary, nodes

PAGES: Final[dict[str, Callable[[], str]]] = {
    "reference/nodes.md": nodes.page,
    "reference/errors.md": errors.page,
    "reference/glossary.md": glossary.page,
}
