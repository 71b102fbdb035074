"""`eiaa new`: a project that runs at once."""

import json
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
        say(f"next: cd {quote(name)} && eiaa run pipeline.yaml --registry agents --input hello")
        return DONE


def _schema(agents: str) -> str:
    """The schema with the names in the module of agents, which need not be found as one here."""
    module = ModuleType(AGENTS.removesuffix(".py"))
    exec(agents, vars(module))
    return json.dumps(json_schema(Registry.from_module(module)), indent=2)
