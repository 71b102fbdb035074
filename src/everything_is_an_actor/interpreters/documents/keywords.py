"""The table of the document model: each kind of node with its keyword and its fields.

Writing, reading and the JSON Schema go through this table, so that they cannot drift apart:

    writer.py    Sort, a field of a node  →  a value of JSON
    reader.py    Sort, a value of JSON    →  a field of a node, or problems
    schema.py    Sort                     →  the values that reading accepts

A node is a mapping of one keyword to a mapping of its fields. Where a single field must be given,
its value may stand alone (`agent: Writer`); a bare string is an agent. A chain of `map`s and
`flat_map`s is one list under `steps`. Fields that are short come first.
"""

from typing import Any, Final, assert_never

from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.build import at_least
from everything_is_an_actor.algebra.flow import cases_of
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
    Node,
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

VERSION: Final = 1
"""Of the document model."""


def _field(
    key: str, sort: Sort, says: str, *, attribute: str = "", default: object = ABSENT
) -> Field:
    return Field(key, sort, attribute or key, says, default)


_source = _field("source", Part(), "What runs first, on the input.")
_side = _field("side", Part(), "What is run on the value, which passes by.")
_fn = _field("fn", Name("function"), "A function of one value.")
_predicate = _field("predicate", Name("function"), "A function that says yes or no to a value.")
_flows = _field("flows", Parts(2), "The nodes, two or more.")
_body = _field("body", Part(), "What is run again and again.")
_max_iter = _field(
    "max_iter",
    Count(1, nullable=True),
    "How often at most: 10 if not given, null for no bound.",
    default=10,
)
_usual = Backoff()
_seconds = Number(0, unit="seconds")

_backoff = Record(
    (
        _field("initial", _seconds, "Seconds before the first new try.", default=_usual.initial),
        _field("factor", Number(1), "How much longer each wait is.", default=_usual.factor),
        _field("maximum", _seconds, "Seconds, the longest wait.", default=_usual.maximum),
    ),
    Backoff,
)

AGENT: Final = Keyword(
    "agent",
    "Run an agent on the input.",
    Leaf,
    (
        _field("name", Name("agent"), "The agent, as the registry calls it.", attribute="target"),
        _field(
            "timeout",
            Number(0, above=True, nullable=True, unit="seconds"),
            "Seconds until it is given up: 30 if not given, null for no bound.",
            default=30.0,
        ),
        _field(
            "label",
            Text(nullable=True),
            "What it is called in events and errors.",
            attribute="name",
            default=None,
        ),
    ),
)
PURE: Final = Keyword("pure", "Apply a function to the input.", Pure, (_fn,))
IDENTITY: Final = Keyword("identity", "Pass the input on as it is.", Identity, ())
STEPS: Final = Keyword(
    "steps",
    "One after the other: each takes what the one before it yields.",
    FlatMap,
    (_field("steps", Steps(), "The nodes, in their order."),),
    alone=True,
    build=lambda steps: steps,
)
MAP: Final = Keyword(
    "map", "Apply a function to what the source, or the step before, yields.", Map, (_fn, _source)
)
BIND: Final = Keyword(
    "bind",
    "A function of the value chooses the flow that runs next, on the same input.",
    Bind,
    (_field("k", Name("function"), "A function that returns a flow."), _source),
)
ALL: Final = Keyword(
    "all",
    "The same input to all, at the same time; all of their outputs.",
    ZipAll,
    (_flows,),
    alone=True,
)
EACH: Final = Keyword(
    "each",
    "The first part of the input to the first, and so on, at the same time.",
    Each,
    (_flows,),
    alone=True,
)
RACE: Final = Keyword(
    "race",
    "The same input to all; the first to succeed wins, the others are stopped.",
    Race,
    (_flows,),
    alone=True,
)
FIRST_COMPLETED: Final = Keyword(
    "first_completed",
    "The same input to all; the first to end decides, also by an error.",
    FirstCompleted,
    (_flows,),
    alone=True,
)
AT_LEAST: Final = Keyword(
    "at_least",
    "The same input to all, of which so many have to succeed.",
    AtLeast,
    (
        _field("n", Count(1), "How many have to succeed."),
        _field("stop_early", Flag(), "Whether to stop as soon as that is decided.", default=False),
        _field("flows", Parts(1), "The nodes."),
    ),
    at_most=("n", "flows"),
    build=lambda n, stop_early, flows: at_least(n, *flows, stop_early=stop_early),
)
TRAVERSE: Final = Keyword(
    "traverse",
    "The same for each element of a list, at the same time.",
    Traverse,
    (
        _field(
            "max_concurrency",
            Count(1, nullable=True),
            "How many at a time: all, if not given or null.",
            default=None,
        ),
        _field("body", Part(), "What is done with each element."),
    ),
)
BRANCH: Final = Keyword(
    "branch",
    "By the type of the input: the first that fits is taken.",
    Match,
    (_field("cases", Choices(), "Types, each with what takes its values."),),
    alone=True,
    build=lambda cases: cases_of("branch", cases),
)
BRANCH_ON: Final = Keyword(
    "branch_on",
    "By what a function says of the value: one way or the other.",
    BranchOn,
    (
        _predicate,
        _source,
        _field("then", Part(), "What takes the value if yes."),
        _field("otherwise", Part(), "What takes the value if no."),
    ),
)
RECOVER: Final = Keyword(
    "recover",
    "If the source fails: what a function makes of the error.",
    Recover,
    (_field("handler", Name("function"), "A function of the error."), _source),
)
RECOVER_WITH: Final = Keyword(
    "recover_with",
    "If the source fails: a node that takes the error.",
    RecoverWith,
    (_source, _field("handler", Part(), "What takes the error.")),
)
FALLBACK_TO: Final = Keyword(
    "fallback_to",
    "If the source fails: another node, on the same input.",
    FallbackTo,
    (_source, _field("fallback", Part(), "What is run instead.")),
)
ATTEMPT: Final = Keyword(
    "attempt", "Success or failure as a value, so that nothing fails.", Attempt, (_source,)
)
ABSOLVE: Final = Keyword(
    "absolve", "The opposite of attempt: a failure as a value fails.", Absolve, (_source,)
)
RETRY: Final = Keyword(
    "retry",
    "If the source fails: again, on the same input.",
    Retry,
    (
        _field("times", Count(0), "How many new tries at most."),
        _field("backoff", _backoff, "How long to wait before each.", default=_usual),
        _field(
            "on",
            Names("error type"),
            "Which errors are tried again: all, if not given.",
            default=(Exception,),
        ),
        _source,
    ),
)
TIMEOUT: Final = Keyword(
    "timeout",
    "The source within so many seconds.",
    Timeout,
    (
        _field("seconds", Number(0, above=True, unit="seconds"), "After which it is given up."),
        _source,
    ),
)
FILTER: Final = Keyword(
    "filter",
    "The value, if a function says yes to it; else it fails.",
    Filter,
    (_predicate, _source),
)
GUARD: Final = Keyword(
    "guard",
    "The value, if a check says yes to it; else it fails.",
    Guard,
    (_source, _field("check", Part(), "What says yes or no to the value.")),
)
AND_THEN: Final = Keyword(
    "and_then", "Call a function with the value, which passes by.", AndThen, (_fn, _source)
)
TAP: Final = Keyword(
    "tap",
    "Run something on the value and wait for it; the value passes by.",
    Tap,
    (_source, _side),
)
NOTIFY: Final = Keyword(
    "notify", "Run something on the value in the background.", Notify, (_source, _side)
)
DIVERT_TO: Final = Keyword(
    "divert_to",
    "Run something on the value in the background, if a function says yes to it.",
    DivertTo,
    (_field("when", Name("function"), "A function that says yes or no."), _source, _side),
)
LOOP: Final = Keyword(
    "loop", "Again with what the body yields, until that says Done.", Loop, (_max_iter, _body)
)
LOOP_WITH_STATE: Final = Keyword(
    "loop_with_state",
    "As loop; the body takes and yields a state as well.",
    LoopWithState,
    (
        _field("init_state", Value(), "The state at the beginning, any value."),
        _field(
            "init_from",
            Name("function"),
            "A function that makes the state at the beginning.",
            attribute="init_state",
        ),
        _max_iter,
        _body,
    ),
    one_of=("init_state", "init_from"),
)
NAMED: Final = Keyword(
    "named",
    "The same under a name, in drawings and errors.",
    Named,
    (_field("label", Text(), "The name."), _source),
)

KEYWORDS: Final[dict[str, Keyword]] = {
    keyword.name: keyword
    for keyword in (
        *(AGENT, PURE, IDENTITY, STEPS, MAP, BIND, EACH, ALL, RACE, FIRST_COMPLETED, AT_LEAST),
        *(TRAVERSE, BRANCH, BRANCH_ON, RECOVER, RECOVER_WITH, FALLBACK_TO, ATTEMPT, ABSOLVE),
        *(RETRY, TIMEOUT, FILTER, GUARD, AND_THEN, TAP, NOTIFY, DIVERT_TO, LOOP),
        *(LOOP_WITH_STATE, NAMED),
    )
}

SUB_FLOW: Final = "flow"
"""The keyword of a node that is one of the named flows of the document."""

HEADER: Final = ("flow", "version", "flows")
"""The keys of a document that are not of its outermost node."""


def keyword_of(node: Node[Any]) -> Keyword:
    """How a node is written."""
    match node:
        case FlatMap():
            return STEPS
        case Map():
            return MAP
        case Leaf():
            return AGENT
        case Pure():
            return PURE
        case Identity():
            return IDENTITY
        case Bind():
            return BIND
        case ZipAll():
            return ALL
        case Each():
            return EACH
        case Race():
            return RACE
        case FirstCompleted():
            return FIRST_COMPLETED
        case AtLeast():
            return AT_LEAST
        case Traverse():
            return TRAVERSE
        case Match():
            return BRANCH
        case BranchOn():
            return BRANCH_ON
        case Recover():
            return RECOVER
        case RecoverWith():
            return RECOVER_WITH
        case FallbackTo():
            return FALLBACK_TO
        case Attempt():
            return ATTEMPT
        case Absolve():
            return ABSOLVE
        case Retry():
            return RETRY
        case Timeout():
            return TIMEOUT
        case Filter():
            return FILTER
        case Guard():
            return GUARD
        case AndThen():
            return AND_THEN
        case Tap():
            return TAP
        case Notify():
            return NOTIFY
        case DivertTo():
            return DIVERT_TO
        case Loop():
            return LOOP
        case LoopWithState():
            return LOOP_WITH_STATE
        case Named():
            return NAMED
        case _ as unreachable:
            assert_never(unreachable)
