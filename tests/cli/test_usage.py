"""Bad usage: one message each, which says what was expected, what came and what to do."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from everything_is_an_actor.cli import main

BAD_USAGE = 2
FLOWS = """
import sys
from everything_is_an_actor.flow import agent, pure

async def shout(text): ...
def upper(text): ...
class Shout:
    async def execute(self, text): ...
class Point: ...

answer = pure(str.upper)
question = pure(str.lower)
number = 3

def __getattr__(name):
    if name == "late":
        raise RuntimeError("not yet")
    raise AttributeError(name)
"""
MODULES = {
    "flows.py": FLOWS,
    "empty.py": "",
    "pack/__init__.py": "",
    "pack/inner.py": FLOWS,
    "broken.py": "import flows\n1 / 0\n",
    "unparsable.py": "flow = (\n",
    "mistaken.py": "from everything_is_an_actor.flow import agent\n\nx = agent(5)\n",
    "unread.py": "import json\n\n\n\nx = json.loads('{')\n",
    "missing.py": "import nowhere_to_be_found\n",
    "script.py": "import sys\nsys.exit(7)\n",
    "bad.json": '{"a": [1,\n 2,, 3]}',
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, content in MODULES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(content)
    (tmp_path / "bad.txt").write_bytes(b"gr\xfc\xdfe")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.path_importer_cache, "", raising=False)  # of another directory
    yield
    for name in MODULES:
        sys.modules.pop(name.removesuffix(".py").replace("/", "."), None)
    sys.modules.pop("pack", None)


def refused(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """What is said of the arguments, which are bad usage."""
    monkeypatch.setattr(sys, "argv", ["eiaa", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code, out) == (BAD_USAGE, "")
    return err


NO_MODULE = "in the current directory or among the installed packages."
FORM = "expected a document, such as pipeline.yaml, or MODULE:FLOW, such as myapp.flows:answer, got"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("flows", f"{FORM} 'flows'."),
        ("", f"{FORM} ''."),
        (":answer", f"{FORM} ':answer'."),
        ("flows:", f"{FORM} 'flows:'."),
        ("flows:answer:x", f"{FORM} 'flows:answer:x'."),
        (".flows:answer", f"{FORM} '.flows:answer'."),
        ("flo\0ws:answer", f"{FORM} 'flo\\x00ws:answer'."),
        ("flows.py:answer", f"{FORM} 'flows.py:answer'. Did you mean flows:answer?"),
        ("./pack/inner.py", f"{FORM} './pack/inner.py'. Did you mean pack.inner:FLOW?"),
        ("flws:answer", f"there is no module 'flws' {NO_MODULE} Did you mean flows:answer?"),
        ("zzzz:answer", f"there is no module 'zzzz' {NO_MODULE}"),
        ("rixh:answer", f"there is no module 'rixh' {NO_MODULE}"),  # rich is none of the user's
        (
            "pakc.inner:answer",
            f"there is no module 'pakc.inner' {NO_MODULE} Did you mean pack.inner:answer?",
        ),
        (
            "pack.iner:answer",
            "there is no module 'iner' in the package pack. Did you mean pack.inner:answer?",
        ),
        (
            "flows.inner:answer",
            "there is no module 'flows.inner': flows is a module, not a package.",
        ),
        ("flows:anser", "there is no 'anser' in flows. Did you mean flows:answer?"),
        ("flows:zzz", "there is no 'zzz' in flows. Its flows are answer, question."),
        ("empty:zzz", "there is no 'zzz' in empty. It has no flows."),
        (
            "flows:answer.nod",
            "there is no 'nod' in flows:answer. Did you mean flows:answer.node?",
        ),
        ("flows:late", "'late' cannot be had from flows: RuntimeError: not yet."),
        ("flows:number", "flows:number is not a flow, but an int."),
        ("flows:Point", "flows:Point is not a flow, but the class Point."),
        ("pack:inner", "there is no 'inner' in pack. It has no flows."),
        ("flows:sys", "flows:sys is not a flow, but a module. Name a flow in it."),
        (
            "flows:Shout",
            "flows:Shout is not a flow, but an agent. "
            "Make a flow of it in its module: agent(Shout).",
        ),
        (
            "flows:shout",
            "flows:shout is not a flow, but an agent. "
            "Make a flow of it in its module: agent(shout).",
        ),
        (
            "flows:upper",
            "flows:upper is not a flow, but a function. Make a flow of it in its module: "
            "pure(upper), or upper() if it builds one.",
        ),
        (
            "broken:x",
            "importing broken failed in line 2 of broken.py: "
            "ZeroDivisionError: division by zero (--traceback shows more)",
        ),
        (
            "mistaken:x",
            "importing mistaken failed in line 3 of mistaken.py: TypeError: agent: expected a "
            "class with an async `execute`, or an `async def`; got 5 (int): pass a class "
            "(--traceback shows more)",
        ),
        (
            "unread:x",
            "importing unread failed in line 5 of unread.py: JSONDecodeError: Expecting property "
            "name enclosed in double quotes: line 1 column 2 (char 1) (--traceback shows more)",
        ),
        (
            "unparsable:x",
            "importing unparsable failed: SyntaxError: '(' was never closed "
            "(unparsable.py, line 1) (--traceback shows more)",
        ),
        (
            "missing:x",
            "importing missing failed in line 1 of missing.py: ModuleNotFoundError: "
            "No module named 'nowhere_to_be_found' (--traceback shows more)",
        ),
        (
            "script:x",
            "importing script failed in line 2 of script.py: SystemExit: 7 "
            "(is there a call outside of `if __name__ == '__main__'`?) (--traceback shows more)",
        ),
    ],
)
def test_a_target_that_is_no_flow_is_refused(
    target: str,
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert refused(["run", target, "--input", "x"], capsys, monkeypatch) == f"eiaa: {message}\n"


def test_a_program_that_is_not_there_is_told_before_an_input_that_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    error = refused(["run", "flows:anser"], capsys, monkeypatch)
    assert error == "eiaa: there is no 'anser' in flows. Did you mean flows:answer?\n"


ONE_INPUT = "one input is needed (--input, --input-json or --input-file)"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], f"{ONE_INPUT}, got none."),
        (["--input", "a", "--input-file", "-"], f"{ONE_INPUT}, got --input and --input-file."),
        (
            ["--input-json", '{"a": [1, 2'],
            "--input-json is not a JSON document: Expecting ',' delimiter at line 1, column 12, "
            "near '{\"a\": [1, 2'. For plain text there is --input.",
        ),
        (
            ["--input-json", ""],
            "--input-json is not a JSON document: Expecting value at line 1, column 1, near ''. "
            "For plain text there is --input.",
        ),
        (
            ["--input-json", "[NaN]"],
            "--input-json is not a JSON document: NaN is not a JSON value. "
            "For plain text there is --input.",
        ),
        (
            ["--input-json", "[" * 100_000],
            "--input-json is not a JSON document: it is nested too deeply. "
            "For plain text there is --input.",
        ),
        (
            ["--input-file", "bad.json"],
            "bad.json is not a JSON document: Expecting value at line 2, column 4, "
            "near ' 2,, 3]}'.",
        ),
        (
            ["--input-file", "bad.txt"],
            "--input-file: bad.txt is not text in UTF-8: byte 0xfc at position 2.",
        ),
        (
            ["--input-file", "none.txt"],
            "--input-file: cannot read none.txt: No such file or directory.",
        ),
        (["--input-file", "pack"], "--input-file: cannot read pack: Is a directory."),
        (["--input-file", "\0"], "--input-file: cannot read \0: embedded null byte."),
        (
            ["--input", "a", "--trace", "none/trace"],
            "--trace: cannot write to none/trace: No such file or directory.",
        ),
        (
            ["--input", "a", "--timeout", "soon"],
            "--timeout must be a finite number of seconds above 0, got 'soon'.",
        ),
        (
            ["--input", "a", "--timeout", "nan"],
            "--timeout must be a finite number of seconds above 0, got 'nan'.",
        ),
        (
            ["--input", "a", "--timeout", "0"],
            "--timeout must be a finite number of seconds above 0, got '0'.",
        ),
    ],
)
def test_an_option_that_makes_no_sense_is_refused(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    error = refused(["run", "flows:answer", *arguments], capsys, monkeypatch)
    assert error == f"eiaa: {message}\n"


@pytest.mark.parametrize(
    ("arguments", "said", "helper"),
    [
        (["rum"], "Did you mean 'run'?", "eiaa --help"),
        (["--verson"], "--version", "eiaa --help"),
        (["run"], "PROGRAM", "eiaa run --help"),
        (["run", "flows:answer", "--imput", "x"], "--input", "eiaa run --help"),
        (["run", "flows:answer", "--input"], "--input", "eiaa run --help"),
        (["dry-run", "flows:answer", "a"], "argument(s) (a).", "eiaa dry-run --help"),
        (
            ["run", "flows:answer", "more"],
            "argument(s) (more). An input is given as --input TEXT.",
            "eiaa run --help",
        ),
    ],
)
def test_arguments_that_do_not_exist_are_refused(
    arguments: list[str],
    said: str,
    helper: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (line,) = refused(arguments, capsys, monkeypatch).splitlines()
    assert line.startswith("eiaa: ")
    assert said in line
    assert line.endswith(f" See `{helper}`.")


def test_a_closed_standard_input_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    error = refused(["run", "flows:answer", "--input-file", "-"], capsys, monkeypatch)
    assert error == "eiaa: --input-file: cannot read standard input: it is closed.\n"


def test_the_traceback_of_a_failed_import_is_shown_on_demand(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = ["run", "broken:x", "--input", "a", "--traceback"]
    error = refused(arguments, capsys, monkeypatch)
    assert error.startswith("Traceback (most recent call last):\n")
    assert "    1 / 0" in error
    assert error.endswith(
        "eiaa: importing broken failed in line 2 of broken.py: "
        "ZeroDivisionError: division by zero\n"
    )


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_and_version_are_no_errors(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["eiaa", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    out, err = capsys.readouterr()
    assert (ended.value.code, err) == (0, "")
    assert "eiaa" in out
