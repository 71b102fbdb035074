"""The reading of a document: the table in `keywords.py`, the other way round.

Reading is total. A part that is wrong is noted as a `Problem`, and reading goes on with the
identity in its place, so that a document is told all that is wrong with it at once. Nothing of it
is ever imported, evaluated or called: a name is looked up in the registry, or it is unknown.

The flows under `flows:` may refer to each other, in any order. One that refers to another that was
not read yet is read again after it; in the order in which flows are written that never happens.
"""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, Final, assert_never

from everything_is_an_actor.algebra.arguments import shown, without_caller
from everything_is_an_actor.algebra.build import identity
from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.node import FlatMap, Map
from everything_is_an_actor.interpreters.documents.keywords import (
    AGENT,
    HEADER,
    KEYWORDS,
    MAP,
    SUB_FLOW,
    VERSION,
)
from everything_is_an_actor.interpreters.documents.problems import Problem
from everything_is_an_actor.interpreters.documents.registry import Registry
from everything_is_an_actor.interpreters.documents.sorts import (
    ABSENT,
    Choices,
    Count,
    Field,
    Flag,
    Keyword,
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
from everything_is_an_actor.interpreters.documents.tree import Tree, spoken
from everything_is_an_actor.interpreters.documents.values import (
    BAD,
    Place,
    TooLargeError,
    Values,
    depth_of,
)

CIRCLE: Final = 8  # flows of a recursion that are named


class Reader(Values):
    """The reading of one document."""

    def __init__(self, tree: Tree, registry: Registry, *, is_placed: bool) -> None:
        super().__init__(tree, registry)
        self.places: dict[int, Place] = {}  # of the parts of the flow, by their `id`
        self._is_placed = is_placed
        self._flows: Mapping[str, object] = {}
        self._read: dict[str, AnyFlow] = {}  # of `_flows`
        self._reading: dict[str, None] = {}  # of `_flows`, each within the one before
        self._waits: list[str] = []  # of `_flows`, those that the part at hand refers to

    def document(self) -> tuple[AnyFlow, str | None]:
        """The flow, and the name of the document. What is wrong is in `problems`."""
        value = self.tree.value
        try:
            if not isinstance(value, dict):
                return self._node(value, None), None
            name = self._header(value)
            flow = self._body(value, name)
            self.places.setdefault(id(flow), None)
            return flow, name
        except TooLargeError as error:
            self.problems.append(Problem(str(error)))
        except RecursionError:
            self.problems.append(Problem("there is too little stack left to read a document"))
        except Exception as error:  # of an object that is no value of JSON, by its own code
            self.problems.append(Problem(f"a value cannot be looked at: {type(error).__name__}"))
        return identity(), None

    # ---------------------------------------------------------------------- the document

    def _header(self, document: dict[Any, Any]) -> str | None:
        name = None
        if SUB_FLOW in document:
            place = (None, document, SUB_FLOW, 1)
            name = self.text(document[SUB_FLOW], place)
        if "version" in document:
            version = document["version"]
            if isinstance(version, bool) or version != VERSION:
                self.wrong(
                    f"the version must be {VERSION}, got {spoken(version)}",
                    (None, document, "version", 1),
                )
        if "flows" in document:
            self._named_flows(document["flows"], (None, document, "flows", 1))
        return name if isinstance(name, str) else None

    def _named_flows(self, flows: object, place: Place) -> None:
        if not isinstance(flows, dict):
            self.wrong(f"a mapping from names to nodes is needed, got {spoken(flows)}", place)
            return
        self._flows = flows
        for name in flows:
            if isinstance(name, str) and name:
                self._read_in_turn(name, place)
            else:
                self.wrong(
                    f"the name of a flow is a text that is not empty, got {spoken(name)}",
                    (place, flows, name, 2),
                    of_key=True,
                )

    def _read_in_turn(self, name: str, place: Place) -> None:
        """Read a named flow, and first those that it refers to."""
        pending = [name]
        while pending:
            name = pending[-1]
            if name in self._read:
                pending.pop()
                self._reading.pop(name, None)
                continue
            self._reading[name] = None
            before = self.state()
            outer, self.places = self.places, {}
            self._waits = []
            flow = self._node(self._flows[name], (place, self._flows, name, 2))
            if not self._waits:
                outer.update(self.places)
            self.places = outer
            if self._waits:
                pending += dict.fromkeys(self._waits)
                self.back_to(before)
            else:
                self._read[name] = flow

    def _body(self, document: dict[Any, Any], name: str | None) -> AnyFlow:
        if any(key not in HEADER for key in document):
            return self._mapping(document, None, HEADER)
        if SUB_FLOW in document and "flows" in document:
            return self._reference(name, (None, document, SUB_FLOW, 1)) if name else identity()
        hint = f"; `{SUB_FLOW}:` is its name, or names one of `flows:`" * (SUB_FLOW in document)
        self.wrong(f"the document has no node: {_A_NODE}{hint}", None)
        return identity()

    def _reference(self, name: object, place: Place) -> AnyFlow:
        if not isinstance(self.text(name, place), str):
            return identity()
        assert isinstance(name, str)
        if name not in self._flows:
            hint = self.guess(name, [known for known in self._flows if isinstance(known, str)])
            self.wrong(f"there is no {shown(name)} under `flows:`.{hint}", place)
        elif name in self._read:
            return self._read[name]
        elif name in self._reading:
            self.wrong(f"a flow cannot contain itself: {self._circle(name)}", place)
        else:
            self._waits.append(name)
        return identity()

    def _circle(self, name: str) -> str:
        way = list(islice(reversed(self._reading), CIRCLE))
        if name not in way:
            return f"{name} → … → {name}"
        way = way[: way.index(name) + 1]
        return " → ".join([*reversed(way), name])

    # ---------------------------------------------------------------------- nodes

    def _node(self, value: object, place: Place) -> AnyFlow:
        self.count()
        if isinstance(value, str):
            flow = self._keyword(AGENT, value, place)
        elif not isinstance(value, dict):
            hint = ": a list of nodes goes under `steps:`, `all:` …" * isinstance(value, list)
            self.wrong(f"{_A_NODE}; got {spoken(value)}{hint}", place)
            return identity()
        elif not self.is_shallow(place):
            return identity()
        elif len(value) == 1 and SUB_FLOW in value:
            return self._reference(value[SUB_FLOW], (place, value, SUB_FLOW, depth_of(place) + 1))
        else:
            flow = self._mapping(value, place)
        if self._is_placed:
            self.places.setdefault(id(flow), place)
        return flow

    def _mapping(
        self, value: dict[Any, Any], place: Place, header: tuple[str, ...] = ()
    ) -> AnyFlow:
        """The node that one key of a mapping says; the others are its header, or wrong."""
        keys = [key for key in value if key not in header] if header else list(value)
        known = [key for key in keys if key in (KEYWORDS if header else _NODES)]
        depth = depth_of(place) + 1
        if len(known) < len(keys):
            unknown = [key for key in keys if key not in known]
            self._unknown_keys(value, place, unknown, known, header)
        elif not keys:
            self.wrong(_A_NODE, place)
        if len(known) > 1:
            first = KEYWORDS.get(known[0])
            fields = [field.key for field in first.fields if field.key in known] if first else []
            hint = f". {fields[0]} goes inside: {known[0]}: {{{fields[0]}: …}}" if fields else ""
            self.wrong(f"a node has one keyword, this has {' and '.join(known)}{hint}", place)
            known = [key for key in known if key not in fields]
        flow: AnyFlow | None = None
        for key in known:
            inside = (place, value, key, depth)
            if key == SUB_FLOW:
                found = self._reference(value[key], inside)
            else:
                found = self._keyword(KEYWORDS[key], value[key], inside)
            flow = flow or found
        return flow or identity()

    def _unknown_keys(
        self,
        value: dict[Any, Any],
        place: Place,
        unknown: list[Any],
        known: list[str],
        header: Iterable[str],
    ) -> None:
        fields = {
            field.key for name in known if name in KEYWORDS for field in KEYWORDS[name].fields
        }
        for key in unknown:
            self.count()
            if key in fields:
                hint = f" It goes inside: {known[0]}: {{{key}: …}}."
            else:
                hint = self.guess(key, [*fields, *header] if known else [*_NODES, *header])
                hint = hint or _MEANT.get(key if isinstance(key, str) else "", "")
            what = f"{spoken(key)} beside {known[0]}" if known else f"keyword {spoken(key)}"
            inside = (place, value, key, depth_of(place) + 1)
            self.wrong(f"there is no {what}.{hint}", inside, of_key=True)

    def _keyword(self, keyword: Keyword, value: object, place: Place) -> AnyFlow:
        given = self._given(keyword, value, place)
        if given is None or any(value is BAD for value in given.values()):
            return identity()
        try:
            return keyword.flow(given)
        except (TypeError, ValueError) as error:  # what one field has to do with another
            self.wrong(without_caller(error), place)
            return identity()

    def _given(self, keyword: Keyword, value: object, place: Place) -> dict[str, object] | None:
        """The fields of a node, by their attributes."""
        sole = keyword.sole
        if sole is not None and (keyword.alone or not _is_record(keyword, sole, value)):
            value = self._field(sole.sort, value, place)
            return {**keyword.defaults, sole.attribute: value}
        if isinstance(value, dict):
            return self._record(keyword.fields, value, place, keyword.one_of)
        if value is None and not keyword.fields:
            return {}
        hint = "; `map: NAME` alone is a step that follows another" * (keyword is MAP)
        names = ", ".join(field.key for field in keyword.fields)
        wanted = f"a mapping of {names}" if names else "an empty mapping"
        self.wrong(f"{wanted} is needed, got {spoken(value)}{hint}", place)
        return None

    def _record(
        self,
        fields: tuple[Field, ...],
        value: dict[Any, Any],
        place: Place,
        one_of: tuple[str, ...] = (),
    ) -> dict[str, object] | None:
        """The fields of a mapping, by their attributes; `None` if not all that are needed came."""
        self.count()
        if not self.is_shallow(place):
            return None
        depth = depth_of(place) + 1
        given: dict[str, object] = {}
        missing: list[str] = []
        came = 0
        for field in fields:
            if field.key in value:
                came += 1
                inside = (place, value, field.key, depth)
                given[field.attribute] = self._field(field.sort, value[field.key], inside)
            elif field.key in one_of:
                continue
            elif field.default is ABSENT:
                missing.append(field.key)
            else:
                given[field.attribute] = field.default
        if came < len(value):
            names = [field.key for field in fields]
            there = f"there are {', '.join(names)}" if names else "it takes nothing"
            for key in value:
                if key not in names:
                    self.count()
                    inside = (place, value, key, depth)
                    hint = self.guess(key, names)
                    self.wrong(
                        f"there is no {spoken(key)} here, {there}.{hint}", inside, of_key=True
                    )
        if missing:
            self.wrong(f"{' and '.join(missing)} must be given", place)
        if one_of and len(chosen := [key for key in one_of if key in value]) != 1:
            count = "both" if chosen else "neither"
            self.wrong(f"one of {' and '.join(one_of)} must be given, got {count}", place)
            return None
        return None if missing else given

    # ---------------------------------------------------------------------- fields

    def _field(self, sort: Sort, value: object, place: Place) -> object:
        """What a field holds, or `BAD` if that is wrong."""
        match sort:
            case Part():
                return self._node(value, place)
            case Parts(least):
                return self._parts(value, least, place)
            case Steps():
                return self._steps(value, place)
            case Choices():
                return self._cases(value, place)
            case Name(role):
                return self.name(value, role, place)
            case Names(role):
                return self.names(value, role, place)
            case Count(least, nullable):
                return self.whole(value, least, nullable, place)
            case Number():
                return self.number(value, sort, place)
            case Flag():
                if not isinstance(value, bool):
                    return self.wrong(f"true or false is needed, got {spoken(value)}", place)
                return value
            case Text(nullable):
                return None if value is None and nullable else self.text(value, place)
            case Value():
                return self.json(value, place)
            case Record(fields, build):
                if not isinstance(value, dict):
                    names = ", ".join(field.key for field in fields)
                    came = spoken(value)
                    return self.wrong(f"a mapping of {names} is needed, got {came}", place)
                given = self._record(fields, value, place)
                if given is None or any(inner is BAD for inner in given.values()):
                    return BAD
                try:
                    return build(**given)
                except (TypeError, ValueError) as error:
                    return self.wrong(without_caller(error), place)
            case _ as unreachable:
                assert_never(unreachable)

    def _list(self, value: object, least: int, place: Place) -> list[Any] | None:
        self.count()
        of = "nodes" if least == 1 else f"{least} nodes or more"
        if not isinstance(value, list):
            self.wrong(f"a list of {of} is needed, got {spoken(value)}", place)
        elif len(value) < least:
            self.wrong(f"a list of {of} is needed, this has {len(value)}", place)
        elif self.is_shallow(place):
            return value
        return None

    def _parts(self, value: object, least: int, place: Place) -> object:
        parts = self._list(value, least, place)
        if parts is None:
            return BAD
        depth = depth_of(place) + 1
        return tuple(self._node(part, (place, parts, i, depth)) for i, part in enumerate(parts))

    def _steps(self, value: object, place: Place) -> object:
        steps = self._list(value, 1, place)
        if steps is None:
            return BAD
        depth = depth_of(place) + 1
        flow = self._node(steps[0], (place, steps, 0, depth))
        for i in range(1, len(steps)):
            step, inside = steps[i], (place, steps, i, depth)
            if type(step) is dict and len(step) == 1 and isinstance(step.get(MAP.name), str):
                self.count()
                fn = self.name(step[MAP.name], "function", (inside, step, MAP.name, depth + 1))
                flow = Flow(Map(flow, fn)) if callable(fn) else flow
            else:
                flow = Flow(FlatMap(flow, self._node(step, inside)))
            if self._is_placed:
                self.places[id(flow)] = inside
        return flow

    def _cases(self, value: object, place: Place) -> object:
        self.count()
        if not isinstance(value, dict) or not value:
            came = "an empty one" if value == {} else spoken(value)
            return self.wrong(f"a mapping from types to nodes is needed, got {came}", place)
        if not self.is_shallow(place):
            return BAD
        depth = depth_of(place) + 1
        cases: list[tuple[object, AnyFlow]] = []
        names: dict[int, str] = {}
        for key, part in value.items():
            inside = (place, value, key, depth)
            case = self.name(key, "type", inside, of_key=True)
            if case is not BAD and names.setdefault(id(case), key) != key:
                self.wrong(
                    f"{names[id(case)]} and {key} are one type: it has a case already",
                    inside,
                    of_key=True,
                )
                case = BAD
            cases.append((case, self._node(part, inside)))
        return BAD if any(case is BAD for case, _ in cases) else cases


_NODES: Final = frozenset([*KEYWORDS, SUB_FLOW])
_MEANT: Final = {
    name: f" In documents it is `{keyword}:`."
    for keyword, names in {
        "steps": ("flat_map", "sequence", "then", "chain"),
        "all": ("zip", "zip_all", "parallel", "gather"),
        "branch": ("on", "match", "case"),
    }.items()
    for name in names
}
_A_NODE: Final = "a node is needed, a mapping with one keyword such as `agent: NAME`"


def _is_record(keyword: Keyword, sole: Field, value: object) -> bool:
    """Whether a value is the mapping of the fields, where the sole one may stand alone."""
    if not isinstance(value, dict):
        return False
    if not value or not isinstance(sole.sort, Part):
        return True
    names = {field.key for field in keyword.fields}
    return not names.isdisjoint(value) or _NODES.isdisjoint(value)
