"""Cycles of asks: found at once, by whoever would close one.

The problem: an actor that waits for a reply handles nothing else, so actors that wait for each
other's replies wait until the first timeout, and nobody learns why.

The design: a wait-for graph, as of a database's locks. Its nodes are the messages in hand. Whoever
handles `m` and asks makes `m` wait: for the message that the other has in hand, be it this request
or one that is handled before it. `Waits` keeps the requests for which each message waits, from the
moment on in which their asker has to wait; before that, in the eager part of an ask, a request
knows from `within` which message it holds up. An ask closes a cycle if the message in the target's
hand waits, in the end, for the message that the asker handles, or for one held up by that. An actor
that restarts or retires has `Hooks` in hand, which wait for what its children handle.

What a handler does at the same time counts as waited for: a `gather` of two asks waits for both,
and nobody can tell it from a task in the background. Once the handler has ended, nothing that it
started waits on its behalf; nor does an ask that was cancelled or is out of time.

Rejected: to follow `within` alone, from the asker upwards. It misses two actors that ask each other
while each handles a message of its own; either request is only queued.
"""

from collections.abc import Iterator

from everything_is_an_actor.runtime.letters import Envelope, Hooks, Part, Request


class Waits:
    """What the handler of each message waits for; for all the actors of one system."""

    __slots__ = ("_asks",)

    def __init__(self) -> None:
        self._asks: dict[Envelope, dict[Envelope, None]] = {}

    def begin(self, request: Envelope) -> Envelope | None:
        """Whoever wants `request` done waits from now on: yields the message that it holds up."""
        within = _message(request.within)
        if within is not None:
            self._asks.setdefault(within, {})[request] = None
        return within

    def end(self, request: Envelope, within: Envelope | None) -> None:
        """Nobody waits for `request` any longer; `within` is what `begin` has yielded.

        Harmless when repeated.
        """
        asks = None if within is None else self._asks.get(within)
        if within is not None and asks is not None:
            asks.pop(request, None)
            if not asks:
                del self._asks[within]

    def cycle(self, asking: Envelope, asked: Envelope) -> list[str]:
        """The paths around the cycle that is closed if the handler of `asking` waits for `asked`.

        Both are messages in hand. Empty if there is no cycle; else it begins and ends with the
        same actor.
        """
        held_up = list(_held_up(asking))
        goals = {message: number for number, message in enumerate(held_up)}
        came_from: dict[Envelope, Envelope | None] = {asked: None}
        front = [asked]
        while front:
            message = front.pop()
            number = goals.get(message)
            if number is not None:
                there = reversed(held_up[: number + 1])
                back = reversed(list(_back(message, came_from)))
                return [_path(each) for each in (*there, *back)]
            for following in self._waited_for(message):
                if following not in came_from:
                    came_from[following] = message
                    front.append(following)
        return []

    def _waited_for(self, message: Envelope) -> Iterator[Envelope]:
        """What has to be done before `message` is: all of it in hand."""
        for request in self._asks.get(message, ()):
            following = None if _is_over(request) else _in_hand(request)
            if following is not None:
                yield following
        if isinstance(message, Hooks) and message.awaits_children:
            yield from _in_hand_below(message.recipient)


def _message(link: Envelope | None) -> Envelope | None:
    """The message or the hooks that `link` is part of, if it is not over."""
    while isinstance(link, Part):
        link = None if link.over else link.within
    return link


def _held_up(message: Envelope) -> Iterator[Envelope]:
    """`message`, if it is in hand, and whatever is in hand and cannot end before it."""
    link = _message(message)
    while link is not None and _in_hand(link) is link:
        yield link
        waited_for = isinstance(link, (Request, Hooks)) and not _is_over(link)
        link = _message(link.within) if waited_for else None


def _in_hand(envelope: Envelope) -> Envelope | None:
    """What its recipient handles, which may be that itself; one far away handles nothing here."""
    message: Envelope | None = getattr(envelope.recipient, "in_hand", None)
    return message


def _in_hand_below(place: object) -> Iterator[Envelope]:
    """What the children of an actor handle, and theirs."""
    places = [place]
    while places:
        children: dict[object, object] = getattr(places.pop(), "children", None) or {}
        for child in children.values():
            places.append(child)
            message: Envelope | None = getattr(child, "in_hand", None)
            if message is not None:
                yield message


def _is_over(request: Envelope) -> bool:
    return isinstance(request, Request) and (request.answered or request.withdrawn)


def _back(message: Envelope, came_from: dict[Envelope, Envelope | None]) -> Iterator[Envelope]:
    link: Envelope | None = message
    while link is not None:
        yield link
        link = came_from[link]


def _path(message: Envelope) -> str:
    return "" if message.recipient is None else message.recipient.path
