"""What is wrong with a text is said with its place, and as much as can be is read all the same."""

import pytest
import yaml

from everything_is_an_actor.interpreters.documents import yaml_reader
from everything_is_an_actor.interpreters.documents.json_text import parse_json
from everything_is_an_actor.interpreters.documents.problems import DocumentError
from everything_is_an_actor.interpreters.documents.tree import PROBLEMS
from everything_is_an_actor.interpreters.documents.yaml_reader import parse_yaml


@pytest.fixture(params=[yaml.CSafeLoader, yaml.SafeLoader], ids=["c", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_reader, "PARSER", request.param)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("~ null Null NULL", None),
        ("true True TRUE", True),
        ("false False FALSE", False),
        ("10 +10 0xA 0xa 0o12", 10),
        ("1.5 +1.5 15e-1 1.5e0 01.5", 1.5),
        (".5 5.e-1 0.5", 0.5),
        ("1e3 1.E+3", 1000.0),
        ("-0.0 -.0", -0.0),
    ],
)
def test_a_plain_word_is_read_by_the_core_schema_of_yaml_1_2(words: str, value: object) -> None:
    for word in words.split():
        assert repr(parse_yaml(word).value) == repr(value)


@pytest.mark.parametrize(
    "word",
    ["yes", "no", "on", "off", "y", "n", "012", "-01", "0b1", "1_000", "12:30", "2001-12-14",
     "+0x1", "0o8", "0xg", "tRue", "nULL", "1.2.3", "1e", ".", "+", "-.", "e5", ".infinity",
     "'1'", '"~"', "!!str 1", "! 1", "!<tag:yaml.org,2002:str> 1"],
)  # fmt: skip
def test_everything_else_is_a_text(word: str) -> None:
    tree = parse_yaml(word)
    assert isinstance(tree.value, str)
    assert not tree.problems


def test_an_empty_value_is_null_and_an_empty_text_is_not() -> None:
    assert parse_yaml("a:\nb: ''\nc: !!str\nd: &x\ne: *x").value == {
        "a": None,
        "b": "",
        "c": "",
        "d": None,
        "e": None,
    }


def test_tags_of_the_core_schema_are_honoured() -> None:
    text = (
        "[!!int 1, !!float 1, !!float 1.5, !!bool true, !!null '', !!seq [], !!map {}, !!int '2']"
    )
    assert repr(parse_yaml(text).value) == "[1, 1.0, 1.5, True, None, [], {}, 2]"


TWICE = "the key 'a' is there twice: the first is at line 1, column 1"
NO_MERGE = (
    "merge keys (<<) are not read: write the entries out, or refer to a whole value with an alias"
)


@pytest.mark.parametrize(
    ("text", "value", "problems"),
    [
        ("a: 1\na: 2\nb: 3", {"a": 1, "b": 3}, [f"line 2, column 1: {TWICE}"]),
        ("a: 1\n'a': {b: .inf}", {"a": 1}, [
            f"line 2, column 1: {TWICE}",
            "line 2, column 10: at a.b: .inf is no number in JSON: a finite number is needed",
        ]),
        ("- 1: a", [{}], ["line 1, column 3: at [0]: a key is a text, not 1: quote it"]),
        ("~: a", {}, ["line 1, column 1: a key is a text, not null: quote it"]),
        ("? [a, .nan]\n: .inf\nb: c", {"b": "c"}, [
            "line 1, column 7: at [1]: .nan is no number in JSON: a finite number is needed",
            "line 1, column 3: a key is a text, not a list",
            "line 2, column 3: .inf is no number in JSON: a finite number is needed",
        ]),
        ("{{a: b}: c}", {}, ["line 1, column 2: a key is a text, not a mapping"]),
        ("a: &x 1\n*x : b", {"a": 1}, ["line 2, column 1: a key is a text, not 1: quote it"]),
        ("a: &x b\n*x : c", {"a": "b", "b": "c"}, []),
        ("a: &x {b: c}\nd:\n  <<: *x\n  e: f", {"a": {"b": "c"}, "d": {"e": "f"}},
         [f"line 3, column 3: at d: {NO_MERGE}"]),
        ("!!merge a: {b: c}", {}, [f"line 1, column 1: {NO_MERGE}"]),
        ("'<<': [<<]", {"<<": ["<<"]}, []),
        ("a: *x", {"a": None},
         ["line 1, column 4: at a: *x stands for nothing: there is no &x before"]),
        ("a: &x [b, *x]", {"a": ["b", None]},
         ["line 1, column 11: at a[1]: *x is within &x itself: it would never end"]),
        ("&x [*x, &x 1, *x]", [None, 1, 1],
         ["line 1, column 5: at [0]: *x is within &x itself: it would never end"]),
        ("a: &x 1\nb: &x 2\nc: *x", {"a": 1, "b": 2, "c": 2}, []),
        ("!!python/object/apply:os.system ['true']", ["true"], [
            "line 1, column 1: the tag !!python/object/apply:os.system is not read for a list: "
            "leave it out"
        ]),
        ("a: !!python/name:os.system", {"a": None},
         ["line 1, column 4: at a: the tag !!python/name:os.system is not read: leave it out"]),
        ("a: !x b", {"a": None}, ["line 1, column 4: at a: the tag !x is not read: leave it out"]),
        ("a: !!binary aGk=", {"a": None},
         ["line 1, column 4: at a: the tag !!binary is not read: leave it out"]),
        ("!!set {a}", {"a": None},
         ["line 1, column 1: the tag !!set is not read for a mapping: leave it out"]),
        ("!!map []", [], ["line 1, column 1: the tag !!map is not read for a list: leave it out"]),
        ("!!int x", None, ["line 1, column 1: 'x' is no !!int"]),
        ("!!int 1.5", None, ["line 1, column 1: '1.5' is no !!int"]),
        ("!!int true", None, ["line 1, column 1: 'true' is no !!int"]),
        ("%TAG ! tag:evil,2000:\n---\n!a b", None,
         ["line 3, column 1: the tag tag:evil,2000:a is not read: leave it out"]),
        ("a: 1e999", {"a": None}, ["line 1, column 4: at a: this number is too large for a float"]),
        ("[-.INF]", [None],
         ["line 1, column 2: at [0]: -.INF is no number in JSON: a finite number is needed"]),
        ("9" * 4_301, None,
         ["line 1, column 1: a whole number may have 4,300 digits, not 4,301"]),
        ("9" * 10_000, None,
         ["line 1, column 1: a whole number may have 4,300 digits, not 10,000"]),
        ("0x" + "f" * 4_000, None,
         ["line 1, column 1: a whole number may have 4,300 digits, not more"]),
        ("a: 1\n---\n*x", {"a": 1},
         ["line 2, column 1: a second document begins here: only the first is read"]),
        ("a: 1\n...\n", {"a": 1}, []),
        ("---\n...\n---\n", None,
         ["line 3, column 1: a second document begins here: only the first is read"]),
    ],
)  # fmt: skip
def test_yaml_that_is_read_with_problems(text: str, value: object, problems: list[str]) -> None:
    tree = parse_yaml(text)
    assert tree.value == value
    assert [str(problem) for problem in tree.problems] == problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the document is empty"),
        ("# only this\n", "line 1, column 1: the document is empty"),
        ("a: b: c", "line 1, column 5: there is a ':' where no value can begin"),
        ("a:\n\tb: c", "line 2, column 1: no value begins with this character"),
        ("a: @b", "line 1, column 4: no value begins with this character: quote the text"),
        (
            "[a, b\n",
            r"line 2, column 1: ',' or ']' is needed here .in the list that begins at line 1",
        ),
        ("{a: b\nc: d}", "line 2, column 2: "),
        ("a: 'b\n", r"line 2, column 1: the text ends within quotes .*begins at line 1, column 4"),
        ("- a\nb: c", "line 2, column 1: this .*in the list that begins at line 1, column 1"),
        ("a: [b]]", "line 1, column 7: "),
        ("&a &b c", "line 1, column 4: the document has ended before this"),
        ("!x!y z", "line 1, column 1: this tag is not read"),
        ("%YAML 2.0\n--- a", "line 1, column 1: only YAML 1.1 and 1.2 are read"),
        ('"\\q"', "line 1, column [23]: there is no such escape"),
        ("a\x00", r"line 1, column 2: the character U\+0000 is not allowed in YAML: .* UTF-16"),
        ("a: \x1b[1m", r"line 1, column 4: the character U\+001B is not allowed in YAML$"),
        ("a\ud800", r"line 1, column 2: U\+D800 is half of a surrogate pair"),
        (b"a: \xff", "line 1, column 4: byte 0xff is not UTF-8 .* save the document in UTF-8"),
        (b"\xff\xfea", "line 1, column 1: byte 0x61 is not UTF-16 "),
        ("a: 1".encode("utf-16-le"), r"U\+0000 is not allowed in YAML: .* UTF-16"),
    ],
)
def test_a_text_that_is_no_yaml_is_one_problem_on_one_line(text: str | bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_yaml(text)
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert "\n" not in problem.message


def test_an_escape_of_half_a_surrogate_pair_is_a_problem() -> None:
    try:
        problems = parse_yaml('a: "\\ud800"').problems
    except DocumentError as error:
        problems = error.problems
    assert len(problems) == 1


def test_problems_before_the_end_of_the_reading_are_told_too() -> None:
    with pytest.raises(DocumentError) as caught:
        parse_yaml("1: a\nb: !c d\ne: [\n")
    lines = [problem.position.line for problem in caught.value.problems if problem.position]
    assert lines == [1, 2, 4]


def test_of_a_text_with_nothing_but_problems_the_first_are_told() -> None:
    for read, text in ((parse_yaml, "a:\n" * 12_000), (parse_json, f"[{'NaN,' * 12_000}NaN]")):
        with pytest.raises(DocumentError, match="… and 9951 more") as caught:
            read(text)
        assert len(caught.value.problems) == PROBLEMS + 1
        assert "what follows is not read" in caught.value.problems[-1].message


def test_a_long_key_is_short_in_a_path() -> None:
    tree = parse_yaml(f"? {'k' * 100_000}\n: [.inf]")
    assert len(str(tree.problems[0])) < 300


@pytest.mark.parametrize(
    ("text", "value", "problems"),
    [
        ('{"a": 1,\n"a": {"b": NaN}}', {"a": 1}, [
            "line 2, column 1: the key 'a' is there twice: the first is at line 1, column 2",
            "line 2, column 12: at a.b: NaN is no number in JSON: a finite number is needed",
        ]),
        ("[Infinity, -Infinity]", [None, None], [
            "line 1, column 2: at [0]: Infinity is no number in JSON: a finite number is needed",
            "line 1, column 12: at [1]: -Infinity is no number in JSON: a finite number is needed",
        ]),
        ("-1e400", None, ["line 1, column 1: this number is too large for a float"]),
        ("-" + "9" * 4_301, None,
         ["line 1, column 1: a whole number may have 4,300 digits, not 4,301"]),
        ('{"\\ud800": "\\udc00 \\ud83d\\ude80"}', {"": " 🚀"}, [
            "line 1, column 2: U+D800 is half of a surrogate pair, not a character",
            'line 1, column 12: at "": U+DC00 is half of a surrogate pair, not a character',
        ]),
    ],
)  # fmt: skip
def test_json_that_is_read_with_problems(text: str, value: object, problems: list[str]) -> None:
    tree = parse_json(text)
    assert tree.value == value
    assert [str(problem) for problem in tree.problems] == problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: the document is empty"),
        (" \r\n\t", "line 1, column 1: the document is empty"),
        ("[1,]", "line 1, column [34]: "),
        ("[1 2]", "line 1, column 4: ',' or the end of the list or mapping is needed here"),
        ("{a: 1}", 'line 1, column 2: a key is needed here, in "quotes"'),
        ('{"a" 1}', "line 1, column 6: ':' is needed here"),
        ("[1] 2", "line 1, column 5: the document has ended before this"),
        ('["a', "line 1, column 2: the text that begins here has no end"),
        ('["\n"]', "line 1, column 3: a text is on one line"),
        ('"\\q"', "line 1, column 2: there is no such escape"),
        ('"\\u12"', "line 1, column [34]: .u needs four digits of base 16"),
        ("nul", "line 1, column 1: a value is needed here"),
        ("\x00", "line 1, column 1: a value is needed here"),
        ("[01]", "line 1, column 3: "),
        (b"\xff", "line 1, column 1: byte 0xff is not UTF-8"),
        ("\ud800", r"line 1, column 1: U\+D800 is half of a surrogate pair"),
    ],
)
def test_a_text_that_is_no_json_is_one_problem_on_one_line(text: str | bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_json(text)
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert "\n" not in problem.message


class Text(str):
    """A text of another class; `lower` and the rest are those of `str`."""


class Data(bytes):
    """The same of bytes."""


def test_texts_of_another_class_are_read_as_texts() -> None:
    for read in (parse_yaml, parse_json):
        for text in (Text('["a"]'), Data(b'["a"]')):
            assert read(text).value == ["a"]
