"""The page of nodes: every kind, with its type, meaning, equations, document, picture, outcomes.

`entries.py` has what is said; the rest is made by the library from the example: what it is in YAML,
what it looks like, and what comes of it by the reference semantics.
"""

import inspect
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from returns.result import Success

from everything_is_an_actor import flow
from everything_is_an_actor.algebra.laws import FLOW
from everything_is_an_actor.flow import check, to_mermaid, to_yaml
from everything_is_an_actor.interpreters.reference import Call, Evaluation, evaluate
from manual.entries import CHAPTERS, Entry
from manual.markdown import code, fence, heading, row, slug
from manual.press import REGISTRY, SCRIPT
from manual.public import NODES, link

LAWS = dict(FLOW.laws())

HEAD = """# Every node

A flow is made of these nodes and of nothing else. Each is shown with its type, its meaning when all
goes well, when something fails and when it is cancelled, equations that it satisfies, and an
example: as Python, as a document, as a picture, and what comes of it.

`Flow[I, O]` takes an `I` and yields an `O`. *Recoverable* is every `Exception` but `MemoryError`;
whatever else is raised goes through every handler, and cancels what is running. In each table of
outcomes the agents do what a script says: `search` takes a second, `archive` three, and neither
finds anything on the moon. An equation's name is that in [the table of laws](../equations.md#flow),
where its letters are explained, and [its signs](../equations.md#notation): `>>>` is `flat_map`,
`&&&` is `zip`, `<|>` is `fallback_to`, `arr` is `pure`.
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join(_page())


def _page() -> Iterator[str]:
    yield HEAD
    yield row("", "nodes")
    yield row("---", "---")
    for title, entries in CHAPTERS.items():
        links = (f"[{code(each.title)}](#{slug(each.title)})" for each in entries)
        yield row(f"[{title}](#{slug(title)})", " · ".join(links))
    yield ""
    for title, entries in CHAPTERS.items():
        yield heading(2, title)
        for entry in entries:
            yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    yield heading(3, entry.title)
    yield f"{inspect.getdoc(entry.kind)}\n"
    yield row("", "")
    yield row("---", "---")
    yield row("written", code(entry.written))
    yield row("reference", ", ".join(_references(entry)))
    yield row("node", _node(entry.kind))
    yield row("type", entry.type if "`" in entry.type else code(entry.type))
    yield row("succeeds", entry.succeeds)
    yield row("fails", entry.fails)
    yield row("is cancelled", entry.cancelled)
    for name in entry.laws:
        yield row("law", f"{LAWS[name].equation} (*{name}*)")
    yield ""
    yield f"For example, from `{_type(entry)}`:\n"
    yield fence("python", repr(entry.example))
    yield fence("yaml", to_yaml(entry.example, REGISTRY).removeprefix("version: 1\n"))
    yield fence("mermaid", to_mermaid(entry.example))
    yield row("input", "outcome", "after", "calls")
    yield row("---", "---", "---", "---")
    for value in entry.inputs:
        meaning = evaluate(entry.example, value, SCRIPT)
        yield row(
            code(repr(value)), _outcome(meaning), f"{meaning.seconds:g} s", _calls(meaning.calls)
        )
    yield ""


def _references(entry: Entry) -> Iterator[str]:
    for name in entry.title.split(", "):
        if name in flow.__all__:
            yield link(flow.__name__, name)
        if hasattr(flow.Flow, name):
            yield link(flow.__name__, "Flow", name)


def _node(kind: type[Any]) -> str:
    """How an interpreter knows it, and what it finds in it."""
    parts = ", ".join(code(field.name) for field in fields(kind))
    reference = link(NODES, kind.__name__)
    return f"{reference} of {parts}" if parts else reference


def _type(entry: Entry) -> str:
    return check(entry.example).type.replace(" → ", "` to `")


def _outcome(meaning: Evaluation) -> str:
    match meaning.result:
        case Success(value):
            return code(repr(value))
        case failure:
            error = failure.failure()
            return f"⇑ {code(f'{type(error).__name__}: {error}')}"


def _calls(calls: tuple[Call, ...]) -> str:
    return "<br>".join(map(_call, calls)) or "none"


def _call(call: Call) -> str:
    aside = " aside" if call.side is not None else ""
    until = f"{call.start:g} to {call.end:g} s"
    return f"{code(call.agent.__name__)}{aside}, {until}, {call.ending}"
