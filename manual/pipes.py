"""Reads `\\|` in the code of a table as GitHub does: as a bar. An extension of Python-Markdown."""

from typing import override
from xml.etree.ElementTree import Element

from markdown import Extension, Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString


class Pipes(Treeprocessor):
    """Goes through the cells of all tables, when what is in them has been read."""

    @override
    def run(self, root: Element) -> None:
        for cell in root.iter("td"):
            for code in cell.iter("code"):
                if code.text:
                    code.text = AtomicString(code.text.replace(r"\|", "|"))


class PipesExtension(Extension):
    """What `mkdocs.yml` names."""

    @override
    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(Pipes(md), "pipes", 15)  # after "inline", which is at 20


def makeExtension() -> PipesExtension:
    """The extension, by the name under which Python-Markdown looks for it."""
    return PipesExtension()
