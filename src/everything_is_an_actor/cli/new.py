"""`eiaa new`: a project that runs at once."""

import json
import shutil
import sys
from pathlib import Path
from shlex import quote
from types import ModuleType
from typing import Annotated

import typer

from everything_is_an_actor.cli.files import reason_of, write
from everything_is_an_actor.cli.messages import say
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.template import AGENTS, SCHEMA, files_of
from everything_is_an_actor.cli.usage import DONE, BadUsage
from everything_is_an_actor.flow import Registry, json_schema


def new(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="The folder to make. It must not be there.", show_default=False
        ),
    ],
) -> int:
    """Make a project: a pipeline in YAML, its agents, a schema for editors, a script, a test."""
    with standard_output() as output:
        folder = Path(name)
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            raise BadUsage(f"{folder} is there already, and nothing is overwritten.") from None
        except (OSError, ValueError) as error:
            raise BadUsage(f"cannot make {name}: {reason_of(error)}.") from None
        files = files_of(folder.resolve().name)
        files[SCHEMA] = _schema(files[AGENTS])
        for file, content in sorted(files.items()):
            write(folder / file, content)
            output.result(str(folder / file))
        command = f"{_command()} run pipeline.yaml --registry agents --input hello"
        say(f"next: cd {quote(name)} && {command}")
        return DONE


def _command() -> str:
    """How this program is called in any folder: by its path, unless the shell finds it."""
    own, found = Path(sys.executable).with_name("eiaa"), shutil.which("eiaa")
    if not own.exists() or (found is not None and own.samefile(found)):
        return "eiaa"
    return quote(str(own))


def _schema(agents: str) -> str:
    """The schema with the names in the module of agents, which need not be found as one here."""
    module = ModuleType(AGENTS.removesuffix(".py"))
    exec(agents, vars(module))
    return json.dumps(json_schema(Registry.from_module(module)), indent=2)
