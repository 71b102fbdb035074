"""Documents as programs: whatever is in one, it is read, or told line by line."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.cli.program import (
    BadDocument,
    load_program,
    load_structure,
    syntax_of,
)

KEYS = st.sampled_from(
    ("agent", "pure", "steps", "all", "race", "retry", "guard", "source", "check", "times", "flow")
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | KEYS,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(KEYS | st.text(), part, max_size=3),
    max_leaves=12,
)
DETERMINISTIC = settings(
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@DETERMINISTIC
@given(VALUES.map(yaml.safe_dump) | VALUES.map(json.dumps) | st.text(max_size=40))
def test_any_text_is_a_structure_or_lines_that_say_where_it_is_none(
    tmp_path: Path, text: str
) -> None:
    file = tmp_path / "some.yaml"
    file.write_text(text, encoding="utf-8", errors="replace", newline="")
    for line in problems_of(str(file)):
        assert line.startswith(f"{file}:")
        assert line.isprintable()


def problems_of(file: str) -> list[str]:
    try:
        load_structure(file, "yaml")
    except BadDocument as bad:
        return str(bad).split("\n")
    return []


def test_the_structure_of_an_example_is_read_without_its_names() -> None:
    file = Path(__file__).parents[2] / "examples" / "ask_docs" / "pipeline.yaml"
    assert isinstance(load_structure(str(file), "yaml"), dict)
    with pytest.raises(BadDocument, match="names are those of the modules that --registry names"):
        load_program(str(file), None)


@pytest.mark.parametrize(
    ("name", "syntax"),
    [
        ("a.yaml", "yaml"),
        ("b/A.YML", "yaml"),
        ("a.json", "json"),
        ("myapp.flows:answer", None),
        ("yaml", None),
        ("json:flow", None),
    ],
)
def test_a_document_is_known_by_its_name(name: str, syntax: str | None) -> None:
    assert syntax_of(name) == syntax
