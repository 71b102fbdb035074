"""`OpenTelemetryTracer`: tells OpenTelemetry of every task, as one span each.

Parents are those of OpenTelemetry's own context, which the runtime carries along with what is sent:
so a span that an agent, or a library that it calls, opens by itself is a child of the agent's, and
an agent that is asked within it is a child of that.

A failure is what the conventions say: status ERROR, `error.type`, the exception as an event. A
cancellation is no failure but somebody's decision, such as that of a race about who has lost: its
span has no status and no exception, as in OpenTelemetry's own `start_as_current_span`, which lets
`CancelledError` pass (open-telemetry/opentelemetry-python#4484), and says `cancelled` in
`everything_is_an_actor.task.status`.
"""

import logging
from asyncio import CancelledError
from contextvars import Token
from importlib.metadata import version
from typing import Any, Final, get_origin, override

from opentelemetry import trace
from opentelemetry.context import Context, attach, detach, get_current
from opentelemetry.trace import Link, SpanKind, Status, StatusCode, TracerProvider

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.plugins.otel import names
from everything_is_an_actor.plugins.otel.content import encoded, message
from everything_is_an_actor.runtime.events import EventType
from everything_is_an_actor.runtime.span import Span, Tracer

__all__ = ["OpenTelemetryTracer"]

log = logging.getLogger("everything_is_an_actor")

_NOWHERE: Final = Context()


class OpenTelemetryTracer(Tracer):
    """Makes a span of every run of a flow (`invoke_workflow`) and every task of an agent
    (`invoke_agent`), for `ActorSystem(tracer=...)` or `AgentSystem(tracer=...)`.

    `tracer_provider` is that of an SDK, by default the global one at this time or later. What goes
    in and out of agents is told only with `capture_content=True`: it may be personal, and large.
    What an exception says is told always.

    Nothing here fails a task: what a provider of yours raises is logged.

    >>> OpenTelemetryTracer(capture_content=True)
    OpenTelemetryTracer(capture_content=True)
    """

    def __init__(
        self, tracer_provider: TracerProvider | None = None, *, capture_content: bool = False
    ) -> None:
        if tracer_provider is not None and not isinstance(tracer_provider, TracerProvider):
            raise TypeError(
                "OpenTelemetryTracer: tracer_provider must be a TracerProvider of OpenTelemetry, "
                f"got {shown(tracer_provider)}"
            )
        self._capture_content = capture_content
        self._tracer = trace.get_tracer(
            "everything_is_an_actor",
            version("everything-is-an-actor"),
            tracer_provider,
            names.SCHEMA_URL,
        )

    def __repr__(self) -> str:
        return f"OpenTelemetryTracer(capture_content={self._capture_content})"

    @override
    def here(self) -> Context:
        """The current context, which holds the current span."""
        return get_current()

    @override
    def enter(self, where: Context | None) -> Token[Context]:
        """Make `where` the current context; one without a span, if it is nowhere."""
        return attach(_NOWHERE if where is None else where)

    @override
    def leave(self, token: Token[Context]) -> None:
        """Make the context current that was so before."""
        detach(token)

    @override
    def began(
        self, span: Span, kind: EventType, input: object, follows: tuple[Span, ...]
    ) -> Context:
        """Open a span below the current one, with links to the agents whose outputs were joined."""
        here = get_current()
        try:
            is_flow = kind == "flow_started"
            operation = names.INVOKE_WORKFLOW if is_flow else names.INVOKE_AGENT
            attributes: dict[str, str] = {
                names.OPERATION_NAME: operation,
                names.RUN_ID: span.trace.run_id,
                names.TASK_ID: span.task_id,
            }
            if span.name:
                attributes[names.AGENT_NAME] = span.name
            if not is_flow:
                attributes[names.AGENT_PATH] = span.agent_path
                if span.worker is not None:
                    attributes |= _card(span.worker.works_as)
            opened = self._tracer.start_span(
                f"{operation} {span.name}" if span.name else operation,
                here,
                SpanKind.INTERNAL,
                attributes,
                links=[Link(_opened(each).get_span_context()) for each in follows]
                if len(follows) > 1
                else None,
            )
            if self._capture_content and opened.is_recording():
                opened.set_attribute(names.INPUT_MESSAGES, message("user", input))
            return trace.set_span_in_context(opened, here)
        except Exception:
            log.exception("OpenTelemetry could not be told that %s begins", span.task_id)
            return here

    @override
    def told(self, span: Span, kind: EventType, data: object) -> None:
        """Add an event for a chunk, for progress, or for a side flow that has failed."""
        try:
            opened = _opened(span)
            if not opened.is_recording():
                return
            if isinstance(data, BaseException):
                opened.add_event(kind, {names.ERROR_TYPE: _qualified(type(data))})
            elif self._capture_content:
                opened.add_event(kind, {names.DATA: encoded(data)})
            else:
                opened.add_event(kind)
        except Exception:
            log.exception("OpenTelemetry could not be told of %s in %s", kind, span.task_id)

    @override
    def ended(self, span: Span, kind: EventType, data: object) -> None:
        """Close the span, and say how it ended."""
        opened = _opened(span)
        try:
            if opened.is_recording():
                if isinstance(data, CancelledError) or kind == "task_cancelled":
                    opened.set_attribute(names.TASK_STATUS, "cancelled")
                elif kind in ("task_failed", "flow_failed") and isinstance(data, BaseException):
                    opened.set_attribute(names.TASK_STATUS, "failed")
                    _record(opened, data)
                else:
                    opened.set_attribute(names.TASK_STATUS, "completed")
                    if self._capture_content:
                        opened.set_attribute(names.OUTPUT_MESSAGES, message("assistant", data))
        except Exception:
            log.exception("OpenTelemetry could not be told how %s ends", span.task_id)
        try:
            opened.end()
        except Exception:
            log.exception("OpenTelemetry could not be told that %s ends", span.task_id)


def _opened(span: Span) -> trace.Span:
    """The span that was opened for a task; one that does nothing if there is none."""
    return trace.get_current_span(_NOWHERE if span.traced is None else span.traced)


def _record(opened: trace.Span, error: BaseException) -> None:
    kind = _qualified(type(error))
    opened.set_attribute(names.ERROR_TYPE, kind)
    try:
        text = str(error)
        opened.record_exception(error)
    except Exception:  # it cannot be written out
        text = ""
        opened.add_event("exception", {"exception.type": kind})
    opened.set_status(Status(StatusCode.ERROR, text))


def _qualified(cls: type[BaseException]) -> str:
    """As in `exception.type`: the builtin ones go without their module."""
    module = cls.__module__
    return cls.__qualname__ if module == "builtins" else f"{module}.{cls.__qualname__}"


def _card(kind: Any) -> dict[str, str]:
    """What the agent's card says of it, if it has one: any object with these attributes."""
    card = getattr(get_origin(kind) or kind, "__card__", None)
    told = {
        names.AGENT_DESCRIPTION: getattr(card, "description", None),
        names.AGENT_VERSION: getattr(card, "version", None),
    }
    return {name: text for name, text in told.items() if isinstance(text, str) and text}
