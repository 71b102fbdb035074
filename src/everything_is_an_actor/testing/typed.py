"""Generated flows with annotations, so that they can be checked, and what goes wrong in a run.

The graph of a function or an agent tells its types: those of its inputs, and of what it yields.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import reduce
from operator import or_
from typing import Any, get_args

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.failure import NoBranchError
from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.node import Leaf, Node
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult
from everything_is_an_actor.interpreters.check import check
from everything_is_an_actor.interpreters.reference import Answer, evaluate
from everything_is_an_actor.testing.interpreters import AnyFlow
from everything_is_an_actor.testing.scripted import Does, Scripted, Table
from everything_is_an_actor.testing.tables import Folded, Handler, Tallied


class Mistyped(MemoryError):
    """A function or agent was given what it does not take; no handler sees it."""


def is_sound(flow: AnyFlow, input: Any) -> bool:
    """Whether the checker finds nothing on inputs of this type, and has left nothing unchecked."""
    report = check(flow, _hint([input]))
    return report.ok and not report.unchecked


def goes_wrong(flow: AnyFlow, input: Any) -> str | None:
    """The routing or type error of a run, by the reference semantics, whose agents are typed.

    One that a handler of the flow has seen is not found.
    """
    result = evaluate(flow, input, _Answers()).result
    faults = _faults(result.failure()) if isinstance(result, Failure) else []
    return repr(faults[0]) if faults else None


def _faults(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [fault for part in error.exceptions for fault in _faults(part)]
    wrong = isinstance(error, Mistyped | NoBranchError) or type(error) in (TypeError, ValueError)
    return [error] if wrong else []


def typed(flow: AnyFlow) -> AnyFlow:
    """A generated flow with annotations on its agents and functions, as their graphs tell.

    They raise `Mistyped` for what they do not take.

    >>> from everything_is_an_actor.flow import pure
    >>> from everything_is_an_actor.testing.scripted import table
    >>> print(check(typed(pure(table({False: "a", True: "b"})))))
    sound: bool → str
    """
    return fold(_with_types, flow)


def _with_types(node: Node[AnyFlow]) -> AnyFlow:
    if isinstance(node, Leaf):
        return Flow(replace(node, target=_agent(node.target)))
    functions = {
        each.name: _function(value)
        for each in fields(node)
        if callable(value := getattr(node, each.name)) and not isinstance(value, Flow | type)
    }
    return Flow(replace(node, **functions))


def _agent(target: Any) -> Any:
    takes, gives = _arrow(target)

    async def agent(value: Any) -> Any:
        raise NotImplementedError  # it is `scripted` in `_Answers`

    agent.__annotations__ = {"value": takes, "return": gives}
    agent.__name__ = target.__name__
    agent.scripted = target  # type: ignore[attr-defined]  # for `_Answers`
    return agent


class _Answers(Mapping[Any, Callable[[Any], Any]]):
    """What each typed agent does."""

    def __getitem__(self, target: Any) -> Callable[[Any], Any]:
        script: Scripted = target.scripted

        def answer(value: Any) -> Answer:
            try:
                does = script.does(value)
            except LookupError as error:
                raise Mistyped(str(error)) from error
            return Answer(does.value, does.after)

        return answer

    def __iter__(self) -> Any:
        return iter(())

    def __len__(self) -> int:
        return 0


def _function(fn: Any) -> Any:
    takes, gives = _arrow(fn)

    def function(value: Any) -> Any:
        if not _is_taken(fn, value):
            raise Mistyped(f"{fn!r} of {value!r}")
        return fn(value)

    function.__annotations__ = {"value": takes, "return": gives}
    return function


def _is_taken(fn: Any, value: Any) -> bool:
    """Whether a function of a generated flow takes a value."""
    match fn:
        case Table():
            return fn.takes(value)
        case Handler():
            return isinstance(value, Exception)
        case Folded(_, of_value):
            match value:
                case Success(inner):
                    return _is_taken(of_value, inner)
                case Failure(error):
                    return isinstance(error, Exception)
                case _:
                    return False
        case Tallied(of_first):
            return isinstance(value, QuorumResult) and _is_taken(
                of_first, (value.succeeded[0], bool(value.failed))
            )
        case _:
            raise TypeError(f"the types of {fn!r} are not known")


def _arrow(fn: Any) -> tuple[Any, Any]:
    """The types of a function or agent of a generated flow."""
    match fn:
        case Table() | Scripted():
            results = [does.value for _, does in fn.rows if _yields(does)]
            return _hint([key for key, _ in fn.rows]), _hint(results or [False])
        case Handler(of_oops, otherwise):
            return Exception, _hint([of_oops, otherwise])
        case Folded(of_error, of_value):
            takes, gives = _arrow(of_value)
            return types.GenericAlias(Result, (takes, Exception)), gives | _arrow(of_error)[1]
        case Tallied(of_first):
            takes, gives = _arrow(of_first)
            return types.GenericAlias(QuorumResult, (get_args(takes)[0],)), gives
        case _:
            raise TypeError(f"the types of {fn!r} are not known")


def _yields(does: Does) -> bool:
    return not isinstance(does.value, BaseException) and does.after < float("inf")


def _hint(values: Sequence[Any]) -> Any:
    """The type of some values of the universe; there is one at least."""
    return reduce(or_, _forms(values))


def _forms(values: Sequence[Any]) -> list[Any]:
    found: list[Any] = []
    kinds: dict[type[Any], None] = dict.fromkeys(map(type, values))
    for kind in kinds:
        same: list[Any] = [value for value in values if type(value) is kind]
        if kind is tuple and same[0] and len({len(value) for value in same}) == 1:
            parts = tuple(_hint(column) for column in zip(*same, strict=True))
            found.append(types.GenericAlias(tuple, parts))
        elif kind in (tuple, list):
            inner = [part for value in same for part in value]
            element = _hint(inner or [False])
            args = (element, ...) if kind is tuple else (element,)
            found.append(types.GenericAlias(kind, args))
        elif kind in (Continue, Done):
            found.append(types.GenericAlias(kind, (_hint([each.value for each in same]),)))
        else:
            found.append(kind)
    return found
