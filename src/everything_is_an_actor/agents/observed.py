"""A flow as a task: what whoever listens to it is told of the flow itself.

Its agents tell of themselves (`runtime/agent.py`); a flow that is bracketed is one task more,
around theirs and those of its side flows.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import Named
from everything_is_an_actor.interpreters.actors import Run
from everything_is_an_actor.runtime.letters import Part, current_message
from everything_is_an_actor.runtime.listening import current_span
from everything_is_an_actor.runtime.place import AnyPlace, current_place
from everything_is_an_actor.runtime.scheduler import carried
from everything_is_an_actor.runtime.span import Span, Trace
from everything_is_an_actor.runtime.task import new_run_id, new_task_id


def evaluated(run: Run, flow: AnyFlow, input: Any, root: AnyPlace) -> Coroutine[Any, Any, Any]:
    """The output of a flow; its events are those of its agents."""
    return run.evaluate(flow, input)


async def bracketed(run: Run, flow: AnyFlow, input: Any, root: AnyPlace) -> Any:
    """As `evaluated`; the flow itself is a task, around those of its agents and side flows."""
    part = current_message.get()
    outer = None if part is None else part.span
    if part is None or outer is None:
        raise AssertionError("nobody listens to this flow")
    name = flow.node.label if isinstance(flow.node, Named) else ""
    span = await outer.begin(new_task_id(), name, root, None, input, kind="flow_started")
    if span is None:
        raise asyncio.CancelledError
    part.span = span
    if span.trace.tracer is not None:
        span.trace.tracer.enter(span.traced)  # for the rest of this task
    try:
        output = await run.evaluate(flow, input)
    except BaseException as error:
        await span.sides_ended()
        span.end("flow_failed", carried(error))
        raise
    else:
        await span.sides_ended()
        span.end("flow_completed", output)
        return output
    finally:
        span.finish()


async def traced(run: Run, flow: AnyFlow, input: Any, root: AnyPlace) -> Any:
    """As `bracketed`, for a tracer and nobody else; within a task, it is part of that."""
    outer = current_span()
    if outer is not None and outer.task is not None:
        return await run.evaluate(flow, input)
    origin = outer or Span(Trace(new_run_id(), None, root.engine.tracer, rooted=True), None)
    part = Part(current_place(), origin, current_message.get())
    current_message.set(part)
    try:
        return await bracketed(run, flow, input, root)
    finally:
        part.over = True
        if outer is None:
            origin.trace.root = None  # which knows its trace
