"""What a user checks of their own: an interpreter by the laws, or that two flows mean the same."""

from collections.abc import Iterable
from typing import Any

from hypothesis import settings

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.flow import Flow, need_flow
from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.algebra.laws.interpreter import AGREEMENT, INTERPRETER
from everything_is_an_actor.algebra.laws.law import (
    CALLS,
    RESULT,
    SHAPE,
    TRACE,
    IsEq,
    Observation,
    RuleSet,
)
from everything_is_an_actor.testing.agreement import agreeing
from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.interpreters import FlowInterpreter, Reference, need_interpreter
from everything_is_an_actor.testing.on_a_loop import ACTORS, Interpret, need_run, running
from everything_is_an_actor.testing.rules import checks, need_rules
from everything_is_an_actor.testing.scripted import Scripted
from everything_is_an_actor.testing.subjects import (
    agents_of,
    first_difference,
    need_observation,
    shapes_apart,
    subject_of,
)


def interpreter_suite(
    run: Interpret | FlowInterpreter,
    *,
    name: str = "interpreter",
    observing: Observation = TRACE,
    configured: settings | None = None,
) -> tuple[Check, ...]:
    """The laws of flows, each as a check of `run`, an async function of a flow and an input.

    And that it means what the reference semantics says: an interpreter that does nothing at all
    would satisfy every equation. `run` is called on virtual time, with flows of all kinds, whose
    agents are scripted; it yields what the flow yields, or raises what it raises, while the side
    flows of `notify` and `divert_to` go on. So one that runs flows on actors does not close their
    system: `running_in_system` makes it one that stands in the place of `run`, and has a name of
    its own.

    `observing` is the strongest observation by which it is compared: R the outcome, M the agents'
    calls as well, T the instants as well. `configured` are Hypothesis' settings (default: those of
    the profile), but for the deadline, the database, the health checks and the phase `explain`.

    >>> from everything_is_an_actor.agents import AgentSystem
    >>> from everything_is_an_actor.testing import running_in_system
    >>> async def run(system: AgentSystem, flow: Flow[Any, Any], input: Any) -> Any:
    ...     return await system.run_flow(flow, input)
    >>> mine = running_in_system("mine", run)
    >>> suite = interpreter_suite(mine, configured=settings(max_examples=5))
    >>> "category.associativity[mine]" in map(str, suite)
    True
    >>> suite[0]()
    """
    interpreter = _interpreter(name, run)
    subject = subject_of("interpreter_suite", interpreter, observing)
    agreement = agreeing(interpreter, Reference(), observing=observing)
    return (
        *checks(AGREEMENT, agreement, configured=configured),
        *checks(INTERPRETER, subject, configured=configured),
        *checks(FLOW, subject, configured=configured),
    )


def _interpreter(name: str, run: Interpret | FlowInterpreter) -> FlowInterpreter:
    if isinstance(run, FlowInterpreter) and not isinstance(run, type):
        return run
    need_run("interpreter_suite", run, "async def run(flow, input)")
    return running(name, run)


def check_rules(
    rules: RuleSet,
    interpreter: FlowInterpreter,
    *,
    observing: Observation = TRACE,
    configured: settings | None = None,
) -> None:
    """Check every law of some rules on an interpreter.

    Raises `AssertionError` for the first law that does not hold, with its smallest counterexample,
    and `TypeError` for what are no rules, or no interpreter.

    >>> from everything_is_an_actor.algebra.laws import CATEGORY
    >>> from everything_is_an_actor.testing import Reference
    >>> check_rules(CATEGORY, Reference(), configured=settings(max_examples=10))
    >>> check_rules(CATEGORY, len)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    TypeError: check_rules: interpreter must be a FlowInterpreter, got <built-in function len>: ...
    """
    need_rules("check_rules", rules)
    subject = subject_of("check_rules", interpreter, observing)
    for check in checks(rules, subject, configured=configured):
        check()


def assert_equivalent[I, O](
    left: Flow[I, O],
    right: Flow[I, O],
    inputs: Iterable[I],
    *,
    interpreter: FlowInterpreter = ACTORS,
    observing: Observation | None = None,
) -> None:
    """Assert that two flows mean the same on each of some inputs, on virtual time.

    What is compared is `observing`: if nothing is said, the outcome alone (R) where there are
    agents of one's own, and calls and instants as well (T) where all of them are `scripted`. Raises
    `AssertionError` with the input and what was seen of both, and `ValueError` for M or T of agents
    that are not scripted, since only those note their calls.

    >>> from everything_is_an_actor.flow import pure
    >>> assert_equivalent(pure(abs).map(str), pure(abs) >> pure(str), [-1, 0, 1])
    >>> assert_equivalent(pure(abs), pure(int), [-1])
    Traceback (most recent call last):
    AssertionError: not equivalent in T on actors
      lhs = pure(abs)
      rhs = pure(int)
    on -1
      lhs: <Success: 1> after 0 s
      rhs: <Success: -1> after 0 s
    """
    need_flow("assert_equivalent", "left", left)
    need_flow("assert_equivalent", "right", right)
    need_interpreter("assert_equivalent", interpreter)
    asked = _several(inputs)
    seen = _seen_by(observing, agents_of(left) | agents_of(right))
    equation = IsEq(left, right)
    if seen is SHAPE:
        found, where = shapes_apart(equation), "paper"
    else:
        found, where = first_difference(interpreter, equation, asked, seen), interpreter.name
    if found is not None:
        raise AssertionError(f"not equivalent in {seen.value} on {where}\n{found}")


def _several[I](inputs: Iterable[I]) -> list[I]:
    if isinstance(inputs, str | bytes) or not isinstance(inputs, Iterable):
        raise TypeError(
            f"assert_equivalent: inputs must be several inputs, got {shown(inputs)}: "
            f"of one, make a list: [{shown(inputs)}]"
        )
    asked = list(inputs)
    if not asked:
        raise ValueError("assert_equivalent: inputs are empty: of no input, all flows are equal")
    return asked


def _seen_by(observing: Observation | None, agents: frozenset[Any]) -> Observation:
    others = sorted(callable_name(each) for each in agents if not isinstance(each, Scripted))
    if observing is None:
        return RESULT if others else TRACE
    need_observation("assert_equivalent", observing)
    if others and observing in (CALLS, TRACE):
        raise ValueError(
            f"assert_equivalent: the calls of {', '.join(others)} are not seen: compare outcomes "
            "alone (observing=RESULT), or let `scripted` agents stand for them"
        )
    return observing
