"""The benchmarks run, and measure what they say."""

import asyncio
import gc
import io
import json
import platform
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

from benchmarks import machine, markdown, measuring, peers, side
from benchmarks.__main__ import SMALL, WIDTH, main
from benchmarks.document import read, result
from benchmarks.growth import Growth, measure_growth
from benchmarks.measuring import (
    Answer,
    Conditions,
    Contender,
    Hello,
    Measurement,
    Samples,
    SideFailed,
    measure,
)
from benchmarks.peers import PLAIN
from benchmarks.rendering import GUIDE, PICTURES, filled, rendered
from benchmarks.report import table_of_peers
from benchmarks.serving import serve
from benchmarks.workload import FLOOR, OURS, Above, AtMost, Bound, Total, Workload
from benchmarks.workloads import SECTIONS, named
from tests.documents import ROOT

NAMES = [name for names in SECTIONS.values() for name in names]
WORKLOADS = ROOT / "benchmarks" / "workloads"
QUICK = Conditions(rounds=3, shortest=0)
WORK = Workload("work", "step", (AtMost(2),))


def samples(*amounts: float) -> Samples:
    return Samples(Hello("work", "1.0", "Python"), [Answer(1, amount, 0) for amount in amounts])


def measured(**sides: Samples) -> Measurement:
    return Measurement(WORK, 1, sides)


# -- figures -----------------------------------------------------------------------------------


def test_the_figure_is_the_ratio_of_medians_and_its_spread_that_of_rounds() -> None:
    both = measured(ours=samples(3, 4, 100), floor=samples(1, 2, 1000))
    assert both.medians == {OURS: 4, FLOOR: 2}
    assert both.ratio() == 2
    assert both.spread() == (0.1, 3)


def test_there_is_no_ratio_to_a_side_that_is_not_there() -> None:
    alone = measured(ours=samples(1))
    assert alone.ratio() is None
    assert alone.spread("pykka") is None


@pytest.mark.parametrize(
    ("bound", "is_kept"),
    [
        (AtMost(2), True),
        (AtMost(1.9), False),
        (AtMost(1, of="warm"), True),
        (AtMost(0.9, of="warm"), False),
        (AtMost(1, of="nobody"), None),
        (Above(1.5), True),
        (Above(1.4), False),
        (Total(3), True),
        (Total(2.9), False),
    ],
    ids=str,
)
def test_a_bound_is_on_the_ratio_the_difference_or_the_amount(
    bound: Bound, is_kept: bool | None
) -> None:
    assert bound.is_kept({OURS: 3, FLOOR: 1.5, "warm": 3}) is is_kept


@pytest.mark.parametrize(
    "bound",
    [AtMost(9), AtMost(9, of="warm"), Above(9)],
    ids=["ratio", "other", "difference"],
)
def test_a_bound_on_a_side_that_is_not_there_is_neither_kept_nor_broken(bound: Bound) -> None:
    assert bound.is_kept({OURS: 3}) is None


def test_a_bound_may_be_that_of_one_size_only() -> None:
    work = replace(WORK, reach_at={5: (Total(3),)})
    assert work.bounds(5) == (AtMost(2), Total(3))
    assert work.bounds(6) == (AtMost(2),)


@pytest.mark.parametrize(
    ("greatest", "is_linear"), [(2.5, True), (2.6, False)], ids=["flat", "steep"]
)
def test_a_cost_is_linear_that_stays_as_it_is_at_the_middle_size(
    greatest: float, is_linear: bool
) -> None:
    growth = Growth(WORK, {1: samples(90), 10: samples(2), 100: samples(greatest)})
    assert growth.ratio == greatest / 2
    assert growth.is_linear is is_linear


def test_how_much_the_floor_grows_is_told_and_excuses_nothing() -> None:
    sizes = {1: samples(90), 10: samples(2), 100: samples(5)}
    growth = Growth(WORK, sizes, {10: samples(3), 100: samples(12)})
    assert growth.floor_ratio == 4
    assert not growth.is_linear
    assert Growth(WORK, sizes).floor_ratio is None


async def test_the_floor_is_asked_only_where_ours_is_not_flat(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def answers(
        runs: Sequence[tuple[Contender, int]], _conditions: Conditions, **_options: object
    ) -> list[Samples]:
        return [samples(size) for _, size in runs]

    monkeypatch.setattr("benchmarks.growth.in_turn", answers)
    work = replace(WORK, growth=(1, 10, 100))
    steep = await measure_growth("tell", work, QUICK)
    assert list(steep.floor) == [10, 100]
    assert not steep.is_linear
    assert (await measure_growth("tell", replace(work, flat=10), QUICK)).floor == {}
    assert (await measure_growth("tell", replace(work, grows_as="nobody"), QUICK)).floor == {}


# -- rounds, and the processes that do them ------------------------------------------------------


def a_side(folder: Path, name: str, text: str) -> Contender:
    """A module beside which this library is not even there."""
    (folder / f"{name}.py").write_text(
        f'''"""What {name} does.

Like nobody else.
"""
import asyncio, os, sys
from contextlib import asynccontextmanager
from benchmarks.side import Sample, clocked, percentile, sample, timed

@asynccontextmanager
async def side(size):
    async def work():
        {text}
    {"yield work" if "yield" not in text else ""}
'''
    )
    return Contender(name, name, sys.executable, source=folder)


def run(*contenders: Contender, work: Workload = WORK, size: int = 20) -> Measurement:
    return asyncio.run(measure(work, size, contenders, QUICK))


def test_sides_take_turns_after_a_round_that_does_not_count(tmp_path: Path) -> None:
    log = tmp_path / "log"
    text = (
        f"with open({str(log)!r}, 'a+') as log: print(__name__, file=log); log.seek(0); "
        "return Sample(size, len(log.readlines()))"
    )
    both = run(a_side(tmp_path, OURS, text), a_side(tmp_path, FLOOR, text))
    warm_up, rounds = [OURS, FLOOR], [*[OURS, FLOOR], *[FLOOR, OURS], *[OURS, FLOOR]]
    assert log.read_text().split() == warm_up + rounds
    assert both.sides[OURS].amounts == [3, 6, 7]
    assert both.sides[FLOOR].amounts == [4, 5, 8]


def test_a_side_says_what_it_is_and_how_much_memory_it_took(tmp_path: Path) -> None:
    (said,) = run(a_side(tmp_path, OURS, "return Sample(1, 1)")).sides.values()
    assert said.hello.is_ == "What ours does"
    assert said.hello.version == version("everything-is-an-actor")
    assert said.hello.python.startswith("CPython 3.")
    assert 1_000_000 < said.peak < 1_000_000_000


@pytest.mark.parametrize(("is_afresh", "processes"), [(False, 1), (True, 3)])
def test_a_side_goes_on_in_one_process_or_begins_each_round_afresh(
    is_afresh: bool, processes: int, tmp_path: Path
) -> None:
    ours = a_side(tmp_path, OURS, "return Sample(1, os.getpid())")
    said = run(ours, work=replace(WORK, is_afresh=is_afresh)).sides[OURS]
    assert len(said.amounts) == 3
    assert len(set(said.amounts)) == processes


def test_what_a_side_prints_is_not_taken_for_an_answer(tmp_path: Path) -> None:
    text = "print('{}'); os.system('echo {}'); return Sample(1, 2)"
    assert run(a_side(tmp_path, OURS, text)).sides[OURS].amounts == [2, 2, 2]


FAILING: Mapping[str, tuple[str, str]] = {
    "miscounts": ("return sample(1, 18, size)", "20 operations were to be measured, 18 were done"),
    "raises": ("raise OSError('no luck')", "OSError: no luck"),
    "ends": ("print('goodbye', flush=True); os._exit(3)", "has ended with 3; it wrote:\ngoodbye"),
    "goes on and on": ("print('on\\n' * 99_999 + 'off', flush=True); os._exit(1)", "on\noff"),
    "ends in silence": ("os._exit(0)", "has ended with 0; it wrote:\nnothing"),
}


@pytest.mark.parametrize(("text", "message"), FAILING.values(), ids=FAILING)
def test_a_side_that_fails_is_an_error_that_says_what_it_wrote(
    text: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(SideFailed) as failure:
        run(a_side(tmp_path, OURS, text))
    assert str(failure.value).startswith("ours has ended with ")
    assert message in str(failure.value)
    assert len(str(failure.value).splitlines()) < 50


@pytest.mark.parametrize("line", ["rubbish", "3", '{"is_": "work"}', "x" * 100_000], ids=len)
def test_a_side_that_makes_no_sense_is_an_error(line: str, tmp_path: Path) -> None:
    impostor = tmp_path / "python"
    impostor.write_text(f"#!/bin/sh\necho '{line}'\ncat\n")
    impostor.chmod(0o755)
    with pytest.raises(SideFailed, match="ours made no sense"):
        run(Contender(OURS, "ours", str(impostor)))


def test_a_side_that_is_silent_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\ncat\n")
    sleeper.chmod(0o755)
    monkeypatch.setattr(measuring, "PATIENCE", 0.0)
    with pytest.raises(SideFailed, match="ours was silent for 0 s"):
        run(Contender(OURS, "ours", str(sleeper)))


def test_a_peer_that_fails_is_left_out(tmp_path: Path) -> None:
    ours = a_side(tmp_path, OURS, "return Sample(1, 1)")
    peer = a_side(tmp_path, "peer", "raise OSError('no luck')")
    both = run(ours, peer)
    assert list(both.sides) == [OURS]
    assert both.failures == {"peer": "OSError: no luck"}


def test_short_work_is_repeated_as_often_in_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter(range(1_000))
    monkeypatch.setattr(side, "perf_counter", lambda: next(ticks) * 0.1)
    monkeypatch.setattr(side, "SHORTEST", 0.35)  # what one measurement takes: three ticks
    calls = 0

    async def work() -> int:
        nonlocal calls
        calls += 1
        if calls > 3:
            next(ticks)
        return 5

    async def three_rounds() -> list[int]:
        one_round = side.timed(work, 5)
        return [(await one_round()).operations for _ in range(3)]

    assert asyncio.run(three_rounds()) == [20, 20, 20]
    assert calls == 1 + 2 + 4 + 4 + 4


def test_work_that_times_itself_is_an_average_over_its_operations(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(side, "SHORTEST", 0)
    work = iter([side.Sample(1, 10.0), side.Sample(3, 2.0)])

    async def next_one() -> side.Sample:
        return next(work)

    async def two_rounds() -> list[side.Sample]:
        one_round = side.clocked(next_one)
        return [await one_round(), await one_round()]

    assert asyncio.run(two_rounds()) == [(1, 10.0), (3, 2.0)]


def test_a_percentile_is_that_of_single_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [step for i in range(1, 100) for step in (0.0, i * 1e-6)]
    times = accumulate(steps)
    monkeypatch.setattr(side, "perf_counter", lambda: next(times))

    async def one() -> int:
        return 1

    async def amount() -> float:
        return (await side.percentile(90, one, 99)()).amount

    assert asyncio.run(amount()) == pytest.approx(90)


# -- the workloads -------------------------------------------------------------------------------


def test_every_workload_is_shown_in_one_section() -> None:
    packages = [path.parent.name for path in WORKLOADS.glob("*/__init__.py")]
    assert sorted(NAMES) == sorted(packages)


@pytest.mark.parametrize("name", NAMES)
def test_a_workload_has_the_sides_that_it_is_bounded_by(name: str) -> None:
    workload = named(name)
    bounds = [bound for size in workload.sizes for bound in workload.bounds(size)]
    for bound in bounds:
        there = {path.stem: 1.0 for path in (WORKLOADS / name).glob("*.py")}
        assert bound.is_kept(there) is not None, bound
    assert bounds


@pytest.mark.parametrize("name", [name for name in NAMES if named(name).peers])
def test_every_library_beside_a_workload_has_a_bound(name: str) -> None:
    modules = {path.stem for path in (WORKLOADS / name).glob("*.py")}
    libraries = modules - {"__init__", OURS, FLOOR, *PLAIN}
    assert {bound.of for bound in named(name).ahead} == libraries


@pytest.mark.parametrize("name", [name for name in NAMES if named(name).growth])
def test_a_workload_grows_over_three_sizes_at_least(name: str) -> None:
    growth = named(name).growth
    assert len(growth) >= 3
    assert sorted(set(growth)) == list(growth)


@pytest.fixture
def few_objects() -> Iterator[None]:
    """Those of all other tests would be looked at in every round."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize(
    ("name", "side_name"),
    [
        (name, side_name)
        for name in NAMES
        for side_name in named(name).sides
        if (WORKLOADS / name / f"{side_name}.py").exists()
    ],
)
@pytest.mark.usefixtures("few_objects")
async def test_every_side_does_all_its_work(
    name: str, side_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(side, "SHORTEST", 0)
    workload, replies = named(name), io.StringIO()
    size = min(workload.sizes[0], SMALL)
    rounds = io.StringIO("\n" * (1 if workload.is_afresh else 2))
    await serve(f"benchmarks.workloads.{name}.{side_name}", size, rounds, replies)
    hello, *answers = map(json.loads, replies.getvalue().splitlines())
    assert hello["is_"]
    assert answers
    for answer in answers:
        assert answer["operations"] > 0
        assert answer["amount"] > 0 or workload.is_afresh


# -- the command -------------------------------------------------------------------------------


def benchmarks(*arguments: str) -> str:
    """What is printed, by a process of its own."""
    words = [sys.executable, "-m", "benchmarks", *arguments]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_what_is_measured_is_printed_and_written(tmp_path: Path) -> None:
    path = tmp_path / "results.json"
    words = ["--quick", "--rounds", "2", "--json", str(path), "spawn", "first_run"]
    printed = benchmarks(*words)
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["rounds"] == 2
    assert document["command"] == " ".join(["python -m benchmarks", *words])
    assert document["machine"]["python"] in printed
    assert document["machine"]["cpus"] > 0
    assert document["commit"] in printed
    spawn, first_run = document["results"]
    assert list(spawn["sides"]) == [OURS, FLOOR]
    assert list(first_run["sides"]) == [OURS, "warm"]
    for written in (spawn, first_run):
        assert written["workload"] in printed
        assert all(bound in printed for bound in written["reach"])
        assert written["sides"][OURS]["version"]
        for each in written["sides"].values():
            assert each["python"].endswith(document["machine"]["python"])
            assert each["what"]
            assert each["peak_bytes"] > 0
            assert len(each["amounts"]) == 2


def test_how_costs_grow_is_printed_and_written(tmp_path: Path) -> None:
    path = tmp_path / "growth.json"
    words = ["--growth", "--quick", "--rounds", "1", "--json", str(path), "bind_left", "events"]
    printed = benchmarks(*words)
    bind_left = json.loads(path.read_text(encoding="utf-8"))["results"]
    assert [result["workload"] for result in bind_left] == [named("bind_left").title]
    assert [at["size"] for at in bind_left[0]["sizes"]] == [100]
    assert bind_left[0]["ratio"] == 1
    assert bind_left[0]["is_linear"] is True
    assert "100 binds to the left" in printed
    assert "✓ ≤ 1.25x" in printed


def test_a_name_that_no_workload_has_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--rounds", "1", "no such work"])
    assert "no workload has 'no such work' in its name" in capsys.readouterr().err


def test_no_round_at_all_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--rounds", "0"])
    assert "at least 1 round is needed, got 0" in capsys.readouterr().err


async def guessed(
    workload: Workload, size: int, contenders: Sequence[Contender], _: Conditions
) -> Measurement:
    each = Samples(Hello("what it does, at some length", "1.0", "Python"), [Answer(1, 123.456, 0)])
    return Measurement(workload, size, {contender.name: each for contender in contenders})


@pytest.fixture
def guess(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.__main__.measure", guessed)


@pytest.mark.usefixtures("guess")
def test_a_heavy_workload_is_measured_only_if_it_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    million = named("idle_resident").called(1_000_000)
    main([])
    main(["idle"])
    with pytest.raises(SystemExit):
        main(["idle_res"])
    assert million not in capsys.readouterr().out
    main(["idle_resident"])
    assert million in capsys.readouterr().out
    main(["--heavy"])
    assert million in capsys.readouterr().out


@pytest.mark.usefixtures("guess")
def test_the_tables_fit_and_nothing_is_cut_but_what_stands_last(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main([])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    for name in NAMES:
        workload = named(name)
        if not workload.is_heavy:
            for size in workload.sizes:
                (row,) = [line for line in lines if line.startswith(f"{workload.called(size)}  ")]
                assert f"123 {workload.unit}" in row
                assert all(str(bound) in row for bound in workload.bounds(size))
                assert "…" not in row.rstrip()[:-1]


def test_a_side_that_fails_ends_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails(*_: object) -> Measurement:
        raise SideFailed("ours has ended with 3")

    monkeypatch.setattr("benchmarks.__main__.measure", fails)
    with pytest.raises(SystemExit, match="1"):
        main(["tell"])
    assert "ours has ended with 3" in capsys.readouterr().err


# -- peers -------------------------------------------------------------------------------------


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(peers, "ENVIRONMENTS", tmp_path)


@pytest.mark.usefixtures("guess", "nothing_installed")
def test_a_peer_that_is_not_installed_is_named_and_hides_no_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "peers.json"
    main(["--peers", "--json", str(path), "agent_chain"])
    lines = capsys.readouterr().out.splitlines()
    for name in ("ours_uvloop", "apache_burr", "langgraph_saver"):
        (row,) = [line for line in lines if line.startswith(f"{name}  ")]
        assert "failed: not installed" in row
    (written,) = read(path)["results"]
    assert list(written["sides"]) == [OURS, FLOOR, *PLAIN]
    assert {"apache_burr", "langgraph", "langgraph_saver", "dbos"} < written["failures"].keys()


def test_a_peer_of_another_version_is_not_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nothing_installed: None
) -> None:
    versions = tmp_path / "versions"
    versions.mkdir()
    monkeypatch.setattr(peers, "VERSIONS", versions)
    (versions / "pykka.txt").write_text("pykka==4.4.0\n")
    (tmp_path / "pykka").mkdir()
    mark = tmp_path / "pykka" / "installed.txt"
    mark.write_text(f"# for Python {platform.python_version()}\npykka==4.4.0\n")
    assert peers.is_installed("pykka")
    (versions / "pykka.txt").write_text("pykka==4.5.0\n")
    assert not peers.is_installed("pykka")


PEERS = replace(WORK, ahead=(AtMost(1 / 6, of="near"), AtMost(1, of="far")), peers=1)
BESIDE = Measurement(
    PEERS,
    1,
    {OURS: samples(2), FLOOR: samples(1), "near": samples(10), "far": samples(1)},
    {"absent": "no luck"},
)


def printed(table: Table) -> str:
    console = Console(width=WIDTH, file=io.StringIO())
    with console.capture() as capture:
        console.print(table)
    return capture.get()


def test_beside_each_peer_stands_how_far_ahead_ours_is_to_be_and_whether_it_is() -> None:
    rows = {line.split()[0]: line.split() for line in printed(table_of_peers(BESIDE)).splitlines()}
    assert {"0.20x", "✗", "≤", "0.17x"} <= {*rows["near"]}
    assert {"2.00x", "✗", "≤", "1.00x"} <= {*rows["far"]}
    assert "✗" not in rows["floor"]


def test_the_table_of_peers_says_where_one_is_ahead_and_which_has_failed() -> None:
    shown = markdown.peers([result("Actors", "work", BESIDE)])
    rows = {line.split("|")[1].strip(): line for line in shown.splitlines() if "|" in line}
    assert rows["near 1.0"].endswith("| 10 µs (5x) ✗ |")
    assert rows["far 1.0"].endswith("| 1 µs (0.5x) ✗ **ahead** |")
    assert rows["floor"].endswith("| 1 µs (0.5x) |")
    assert rows["absent"].endswith("| failed |")


def test_what_is_said_of_peers_is_how_far_ahead_ours_is_not_what_they_give_and_which_failed() -> (
    None
):
    work = result("Actors", "work", BESIDE)
    told = markdown.ahead([work])
    assert told.startswith("0 of 2 bounds are kept. Not so:")
    assert "- near, work: ours is 0.20x, and not ≤ 0.17x" in told
    said = markdown.exchange([work])
    assert "| near 1.0 | work |" in said
    assert said.endswith("- failed: absent, work: no luck")


def test_what_took_nothing_has_no_ratio() -> None:
    nothing = measured(ours=samples(1), floor=samples(0))
    assert nothing.ratio() is None
    assert nothing.spread() is None
    assert result("Actors", "work", nothing)["sides"][FLOOR]["ours_is"] is None


# -- what is written -----------------------------------------------------------------------------


def test_the_bounds_that_are_not_kept_are_listed() -> None:
    kept = result("Actors", "work", measured(ours=samples(2), floor=samples(1)))
    broken = result("Actors", "work", measured(ours=samples(3), floor=samples(1)))
    assert markdown.verdict([kept]) == "1 of 1 bounds are kept."
    told = markdown.verdict([kept, broken])
    assert told.startswith("1 of 2 bounds are kept. Not so:")
    assert told.endswith("- work: takes 3 µs, 3.00x, and not ≤ 2x")


def test_a_commit_has_a_plus_sign_if_what_is_measured_differs_from_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "ROOT", tmp_path)
    assert machine.commit() == "unknown"
    files = [tmp_path / path for path in ("src/work.py", "benchmarks/results/own.json", "docs.md")]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(tmp_path)]
    for words in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "First"]):
        subprocess.run([*git, *words], check=True)
    head = machine.commit()
    assert re.fullmatch("[0-9a-f]{12}", head)
    for path in files[1:]:
        path.write_text("2")
    assert machine.commit() == head
    files[0].write_text("2")
    assert machine.commit() == f"{head}+"


RENDERED = rendered()


@pytest.mark.parametrize("path", RENDERED, ids=lambda path: path.name)
def test_what_is_committed_is_what_was_measured(path: Path) -> None:
    """Else: `make render-results`."""
    assert path.read_text(encoding="utf-8") == RENDERED[path]


def test_every_picture_is_shown_in_the_guide() -> None:
    pictures = {path.name for path in RENDERED if path.suffix == ".svg"}
    assert pictures == {path.name for path in PICTURES.iterdir()}
    assert pictures == set(re.findall(r"\(performance/(.*?)\)", RENDERED[GUIDE]))


def test_there_is_a_table_for_every_marker_and_a_marker_for_every_table() -> None:
    tables = {"one": "1", "two": "2"}
    text = "<!-- measured: one -->\nold\n<!-- until here -->\nbetween\n"
    assert filled(text, {"one": "new"}) == text.replace("old", "\nnew\n")
    with pytest.raises(KeyError, match="two"):
        filled(text, tables)
    with pytest.raises(KeyError, match="one"):
        filled(text, {})
