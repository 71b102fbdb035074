"""The arguments that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

Target = Annotated[
    str,
    typer.Argument(
        metavar="PROGRAM",
        help="A document, such as pipeline.yaml or pipeline.json, or a flow in a Python module, "
        "such as myapp.flows:answer. The current directory is searched first.",
        show_default=False,
    ),
]
Modules = Annotated[
    list[str] | None,
    typer.Option(
        "--registry",
        metavar="MODULE",
        help="A Python module with the agents, functions and types that the document names. "
        "May be given several times.",
        show_default=False,
    ),
]
WithTraceback = Annotated[
    bool, typer.Option("--traceback", help="Show where in the code an error was raised.")
]
"""Of a module that fails while it is imported, `answering` shows it: the command need not."""

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
OutputFile = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", metavar="FILE", help="Write to a file instead of standard output."
    ),
]
InputText = Annotated[
    str | None, typer.Option("--input", metavar="TEXT", help="The input, as it is.")
]
InputJson = Annotated[
    str | None, typer.Option("--input-json", metavar="JSON", help="The input, as JSON.")
]
InputFile = Annotated[
    str | None,
    typer.Option(
        "--input-file",
        metavar="PATH",
        help="A file with the input: JSON if its name ends in .json, else text in UTF-8. "
        "- is standard input, as text.",
    ),
]
