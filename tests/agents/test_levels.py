"""Every level of agent is an actor: an `async def`, a plain class, an `AgentActor`."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from typing import Any, override

import pytest

from everything_is_an_actor import (
    Actor,
    ActorStoppedError,
    ActorSystem,
    AskTimeoutError,
    Middleware,
    NameInUseError,
    PoolDispatcher,
)
from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskResult
from everything_is_an_actor.flow import AllFailedError, agent
from everything_is_an_actor.testing import on_virtual_time

LOG: list[str] = []


@pytest.fixture(autouse=True)
def an_empty_log() -> None:
    LOG.clear()


async def shout(text: str) -> str:
    await asyncio.sleep(0)
    return text.upper()


async def letters(text: str) -> AsyncIterator[str]:
    for letter in text:
        yield letter


class Shout:
    async def execute(self, input: str) -> str:
        return input.upper()


class Letters:
    async def execute(self, input: str) -> AsyncIterator[str]:
        for letter in input:
            yield letter


class ShoutActor(AgentActor[str, str]):
    @override
    async def execute(self, input: str) -> str:
        return input.upper()


class Called:
    async def __call__(self, text: str) -> str:
        return text.upper()

    async def method(self, text: str) -> str:
        return text.upper()


async def shout_with(mark: str, text: str) -> str:
    return text.upper() + mark


class Greets:
    """Says when it starts and stops; fails on `fail`, waits for so many seconds on a number."""

    def __init__(self, greeting: str = "hello", *, mark: str = "") -> None:
        LOG.append("made")
        self.greeting = greeting
        self.mark = mark
        self.greeted = 0

    async def on_started(self) -> None:
        await asyncio.sleep(0)
        LOG.append("started")

    async def on_stopped(self) -> None:
        await asyncio.sleep(0)
        LOG.append("stopped")

    async def execute(self, input: str | float) -> str:
        if input == "fail":
            raise ValueError("asked to")
        if isinstance(input, float):
            try:
                await asyncio.sleep(input)
            finally:
                LOG.append("waited")
        self.greeted += 1
        return f"{self.greeting}, {input}{self.mark} ({self.greeted})"


class Box[T]:
    async def execute(self, input: T) -> tuple[T]:
        return (input,)


SHOUTS: list[Any] = [
    shout,
    Shout,
    ShoutActor,
    Called(),
    Called().method,
    partial(shout_with, ""),
]


class Does(Actor[Any, Any]):
    """Does what it is sent: a function of its context."""

    @override
    async def on_receive(self, message: Any) -> Any:
        return await message(self)


async def inside(job: Any) -> Any:
    """What a function of an actor yields, and that it leaves no child."""
    async with ActorSystem("app") as system:
        does = await system.spawn(Does, "does")
        outcome = await does.ask(job, timeout=None)

        async def has_children(actor: Does) -> bool:
            return bool(actor.context.children)

        assert not await does.ask(has_children)
        return outcome


# ---------------------------------------------------------------------- spawned


@pytest.mark.parametrize("level", SHOUTS)
async def test_every_level_is_spawned_by_a_system(level: Any) -> None:
    for system in (AgentSystem("app"), ActorSystem("app")):
        async with system:
            ref = await system.spawn(level, "shout")
            task = Task("hello")
            assert await ref.ask(task) == TaskResult.success(task.id, "HELLO")
            assert ref.path == "/app/shout"


@pytest.mark.parametrize("level", SHOUTS)
async def test_every_level_is_spawned_by_an_actor(level: Any) -> None:
    async def job(actor: Does) -> Any:
        by_itself = await actor.spawn(level, "one")
        by_context = await actor.context.spawn(level, "two")
        replies = [await ref.ask(Task("hello")) for ref in (by_itself, by_context)]
        assert [ref.path for ref in actor.context.children] == ["/app/does/one", "/app/does/two"]
        for ref in actor.context.children:
            await ref.stop()
        return [reply.get_or_raise() for reply in replies]

    assert await inside(job) == ["HELLO", "HELLO"]


@pytest.mark.parametrize("level", [letters, Letters])
async def test_the_output_of_a_generator_is_the_list_of_its_chunks(level: Any) -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(level, "letters")
        assert (await ref.ask(Task("abc"))).get_or_raise() == ["a", "b", "c"]


@pytest.mark.parametrize("level", SHOUTS)
async def test_anything_but_a_task_is_a_type_error_that_says_how_to_wrap_it(level: Any) -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(level, "shout")
        with pytest.raises(TypeError, match=r"takes a Task, got str: send Task\(input=...\)"):
            await ref.ask("hello")


async def test_the_constructor_is_given_args_and_kwargs() -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(Greets, "greets", args=("hi",), kwargs={"mark": "!"})
        assert (await ref.ask(Task("Ada"))).get_or_raise() == "hi, Ada! (1)"
        assert (await ref.ask(Task("Bob"))).get_or_raise() == "hi, Bob! (2)"


async def test_a_generic_class_may_have_its_arguments() -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(Box[int], "box")
        assert (await ref.ask(Task(3))).get_or_raise() == (3,)


async def test_an_instance_starts_with_its_actor_and_stops_with_it() -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(Greets, "greets")
        assert LOG == ["made", "started"]
        await ref.stop()
    assert LOG == ["made", "started", "stopped"]


async def test_each_restart_makes_a_fresh_instance() -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(Greets, "greets", kwargs={"greeting": "hi"})
        await ref.ask(Task("Ada"))
        with pytest.raises(ValueError, match="asked to"):
            await ref.ask(Task("fail"))
        assert (await ref.ask(Task("Bob"))).get_or_raise() == "hi, Bob (1)"
        assert LOG == ["made", "started", "made", "started"]
    assert LOG[4:] == ["stopped"]


async def test_a_class_may_have_one_hook_of_the_two() -> None:
    class Starts(Shout):
        async def on_started(self) -> None:
            LOG.append("started")

    class Stops(Shout):
        async def on_stopped(self) -> None:
            LOG.append("stopped")

    async with AgentSystem() as system:
        for cls in (Starts, Stops):
            ref = await system.spawn(cls, cls.__name__)
            assert (await ref.ask(Task("hello"))).get_or_raise() == "HELLO"
    assert LOG == ["started", "stopped"]


async def test_what_a_start_raises_is_raised_by_spawn_and_the_name_is_free() -> None:
    class Fails(Shout):
        async def on_started(self) -> None:
            raise ConnectionError("no network")

    async with AgentSystem() as system:
        with pytest.raises(ConnectionError, match="no network"):
            await system.spawn(Fails, "name")
        await system.spawn(Shout, "name")
        with pytest.raises(NameInUseError):
            await system.spawn(shout, "name")


async def test_the_options_of_spawn_hold_for_every_level() -> None:
    class Notes(Middleware):
        @override
        async def on_receive(self, ctx: Any, message: Any, next_fn: Any) -> Any:
            LOG.append(message.input)
            return await next_fn(message)

    system = ActorSystem(dispatchers={"io": PoolDispatcher()})
    async with system:
        options: Any = {"middlewares": [Notes()], "dispatcher": "io", "mailbox_size": 1}
        for level in SHOUTS:
            ref = await system.spawn(level, f"shout-{len(LOG)}", **options)
            assert (await ref.ask(Task("hello"))).get_or_raise() == "HELLO"
    assert ["hello"] * len(SHOUTS) == LOG


def now(text: str) -> str:
    return text


class Blocks:
    def execute(self, input: str) -> str:
        return input


class Needy(AgentActor[str, str]):
    def __init__(self, a: str) -> None: ...

    @override
    async def execute(self, input: str) -> str:
        return input


class NeedyAndPlain:
    def __init__(self, a: str) -> None: ...

    async def execute(self, input: str) -> str:
        return input


async def two(a: str, b: str) -> str:
    return a + b


NEEDS = "needs the argument 'a': "
A_FLOW = r"expected an agent, got the flow agent\(shout\): run it by run_flow or run_flow_stream"


class BlocksAtItsStart(Shout):
    def on_started(self) -> None: ...


@pytest.mark.parametrize(
    ("wrong", "options", "text"),
    [
        (now, {}, "now is a plain function: make it async, as in `async def now"),
        (Blocks, {}, "Blocks.execute is not async"),
        (int, {}, "int has no `execute`"),
        (Shout(), {}, "pass its class"),
        (3, {}, r"got 3 \(int\): pass a class"),
        (BlocksAtItsStart, {}, "BlocksAtItsStart.on_started must be an `async def`"),
        (shout, {"args": (1,)}, r"shout is an async function.*functools.partial\(shout, ...\)"),
        (shout, {"kwargs": {"a": 1}}, "has no constructor to take args and kwargs"),
        (Shout, {"args": "text"}, "args must be a tuple"),
        (agent(shout), {}, A_FLOW),
        (Needy("a"), {}, "expected a class, got an instance, .*Needy.*: pass its class"),
        (Needy, {}, f"Needy {NEEDS}give it by args or kwargs"),
        (Needy, {"mailbox_size": 1}, f"Needy {NEEDS}give it by args or kwargs"),
        (NeedyAndPlain, {}, f"NeedyAndPlain {NEEDS}give it by args or kwargs"),
        (two, {}, "an agent takes one input, two needs 'a', 'b'"),
        (Shout, {"mail": 1}, "there is no option mail; there are mailbox, mailbox_size"),
    ],
)
async def test_what_is_no_agent_is_refused_before_anything_starts(
    wrong: Any, options: Any, text: str
) -> None:
    async with AgentSystem() as system:
        with pytest.raises(TypeError, match=rf"^spawn: .*{text}"):
            await system.spawn(wrong, "name", **options)
        assert system.actors.children == ()


# ---------------------------------------------------------------------- asked once


@pytest.mark.parametrize("level", SHOUTS)
async def test_every_level_is_asked_by_an_actor(level: Any) -> None:
    async def job(actor: Does) -> Any:
        replies = [
            await actor.ask(level, Task("ask")),
            await actor.context.ask(level, Task("named"), name="name"),
            *await actor.context.sequence([(level, Task("a")), (level, Task("b"))]),
            *await actor.context.traverse([Task("c"), Task("d")], level),
            *await actor.context.zip((level, Task("e")), (level, Task("f"))),
            await actor.context.race([(level, Task("g")), (level, Task("g"))]),
        ]
        return " ".join(reply.get_or_raise() for reply in replies)

    assert await inside(job) == "ASK NAMED A B C D E F G"


@pytest.mark.parametrize("level", SHOUTS)
async def test_traverse_sends_an_agent_each_input_as_a_task(level: Any) -> None:
    async def job(actor: Does) -> Any:
        ref = await actor.spawn(level, "shout")
        replies = [
            *await actor.context.traverse(["a", Task("b")], level),
            *await actor.context.traverse(["c", Task("d")], ref),
        ]
        await ref.stop()
        return " ".join(reply.get_or_raise() for reply in replies)

    assert await inside(job) == "A B C D"


async def test_levels_may_be_mixed() -> None:
    async def job(actor: Does) -> Any:
        ref = await actor.spawn(shout, "shout")
        asks: Any = [(level, Task("a")) for level in [*SHOUTS, ref]]
        replies = await actor.context.sequence(asks)
        await ref.stop()
        return [reply.get_or_raise() for reply in replies]

    assert await inside(job) == ["A"] * (len(SHOUTS) + 1)


async def test_a_generator_is_asked_for_the_list_of_its_chunks() -> None:
    async def job(actor: Does) -> Any:
        one, two = await actor.context.zip((letters, Task("ab")), (Letters, Task("c")))
        return one.get_or_raise() + two.get_or_raise()

    assert await inside(job) == ["a", "b", "c"]


async def test_who_is_asked_once_has_stopped_when_it_has_answered() -> None:
    async def job(actor: Does) -> Any:
        (await actor.ask(Greets, Task("Ada"))).get_or_raise()
        return list(LOG)

    assert await inside(job) == ["made", "started", "stopped"]


async def test_who_is_asked_once_has_stopped_when_it_has_failed_and_is_not_restarted() -> None:
    async def job(actor: Does) -> Any:
        with pytest.raises(ValueError, match="asked to"):
            await actor.ask(Greets, Task("fail"))
        return list(LOG)

    assert await inside(job) == ["made", "started", "stopped"]


@on_virtual_time
async def test_who_is_asked_once_is_cancelled_when_the_time_is_up() -> None:
    async def job(actor: Does) -> Any:
        with pytest.raises(AskTimeoutError, match=r"/app/does/Greets.* within 5 s"):
            await actor.ask(Greets, Task(60.0), timeout=5.0)
        return list(LOG)

    assert await inside(job) == ["made", "started", "waited", "stopped"]
    assert asyncio.get_running_loop().time() == 5.0


@on_virtual_time
async def test_who_is_asked_once_is_cancelled_with_its_asker() -> None:
    async with ActorSystem() as system:
        does = await system.spawn(Does, "does")
        asked = asyncio.ensure_future(does.ask(lambda actor: actor.ask(Greets, Task(60.0))))
        await asyncio.sleep(1)
        assert LOG == ["made", "started"]
        await does.interrupt()
        with pytest.raises(ActorStoppedError):
            await asked
        assert LOG == ["made", "started", "waited", "stopped"]


@on_virtual_time
async def test_the_first_of_a_race_wins_and_the_others_are_gone() -> None:
    async def job(actor: Does) -> Any:
        asks: list[tuple[type[Greets], Task[str | float]]] = [
            *((Greets, Task(each)) for each in (3.0, 1.0, "fail"))
        ]
        return (await actor.context.race(asks)).get_or_raise()

    assert await inside(job) == "hello, 1.0 (1)"
    assert asyncio.get_running_loop().time() == 1.0
    assert LOG.count("made") == LOG.count("stopped") == 3


async def test_a_race_of_which_all_fail_fails() -> None:
    async def job(actor: Does) -> Any:
        with pytest.raises(AllFailedError):
            await actor.context.race([(Greets, Task("fail")), (Greets, Task("fail"))])

    await inside(job)


async def test_the_start_of_who_is_asked_once_is_part_of_the_time() -> None:
    class NeverStarts(Shout):
        async def on_started(self) -> None:
            await asyncio.Event().wait()

    async def job(actor: Does) -> Any:
        with pytest.raises(AskTimeoutError, match="within"):
            await actor.ask(NeverStarts, Task("hello"), timeout=0.01)

    await inside(job)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (now, "expected a subclass of Actor, .*now is a plain function"),
        (Blocks, "expected a subclass of Actor, .*Blocks.execute is not async"),
        (3, "expected a subclass of Actor, .*got 3"),
        (agent(shout), A_FLOW),
        (Needy, f"Needy {NEEDS}a child that is asked once is made without any"),
        (NeedyAndPlain, f"NeedyAndPlain {NEEDS}a child that is asked once is made without any"),
    ],
)
async def test_what_is_no_agent_is_not_asked(wrong: Any, text: str) -> None:
    async def job(actor: Does) -> Any:
        with pytest.raises(TypeError, match=rf"^ask: {text}"):
            await actor.ask(wrong, Task("hello"))

    await inside(job)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (now, "expected a class .*now is a plain function"),
        (agent(shout), A_FLOW),
        (Needy, f"Needy {NEEDS}an agent is made without any"),
        (two, "an agent takes one input, two needs 'a', 'b'"),
    ],
)
async def test_what_is_no_agent_is_not_run(wrong: Any, text: str) -> None:
    async with AgentSystem() as system:
        with pytest.raises(TypeError, match=rf"^run: {text}"):
            system.run(wrong, "hello")


async def test_a_call_of_an_agent_is_not_started() -> None:
    async with AgentSystem() as system:
        called: Any = shout("hello")
        with pytest.raises(
            TypeError, match=r"pass the function itself, spawn\(shout\), not a call"
        ):
            await system.spawn(called, "shout")


async def test_a_type_error_of_a_constructor_that_has_its_arguments_is_its_own() -> None:
    class Wrong(Needy):
        def __init__(self, a: str = "a") -> None:
            raise TypeError("its own")

    async with AgentSystem() as system:
        with pytest.raises(TypeError, match=r"^its own$"):
            await system.spawn(Wrong, "wrong")
        with pytest.raises(TypeError, match=r"__init__\(\) got an unexpected keyword argument 'b'"):
            await system.spawn(Needy, "needy", kwargs={"b": "b"})


async def test_nobody_would_stop_a_function_that_is_told() -> None:
    async def job(actor: Does) -> Any:
        wrong: Any = shout
        with pytest.raises(TypeError, match="tell: cls must be a subclass of Actor"):
            await actor.tell(wrong, Task("hello"))

    await inside(job)


# ---------------------------------------------------------------------- by ref or path


async def test_an_agent_system_asks_and_tells_by_ref_or_path() -> None:
    async with AgentSystem("app") as system:
        ref = await system.spawn(Greets, "greets")
        assert (await system.ask(ref, Task("Ada"))).get_or_raise() == "hello, Ada (1)"
        assert (await system.ask("/app/greets", Task("Bob"))).get_or_raise() == "hello, Bob (2)"
        await system.tell(ref, Task("Eve"))
        await system.tell("/app/greets", Task("Dan"))
        assert (await system.ask(ref, Task("Ida"))).get_or_raise() == "hello, Ida (5)"


async def test_an_actor_without_a_context_cannot_spawn() -> None:
    with pytest.raises(RuntimeError, match="Does has no context yet"):
        await Does().spawn(shout, "shout")


# ---------------------------------------------------------------------- a forgotten await


async def forgetful(text: str) -> Any:
    return shout(text)


@pytest.mark.parametrize("watched", [False, True])
async def test_an_agent_that_forgets_to_await_has_failed(watched: bool) -> None:
    async with AgentSystem() as system:
        ref = await system.spawn(forgetful, "forgetful")
        with pytest.raises(TypeError, match=r"^forgetful returned a coroutine: await it$"):
            if watched:
                async for _ in ref.ask_stream(Task("hello")):
                    pass
            else:
                await ref.ask(Task("hello"))
