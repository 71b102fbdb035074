"""One side of a workload, in a process of its own: `python -m benchmarks.serving MODULE SIZE`.

The process first tells what it is, then answers each line on its standard input with a sample, in
JSON; it ends with its input. It runs in the environment of a peer too, and so needs nothing but
the standard library.
"""

import argparse
import importlib
import json
import os
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from resource import RUSAGE_SELF, getrusage
from typing import TextIO

from benchmarks.side import Side

LIBRARY = "everything-is-an-actor"


def main() -> None:
    """Keep what a library prints apart from what is said to who measures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.serving")
    parser.add_argument("module")
    parser.add_argument("size", type=int)
    parser.add_argument("--loop", default="asyncio", help="a module with a function `run`")
    options = parser.parse_args()
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    run = importlib.import_module(options.loop).run
    run(serve(options.module, options.size, sys.stdin, replies))


async def serve(module: str, size: int, requests: TextIO, replies: TextIO) -> None:
    """Measure a round for each line of requests."""
    imported = importlib.import_module(module)
    side: Side = imported.side
    is_ = (imported.__doc__ or "").partition("\n")[0].rstrip(".")
    _say(replies, is_=is_, version=_version(module.rpartition(".")[2]), python=_python())
    async with side(size) as one_round:
        for _ in requests:
            operations, amount = await one_round()
            _say(replies, operations=operations, amount=amount, peak=peak())


def _say(replies: TextIO, **facts: object) -> None:
    print(json.dumps(facts), file=replies, flush=True)


def _version(side: str) -> str | None:
    """Of the distribution that has the name of the side, or the words that it begins with."""
    name = LIBRARY if side == "ours" else side
    while name:
        try:
            return version(name)
        except PackageNotFoundError:
            name = name.rpartition("_")[0]
    return None


def _python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()}"


def peak() -> int:
    """The most bytes that this process had in memory."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            found = re.search(r"VmHWM:\s*(\d+) kB", status.read())
    except FileNotFoundError:  # not Linux, where `ru_maxrss` begins with that of the parent
        return getrusage(RUSAGE_SELF).ru_maxrss
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    main()
