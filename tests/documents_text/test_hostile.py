"""No text makes reading fail in another way than it says, take long, or do anything else."""

import sys
import tracemalloc
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.interpreters.documents import yaml_reader
from everything_is_an_actor.interpreters.documents.json_text import json_text, parse_json
from everything_is_an_actor.interpreters.documents.problems import DocumentError
from everything_is_an_actor.interpreters.documents.tree import BYTES, DEPTH, Tree
from everything_is_an_actor.interpreters.documents.yaml_reader import parse_yaml
from everything_is_an_actor.interpreters.documents.yaml_writer import yaml_text
from tests.documents_text.json_values import values

LARGE = 2 * 1024 * 1024  # what takes quadratic time at this size is ended by the limit of a test

SHARED = "a: &x {b: [1, !!str 2], 'c': \"\\x41\"}\nd: *x\n? e\n: |\n  f\n--- # g\n%h\n"
scraps = st.lists(
    st.sampled_from(list("ab01 \n\t:,-?[]{}&*!|>'\"%@#<~.\\\r\x85\u2028\ufeff\ud800\x00é🚀"))
    | st.sampled_from(
        ["- ", ": ", "\n  ", "&a ", "*a", "<<: ", "!!", "---\n", "...\n", "\\u", "\\U"]
    ),
    max_size=30,
).map("".join)


def check(tree: Tree) -> None:
    """A tree of JSON values without a cycle, within the bounds, that has a place for everything."""
    assert tree.root is not None
    ways = [(tree.value, 0)]
    while ways:
        value, depth = ways.pop()
        assert type(value) in (dict, list, str, int, float, bool, type(None))
        if isinstance(value, dict | list):
            assert depth < DEPTH
            entries = value.items() if isinstance(value, dict) else enumerate(value)
            for key, item in entries:
                assert (id(value), key) in tree.positions
                assert isinstance(value, list) or (id(value), key) in tree.keys
                ways.append((item, depth + 1))


def reads_or_refuses(text: str | bytes) -> None:
    for read in (parse_yaml, parse_json):
        try:
            tree = read(text)
        except DocumentError as error:
            problems = error.problems
        else:
            check(tree)
            problems = tuple(tree.problems)
        assert all(problem.position is not None for problem in problems)
        assert all("\n" not in problem.message for problem in problems)


@given(st.text() | st.binary() | scraps)
@settings(max_examples=200)
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    reads_or_refuses(text)


@given(st.data())
@settings(max_examples=200)
def test_a_document_that_was_tampered_with_is_read_or_refused(data: st.DataObject) -> None:
    value = data.draw(values)
    text = data.draw(st.sampled_from([SHARED, yaml_text(value), json_text(value)]))
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 5)))
    reads_or_refuses(text[:start] + data.draw(scraps) + text[end:])


@given(scraps)
@example('"\\Uffffffff"')
@example("!%ff a")
@example("%YAML 1.99999999999\n---")
@settings(max_examples=200)
def test_any_text_is_read_or_refused_by_the_parser_in_python_too(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "PARSER", yaml.SafeLoader)
        reads_or_refuses(text)


@pytest.mark.parametrize(
    "text", ["!%ED%A0%80 a", "!%C0%80 a", '"\\Uffffffff"', '"\\ud800"', "!%00"]
)
def test_escapes_that_are_no_character_are_refused(text: str) -> None:
    reads_or_refuses(text)


LAUGHS = "a0: &a0 x\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 50)
)
DEEP_ALIASES = "- &a0 [x]\n" + "".join(f"- &a{n} [*a{n - 1}]\n" for n in range(1, 200))
TOO_DEEP = "nested deeper than 100"
TOO_MANY = "more than 1,000,000 values, those of aliases counted"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * 100_000, TOO_DEEP),
        ("[" * LARGE, TOO_DEEP),
        ("{" * LARGE, TOO_DEEP),
        ("{a: " * (LARGE // 4), TOO_DEEP),
        ("- " * (LARGE // 2), TOO_DEEP),
        ("? " * (LARGE // 2), TOO_DEEP),
        ("&a [*a, " * (LARGE // 8), "it would never end"),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), TOO_DEEP),
        (DEEP_ALIASES, TOO_DEEP),
        (LAUGHS, TOO_MANY),
        (f"- &a [{'x,' * 1_000}]\n" + "- *a\n" * 100_000, TOO_MANY),
        ("a: " * (LARGE // 3), "there is a ':' where no value can begin"),
        ("a:\n" * (LARGE // 3), "is there twice"),
        ("{" + "1," * (LARGE // 2), "a key is a text"),
        ("[" + "!a x," * (LARGE // 5), "the tag !a is not read"),
        ("- &a [*a]\n" * (LARGE // 10), "is within &a itself"),
        ("#" * LARGE, "the document is empty"),
        ("\n" * LARGE, "the document is empty"),
        (" " * LARGE, "the document is empty"),
        ("\n" * LARGE + "@", "no value begins with this character"),
        ("- \u2028\n" + "\n" * LARGE + "@", "no value begins with this character"),
        ("%" * LARGE, "line 1"),
        ("a" * LARGE + ": b", "where no value can begin"),
        ('"' + "\\n" * (LARGE // 2), "the text ends within quotes"),
        ("".join(f"%TAG !a{n}! b\n" for n in range(60_000)), "more than 100 %TAG directives"),
        ("\x85".join(f"%TAG !a{n}! b" for n in range(60_000)), "more than 100 %TAG directives"),
        ("a" * (BYTES + 1), "larger than 64 MiB"),
        ("é" * (BYTES // 2) + "a", "larger than 64 MiB"),
        (b"\xff" * (BYTES * 5), "larger than 64 MiB"),
    ],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_yaml_that_is_too_much_is_refused_soon_and_in_little_memory(
    text: str | bytes, message: str
) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(DocumentError, match=message):
            parse_yaml(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * len(text) + 10_000_000


@pytest.mark.parametrize(
    "text",
    [
        "a" * LARGE,
        "1" * LARGE,
        "0x" + "f" * LARGE,
        "1" * LARGE + "e",
        '"' + "a b " * (LARGE // 4) + '"',
        "a\n" * (LARGE // 2),
        "|\n" + " a\n" * (LARGE // 3),
        "'" * LARGE,
        "&" + "a" * LARGE,
        "!" + "a" * LARGE,
        "? " + "a" * LARGE + "\n: b",
        "---\n" * (LARGE // 4),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_yaml_of_one_large_value_is_read_soon(text: str) -> None:
    parse_yaml(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[" * LARGE, "more than 1,000,000 values"),
        ("[0," * (LARGE // 3), TOO_DEEP),
        ('{"a":' * (LARGE // 5), TOO_DEEP),
        ("[" * (DEPTH + 1) + "]" * (DEPTH + 1), TOO_DEEP),
        ("[" * 900 + "]" * 900, TOO_DEEP),
        (" " * LARGE, "the document is empty"),
        ('"' * LARGE, "the document has ended before this"),
        ('"' + "\\n" * (LARGE // 2), "the text that begins here has no end"),
        ("{" + '"a":1,' * (LARGE // 6) + '"a":1}', "is there twice"),
        ("-" * LARGE, "a value is needed here"),
        ("a" * (BYTES + 1), "larger than 64 MiB"),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_json_that_is_too_much_is_refused_soon(text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        parse_json(text)


@pytest.mark.parametrize(
    "text",
    ['"' + "a" * LARGE + '"', '"' + "\\n" * (LARGE // 2) + '"', "1" * LARGE, "1e" + "1" * LARGE],
    ids=lambda text: repr(text[:12]),
)
def test_json_of_one_large_value_is_read_soon(text: str) -> None:
    parse_json(text)


def test_a_part_that_is_referred_to_often_is_one_object() -> None:
    tree = parse_yaml("- &a [1]\n" + "- *a\n" * 10_000)
    assert isinstance(tree.value, list)
    assert len({id(part) for part in tree.value}) == 1


def test_nothing_is_imported_constructed_or_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    called: list[object] = []
    monkeypatch.setattr("os.system", called.append)
    target = tmp_path / "made"
    parse_yaml("a")
    before = set(sys.modules)
    for tag in (
        "!!python/object/apply:os.system",
        "!!python/object/new:os.system",
        "!!python/object:antigravity.x",
        "!!python/module:antigravity",
        "!!python/name:antigravity.x",
        "!!python/object/apply:pathlib.Path.touch",
        "!!timestamp",
        "tag:yaml.org,2002:python/object/apply:os.system",
    ):
        written = tag if tag.startswith("!!") else f"!<{tag}>"
        for text in (f"{written} ['{target}']", f"a: {written} x", f"? {written} [a]\n: b"):
            assert parse_yaml(text).problems
    assert not called
    assert not target.exists()
    assert set(sys.modules) == before
