"""`eiaa convert`: a program as a document in the other syntax."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from everything_is_an_actor.cli.files import deliver
from everything_is_an_actor.cli.options import Modules, OutputFile, Target, WithTraceback
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.program import (
    load_program,
    load_registry,
    load_structure,
    syntax_of,
)
from everything_is_an_actor.cli.usage import DONE, BadUsage
from everything_is_an_actor.flow import SerializationError, to_dict
from everything_is_an_actor.interpreters.documents.json_text import json_text
from everything_is_an_actor.interpreters.documents.reading import Syntax
from everything_is_an_actor.interpreters.documents.yaml_writer import yaml_text


class To(StrEnum):
    """The syntaxes of documents."""

    YAML = "yaml"
    JSON = "json"


def convert(
    target: Target,
    modules: Modules = None,
    to: Annotated[
        To | None,
        typer.Option(
            "--to",
            help="Left out: what the name of the output file says, else JSON for a document in "
            "YAML, and YAML for all else.",
            show_default=False,
        ),
    ] = None,
    file: OutputFile = None,
    with_traceback: WithTraceback = False,
) -> int:
    """Write a document in the other syntax, or a flow in a Python module as a document.

    A document keeps its structure, its sub-flows and the order of its keys, not its comments. Its
    names are looked up only if there is a --registry. What a flow is made of goes by the names of
    the --registry, else by its own.
    """
    with standard_output() as output:
        came = syntax_of(target)
        if came is None:
            value = _as_document(target, modules)
        else:
            if modules:
                load_program(target, modules)
            value = load_structure(target, came)
        try:
            text = _written(value, _syntax(to, file, came))
        except SerializationError as error:
            raise BadUsage(f"{target} cannot be written as a document: {error}") from None
        deliver(text, output, file)
        return DONE


def _as_document(target: str, modules: list[str] | None) -> object:
    program = load_program(target, None)
    registry = load_registry(modules) if modules else None
    try:
        return to_dict(program.flow, registry, name=target.rpartition(":")[2])
    except SerializationError as error:
        raise BadUsage(f"{target} cannot be written as a document: {error}") from None


def _syntax(to: To | None, file: Path | None, came: Syntax | None) -> Syntax:
    if to is not None:
        return "json" if to is To.JSON else "yaml"
    if file is not None and (syntax := syntax_of(file.name)):
        return syntax
    return "json" if came == "yaml" else "yaml"


def _written(value: object, syntax: Syntax) -> str:
    return json_text(value) if syntax == "json" else yaml_text(value)
