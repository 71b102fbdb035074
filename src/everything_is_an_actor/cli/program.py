"""From what is named on the command line to a flow: one in a Python module, or a document."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from everything_is_an_actor.algebra.arguments import without_caller
from everything_is_an_actor.cli.files import content_of
from everything_is_an_actor.cli.load import load, load_module
from everything_is_an_actor.cli.messages import headline
from everything_is_an_actor.cli.usage import BadUsage
from everything_is_an_actor.flow import (
    Document,
    DocumentError,
    Flow,
    Problem,
    Registry,
    UnknownNameError,
    read_document,
)
from everything_is_an_actor.interpreters.documents.reading import Syntax, structure

type AnyFlow = Flow[Any, Any]  # its types are the affair of the program that defines it

SYNTAXES: Final[dict[str, Syntax]] = {".yaml": "yaml", ".yml": "yaml", ".json": "json"}
_NO_REGISTRY: Final = "names are those of the modules that --registry names, and there is none"


class BadDocument(BadUsage):
    """A document is not a program; the text has a line for every problem."""


@dataclass(frozen=True, slots=True)
class Program:
    """A flow, and what it was read from."""

    flow: AnyFlow
    registry: Registry = field(default_factory=Registry)
    """What the names in a document are."""
    document: Document | None = None


def syntax_of(name: str) -> Syntax | None:
    """The syntax that the name of a file tells; `None` if it is not that of a document."""
    return SYNTAXES.get(Path(name).suffix.lower())


def load_program(target: str, modules: Sequence[str] | None) -> Program:
    """The program that `target` names: a document, or a flow in a Python module.

    The names in a document are those of the modules. Raises `BadUsage`, for a document with
    problems `BadDocument`.
    """
    if syntax := syntax_of(target):
        return _read(target, syntax, modules)
    if modules:
        raise BadUsage(f"--registry is for the names in a document, and {target} is none.")
    return Program(load(target))


def load_registry(modules: Sequence[str]) -> Registry:
    """What the modules hold, by its names. Raises `BadUsage`."""
    registry = Registry()
    for name in modules:
        module = load_module(name, "--registry")
        try:
            registry |= Registry.from_module(module)
        except ValueError as error:  # there is nothing in it, or what another one has
            raise BadUsage(f"--registry {name}: {without_caller(error)}") from None
        except Exception as error:  # also of a name in its `__all__` that is not there
            raise BadUsage(f"--registry {name}: {headline(error)}") from None
    return registry


def load_structure(file: str, syntax: Syntax) -> object:
    """A document as lists and mappings; whatever name is in it is taken to be there.

    Raises `BadUsage`, for a document with problems `BadDocument`.
    """
    content = content_of(file)
    with told_of(file):
        return structure(content, syntax)


def problem_lines(source: str, problems: Iterable[Problem]) -> list[str]:
    """A line for every problem: file, line and column, path, what is wrong.

    >>> problem_lines("p.yaml", [Problem("what is agnt?", "steps[0]")])
    ['p.yaml: steps[0]: what is agnt?']
    """
    lines = []
    for problem in problems:
        position = problem.position
        place = f"{source}:{position.line}:{position.column}" if position else source
        lines.append(": ".join(part for part in (place, problem.path, problem.message) if part))
    return lines


def _read(file: str, syntax: Syntax, modules: Sequence[str] | None) -> Program:
    registry = load_registry(modules or ())
    content = content_of(file)
    with told_of(file, hint="" if modules else _NO_REGISTRY):
        document = read_document(content, registry, syntax=syntax)
    return Program(document.flow, registry, document)


@contextmanager
def told_of(file: str, *, hint: str = "") -> Iterator[None]:
    """The problems of a document as a `BadDocument`; if they are all unknown names, with a hint."""
    try:
        yield
    except DocumentError as error:
        lines = problem_lines(file, error.problems)
        if hint and isinstance(error, UnknownNameError):
            lines.append(f"{file}: {hint}")
        raise BadDocument("\n".join(lines)) from None
