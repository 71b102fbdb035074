"""`eiaa bounds`: what a run may cost at most and at least, found without one."""

import json
import math
from dataclasses import fields

from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.cli.marks import printable
from everything_is_an_actor.cli.options import AsJson, Modules, Target, WithTraceback
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.program import load_program
from everything_is_an_actor.cli.usage import DONE
from everything_is_an_actor.flow import Bounds
from everything_is_an_actor.flow import bounds as bounds_of


def bounds(
    target: Target,
    modules: Modules = None,
    as_json: AsJson = False,
    with_traceback: WithTraceback = False,
) -> int:
    """Show what holds of every run: the agents called, how often, how long, how many at once.

    Nothing is run.
    """
    with standard_output() as output:
        program = load_program(target, modules)
        found = bounds_of(program.flow)
        if as_json:
            output.result(json.dumps(_record(found), indent=2))
        else:
            rows = str(found).split("\n")
            output.result("\n".join([printable(row, ascii_only=output.is_ascii) for row in rows]))
        return DONE


def _record(found: Bounds) -> dict[str, object]:
    """The bounds as JSON has them: agents by their names, `null` where there is no bound."""
    return {field.name: _plain(getattr(found, field.name)) for field in fields(found)}


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return sorted(map(name_of, value))
        case tuple():
            return [name_of(agent) for agent in value]
        case float() if math.isinf(value):
            return None
        case _:
            return value
