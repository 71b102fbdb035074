"""The paper is typeset from what was measured and checked: no number in its tables is typed in."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
import yaml

from everything_is_an_actor import ActorSystem
from examples.ask_docs import flow
from examples.ask_docs.__main__ import QUESTIONS
from paper import facts, listings
from paper.__main__ import MAIN, READ, Untypeset, typeset
from paper.demo import demo

ROOT = Path(__file__).parents[1]
RESULTS = Path("benchmarks", "results")
MEASURED = ("own-figure", "actors-figure", "workflows-figure")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What the paper is made of, in a folder of its own."""
    shutil.copytree(ROOT / "paper", tmp_path / "paper", ignore=lambda *_: {"__pycache__"})
    for path in READ:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def test_it_is_typeset_without_a_warning_and_the_same_files_give_the_same_bytes() -> None:
    pdf = typeset(ROOT)
    assert pdf.startswith(b"%PDF")
    assert typeset(ROOT) == pdf


def test_what_it_says_of_the_code_is_true_of_the_code() -> None:
    written = (ROOT / "paper" / "facts.json").read_text(encoding="utf-8")
    assert written == facts.as_json(), "to write it anew: python -m paper.facts > paper/facts.json"


@pytest.mark.parametrize("path", READ, ids=Path.as_posix)
def test_a_file_that_is_missing_is_named_with_its_origin(path: Path, checkout: Path) -> None:
    (checkout / path).unlink()
    with pytest.raises(Untypeset, match=re.escape(path.as_posix())) as raised:
        typeset(checkout)
    assert READ[path] in str(raised.value)


def test_a_workload_that_is_missing_is_named(checkout: Path) -> None:
    rewrite(checkout / RESULTS / "own.json", results=[])
    with pytest.raises(Untypeset, match=r"benchmarks/results/own\.json has no workload tell"):
        typeset(checkout)


def test_a_warning_of_typst_is_an_error(checkout: Path) -> None:
    with (checkout / MAIN).open("a", encoding="utf-8") as main:
        main.write('\n#text(font: "No Such Font")[x]\n')
    with pytest.raises(Untypeset, match="no such font"):
        typeset(checkout)


def test_every_number_in_a_table_of_measurements_is_read_from_the_results(checkout: Path) -> None:
    """Where all that was measured is made of sevens, so is every number of a table.

    But for ratios: all others take ten times what ours takes.
    """
    for name in ("own", "peers", "growth"):
        path = checkout / RESULTS / f"{name}.json"
        rewrite(path, rounds=7, results=list(made_up(path)))
    typeset(checkout)
    for label in MEASURED:
        numbers = set(re.findall(r"[\d.,]*\d", "\n".join(texts_of(label, checkout))))
        assert "7.77" in numbers, label
        assert all(set(number) <= set("7.,") or number == "0.100" for number in numbers), numbers


def made_up(path: Path) -> Iterator[dict[str, Any]]:
    """The same results with other numbers."""
    for result in json.loads(path.read_text(encoding="utf-8"))["results"]:
        result |= {"workload": result["name"], "per": "piece", "size": 7}
        if "sides" in result:
            for name, side in result["sides"].items():
                median = 7.77 if name == "ours" else 77.7
                side |= {"median": median, "what": "a side", "version": "7.7"}
        else:
            result["sizes"] = [{"size": 7, "median": 7.77, "peak_bytes": 7e7}] * 2
        yield result


def test_a_program_that_it_shows_is_that_of_the_case_study() -> None:
    assert listings.answer == flow.answer


async def test_a_program_that_it_shows_does_what_is_said_of_it() -> None:
    async with ActorSystem("paper") as system:
        assert await system.run_free(listings.longer("one", "three")) == "three"


def test_a_program_that_is_missing_is_named(checkout: Path) -> None:
    path = checkout / "paper" / "listings.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("# [pipeline]", ""), encoding="utf-8")
    with pytest.raises(Untypeset, match=r"paper/listings\.py has no program pipeline"):
        typeset(checkout)


def test_the_questions_of_the_demo_are_those_that_are_asked_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASK_DOCS_LOG", str(tmp_path / "log.jsonl"))
    written = json.loads((ROOT / "paper" / "demo.json").read_text(encoding="utf-8"))
    asked = demo(rounds=1)
    assert asked.keys() == written.keys()
    for now, then in zip(asked["results"], written["results"], strict=True):
        assert now.keys() == then.keys()
        assert now["calls"] > 0
    assert [each["question"] for each in written["results"]] == list(QUESTIONS)
    assert not written["commit"].endswith("+")


def texts_of(label: str, root: Path) -> Iterator[str]:
    """The texts of the cells of a table."""
    found = typst.query(str(root / MAIN), f"<{label}>", root=str(root), ignore_system_fonts=True)
    (figure,) = json.loads(found)
    return texts(figure["body"])


def texts(content: Any) -> Iterator[str]:
    match content:
        case {"text": str(text)}:
            yield text
        case dict():
            for part in content.values():
                yield from texts(part)
        case list():
            for part in content:
                yield from texts(part)
        case _:
            pass


def rewrite(path: Path, **changed: object) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(document | changed), encoding="utf-8")


def test_every_reference_is_cited_and_every_citation_has_its_reference() -> None:
    main = (ROOT / MAIN).read_text(encoding="utf-8")
    references = (ROOT / "paper" / "references.bib").read_text(encoding="utf-8")
    keys = re.findall(r"^@\w+\{(\w+),", references, re.MULTILINE)
    assert len(set(keys)) == len(keys)
    assert [key for key in keys if f"@{key}" not in main] == []


def test_the_citation_is_of_this_project() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == project["version"]
    assert citation["license"] == project["license"]
    assert citation["authors"] == project["authors"] == citation["preferred-citation"]["authors"]
    assert {"cff-version", "message", "title", "type"} <= citation.keys()
