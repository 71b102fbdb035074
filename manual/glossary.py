"""The glossary: every public class and type, by the kind of thing that it is, in one line each."""

import ast
import importlib
import inspect
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, Final, TypeAliasType

from manual.markdown import code, heading, row, slug
from manual.public import FACES, NODES, Name, errors, link, names

KINDS: Final[dict[str, str]] = {
    "Flows": "Flow Cases Continue Done QuorumResult Backoff",
    "Leaves of flows": "Agent StreamingAgent OpenAgent AgentLike StreamingAgentLike",
    "Agents": "AgentActor AgentCard ActorConfig Task TaskResult TaskStatus",
    "Events": "TaskEvent EventType EventStream StreamEvent StreamResult StreamItem Overflow",
    "Systems": "ActorSystem AgentSystem MoASystem System VirtualActorRegistry",
    "Actors": "Actor ActorContext ActorRef Target SpawnOptions Timers RemoteRef",
    "Messages": "Envelope Request Terminated DeadLetter MessageContext Idempotent",
    "Mailboxes": "Mailbox MemoryMailbox FastMailbox ThreadedMailbox PriorityMailbox RedisMailbox",
    "Supervision": "SupervisorStrategy OneForOneStrategy AllForOneStrategy Directive "
    "RestartBackoff",
    "Ends of actors": "StopPolicy StopMode AfterMessage AfterIdle",
    "Parts that can be exchanged": "Dispatcher PoolDispatcher Middleware Next RegistryStore "
    "MemoryRegistryStore RedisRegistryStore Codec JsonCodec OpenTelemetryTracer "
    "IdempotentActorMixin Replies Reply",
    "Documents": "Document Registry Problem Position",
    "What is known of a flow without running it": "CheckReport Finding Unchecked Bounds Plan "
    "Direction",
    "Rehearsals": "DryRun DryScript Answer Call Recording",
    "Programs of operations": "Free Pure Suspend FlatMap Operation ActorOp Spawn Ask Tell Stop "
    "GetRef Sleep Par Attempt",
    "Interpreters of programs": "Interpreter Step Scripted ActorModel Modelled",
    "Mixtures of agents": "LayerOutput Directed",
    "Laws": "Law RuleSet IsEq Observation LeftOut Ran Called Meaning Fallible Never Settling Total "
    "Wait",
    "Tests": "FlowInterpreter Reference DryRuns Observed Does Check Capabilities VirtualClockLoop",
}
"""The names of each kind, in the order in which one meets them."""

HEAD = """# Glossary

Every public class and type, by the kind of thing that it is. Errors have [an index of their
own](errors.md), the nodes that flows are made of [a page of theirs](nodes.md).

"""


def types() -> dict[str, Name]:
    """The public classes and types that are neither errors nor nodes, by their names."""
    raised = errors()
    faces = [face for face in FACES.values() if face != NODES]
    return {
        each.name: each
        for each in names(*reversed(faces))
        if isinstance(each.value, type | TypeAliasType) and each.value not in raised
    }


def page() -> str:
    """The whole page, in Markdown."""
    return HEAD + "\n".join(_page())


def _page() -> Iterator[str]:
    there = types()
    yield " · ".join(f"[{kind}](#{slug(kind)})" for kind in KINDS) + "\n"
    for kind, listed in KINDS.items():
        yield heading(2, kind)
        yield row("name", "is", "from")
        yield row("---", "---", "---")
        for name in listed.split():
            each = there[name]
            yield row(link(each.module, name), _line(each.value), code(each.module))
        yield ""


def _line(value: Any) -> str:
    text = _said_of(value) if isinstance(value, TypeAliasType) else inspect.getdoc(value) or ""
    return text.partition("\n\n")[0].replace("\n", " ")


def _said_of(alias: TypeAliasType) -> str:
    """The text below an alias in its module: aliases do not keep one."""
    module = importlib.import_module(str(alias.__module__))
    for statement, below in pairwise(ast.parse(inspect.getsource(module)).body):
        if isinstance(statement, ast.TypeAlias) and statement.name.id == alias.__name__:
            match below:
                case ast.Expr(value=ast.Constant(value=str(text))):
                    return text
                case _:
                    break
    raise LookupError(f"{alias.__name__} has no docstring")
