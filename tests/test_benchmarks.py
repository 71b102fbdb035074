"""The benchmarks run, and measure what they say."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.harness import (
    Above,
    AtMost,
    Bound,
    Measurement,
    Miscounted,
    Total,
    Workload,
    measure,
    microseconds,
)
from benchmarks.weights import resident
from tests.documents import ROOT


def workload(bound: Bound, log: list[str] | None = None) -> Workload:
    seen: list[str] = [] if log is None else log

    async def ours() -> float:
        seen.append("ours")
        return float(len(seen))

    async def floor() -> float:
        seen.append("floor")
        return 1.0

    return Workload("work", "step", ours, floor, "nothing", bound)


def test_ours_and_the_floor_take_turns_after_a_round_that_does_not_count() -> None:
    log: list[str] = []
    measured = asyncio.run(measure(workload(AtMost(1), log), 3))
    assert log == ["floor", "ours", *["floor", "ours"], *["ours", "floor"], *["floor", "ours"]]
    assert measured.ours == [4.0, 5.0, 8.0]
    assert measured.floor == [1.0] * 3


def test_the_figure_is_the_ratio_of_medians_and_its_spread_that_of_rounds() -> None:
    measured = Measurement(workload(AtMost(1)), ours=[3.0, 4.0, 100.0], floor=[1.0, 2.0, 1000.0])
    assert measured.ratio == 2.0
    assert measured.spread == (0.1, 3.0)


@pytest.mark.parametrize(
    ("bound", "is_within"),
    [
        (AtMost(2.0), True),
        (AtMost(1.9), False),
        (Above(1.5), True),
        (Above(1.4), False),
        (Total(3.0), True),
        (Total(2.9), False),
    ],
    ids=str,
)
def test_a_bound_is_on_the_ratio_the_difference_or_the_amount(
    bound: Bound, is_within: bool
) -> None:
    measured = Measurement(workload(bound), ours=[3.0] * 3, floor=[1.5] * 3)
    assert measured.is_within_bound is is_within


def test_work_that_was_not_done_is_not_measured() -> None:
    async def lazy() -> int:
        return 9

    with pytest.raises(Miscounted, match="20 operations were to be measured, 18 were done"):
        asyncio.run(_amount(lazy))


async def _amount(work: Callable[[], Awaitable[int]]) -> float:
    return await microseconds(work, 10, repeats=2)()


def test_every_workload_runs_and_is_written(tmp_path: Path) -> None:
    """In a process of its own: the objects of all other tests would be collected over and over."""
    path = tmp_path / "results.json"
    words = [sys.executable, "-m", "benchmarks", "--rounds", "1", "--json", str(path)]
    run = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    document = json.loads(path.read_text(encoding="utf-8"))
    printed = run.stdout
    assert document["python"] in printed
    assert document["results"]
    for result in document["results"]:
        assert result["workload"] in printed
        assert result["bound"] in printed
        assert len(result["ours"]) == len(result["floor"]) == 1
        assert result["ours"][0] > 0


def test_a_heavy_workload_is_measured_only_if_it_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log: list[str] = []
    light, heavy = workload(AtMost(1)), replace(workload(AtMost(1), log), only_if_named=True)

    @asynccontextmanager
    async def workloads() -> AsyncIterator[list[Workload]]:
        yield [replace(light, name="light work"), replace(heavy, name="heavy work")]

    monkeypatch.setattr("benchmarks.__main__.ALL", [workloads])
    main(["--rounds", "1"])
    assert "heavy work" not in capsys.readouterr().out
    assert not log
    main(["--rounds", "1", "heavy"])
    assert "heavy work" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("kind", ["actors", "tasks"])
def test_resident_memory_is_that_of_a_process_of_its_own(kind: str) -> None:
    grown = asyncio.run(_resident(kind))
    assert 100 < grown < 10_000


async def _resident(kind: str) -> float:
    return await resident(kind, 10_000)()


def test_a_name_that_no_workload_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--rounds", "1", "no such work"])
    assert "no workload has 'no such work' in its name" in capsys.readouterr().err
