"""Agents are found by their cards, wherever in the tree they are."""

import asyncio
from typing import Any, ClassVar, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    AfterIdle,
    StopPolicy,
    VirtualActorRegistry,
)
from everything_is_an_actor.agents import AgentActor, AgentCard, AgentSystem, Task
from everything_is_an_actor.agents.discovery import Listed
from everything_is_an_actor.flow import agent
from everything_is_an_actor.testing import on_virtual_time


class Plain:
    __card__ = AgentCard("plain", skills=("draw",))

    async def execute(self, input: Any) -> Any:
        return input


class Inherits(Plain): ...


async def function(input: Any) -> Any:
    return input


function.__card__ = AgentCard("function", version="2")  # type: ignore[attr-defined]  # any function may


class OfActor(AgentActor[Any, Any]):
    __card__ = AgentCard("agent", skills=("draw", "write"))

    @override
    async def execute(self, input: Any) -> Any:
        return input


class Does(Actor[Any, Any]):
    """Does what it is sent: a function of the actor."""

    __card__: ClassVar[AgentCard | None] = AgentCard("does")

    @override
    async def on_receive(self, message: Any) -> Any:
        return await message(self)


class Unlisted(Does):
    __card__ = None


def every(system: AgentSystem) -> list[str]:
    return [f"{ref.path} {card.name}" for ref, card in pairs(system)]


def pairs(system: AgentSystem) -> tuple[Listed, ...]:
    seen: list[tuple[Listed, ...]] = []

    def match(pairs: tuple[Listed, ...]) -> None:
        seen.append(pairs)

    assert system.discover_one(match) is None
    return seen[0]


# ---------------------------------------------------------------------- cards


def test_a_card_has_a_name_and_maybe_more() -> None:
    card = AgentCard("name")
    assert (card.description, card.skills, card.version) == ("", (), "1.0.0")
    assert AgentCard("name", "", ["a", "b"]).skills == ("a", "b")
    assert AgentCard("name", skills=["a"]) == AgentCard("name", skills=("a",))
    assert hash(AgentCard("name", skills=["a"])) == hash(AgentCard("name", skills=("a",)))
    with pytest.raises(AttributeError):
        card.name = "other"  # type: ignore[misc]  # it is frozen


@pytest.mark.parametrize(
    ("wrong", "kind", "text"),
    [
        ({"name": 3}, TypeError, "name must be a str, got 3"),
        ({"name": ""}, ValueError, "name must not be empty"),
        ({"name": "a", "description": None}, TypeError, "description must be a str, got None"),
        ({"name": "a", "skills": "draw"}, TypeError, "skills must be a tuple of str.*got 'draw'"),
        ({"name": "a", "skills": {"draw"}}, TypeError, "skills must be a tuple of str"),
        ({"name": "a", "skills": (3,)}, TypeError, "a skill must be a str"),
        ({"name": "a", "skills": [""]}, ValueError, "a skill must not be empty"),
        ({"name": "a", "version": 2}, TypeError, "version must be a str"),
    ],
)
def test_a_wrong_card_is_refused_at_once(wrong: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=f"AgentCard: {text}"):
        AgentCard(**wrong)


@pytest.mark.parametrize("base", [Plain, OfActor, Does])
async def test_what_is_no_card_is_a_type_error_at_spawn(base: Any) -> None:
    wrong = type("Wrong", (base,), {"__card__": "draw"})
    async with AgentSystem() as system:
        with pytest.raises(TypeError, match="spawn: __card__ of Wrong must be an AgentCard, as in"):
            await system.spawn(wrong, "name")


# ---------------------------------------------------------------------- who is listed


async def test_every_level_is_listed_with_its_card_in_order_of_start() -> None:
    async with AgentSystem("app") as system:
        for level in (function, OfActor, Inherits, Unlisted, Does, Plain):
            await system.spawn(level, level.__name__)
        assert every(system) == [
            "/app/function function",
            "/app/OfActor agent",
            "/app/Inherits plain",
            "/app/Does does",
            "/app/Plain plain",
        ]


async def test_children_are_listed_after_their_parent_and_before_its_next_sibling() -> None:
    async with AgentSystem("app") as system:
        first = await system.spawn(Does, "first")
        await system.spawn(Plain, "last")
        await first.ask(lambda actor: actor.spawn(Unlisted, "middle"))
        await system.ask("/app/first/middle", lambda actor: actor.spawn(Plain, "deep"))
        await first.ask(lambda actor: actor.spawn(function, "second"))
        assert [ref.path for ref, _ in pairs(system)] == [
            "/app/first",
            "/app/first/middle/deep",
            "/app/first/second",
            "/app/last",
        ]


async def test_nobody_is_listed_in_a_system_that_was_not_used() -> None:
    assert every(AgentSystem("app")) == []


async def test_who_has_stopped_or_is_about_to_is_not_listed() -> None:
    async def stop_self(actor: Does) -> Any:
        actor.stop_self()
        return pairs(system)

    async with AgentSystem("app") as system:
        one = await system.spawn(Plain, "one")
        two = await system.spawn(Does, "two")
        await two.ask(lambda actor: actor.spawn(Plain, "child"))
        await one.stop()
        assert every(system) == ["/app/two does", "/app/two/child plain"]
        assert await two.ask(stop_self) == ()


async def test_who_lives_for_one_input_is_not_listed_but_its_children_are() -> None:
    class Leaf(AgentActor[None, list[str]]):
        __card__ = AgentCard("leaf")

        @override
        async def execute(self, input: None) -> list[str]:
            await self.spawn(Plain, "child")
            return every(system)

    async with AgentSystem("app") as system:
        (child,) = await system.run_flow(agent(Leaf), None)
        assert child.endswith("/child plain")
        does = await system.spawn(Does, "does")
        reply = await does.ask(lambda actor: actor.ask(Leaf, Task(None)))
        mine, child = reply.get_or_raise()
        assert mine == "/app/does does"
        assert child.endswith("/child plain")


async def test_a_restarted_agent_is_listed_as_before() -> None:
    class Fails(Plain):
        @override
        async def execute(self, input: Any) -> Any:
            raise ValueError("no")

    async with AgentSystem("app") as system:
        ref = await system.spawn(Fails, "fails")
        with pytest.raises(ValueError, match="no"):
            await ref.ask(Task(1))
        assert pairs(system) == ((ref, Plain.__card__),)


@on_virtual_time
async def test_virtual_actors_are_listed_while_they_are_active() -> None:
    class Idles(Does):
        @override
        def stop_policy(self) -> StopPolicy:
            return AfterIdle(5.0)

    async def name(actor: Does) -> str:
        return actor.context.self_ref.name

    async with AgentSystem("app") as system:
        registry = VirtualActorRegistry(system.actors)
        assert await registry.ask(Idles, "ada", name) == "ada"
        assert [ref.name for ref, _ in pairs(system)] == ["ada"]
        await asyncio.sleep(6.0)
        assert pairs(system) == ()


async def test_the_agents_of_a_system_that_is_shared_are_listed() -> None:
    async with ActorSystem("app") as actors:
        ref = await actors.spawn(Plain, "plain")
        assert AgentSystem(actors).discover_one(lambda ref, card: True) is ref


async def test_a_hundred_thousand_are_listed_however_they_stand() -> None:
    async def deeper(actor: Does) -> Any:
        return await actor.spawn(Does, "d")

    async with AgentSystem("app") as system:
        for i in range(100_000):
            await system.spawn(Plain, f"wide-{i}")
        assert len(pairs(system)) == 100_000

    async with AgentSystem("app") as system:
        ref: ActorRef[Any, Any] = await system.spawn(Does, "d")
        for _ in range(5_000):
            ref = await ref.ask(deeper)
        found = pairs(system)
        assert len(found) == 5_001
        assert found[-1][0] is ref


# ---------------------------------------------------------------------- match


async def three(system: AgentSystem) -> list[ActorRef[Any, Any]]:
    return [
        await system.spawn(Plain, "one"),
        await system.spawn(OfActor, "two"),
        await system.spawn(function, "three"),
    ]


async def test_a_match_of_two_is_asked_about_each_in_turn() -> None:
    async with AgentSystem() as system:
        one, two, last = await three(system)
        asked: list[str] = []

        def draws(ref: ActorRef[Any, Any], card: AgentCard) -> bool:
            asked.append(ref.name)
            return "draw" in card.skills

        assert system.discover_one(draws) is one
        assert asked == ["one"]
        assert system.discover_all(draws) == (one, two)
        assert asked == ["one", "one", "two", "three"]
        assert system.discover_one(lambda ref, card: card.version == "2") is last
        assert system.discover_one(lambda ref, card: False) is None
        assert system.discover_all(lambda ref, card: False) == ()


async def test_a_match_of_one_chooses_from_all_pairs() -> None:
    async with AgentSystem() as system:
        one, two, last = await three(system)
        assert system.discover_one(lambda pairs: pairs[1]) is two
        assert system.discover_one(lambda pairs: pairs[1][0]) is two
        assert system.discover_one(lambda pairs: None) is None
        most = system.discover_one(lambda pairs: max(pairs, key=lambda pair: len(pair[1].skills)))
        assert most is two
        assert system.discover_all(lambda pairs: reversed(pairs)) == (last, two, one)
        assert system.discover_all(lambda pairs: (ref for ref, _ in pairs[:2])) == (one, two)
        assert system.discover_all(lambda pairs: []) == ()
        assert system.discover_all(tuple) == (one, two, last)
        assert system.discover_all(list) == (one, two, last)


async def test_whom_a_match_stops_is_offered_all_the_same() -> None:
    async with AgentSystem() as system:
        _, two, last = await three(system)

        def stops(ref: ActorRef[Any, Any], card: AgentCard) -> bool:
            _ = two.stop()
            return ref is not two

        assert len(system.discover_all(stops)) == 2
        assert [ref.name for ref, _ in pairs(system)] == ["one", last.name]


async def asynchronous(ref: Any, card: Any) -> bool:
    return True


@pytest.mark.parametrize("find", ["discover_one", "discover_all"])
@pytest.mark.parametrize(
    ("match", "text"),
    [
        (None, r"match must be a function of the pairs, or of a ref and a card; got None"),
        (lambda: True, r"takes \(\)"),
        (lambda a, b, c: True, r"takes \(a, b, c\)"),
        (asynchronous, "asynchronous is async"),
    ],
)
async def test_a_wrong_match_is_a_type_error(find: str, match: Any, text: str) -> None:
    async with AgentSystem() as system:
        await three(system)
        with pytest.raises(TypeError, match=f"^{find}: .*{text}"):
            getattr(system, find)(match)


@pytest.mark.parametrize(
    ("find", "match", "text"),
    [
        ("discover_one", lambda pairs: True, r"must choose refs, or pairs.*, got True \(bool\)"),
        ("discover_one", lambda pairs: pairs, "must choose refs, or pairs"),
        ("discover_all", lambda pairs: pairs[0], "must choose refs, or pairs"),
        ("discover_all", lambda pairs: None, r"must yield refs, or pairs.*, got None"),
        ("discover_all", lambda pairs: ["one"], "must choose refs, or pairs.*, got 'one'"),
    ],
)
async def test_a_wrong_choice_is_a_type_error(find: str, match: Any, text: str) -> None:
    async with AgentSystem() as system:
        await three(system)
        with pytest.raises(TypeError, match=f"^{find}: .*{text}"):
            getattr(system, find)(match)
