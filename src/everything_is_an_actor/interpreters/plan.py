"""The plan of a flow: what it would call, on what, and under which condition, before any run.

A flow is evaluated on a symbol instead of a value. An agent's output is a symbol again, its number;
a function is not called, but stands in what it is applied to; and where the way depends on a value,
all ways are gone, each under its condition:

    #1  Researcher(input)     in parallel with #2
    #2  Analyst(input)        in parallel with #1
    #3  Writer(merge((#1, #2)))

What is too long to be written wherever it is used is a numbered step as well, and so is a part that
stands in a flow more often than anyone wants to read: the plan is linear in the flow, also where
parts are shared (`f = f.zip(f)` sixty times over).
"""

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, assert_never, override

from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.path import (
    DEPTH,
    EVERY,
    AnyNode,
    Where,
    into_next,
    spell,
)
from everything_is_an_actor.algebra.plain import name_of, text_of
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.captions import agent_words, in_words
from everything_is_an_actor.interpreters.conditions import (
    Background,
    Condition,
    ForEach,
    How,
    If,
    IfCase,
    InParallel,
    Looped,
    OnFailure,
    Retried,
    Span,
    Within,
    span_text,
)

LONGEST: Final = 40  # characters of a symbol that is written wherever it is used
NAME: Final = 40  # characters of a name in a symbol
REPEATED: Final = 500  # nodes that are planned again before parts are only referred to
PATH: Final = 48  # characters of a path in a table
SHOWN: Final = 1_000  # steps in the text of a plan


@dataclass(slots=True)
class _Under:
    """A condition, and those around it. That of a concurrent part is known when all of it is."""

    outer: "_Scope"
    condition: Condition | None = None


type _Scope = _Under | None
type _Place = tuple[
    AnyNode, Where, AnyNode, _Scope
]  # the flow's node, the way from there, the step's


class _Placed:
    """A step, of which `path` and `conditions` are found when they are first asked for.

    Each is up to `DEPTH` pieces, and nobody looks at those of all the 100,000 steps of a flow. So
    the slots of the two fields are left empty, and what Python calls for an empty slot fills it.
    """

    __slots__ = ("_place",)
    _place: _Place

    def at(self, place: _Place) -> None:
        object.__setattr__(self, "_place", place)
        object.__delattr__(self, "path")
        object.__delattr__(self, "conditions")

    if not TYPE_CHECKING:  # for which a step has its fields, and no other attributes

        def __getattr__(self, name: str) -> object:
            if name == "path":
                found = spell(*self._place[:3])
            elif name == "conditions":
                found = _innermost(self._place[3])
            else:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            object.__setattr__(self, name, found)
            return found


def _innermost(scope: _Scope) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    while scope is not None and len(conditions) < DEPTH:
        assert scope.condition is not None  # all has been planned
        conditions.append(scope.condition)
        scope = scope.outer
    return tuple(reversed(conditions))


@dataclass(frozen=True, slots=True)
class PlannedCall(_Placed):
    """A call of an agent. Input and output are symbols; `conditions` are from the outermost on.

    The agent is the class or function of the leaf, of any type, with the timeout and the label that
    it has there. Of a step that is nested deeper than paths are spelled, `conditions` are the
    innermost.
    """

    number: int
    path: str
    agent: Callable[..., Any]
    timeout: float | None
    label: str | None
    input: str
    output: str
    conditions: tuple[Condition, ...]

    @override
    def __str__(self) -> str:
        _, *words = agent_words(self.agent, self.timeout, self.label)
        return in_words(f"{_name(self.agent)}({self.input})", *words)


@dataclass(frozen=True, slots=True)
class PlannedChoice(_Placed):
    """A `bind`: `chooser` sees `value` and chooses a flow, unknown, which runs on `input`."""

    number: int
    path: str
    chooser: Callable[[Any], Any]
    value: str
    input: str
    output: str
    conditions: tuple[Condition, ...]

    @override
    def __str__(self) -> str:
        return f"whatever {_name(self.chooser)}({self.value}) chooses, on {self.input}"


@dataclass(frozen=True, slots=True)
class PlannedPart(_Placed):
    """A part that the flow has again, here on `input`: the steps of `span` once more."""

    number: int
    path: str
    span: Span
    input: str
    output: str
    conditions: tuple[Condition, ...]

    @override
    def __str__(self) -> str:
        again = span_text([self.span])
        return f"{again} again, on {self.input}" if again else f"the same again, on {self.input}"


@dataclass(frozen=True, slots=True)
class PlannedValue(_Placed):
    """No call: a value that has too long a symbol."""

    number: int
    path: str
    value: str
    output: str
    conditions: tuple[Condition, ...]

    @override
    def __str__(self) -> str:
        return self.value


type PlannedStep = PlannedCall | PlannedChoice | PlannedPart | PlannedValue


@dataclass(frozen=True, slots=True)
class Plan:
    """What a flow would do, on any input; its text is a table.

    `output` is the symbol of its value. It is `complete` if there is no `bind`, which hides what
    it would call. A step may be cancelled, or never be come to because one before it fails; those
    are no conditions of a step.
    """

    steps: tuple[PlannedStep, ...]
    output: str
    complete: bool

    @property
    def calls(self) -> tuple[PlannedCall, ...]:
        """The calls of agents; those of a part that is there again are listed once."""
        return tuple([step for step in self.steps if isinstance(step, PlannedCall)])

    @property
    def agents(self) -> frozenset[Callable[..., Any]]:
        """The agents that a run may call; if the plan is not complete, there may be more."""
        return frozenset(call.agent for call in self.calls)

    @override
    def __str__(self) -> str:
        steps = self.steps[:SHOWN]
        rows = [(step.output, str(step), _conditions(step), brief(step.path)) for step in steps]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        if len(self.steps) > SHOWN:
            more = len(self.steps) - SHOWN
            lines.append(f"… {more} more {plural(more, 'step')}")
        return "\n".join([*lines, f"→ {self.output}"])


def planned(flow: Flow[Any, Any]) -> Plan:
    """The plan of `flow`. No function in it is called; in linear time, at any depth."""
    planning = _Planning()
    output = planning.all(flow)
    return Plan(tuple(planning.steps), output.text, planning.complete)


def brief(path: str) -> str:
    """The end of a path, for a line of a table."""
    return path if len(path) <= PATH else f"…{path[1 - PATH :]}"


def _conditions(step: PlannedStep) -> str:
    return "; ".join(filter(None, map(str, reversed(step.conditions))))


# ------------------------------------------------------------------------------------- symbols


class _Symbol(NamedTuple):
    """What stands for a value; it is loose if it needs parentheses within another one."""

    text: str
    loose: bool = False

    @property
    def tight(self) -> str:
        return f"({self.text})" if self.loose else self.text


_ERROR: Final = _Symbol("error")


def _name(value: object) -> str:
    name = name_of(value)
    return name if len(name) <= NAME else f"{name[: NAME - 1]}…"


def _applied(name: str, *arguments: _Symbol) -> _Symbol:
    return _Symbol(f"{name}({', '.join([argument.text for argument in arguments])})")


def _either(symbols: Iterable[_Symbol]) -> _Symbol:
    texts = list(dict.fromkeys(symbol.tight for symbol in symbols))
    return _Symbol(" or ".join(texts), len(texts) > 1)


# ------------------------------------------------------------------------------------ planning

type _Request = tuple[AnyFlow, int, _Symbol, _Scope]  # a sub-flow, its slot, what it is planned on
type _Symbols = Generator[_Request, _Symbol, _Symbol]


class _Waiting(NamedTuple):
    flow: AnyFlow
    where: Where
    scope: _Scope
    symbols: _Symbols
    first: int
    visits: int
    parts: int


class _Planning:
    """The steps so far."""

    def __init__(self) -> None:
        self.complete = True
        self.steps: list[PlannedStep] = []
        self._root: AnyNode
        self._places: dict[int, tuple[Span, float]] = {}  # of parts of more than one node
        self._visits = 0  # of nodes
        self._again = 0.0  # of nodes that are planned again
        self._parts = 0  # that are only referred to

    def all(self, flow: AnyFlow) -> _Symbol:
        """The whole of a flow, on its input."""
        self._root = flow.node
        waiting: list[_Waiting] = []
        again = 0  # how many wait for the part that is being planned again
        symbol: _Symbol | None = None
        where: Where = None
        on, scope = _Symbol("input"), None
        while True:
            if symbol is None:
                place = None if again else self._places.get(id(flow))
                if place is not None and self._again + place[1] > REPEATED:
                    symbol = self._part(place[0], on, where, flow.node, scope)
                    continue
                if place is not None:
                    self._again += place[1]
                    again = len(waiting)
                symbols = self._node(flow.node, on, where, scope)
                since = self._next, self._visits, self._parts
                waiting.append(_Waiting(flow, where, scope, symbols, *since))
                self._visits += 1
            top = waiting[-1]
            try:
                flow, slot, on, scope = (
                    next(top.symbols) if symbol is None else top.symbols.send(symbol)
                )
                where = _way(top.where, top.flow.node, slot)
                symbol = None
            except StopIteration as done:
                waiting.pop()
                symbol = self._short(done.value, top.flow.node, top.where, top.scope)
                if not waiting:
                    return symbol
                if again == len(waiting):
                    again = 0
                elif not again and (cost := self._visits - top.visits) > 1:
                    is_whole = top.parts == self._parts
                    span = (top.first, self._next - 1)
                    self._places[id(top.flow)] = (span, cost if is_whole else float("inf"))

    @property
    def _next(self) -> int:
        return len(self.steps) + 1

    @property
    def _output(self) -> str:
        return f"#{self._next}"

    def _step(self, step: PlannedStep, node: AnyNode, where: Where, scope: _Scope) -> _Symbol:
        step.at((self._root, where, node, scope))
        self.steps.append(step)
        return _Symbol(step.output)

    def _part(self, span: Span, on: _Symbol, where: Where, node: AnyNode, scope: _Scope) -> _Symbol:
        self._parts += 1
        part = PlannedPart(self._next, "", span, on.text, self._output, ())
        return self._step(part, node, where, scope)

    def _short(self, symbol: _Symbol, node: AnyNode, where: Where, scope: _Scope) -> _Symbol:
        """A symbol that can be written wherever it is used."""
        if len(symbol.text) <= LONGEST:
            return symbol
        value = PlannedValue(self._next, "", symbol.text, self._output, ())
        return self._step(value, node, where, scope)

    # ----------------------------------------------------------------------------- nodes

    def _node(self, node: AnyNode, on: _Symbol, where: Where, scope: _Scope) -> _Symbols:
        """The symbol of its value, which may be long."""
        match node:
            case Leaf(target, timeout, name):
                number, output = self._next, self._output
                call = PlannedCall(number, "", target, timeout, name, on.text, output, ())
                return self._step(call, node, where, scope)
            case Pure(fn):
                return _applied(_name(fn), on)
            case Identity():
                return on
            case Map(source, fn):
                return _applied(_name(fn), (yield source, 0, on, scope))
            case FlatMap(source, next):
                value = yield source, 0, on, scope
                return (yield next, 1, value, scope)
            case Bind(source, k):
                self.complete = False
                value = yield source, 0, on, scope
                choice = PlannedChoice(self._next, "", k, value.text, on.text, self._output, ())
                return self._step(choice, node, where, scope)
            case ZipAll(flows):
                results = yield from self._concurrent("all", scope, flows, on)
                return _applied("", *results)
            case Each(flows):
                parts = (_Symbol(f"{on.tight}[{i}]") for i in range(len(flows)))
                inputs = [self._short(part, node, where, scope) for part in parts]
                return _applied("", *(yield from self._concurrent("each", scope, flows, *inputs)))
            case Race(flows):
                results = yield from self._concurrent("race", scope, flows, on)
                return _applied("race", *results)
            case FirstCompleted(flows):
                results = yield from self._concurrent("first_completed", scope, flows, on)
                return _applied("first_completed", *results)
            case AtLeast(n, flows, stop_early):
                results = yield from self._concurrent("at_least", scope, flows, on)
                early = [_Symbol("stop_early")] * stop_early
                return _applied("at_least", _Symbol(str(n)), *results, *early)
            case Traverse(body, bound):
                within = _Under(scope, ForEach(on.text, bound))
                each = yield body, EVERY, _Symbol("element"), within
                return _Symbol(f"[{each.text}, …]")
            case Match(types, flows):
                results = []
                for i, (case_type, flow) in enumerate(zip(types, flows, strict=True)):
                    within = _Under(scope, IfCase(on.text, case_type))
                    results.append((yield flow, i, on, within))
                return _either(results)
            case BranchOn(source, predicate, then, otherwise):
                value = yield source, 0, on, scope
                asked = self._asked(predicate, value, node, where, scope)
                one = yield then, 1, value, _Under(scope, If(asked, holds=True))
                other = yield otherwise, 2, value, _Under(scope, If(asked, holds=False))
                return _either([one, other])
            case Recover(source, handler):
                value = yield source, 0, on, scope
                return _either([value, _applied(_name(handler), _ERROR)])
            case RecoverWith(source, handling):
                first = self._next
                value = yield source, 0, on, scope
                return _either([value, (yield handling, 1, _ERROR, self._failed(first, scope))])
            case FallbackTo(source, fallback):
                first = self._next
                value = yield source, 0, on, scope
                return _either([value, (yield fallback, 1, on, self._failed(first, scope))])
            case Attempt(source):
                return _applied("attempt", (yield source, 0, on, scope))
            case Absolve(source):
                return _applied("absolve", (yield source, 0, on, scope))
            case Retry(source, times, _, on_errors):
                return (yield source, 0, on, _Under(scope, Retried(times, on_errors)))
            case Timeout(source, seconds):
                return (yield source, 0, on, _Under(scope, Within(seconds)))
            case Filter(source, predicate):
                value = yield source, 0, on, scope
                return _Symbol(f"{value.tight} if {_name(predicate)}", loose=True)
            case Guard(source, check):
                value = yield source, 0, on, scope
                verdict = yield check, 1, value, scope
                return _Symbol(f"{value.tight} if {verdict.tight}", loose=True)
            case AndThen(source) | Named(source):
                return (yield source, 0, on, scope)
            case Tap(source, side):
                value = yield source, 0, on, scope
                yield side, 1, value, scope
                return value
            case Notify(source, side):
                value = yield source, 0, on, scope
                yield side, 1, value, _Under(scope, Background())
                return value
            case DivertTo(source, side, when):
                value = yield source, 0, on, scope
                condition = If(self._asked(when, value, node, where, scope), holds=True)
                yield side, 1, value, _Under(_Under(scope, condition), Background())
                return value
            case Loop(body, max_iter):
                again = self._short(_round(on), node, where, scope)
                return _applied("done", (yield body, 0, again, _Under(scope, Looped(max_iter))))
            case LoopWithState(body, init_state, max_iter):
                state = _name(init_state) + "()" if callable(init_state) else text_of(init_state)
                both = _applied("", _round(on), _round(_Symbol(state)))
                again = self._short(both, node, where, scope)
                return _applied("done", (yield body, 0, again, _Under(scope, Looped(max_iter))))
            case _ as unreachable:
                assert_never(unreachable)

    def _asked(
        self,
        predicate: Callable[[Any], bool],
        value: _Symbol,
        node: AnyNode,
        where: Where,
        scope: _Scope,
    ) -> str:
        return self._short(_applied(_name(predicate), value), node, where, scope).text

    def _failed(self, first: int, scope: _Scope) -> _Scope:
        return _Under(scope, OnFailure((first, self._next - 1)))

    def _concurrent(
        self, how: How, scope: _Scope, flows: Sequence[AnyFlow], *inputs: _Symbol
    ) -> Generator[_Request, _Symbol, list[_Symbol]]:
        """The symbols of all the flows, each on its input, or all on one."""
        results: list[_Symbol] = []
        spans: list[Span] = []
        scopes: list[_Under] = []
        for i, flow in enumerate(flows):
            first = self._next
            scopes.append(_Under(scope))
            results.append((yield flow, i, inputs[i % len(inputs)], scopes[i]))
            spans.append((first, self._next - 1))
        branches = tuple(spans)  # one for all
        for i, within in enumerate(scopes):
            within.condition = InParallel(how, i, branches)
        return results


def _way(where: Where, node: AnyNode, slot: int) -> Where:
    match node:
        case FlatMap():
            return into_next(where, node) if slot else where
        case Map():
            return where
        case _:
            return (where, node, slot)


def _round(on: _Symbol) -> _Symbol:
    return _either([on, _Symbol("Continue")])
