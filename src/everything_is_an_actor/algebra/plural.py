"""The noun for a number of things, as errors, logs and pictures say it."""


def plural(number: int, one: str) -> str:
    """`one`, in the plural unless there is one.

    >>> [f"{n} {plural(n, 'message')}" for n in (0, 1, 2)]
    ['0 messages', '1 message', '2 messages']
    """
    return one if number == 1 else f"{one}s"
