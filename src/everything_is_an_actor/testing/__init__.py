"""For tests, of users and ours: the laws checked, strategies, conformance suites, virtual time.

Needs the extra `everything-is-an-actor[testing]`, which is Hypothesis.

>>> from hypothesis import find
>>> from everything_is_an_actor.testing import flows
>>> find(flows(bool, str), lambda flow: True)
pure(table({False: 'a', True: 'a'}))
"""

try:
    import hypothesis  # noqa: F401  # only to say what is missing
except ModuleNotFoundError as error:
    raise ImportError(
        "everything_is_an_actor.testing needs the package hypothesis: "
        "pip install 'everything-is-an-actor[testing]'"
    ) from error

from everything_is_an_actor.algebra.laws.premonoidal import independence
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.clock import (
    DeadlockError,
    VirtualClockLoop,
    on_virtual_time,
    run,
)
from everything_is_an_actor.testing.graphs import functions, values
from everything_is_an_actor.testing.interpreters import DryRuns, FlowInterpreter, Reference
from everything_is_an_actor.testing.mailboxes import Capabilities, mailbox_suite
from everything_is_an_actor.testing.observing import Observed
from everything_is_an_actor.testing.on_a_loop import ACTORS, running, running_in_system
from everything_is_an_actor.testing.rules import checks
from everything_is_an_actor.testing.scripted import Does, scripted, table, talking
from everything_is_an_actor.testing.stores import registry_store_suite
from everything_is_an_actor.testing.strategies import (
    endless_flows,
    fallible_flows,
    flows,
    total_flows,
)
from everything_is_an_actor.testing.streams import STREAMS
from everything_is_an_actor.testing.subjects import on_interpreter
from everything_is_an_actor.testing.suites import assert_equivalent, check_rules, interpreter_suite
from everything_is_an_actor.testing.universe import Oops, register_values, values_of

__all__ = [
    "ACTORS",
    "STREAMS",
    "Capabilities",
    "Check",
    "DeadlockError",
    "Does",
    "DryRuns",
    "FlowInterpreter",
    "Observed",
    "Oops",
    "Reference",
    "VirtualClockLoop",
    "assert_equivalent",
    "check_rules",
    "checks",
    "endless_flows",
    "fallible_flows",
    "flows",
    "functions",
    "independence",
    "interpreter_suite",
    "mailbox_suite",
    "on_interpreter",
    "on_virtual_time",
    "register_values",
    "registry_store_suite",
    "run",
    "running",
    "running_in_system",
    "scripted",
    "table",
    "talking",
    "total_flows",
    "values",
    "values_of",
]
