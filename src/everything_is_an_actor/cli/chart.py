"""A run as a Gantt chart in text: one bar for each call, on a common time axis.

How a call ended is told by the sign before its name and by its bar, not by colour alone. What is
not known is shown as such: a bar of dots goes on to where the call must have ended at the latest.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate, groupby
from typing import Final

from rich.cells import cell_len, set_cell_size
from rich.text import Text

from everything_is_an_actor.algebra.durations import duration
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.cli.axis import Axis, Tick
from everything_is_an_actor.cli.calltree import Call, Run, State
from everything_is_an_actor.cli.folding import Span, spans
from everything_is_an_actor.cli.marks import MARKS, printable, shortened

_WORTH_TELLING: Final[tuple[tuple[State, str], ...]] = (
    ("failed", "failed"),
    ("cancelled", "cancelled"),
    ("running", "without an end"),
)
_MOST_ROWS: Final = 200
_MOST_ERRORS: Final = 5
_LEAST_BAR: Final = 8
_LEAST_NAME: Final = 12


@dataclass(frozen=True, slots=True)
class _Ink:
    unicode: str
    ascii: str
    style: str

    def shown(self, ascii_only: bool) -> str:
        return self.ascii if ascii_only else self.unicode


_BARS: Final[dict[State, _Ink]] = {  # what comes later covers what was there
    "running": _Ink("┈", ".", "yellow"),
    "cancelled": _Ink("╌", "-", "dim"),
    "done": _Ink("━", "=", "green"),
    "failed": _Ink("━", "=", "red"),
}
_FAILURE: Final = _Ink("✗", "x", "bold red")
_CHUNK: Final = _Ink("●", "o", "cyan")
_INSTANT: Final = _Ink("│", "|", "")
_GRID: Final = _Ink("┊", ":", "dim")


def chart(run: Run, width: int, *, title: str = "", ascii_only: bool = False) -> list[Text]:
    """The lines of a chart, none of them wider than `width` columns."""
    return _Chart(run, width, ascii_only).lines(title)


class _Chart:
    def __init__(self, run: Run, width: int, ascii_only: bool) -> None:
        self.run = run
        self.width = width
        self.ascii_only = ascii_only
        self.calls = list(run.calls())
        times = [time for call in self.calls for time in _times(call)] or [0.0]
        self.begin, self.end = min(times), max(times)
        self.found: set[_Ink] = set()

    def lines(self, title: str) -> list[Text]:
        rows = spans(self.run.roots)
        told, hidden = rows[:_MOST_ROWS], rows[_MOST_ROWS:]
        names = [self._label(span) for span in told]
        times = [self._duration(span) for span in told]
        time_width = max(map(len, times), default=0)
        room = self.width - time_width - 2
        name_width = min(
            max(map(cell_len, map(str, names)), default=0), max(room * 2 // 5, _LEAST_NAME)
        )
        bar_width = room - name_width
        if bar_width < _LEAST_BAR:
            time_width, bar_width = 0, max(self.width - name_width - 1, 1)
        axis = Axis(self.begin, self.end, bar_width)
        ticks = axis.ticks()
        lines = [*self._title(title), *self._head(name_width, bar_width, ticks)]
        for span, name, time in zip(told, names, times, strict=True):
            line = self._label(span, name_width) if cell_len(str(name)) > name_width else name
            line.append(" " * (name_width - cell_len(str(line)) + 1))
            line.append_text(self._bar(span, axis, ticks))
            if time_width:
                line.append(f" {time:>{time_width}}", style="dim")
            lines.append(line)
        if hidden:
            lines.append(
                self._dim(f"{self._dots} {len(hidden):,} more {plural(len(hidden), 'row')}")
            )
        return [_cropped(line, self.width) for line in (*lines, *self._errors(), *self._legend())]

    @property
    def _dots(self) -> str:
        return "..." if self.ascii_only else "…"

    def _dim(self, text: str) -> Text:
        return Text(self._plain(text), style="dim")

    def _plain(self, text: str) -> str:
        return printable(text, ascii_only=self.ascii_only)

    def _short(self, text: str, length: int) -> str:
        return shortened(self._plain(text), length, ascii_only=self.ascii_only)

    def _paragraph(self, parts: Iterable[str], between: str) -> Iterable[Text]:
        """As many parts on a line as have room there."""
        line = ""
        for part in parts:
            if line and len(line) + len(between) + len(part) >= self.width:
                yield self._dim(f"{line}{between.rstrip()}")
                line = ""
            line += f"{between if line else ''}{part}"
        if line:
            yield self._dim(line)

    # ------------------------------------------------------------------ head and foot

    def _title(self, title: str) -> Iterable[Text]:
        yield Text(self._short(title or self.run.id, self.width), style="bold")
        known = [call for call in self.calls if call.is_known]
        states = Counter(call.state for call in known)
        parts = [_moment(self.begin), duration(self.end - self.begin), _counted(len(known), "call")]
        parts += [f"{states[state]:,} {told}" for state, told in _WORTH_TELLING if states[state]]
        yield from self._paragraph(parts, ", ")

    def _head(self, name_width: int, bar_width: int, ticks: Sequence[Tick]) -> Iterable[Text]:
        labels, rule = "", ["-" if self.ascii_only else "─"] * bar_width
        for tick in ticks:
            labels += " " * (tick.column - len(labels)) + tick.label
            rule[tick.column] = "+" if self.ascii_only else "┬"
        margin = " " * (name_width + 1)
        yield self._dim(margin + labels)
        yield self._dim(margin + "".join(rule))

    def _errors(self) -> Iterable[Text]:
        told = Counter(f"{call.name}: {call.error}" for call in self.calls if _is_origin(call))
        for error, times in list(told.items())[:_MOST_ERRORS]:
            sign = MARKS["failed"].shown(self.ascii_only)
            again = f" ({_counted(times, 'time')})" if times > 1 else ""
            text = self._short(error, max(self.width - len(again) - 2, 1))
            yield Text(f"{sign} {text}{again}", style="red")
        if len(told) > _MOST_ERRORS:
            more = len(told) - _MOST_ERRORS
            yield self._dim(f"{self._dots} {more:,} more {plural(more, 'error')}")

    def _legend(self) -> Iterable[Text]:
        """What the signs in the bars mean, of those that are there."""
        meanings = {
            _CHUNK: "chunk",
            _FAILURE: "failed",
            _BARS["cancelled"]: "cancelled",
            _BARS["running"]: "end not known",
            _INSTANT: "no time at all",
        }
        parts = [
            f"{ink.shown(self.ascii_only)} {meaning}"
            for ink, meaning in meanings.items()
            if ink in self.found
        ]
        yield from self._paragraph(parts, "   ")

    # ------------------------------------------------------------------ rows

    def _label(self, span: Span, width: int | None = None) -> Text:
        """The sign and name of a row, and how many calls it is of; shortened to `width`."""
        mark = MARKS[_state(span.calls)]
        name, many, told = self._plain(span.name), self._many(span), self._told(span)
        indent = 2 * span.depth
        if width is not None:
            indent = min(indent, width // 4)
            many = many if width - indent - 2 - len(many) > 1 else ""
            room = width - indent - 2 - len(many)
            told = told if len(name) + len(told) <= room else ""
            name = self._short(name, room)
        line = Text(" " * indent)
        line.append(mark.shown(self.ascii_only), style=mark.style).append(" ")
        line.append(name, style=mark.name_style).append(many + told, style="dim")
        return line if width is None else _cropped(line, width)

    def _many(self, span: Span) -> str:
        return self._plain(f" ×{len(span.calls):,}") if len(span.calls) > 1 else ""

    def _told(self, span: Span) -> str:
        if len(span.calls) == 1:
            return ""
        states = Counter(call.state for call in span.calls)
        parts = [f"{states[state]:,} {told}" for state, told in _WORTH_TELLING if states[state]]
        return f" ({', '.join(parts)})" if parts else ""

    def _duration(self, span: Span) -> str:
        """The time in which at least one of its calls was under way."""
        if all(call.seconds is None for call in span.calls):
            return "?"
        busy, until = 0.0, self.begin
        for start, end in sorted(self._extent(c) for c in span.calls if c.seconds is not None):
            busy += max(end - max(start, until), 0.0)
            until = max(until, end)
        return self._plain(duration(busy))

    def _extent(self, call: Call) -> tuple[float, float]:
        """From when to when a call was under way, at most."""
        start, end = call.start, call.end
        if start is None:
            known = (above.start for above in call.ancestors() if above.start is not None)
            start = min(next(known, self.begin), self.end if end is None else end)
        if end is None:
            ended = (above.end for above in call.ancestors() if above.end is not None)
            end = next(ended, self.end)
        return start, max(start, end)

    def _bar(self, span: Span, axis: Axis, ticks: Sequence[Tick]) -> Text:
        cells: list[_Ink | None] = [None] * axis.width
        for tick in ticks[1:]:
            cells[tick.column] = _GRID
        extents = [(call, *self._extent(call)) for call in span.calls]
        for state, ink in _BARS.items():
            columns = [
                (axis.column(start), axis.column(end))
                for call, start, end in extents
                if call.state == state
            ]
            for column in _covered(columns, axis.width):
                cells[column] = ink
        for call, _, end in extents:
            for mark in call.marks:
                cells[axis.column(mark)] = _CHUNK
            if call.state == "failed":
                cells[axis.column(end)] = _FAILURE
            elif call.seconds == 0 and axis.seconds and len(span.calls) == 1:
                cells[axis.column(end)] = _INSTANT
        bar = Text()
        for cell, run in groupby(cells):
            if cell is None:
                bar.append(" " * len(list(run)))
            else:
                self.found.add(cell)
                bar.append(cell.shown(self.ascii_only) * len(list(run)), style=cell.style)
        return bar


def _is_origin(call: Call) -> bool:
    """Whether its error is its own, not one that a call within it has raised."""
    return bool(call.error) and all(child.error != call.error for child in call.children)


def _times(call: Call) -> Iterable[float]:
    """When anything is known to have happened in a call."""
    yield from (time for time in (call.start, call.end) if time is not None)
    yield from call.marks


def _state(calls: Sequence[Call]) -> State:
    """What became of calls that share a row: the worst of it, but for those given up on."""
    states = {call.state for call in calls}
    return next(state for state in ("failed", "running", "done", "cancelled") if state in states)


def _covered(columns: Iterable[tuple[int, int]], width: int) -> Iterable[int]:
    """The columns that at least one of the pairs spans, its ends included."""
    changes = [0] * (width + 1)
    for first, last in columns:
        changes[first] += 1
        changes[last + 1] -= 1
    return (column for column, depth in enumerate(accumulate(changes)) if depth and column < width)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {plural(number, what)}"


def _moment(at: float) -> str:
    try:
        return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, ValueError, OSError):  # no date of any calendar
        return f"{at:g}"


def _cropped(line: Text, width: int) -> Text:
    if cell_len(line.plain) > width:
        line.right_crop(len(line.plain) - len(set_cell_size(line.plain, width)))
    return line
