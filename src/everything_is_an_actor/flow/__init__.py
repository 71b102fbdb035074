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
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.leaves import Agent, OpenAgent, StreamingAgent
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult
from everything_is_an_actor.interpreters.bounds import Bounds, bounds
from everything_is_an_actor.interpreters.mermaid import Direction, to_mermaid

__all__ = [
    "Agent",
    "AllFailedError",
    "Backoff",
    "Bounds",
    "Cases",
    "Continue",
    "Direction",
    "Done",
    "Flow",
    "FlowError",
    "FlowFilterError",
    "FlowTimeoutError",
    "LoopLimitError",
    "NoBranchError",
    "OpenAgent",
    "QuorumError",
    "QuorumResult",
    "StreamingAgent",
    "agent",
    "at_least",
    "bounds",
    "each",
    "first_completed",
    "fold",
    "identity",
    "is_recoverable",
    "loop",
    "loop_with_state",
    "on",
    "pure",
    "race",
    "to_mermaid",
    "traverse",
    "zip_all",
]
