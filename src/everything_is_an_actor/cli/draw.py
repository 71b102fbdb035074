"""`eiaa draw`: how a program looks."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from everything_is_an_actor.algebra.arguments import without_caller
from everything_is_an_actor.cli.files import deliver
from everything_is_an_actor.cli.options import Modules, OutputFile, Target, WithTraceback
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.picture import picture
from everything_is_an_actor.cli.program import AnyFlow, load_program
from everything_is_an_actor.cli.traces import read_trace
from everything_is_an_actor.cli.usage import DONE, BadUsage
from everything_is_an_actor.flow import to_mermaid, to_tree


class Format(StrEnum):
    """What a drawing is written in."""

    TREE = "tree"
    MERMAID = "mermaid"
    SVG = "svg"
    PNG = "png"


class Towards(StrEnum):
    """Where a drawing leads: from left to right, from top to bottom, or the other way."""

    LR = "LR"
    RL = "RL"
    TB = "TB"
    BT = "BT"


_BY_NAME = {
    ".svg": Format.SVG,
    ".png": Format.PNG,
    ".mmd": Format.MERMAID,
    ".mermaid": Format.MERMAID,
}


def draw(
    target: Target,
    modules: Modules = None,
    form: Annotated[
        Format | None,
        typer.Option(
            "--format",
            help="A tree of text, Mermaid, or a picture, which needs the extra `draw`. "
            "Left out: what the name of the output file says, else a tree; of a --run, Mermaid.",
            show_default=False,
        ),
    ] = None,
    direction: Annotated[
        Towards, typer.Option("--direction", help="Where a drawing leads; not for trees.")
    ] = Towards.LR,
    trace: Annotated[
        str | None,
        typer.Option(
            "--run",
            metavar="TRACE",
            help="Draw what a run of it came to, recorded by `eiaa run --trace`: the way taken, "
            "what became of each agent, how long it took. Not for trees.",
            show_default=False,
        ),
    ] = None,
    file: OutputFile = None,
    with_traceback: WithTraceback = False,
) -> int:
    """Show a program as a tree of text, or draw it as a flowchart."""
    with standard_output() as output:
        form = form or _form_of(file, Format.TREE if trace is None else Format.MERMAID)
        if form is Format.TREE and trace is not None:
            raise BadUsage("--run is for drawings, not for trees: --format mermaid, svg or png.")
        if form is Format.PNG and file is None and output.is_terminal:
            raise BadUsage("a PNG is not for a terminal: name a file with --output.")
        flow = load_program(target, modules).flow
        if form is Format.TREE:
            tree = to_tree(flow, ascii_only=output.is_ascii and file is None)
            deliver(tree, output, file)
            return DONE
        mermaid = _mermaid(flow, direction, trace)
        match form:
            case Format.MERMAID:
                deliver(mermaid, output, file)
            case Format.SVG:
                deliver(picture(mermaid, "svg").decode(), output, file)
            case Format.PNG:
                deliver(picture(mermaid, "png"), output, file)
        return DONE


def _form_of(file: Path | None, otherwise: Format) -> Format:
    if file is None or file.suffix.lower() in ("", ".txt"):
        return otherwise
    form = _BY_NAME.get(file.suffix.lower())
    if form is None:
        raise BadUsage(
            f"--output: the name {file} says no format: end it in {', '.join(_BY_NAME)} or .txt, "
            "or name one with --format."
        )
    return form


def _mermaid(flow: AnyFlow, direction: Towards, trace: str | None) -> str:
    if trace is None:
        return to_mermaid(flow, direction.value)
    events = list(read_trace(trace))
    try:
        return to_mermaid(flow, direction.value, run=events)
    except ValueError as error:  # of several runs, or of none
        raise BadUsage(f"--run {trace}: {without_caller(error)}") from None
