"""Reading what was written gives the same value, in both syntaxes, and to other readers as well."""

import json
import sys
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given

from everything_is_an_actor.interpreters.documents import composing, written, yaml_reader
from everything_is_an_actor.interpreters.documents.json_text import json_text, parse_json
from everything_is_an_actor.interpreters.documents.problems import DocumentError, SerializationError
from everything_is_an_actor.interpreters.documents.tree import BYTES, DEPTH, Tree
from everything_is_an_actor.interpreters.documents.yaml_reader import parse_yaml
from everything_is_an_actor.interpreters.documents.yaml_writer import yaml_text
from tests.documents_text.json_values import AWKWARD_TEXTS, DEEPEST, nested, texts, values

type Write = Callable[[object], str]
type Read = Callable[[str | bytes], Tree]


def same(left: object, right: object) -> bool:
    """Equal, of the same types, in the same order: `repr` tells 1 from 1.0, and 0.0 from -0.0."""
    return repr(left) == repr(right)


@given(values)
def test_yaml_that_was_written_is_read_as_what_was_written(value: object) -> None:
    tree = parse_yaml(yaml_text(value))
    assert same(tree.value, value)
    assert not tree.problems


@given(values)
def test_json_that_was_written_is_read_as_what_was_written(value: object) -> None:
    for indent in (2, None):
        tree = parse_json(json_text(value, indent))
        assert same(tree.value, value)
        assert not tree.problems


@given(values)
def test_every_encoding_with_its_mark_is_read_as_the_same(value: object) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32"):
        assert same(parse_yaml(yaml_text(value).encode(encoding)).value, value)
        assert same(parse_json(json_text(value).encode(encoding)).value, value)


@given(values)
def test_pyyaml_reads_what_was_written_by_the_rules_of_yaml_1_1(value: object) -> None:
    assert same(yaml.load(yaml_text(value), Loader=yaml.CSafeLoader), value)


@given(values)
def test_the_parser_in_python_reads_as_the_one_in_c(value: object) -> None:
    text = yaml_text(value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_reader, "PARSER", yaml.SafeLoader)
        assert same(parse_yaml(text).value, value)


@given(values)
def test_json_reads_what_was_written(value: object) -> None:
    assert same(json.loads(json_text(value)), value)


@pytest.mark.parametrize("text", AWKWARD_TEXTS)
def test_a_text_is_that_text_wherever_it_stands(text: str) -> None:
    for value in (text, [text], {text: text}, [[text, text]], {"a": {text: text, "b": 1}}):
        written = yaml_text(value)
        assert parse_yaml(written).value == value
        assert yaml.load(written, Loader=yaml.CSafeLoader) == value
        assert yaml.load(written, Loader=yaml.SafeLoader) == value
        assert parse_json(json_text(value)).value == value


@given(texts)
def test_a_text_in_another_version_of_yaml_is_that_text(text: str) -> None:
    for version in ("1.1", "1.2"):
        assert parse_yaml(f"%YAML {version}\n---\n{yaml_text([text])}").value == [text]


@pytest.mark.parametrize(("write", "read"), [(yaml_text, parse_yaml), (json_text, parse_json)])
class TestWithinBounds:
    def test_what_is_as_deep_as_can_be_is_written_and_read(self, write: Write, read: Read) -> None:
        assert read(write(DEEPEST)).value == DEEPEST

    def test_what_is_deeper_is_not_written(self, write: Write, read: Read) -> None:
        for value in (nested(DEPTH + 1), nested(100_000)):
            with pytest.raises(SerializationError, match="nested deeper than 100"):
                write(value)

    def test_a_value_within_itself_is_not_written(self, write: Write, read: Read) -> None:
        cycle: list[object] = []
        cycle.append(cycle)
        with pytest.raises(SerializationError, match="nested deeper"):
            write(cycle)

    def test_as_many_values_as_can_be_are_written_and_read(
        self, write: Write, read: Read, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(written, "VALUES", 1_000)
        monkeypatch.setattr(composing, "VALUES", 1_000)
        most = {"a": [{"b": 0}] * 499}
        text = write(most)
        assert read(text).value == most
        with pytest.raises(SerializationError, match="at most 1,000 values"):
            write({**most, "c": 0})
        monkeypatch.setattr(composing, "VALUES", 999)
        with pytest.raises(DocumentError, match="more than 999 values"):
            read(text)

    def test_a_part_that_is_shared_is_written_as_often_as_it_occurs(
        self, write: Write, read: Read
    ) -> None:
        shared: object = "a"
        for _ in range(10):
            shared = [shared, shared]
        assert read(write(shared)).value == shared
        for _ in range(50):
            shared = [shared, shared]
        with pytest.raises(SerializationError, match="at most 1,000,000 values"):
            write(shared)

    def test_a_text_that_is_too_large_is_not_written(self, write: Write, read: Read) -> None:
        with pytest.raises(SerializationError, match="at most 64 MiB"):
            write("é" * (BYTES // 2))

    @pytest.mark.parametrize(
        ("value", "message"),
        [
            ({"a": [1, float("inf")]}, r"^at a\[1\]: inf is no number in JSON"),
            ([float("nan")], r"^at \[0\]: nan is no number"),
            ({"a": {1: 2}}, "^at a: a key is a text, not 1"),
            ({"a": (1, 2)}, r"^at a: \(1, 2\) is no value of JSON"),
            ({"a": object}, "^at a: <class 'object'> is no value of JSON"),
            (["\ud800"], r"^at \[0\]: U\+D800 is half of a surrogate pair"),
            ({"\ud800": 1}, r"^U\+D800 is half of a surrogate pair"),
            pytest.param(-(10**4_300), "^a whole number may have 4,300 digits", id="too long"),
        ],
    )
    def test_what_is_no_value_of_json_is_an_error_with_its_path(
        self, write: Write, read: Read, value: object, message: str
    ) -> None:
        with pytest.raises(SerializationError, match=message):
            write(value)

    def test_the_longest_whole_number_is_read_as_it_was_written(
        self, write: Write, read: Read
    ) -> None:
        longest = -(10**4_300) + 1
        assert read(write(longest)).value == longest
        assert read("-" + "9" * 4_301).problems

    @pytest.mark.parametrize(("allowed", "digits"), [(640, 640), (5_000, 4_300), (0, 4_300)])
    def test_a_number_that_is_written_is_one_that_the_process_can_read(
        self, write: Write, read: Read, allowed: int, digits: int
    ) -> None:
        before = sys.get_int_max_str_digits()
        sys.set_int_max_str_digits(allowed)
        try:
            longest = 10**digits - 1
            assert read(write(longest)).value == longest
            wrong = f"^a whole number may have {digits:,} digits, not more"
            with pytest.raises(SerializationError, match=wrong):
                write(-longest - 1)
            (problem,) = read("9" * (digits + 1)).problems
            assert problem.message == (
                f"a whole number may have {digits:,} digits, not {digits + 1:,}"
            )
        finally:
            sys.set_int_max_str_digits(before)

    @given(value=values)
    def test_text_is_the_same_each_time_and_ends_with_one_line_end(
        self, write: Write, read: Read, value: object
    ) -> None:
        text = write(value)
        assert text == write(value)
        assert text.endswith("\n")
        assert not text.endswith("\n\n")

    @pytest.mark.parametrize("value", [None, 1, ["a"], bytearray(b"a"), object()])
    def test_what_is_no_text_is_a_type_error_that_names_it(
        self, write: Write, read: Read, value: object
    ) -> None:
        with pytest.raises(TypeError, match=rf"not from {type(value).__name__}$") as caught:
            read(value)  # type: ignore[arg-type]  # what a caller without types may do
        assert not isinstance(caught.value, DocumentError)
