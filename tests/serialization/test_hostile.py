"""Ten thousand hostile documents: each is a flow or a `DocumentError`, and nothing is run."""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from everything_is_an_actor.flow import (
    DocumentError,
    Flow,
    Registry,
    from_dict,
    from_json,
    from_yaml,
    to_dict,
    to_json,
    to_yaml,
)
from tests.algebra.flows import SAMPLES, Ran, fetch
from tests.serialization.names import REGISTRY
from tests.serialization.test_schema import mutated


def detonate(value: object) -> object:
    raise Ran


class Trap:
    """Whoever makes one, or runs one, has run what a document said."""

    def __init__(self) -> None:
        raise Ran

    async def execute(self, value: object) -> object:
        raise Ran


NAMES = REGISTRY | Registry.of(detonate, Trap)

FLOWS = [flow.zip(other) for flow, other in pairwise(SAMPLES.values())]
TEXTS = [to_yaml(flow, REGISTRY) for flow in FLOWS] + [to_json(flow, REGISTRY) for flow in FLOWS]
DICTS = [to_dict(flow, REGISTRY) for flow in FLOWS]

WORDS = [
    "!!python/object/apply:os.system [exit]",
    "!!python/name:builtins.eval",
    "!!python/module:antigravity",
    "!include /etc/passwd",
    "!!binary aGk=",
    "!!set {a, b}",
    "!!timestamp 2001-01-01",
    "&a [*a, *a]",
    "*a",
    "&a",
    "<<: *a",
    ".nan",
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 5_000,
    "0x" + "f" * 5_000,
    "__proto__",
    "__class__",
    "constructor",
    "detonate",
    "Trap",
    "{{7*7}}",
    "${HOME}",
    "%s%n",
    "---",
    "...",
    "? ",
    "- - - -",
    "[[[[",
    "{{{{",
    "]]}}",
    "\x00",
    "\ufeff",
    "\u2028",
    "\ud800",
    "\\ud800",
    '"',
    "'",
    "|",
    ">",
    "#",
    "\t",
    "\r",
    "flows: {x: {flow: x}}",
    "flow: x",
    "version: 99",
    "agent: A\nagent: B",
]


def truncated(text: str, dice: random.Random) -> str:
    return text[: dice.randrange(len(text))]


def spliced(text: str, dice: random.Random) -> str:
    other = dice.choice(TEXTS)
    return text[: dice.randrange(len(text))] + other[dice.randrange(len(other)) :]


def with_a_word(text: str, dice: random.Random) -> str:
    at = dice.randrange(len(text))
    return text[:at] + dice.choice(WORDS) + text[at + dice.randrange(3) :]


def with_other_words(text: str, dice: random.Random) -> str:
    parts = text.split(" ")
    for _ in range(dice.randint(1, 4)):
        parts[dice.randrange(len(parts))] = dice.choice(WORDS)
    return " ".join(parts)


def doubled_lines(text: str, dice: random.Random) -> str:
    lines = text.splitlines(keepends=True)
    at = dice.randrange(len(lines))
    return "".join([*lines[: at + 1], *lines[at:]])


def other_bytes(text: str, dice: random.Random) -> bytes:
    encoded = bytearray(text.encode(dice.choice(["utf-8", "utf-16", "utf-32", "utf-8-sig"])))
    for _ in range(dice.randint(1, 5)):
        encoded[dice.randrange(len(encoded))] = dice.randrange(256)
    return bytes(encoded)


def shuffled(text: str, dice: random.Random) -> str:
    return "".join(dice.sample(text, len(text)))


CHANGES: list[Callable[[str, random.Random], str | bytes]] = [
    *(truncated, spliced, with_a_word, with_other_words, doubled_lines, other_bytes, shuffled),
]


def is_flow_or_error(read: Callable[[Any, Registry], Flow[Any, Any]], document: Any) -> None:
    try:
        flow = read(document, NAMES)
    except DocumentError as error:
        problems, text = error.problems, str(error)
    else:
        assert isinstance(flow, Flow)
        return
    assert problems
    assert all(problem.message.strip() for problem in problems)
    assert len(text) < 100_000


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_hostile_text_is_a_flow_or_a_document_error(
    change: Callable[[str, random.Random], str | bytes],
) -> None:
    dice = random.Random(change.__name__)
    imported = set(sys.modules)
    for _ in range(1_200):
        text = change(dice.choice(TEXTS), dice)
        is_flow_or_error(dice.choice([from_yaml, from_json]), text)
    assert set(sys.modules) == imported


def test_a_hostile_structure_is_a_flow_or_a_document_error() -> None:
    dice = random.Random(0)
    for _ in range(1_800):
        document: Any = json.loads(json.dumps(dice.choice(DICTS)))
        for _ in range(dice.randint(1, 8)):
            document = mutated(document, dice)
        is_flow_or_error(from_dict, document)


def bombs() -> dict[str, str]:
    """Texts that would be large, deep or endless if they were taken at their word."""
    aliases = "\n".join(f"  a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12))
    named = "\n".join(
        f"  f{i}: {{race: [{{flow: f{i - 1}}}, {{flow: f{i - 1}}}]}}" for i in range(1, 200)
    )
    return {
        "an alias bomb": f"x:\n  a0: &a0 [lol]\n{aliases}\n",
        "an alias bomb of nodes": "race: &a [fetch, fetch]\nflows:\n"
        + "\n".join(
            f"  a{i}: &a{i} {{race: [*a{i - 1}, *a{i - 1}]}}" for i in range(1, 60)
        ).replace("*a0", "fetch"),
        "named flows that double": f"flow: f199\nflows:\n  f0: fetch\n{named}\n",
        "a circle of named flows": "flow: a\nflows: {a: {flow: b}, b: {flow: c}, c: {flow: a}}",
        "deep brackets": "[" * 100_000,
        "deep and closed": "[" * 100_000 + "]" * 100_000,
        "deep mappings": "{attempt: " * 100_000,
        "deep blocks": "".join(" " * i + "- \n" for i in range(1_500)),
        "many steps": "steps: [" + "fetch, " * 20_000 + "fetch]",
        "ten million letters": "agent: " + "a" * 10_000_000,
        "ten million unknown letters": "a" * 10_000_000 + ": fetch",
        "two megabytes of nobodies": "steps: [" + "nobody, " * 250_000 + "fetch]",
        "a number without end": f"retry: {{times: {'9' * 1_000_000}, source: fetch}}",
        "a key that is there a hundred thousand times": "agent: fetch\n" * 100_000,
        "too large": "#" * 17_000_000,
    }


@pytest.mark.parametrize("text", bombs().values(), ids=bombs())
def test_a_bomb_is_a_flow_or_a_document_error(text: str) -> None:
    is_flow_or_error(from_yaml, text)
    is_flow_or_error(from_json, text)


def test_a_name_that_would_harm_is_only_a_name() -> None:
    flow = from_yaml("steps: [{pure: detonate}, Trap]", NAMES)
    assert repr(flow) == "pure(detonate).flat_map(agent(Trap))"
    assert fetch in NAMES.values()
