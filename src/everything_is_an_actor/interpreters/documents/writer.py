"""The writing of a flow: a fold over the table in `keywords.py`.

    written(f)            = { keyword(f): { field: value, … } }    defaults are left out
    written(f.map(g))     = { steps: [ …f, { map: g } ] }
    written(f >> g)       = { steps: [ …f, written(g) ] }          where `…f` are the steps of `f`

So a chain is a list however long it is, as long as it is nested to the left, which is how `>>`
nests. Anything else may be nested as deeply as it likes, and parts may be shared, so that spelled
out the flow would be exponentially large; a document is neither. What occurs several times and has
more than `SHARED` nodes, what has a label and more than `LABELLED` nodes, and what is `NESTED`
lists and mappings deep, is written once, under `flows:`, and referred to by name.

An error has to say where in the flow it happened, which a fold does not know: so the place is
looked for when there is one.
"""

import math
from itertools import count
from typing import Any, Final, assert_never

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.fold import para
from everything_is_an_actor.algebra.node import FlatMap, Map, Match, Named, Node, children
from everything_is_an_actor.algebra.path import occurrences, spell
from everything_is_an_actor.algebra.plain import exactly
from everything_is_an_actor.interpreters.documents.keywords import (
    BRANCH,
    MAP,
    STEPS,
    SUB_FLOW,
    keyword_of,
)
from everything_is_an_actor.interpreters.documents.problems import SerializationError
from everything_is_an_actor.interpreters.documents.registry import (
    Registry,
    described,
    module_name,
    own_name,
)
from everything_is_an_actor.interpreters.documents.scalars import half_of_a_pair, too_long
from everything_is_an_actor.interpreters.documents.sorts import (
    ABSENT,
    Choices,
    Count,
    Flag,
    Name,
    Names,
    Number,
    Part,
    Parts,
    Record,
    Sort,
    Steps,
    Text,
    Value,
)
from everything_is_an_actor.interpreters.documents.tree import VALUES

SHARED: Final = 8  # nodes of a part that is written out wherever it occurs
LABELLED: Final = 4  # the same, of one that has a label
NESTED: Final = 16  # lists and mappings within one another, of a part that is written in its place
STATE: Final = 32  # the same, of a value of the user's

type Json = dict[str, Any]  # a mapping of JSON: its values are dicts, lists and scalars again


class _Written:
    """A part as it is written: a mapping, or the last of its steps with those before it.

    `nested` is how many lists and mappings are within one another, `values` how many values there
    are in all, `nodes` how many nodes of flows; of a chain, those of all its steps so far.
    """

    __slots__ = ("before", "is_chain", "json", "label", "name", "nested", "nodes", "uses", "values")

    def __init__(self, json: Json, uses: int) -> None:
        self.json = json
        self.uses = uses
        self.nested = 1
        self.values = 0
        self.nodes = 1
        self.is_chain = False
        self.before: _Written | None = None
        self.label = ""
        self.name = ""  # under which it stands in `flows`

    def takes(self, part: "_Written") -> None:
        """That the part is within it."""
        self.nested = max(self.nested, part.nested)
        self.values += part.values
        self.nodes += part.nodes


class Writer:
    """The writing of one flow; `flows` and `values` are known after `body`."""

    def __init__(self, flow: AnyFlow, registry: Registry | None) -> None:
        self.flows: Json = {}
        self.values = 4  # in all, the header included
        self._names = _Names(registry)
        self._flow = flow
        self._uses = _uses(flow)

    def body(self) -> Json:
        """The outermost node, after which `flows` holds what it refers to."""
        whole = self._ended(para(self._written, self._flow))
        self.values += whole.values
        return whole.json

    def _written(self, flow: AnyFlow, node: Node[_Written]) -> _Written:
        try:
            match node:
                case FlatMap():
                    return self._step(flow, node.source, self._placed(node.next))
                case Map():
                    mapped = _Written({MAP.name: self._names.of(node.fn)}, 0)
                    mapped.values = 2
                    return self._step(flow, node.source, mapped)
                case Match():
                    return self._cases(flow, node)
                case _:
                    return self._node(flow, node)
        except SerializationError as error:
            way = next(w for part, w in occurrences(self._flow) if part is flow.node)
            path = spell(self._flow.node, way, flow.node)
            raise SerializationError(error.message, path) from None

    def _step(self, flow: AnyFlow, source: _Written, step: _Written) -> _Written:
        chain = _Written(step.json, self._uses[id(flow)])
        chain.is_chain = True
        chain.before = source if source.is_chain and not self._is_apart(source) else None
        if chain.before is None:
            source = self._placed(source)
            chain.before = _Written(source.json, 0)
        chain.takes(source)
        chain.takes(step)
        return chain

    def _ended(self, part: _Written) -> _Written:
        """A chain as a node: the list of its steps."""
        if not part.is_chain:
            return part
        steps: list[Json] = []
        ended = _Written({STEPS.name: steps}, part.uses)
        ended.takes(part)
        ended.nested += 2
        ended.values += 2
        is_shared = False
        link: _Written | None = part
        while link is not None:
            is_shared = is_shared or link.uses > 1
            steps.append(_copied(link.json) if is_shared else link.json)
            link = link.before
        steps.reverse()
        return ended

    def _is_apart(self, part: _Written) -> bool:
        """Whether a part is written under `flows`."""
        is_large = part.nodes > (LABELLED if part.label else SHARED if part.uses > 1 else math.inf)
        return is_large or part.nested > NESTED

    def _placed(self, part: _Written) -> _Written:
        """A part as it stands in another: a copy if it stands in several, or a reference."""
        if self._is_apart(part):
            placed = _Written({SUB_FLOW: self._apart(part)}, 0)
            placed.values = 2
            return placed
        if part.is_chain:
            return self._ended(part)
        if part.uses > 1:
            placed = _Written(_copied(part.json), 0)
            placed.takes(part)
            placed.nodes = part.nodes
            return placed
        return part

    def _apart(self, part: _Written) -> str:
        """The name of a part under `flows`, where it is written if it is not there yet."""
        if not part.name:
            part.name = part.label
            if not part.name or part.name in self.flows:
                part.name = next(
                    name
                    for n in count(len(self.flows) + 1)
                    if (name := f"part-{n}") not in self.flows
                )
            ended = self._ended(part)
            self.flows[part.name] = ended.json
            self.values += ended.values
        return part.name

    def _node(self, flow: AnyFlow, node: Node[_Written]) -> _Written:
        keyword = keyword_of(node)
        whole = _Written({}, self._uses[id(flow)])
        if isinstance(node, Named):
            whole.label = writable_text(node.label)
        fields: Json = {}
        for field in keyword.fields:
            value = getattr(node, field.attribute)
            if field.default is not ABSENT and value == field.default:
                continue
            if field.key in keyword.one_of and isinstance(field.sort, Name) is not callable(value):
                continue
            fields[field.key] = self._field(field.sort, value, whole)
        whole.nested += 1
        whole.values += 1 + len(fields)
        sole = keyword.sole
        if (
            sole is not None
            and fields.keys() == {sole.key}
            and (keyword.alone or not isinstance(sole.sort, Part))
        ):
            whole.json = {keyword.name: fields[sole.key]}
        else:
            whole.json = {keyword.name: fields}
            whole.nested += 1
            whole.values += 1
        return whole

    def _field(self, sort: Sort, value: Any, whole: _Written) -> Any:
        match sort:
            case Part():
                return self._inside(value, whole)
            case Parts():
                return [self._inside(part, whole) for part in value]
            case Name():
                return self._names.of(value)
            case Names():
                names = [self._names.of(thing) for thing in value]
                whole.values += len(names)
                return names if len(names) > 1 else names[0]
            case Count():
                return None if value is None else _int(value)
            case Number():
                return None if value is None else _number(value)
            case Flag():
                return value
            case Text():
                return None if value is None else writable_text(value)
            case Value():
                return self._state(value, whole)
            case Record(inner):
                given = [
                    field for field in inner if getattr(value, field.attribute) != field.default
                ]
                whole.values += len(given)
                return {
                    f.key: self._field(f.sort, getattr(value, f.attribute), whole) for f in given
                }
            case Steps() | Choices():
                raise AssertionError(f"{sort} is written by what holds it")
            case _ as unreachable:
                assert_never(unreachable)

    def _cases(self, flow: AnyFlow, node: Match[_Written]) -> _Written:
        whole = _Written({}, self._uses[id(flow)])
        cases = {
            self._names.of(case_type): self._inside(part, whole)
            for case_type, part in zip(node.types, node.flows, strict=True)
        }
        whole.json = {BRANCH.name: cases}
        whole.nested += 2
        whole.values += 2
        return whole

    def _inside(self, part: _Written, whole: _Written) -> Json:
        placed = self._placed(part)
        whole.takes(placed)
        return placed.json

    def _state(self, value: object, whole: _Written, depth: int = 0) -> object:
        """A value that comes back equal from JSON, as it is now."""
        whole.values += 1
        whole.nested = max(whole.nested, depth)
        if whole.values > VALUES:
            raise SerializationError(
                f"the initial state has more than {VALUES:,} values: {_CALLED}"
            )
        if depth > STATE:
            raise SerializationError(
                f"the initial state is more than {STATE} lists and mappings deep: {_CALLED}"
            )
        kind = type(value)
        if isinstance(value, dict) and kind is dict and all(type(key) is str for key in value):
            inner = depth + 1
            return {
                writable_text(key): self._state(element, whole, inner)
                for key, element in value.items()
            }
        if isinstance(value, list) and kind is list:
            return [self._state(element, whole, depth + 1) for element in value]
        if isinstance(value, str) and kind is str:
            return writable_text(value)
        if isinstance(value, int) and kind is int:
            return _int(value)
        if isinstance(value, float) and kind is float and math.isfinite(value):
            return value
        if value is None or kind is bool:
            return value
        raise SerializationError(
            f"the initial state {shown(value)} ({kind.__name__}) would not come back from JSON "
            f"as it is: {_CALLED}"
        )


_CALLED: Final = "give loop_with_state a function that returns it, init_state=make_state"


class _Names:
    """The names of things, each of which has been asked for once."""

    def __init__(self, registry: Registry | None) -> None:
        self._registry = registry
        self._names: dict[int, str] = {}  # by the `id` of a thing, which the flow keeps alive
        self._things: dict[str, object] = {}

    def of(self, thing: object) -> str:
        """The name of a thing. Raises `SerializationError`."""
        name = self._names.get(id(thing))
        if name is None:
            name = self._names[id(thing)] = self._found(thing)
        return name

    def _found(self, thing: object) -> str:
        if self._registry is not None:
            name = self._registry.name_of(thing)
            if name is None:
                how = f"Registry({{{own_name(thing) or 'name'!r}: ...}})"
                raise SerializationError(
                    f"{described(thing)} is not in the registry: put it there, {how}"
                )
            return writable_text(name)
        name = module_name(thing)
        if name is None:
            raise SerializationError(f"{_unnamed(thing)}: {_named_how(thing)}")
        other = self._things.setdefault(name, thing)
        if other is not thing:
            raise SerializationError(
                f"two things are named {name!r}, {described(other)} and {described(thing)}: "
                f"pass a registry that tells them apart, Registry({{'name': ...}})"
            )
        return name


def _unnamed(thing: object) -> str:
    if getattr(thing, "__module__", None) == "builtins" or hasattr(thing, "__objclass__"):
        return f"{described(thing)} is a builtin, which a document names by a registry alone"
    return f"{described(thing)} has no name"


def _named_how(thing: object) -> str:
    own = own_name(thing)
    if own is not None:
        return f"pass a registry with it, Registry({{{own!r}: ...}})"
    return "define it by `def` in a module, or pass a registry with it, Registry({'name': ...})"


def _uses(flow: AnyFlow) -> dict[int, int]:
    """How often each part of a flow is a part of another, by its `id`."""
    uses = {id(flow): 0}
    pending = [flow]
    while pending:
        for part in children(pending.pop().node):
            before = uses.get(id(part), 0)
            uses[id(part)] = before + 1
            if not before:
                pending.append(part)
    return uses


def _copied(value: Any) -> Any:
    """A small part again, so that no two places of a document are one object."""
    if isinstance(value, dict):
        return {key: _copied(element) for key, element in value.items()}
    if isinstance(value, list):
        return [_copied(element) for element in value]
    return value


def _int(value: int) -> int:
    number = int.__int__(value)
    if reason := too_long(number):
        raise SerializationError(reason)
    return number


def _number(value: float) -> float:
    return _int(value) if isinstance(value, int) else float.__float__(value)


def writable_text(value: str) -> str:
    """A text, unless it has half of a surrogate pair. Raises `SerializationError`."""
    text = exactly(value)
    if half := half_of_a_pair(text):
        raise SerializationError(f"{half[1]}, in {shown(text)}")
    return text
