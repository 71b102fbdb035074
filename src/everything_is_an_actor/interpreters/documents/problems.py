"""What is wrong with a document, or with a flow that is to become one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, override

from everything_is_an_actor.algebra.failure import FlowError

SHOWN: Final = 50  # problems that the text of an error spells out
_END: Final = 60  # characters at either end of a long path, in a text


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: line and column, both counted from 1, columns in characters.

    >>> print(Position(3, 5))
    line 3, column 5
    """

    line: int
    column: int

    @override
    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: what, at which path of the document, and where in its text.

    The path is empty for the document as a whole; a position is known for what was read from text.
    The text leaves out the middle of a long path, so that what is wrong is seen.

    >>> print(Problem("there is no agent Writr", "steps[2].agent", Position(3, 5)))
    line 3, column 5: at steps[2].agent: there is no agent Writr
    """

    message: str
    path: str = ""
    position: Position | None = None

    @override
    def __str__(self) -> str:
        where = [] if self.position is None else [str(self.position)]
        where += [f"at {_abridged(self.path)}"] if self.path else []
        return ": ".join([*where, self.message])


class DocumentError(FlowError, ValueError):
    """A document is not a flow; `problems` says why, in the order of the text.

    >>> print(DocumentError([Problem("an agent is needed", "steps[0]"), Problem("what is agnt?")]))
    the document has 2 problems:
      at steps[0]: an agent is needed
      what is agnt?
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = tuple(problems)

    @override
    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        lines = [f"the document has {len(self.problems)} problems:"]
        lines += [f"  {problem}" for problem in self.problems[:SHOWN]]
        if (more := len(self.problems) - SHOWN) > 0:
            lines.append(f"  … and {more} more")
        return "\n".join(lines)


class UnknownNameError(DocumentError, KeyError):
    """A document names what is not in the registry, and has no other problem.

    >>> try:
    ...     raise UnknownNameError([Problem("there is no agent Writr", "agent")])
    ... except KeyError as error:
    ...     print(error)
    at agent: there is no agent Writr
    """


class SerializationError(FlowError, TypeError):
    """A flow holds what a document cannot; the text says where in the flow, and how to mend it.

    >>> print(SerializationError("a lambda has no name", "steps[1]"))
    at steps[1]: a lambda has no name
    """

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"at {_abridged(path)}: {message}" if path else message)
        self.message = message
        self.path = path

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.path), self.__dict__


def _abridged(path: str) -> str:
    return path if len(path) <= 2 * _END + 1 else f"{path[:_END]}…{path[-_END:]}"
