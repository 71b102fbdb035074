"""A flowchart in the language of Mermaid, as it is being drawn: boxes, arrows and frames.

A box is declared where it stands, all arrows come after all boxes. For Mermaid a box belongs to the
innermost frame (a `subgraph`) whose lines name it, so that an arrow written within a frame would
pull the box that it points to into it.

Whether there is to be a frame around some boxes is often known only after they are drawn: so a
frame is opened around whatever might need one, and is written if it was given a title. What is
nested deeper than `INDENTS` is not indented further, so that lines stay short.

Ids are numbers. Everything that a user has named is a text in quotes (`mermaid_text.py`). The
meaning of a shape or an arrow is in its form; colours, which set both the ground and the text that
is on it and so suit a dark page as well, only repeat it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, NamedTuple

from everything_is_an_actor.interpreters.mermaid_text import in_quotes

INDENTS: Final = 16
LINE: Final = 24  # characters of a line in a box
TITLE: Final = 26  # characters of a title: Mermaid draws a second line over what is in the frame


class Shape(Enum):
    """What a box is, with the brackets that Mermaid draws it by, and its colours."""

    TERMINAL = "terminal", '(["', '"])', "fill:#334155,stroke:#334155,color:#f8fafc"
    AGENT = "agent", '[["', '"]]', "fill:#dbeafe,stroke:#2563eb,color:#1e3a8a"
    FUNCTION = "function", '("', '")', "fill:#f8fafc,stroke:#94a3b8,color:#334155"
    QUESTION = "question", '{{"', '"}}', "fill:#fef9c3,stroke:#ca8a04,color:#713f12"
    CHECK = "check", '{{"', '"}}', "fill:#fef2f2,stroke:#dc2626,color:#7f1d1d"
    FORK = "fork", '(("', '"))', "fill:#64748b,stroke:#64748b,color:#64748b"
    JOIN = "join", '(["', '"])', "fill:#e2e8f0,stroke:#64748b,color:#1e293b"
    ERROR = "error", '(["', '"])', "fill:#fee2e2,stroke:#dc2626,color:#7f1d1d"
    UNKNOWN = (
        "unknown",
        '[/"',
        '"/]',
        "fill:#f3e8ff,stroke:#9333ea,color:#581c87,stroke-dasharray:4",
    )
    SEEN = "seen", '["', '"]', "fill:#f1f5f9,stroke:#64748b,color:#334155,stroke-dasharray:4"

    def __init__(self, style: str, left: str, right: str, colours: str) -> None:
        self.style = style
        self.left = left
        self.right = right
        self.colours = colours


class Arrow(Enum):
    """How the flow goes on: to the next step, to one that nobody waits for, or by an error."""

    NEXT = "-->"
    ASIDE = "-.->"
    ERROR = "==>"

    def __init__(self, line: str) -> None:
        self.line = line


class Outcome(Enum):
    """What has become of a box in a run, with its colours; its text says so, too."""

    DONE = "done", "fill:#dcfce7,stroke:#15803d,color:#14532d,stroke-width:3px"
    FAILED = "failed", "fill:#fee2e2,stroke:#b91c1c,color:#7f1d1d,stroke-width:5px"
    CANCELLED = (
        "cancelled",
        "fill:#fef3c7,stroke:#b45309,color:#78350f,stroke-width:2px,stroke-dasharray:8 4",
    )
    RUNNING = "running", "fill:#e0f2fe,stroke:#0369a1,color:#0c4a6e,stroke-width:3px"
    MISSED = "missed", "fill:#f8fafc,stroke:#94a3b8,color:#64748b,stroke-dasharray:2 3"

    def __init__(self, style: str, colours: str) -> None:
        self.style = style
        self.colours = colours


_ERROR_COLOURS: Final = "stroke:#dc2626"
_TAKEN: Final = "stroke-width:4px"
_NOT_TAKEN: Final = "stroke:#94a3b8,stroke-width:1px,color:#64748b"


class Edge(NamedTuple):
    """An arrow that has left a box or a frame, and is yet to reach the next one."""

    source: str
    label: str = ""
    arrow: Arrow = Arrow.NEXT
    taken: bool | None = True  # by the run that is drawn, if there is one; None: nobody knows


class Border(Enum):
    """What a frame says of the boxes within it."""

    NAMED = "named", "fill:none,stroke:#64748b"
    LIMITED = "limited", "fill:none,stroke:#ca8a04"
    REPEATED = "repeated", "fill:none,stroke:#2563eb,stroke-width:3px"
    PASSED_BY = "passed", "fill:none,stroke:#94a3b8,color:#64748b,stroke-dasharray:2 3"
    TRIED = "tried", "fill:none,stroke:#dc2626,stroke-dasharray:5"

    def __init__(self, style: str, colours: str) -> None:
        self.style = style
        self.colours = colours


type Frame = int  # its place among those that were opened; what is not drawn takes no more room


@dataclass(slots=True)
class _Entitled:
    id: str
    title: str
    border: Border


@dataclass(slots=True)
class Chart:
    """What is drawn so far."""

    _body: list[str | Frame] = field(default_factory=list)  # a frame where it begins and ends
    _arrows: list[str] = field(default_factory=list)
    _errors: list[str] = field(default_factory=list)  # the numbers of the arrows that are errors
    _styles: set[str] = field(default_factory=set)
    _missed: list[str] = field(default_factory=list)  # the numbers of the arrows not taken
    _unsure: list[str] = field(default_factory=list)  # of those of which that is not known
    shows_run: bool = False
    _entitled: dict[Frame, _Entitled] = field(default_factory=dict)
    _texts: dict[str, str] = field(default_factory=dict)
    _boxes: int = 0
    _opened: int = 0

    def box(self, shape: Shape, *texts: str, outcome: Outcome | None = None) -> str:
        """Draws a box, with a text or several below one another, and returns its id."""
        id = f"n{self._boxes}"
        self._boxes += 1
        style = shape.style if outcome is None else outcome.style
        self._styles.add(style)
        label = self._text(texts[0]) if len(texts) == 1 else "<br/>".join(map(self._text, texts))
        self._body.append(f"{id}{shape.left}{label or ' '}{shape.right}:::{style}")
        return id

    def arrow(self, edge: Edge, to: str) -> None:
        """Draws an arrow to a box."""
        if edge.taken is False:
            self._missed.append(str(len(self._arrows)))
        elif edge.taken is None:
            self._unsure.append(str(len(self._arrows)))
        elif edge.arrow is Arrow.ERROR:
            self._errors.append(str(len(self._arrows)))
        label = f'|"{self._text(edge.label)}"|' if edge.label else ""
        self._arrows.append(f"{edge.source} {edge.arrow.line}{label} {to}")

    def open(self) -> Frame:
        """Begins what may become a frame."""
        self._opened += 1
        self._body.append(self._opened)
        return self._opened

    def close(self, frame: Frame) -> None:
        """Ends it: what is drawn from now on is outside."""
        self._body.append(frame)

    def entitle(self, frame: Frame, border: Border, title: str) -> str:
        """Has a frame drawn, open or closed, and returns its id. It keeps its first title."""
        id = f"s{len(self._entitled) + 1}"
        return self._entitled.setdefault(frame, _Entitled(id, title, border)).id

    def is_frame(self, id: str) -> bool:
        """Whether that is the id of a frame, not of a box."""
        return id.startswith("s")

    def refer(self, frame: Frame, name: str) -> None:
        """Has a frame drawn under a name, with the title that it may have besides."""
        self.entitle(frame, Border.NAMED, "")
        entitled = self._entitled[frame]
        entitled.title = f"{name}: {entitled.title}" if entitled.title else name

    def lines(self, direction: str) -> Iterator[str]:
        """The whole chart."""
        yield f"flowchart {direction}"
        yield from self._boxes_in_frames()
        for arrow in self._arrows:
            yield f"  {arrow}"
        for shape in Shape:
            if shape.style in self._styles:
                yield f"  classDef {shape.style} {shape.colours}"
        for outcome in Outcome:
            if outcome.style in self._styles:
                yield f"  classDef {outcome.style} {outcome.colours}"
        for border in Border:
            ids = [frame.id for frame in self._entitled.values() if frame.border is border]
            if ids:
                yield f"  classDef {border.style} {border.colours}"
                yield f"  class {','.join(ids)} {border.style}"
        strong = f",{_TAKEN}" if self.shows_run else ""
        if self._errors:
            yield f"  linkStyle {','.join(self._errors)} {_ERROR_COLOURS}{strong}"
        if self.shows_run:
            yield from self._ways_taken()

    def _ways_taken(self) -> Iterator[str]:
        others = {*self._errors, *self._missed, *self._unsure}
        taken = [number for number in map(str, range(len(self._arrows))) if number not in others]
        if taken:
            yield f"  linkStyle {','.join(taken)} {_TAKEN}"
        if self._missed:
            yield f"  linkStyle {','.join(self._missed)} {_NOT_TAKEN}"

    def _boxes_in_frames(self) -> Iterator[str]:
        within: list[Frame] = []
        indent = _indent(within)
        for line in self._body:
            if isinstance(line, str):
                yield indent + line
            elif within and within[-1] == line:
                within.pop()
                indent = _indent(within)
                yield indent + "end"
            elif (frame := self._entitled.get(line)) is not None:
                title = in_quotes(frame.title, TITLE, TITLE)
                yield indent + f'subgraph {frame.id}["{title}"]'
                within.append(line)
                indent = _indent(within)

    def _text(self, text: str) -> str:
        written = self._texts.get(text)
        if written is None:
            written = self._texts[text] = in_quotes(text, LINE)
        return written


def _indent(within: list[Frame]) -> str:
    return "  " * min(1 + len(within), INDENTS)
