"""What leaves the process: lines on standard output and in trace files."""

import codecs
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from pathlib import Path

from everything_is_an_actor.agents import TaskEvent, event_to_json
from everything_is_an_actor.cli.calltree import Calls, Run
from everything_is_an_actor.cli.console import LineConsole
from everything_is_an_actor.cli.encode import result_text
from everything_is_an_actor.cli.usage import BadUsage


class ReaderGoneError(Exception):
    """Whoever reads the output has closed it, as `head` does."""


class OutputError(Exception):
    """The output cannot be written; the text says where and why."""


class Output:
    """One place to write to; every line is there for its reader at once.

    A character that the encoding lacks is written as its escape.
    """

    def __init__(self, file: TextIOWrapper, name: str) -> None:
        self._file = file
        self._name = name
        self.is_ascii = codecs.lookup(file.encoding).name != "utf-8"
        """Whether no more than ASCII is sure to come through."""
        self.is_terminal = file.isatty()

    def event(self, event: TaskEvent) -> None:
        """An event as a line of JSON. Raises `ReaderGoneError` or `OutputError`."""
        self._line(event_to_json(event, ascii_only=self.is_ascii))

    def result(self, value: object) -> None:
        """A result as text. Raises `ReaderGoneError` or `OutputError`."""
        self._line(result_text(value, ascii_only=self.is_ascii))

    def charts(self, runs: Iterable[Run]) -> None:
        """A chart of every run. Raises `ReaderGoneError` or `OutputError`."""
        with self._errors_told():
            LineConsole(file=self._file).charts(runs)
            self._file.flush()

    def content(self, content: bytes) -> None:
        """Bytes as they are. Raises `ReaderGoneError` or `OutputError`."""
        with self._errors_told():
            self._file.buffer.write(content)
            self._file.flush()

    def _line(self, text: str) -> None:
        with self._errors_told():
            print(text, file=self._file, flush=True)

    @contextmanager
    def _errors_told(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            raise ReaderGoneError from None
        except OSError as error:
            raise OutputError(f"cannot write to {self._name}: {error.strerror}") from None


@contextmanager
def standard_output() -> Iterator[Output]:
    """Standard output for results alone: whatever else is printed meanwhile goes to stderr."""
    out = sys.stdout
    if not isinstance(out, TextIOWrapper):  # it is closed
        out = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # it lives as long
    out.reconfigure(errors="backslashreplace")
    replaced, sys.stdout = sys.stdout, sys.stderr
    try:
        yield Output(out, "standard output")
    except (ReaderGoneError, OutputError):
        # What is still in the buffer would fail once more when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
        raise
    finally:
        sys.stdout = replaced


@contextmanager
def trace_file(path: Path | None) -> Iterator[Callable[[TaskEvent], None]]:
    """Where to send events for a file of JSON lines; nowhere if there is no path.

    Raises `BadUsage` if the file cannot be opened.
    """
    if path is None:
        yield lambda event: None
        return
    try:
        file = path.open("w", encoding="utf-8", errors="backslashreplace")
    except (OSError, ValueError) as error:  # a name with a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadUsage(f"--trace: cannot write to {path}: {reason}.") from None
    try:
        yield Output(file, str(path)).event
    finally:
        with suppress(OSError):  # the disk is full: this was told at the line that did not fit
            file.close()


@contextmanager
def charted(title: str, *, wanted: bool) -> Iterator[Callable[[TaskEvent], None]]:
    """Where to send events for a chart, which is shown on standard error after the block."""
    if not wanted:
        yield lambda event: None
        return
    calls = Calls()

    def take(event: TaskEvent) -> None:
        calls.take(event)

    try:
        yield take
    finally:
        console = LineConsole(stderr=True)
        with suppress(OSError):  # nobody reads what is not the result
            if console.is_terminal:  # where the agents at work stand above
                console.put()
            console.charts(calls.runs, title=title)
