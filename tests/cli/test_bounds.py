"""`eiaa bounds`: what a run may cost."""

import json
from pathlib import Path

from tests.cli import process
from tests.cli.conftest import Command

DONE = 0


def test_bounds_are_a_table(eiaa: Command) -> None:
    answer = eiaa("bounds", "answer.yaml", "--registry", "library")
    assert (answer.code, answer.err) == (DONE, "")
    assert answer.out.splitlines() == [
        "always called  Browse, Search",
        "to succeed     Browse, Search, Write",
        "may be called  Browse, Search, Write",
        "agent calls    at least 2 (3 to succeed), at most 3",
        "at once        at most 2",
        "time           at most 1 min 00 s",
        "critical path  Search → Write",
    ]


def test_without_unicode_a_table_is_ascii(tmp_path: Path) -> None:
    (tmp_path / "flows.py").write_text(
        "from everything_is_an_actor.flow import agent\n"
        "async def é(x: str) -> str: return x\n"
        "twice = agent(é) >> agent(é)\n",
        encoding="utf-8",
    )
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    run = process.eiaa("bounds", "flows:twice", cwd=tmp_path, environment=ascii_only)
    assert run.stdout.endswith("critical path  ? -> ?\n")
    assert (run.stderr, run.returncode) == ("", DONE)


def test_what_has_no_bound_says_so(eiaa: Command) -> None:
    chosen = eiaa("bounds", "library:chosen").out
    assert "may be called  Search, and whatever a `bind` chooses\n" in chosen
    assert "agent calls    at least 1, no upper bound\n" in chosen
    assert "time           no bound: an agent, a loop or a `bind` on the way has none\n" in chosen
    looping = eiaa("bounds", "library:looping").out
    assert "time           at most 5.0 s, side flows without a bound\n" in looping


def test_json_has_every_bound_and_null_for_none(eiaa: Command) -> None:
    record = json.loads(eiaa("bounds", "library:looping", "--json").out)
    assert record == {
        "must": ["Search"],
        "must_to_succeed": ["Search", "Write"],
        "may": ["Search", "Write"],
        "complete": True,
        "least_calls": 1,
        "least_calls_to_succeed": 2,
        "most_calls": 2,
        "seconds": 5.0,
        "seconds_with_sides": None,
        "critical_path": ["Search"],
        "peak_concurrency": 1,
    }
