"""`__actor__`: what a class says of the mailbox and the restarts of its actors."""

import asyncio
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    AllForOneStrategy,
    Directive,
    MailboxFullError,
    MemoryMailbox,
    OneForOneStrategy,
    RestartBackoff,
    SupervisorStrategy,
    VirtualActorRegistry,
)
from everything_is_an_actor.agents import ActorConfig, AgentActor, AgentSystem, Task
from everything_is_an_actor.testing import on_virtual_time


class Fails:
    """Fails at each task but "well"."""

    __actor__ = ActorConfig(mailbox_size=2, max_restarts=1, within_seconds=10.0)

    async def execute(self, input: str) -> str:
        if input != "well":
            raise ValueError(input)
        return input


class Inherits(Fails): ...


class FailsAsAgent(AgentActor[str, str]):
    __actor__ = Fails.__actor__

    @override
    async def execute(self, input: str) -> str:
        if input != "well":
            raise ValueError(input)
        return input


class FailsAsActor(Actor[Any, str]):
    __actor__ = Fails.__actor__

    @override
    async def on_receive(self, message: Any) -> str:
        if message.input != "well":
            raise ValueError(message.input)
        return "well"


class OfSubclass(FailsAsActor): ...


class Supervises(Actor[Any, ActorRef[Any, Any]]):
    def __init__(self, strategy: SupervisorStrategy) -> None:
        self.strategy = strategy

    @override
    def supervisor_strategy(self) -> SupervisorStrategy:
        return self.strategy

    @override
    async def on_receive(self, message: Any) -> ActorRef[Any, Any]:
        child: ActorRef[Any, Any] = await self.spawn(message, f"child-{len(self.context.children)}")
        return child


LEVELS = [Fails, Inherits, FailsAsAgent, FailsAsActor, OfSubclass]


async def room(ref: ActorRef[Any, Any]) -> int:
    """How many messages it is told before its mailbox is full."""
    count = 0
    try:
        while count < 1_000:
            ref.tell_nowait(Task("well"))
            count += 1
    except MailboxFullError:
        pass
    return count


async def failures(ref: ActorRef[Any, Any], *, most: int = 100, pause: float = 0.0) -> int:
    """How many failures it survives: what is asked after the last finds it stopped."""
    for count in range(most):
        with pytest.raises(ValueError, match="no"):
            await ref.ask(Task("no"), timeout=None)
        await asyncio.sleep(pause)
        if not ref.is_alive:
            return count
    return most


def test_the_defaults_are_those_of_spawn_and_of_supervision() -> None:
    config, strategy = ActorConfig(), OneForOneStrategy()
    assert (config.max_restarts, config.within_seconds) == (
        strategy.max_restarts,
        strategy.within_seconds,
    )
    assert config.mailbox_size == MemoryMailbox().maxsize == 256


@pytest.mark.parametrize(
    ("wrong", "kind", "text"),
    [
        ({"mailbox_size": -1}, ValueError, "mailbox_size must be at least 0"),
        ({"mailbox_size": "1"}, TypeError, "mailbox_size must be an int"),
        ({"max_restarts": -1}, ValueError, "max_restarts must be at least 0"),
        ({"max_restarts": True}, TypeError, "max_restarts must be an int"),
        ({"within_seconds": 0}, ValueError, "within_seconds must be a finite number"),
        ({"within_seconds": None}, TypeError, "within_seconds must be a number of seconds"),
    ],
)
def test_wrong_values_are_refused_at_once(wrong: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind, match=f"ActorConfig: {text}"):
        ActorConfig(**wrong)


# ---------------------------------------------------------------------- the mailbox


@pytest.mark.parametrize("level", LEVELS)
async def test_the_mailbox_is_as_large_as_the_class_says(level: Any) -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(level, "name")
        assert await room(ref) == 2


@pytest.mark.parametrize("level", LEVELS)
async def test_what_spawn_is_told_goes_before_the_class(level: Any) -> None:
    async with AgentSystem() as system:
        assert await room(await system.spawn(level, "size", mailbox_size=5)) == 5
        ref = await system.spawn(level, "box", mailbox=MemoryMailbox(7))
        assert await room(ref) == 7
        assert await room(await system.spawn(level, "none", mailbox_size=0)) == 1_000


async def test_a_subclass_may_take_it_back() -> None:
    class Usual(Inherits):
        __actor__ = None  # type: ignore[assignment]  # mypy takes it for the type of the first

    async with AgentSystem() as system:
        assert await room(await system.spawn(Usual, "name")) == 256


async def test_a_function_may_say_it_too() -> None:
    async def fetch(url: str) -> str:
        return url

    fetch.__actor__ = ActorConfig(mailbox_size=3)  # type: ignore[attr-defined]  # any function may
    async with AgentSystem() as system:
        assert await room(await system.spawn(fetch, "fetch")) == 3


async def test_a_generic_class_with_its_arguments_says_it_too() -> None:
    class Box[T](Actor[T, T]):
        __actor__ = ActorConfig(mailbox_size=3)

        @override
        async def on_receive(self, message: T) -> T:
            return message

    async with ActorSystem() as system:
        assert await room(await system.spawn(Box[int], "box")) == 3


@pytest.mark.parametrize("base", [Fails, FailsAsAgent, FailsAsActor])
async def test_what_is_no_config_is_a_type_error_at_spawn(base: Any) -> None:
    wrong = type("Wrong", (base,), {"__actor__": {"mailbox_size": 3}})
    async with AgentSystem() as system:
        with pytest.raises(TypeError, match="spawn: __actor__ of Wrong must be an ActorConfig, as"):
            await system.spawn(wrong, "name")
        assert system.actors.children == ()


# ---------------------------------------------------------------------- restarts


@pytest.mark.parametrize("level", LEVELS)
@on_virtual_time
async def test_one_restart_more_than_the_class_says_stops_it(level: Any) -> None:
    async with AgentSystem() as system:
        assert await failures(await system.spawn(level, "name")) == 1


@pytest.mark.parametrize("level", LEVELS)
@on_virtual_time
async def test_what_was_restarted_long_ago_does_not_count(level: Any) -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(level, "name")
        assert await failures(ref, pause=10.0, most=20) == 20


@pytest.mark.parametrize("limit", [0, 1, 50])
@on_virtual_time
async def test_the_limit_of_the_supervisor_is_not_asked_for(limit: int) -> None:
    async with ActorSystem() as system:
        strategy = OneForOneStrategy(max_restarts=limit, within_seconds=1e6)
        parent = await system.spawn(Supervises, "parent", args=(strategy,))
        assert await failures(await parent.ask(Fails)) == 1


@on_virtual_time
async def test_a_class_that_is_not_to_be_restarted_is_stopped_at_its_first_failure() -> None:
    class Never(Fails):
        __actor__ = ActorConfig(max_restarts=0)

    async with ActorSystem() as system:
        assert await failures(await system.spawn(Never, "never")) == 0


@pytest.mark.parametrize("limit", [0, 3])
@on_virtual_time
async def test_the_decision_stays_the_supervisors(limit: int) -> None:
    def resume(error: Exception) -> Directive:
        return Directive.resume

    async with ActorSystem() as system:
        strategy = OneForOneStrategy(max_restarts=limit, decider=resume)
        parent = await system.spawn(Supervises, "parent", args=(strategy,))
        assert await failures(await parent.ask(Fails), most=20) == 20


@on_virtual_time
async def test_the_backoff_stays_the_supervisors() -> None:
    class Often(Fails):
        __actor__ = ActorConfig(max_restarts=5)

    async with ActorSystem() as system:
        strategy = OneForOneStrategy(max_restarts=1, backoff=RestartBackoff(1.0, 4.0))
        parent = await system.spawn(Supervises, "parent", args=(strategy,))
        assert await failures(await parent.ask(Often)) == 5
        assert asyncio.get_running_loop().time() == 1.0 + 2.0 + 4.0 + 4.0 + 4.0


@on_virtual_time
async def test_a_strategy_of_ones_own_decides_as_if_there_had_been_no_restart() -> None:
    class Counts(SupervisorStrategy):
        @override
        def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
            assert not restarts
            restarts.append(now)
            return Directive.restart

    async with ActorSystem() as system:
        parent = await system.spawn(Supervises, "parent", args=(Counts(),))
        assert await failures(await parent.ask(Fails)) == 1


@on_virtual_time
async def test_a_strategy_that_overrides_decide_is_heard() -> None:
    class Resumes(OneForOneStrategy):
        @override
        def decide(self, error: Exception, restarts: list[float], now: float) -> Directive:
            return Directive.resume

    async with ActorSystem() as system:
        parent = await system.spawn(Supervises, "parent", args=(Resumes(),))
        assert await failures(await parent.ask(Fails), most=20) == 20


@on_virtual_time
async def test_a_sibling_has_its_own_limit() -> None:
    async with ActorSystem() as system:
        strategy = AllForOneStrategy(max_restarts=50)
        parent = await system.spawn(Supervises, "parent", args=(strategy,))

        class Often(Fails):
            __actor__ = ActorConfig(max_restarts=50)

        often, seldom = await parent.ask(Often), await parent.ask(Fails)
        assert await failures(often) == 1
        assert not seldom.is_alive


# ---------------------------------------------------------------------- virtual actors


async def test_virtual_actors_are_made_as_their_class_says() -> None:
    async with ActorSystem() as system:
        registry = VirtualActorRegistry(system)
        assert await registry.ask(FailsAsActor, "ada", Task("well")) == "well"
        (ada,) = [ref for ref in every(system) if ref.name == "ada"]
        assert await room(ada) == 2
        registry.register(OfSubclass, mailbox_size=4)
        assert await registry.ask(OfSubclass, "bob", Task("well")) == "well"
        (bob,) = [ref for ref in every(system) if ref.name == "bob"]
        assert await room(bob) == 4


async def test_what_is_no_config_is_a_type_error_of_the_registry() -> None:
    wrong: Any = type("Wrong", (FailsAsActor,), {"__actor__": 3})
    async with ActorSystem() as system:
        registry = VirtualActorRegistry(system)
        with pytest.raises(TypeError, match="ask: __actor__ of Wrong must be an ActorConfig"):
            await registry.ask(wrong, "ada", Task("well"))
        with pytest.raises(TypeError, match="register: __actor__ of Wrong must be an ActorConfig"):
            registry.register(wrong)


def every(system: ActorSystem) -> list[Any]:
    found: list[Any] = []
    ahead: list[Any] = [*system.children]
    while ahead:
        place = ahead.pop()
        found.append(place)
        ahead.extend((place.children or {}).values())
    return found
