"""`Directory`: to find agents by what they say of themselves.

What FIPA calls the directory facilitator of an agent platform, without a register: whoever lives
and has a card is listed, so nothing has to be entered, and nothing is out of date.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, overload

from everything_is_an_actor.algebra.arguments import callable_name, is_async, shown
from everything_is_an_actor.runtime.cards import AgentCard, need_card
from everything_is_an_actor.runtime.cell import Cell
from everything_is_an_actor.runtime.place import Place
from everything_is_an_actor.runtime.ref import ActorRef

type Listed = tuple[ActorRef[Any, Any], AgentCard]
"""An agent and its card; what it takes is not known here: hence the `Any`."""


class Directory:
    """The agents of a system that have an `AgentCard`, wherever in the tree they are."""

    __slots__ = ()

    def _top(self) -> Sequence[ActorRef[Any, Any]]:
        """The actors at the top, in order of start."""
        raise NotImplementedError

    @overload
    def discover_one(
        self, match: Callable[[tuple[Listed, ...]], ActorRef[Any, Any] | Listed | None]
    ) -> ActorRef[Any, Any] | None: ...
    @overload
    def discover_one(
        self, match: Callable[[ActorRef[Any, Any], AgentCard], bool]
    ) -> ActorRef[Any, Any] | None: ...
    def discover_one(self, match: Callable[..., Any]) -> ActorRef[Any, Any] | None:
        """A living agent, by its card; `None` if there is none that will do.

        Every long-lived agent with a card is offered, children of any depth included, in order of
        start (parents before their children). A `match` of one parameter is given all the pairs
        `(ref, card)` at once, and yields one of them, its ref, or `None`; a `match` of two is asked
        about each, and the first for which it yields `True` is found. What the agent takes is not
        known here: hence the `Any`. Raises `TypeError` for another `match`, or what `match` raises.

        >>> import asyncio
        >>> from everything_is_an_actor.agents import AgentCard, AgentSystem, Task
        >>> class German:
        ...     __card__ = AgentCard("german", skills=("translate",), version="2.1")
        ...
        ...     async def execute(self, input: str) -> str:
        ...         return {"bread": "Brot"}[input]
        >>> async def main() -> str:
        ...     async with AgentSystem() as system:
        ...         await system.spawn(German, "anyone")
        ...         found = system.discover_one(lambda ref, card: "translate" in card.skills)
        ...         assert found is not None
        ...         return (await found.ask(Task("bread"))).get_or_raise()
        >>> asyncio.run(main())
        'Brot'
        """
        if _takes_pairs("discover_one", match):
            chosen = match(self._listed())
            return None if chosen is None else _ref("discover_one", chosen)
        return next(_wanted(match, self._listed()), None)

    @overload
    def discover_all(
        self, match: Callable[[tuple[Listed, ...]], Iterable[ActorRef[Any, Any] | Listed]]
    ) -> tuple[ActorRef[Any, Any], ...]: ...
    @overload
    def discover_all(
        self, match: Callable[[ActorRef[Any, Any], AgentCard], bool]
    ) -> tuple[ActorRef[Any, Any], ...]: ...
    def discover_all(self, match: Callable[..., Any]) -> tuple[ActorRef[Any, Any], ...]:
        """All living agents that will do, by their cards: as `discover_one`, which yields one.

        A `match` of one parameter yields the pairs, or refs, that it has chosen, in the order in
        which they are to be found. Raises what `discover_one` raises.

        >>> import asyncio
        >>> from everything_is_an_actor.agents import AgentCard, AgentSystem
        >>> async def draw(subject: str) -> bytes:
        ...     return b""
        >>> draw.__card__ = AgentCard("painter", skills=("draw",))
        >>> async def main() -> None:
        ...     async with AgentSystem("app") as system:
        ...         for name in ("ada", "bob"):
        ...             await system.spawn(draw, name)
        ...         print(system.discover_all(lambda ref, card: "draw" in card.skills))
        ...         print(system.discover_all(lambda pairs: pairs[-1:]))
        >>> asyncio.run(main())
        (ActorRef(/app/ada), ActorRef(/app/bob))
        (ActorRef(/app/bob),)
        """
        if not _takes_pairs("discover_all", match):
            return tuple(_wanted(match, self._listed()))
        chosen = match(self._listed())
        if not isinstance(chosen, Iterable):
            raise TypeError(
                "discover_all: match must yield refs, or pairs of ref and card, "
                f"got {shown(chosen)} ({type(chosen).__name__})"
            )
        return tuple(_ref("discover_all", one) for one in chosen)

    def _listed(self) -> tuple[Listed, ...]:
        """All at once, before anyone is asked about them, who might stop one."""
        return tuple(_with_cards(self._top()))


def _with_cards(top: Sequence[ActorRef[Any, Any]]) -> Iterator[Listed]:
    ahead = [*reversed(top)]
    while ahead:
        place = ahead.pop()
        if not isinstance(place, Place) or not place.is_alive:
            continue
        if isinstance(place, Cell) and place.behaviour is not None and not place.options.once:
            card = need_card(place.path, place.behaviour._leaf)
            if card is not None:
                yield place, card
        if place.children:
            ahead.extend(reversed(place.children.values()))


def _takes_pairs(where: str, match: Callable[..., Any]) -> bool:
    """Whether `match` is given all pairs at once, and is not asked about each."""
    wanted = f"{where}: match must be a function of the pairs, or of a ref and a card"
    if not callable(match):
        raise TypeError(f"{wanted}; got {shown(match)} ({type(match).__name__})")
    if is_async(match):
        raise TypeError(f"{wanted}; {callable_name(match)} is async")
    try:
        signature = inspect.signature(match)
    except ValueError:  # of a builtin there need not be one
        return True
    if _fits(signature, 1):
        return True
    if not _fits(signature, 2):
        raise TypeError(f"{wanted}; {callable_name(match)} takes {signature}")
    return False


def _fits(signature: inspect.Signature, count: int) -> bool:
    try:
        signature.bind(*range(count))
    except TypeError:
        return False
    return True


def _wanted(match: Callable[..., Any], pairs: tuple[Listed, ...]) -> Iterator[ActorRef[Any, Any]]:
    for ref, card in pairs:
        if match(ref, card):
            yield ref


def _ref(where: str, chosen: object) -> ActorRef[Any, Any]:
    match chosen:
        case ActorRef():
            return chosen
        case (ActorRef() as ref, AgentCard()):
            return ref
        case _:
            raise TypeError(
                f"{where}: a match of all pairs must choose refs, or pairs of ref and card, "
                f"got {shown(chosen)} ({type(chosen).__name__})"
            )
