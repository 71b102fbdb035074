"""The errors of the actor runtime."""


class ActorError(Exception):
    """The base of every error that the runtime itself raises."""


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


class MailboxFullError(ActorError):
    """The mailbox is full, and the sender does not wait.

    >>> print(MailboxFullError(256))
    the mailbox is full: it holds 256 messages
    """

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size

    def __str__(self) -> str:
        return f"the mailbox is full: it holds {self.size} messages"


class NameInUseError(ActorError, ValueError):
    """A living actor has this name already.

    >>> print(NameInUseError("/app/greeter"))
    the name is in use: /app/greeter is alive
    """

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"the name is in use: {self.path} is alive"


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
