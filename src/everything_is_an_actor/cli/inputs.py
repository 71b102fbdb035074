"""The input of a flow: a text, a JSON document, or a file of either."""

import json
import sys
from pathlib import Path
from typing import Any, Never

from everything_is_an_actor.cli.usage import BadUsage


def need_one_input(text: str | None, document: str | None, file: str | None) -> None:
    """Exactly one of the three was given. Raises `BadUsage`."""
    options = {"--input": text, "--input-json": document, "--input-file": file}
    given = [name for name, value in options.items() if value is not None]
    if len(given) != 1:
        came = " and ".join(given) or "none"
        raise BadUsage(f"one input is needed (--input, --input-json or --input-file), got {came}.")


def read_input(text: str | None, document: str | None, file: str | None) -> Any:
    """The value of the input that was given; only the flow knows its type. Raises `BadUsage`."""
    if text is not None:
        return text
    if document is not None:
        return _parsed(document, "--input-json")
    assert file is not None  # one of them was given
    content = _content(file)
    return _parsed(content, file) if file.lower().endswith(".json") else content


def _content(file: str) -> str:
    name = "standard input" if file == "-" else file
    try:
        content = Path(file).read_bytes() if file != "-" else _standard_input()
    except (OSError, ValueError) as error:  # a name with a NUL
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadUsage(f"--input-file: cannot read {name}: {reason}.") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadUsage(
            f"--input-file: {name} is not text in UTF-8: "
            f"byte 0x{content[error.start]:02x} at position {error.start}."
        ) from None


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise ValueError("it is closed")
    return sys.stdin.buffer.read()


def _parsed(document: str, source: str) -> Any:
    try:
        return json.loads(document, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        line = document.splitlines()[error.lineno - 1 : error.lineno] or [""]
        near = line[0][max(error.colno - 21, 0) : error.colno + 19]
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}, near {near!r}"
    except ValueError as error:
        reason = str(error)
    except RecursionError:
        reason = "it is nested too deeply"
    hint = " For plain text there is --input." if source == "--input-json" else ""
    raise BadUsage(f"{source} is not a JSON document: {reason}.{hint}")


def _no_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value")
