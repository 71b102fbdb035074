"""Trees of agents that call each other in every way there is, and note for themselves who did.

A `Node` says what an agent does; it is executed by `Works`, by `Talks`, which yields chunks, or by
a function. Whoever calls puts its own `Record` into the `Job` of whom it calls: so the journal
knows the tree of calls without any of the machinery that events come from.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, assert_never, override

from hypothesis import strategies as st

from everything_is_an_actor import (
    Actor,
    ActorRef,
    ActorSystem,
    OneForOneStrategy,
    VirtualActorRegistry,
)
from everything_is_an_actor.agents import AgentActor, AgentSystem, StreamResult, Task
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    FlowTimeoutError,
    agent,
    at_least,
    first_completed,
    identity,
    loop,
    pure,
    race,
    traverse,
    zip_all,
)
from tests.agents.rebuilt import UNKNOWN, Tree

type AnyFlow = Flow[Any, Any]


# ------------------------------------------------------------------------------ what agents do


@dataclass(frozen=True)
class Wait:
    """Nothing, for so many seconds."""

    seconds: float


@dataclass(frozen=True)
class Says:
    """A chunk of one that talks, progress of one that works; or progress in any case."""

    data: int
    is_progress: bool = False


@dataclass(frozen=True)
class Ask:
    """Ask one agent; `whom` is how it is reached."""

    whom: str
    node: Node
    timeout: float | None = None


@dataclass(frozen=True)
class Together:
    """Ask several, by one of the functions of the context."""

    how: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True)
class Listen:
    """Ask one, and follow what happens; leave after so many events."""

    ask: Ask
    leaves_after: float = math.inf


@dataclass(frozen=True)
class Runs:
    """Run a flow within, or one agent; with a listener of its own, left after so many events."""

    flow: Program
    how: str = "run_flow"
    leaves_after: float = math.inf


@dataclass(frozen=True)
class Tells:
    """Tell a long-lived agent of a task; nobody waits for it."""

    whom: str
    node: Node


@dataclass(frozen=True)
class LeavesBehind:
    """Ask in a task of its own, for which nobody waits."""

    ask: Ask


type Step = Wait | Says | Ask | Together | Listen | Runs | Tells | LeavesBehind


@dataclass(frozen=True)
class Node:
    """What one agent does, step by step, and how it takes to being cancelled."""

    steps: tuple[Step, ...] = ()
    fails: bool = False
    is_careful: bool = False  # errors of those that it asks do not fail it
    finally_: tuple[Wait | Says | Ask, ...] = ()
    instead: str = ""  # of its cancellation it `returns` or `raises`


@dataclass(frozen=True)
class Program:
    """A flow: of which kind, and of what."""

    kind: str
    of: tuple[Program, ...] = ()
    node: Node = field(default_factory=Node)
    seconds: float | None = None
    by: str = "works"


# ------------------------------------------------------------------------------ the journal

type Moment = tuple[int, float]
"""A number, in order of time, and the time."""


@dataclass(eq=False)
class Record:
    """One call, as the one who was called saw it."""

    job: Job
    caller: Record | None
    began: Moment
    path: str = UNKNOWN
    notes: list[tuple[Moment, str, Any]] = field(default_factory=list)
    ended: Moment | None = None
    ending: str = ""
    data: Any = None
    cancelled: Moment | None = None
    expired: bool = False
    talks: bool = False


@dataclass(eq=False)
class Home:
    """To whom the side flows of a run belong: to its first task."""

    root: Record | None = None

    def left(self, world: World) -> None:
        """Nobody follows it any more: its first task waits for nothing."""
        if self.root is not None and self.root.cancelled is None:
            self.root.cancelled = world.now()


@dataclass(eq=False)
class Job:
    """The input of an agent."""

    node: Node
    world: World
    caller: Record | None
    home: Home
    timeout: float | None = None
    is_beside: bool = False
    is_flow: bool = False
    listened_until: Moment | None = None
    was_left: bool = False
    is_lasting: bool = False  # whether whom it is for goes on: an asker does not wait for its end


@dataclass(eq=False)
class World:
    """A system, some agents that are always there, and the journal of one run."""

    system: AgentSystem
    shared: dict[str, ActorRef[Any, Any]]
    registry: VirtualActorRegistry
    records: list[Record] = field(default_factory=list)
    serial: count[int] = field(default_factory=count)
    behind: set[asyncio.Task[Any]] = field(default_factory=set)
    working: int = 0
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def now(self) -> Moment:
        return next(self.serial), asyncio.get_running_loop().time()

    async def quiet(self) -> None:
        """Wait until no one works any more, neither late nor left behind."""
        begun, last = -1, Job(Node(), self.another(), None, Home())
        while begun < len(self.records) or not self.idle.is_set():
            begun = len(self.records)
            await asyncio.gather(*self.behind, return_exceptions=True)
            await self.idle.wait()
            await self.registry.ask(Works, "v", Task(input=last), timeout=None)
            for name in SHARED:  # who may have been told by each other, meanwhile
                await self.shared[name].ask(Task(input=last), timeout=None)
        for ref in self.shared.values():
            assert ref.is_alive
            assert not getattr(ref, "children")  # noqa: B009  # all that it has started

    def another(self) -> World:
        """The journal of another run on the same system."""
        return World(self.system, self.shared, self.registry)

    def begin(self, job: Job, caller: Record | None, path: str = UNKNOWN) -> Record:
        record = Record(job, caller, self.now(), path)
        self.records.append(record)
        self.working += 1
        self.idle.clear()
        if job.home.root is None:
            job.home.root = record
        return record

    def end(self, record: Record, ending: str, data: Any = None) -> None:
        record.ended = self.now()
        record.ending, record.data = ending, data
        self.working -= 1
        if not self.working:
            self.idle.set()


SHARED = ("ada", "bob", "talker")
VIRTUAL = "virtual"


@asynccontextmanager
async def a_world() -> AsyncGenerator[World, None]:
    """A system with agents that everybody may ask, and an actor that passes on what it is sent."""
    patient = OneForOneStrategy(max_restarts=1_000_000)
    actors = ActorSystem("test", supervisor_strategy=patient)
    async with actors, AgentSystem(actors) as system:
        yield await world_of(system)


async def world_of(system: AgentSystem) -> World:
    shared: dict[str, ActorRef[Any, Any]] = {
        "ada": await system.spawn(Works, "ada"),
        "bob": await system.spawn(Works, "bob"),
        "talker": await system.spawn(Talks, "talker"),
        "relay": await system.spawn(Relay, "relay"),
    }
    return World(system, shared, VirtualActorRegistry(system.actors))


async def perform(
    job: Job, agent: AgentActor[Any, Any] | None, *, talks: bool
) -> AsyncGenerator[int, None]:
    """What `node` says; yields its chunks, and notes what it does."""
    world, node = job.world, job.node
    path = UNKNOWN if agent is None else agent.context.self_ref.path
    record = world.begin(job, job.caller, path)
    record.talks = talks
    emit = None if agent is None else agent.emit_progress
    try:
        for step in node.steps:
            if isinstance(step, Says) and talks and not step.is_progress:
                record.notes.append((world.now(), "task_chunk", step.data))
                yield step.data
                continue
            try:
                await _take(step, record, agent, emit)
            except Exception:
                if not node.is_careful:
                    raise
        if node.fails:
            raise OSError(len(world.records))
    except GeneratorExit:
        record.cancelled = record.cancelled or world.now()
        world.end(record, "cancelled")
        raise
    except asyncio.CancelledError:
        record.cancelled = world.now()
        elapsed = record.cancelled[1] - record.began[1]
        record.expired = job.timeout is not None and abs(elapsed - job.timeout) < 1e-6
        try:
            for step in node.finally_:
                if agent is None and isinstance(step, Ask):
                    continue  # a function asks ada, who may wait for its end
                with suppress(Exception):
                    await _take(step, record, agent, emit)
        except asyncio.CancelledError:
            world.end(record, "cut short")
            raise
        if node.instead == "raises":
            error = OSError("instead")
            world.end(record, "failed", error)
            raise error from None
        if node.instead == "returns":
            world.end(record, "completed")
            return
        world.end(record, "cancelled")
        raise
    except Exception as error:
        world.end(record, "failed", error)
        raise
    else:
        world.end(record, "completed")


class Works(AgentActor[Job, str]):
    @override
    async def execute(self, input: Job) -> str:
        async with aclosing(perform(input, self, talks=False)) as chunks:
            async for _ in chunks:
                pass
        return "done"


class Talks(AgentActor[Job, list[Any]]):
    @override
    async def execute(self, input: Job) -> AsyncIterator[Any]:
        async with aclosing(perform(input, self, talks=True)) as chunks:
            async for chunk in chunks:
                yield chunk


async def function(job: Job) -> str:
    """Works as well."""
    async with aclosing(perform(job, None, talks=False)) as chunks:
        async for _ in chunks:
            pass
    return "done"


class Relay(Actor[tuple[Any, Task[Job]], Any]):
    """No agent: what it asks is asked by who has sent it the message."""

    @override
    async def on_receive(self, message: tuple[Any, Task[Job]]) -> Any:
        target, task = message
        return await self.context.ask(target, task, timeout=None)


KINDS: dict[str, Any] = {"works": Works, "talks": Talks, "function": function}


# ------------------------------------------------------------------------------ taking steps


async def _take(step: Step, record: Record, agent: AgentActor[Any, Any] | None, emit: Any) -> None:
    world = record.job.world
    match step:
        case Wait(seconds):
            await asyncio.sleep(seconds)
        case Says(data):
            if emit is not None:
                record.notes.append((world.now(), "task_progress", data))
                await emit(data)
        case Ask():
            await _ask(step, record, agent)
        case Together():
            await _together(step, record, agent)
        case Listen(ask, leaves_after):
            job = _job(ask, record)

            def left() -> None:
                job.was_left = True

            try:
                await _followed(_streamed(ask, job, agent), leaves_after, left)
            finally:
                job.listened_until = world.now()
        case Runs():
            await _run(step, record)
        case Tells(whom, node):
            task = Task(input=Job(node, world, None, Home(), is_lasting=True))
            if whom == VIRTUAL:
                await world.registry.tell(Works, "v", task)
            else:
                await world.shared[whom].tell(task)
        case LeavesBehind(ask):
            asking = asyncio.create_task(_ask(ask, record, agent))
            world.behind.add(asking)
            asking.add_done_callback(lambda task: task.cancelled() or task.exception())
        case _ as unreachable:
            assert_never(unreachable)


def _job(ask: Ask, record: Record) -> Job:
    return Job(ask.node, record.job.world, record, record.job.home)


def _target(whom: str, job: Job, agent: AgentActor[Any, Any] | None) -> tuple[Any, Any]:
    """Whom to ask, and what."""
    world = job.world
    if agent is None and whom not in world.shared:
        whom = "ada"
    task = Task(input=job)
    match whom:
        case "Works":
            return Works, task
        case "Talks":
            return Talks, task
        case "Relay":
            return Relay, (Works, task)
        case "Relay of Relay":
            return Relay, (Relay, (Talks, task))
        case "relay":
            job.is_lasting = True
            return world.shared["relay"], (world.shared["bob"], task)
        case "Relay to ada":
            job.is_lasting = True
            return Relay, (world.shared["ada"], task)
        case _:
            job.is_lasting = True
            return world.shared[whom], task


WHOM = ("Works", "Talks", "Relay", "Relay of Relay", "relay", "Relay to ada", *SHARED, VIRTUAL)


async def _ask(ask: Ask, record: Record, agent: AgentActor[Any, Any] | None) -> Any:
    job = _job(ask, record)
    if ask.whom == VIRTUAL:
        job.is_lasting = True
        registry = job.world.registry
        return await registry.ask(Works, "v", Task(input=job), timeout=ask.timeout)
    target, message = _target(ask.whom, job, agent)
    if agent is None:
        return await target.ask(message, timeout=ask.timeout)
    return await agent.context.ask(target, message, timeout=ask.timeout)


def _streamed(ask: Ask, job: Job, agent: AgentActor[Any, Any] | None) -> Any:
    if ask.whom == VIRTUAL:
        job.is_lasting = True
        registry = job.world.registry
        return registry.ask_stream(Works, "v", Task(input=job), timeout=ask.timeout)
    target, message = _target(ask.whom, job, agent)
    if agent is None:
        return target.ask_stream(message, timeout=ask.timeout)
    return agent.context.stream(target, message, timeout=ask.timeout)


async def _together(step: Together, record: Record, agent: AgentActor[Any, Any] | None) -> None:
    if agent is None:
        return
    context = agent.context
    asks = [_target(ask.whom, _job(ask, record), agent) for ask in step.asks if ask.whom != VIRTUAL]
    timeout = step.asks[0].timeout
    match step.how, asks:
        case "sequence", _:
            await context.sequence(asks, timeout=timeout)
        case "race", [_, *_]:
            await context.race(asks, timeout=timeout)
        case "zip", [left, right, *_]:
            await context.zip(left, right, timeout=timeout)
        case "traverse", [(target, _), *_]:
            tasks = [task for _, task in asks if isinstance(task, Task)]
            for task in tasks:
                task.input.is_lasting = not isinstance(target, type)
            if target is not Relay and target is not record.job.world.shared["relay"]:
                await context.traverse(tasks, target)
        case _:
            pass


async def _followed(stream: Any, leaves_after: float, left: Callable[[], None]) -> None:
    """Follow a stream up to where it is `left`, by itself or by a cancellation, or to its end."""
    items: list[Any] = []
    is_over = False
    try:
        async with aclosing(stream) as following:
            async for item in following:
                assert not (items and isinstance(items[-1], StreamResult))
                items.append(item)
                if len(items) >= leaves_after:
                    break
            else:
                is_over = True
    except Exception:
        is_over = True
        raise
    finally:
        if not is_over:
            left()


async def _run(step: Runs, record: Record) -> None:
    """A run within a run: streamed, its first task is the home of its side flows."""
    world = record.job.world
    if step.how == "run_flow":
        flow = flow_of(step.flow, world, lambda: record, record.job.home)
        await world.system.run_flow(flow, None)
    elif step.how == "run":
        job = Job(step.flow.node, world, record, Home())
        by = KINDS[step.flow.by]
        run = world.system.run(by, job, timeout=None)
        await _followed(run, step.leaves_after, lambda: job.home.left(world))
    else:
        with a_task_of(step.flow, world, record) as (flow, home):
            run = world.system.run_flow_stream(flow, None)
            await _followed(run, step.leaves_after, lambda: home.left(world))


@contextmanager
def a_task_of(
    program: Program, world: World, caller: Record | None = None
) -> Iterator[tuple[AnyFlow, Home]]:
    """A flow to be streamed, which is a task: it notes its start, and here its end is noted."""
    job = Job(Node(), world, caller, Home(), is_flow=True)

    def begin(_: Any) -> None:
        world.begin(job, caller)

    flow = pure(begin) >> flow_of(program, world, lambda: job.home.root, job.home)
    try:
        yield flow, job.home
    finally:
        if job.home.root is not None:
            world.end(job.home.root, "flow")


def flow_of(
    program: Program,
    world: World,
    caller: Callable[[], Record | None],
    home: Home,
    *,
    is_beside: bool = False,
) -> AnyFlow:
    """The flow that a program means; `caller` says to whose task its agents belong."""
    parts = [flow_of(each, world, caller, home, is_beside=is_beside) for each in program.of]

    def side(of: Program) -> AnyFlow:
        return flow_of(of, world, lambda: home.root, home, is_beside=True)

    match program.kind:
        case "leaf":
            by, timeout = KINDS[program.by], program.seconds

            def job(_: Any) -> Job:
                return Job(program.node, world, caller(), home, timeout, is_beside=is_beside)

            return pure(job) >> agent(by, timeout=timeout)
        case "then":
            return parts[0] >> parts[1]
        case "zip":
            return zip_all(*parts[:2])
        case "race":
            return race(*parts[:2])
        case "first":
            return first_completed(*parts[:2])
        case "quorum":
            return at_least(1, *parts)
        case "early quorum":
            return at_least(1, *parts, stop_early=True)
        case "traverse":
            return pure(lambda _: (1, 2)) >> traverse(parts[0])
        case "narrow traverse":
            return pure(lambda _: (1, 2, 3)) >> traverse(parts[0], max_concurrency=2)
        case "loop":
            left = [2, 1]
            body = parts[0].map(lambda _: Continue(0) if left and left.pop() else Done(0))
            return loop(body)
        case "retry":
            return parts[0].retry(1)
        case "recover":
            return parts[0].recover(repr)
        case "recover with":
            return parts[0].recover_with(parts[1])
        case "fallback":
            return parts[0] | parts[1]
        case "timeout":
            return parts[0].timeout(1.001)
        case "notify":
            return identity().notify(side(program.of[0])) >> parts[1]
        case "divert":
            return parts[0].divert_to(side(program.of[1]), lambda _: True)
        case _:
            raise AssertionError(program.kind)


BINARY = (
    *("then", "zip", "race", "first", "quorum", "early quorum"),
    *("recover with", "fallback", "notify", "divert"),
)
UNARY = ("traverse", "narrow traverse", "loop", "retry", "recover", "timeout")


# ------------------------------------------------------------------------------ the tree


def expected(record: Record, until: Moment | None = None, given_up_at: float | None = None) -> Tree:
    """The tree of calls below a record, up to a moment: that at which its caller has ended.

    A lasting agent that is given up has ended at once for those who listen, with all that is below
    it; what that notes at the same instant may come before or after.
    """
    ending, data = record.ending, record.data
    if record.job.listened_until is not None:
        until = min(until or record.job.listened_until, record.job.listened_until)
    if record.job.is_lasting and record.cancelled is not None:
        end, ending = record.cancelled, "cancelled"
    elif record.ended is not None:
        end = record.ended
        if record.expired:
            ending, data = "failed", FlowTimeoutError
    else:
        assert until is not None, "it has not ended"
        end, ending = until, "cancelled"
    calls = [each for each in record.job.world.records if each.caller is record]
    sides = [each.ended or end for each in calls if each.job.is_beside]
    if sides and record is record.job.home.root:  # it waits for them, unless it is cancelled
        if record.cancelled is None:
            end = max(end, *sides)
        else:
            end = max(end, min(record.cancelled, max(sides)))
            given_up_at = min(record.cancelled[1], math.inf if given_up_at is None else given_up_at)
    if record.job.was_left and record.job.listened_until is not None:
        left_at = record.job.listened_until[1]
        given_up_at = min(left_at, math.inf if given_up_at is None else given_up_at)
    if until is not None and until < end:
        end, ending = until, "cancelled"
    if record.job.is_flow:
        ending = "flow"
    if record.job.is_lasting and record.cancelled is not None:
        given_up_at = min(record.cancelled[1], math.inf if given_up_at is None else given_up_at)
    cut = end if given_up_at is None else end if end[1] < given_up_at else (-1, given_up_at)
    notes = [(moment, (kind, said)) for moment, kind, said in record.notes if moment < end]
    children = [
        (_is_before(each.began, cut), expected(each, end, given_up_at))
        for each in calls
        if each.began < end
    ]
    if ending == "completed":
        data = "done"
        if record.talks:
            data = [said for _, (kind, said) in notes if kind == "task_chunk"]
    elif ending in ("cancelled", "flow"):
        data = None
    return Tree(
        None if record.job.is_flow else record.job.node,
        record.began[1],
        record.path,
        [note for _, note in notes],
        [child for _, child in children],
        end[1],
        ending,
        data,
        may_be_cut=cut != end,
        sure_notes=sum(_is_before(moment, cut) for moment, _ in notes),
        sure_children=sum(is_sure for is_sure, _ in children),
    )


def _is_before(moment: Moment, cut: Moment) -> bool:
    """Where the cut is no moment of the journal, nothing at its instant is."""
    return moment[1] < cut[1] if cut[0] < 0 else moment < cut


# ------------------------------------------------------------------------------ at random

type Draw = Callable[[st.SearchStrategy[Any]], Any]

SECONDS = st.sampled_from([0.0, 0.0, 1.0, 2.0, 3.0])
BUDGET = st.integers(0, 14)
LEAVES = (math.inf, math.inf, 1, 2, 3, 5)
"""After how many events a listener leaves."""


class _Grows:
    """Draws trees that have no more than so many calls."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.left = draw(BUDGET)
        self.is_awaited = False
        self.is_left_behind = False

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def node(self) -> Node:
        steps = tuple(self.step() for _ in range(self.draw(st.integers(0, 4))))
        return Node(
            steps,
            fails=self.one_of(False, False, False, True),
            is_careful=self.draw(st.booleans()),
            finally_=tuple(self.last_step() for _ in range(self.one_of(0, 0, 1, 2))),
            instead=self.one_of("", "", "", "returns", "raises"),
        )

    def last_step(self) -> Any:
        """One that takes no time: what waits for it learns of the cancellation at once."""
        if self.one_of(True, True, False):
            return self.one_of(Wait(0.0), Says(1))
        return Ask("Works", Node((Says(1),)))

    def simple(self) -> Any:
        if self.draw(st.booleans()):
            return Wait(self.draw(SECONDS))
        return Says(self.draw(st.integers(0, 9)), self.draw(st.booleans()))

    def step(self) -> Step:
        self.left -= 1
        kind = self.one_of(*(["simple"] if self.left < 0 else STEPS))
        match kind:
            case "ask":
                return self.ask()
            case "together":
                how = self.one_of("sequence", "race", "zip", "traverse")
                with self.left_behind():
                    return Together(how, tuple(self.ask() for _ in range(self.one_of(2, 2, 3))))
            case "listen":
                return Listen(self.ask(), self.one_of(*LEAVES))
            case "flow":
                return Runs(self.flow())
            case "stream" | "run":
                return self.stream(kind)
            case "tell":
                return Tells(self.one_of(*SHARED, VIRTUAL), self.node())
            case "leave":
                with self.left_behind():
                    node = self.node()
                return LeavesBehind(Ask(self.one_of("relay", *SHARED, VIRTUAL), node))
            case _:
                simple: Step = self.simple()
                return simple

    def stream(self, kind: str) -> Runs:
        """One within another, whose side flows end before the agent goes on that follows it."""
        was_awaited, self.is_awaited = self.is_awaited, True
        leaves_after = self.one_of(*LEAVES)
        if kind == "run":
            step = Runs(self.leaf(), "run", leaves_after)
        else:
            step = Runs(self.flow(), "run_flow_stream", leaves_after)
        self.is_awaited = was_awaited
        return step

    def side(self, depth: int) -> Program:
        """One that is awaited asks nobody: he might wait for it."""
        if not self.is_awaited:
            return self.flow(depth)
        return Program("leaf", (), Node((self.simple(), self.simple())))

    def ask(self) -> Ask:
        self.left -= 1
        whom, timeout = self.one_of(*WHOM), self.one_of(None, None, None, 1.01)
        with self.left_behind(timeout is not None or whom.lower().startswith("relay")):
            return Ask(whom, self.node(), timeout)

    @contextmanager
    def left_behind(self, is_left: bool = True) -> Iterator[None]:
        """Who is asked here may go on when his asker has ended.

        Of his side flows the journal cannot say whether they began in time to be awaited.
        """
        was_left_behind = self.is_left_behind
        self.is_left_behind |= is_left
        yield
        self.is_left_behind = was_left_behind

    def leaf(self) -> Program:
        self.left -= 1
        by = self.one_of(*sorted(KINDS))
        seconds = self.one_of(None, None, 1.1 + self.left / 1000)  # no two at the same instant
        return Program("leaf", (), self.node(), seconds, by)

    def flow(self, depth: int = 0) -> Program:
        arity = self.one_of(0, 1, 2, 2) if self.left > 0 and depth < 4 else 0
        if not arity:
            return self.leaf()
        binary = BINARY[:-2] if self.is_left_behind else BINARY
        kind = self.one_of(*(UNARY if arity == 1 else binary))
        if kind == "notify":
            return Program(kind, (self.side(depth + 1), self.flow(depth + 1)))
        if kind == "divert":
            return Program(kind, (self.flow(depth + 1), self.side(depth + 1)))
        return Program(kind, tuple(self.flow(depth + 1) for _ in range(arity)))


STEPS = (
    "simple",
    "simple",
    "ask",
    "ask",
    "together",
    "listen",
    "flow",
    "stream",
    "run",
    "tell",
    "leave",
)


@st.composite
def trees(draw: Draw) -> Node:
    """What an agent does, and those below it."""
    return _Grows(draw).node()


@st.composite
def programs(draw: Draw) -> Program:
    """Flows of such agents."""
    return _Grows(draw).flow()
