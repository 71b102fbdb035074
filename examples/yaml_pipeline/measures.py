"""What `pipeline.yaml` may name: agents that find something in a file of Python, and functions.

Their types are what a document is checked by: a measure takes a `Source` and yields `Remark`s.
"""

import ast
import asyncio
import io
import tokenize
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from everything_is_an_actor.flow import QuorumResult

__all__ = [
    "branchy_functions",
    "long_functions",
    "open_ends",
    "parsed",
    "review",
    "undocumented",
]

LINES: Final = 50
BRANCHES: Final = 10

type Function = ast.FunctionDef | ast.AsyncFunctionDef

BRANCHING: Final = (
    ast.If,
    ast.IfExp,
    ast.For,
    ast.AsyncFor,
    ast.While,
    ast.ExceptHandler,
    ast.BoolOp,
    ast.comprehension,
    ast.match_case,
)


@dataclass(frozen=True)
class Source:
    """A file of Python, read and parsed."""

    path: str
    text: str
    tree: ast.Module


@dataclass(frozen=True, order=True)
class Remark:
    """Something that a reader should look at."""

    line: int
    what: str


@dataclass(frozen=True)
class Review:
    """What was found in a file, and how many measures failed on it."""

    path: str
    remarks: tuple[Remark, ...]
    failed: int = 0


async def parsed(path: str) -> Source:
    """Read a file. Raises `OSError`, `UnicodeDecodeError` or `SyntaxError`."""
    text = await asyncio.to_thread(Path(path).read_text, "utf-8")
    return Source(path, text, ast.parse(text, path))


async def long_functions(source: Source) -> list[Remark]:
    """Functions that do not fit on a screen."""
    return [
        Remark(function.lineno, f"{function.name} has {lines} lines")
        for function in functions(source.tree)
        if (lines := (function.end_lineno or function.lineno) - function.lineno + 1) > LINES
    ]


async def branchy_functions(source: Source) -> list[Remark]:
    """Functions that can go too many ways."""
    return [
        Remark(function.lineno, f"{function.name} branches {branches} times")
        for function in functions(source.tree)
        if (branches := sum(isinstance(node, BRANCHING) for node in ast.walk(function))) > BRANCHES
    ]


async def undocumented(source: Source) -> list[Remark]:
    """Public functions and classes that do not say what they are."""
    return [
        Remark(node.lineno, f"{node.name} has no docstring")
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]


async def open_ends(source: Source) -> list[Remark]:
    """Comments that somebody meant to come back to."""
    return [
        Remark(token.start[0], token.string.lstrip("# "))
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline)
        if token.type == tokenize.COMMENT
        and token.string.lstrip("# ").startswith(("TODO", "FIXME"))
    ]


def review(found: tuple[Source, QuorumResult[list[Remark]]]) -> Review:
    """The remarks of all measures, in the order of the file."""
    source, results = found
    remarks = sorted(remark for several in results.succeeded for remark in several)
    return Review(source.path, tuple(remarks), len(results.failed))


def functions(tree: ast.Module) -> list[Function]:
    """All functions of a module, also those within others."""
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
