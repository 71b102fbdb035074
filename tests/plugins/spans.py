"""What OpenTelemetry was told, as the SDK's exporter in memory has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from everything_is_an_actor.plugins.otel import OpenTelemetryTracer


class Recorder:
    """A provider of its own, and the spans that have ended."""

    def __init__(self, **how: Any) -> None:
        self.exporter = InMemorySpanExporter()
        self.provider = TracerProvider()
        self.provider.add_span_processor(SimpleSpanProcessor(self.exporter))
        self.tracer = OpenTelemetryTracer(self.provider, **how)

    @property
    def spans(self) -> list[ReadableSpan]:
        """In order of their end."""
        return list(self.exporter.get_finished_spans())

    @contextmanager
    def span(self, name: str) -> Iterator[None]:
        """A span of user code."""
        with self.provider.get_tracer("user").start_as_current_span(name):
            yield

    def one(self, name: str) -> ReadableSpan:
        """The only span of that name, with or without its operation."""
        (found,) = self.named(name)
        return found

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if name in (span.name, _short(span))]

    def parent(self, span: ReadableSpan) -> str | None:
        """The name of the parent, without its operation."""
        if span.parent is None:
            return None
        by_id = {each.context.span_id: each for each in self.spans if each.context is not None}
        found = by_id.get(span.parent.span_id)
        return "not ended" if found is None else _short(found)

    def tree(self) -> list[str]:
        """`child < parent` of every span, sorted."""
        return sorted(f"{_short(span)} < {self.parent(span)}" for span in self.spans)

    def links(self, span: ReadableSpan) -> list[str]:
        by_id = {each.context.span_id: each for each in self.spans if each.context is not None}
        return [_short(by_id[link.context.span_id]) for link in span.links]

    def traces(self) -> set[int]:
        return {span.context.trace_id for span in self.spans if span.context is not None}


def _short(span: ReadableSpan) -> str:
    return span.name.removeprefix("invoke_agent ").removeprefix("invoke_workflow ")


def attributes(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})
