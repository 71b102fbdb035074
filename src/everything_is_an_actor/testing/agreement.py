"""Two interpreters as the subject of one law: what they make of the same flow is the same."""

from dataclasses import replace
from typing import Any, get_args, get_origin

from returns.result import Failure

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import TRACE, IsEq, Observation
from everything_is_an_actor.testing.interpreters import FlowInterpreter
from everything_is_an_actor.testing.observing import Observed
from everything_is_an_actor.testing.on_a_loop import Running
from everything_is_an_actor.testing.strategies import flows
from everything_is_an_actor.testing.subjects import Strategy, Subject, apart, weaker
from everything_is_an_actor.testing.universe import values_of

SIZE = 10
"""How many nodes a flow has, about: more than for other laws, since this one says the most."""


def agreeing(
    interpreter: FlowInterpreter, reference: FlowInterpreter, *, observing: Observation = TRACE
) -> Subject:
    """An interpreter that has to agree with another one, as the subject of the rules `AGREEMENT`.

    The left side is run on it, the right side on the reference. What is seen is the trace, and the
    text of an error with its notes, where it comes from; and the instant of the outcome, if both
    see it. No stronger observation is made than `observing`.
    """

    def supply(hint: Any) -> Strategy | None:
        return flows(*get_args(hint), size=SIZE) if get_origin(hint) is Flow else None

    timely = sees_when(interpreter) and sees_when(reference)

    def seen(observed: Observed, by: Observation) -> object:
        known = observed if timely else replace(observed, seconds=0.0)
        return known.by(by), words(observed) if by is TRACE else None

    def difference(equation: IsEq[Any], hint: Any, by: Observation) -> str | None:
        inputs = values_of(get_args(hint)[0])
        left = interpreter.observe([(equation.lhs, input) for input in inputs])
        right = reference.observe([(equation.rhs, input) for input in inputs])
        for input, one, other in zip(inputs, left, right, strict=True):
            if one.wrong or other.wrong or seen(one, by) != seen(other, by):
                names = f"lhs by {interpreter.name}", f"rhs by {reference.name}"
                return apart(equation, input, one, other, names)
        return None

    return Subject(interpreter.name, weaker("agreeing", observing), supply, difference)


def sees_when(interpreter: FlowInterpreter) -> bool:
    """Whether the instant of an outcome is seen."""
    return not isinstance(interpreter, Running) or interpreter.timely


def words(observed: Observed) -> object:
    """What the error of a run says to people: its text and its notes, and those of its parts."""
    if not isinstance(observed.result, Failure):
        return None
    return _words(observed.result.failure())


def _words(error: BaseException) -> object:
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return str(error), getattr(error, "__notes__", []), tuple(map(_words, parts))
