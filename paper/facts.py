"""What the paper says of the code, as data: `python -m paper.facts > paper/facts.json`.

How many kinds of nodes there are, how much is tried on flows of which size, and the case study:
what is known of the pipeline of `examples/ask_docs` before a run, and runs of it by the reference
semantics, in which its agents are scripted, and take as many seconds as is said here.
"""

import json
import sys
from collections.abc import Callable, Iterator
from typing import Any, Final

from returns.result import Success

from everything_is_an_actor.algebra.fold import fold
from everything_is_an_actor.algebra.node import KINDS, Leaf, Node, children
from everything_is_an_actor.interpreters.bounds import bounds
from everything_is_an_actor.interpreters.reference import Answer, Script, evaluate
from everything_is_an_actor.testing import agreement
from everything_is_an_actor.testing.universe import TYPES
from examples.ask_docs.agents import (
    CheckCitations,
    KeepLog,
    LookUp,
    Question,
    SayNothingFound,
    Summarise,
    Write,
)
from examples.ask_docs.answer import Quotation, Reading, Summary, Unanswered
from examples.ask_docs.corpus import Passage
from examples.ask_docs.evidence import Confident, Evidence, Found, Unsure
from examples.ask_docs.flow import answer
from examples.ask_docs.retrieval import Query
from examples.ask_docs.search import Search
from laws.sizes import FEWER, FEWEST, MANY

PASSAGE: Final = Passage("actors", ("Actors",), ())
FOUND: Final = tuple(Found(i, PASSAGE, 0, 1.0, 1.0) for i in range(2))
QUOTED: Final = [Quotation("An actor handles one message at a time.", "", PASSAGE)]

type Evident = Callable[[Query], Evidence]


def sure(query: Query) -> Evidence:
    return Confident(query, FOUND, 0.9)


def unsure(query: Query) -> Evidence:
    return Unsure(query, FOUND, 0.5)


def beside_the_question(query: Query) -> Evidence:
    return Unsure(query, (), 0.1)


def scripted(looked_up: Evident, searched: Evident, *, is_cited: bool = True) -> Script:
    """What the agents do: what the look-up and the search find, and what is thought of it."""

    def read(reading: Reading) -> Answer:
        return Answer(Summary(reading.found, ()), after=2.0 if reading.found.number else 1.0)

    return {
        LookUp: lambda query: Answer(looked_up(query), after=1.0),
        Search: lambda query: Answer(searched(query), after=4.0),
        Summarise: read,
        Write: lambda _: Answer(QUOTED, after=1.0),
        CheckCitations: lambda _: Answer(is_cited, after=0.5),
        SayNothingFound: lambda question: Answer(Unanswered(question.text, (), ()), after=1.0),
        KeepLog: lambda _: Answer(None, after=1.5),
    }


RUNS: Final[dict[str, Script]] = {
    "the look-up is sure": scripted(sure, sure),
    "the search has to help": scripted(unsure, sure),
    "nothing is found": scripted(beside_the_question, beside_the_question),
    "a citation is wrong": scripted(unsure, unsure, is_cited=False),
}


def facts() -> dict[str, object]:
    """All of it."""
    return {
        "kinds": len(KINDS),
        "types": len(TYPES),
        "nodes": agreement.SIZE,
        "examples": {
            "law": FEWER.max_examples,
            "detour": FEWEST.max_examples,
            "agreement": MANY.max_examples,
        },
        "demo": dict(_demo()),
    }


def _demo() -> Iterator[tuple[str, object]]:
    known = bounds(answer)
    yield "nodes", fold(_nodes, answer)
    yield "leaves", fold(_leaves, answer)
    yield "must", _names(known.must)
    yield "must to succeed", _names(known.must_to_succeed)
    yield "may", _names(known.may)
    yield "least calls to succeed", known.least_calls_to_succeed
    yield "seconds", known.seconds
    yield "seconds with sides", known.seconds_with_sides
    yield "critical path", [agent.__name__ for agent in known.critical_path]
    yield "runs", [_run(name, script) for name, script in RUNS.items()]


def _nodes(node: Node[int]) -> int:
    return 1 + sum(children(node))


def _leaves(node: Node[int]) -> int:
    return 1 if isinstance(node, Leaf) else sum(children(node))


def _names(agents: frozenset[Any]) -> list[str]:
    return sorted(agent.__name__ for agent in agents)


def _run(name: str, script: Script) -> dict[str, object]:
    meaning = evaluate(answer, Question("What is an actor?"), script)
    assert isinstance(meaning.result, Success), meaning.result
    return {
        "name": name,
        "yields": type(meaning.result.unwrap()).__name__,
        "seconds": meaning.seconds,
        "calls": [
            {
                "agent": call.agent.__name__,
                "start": call.start,
                "end": call.end,
                "ending": call.ending,
                "side": call.side is not None,
            }
            for call in meaning.calls
        ],
    }


def as_json() -> str:
    """All of it, as a document."""
    return json.dumps(facts(), indent=1) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_json())
