"""The command line: `eiaa`, or `python -m everything_is_an_actor`.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the flow
failed, 2 bad usage, 130 interrupted, 141 the reader of standard output has gone away.
"""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.main import get_command

from everything_is_an_actor.cli.messages import say
from everything_is_an_actor.cli.run import run
from everything_is_an_actor.cli.timeline import timeline
from everything_is_an_actor.cli.usage import BAD_USAGE, DONE, BadUsage

__all__ = ["app", "main"]

app = typer.Typer(
    name="eiaa",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(run)
app.command()(timeline)


def main() -> None:
    """Do what the arguments of the process say, and end the process."""
    sys.exit(_exit_code(sys.argv[1:]))


def _exit_code(arguments: list[str]) -> int:
    try:
        code = get_command(app).main(arguments, prog_name="eiaa", standalone_mode=False)
    except BadUsage as error:
        say(str(error))
        return BAD_USAGE
    except typer.TyperException as error:  # arguments that do not fit the declared ones
        if message := error.format_message():  # else the help has been shown instead
            end = "" if message.endswith((".", "?")) else "."
            say(f"{message}{end} See `{_command_of(error)} --help`.")
        return BAD_USAGE
    return code if isinstance(code, int) else DONE


def _command_of(error: typer.TyperException) -> str:
    path = getattr(getattr(error, "ctx", None), "command_path", None)
    return path if isinstance(path, str) else "eiaa"


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"eiaa {version('everything-is-an-actor')}")
        raise typer.Exit


@app.callback(epilog="Exit codes: 0 done, 1 the flow failed, 2 bad usage, 130 interrupted.")
def _eiaa(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", help="Show the version and leave.", callback=_show_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Run typed pipelines of agents.

    A pipeline is a value in a Python module: eiaa run MODULE:FLOW --input TEXT
    """
