"""Flows: what a user imports to build programs.

>>> from everything_is_an_actor.flow import pure
>>> pure(str.strip).map(len)
pure(str.strip).map(len)
"""

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.build import (
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    pure,
    race,
    traverse,
    zip_all,
)
from everything_is_an_actor.algebra.failure import (
    AllFailedError,
    FlowError,
    FlowFilterError,
    FlowTimeoutError,
    LoopLimitError,
    NoBranchError,
    QuorumError,
    is_recoverable,
)
from everything_is_an_actor.algebra.flow import Cases, Flow, on
from everything_is_an_actor.algebra.fold import fold, para
from everything_is_an_actor.algebra.leaves import Agent, OpenAgent, StreamingAgent
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult
from everything_is_an_actor.interpreters.bounds import Bounds, bounds
from everything_is_an_actor.interpreters.check import CheckReport, check
from everything_is_an_actor.interpreters.documents.problems import (
    DocumentError,
    Position,
    Problem,
    SerializationError,
    UnknownNameError,
)
from everything_is_an_actor.interpreters.documents.reading import (
    Document,
    from_dict,
    from_json,
    from_yaml,
    read_document,
)
from everything_is_an_actor.interpreters.documents.registry import Registry
from everything_is_an_actor.interpreters.documents.schema import json_schema
from everything_is_an_actor.interpreters.documents.writing import to_dict, to_json, to_yaml
from everything_is_an_actor.interpreters.dry_run import DryRun, dry_run
from everything_is_an_actor.interpreters.dry_script import DryScript
from everything_is_an_actor.interpreters.findings import Finding, Unchecked
from everything_is_an_actor.interpreters.mermaid import Direction, to_mermaid
from everything_is_an_actor.interpreters.plan import Plan
from everything_is_an_actor.interpreters.recording import Recording, recorded
from everything_is_an_actor.interpreters.reference import NEVER, Answer, Call
from everything_is_an_actor.interpreters.text_tree import to_tree

__all__ = [
    "NEVER",
    "Agent",
    "AllFailedError",
    "Answer",
    "Backoff",
    "Bounds",
    "Call",
    "Cases",
    "CheckReport",
    "Continue",
    "Direction",
    "Document",
    "DocumentError",
    "Done",
    "DryRun",
    "DryScript",
    "Finding",
    "Flow",
    "FlowError",
    "FlowFilterError",
    "FlowTimeoutError",
    "LoopLimitError",
    "NoBranchError",
    "OpenAgent",
    "Plan",
    "Position",
    "Problem",
    "QuorumError",
    "QuorumResult",
    "Recording",
    "Registry",
    "SerializationError",
    "StreamingAgent",
    "Unchecked",
    "UnknownNameError",
    "agent",
    "at_least",
    "bounds",
    "check",
    "dry_run",
    "each",
    "first_completed",
    "fold",
    "from_dict",
    "from_json",
    "from_yaml",
    "identity",
    "is_recoverable",
    "json_schema",
    "loop",
    "loop_with_state",
    "on",
    "para",
    "pure",
    "race",
    "read_document",
    "recorded",
    "to_dict",
    "to_json",
    "to_mermaid",
    "to_tree",
    "to_yaml",
    "traverse",
    "zip_all",
]
