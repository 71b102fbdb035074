"""`eiaa dry-run`: what a program would do, with scripted agents on virtual time."""

import json
import math
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from returns.result import Failure

from everything_is_an_actor.algebra.arguments import without_caller
from everything_is_an_actor.algebra.plain import name_of, plain
from everything_is_an_actor.cli.inputs import need_one_input, read_input
from everything_is_an_actor.cli.messages import say_failure
from everything_is_an_actor.cli.options import (
    AsJson,
    InputFile,
    InputJson,
    InputText,
    Modules,
    Target,
    WithTraceback,
)
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.program import Program, load_program
from everything_is_an_actor.cli.script import AgentScript, read_script
from everything_is_an_actor.cli.usage import DONE, FAILED, BadUsage
from everything_is_an_actor.flow import DryRun
from everything_is_an_actor.flow import dry_run as dry_run_of


def dry_run(
    target: Target,
    text: InputText = None,
    document: InputJson = None,
    file: InputFile = None,
    script: Annotated[
        str | None,
        typer.Option(
            "--script",
            metavar="FILE",
            help="What the agents do, in YAML or JSON: for each by its name a list of outputs, one "
            "for each of its calls, or `always: OUTPUT`, or `when: {INPUT: OUTPUT}`. "
            "Without it the plan is shown.",
            show_default=False,
        ),
    ] = None,
    modules: Modules = None,
    as_json: AsJson = False,
    with_traceback: WithTraceback = False,
) -> int:
    """Show what a program would do. No agent is run; functions are.

    With --script and one input, it prints the result, and on standard error every call of an agent.
    Without them, it prints the plan.

    An output in a script may be {output: VALUE, after: SECONDS} or {raises: MESSAGE}. Time is
    virtual: nothing waits.
    """
    with standard_output() as output:
        if script is None:
            if as_json or not (text is document is file is None):
                raise BadUsage("an input and --json are for a dry run with --script, got none.")
            output.result(str(dry_run_of(load_program(target, modules).flow)))
            return DONE
        need_one_input(text, document, file)
        program = load_program(target, modules)
        agents = read_script(script, program.flow, program.registry)
        ran = _ran(program, read_input(text, document, file), agents, script)
        if as_json:
            output.result(json.dumps(_record(ran), indent=2, ensure_ascii=output.is_ascii))
        else:
            print(ran, file=sys.stderr)
        if isinstance(ran.result, Failure):
            error = ran.result.failure()
            say_failure("the flow failed", error, with_traceback=with_traceback)
            return FAILED
        if not as_json:
            output.result(ran.value)
        return DONE


def _ran(
    program: Program, value: object, agents: dict[Callable[..., Any], AgentScript], script: str
) -> DryRun[Any]:
    try:
        return dry_run_of(program.flow, value, agents)
    except LookupError as error:  # an agent has no script, or no more outputs
        what, _, _ = without_caller(error).rpartition(": ")  # what to do is said in Python's terms
        raise BadUsage(
            f"--script: {script}: {what}. Give it a list with an output for each call, "
            f"or `always: OUTPUT`."
        ) from None
    except RuntimeError as error:  # the order of outputs does not settle
        raise BadUsage(f"--script: {without_caller(error)}") from None


def _record(ran: DryRun[Any]) -> dict[str, object]:
    """A run as JSON has it."""
    outcome = (
        {"error": plain(ran.result.failure())}
        if isinstance(ran.result, Failure)
        else {"output": plain(ran.value)}
    )
    return {
        **outcome,
        "seconds": _seconds(ran.seconds),
        "calls": [
            {
                "agent": name_of(call.agent),
                "path": call.path,
                "start": _seconds(call.start),
                "end": _seconds(call.end),
                "ending": call.ending,
                "input": plain(call.input),
                "output": plain(call.output),
            }
            for call in ran.calls
        ],
    }


def _seconds(time: float) -> float | None:
    """A time as JSON has it: never is `null`."""
    return None if math.isinf(time) else time
