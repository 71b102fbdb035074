"""Two versions are compared, by times and by what a program counts that runs them."""

import shutil
import sys
from pathlib import Path

import pytest

from benchmarks.compare import NoSuchVersion, instructions, main, source_of
from benchmarks.measuring import SOURCE, Contender

COUNTS = """#!{python}
import subprocess, sys
log = next(word.partition("=")[2] for word in sys.argv if word.startswith("--log-file="))
command = sys.argv[next(i for i, word in enumerate(sys.argv) if i and word[:2] != "--"):]
rounds = sys.stdin.read()
open(log, "w").write(f"==1== I refs: {{1_000_000 + len(rounds) * {more} * 10_000:,}}\\n")
sys.exit(subprocess.run(command, input=rounds, text=True).returncode)
"""


@pytest.fixture
def counter(tmp_path: Path) -> str:
    """A program that counts 70 instructions for each of 10,000 operations a round."""
    path = tmp_path / "valgrind"
    path.write_text(COUNTS.format(python=sys.executable, more=70), encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_version_is_a_folder_or_a_commit() -> None:
    with source_of(str(SOURCE)) as there:
        assert there == SOURCE
    with source_of("HEAD") as there:
        assert (there / "everything_is_an_actor" / "py.typed").exists()
    assert not there.exists()
    with (
        pytest.raises(NoSuchVersion, match="nonsense is no commit, and no folder that holds"),
        source_of("nonsense"),
    ):
        pass


def test_instructions_are_those_of_the_rounds_alone(counter: str) -> None:
    side = Contender("ours", "benchmarks.workloads.agent_chain.ours", sys.executable)
    assert instructions(counter, side, 10) == 70


def test_a_workload_is_shown_beside_its_base_and_bounded(
    counter: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: counter)
    words = ["HEAD", "agent_chain", "--rounds", "1"]
    main([*words, "--at-most", "1"])
    shown = capsys.readouterr().out
    assert "chain of 10 agents" in shown
    assert "1.000x" in shown
    with pytest.raises(SystemExit) as ended:
        main([*words, "--at-most", "0.5"])
    assert ended.value.code == 1
    assert "more than 0.5x the instructions of HEAD: chain of 10" in capsys.readouterr().err


def test_what_cannot_be_compared_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["HEAD", "no such work"])
    assert "no workload has 'no such work' in its name" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["nonsense", "agent_chain"])
    assert "nonsense is no commit" in capsys.readouterr().err
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(SystemExit):
        main(["HEAD", "--at-most", "1"])
    assert "--at-most needs valgrind" in capsys.readouterr().err
