"""`eiaa bounds`: what a run may cost at most and at least, found without one."""

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import fields

from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.algebra.plain import name_of
from everything_is_an_actor.cli.marks import printable, shortened
from everything_is_an_actor.cli.options import AsJson, Modules, Target, WithTraceback
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.program import load_program
from everything_is_an_actor.cli.usage import DONE
from everything_is_an_actor.flow import Bounds
from everything_is_an_actor.flow import bounds as bounds_of

_PATH = 300  # characters of a critical path


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
            output.result("\n".join(_table(found, ascii_only=output.is_ascii)))
        return DONE


def _record(found: Bounds) -> dict[str, object]:
    """The bounds as JSON has them: agents by their names, `null` where there is no bound."""
    return {field.name: _plain(getattr(found, field.name)) for field in fields(found)}


def _plain(value: object) -> object:
    match value:
        case frozenset():
            return _names(value)
        case tuple():
            return [name_of(agent) for agent in value]
        case float() if math.isinf(value):
            return None
        case _:
            return value


def _table(found: Bounds, *, ascii_only: bool) -> Iterator[str]:
    arrow = " -> " if ascii_only else " → "
    path = shortened(arrow.join(map(name_of, found.critical_path)), _PATH, ascii_only=ascii_only)
    others = "" if found.complete else ", and whatever a `bind` chooses"
    least = f"{found.least_calls:,}"
    if found.least_calls_to_succeed != found.least_calls:
        least += f" ({found.least_calls_to_succeed:,} to succeed)"
    rows = {
        "always called": _listed(found.must),
        "to succeed": _listed(found.must_to_succeed),
        "may be called": _listed(found.may) + others,
        "agent calls": f"at least {least}, {_at_most(found.most_calls)}",
        "at once": _at_most(found.peak_concurrency),
        "time": _time(found),
        "critical path": path or "none",
    }
    for name, text in rows.items():
        yield f"{name:<15}{printable(text, ascii_only=ascii_only)}"


def _time(found: Bounds) -> str:
    if math.isinf(found.seconds):
        what = "an agent or a loop" if found.complete else "an agent, a loop or a `bind`"
        return f"no bound: {what} on the way has none"
    text = f"at most {duration(found.seconds)}"
    if found.seconds_with_sides > found.seconds:
        sides = found.seconds_with_sides
        return f"{text}, side flows {'without a bound' if math.isinf(sides) else duration(sides)}"
    return text


def _at_most(count: float) -> str:
    return "no upper bound" if math.isinf(count) else f"at most {count:,}"


def _listed(agents: Iterable[object]) -> str:
    return ", ".join(_names(agents)) or "none"


def _names(agents: Iterable[object]) -> list[str]:
    return sorted(map(name_of, agents))
