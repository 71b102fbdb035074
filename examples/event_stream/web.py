"""The application: `GET /events?input=…` runs a flow, and answers with Server-Sent Events.

There is one for each event of each agent, and a comment when there has been none for a while, since
proxies give up a connection on which nothing comes. Who goes away cancels the run. The `id` of an
event says which run it is of, and which of its events; a browser that lost the connection comes
back by itself and says which it has seen last. A run that ended is not repeated for it; one that
was cut off was cancelled, and begins anew.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, override

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Send

from everything_is_an_actor.agents import AgentSystem, EventStream, event_to_json
from everything_is_an_actor.flow import Flow

LONGEST: Final = 1_000  # characters of an input
SILENCE: Final = 15.0  # seconds without an event, after which the connection is kept alive
RETRY: Final = 3_000  # milliseconds, after which a browser that lost the connection comes back
LAST: Final = ":last"  # at the end of an id
PAGE: Final = Path(__file__).with_name("page.html")


class ServerSentEvents(StreamingResponse):
    """The events of a run, which ends with the response, however that does."""

    def __init__(self, events: EventStream, silence: float = SILENCE) -> None:
        # Proxies are not to keep what should be seen at once.
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(lines(events, silence), headers=headers, media_type="text/event-stream")
        self.events = events

    @override
    async def stream_response(self, send: Send) -> None:
        async with self.events:  # cancelled while it sends, nobody else would end the run
            await super().stream_response(send)


async def lines(events: EventStream, silence: float) -> AsyncGenerator[str]:
    """The events as a browser's `EventSource` reads them, which passes over a comment."""
    yield f"retry: {RETRY}\n\n"
    number = 0
    try:
        while True:
            try:
                async with asyncio.timeout(silence) as patience:
                    event = await anext(events, None)
            except TimeoutError:
                if not patience.expired():  # the flow's own
                    raise
                yield ": keep-alive\n\n"
                continue
            if event is None:
                break
            number += 1
            is_last = event.type in ("flow_completed", "flow_failed")
            id = f"{events.run_id}:{number}{LAST if is_last else ''}"
            yield f"id: {id}\nevent: {event.type}\ndata: {event_to_json(event)}\n\n"
    except Exception as error:  # of the flow, whose last event has told the browser
        print(f"{events.run_id}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)


def application(flow: Flow[str, Any]) -> Starlette:
    """An application that runs `flow` for whoever asks, and has a page to ask from."""
    system = AgentSystem("web")

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncGenerator[None]:
        async with system:
            yield

    async def page(_: Request) -> Response:
        return FileResponse(PAGE)

    async def events(request: Request) -> Response:
        if request.headers.get("last-event-id", "").endswith(LAST):
            return Response(status_code=204)  # by which a browser knows that it need not come back
        input = request.query_params.get("input", "").strip()
        if not input:
            return PlainTextResponse("nothing was asked: /events?input=…\n", 400)
        if len(input) > LONGEST:
            return PlainTextResponse(f"an input has at most {LONGEST} characters\n", 400)
        return ServerSentEvents(system.run_flow_stream(flow, input))

    return Starlette(routes=[Route("/", page), Route("/events", events)], lifespan=lifespan)
