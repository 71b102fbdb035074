"""The command line: `eiaa`, or `python -m everything_is_an_actor`.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the flow
failed, 2 bad usage or a bad document, 130 interrupted, 141 the reader of standard output has gone
away, 143 terminated.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.main import get_command

from everything_is_an_actor.cli.answers import answering
from everything_is_an_actor.cli.bounds import bounds
from everything_is_an_actor.cli.check import check
from everything_is_an_actor.cli.convert import convert
from everything_is_an_actor.cli.draw import draw
from everything_is_an_actor.cli.dry_run import dry_run
from everything_is_an_actor.cli.messages import say
from everything_is_an_actor.cli.new import new
from everything_is_an_actor.cli.program import BadDocument
from everything_is_an_actor.cli.run import run
from everything_is_an_actor.cli.schema import schema
from everything_is_an_actor.cli.timeline import timeline
from everything_is_an_actor.cli.usage import BAD_USAGE, DONE, BadUsage

__all__ = ["app", "main"]

app = typer.Typer(
    name="eiaa",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",  # which joins the lines of a paragraph
    context_settings={"help_option_names": ["-h", "--help"]},
)
COMMANDS = (new, run, check, dry_run, bounds, draw, convert, schema, timeline)
NAMES = {command.__name__.replace("_", "-") for command in COMMANDS}
for command in COMMANDS:
    app.command()(answering(command))


def main() -> None:
    """Do what the arguments of the process say, and end the process."""
    sys.exit(_exit_code(sys.argv[1:]))


def _exit_code(arguments: list[str]) -> int:
    try:
        code = get_command(app).main(arguments, prog_name="eiaa", standalone_mode=False)
    except BadDocument as error:
        print(error, file=sys.stderr)  # each line says which document
        return BAD_USAGE
    except BadUsage as error:
        say(str(error))
        return BAD_USAGE
    except typer.TyperException as error:  # arguments that do not fit the declared ones
        if message := error.format_message():  # else the help has been shown instead
            message = message.replace(": Value error, ", ": ")  # which only Python calls so
            end = "" if message.endswith((".", "?")) else "."
            hint = _hint(arguments) if "unexpected extra argument" in message else ""
            say(f"{message}{end}{hint} See `{_command_of(arguments)} --help`.")
        return BAD_USAGE
    return code if isinstance(code, int) else DONE


def _command_of(arguments: list[str]) -> str:
    first, *_ = [*arguments, ""]
    return f"eiaa {first}" if first in NAMES else "eiaa"


def _hint(arguments: list[str]) -> str:
    """What to do about an argument too many."""
    return " An input is given as --input TEXT." if arguments[:1] == ["run"] else ""


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"eiaa {version('everything-is-an-actor')}")
        raise typer.Exit


@app.callback(
    epilog="Exit codes: 0 done, 1 the flow failed, 2 bad usage or document, 130 interrupted, "
    "143 terminated."
)
def _eiaa(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and leave.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Run typed pipelines of agents; check, draw and bound them without running them.

    A pipeline is a document: eiaa run pipeline.yaml --registry MODULE --input TEXT

    or a value in a Python module: eiaa run MODULE:FLOW --input TEXT
    """
