"""What the package offers: its public modules, and the names that each of them exports."""

import importlib
from dataclasses import dataclass
from typing import Any, Final

ROOT: Final = "everything_is_an_actor"
NODES: Final = f"{ROOT}.flow.nodes"

FACES: Final = {
    "Actors": ROOT,
    "Agents": f"{ROOT}.agents",
    "Flows": f"{ROOT}.flow",
    "Kinds of nodes": NODES,
    "Programs of operations": f"{ROOT}.free",
    "Mixtures of agents": f"{ROOT}.moa",
    "Actors over Redis": f"{ROOT}.plugins.redis",
    "Asking again": f"{ROOT}.plugins.retry",
    "OpenTelemetry": f"{ROOT}.plugins.otel",
    "Laws": f"{ROOT}.algebra.laws",
    "Tests": f"{ROOT}.testing",
}
"""The public modules, by what they are about."""


def link(module: str, *names: str) -> str:
    """Where the reference has a public name, or a member of one, as seen from a page beside it.

    >>> link("everything_is_an_actor.flow", "Flow", "map")
    '[`Flow.map`](api/flow.md#everything_is_an_actor.flow.Flow.map)'
    """
    page = "actors" if module == ROOT else module.rpartition(".")[2]
    name = ".".join(names)
    return f"[`{name}`](api/{page}.md#{module}.{name})"


@dataclass(frozen=True)
class Name:
    """A public name: the module that exports it, and its value, whatever that is."""

    module: str
    name: str
    value: Any


def names(*modules: str) -> list[Name]:
    """The names that these modules export, or all public ones; one that two export, once."""
    found: dict[str, Name] = {}
    for module in modules or FACES.values():
        face = importlib.import_module(module)
        for name in face.__all__:
            found.setdefault(name, Name(module, name, getattr(face, name)))
    return list(found.values())


def errors(module: str | None = None) -> list[type[Exception]]:
    """The public exceptions, of that module or of all; one that two export is of the last."""
    home = {each.name: each for face in FACES.values() for each in names(face)}
    return [
        each.value
        for each in sorted(home.values(), key=lambda each: each.name)
        if isinstance(each.value, type) and issubclass(each.value, Exception)
        if module in (None, each.module)
    ]
