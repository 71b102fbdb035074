"""Paths: the names from the root of a system down to an actor, as in `/app/writer`."""

import re

_SERIAL = re.compile(r"-\d+\Z")


def escaped(name: str) -> str:
    """A name as it is written in a path."""
    return name.replace("%", "%25").replace("/", "%2F")


def place_name(path: str) -> str:
    """The name of what is at `path`: the inverse of how a path is made.

    >>> place_name("/app/notes%2Fdrafts-3")
    'notes/drafts-3'
    """
    return path.rpartition("/")[2].replace("%2F", "/").replace("%25", "%")


def agent_name(path: str) -> str:
    """The name of the agent at `path`, without the number of those that are used once.

    >>> agent_name("/app/Boss-1/gpt-4-12"), agent_name("/app"), agent_name("")
    ('gpt-4', 'app', '')
    """
    return _SERIAL.sub("", place_name(path))
