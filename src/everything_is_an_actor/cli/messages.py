"""What is said on standard error: messages of a few lines, tracebacks only on demand."""

import logging
import sys
import traceback
from collections.abc import Iterator
from typing import override

from everything_is_an_actor.flow import QuorumError


def say(message: str) -> None:
    """One message on standard error."""
    print(f"eiaa: {message}", file=sys.stderr)


def say_failure(what: str, error: BaseException, *, with_traceback: bool) -> None:
    """That `what` failed by `error`, and where in the flow; where in the code if asked for."""
    if with_traceback:
        traceback.print_exception(error)
        say(f"{what}: {headline(error)}")
    else:
        first, *others = headline(error).splitlines() or [""]
        lines = [f"{what}: {first}", *(f"  {line}" for line in others), *_details(error, "  ")]
        say("\n".join(lines))
        if error.__traceback__ is not None:
            print("  (--traceback shows where in the code)", file=sys.stderr)


def headline(error: BaseException) -> str:
    """The type of an error and its text.

    >>> headline(ValueError("no")), headline(ValueError())
    ('ValueError: no', 'ValueError')
    """
    try:
        text = str(error)
    except Exception as another:
        text = f"(its text cannot be had: {type(another).__name__})"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _details(error: BaseException, indent: str) -> Iterator[str]:
    """The notes of an error, among them its path in the flow; its cause; the errors it groups."""
    for note in getattr(error, "__notes__", ()):
        yield from _indented(str(note), indent)
    if error.__cause__ is not None:
        yield from _indented(f"because of {headline(error.__cause__)}", indent)
    for part in _parts(error):
        yield from _indented(f"- {headline(part)}", indent)
        yield from _details(part, f"{indent}  ")


def _parts(error: BaseException) -> tuple[BaseException, ...]:
    match error:
        case BaseExceptionGroup():
            return error.exceptions
        case QuorumError():
            return error.result.failed
        case _:
            return ()


def _indented(text: str, indent: str) -> Iterator[str]:
    return (f"{indent}{line}" for line in text.splitlines())


class Told(logging.Handler):
    """Log records as messages, for programs that have not set up logging by themselves."""

    def __init__(self, *, with_traceback: bool) -> None:
        super().__init__(logging.WARNING)
        self._with_traceback = with_traceback

    @override
    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        try:
            message = record.getMessage()
            if error is not None and type(error).__name__ not in message:
                message = f"{message}: {headline(error)}"
            say(f"{record.levelname.lower()}: {message}")
            if self._with_traceback and error is not None:
                traceback.print_exception(error)
        except Exception:
            self.handleError(record)
