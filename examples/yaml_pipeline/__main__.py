"""A pipeline that is written in YAML, and made part of a larger one in Python.

    python -m examples.yaml_pipeline src/             # review every file of Python below src/
    python -m examples.yaml_pipeline --show check     # or plan, or drawing: nothing is run

`pipeline.yaml` says what is looked at in one file, and may be edited by whoever reads the reviews
(`--pipeline` names another one). Here it becomes a step for each file of a folder: the files are
those that git knows, or else all; one that cannot be reviewed, or not in time, does not keep the
others from it. What does not fit is told before anything runs, with its line and column.

Exit codes: 0 nothing was found, 1 something was, 2 bad usage or a document that is wrong.
"""

import argparse
import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Final

from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentSystem
from everything_is_an_actor.flow import (
    DocumentError,
    Flow,
    Registry,
    agent,
    check,
    dry_run,
    identity,
    pure,
    read_document,
    to_mermaid,
    traverse,
)
from examples.yaml_pipeline import measures
from examples.yaml_pipeline.measures import Review

PIPELINE: Final = Path(__file__).with_name("pipeline.yaml")
SECONDS: Final = 30.0  # for one file
AT_ONCE: Final = 8

type Reviewed = tuple[str, Result[Review, Exception]]


async def tracked(folder: str) -> list[str]:
    """The files of Python that git knows below a folder. Raises `OSError` if it knows of none."""
    git = await asyncio.create_subprocess_exec(
        *("git", "-C", folder, "ls-files", "-z", "--", "*.py"), stdout=PIPE, stderr=DEVNULL
    )
    listed, _ = await git.communicate()
    if git.returncode or not listed:
        raise FileNotFoundError(f"git knows of no Python in {folder}")
    return [str(Path(folder, name)) for name in listed.decode().split("\0") if name]


async def walked(folder: str) -> list[str]:
    """The files of Python that there are below a folder."""
    return await asyncio.to_thread(lambda: sorted(map(str, Path(folder).rglob("*.py"))))


def report(reviews: tuple[Reviewed, ...]) -> tuple[str, ...]:
    """A line for whatever was found."""
    lines: list[str] = []
    for path, result in reviews:
        match result:
            case Success(Review(_, remarks, failed)):
                lines += [f"{path}:{remark.line}: {remark.what}" for remark in remarks]
                lines += [f"{path}: {failed} measures failed"] if failed else []
            case Failure(error):
                lines.append(f"{path}: not reviewed: {type(error).__name__}: {error}")
            case _:
                pass
    return tuple(lines)


def extended(review: Flow[str, Review]) -> Flow[str, tuple[str, ...]]:
    """From a folder to a report of all that `review` finds in its files."""
    files = agent(tracked).fallback_to(agent(walked)).named("files")
    path: Flow[str, str] = identity()
    one = path.zip(review.timeout(SECONDS).attempt()).named("one file")
    return files >> traverse(one, max_concurrency=AT_ONCE) >> pure(report)


# -- the command ----------------------------------------------------------------------------------


def shown(what: str, flow: Flow[str, tuple[str, ...]]) -> str:
    """What there is to know of a flow that has not run."""
    match what:
        case "check":
            return str(check(flow, str))
        case "plan":
            return str(dry_run(flow))
        case _:
            return to_mermaid(flow)


async def run(flow: Flow[str, tuple[str, ...]], folder: str) -> tuple[str, ...]:
    """The report on a folder."""
    async with AgentSystem() as system:
        return await system.run_flow(flow, folder)


def complain(what: object) -> int:
    """Say what is wrong; the exit code of it."""
    print(what, file=sys.stderr)
    return 2


def main(argv: Sequence[str] | None = None) -> int:
    """Review the folder on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m examples.yaml_pipeline", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", type=Path, nargs="?", default=Path())
    parser.add_argument("--pipeline", type=Path, default=PIPELINE, metavar="YAML")
    parser.add_argument("--show", choices=("check", "plan", "drawing"))
    options = parser.parse_args(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a file may have any name
    try:
        text = options.pipeline.read_bytes()
        document = read_document(text, Registry.from_module(measures))
    except (DocumentError, OSError) as error:
        return complain(f"{options.pipeline}: {error}")
    flow = extended(document.flow)
    for part in (document, flow):  # of the document it is known where in the text
        if not (found := check(part, str)).ok:
            return complain(f"{options.pipeline}: {found}")
    if options.show is not None:
        print(shown(options.show, flow))
        return 0
    if not options.folder.is_dir():
        return complain(f"{options.folder} is no folder")
    try:
        lines = asyncio.run(run(flow, str(options.folder)))
        for line in lines:
            print(line)
        sys.stdout.flush()
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader has seen enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
