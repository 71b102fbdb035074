"""What stands on a node where a flow is shown: names, bounds and values, in a few words each.

Any object may be in a flow, also one whose own code raises: a caption is a text whatever happens,
and the same in every run.
"""

from collections.abc import Iterator
from typing import Final

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.backoff import Backoff
from everything_is_an_actor.algebra.plain import name_of, one_line, text_of

WIDTH: Final = 120  # characters of what a node is called
USUAL: Final = 30.0  # seconds: the timeout of an agent that says nothing of it


def in_words(what: str, *details: str) -> str:
    """What something is and what is said of it, on one line.

    >>> in_words("retry", "at most 2 more", "", "on KeyError")
    'retry at most 2 more, on KeyError'
    """
    text = ", ".join(detail[:WIDTH] for detail in details if detail)
    line = one_line(f"{what} {text}".rstrip())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def agent_words(target: object, timeout: float | None, name: str | None) -> Iterator[str]:
    """An agent, its name if it has one, and its timeout if it is not the usual one.

    >>> list(agent_words(int, 2.5, "reader"))
    ['int', 'as reader', 'within 2.5 s']
    """
    yield name_of(target)
    if name is not None:
        yield f"as {name}"
    if timeout != USUAL:
        yield "no timeout" if timeout is None else f"within {timeout:g} s"


def retry_words(times: int, backoff: Backoff, on: tuple[type[Exception], ...]) -> Iterator[str]:
    """How often something is tried again, after which errors, and when.

    >>> list(retry_words(2, Backoff(0.5), (KeyError, OSError)))
    ['at most 2 more', 'on KeyError or OSError', 'after 0.5 s']
    """
    yield f"at most {shown(times)} more"
    if on != (Exception,):
        yield f"on {' or '.join(map(name_of, on))}"
    if backoff.initial:
        yield f"after {backoff.initial:g} s"


def state_words(init_state: object) -> str:
    """The state that a loop begins with.

    >>> state_words(list), state_words([1])
    ('state from list', 'state from [1]')
    """
    if callable(init_state):
        return f"state from {name_of(init_state)}"
    return f"state from {text_of(init_state)}"
