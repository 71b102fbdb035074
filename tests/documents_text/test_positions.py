"""Every value and every key is where an editor shows it."""

from collections.abc import Callable

import pytest
import yaml

from everything_is_an_actor.interpreters.documents import yaml_reader
from everything_is_an_actor.interpreters.documents.json_text import json_text, parse_json
from everything_is_an_actor.interpreters.documents.problems import DocumentError, Position
from everything_is_an_actor.interpreters.documents.tree import Tree
from everything_is_an_actor.interpreters.documents.yaml_reader import parse_yaml

type Read = Callable[[str | bytes], Tree]


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["c", "python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "PARSER", request.param)


def places(tree: Tree) -> dict[str, str]:
    """Where each value is, by its path, and each key, by its path and a colon."""
    found = {"": _at(tree.root)}
    ways: list[tuple[str, object]] = [("", tree.value)]
    while ways:
        path, value = ways.pop()
        if isinstance(value, dict):
            entries = [(key, f"{path}.{key}", item) for key, item in value.items()]
            found |= {f"{way}:": _at(tree.keys[id(value), key]) for key, way, _ in entries}
        elif isinstance(value, list):
            entries = [(index, f"{path}[{index}]", item) for index, item in enumerate(value)]
        else:
            continue
        found |= {way: _at(tree.positions[id(value), key]) for key, way, _ in entries}
        ways += [(way, item) for _, way, item in entries]
    return found


def _at(position: Position | None) -> str:
    assert position is not None
    return f"{position.line}:{position.column}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", {"": "1:1"}),
        ("\n\n  a", {"": "3:3"}),
        ("# c\n--- # c\na: b", {"": "3:1", ".a:": "3:1", ".a": "3:4"}),
        ("a: b # c\nc: d", {".a": "1:4", ".c:": "2:1", ".c": "2:4"}),
        ("a:\r\n  b: c\r\n", {".a": "2:3", ".a.b:": "2:3", ".a.b": "2:6"}),
        ("a:\r  b: c\r", {".a": "2:3", ".a.b": "2:6"}),
        ("\ufeffa: b", {"": "1:1", ".a": "1:4"}),
        (b"\xef\xbb\xbfa: b", {"": "1:1", ".a": "1:4"}),
        ("é: b\nc: d".encode("utf-16"), {".é": "1:4", ".c": "2:4"}),
        ("é: b\nc: d".encode("utf-32"), {".é": "1:4", ".c": "2:4"}),
        ("日本: 🚀\n", {".日本:": "1:1", ".日本": "1:5"}),
        ("[🚀, 日本, é, x]", {"[1]": "1:5", "[3]": "1:12"}),
        ("- a\n-   b\n-\n  c\n", {"[0]": "1:3", "[1]": "2:5", "[2]": "4:3"}),
        ("a:\n- b\n- c: d\n", {".a": "2:1", ".a[0]": "2:3", ".a[1]": "3:3", ".a[1].c": "3:6"}),
        ("- - a\n  - b\n", {"[0]": "1:3", "[0][0]": "1:5", "[0][1]": "2:5"}),
        ("a: |\n  b\n  c\nd: >-\n  e\nf: g\n", {".a": "1:4", ".d": "4:4", ".f": "6:4"}),
        ("a: b\n  c\n\n  d\ne: f\n", {".a": "1:4", ".e": "5:4"}),
        ("a: 'b\n  c'\ne: f\n", {".a": "1:4", ".e": "3:4"}),
        ("a: [b,\n  {c: d,\n  e: f}]", {".a": "1:4", ".a[1]": "2:3", ".a[1].e:": "3:3"}),
        ("? a\n: b\n", {".a:": "1:3", ".a": "2:3"}),
        ("'a': \"b\"\n", {".a:": "1:1", ".a": "1:6"}),
        ("a:\nb:\n", {".a": "1:3", ".b:": "2:1", ".b": "2:3"}),
        ("a: &x {b: c}\nd: *x\ne: [*x]\n", {".a": "1:4", ".d": "2:4", ".e[0]": "3:5"}),
        ("&k a: b\n*k : c\n".replace("*k", "d"), {".a:": "1:1", ".d:": "2:1"}),
        ("a: !!str 1\n", {".a": "1:4"}),
        ("a: \x85\n  b: c\nd: e\n", {".a": "2:3", ".a.b": "2:6", ".d": "3:4"}),
        ('["\u2028", "a\u2029b",\n"c", d]', {"[1]": "1:7", "[2]": "2:1", "[3]": "2:6"}),
    ],
)
def test_a_value_is_where_it_begins(
    text: str | bytes, expected: dict[str, str], parser: None
) -> None:
    found = places(parse_yaml(text))
    assert {path: found[path] for path in expected} == expected


def test_a_tab_is_one_column() -> None:
    # The parser of PyYAML that is in Python takes none before a value.
    assert places(parse_yaml("a:\t\tb"))[".a"] == "1:5"


def test_an_alias_is_the_same_object_at_a_place_of_its_own(parser: None) -> None:
    tree = parse_yaml("a: &x {b: c}\nd: [*x, *x]\n")
    value = tree.value
    assert isinstance(value, dict)
    assert value["d"][0] is value["d"][1] is value["a"]
    assert tree.positions[id(value["d"]), 1] == Position(2, 9)
    assert tree.positions[id(value["a"]), "b"] == Position(1, 11)


def test_what_is_not_kept_has_no_places(parser: None) -> None:
    tree = parse_yaml("a: {b: 1}\na: {b: {c: 2}}\n? [d]\n: {e: {f: 3}}\ng: {h: 1}\n")
    assert tree.value == {"a": {"b": 1}, "g": {"h": 1}}
    assert {_at(place) for place in tree.keys.values()} >= {"1:1", "1:5", "5:1", "5:5"}
    assert set(places(tree).values()) >= {"1:1", "1:4", "1:8", "5:4", "5:8"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" 1", {"": "1:2"}),
        ('{"a": 1,\r\n "b": [true, "é🚀", {}]}', {
            "": "1:1", ".a:": "1:2", ".a": "1:7", ".b:": "2:2", ".b": "2:7", ".b[0]": "2:8",
            ".b[1]": "2:14", ".b[2]": "2:20",
        }),
        ('\ufeff["a\\n\\"]", "\u2028",\n\n\t-1.5e3]', {"[0]": "1:2", "[1]": "1:12", "[2]": "3:2"}),
    ],
)  # fmt: skip
def test_json_has_positions_as_well(text: str, expected: dict[str, str]) -> None:
    assert places(parse_json(text)) == places(parse_json(text.encode())) | expected


def test_both_syntaxes_say_the_same_of_a_text_that_is_in_both(parser: None) -> None:
    value = {"a": [1, {"b": None, "c": [[], {}, "x\n"]}], "d": {"e": -1.5}}
    for text in (json_text(value), json_text(value, indent=None)):
        assert places(parse_json(text)) == places(parse_yaml(text))


@pytest.mark.parametrize(
    ("read", "text", "place"),
    [
        (parse_yaml, "a: [b", "1:6"),
        (parse_yaml, "a: [b\n", "2:1"),
        (parse_yaml, "a: b\r\nc: d: e", "2:5"),
        (parse_yaml, "a: \u2028\n 🚀: @", "2:5"),
        (parse_yaml, "a\r\n\x00", "2:1"),
        (parse_yaml, b"a\r\n\xc3\xa9\xff", "2:2"),
        (parse_yaml, "\ufeffé\ud800", "1:2"),
        (parse_yaml, "é: 1\n".encode("utf-16") + b"\x00", "2:1"),
        (parse_json, "[1,\r\n 2", "2:3"),
        (parse_json, '{"🚀": 1\r}}', "2:2"),
        (parse_json, "", "1:1"),
    ],
)
def test_what_stops_the_reading_is_where_it_is(
    read: Read, text: str | bytes, place: str, parser: None
) -> None:
    with pytest.raises(DocumentError) as caught:
        read(text)
    assert [_at(problem.position) for problem in caught.value.problems] == [place]
