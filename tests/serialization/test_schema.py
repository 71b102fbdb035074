"""The schema accepts exactly what the reader accepts, but for what no schema can say."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from everything_is_an_actor.flow import DocumentError, from_dict, json_schema, to_dict
from everything_is_an_actor.interpreters.documents.keywords import KEYWORDS
from tests.algebra.flows import DETERMINISTIC, AnyFlow, flows
from tests.serialization.names import REGISTRY
from tests.serialization.test_reading import READ, WRONG

SCHEMA = json_schema(REGISTRY)
VALIDATOR = Draft202012Validator(SCHEMA)
WITHOUT_NAMES = Draft202012Validator(json_schema())

BEYOND = ("under `flows:`", "a flow cannot contain itself", "maximum must be at least initial")
"""What the texts of problems say that no schema can."""


def is_read(document: object) -> bool:
    """Whether reading accepts a document, but for what no schema can say."""
    try:
        from_dict(document, REGISTRY)
    except DocumentError as error:
        return all(any(text in problem.message for text in BEYOND) for problem in error.problems)
    return True


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator.check_schema(json_schema())
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("document", [document for document, _ in READ], ids=str)
def test_what_is_read_is_valid(document: object) -> None:
    assert VALIDATOR.is_valid(document)
    assert WITHOUT_NAMES.is_valid(document)


@pytest.mark.parametrize("document", [document for document, _ in WRONG], ids=str)
def test_what_is_wrong_is_not_valid(document: object) -> None:
    is_json = '"nan"' not in json.dumps(document, default=str).lower() and "nan" not in str(
        document
    )
    assert not is_json or VALIDATOR.is_valid(document) == is_read(document)


@DETERMINISTIC
@given(flow=flows())
def test_what_was_written_is_valid(flow: AnyFlow) -> None:
    document = to_dict(flow, REGISTRY)
    assert VALIDATOR.is_valid(document)
    assert WITHOUT_NAMES.is_valid(document)


# ------------------------------------------------------------------------ documents at random

FIELDS = sorted({field.key for keyword in KEYWORDS.values() for field in keyword.fields})
KEYS = [*KEYWORDS, *FIELDS, "flow", "flows", "version", "initial", "factor", "maximum", "x"]
NAMES = [*REGISTRY, "nobody", "", "part"]
SCALARS = [None, True, False, 0, 1, 2, 2.0, 2.5, -1, 10**400, *NAMES]


def values(holder: Any) -> Iterator[tuple[Any, Any]]:
    """Every value within a document, as the list or mapping that holds it and its place there."""
    pending = [holder]
    while pending:
        outer = pending.pop()
        places = list(outer) if isinstance(outer, dict) else range(len(outer))
        for place in places:
            yield outer, place
            if isinstance(outer[place], dict | list):
                pending.append(outer[place])


def mutated(document: Any, dice: random.Random) -> Any:
    """A document with one thing changed."""
    holder = [document]
    outer, place = dice.choice(list(values(holder)))
    value = outer[place]
    match dice.randrange(9):
        case 0:
            outer[place] = dice.choice(SCALARS)
        case 1:
            outer[place] = [value]
        case 2:
            outer[place] = {dice.choice(KEYS): value}
        case 3 if isinstance(value, dict):
            value[dice.choice(KEYS)] = dice.choice([*SCALARS, {}, []])
        case 4 if isinstance(value, dict) and value:
            del value[dice.choice(list(value))]
        case 5 if isinstance(value, list):
            value.insert(dice.randint(0, len(value)), dice.choice(["fetch", {"map": "f"}, {}]))
        case 6 if isinstance(value, list) and value:
            del value[dice.randrange(len(value))]
        case 7 if isinstance(value, dict) and value:
            value[dice.choice(KEYS)] = value.pop(dice.choice(list(value)))
        case 8 if isinstance(value, str):
            outer[place] = dice.choice(NAMES)
        case _:
            outer[place] = dice.choice([{}, [], {"agent": "fetch"}, "fetch"])
    return holder[0]


@settings(DETERMINISTIC, max_examples=600)
@given(flow=flows(), seed=st.integers(0, 2**32), times=st.integers(1, 4))
def test_a_mutated_document_is_valid_if_and_only_if_it_is_read(
    flow: AnyFlow, seed: int, times: int
) -> None:
    dice = random.Random(seed)
    document: Any = to_dict(flow, REGISTRY)
    for _ in range(times):
        document = mutated(document, dice)
    assert VALIDATOR.is_valid(document) == is_read(document), document


_parts = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(DETERMINISTIC, max_examples=600)
@given(document=_parts)
def test_a_random_document_is_valid_if_and_only_if_it_is_read(document: object) -> None:
    assert VALIDATOR.is_valid(document) == is_read(document), document


def test_the_names_of_a_registry_are_offered_where_they_fit() -> None:
    names = {role: set(SCHEMA["$defs"][role]["enum"]) for role in ("agent", "function", "type")}
    assert "fetch" in names["agent"] - names["function"]
    assert "f" in names["function"] - names["agent"]
    assert "Square" in names["type"]
    assert "f" not in names["type"]
    assert set(SCHEMA["$defs"]["error type"]["enum"]) == {
        "Exception",
        "KeyError",
        "OSError",
        "ValueError",
    }


def test_every_keyword_is_described() -> None:
    for name in KEYWORDS:
        assert SCHEMA["$defs"][f"keyword {name}"]["description"].endswith(".")
