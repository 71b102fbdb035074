"""A web endpoint that runs a flow for each request, and streams what happens as it happens.

    python -m examples.event_stream --port 8000    # then open http://127.0.0.1:8000/
    curl -N 'http://127.0.0.1:8000/events?input=What+is+a+generator%3F'

The flow is that of `examples.ask_docs`: it answers questions about Python from its documentation,
and notes them in `ask_docs-log.jsonl` (or where ASK_DOCS_LOG says). Ctrl-C stops the server, and
cancels what is under way. Needs the extra `demo`.
"""

import argparse
import sys
from collections.abc import Sequence

import uvicorn

from examples.ask_docs.flow import ask
from examples.ask_docs.retrieval import library_of
from examples.event_stream.web import application


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until it is interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.event_stream", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000, help="0: one that is free")
    options = parser.parse_args(argv)
    if not 0 <= options.port < 2**16:
        parser.error(f"argument --port: a port is 0 to 65535, got {options.port}")
    library_of()  # read now, so that nobody waits for it
    uvicorn.run(
        application(ask.map(str)),
        host=options.host,
        port=options.port,
        limit_concurrency=100,
        timeout_graceful_shutdown=1,  # for whoever is still listening then
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
