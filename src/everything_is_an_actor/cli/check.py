"""`eiaa check`: what of a program does not fit, one line each."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Final

import typer

from everything_is_an_actor.algebra.similar import did_you_mean
from everything_is_an_actor.cli.messages import say
from everything_is_an_actor.cli.options import Modules, Target, WithTraceback
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.program import (
    BadDocument,
    load_program,
    load_structure,
    problem_lines,
    syntax_of,
)
from everything_is_an_actor.cli.usage import BAD_USAGE, DONE, BadUsage
from everything_is_an_actor.flow import Finding, Problem, Unchecked
from everything_is_an_actor.flow import check as checked

_BUILTINS: Final[dict[str, type]] = {
    kind.__name__: kind for kind in (str, int, float, bool, bytes, list, tuple, dict)
}


def check(
    target: Target,
    modules: Modules = None,
    input_type: Annotated[
        str | None,
        typer.Option(
            "--input-type",
            metavar="TYPE",
            help="The type of what will flow in: one of Python's, such as str, or one by its name "
            "in the registry.",
            show_default=False,
        ),
    ] = None,
    with_traceback: WithTraceback = False,
) -> int:
    """Say in one line each what does not fit: names, keywords and types. Nothing is run.

    The findings are on standard output, each with file, line and column, and its path in the
    flow. On standard error is what could not be checked for lack of annotations; it is no finding.

    Of a document without --registry the structure alone is checked.
    """
    with standard_output() as output:
        try:
            if not modules and input_type is None and (syntax := syntax_of(target)):
                load_structure(target, syntax)
                say("without --registry the structure alone was checked, not names and types")
                return DONE
            program = load_program(target, modules)
            given = _type(input_type, program.registry)
        except BadDocument as bad:
            output.result(str(bad))
            return BAD_USAGE
        report = checked(program.document or program.flow, given)
        for line in problem_lines(target, map(_problem, report.unchecked)):
            print(line, file=sys.stderr)
        for line in problem_lines(target, map(_problem, report.findings)):
            output.result(line)
        if report.ok:
            say(f"no findings: {report.type}")
        return DONE if report.ok else BAD_USAGE


def _problem(remark: Finding | Unchecked) -> Problem:
    what = str(replace(remark, path="", position=None))
    return Problem(what, remark.path, remark.position)


def _type(name: str | None, registry: Mapping[str, object]) -> object:
    if name is None:
        return None
    things = {**_BUILTINS, **registry}
    types = {known: thing for known, thing in things.items() if isinstance(thing, type)}
    if name not in types:
        raise BadUsage(
            f"--input-type: there is no type {name!r} in the registry or among those of Python."
            f"{did_you_mean(name, types)}"
        )
    return types[name]
