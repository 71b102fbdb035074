"""The meaning of a program on a model: each actor is a state and a pure function.

    (state, message) -> (state, reply)

A mailbox is a queue, a turn comes when nothing else is ready, and time is virtual, so that a run is
a function of the program and the model. It says what a system of actors does that are like their
models, if these reply at once: names, paths, order, failures, restarts and ends are those of the
runtime. An actor that fails is restarted with its first state, or stopped, as a supervisor at the
top decides; a restart takes no time.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, assert_never, override

from everything_is_an_actor.algebra.arguments import callable_name, need_function, shown
from everything_is_an_actor.algebra.fold_map import Step, fold_map
from everything_is_an_actor.algebra.free import Free
from everything_is_an_actor.algebra.operations import (
    ActorOp,
    Ask,
    GetRef,
    Sleep,
    Spawn,
    Stop,
    Tell,
    among_all,
)
from everything_is_an_actor.algebra.subscripted import subscriptable
from everything_is_an_actor.interpreters.paper import PaperRef, path_of
from everything_is_an_actor.interpreters.simulation import Promise, Simulated, Simulation
from everything_is_an_actor.runtime.errors import (
    ActorError,
    ActorNotFoundError,
    ActorStoppedError,
    NameInUseError,
)
from everything_is_an_actor.runtime.spawning import need_name
from everything_is_an_actor.runtime.supervision import Directive, OneForOneStrategy


@subscriptable
@dataclass(frozen=True, slots=True)
class ActorModel[S, M, R]:
    """An actor on paper: the state that it begins with, and what a message does to it.

    `receive(state, message)` yields the next state and the reply; it is to be pure. What it raises
    is the failure of the actor. Raises `TypeError` if it is no function.

    >>> counter = ActorModel(0, lambda total, n: (total + n, total + n))
    >>> counter.receive(40, 2)
    (42, 42)
    """

    state: S
    receive: Callable[[S, M], tuple[S, R]]

    def __post_init__(self) -> None:
        need_function("ActorModel", "receive", self.receive, instead="a model is pure")


type Model = Mapping[Any, ActorModel[Any, Any, Any] | Callable[..., ActorModel[Any, Any, Any]]]
"""What there is: by its path, an actor that is there from the start; by its class, what is spawned.

For a class that is spawned with `args` or `kwargs`, a function that makes its model of them. What
each takes and replies is its own affair, and the keys of a mapping are of one type: hence the
`Any`.
"""


class UnknownActorError(ActorError, LookupError):
    """A program is about an actor that the model does not have.

    >>> print(UnknownActorError("class Greeter", ["/app/counter", "class Counter"]))
    the model has no class Greeter; it has /app/counter, class Counter
    """

    def __init__(self, wanted: str, known: Sequence[str]) -> None:
        super().__init__(wanted, known)
        self.wanted = wanted
        self.known = known

    def __str__(self) -> str:
        there = f"it has {', '.join(self.known)}" if self.known else "it is empty"
        return f"the model has no {self.wanted}; {there}"


class Modelled[A](NamedTuple):
    """What a run on a model has come to: the value, the steps, and the states of those alive.

    `states` has them by path; `seconds` is how much virtual time has passed.

    >>> Modelled(3, [], {"/app/counter": 3}, 0.0).states
    {'/app/counter': 3}
    """

    value: A
    trace: list[Step]
    states: Mapping[str, Any]
    seconds: float


def run_model[A](
    program: Free[ActorOp, A],
    model: Model,
    *,
    system: str = "actor-system",
    supervisor_strategy: OneForOneStrategy | None = None,
) -> Modelled[A]:
    """The value of `program` if its actors are as in `model`: the same, whenever it is run.

    `system` is the name of the system in the paths of what is spawned, `supervisor_strategy` that
    of its root. To have the trace of a program that fails, run `attempt(program)`. Raises the
    program's own error, `UnknownActorError` for what the model does not have, `TypeError` or
    `ValueError` for what is no model.

    >>> from everything_is_an_actor.free import ask, tell
    >>> counter = ActorModel(0, lambda total, n: (total + n, total + n))
    >>> program = tell("/app/counter", 40).then(ask("/app/counter", 2))
    >>> value, trace, states, seconds = run_model(program, {"/app/counter": counter})
    >>> value, states
    (42, {'/app/counter': 42})
    """
    trace: list[Step] = []
    simulation = Simulation()
    strategy = OneForOneStrategy() if supervisor_strategy is None else supervisor_strategy
    need_name("run_model", system)
    _need_strategy(strategy)
    world = OnModel(model, system, strategy, simulation)
    value: A = simulation.run(fold_map(program, world, trace=trace))
    return Modelled(value, trace, world.states, simulation.now)


class ModelRef(PaperRef):
    """One incarnation of an actor of a model: its state, and its mailbox."""

    __slots__ = ("_model", "_restarts", "_simulation", "_strategy", "_turn", "box", "end", "state")

    def __init__(
        self,
        path: str,
        model: ActorModel[Any, Any, Any],
        strategy: OneForOneStrategy,
        simulation: Simulation,
    ) -> None:
        super().__init__(path)
        self._model = model
        self._strategy = strategy
        self._simulation = simulation
        self._restarts: list[float] = []
        self._turn = False
        self.state = model.state
        self.box: deque[tuple[Any, Promise]] = deque()
        self.end: str | None = None

    @property
    @override
    def is_alive(self) -> bool:
        return self.end is None

    def receive(self, message: Any) -> Any:
        """Handle one message now: the reply. Raises the failure, which has been dealt with."""
        try:
            after = self._model.receive(self.state, message)
            if not (isinstance(after, tuple) and len(after) == 2):
                raise TypeError(
                    f"the model of {self.path} must yield (state, reply), "
                    f"got {shown(after)} ({type(after).__name__})"
                )
        except Exception as error:
            self._fail(error)
            raise
        self.state, reply = after
        return reply

    def _fail(self, error: Exception) -> None:
        directive = self._strategy.decide(error, self._restarts, self._simulation.now)
        if directive is Directive.resume and isinstance(error, MemoryError):
            directive = Directive.stop
        if directive in (Directive.stop, Directive.escalate):
            reason = f"it failed with {shown(error)}"
            self.close(reason, reason)
        elif directive is Directive.restart:
            self.state = self._model.state

    def post(self, message: Any) -> Promise:
        """Put a message into the mailbox: what will come of it."""
        answer = Promise(self._simulation)
        if self.end is not None:
            answer.keep(error=ActorStoppedError(self.path, self.end))
        else:
            self.box.append((message, answer))
            if not self._turn:
                self._turn = True
                self._simulation.ready.append(self._take_turn)
        return answer

    @property
    def is_idle(self) -> bool:
        """Whether a message would be handled at once."""
        return not self._turn

    def _take_turn(self) -> None:
        self._turn = False
        while self.box:
            message, answer = self.box.popleft()
            try:
                answer.keep(self.receive(message))
            except Exception as error:
                answer.keep(error=error)

    def close(self, now: str, later: str) -> None:
        """The end: those who wait are told the reason, and those who come later another one."""
        self.end = later
        while self.box:
            self.box.popleft()[1].keep(error=ActorStoppedError(self.path, now))


class OnModel(Simulated):
    """Performs operations on the actors of a model."""

    __slots__ = ("_actors", "_model", "_strategy", "_system")

    def __init__(
        self, model: Model, system: str, strategy: OneForOneStrategy, simulation: Simulation
    ) -> None:
        super().__init__(simulation)
        _need_model(model)
        self._model = model
        self._system = system
        self._strategy = strategy
        self._actors: dict[str, ModelRef] = {}
        for key, of in model.items():
            if isinstance(key, str) and isinstance(of, ActorModel):
                self._start(key, of)

    @property
    def states(self) -> dict[str, Any]:
        """The states of the living actors, by path."""
        return {path: actor.state for path, actor in self._actors.items() if actor.is_alive}

    def _start(self, path: str, of: ActorModel[Any, Any, Any]) -> ModelRef:
        actor = self._actors[path] = ModelRef(path, of, self._strategy, self._simulation)
        return actor

    @override
    async def perform(self, op: ActorOp, /) -> Any:
        known = among_all(op)
        match known:
            case Ask():
                actor = self._named(known.ref)
                idle = actor.is_idle and actor.is_alive
                return actor.receive(known.message) if idle else await actor.post(known.message)
            case Tell():
                self._named(known.ref).post(known.message)
            case Spawn():
                return self._spawned(known.actor_cls, known.name, dict(known.options))
            case Stop():
                actor = self._named(known.ref)
                if actor.is_alive:
                    actor.close("it was stopped", "the message came too late")
            case GetRef():
                return self._living(known.path)
            case Sleep():
                await self._simulation.sleep(known.seconds)
            case _ as unreachable:
                assert_never(unreachable)

    def _named(self, target: Any) -> ModelRef:
        """The actor that an operation names: a ref of this run, or whoever is at the path now."""
        if isinstance(target, ModelRef):
            return target
        path = path_of(target)
        if isinstance(target, str):
            return self._living(path)
        actor = self._actors.get(path)
        if actor is None:
            raise UnknownActorError(path, self._known)
        return actor

    def _living(self, path: str) -> ModelRef:
        actor = self._actors.get(path)
        if actor is None or not actor.is_alive:
            raise ActorNotFoundError(path)
        return actor

    def _spawned(self, cls: Any, name: str, options: Mapping[str, Any]) -> ModelRef:
        path = f"/{self._system}/{name}"
        if path in self._actors and self._actors[path].is_alive:
            raise NameInUseError(path)
        if cls not in self._model:
            raise UnknownActorError(f"class {callable_name(cls)}", self._known)
        of = self._model[cls]
        args, kwargs = options.get("args", ()), options.get("kwargs") or {}
        if not isinstance(of, ActorModel):
            made: object = of(*args, **kwargs)
            if not isinstance(made, ActorModel):
                raise TypeError(
                    f"the model of {callable_name(cls)} must be an ActorModel, got {shown(made)}"
                )
            of = made
        elif args or kwargs:
            raise TypeError(
                f"{callable_name(cls)} is spawned with arguments: in the model it must be a "
                "function that makes an ActorModel of them"
            )
        return self._start(path, of)

    @property
    def _known(self) -> list[str]:
        return [
            key if isinstance(key, str) else f"class {callable_name(key)}" for key in self._model
        ]


def _need_strategy(strategy: object) -> None:
    if not isinstance(strategy, OneForOneStrategy):
        raise TypeError(
            f"run_model: supervisor_strategy must be a OneForOneStrategy, got {shown(strategy)}"
        )
    if strategy.concerns_siblings or strategy.backoff is not None:
        raise ValueError(
            "run_model: on a model an actor fails by itself, and a restart takes no time, "
            f"got {shown(strategy)}"
        )


def _need_model(model: object) -> None:
    if not isinstance(model, Mapping):
        raise TypeError(
            "run_model: model must map paths and classes to ActorModels, as in "
            f"{{'/app/counter': ActorModel(0, count)}}, got {shown(model)} "
            f"({type(model).__name__})"
        )
    for key, of in model.items():
        if not isinstance(of, ActorModel) and (isinstance(key, str) or not callable(of)):
            raise TypeError(f"run_model: model[{key!r}] must be an ActorModel, got {shown(of)}")
        if isinstance(key, str) and not key.startswith("/"):
            raise ValueError(f"run_model: a path is like '/app/counter', got {key!r}")
        if not isinstance(key, str) and not callable(key):
            raise TypeError(
                f"run_model: a key must be a path or what is spawned, got {shown(key)} "
                f"({type(key).__name__})"
            )
