"""The errors of the actor runtime."""

import asyncio
from collections.abc import Sequence
from typing import Final

from everything_is_an_actor.algebra.plural import plural

SHOWN: Final = 10  # actors at either end of a long cycle, in the text of its error


class ActorError(Exception):
    """The base of every error of the runtime's own.

    Wrong arguments are a `TypeError` or `ValueError`, calls out of place a `RuntimeError`.

    >>> issubclass(AskTimeoutError, ActorError), issubclass(AskTimeoutError, TimeoutError)
    (True, True)
    """


class ActorStoppedError(ActorError):
    """The actor has stopped, or stopped before it could answer.

    >>> print(ActorStoppedError("/app/greeter", "it was interrupted"))
    actor /app/greeter has stopped: it was interrupted
    """

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return f"actor {self.path} has stopped: {self.reason}"


class AskTimeoutError(ActorError, TimeoutError):
    """No reply came within the timeout, in seconds.

    >>> print(AskTimeoutError("/app/greeter", 0.5))
    no reply from /app/greeter within 0.5 s
    """

    def __init__(self, path: str, timeout: float) -> None:
        super().__init__(path, timeout)
        self.path = path
        self.timeout = timeout

    def __str__(self) -> str:
        return f"no reply from {self.path} within {self.timeout:g} s"


class AskCycleError(ActorError):
    """An ask that would never be answered: the actor asked is waiting, in the end, for the asker.

    >>> print(AskCycleError(["/app/a", "/app/b", "/app/a"]))
    a cycle of asks would never be answered: /app/a -> /app/b -> /app/a
    >>> print(AskCycleError(["/app/a", "/app/a"]))
    /app/a asks itself while it handles a message: tell, or call the method instead
    """

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(paths)
        self.paths = tuple(paths)

    def __str__(self) -> str:
        if len(self.paths) == 2:
            return (
                f"{self.paths[0]} asks itself while it handles a message: "
                "tell, or call the method instead"
            )
        return f"a cycle of asks would never be answered: {' -> '.join(self._abridged())}"

    def __repr__(self) -> str:
        return f"AskCycleError({' -> '.join(self._abridged())})"

    def _abridged(self) -> Sequence[str]:
        """Every actor in the cycle may log it: a long one must not be written out each time."""
        left_out = len(self.paths) - 2 * SHOWN
        if left_out <= 1:
            return self.paths
        return [*self.paths[:SHOWN], f"({left_out} more)", *self.paths[-SHOWN:]]


class MailboxEmptyError(ActorError, asyncio.QueueEmpty):
    """There is no message in the mailbox.

    >>> print(MailboxEmptyError())
    the mailbox is empty
    """

    def __str__(self) -> str:
        return "the mailbox is empty"


class MailboxFullError(ActorError, asyncio.QueueFull):
    """The mailbox is full, and the sender does not wait.

    >>> print(MailboxFullError(256))
    the mailbox is full: it holds 256 messages
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        return f"the mailbox is full: it holds {self.size} {plural(self.size, 'message')}"


class NameInUseError(ActorError, ValueError):
    """A living actor has this name already.

    >>> print(NameInUseError("/app/greeter"))
    the name is in use: /app/greeter is alive; choose another, or get_actor(path)
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"the name is in use: {self.path} is alive; choose another, or get_actor(path)"


class ActorNotFoundError(ActorError, LookupError):
    """No living actor has this path.

    >>> print(ActorNotFoundError("/app/nobody"))
    no living actor at /app/nobody
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"no living actor at {self.path}"
