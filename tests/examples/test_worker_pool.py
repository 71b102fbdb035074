"""The supervised pool: what fails, how often, and what waits."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Lock

import pytest

from examples.worker_pool.pool import Report, work_through
from tests.examples import command


def half(number: int) -> int:
    if number % 2:
        raise ValueError(f"{number} is odd")
    return number // 2


async def worked(items: Iterator[int], *, workers: int, max_restarts: int) -> Report[int, int]:
    report = Report[int, int]()
    await work_through(items, half, report, workers=workers, max_restarts=max_restarts)
    return report


async def test_everything_is_done() -> None:
    report = await worked(iter(range(0, 200, 2)), workers=3, max_restarts=0)
    assert sorted(report.done) == list(range(100))
    assert report.is_complete
    assert (report.failed, dict(report.restarts), report.given_up) == ([], {}, [])


async def test_who_fails_is_replaced_and_the_rest_is_done() -> None:
    report = await worked(iter(range(20)), workers=2, max_restarts=10)
    assert sorted(report.done) == list(range(10))
    assert sorted((item, str(error)) for item, error in report.failed) == sorted(
        (item, f"{item} is odd") for item in range(1, 20, 2)
    )
    assert sum(report.restarts.values()) == 10
    assert report.is_complete


async def test_who_fails_too_often_is_given_up_and_the_others_go_on() -> None:
    report = await worked(iter([1, 3, 0, 2, 4]), workers=3, max_restarts=0)
    assert sorted(report.done) == [0, 1, 2]
    assert (len(report.given_up), dict(report.restarts)) == (2, {})
    assert report.is_complete


async def test_with_the_last_worker_the_work_is_given_up() -> None:
    items = iter(range(1, 1_000, 2))
    report = await worked(items, workers=2, max_restarts=1)
    assert sorted(report.given_up) == ["worker-1", "worker-2"]
    assert report.restarts == {"worker-1": 1, "worker-2": 1}
    assert sorted(item for item, _ in report.failed) == [1, 3, 5, 7]
    assert not report.is_complete
    assert next(items) < 20  # and no more was asked for


async def test_no_more_is_asked_for_than_can_be_worked_on() -> None:
    """While two workers are busy, one item waits, and the next one is not made."""
    made, begun, lock, go = 0, 0, Lock(), Event()
    all_busy = asyncio.Event()
    loop = asyncio.get_running_loop()

    def items() -> Iterator[int]:
        nonlocal made
        for number in range(10):
            made += 1
            yield number

    def work(number: int) -> int:
        nonlocal begun
        with lock:
            begun += 1
            if begun == 2:
                loop.call_soon_threadsafe(all_busy.set)
        assert go.wait(command.PATIENCE)
        return number

    report = Report[int, int]()
    working = asyncio.create_task(work_through(items(), work, report, workers=2))
    await all_busy.wait()
    for _ in range(100):  # turns of the loop, in which more could be asked for
        await asyncio.sleep(0)
    assert (made, begun, report.done) == (3, 2, [])
    go.set()
    await working
    assert sorted(report.done) == list(range(10))


# -- the command ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a broken file of each kind, and two that are the same."""
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / "good.json").write_text('{"a": 1}')
    (below / "copy.json").write_text('{"a": 1}')
    (below / "table.csv").write_text("a,b\n1,2\n")
    (below / "photo").write_bytes(b"\0\1\2")
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "broken.py").write_text("def")
    (tmp_path / "broken.toml").write_text("a =")
    (tmp_path / "broken.csv").write_bytes(b"\xff,\xfe")
    return tmp_path


async def test_the_report_says_what_is_there(folder: Path) -> None:
    done = await command.run("worker_pool", str(folder), "--workers", "2")
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    rows = [line.split("│")[1:-1] for line in lines if line.startswith("│")]
    assert [[cell.strip() for cell in row] for row in rows] == [
        [".json", "2", "16"],
        ["(none)", "1", "3"],
        [".csv", "1", "8"],
    ]
    assert f"the same: {folder}/below/copy.json, {folder}/good.json" in lines
    assert sorted(line.split(": ")[1:3] for line in lines if line.startswith("broken: ")) == [
        [f"{folder}/broken.csv", "UnicodeDecodeError"],
        [f"{folder}/broken.json", "JSONDecodeError"],
        [f"{folder}/broken.py", "SyntaxError"],
        [f"{folder}/broken.toml", "TOMLDecodeError"],
    ]
    replaced = [line for line in lines if line.startswith("replaced: ")]
    assert sum(int(line.split()[-2]) for line in replaced) == 4


async def test_work_that_is_given_up_is_told(folder: Path) -> None:
    done = await command.run("worker_pool", str(folder), "--workers", "1", "--max-restarts", "1")
    assert done.code == 1
    assert done.out.splitlines()[-2:] == ["given up: worker-1", "Not every file was looked at."]


async def test_a_sound_folder_is_well(folder: Path) -> None:
    done = await command.run("worker_pool", str(folder / "below"))
    assert (done.code, done.err) == (0, "")


async def test_what_is_no_folder_is_bad_usage(folder: Path) -> None:
    done = await command.run("worker_pool", str(folder / "nowhere"))
    assert done.code == 2
    assert "nowhere is no folder" in done.err
