"""Random trees of actors with random strategies, and what must become of each, by plain recursion.

The model knows no tasks, no mailboxes and no time but the instant at which something happens.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, override

from hypothesis import strategies as st

from everything_is_an_actor import (
    Actor,
    AllForOneStrategy,
    Directive,
    OneForOneStrategy,
    SupervisorStrategy,
    Terminated,
)
from everything_is_an_actor.runtime.supervision import RestartBackoff
from tests.runtime.actors import Ref, now

KINDS = 3  # of errors

type Where = tuple[int, ...]


class Boom(Exception):
    """An error of one of the kinds."""

    def __init__(self, kind: int) -> None:
        super().__init__(kind)
        self.kind = kind


# ---------------------------------------------------------------------- what happens


@dataclass(frozen=True)
class Plan:
    """How an actor judges its children: the directive for each kind of error, and the limits."""

    directives: tuple[Directive, ...]
    together: bool = False
    max_restarts: int = 3
    within: float = 10.0
    backoff: float | None = None

    def decide(self, error: Exception) -> Directive:
        assert isinstance(error, Boom)
        return self.directives[error.kind]

    def strategy(self) -> SupervisorStrategy:
        cls = AllForOneStrategy if self.together else OneForOneStrategy
        backoff = None if self.backoff is None else RestartBackoff(self.backoff, self.backoff)
        return cls(self.max_restarts, self.within, self.decide, backoff)


@dataclass(frozen=True)
class Tree:
    """An actor, and the children that it spawns whenever it starts.

    `breaks` are the restarts, counted from 1, that fail with that kind of error.
    """

    plan: Plan
    children: "tuple[Tree, ...]" = ()
    breaks: tuple[tuple[int, int], ...] = ()

    def all(self, where: Where = ()) -> "Iterator[tuple[Where, Tree]]":
        yield where, self
        for number, child in enumerate(self.children):
            yield from child.all((*where, number))


MOSTLY_RESTART = st.sampled_from([Directive.restart, Directive.restart, *Directive])


def plans(cls: type[Plan] = Plan) -> st.SearchStrategy[Plan]:
    """Without backoff: all that happens has happened at the same instant."""
    return st.builds(
        cls,
        st.tuples(*[MOSTLY_RESTART] * KINDS),
        st.booleans(),
        st.integers(0, 3),
        st.sampled_from([1.0, 10.0]),
    )


@st.composite
def trees(draw: st.DrawFn, plans: st.SearchStrategy[Plan], depth: int = 3) -> Tree:
    plan = draw(plans)
    width = draw(st.integers(0, 3)) if depth else 0
    return Tree(plan, tuple(draw(trees(plans, depth - 1)) for _ in range(width)))


@st.composite
def fragile_trees(draw: st.DrawFn, plans: st.SearchStrategy[Plan]) -> Tree:
    """Some restarts fail, of children judged alone: of others the order would be open."""

    def fragile(tree: Tree, alone: bool) -> Tree:
        breaks = (
            draw(st.dictionaries(st.integers(1, 3), st.integers(0, KINDS - 1), max_size=2))
            if alone
            else {}
        )
        children = tuple(fragile(child, not tree.plan.together) for child in tree.children)
        return Tree(tree.plan, children, tuple(breaks.items()))

    return fragile(draw(trees(plans)), alone=False)


# ---------------------------------------------------------------------- the actors


@dataclass
class World:
    """What is known of the actors of one run."""

    at_work: Counter[Where] = field(default_factory=Counter)
    overlaps: list[Where] = field(default_factory=list)
    instances: Counter[Where] = field(default_factory=Counter)
    restarts: list[tuple[Where, Exception]] = field(default_factory=list)
    ends: Counter[Ref] = field(default_factory=Counter)
    begun: set[Ref] = field(default_factory=set)
    attempts: Counter[Ref] = field(default_factory=Counter)
    stopped: Counter[Where] = field(default_factory=Counter)
    published: list[tuple[Where, str | BaseException]] = field(default_factory=list)

    def failed(self, terminated: Terminated) -> None:
        self.published.append((where_of(terminated.ref), terminated.reason))


def where_of(ref: Ref) -> Where:
    return tuple(int(name) for name in ref.path.split("/")[3:])


class Subject(Actor[Any, Any]):
    """An actor of a tree."""

    def __init__(self, tree: Tree, where: Where, world: World, pause: float = 0.0) -> None:
        self.tree, self.where, self.world, self.pause = tree, where, world, pause
        world.instances[where] += 1
        self.number = world.instances[where]
        self.count = 0

    def begin(self) -> None:
        self.world.at_work[self.where] += 1
        if self.world.at_work[self.where] > 1:
            self.world.overlaps.append(self.where)

    def end(self) -> None:
        self.world.at_work[self.where] -= 1

    @override
    def supervisor_strategy(self) -> SupervisorStrategy:
        return self.tree.plan.strategy()

    @override
    async def on_started(self) -> None:
        self.begin()
        try:
            self.world.begun.add(self.context.self_ref)
            for number, child in enumerate(self.tree.children):
                args = (child, (*self.where, number), self.world, self.pause)
                await self.context.spawn(type(self), str(number), args=args)
            if self.pause:
                await asyncio.sleep(self.pause)
        finally:
            self.end()

    @override
    async def on_restart(self, error: Exception) -> None:
        ref = self.context.self_ref
        self.world.attempts[ref] += 1
        self.world.restarts.append((self.where, error))
        kind = dict(self.tree.breaks).get(self.world.attempts[ref])
        if kind is not None:
            raise Boom(kind)

    @override
    async def on_stopped(self) -> None:
        self.begin()
        try:
            self.world.ends[self.context.self_ref] += 1
            self.world.stopped[self.where] += 1
            if self.pause:
                await asyncio.sleep(self.pause)
        finally:
            self.end()

    @override
    async def on_receive(self, message: Any) -> Any:
        self.begin()
        try:
            return await self.handle(message)
        finally:
            self.end()

    async def handle(self, message: Any) -> Any:
        if isinstance(message, Exception):
            raise message
        self.count += 1
        return self.number, self.count


# ---------------------------------------------------------------------- the model


class Model:
    """What must have become of each actor, said by plain recursion."""

    def __init__(self, tree: Tree, system: Plan) -> None:
        self.system = system
        self.instances: Counter[Where] = Counter()
        self.stopped: Counter[Where] = Counter()
        self.restarts: list[tuple[Where, Exception]] = []
        self.published: list[tuple[Where, str | BaseException]] = []
        self.top: Place | None = Place(self, tree, (), None)

    def find(self, where: Where) -> "Place | None":
        place = self.top
        for number in where:
            place = place.children.get(number) if place is not None else None
        return place


class Place:
    """One actor of the model."""

    def __init__(self, model: Model, tree: Tree, where: Where, parent: "Place | None") -> None:
        self.model, self.tree, self.where, self.parent = model, tree, where, parent
        self.instants: list[float] = []
        self.attempts = 0
        self.children: dict[int, Place] = {}
        self.start()

    def start(self) -> None:
        self.count = 0
        self.model.instances[self.where] += 1

        for number, child in enumerate(self.tree.children):
            self.children[number] = Place(self.model, child, (*self.where, number), self)

    def stop(self) -> None:
        for child in list(self.children.values()):
            child.stop()
        self.model.stopped[self.where] += 1
        if self.parent is None:
            self.model.top = None
        else:
            del self.parent.children[self.where[-1]]

    def stop_for(self, error: Exception) -> None:
        self.stop()
        if self.parent is None:
            self.model.published.append((self.where, error))

    def restart(self, error: Exception) -> None:
        for child in list(self.children.values()):
            child.stop()
        self.attempts += 1
        self.model.restarts.append((self.where, error))
        kind = dict(self.tree.breaks).get(self.attempts)
        if kind is None:
            self.start()
        else:
            self.count = 0
            self.model.instances[self.where] += 1
            self.fail(Boom(kind))

    def may_restart(self, plan: Plan) -> bool:
        instant = now()
        self.instants = [then for then in self.instants if instant - then < plan.within]
        self.instants.append(instant)
        return len(self.instants) <= plan.max_restarts

    def fail(self, error: Boom) -> None:
        plan = self.model.system if self.parent is None else self.parent.tree.plan
        siblings = [] if self.parent is None else list(self.parent.children.values())
        concerned = siblings if plan.together and siblings else [self]
        match plan.decide(error):
            case Directive.restart if all(place.may_restart(plan) for place in concerned):
                for place in concerned:
                    place.restart(error)
            case Directive.restart | Directive.stop:
                self.stop_for(error)
                for place in concerned:
                    if place is not self:
                        place.stop()
            case Directive.escalate:
                self.stop_for(error)
                if self.parent is not None:
                    self.parent.fail(error)
            case Directive.resume:
                pass


def key(happened: tuple[Where, Any]) -> Any:
    where, error = happened
    return where, error.args


def errors(happened: list[tuple[Where, Any]]) -> list[Any]:
    return sorted(map(key, happened))


# ---------------------------------------------------------------------- what is done to them


async def ended(ref: Ref, how: str) -> None:
    match how:
        case "drain":
            await ref.stop(drain=True)
        case "interrupt":
            await ref.interrupt()
        case _:
            await ref.stop()
