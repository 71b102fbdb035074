"""Chats with a model that go on where they were left, on virtual actors and Redis.

    python -m examples.chat_sessions serve --model qwen3 --base-url http://localhost:11434/v1
    python -m examples.chat_sessions talk ada          # in as many terminals as there are people
    python -m examples.chat_sessions list

`talk` sends each line of its standard input to the session of that name and prints the answer. The
server may be stopped and started again at any time: the sessions are in Redis (`--redis`, or
REDIS_URL), and so is a question that nobody has answered yet, as long as somebody waits for it.

Exit codes: 0 done, 1 no answer, or no Redis, 2 bad usage, 130 interrupted. Needs the extras `demo`
and `redis`.
"""

import argparse
import asyncio
import os
import sys
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, asynccontextmanager
from io import TextIOWrapper

from redis.asyncio import ConnectionPool, Redis
from redis.exceptions import RedisError

from everything_is_an_actor import ActorSystem, AskTimeoutError
from everything_is_an_actor.plugins.redis import RedisUnavailableError, RemoteActorError, RemoteRef
from examples.chat_sessions.sessions import (
    QUESTIONS,
    Question,
    Session,
    Turn,
    serving,
    sessions_on,
    turns_of,
)
from examples.endpoint import Endpoint, Model


async def serve(options: argparse.Namespace, endpoint: Endpoint) -> None:
    """Answer questions until it is interrupted."""
    model = Model(options.model, endpoint)
    async with (
        endpoint,
        connected(options.redis) as pool,
        serving(model, pool, idle=options.idle) as sessions,
    ):
        known = await sessions.known_ids(Session)
        print(f"Serving; {len(known)} sessions are known. Ctrl-C stops it.", flush=True)
        await asyncio.Event().wait()


async def known(options: argparse.Namespace) -> list[str]:
    """The names of all sessions that there have been."""
    async with connected(options.redis) as pool, ActorSystem() as system:
        return sorted(await sessions_on(system, pool, idle=1.0).known_ids(Session))


async def said(options: argparse.Namespace) -> list[Turn]:
    """What has been said in the session."""
    async with connected(options.redis) as pool, Redis(connection_pool=pool) as redis:
        return await turns_of(redis, options.session)


async def ask(options: argparse.Namespace, text: str) -> str:
    """The answer to a question."""
    question = Question(session=options.session, id=uuid.uuid4().hex, text=text)
    async with (
        connected(options.redis) as pool,
        RemoteRef[Question, Turn](pool, QUESTIONS, patience=5.0) as desk,
    ):
        return (await desk.ask(question, timeout=options.timeout))["answer"]


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[ConnectionPool]:
    """Connections to a Redis that is there. Raises `RedisError` if it is not."""
    async with aclosing(ConnectionPool.from_url(url, decode_responses=True)) as pool:
        async with Redis(connection_pool=pool) as redis:
            await redis.ping()
        yield pool


def talk(options: argparse.Namespace) -> int:
    """Send line after line, and print the answers."""
    code = 0
    for turn in asyncio.run(said(options)):
        print(f"> {turn['question']}\n{turn['answer']}")
    while line := read_line():
        if not line.strip():
            continue
        try:
            print(asyncio.run(ask(options, line.strip())), flush=True)
        except RemoteActorError as error:
            code = complain(f"no answer: {error.remote_message}")
        except AskTimeoutError:
            code = complain(f"no answer within {options.timeout:g} s: is a server running?")
    return code


def read_line() -> str:
    """The next line of standard input; nothing at its end."""
    if sys.stdin.isatty():
        print("> ", end="", flush=True)
    return sys.stdin.readline()


def complain(what: str) -> int:
    """Say what went wrong; the exit code of it."""
    print(what, file=sys.stderr, flush=True)
    return 1


def main(argv: Sequence[str] | None = None) -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.chat_sessions", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--redis",
        default=os.environ.get("REDIS_URL") or "redis://localhost",
        metavar="URL",
        help="where Redis is (default: REDIS_URL, or %(default)s)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serves = commands.add_parser("serve", help="answer questions")
    serves.add_argument("--model", required=True)
    serves.add_argument(
        "--idle", type=float, default=300.0, metavar="SECONDS", help="before a session goes"
    )
    Endpoint.add_options(serves)
    talks = commands.add_parser("talk", help="ask questions, a line each")
    talks.add_argument("session")
    talks.add_argument("--timeout", type=float, default=120.0, metavar="SECONDS")
    commands.add_parser("list", help="the names of the sessions")
    options = parser.parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a model may say anything
    try:
        if options.command == "serve":
            asyncio.run(serve(options, Endpoint.of(serves, options)))
        elif options.command == "talk":
            return talk(options)
        else:
            for session in asyncio.run(known(options)):
                print(session)
        return 0
    except (RedisError, RedisUnavailableError) as error:
        return complain(f"Redis at {options.redis} does not serve: {error}")
    except ValueError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
