"""Programs of operations on actors: what a user imports to write, run, trace and draw them.

>>> from everything_is_an_actor.free import ask
>>> ask("/app/greeter", "Ada").map(len)
ask('/app/greeter', 'Ada').map(len)
"""

from everything_is_an_actor.algebra.fold_map import Interpreter, Step, fold_map, run_pure
from everything_is_an_actor.algebra.free import FlatMap, Free, Operation, Pure, Suspend
from everything_is_an_actor.algebra.generators import program
from everything_is_an_actor.algebra.operations import (
    ActorOp,
    Ask,
    Attempt,
    GetRef,
    Par,
    Sleep,
    Spawn,
    Stop,
    Tell,
    among_all,
    ask,
    attempt,
    par,
    sleep,
    stop,
    tell,
)
from everything_is_an_actor.interpreters.live import run_live
from everything_is_an_actor.interpreters.model import (
    ActorModel,
    Modelled,
    UnknownActorError,
    run_model,
)
from everything_is_an_actor.interpreters.scripted import (
    Scripted,
    UnscriptedAskError,
    run_scripted,
)
from everything_is_an_actor.interpreters.sequence_diagram import sequence_diagram
from everything_is_an_actor.interpreters.trace import trace_json
from everything_is_an_actor.runtime.programs import get_ref, spawn

__all__ = [
    "ActorModel",
    "ActorOp",
    "Ask",
    "Attempt",
    "FlatMap",
    "Free",
    "GetRef",
    "Interpreter",
    "Modelled",
    "Operation",
    "Par",
    "Pure",
    "Scripted",
    "Sleep",
    "Spawn",
    "Step",
    "Stop",
    "Suspend",
    "Tell",
    "UnknownActorError",
    "UnscriptedAskError",
    "among_all",
    "ask",
    "attempt",
    "fold_map",
    "get_ref",
    "par",
    "program",
    "run_live",
    "run_model",
    "run_pure",
    "run_scripted",
    "sequence_diagram",
    "sleep",
    "spawn",
    "stop",
    "tell",
    "trace_json",
]
