"""OpenTelemetry: the tasks of agents and flows as spans, by the GenAI semantic conventions.

Needs the extra `everything-is-an-actor[otel]`, which is the API of OpenTelemetry. Where the spans
go is the affair of an SDK that the application sets up; without one they cost little, and go
nowhere.

>>> import asyncio
>>> from everything_is_an_actor.agents import AgentSystem
>>> from everything_is_an_actor.flow import agent
>>> from everything_is_an_actor.plugins.otel import OpenTelemetryTracer
>>> async def shout(text: str) -> str:
...     return text.upper()
>>> async def main() -> str:
...     async with AgentSystem(tracer=OpenTelemetryTracer()) as system:
...         return await system.run_flow(agent(shout), "hello")
>>> asyncio.run(main())
'HELLO'
"""

try:
    import opentelemetry.trace  # noqa: F401  # only to say what is missing
except ModuleNotFoundError as error:
    raise ImportError(
        "everything_is_an_actor.plugins.otel needs the package opentelemetry-api: "
        "pip install 'everything-is-an-actor[otel]'"
    ) from error

from everything_is_an_actor.plugins.otel.tracer import OpenTelemetryTracer

__all__ = ["OpenTelemetryTracer"]
