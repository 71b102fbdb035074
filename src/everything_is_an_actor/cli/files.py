"""Files that are read and written as a whole."""

from pathlib import Path

from everything_is_an_actor.cli.output import Output, OutputError
from everything_is_an_actor.cli.usage import BadUsage


def content_of(file: str | Path) -> bytes:
    """What is in a file. Raises `BadUsage` if it cannot be read."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:  # a name with a NUL
        raise BadUsage(f"cannot read {file}: {reason_of(error)}.") from None


def write(file: Path, content: str | bytes) -> None:
    """Make the content of a file; a text is in UTF-8, and ends with its line.

    Raises `BadUsage` if there can be no such file, `OutputError` if it cannot be written.
    """
    if isinstance(content, str):
        content = f"{content.removesuffix('\n')}\n".encode(errors="backslashreplace")
    try:
        opened = file.open("wb")
    except (OSError, ValueError) as error:
        raise BadUsage(f"cannot write to {file}: {reason_of(error)}.") from None
    try:
        with opened:
            opened.write(content)
    except OSError as error:
        raise OutputError(f"cannot write to {file}: {error.strerror}") from None


def reason_of(error: OSError | ValueError) -> str:
    """Why a file cannot be had, for people."""
    return (error.strerror or "") if isinstance(error, OSError) else str(error)


def deliver(content: str | bytes, output: Output, file: Path | None) -> None:
    """Write to the file if there is one, else to standard output; `-` is that as well.

    Raises `BadUsage`, `OutputError` or `ReaderGoneError`.
    """
    if file is not None and str(file) != "-":
        write(file, content)
    elif isinstance(content, str):
        output.result(content.removesuffix("\n"))
    else:
        output.content(content)
