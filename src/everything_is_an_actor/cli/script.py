"""What the agents do in a dry run, read from a file: outputs by the names of agents.

A file in YAML or JSON. An agent has a list of outputs, one for each of its calls in order of time,
or a mapping that says what it does: `always: OUTPUT`, or `when: {INPUT: OUTPUT, …}` for inputs that
are texts, or both, for `always` where there is no other output. An output is any value of JSON, or
`{output: VALUE, after: SECONDS}`, or `{raises: MESSAGE}`, with or without `after`. A mapping that
has one of these two keys and is itself the output is such a `VALUE`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.node import Bind, Leaf
from everything_is_an_actor.algebra.path import occurrences
from everything_is_an_actor.algebra.similar import did_you_mean
from everything_is_an_actor.cli.files import content_of
from everything_is_an_actor.cli.program import AnyFlow, syntax_of, told_of
from everything_is_an_actor.cli.usage import BadUsage
from everything_is_an_actor.flow import Answer, DocumentError, Registry
from everything_is_an_actor.interpreters.documents.reading import parsed

type AgentScript = list[Answer] | Callable[[Any], Answer]
"""The outputs of an agent, or what it makes of an input: any type, which only its flow knows."""

_FORM: Final = (
    "expected a list of outputs, or `always: OUTPUT`, or `when: {INPUT: OUTPUT, ...}` with or "
    "without `always`"
)


class ScriptedError(Exception):
    """What an agent raises by its script."""


def read_script(
    file: str, flow: AnyFlow, registry: Registry
) -> dict[Callable[..., Any], AgentScript]:
    """What the agents of `flow` do by a file that names them. Raises `BadUsage`.

    The name of an agent is that in the registry, or its own.
    """
    content = content_of(file)
    syntax = syntax_of(file)
    if syntax is None:
        raise BadUsage(f"--script: expected a file in YAML or JSON, by its name, got {file}.")
    with told_of(file):
        tree = parsed(content, syntax)
        if tree.problems:
            raise DocumentError(tree.problems)
    if not isinstance(tree.value, dict):
        raise BadUsage(f"--script: {file} must map the names of agents to their outputs.")
    agents = _agents(flow, registry)
    scripts = {}
    for name, outputs in tree.value.items():
        if name not in agents:
            hint = (
                did_you_mean(str(name), agents)
                or f" Its agents are {', '.join(sorted(agents)) or 'none'}."
            )
            raise BadUsage(f"--script: {file}: the program has no agent {name!r}.{hint}")
        if len(agents[name]) > 1:
            raise BadUsage(f"--script: {file}: there are {len(agents[name])} agents {name!r}.")
        scripts[agents[name][0]] = _script(outputs, f"{file}: {name}")
    return scripts


def _agents(flow: AnyFlow, registry: Registry) -> dict[str, list[Callable[..., Any]]]:
    """The agents of a flow by name: one each, unless two have the same.

    A `bind` may choose any flow: if there is one, all agents of the registry are among them.
    """
    nodes = [node for node, _ in occurrences(flow)]
    targets: list[Any] = [node.target for node in nodes if isinstance(node, Leaf)]
    if any(isinstance(node, Bind) for node in nodes):
        targets += [registry[name] for name in registry if not registry.misfit(name, "agent")]
    named: dict[str, list[Callable[..., Any]]] = {}
    for target in targets:
        same = named.setdefault(registry.name_of(target) or callable_name(target), [])
        if target not in same:
            same.append(target)
    return named


def _script(outputs: object, where: str) -> AgentScript:
    match outputs:
        case list():
            return [_output(output, where) for output in outputs]
        case {"always": output, **rest} if not rest:
            return _by_input({}, _output(output, where))
        case {"when": dict(outputs), **rest} if not rest.keys() - {"always"}:
            default = _output(rest["always"], where) if rest else None
            return _by_input({text: _output(outputs[text], where) for text in outputs}, default)
        case _:
            raise BadUsage(f"--script: {where}: {_FORM}, got {shown(outputs)}.")


def _by_input(outputs: Mapping[str, Answer], default: Answer | None) -> Callable[[Any], Answer]:
    def output_for(value: Any) -> Answer:
        found = outputs.get(value, default) if isinstance(value, str) else default
        if found is None:
            raise ScriptedError(f"the script says nothing for {shown(value)}")
        return found

    return output_for


def _output(output: object, where: str) -> Answer:
    match output:
        case {"output": value, **rest} if not rest.keys() - {"after"}:
            return Answer(value, _after(rest, where))
        case {"raises": message, **rest} if not rest.keys() - {"after"}:
            return Answer(ScriptedError(str(message)), _after(rest, where))
        case {"output": _} | {"raises": _}:
            raise BadUsage(
                f"--script: {where}: beside `output` or `raises` there may be `after`, no more, "
                f"got {shown(output)}. A mapping that is itself the output goes under `output:`."
            )
        case _:
            return Answer(output)


def _after(rest: Mapping[Any, Any], where: str) -> float:
    seconds = rest.get("after", 0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise BadUsage(f"--script: {where}: `after` must be in seconds, got {shown(seconds)}.")
    return seconds
