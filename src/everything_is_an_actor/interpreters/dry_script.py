"""What scripted agents do, by which a flow is run dry: functions of the input, or recorded outputs.

A function of the input is asked whenever its agent is called. Recorded outputs are given out, one
for each call of the agent, *in order of time*: the n-th output is that of the n-th call in the
trace of the run; of calls at the same instant, that which stands first in the flow is the first.

In which order concurrent calls come depends on how long those before them take, and so on the
outputs. The reference semantics evaluates the children of a concurrent node one after the other: so
at first the outputs are given out in that order. Where the trace then shows another one, or that a
call which took an output was never made, since it came after its flow had been given up on, the
flow is evaluated again, and the outputs are given out as that trace has it; until a trace agrees
with what was assumed. Each time the earliest call that was given the wrong output is given the
right one: what came before it decides when it comes, and whether.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import count
from typing import Any, Final, NamedTuple, TypeGuard, cast, override

from everything_is_an_actor.algebra.arguments import is_async, shown
from everything_is_an_actor.algebra.flow import AnyFlow
from everything_is_an_actor.algebra.node import Bind, Leaf
from everything_is_an_actor.algebra.path import AnyNode, Where, occurrences, spell
from everything_is_an_actor.algebra.plain import name_of, text_of
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.interpreters.recording import Groups, Recording
from everything_is_an_actor.interpreters.reference import Answer, Call, Never, Way
from everything_is_an_actor.interpreters.visits import Place, Places, Visiting

type AgentTarget = Callable[..., Any]
"""What a leaf runs: a class, or an `async def`."""

type Scripted = Callable[[Any], Any] | Sequence[Any] | Recording
"""What an agent does: a function of its input, or the outputs of its calls, one after the other.

What they yield is the output, or an `Answer`, which may come later; an exception is raised.
"""

type DryScript = Mapping[Any, object]
"""What the agents of a flow do, each `Scripted`, by their classes or functions.

Agents have no type in common, hence the `Any`; scripts of several sorts in one `dict` have none
either, hence the `object`: they are looked at before anything runs.
"""

_ANY: Final = -2  # instead of the number of an input: the outputs are those of any


def need_script(flow: AnyFlow, agents: object) -> None:
    """Scripts, for agents of the flow. Raises `TypeError` or `LookupError`."""
    if not isinstance(agents, Mapping):
        raise TypeError(
            f"dry_run: agents must be a mapping from agents to what they do, "
            f"got {shown(agents)} ({type(agents).__name__})"
        )
    leaves: set[Any] = set()
    is_whole = True
    for node, _ in occurrences(flow):
        if isinstance(node, Leaf):
            leaves.add(node.target)
        elif isinstance(node, Bind):
            is_whole = False
    for agent, script in agents.items():
        if is_whole and agent not in leaves:
            _unknown(agent, leaves)
        _need_scripted(agent, script)


def _unknown(agent: object, leaves: Iterable[Any]) -> None:
    names = {name_of(leaf): leaf for leaf in leaves}
    near = get_close_matches(name_of(agent), names, 1)
    if near and names[near[0]] is not agent and near[0] == name_of(agent):
        hint = f": it has another {near[0]}"
    elif near:
        hint = f": did you mean {near[0]}?"
    else:
        hint = f": its agents are {', '.join(sorted(names)) or 'none'}"
    raise LookupError(f"dry_run: the flow has no agent {name_of(agent)}{hint}")


def _need_scripted(agent: object, script: object) -> None:
    wanted = (
        f"dry_run: the script of {name_of(agent)} must be a function of its input, "
        f"or a list or tuple of outputs"
    )
    if isinstance(script, Recording | list | tuple):
        return
    if not callable(script):
        raise TypeError(f"{wanted}, got {shown(script)} ({type(script).__name__})")
    if is_async(script):
        raise TypeError(f"{wanted}, but {name_of(script)} is async: give a plain function")


def _at(path: str) -> str:
    return f" at {path}" if path else ""


def scripted(flow: AnyFlow, input: object, agents: DryScript) -> Visiting:
    """A run of the flow that has ended, in which every recorded output is that of its call.

    Raises `LookupError` if outputs run out, `RuntimeError` if their order does not settle.
    """
    places = Places(elements=True)
    groups = {id(script): Groups(script) for script in agents.values() if _is_recording(script)}
    order: dict[_Key, int] = {}
    for passes in count():
        run = _Scripted(flow.node, agents, input, groups, places, order)
        run.run()
        run.need_outcomes()
        taken = run.taken()
        order = {take.key: number for number, take in _numbered(taken)}
        if all(take.number == order[take.key] for take in taken):
            run.need_outputs(taken)
            return run
        if passes > len(taken) + 1:
            break
    raise RuntimeError(
        "dry_run: the order in which recorded outputs are to be given out does not settle: "
        "is there a function in the flow that does not always return the same?"
    )


def _is_recording(script: object) -> TypeGuard[Recording]:
    return isinstance(script, Recording)


type _Queue = tuple[Any, int]  # the agent, or the id of a recording and the number of an input
type _Key = tuple[Place, _Queue, int]  # a call: where, of what, and the how-manyth there


class _Take(NamedTuple):
    """That a call took the recorded output of some number."""

    call: Call
    key: _Key
    number: int
    of: int  # so many outputs there are


def _numbered(taken: Iterable[_Take]) -> Iterator[tuple[int, _Take]]:
    """The numbers of the outputs that are due to the calls, in order of time."""
    due: Counter[_Queue] = Counter()
    for take in taken:
        _, queue, _ = take.key
        yield due[queue], take
        due[queue] += 1


class _Scripted(Visiting):
    """The reference semantics with recorded outputs, given out in an order that is assumed."""

    def __init__(
        self,
        root: AnyNode,
        agents: DryScript,
        value: object,
        groups: Mapping[int, Groups],
        places: Places,
        assumed: Mapping[_Key, int],
    ) -> None:
        super().__init__(root, {}, value)
        self._scripts = agents
        self._groups = groups
        self._places = places
        self._assumed = assumed
        self._next = Counter[_Queue](queue for _, queue, _ in assumed)
        self._refused: TypeError | None = None  # of a script, by which the whole is refused
        self._there: Counter[tuple[Place, _Queue]] = Counter()
        self._taking: list[tuple[_Key, int, int]] = []  # what the call that is made has taken
        self._taken: dict[int, tuple[Way, tuple[_Key, int, int]]] = {}  # by the id of the way

    def taken(self) -> list[_Take]:
        """The recorded outputs that were given out to the calls in the trace, in its order."""
        calls = sorted(self.calls(), key=lambda call: call.start)
        return [
            _Take(call, *self._taken[id(call.way)][1])
            for call in calls
            if id(call.way) in self._taken
        ]

    def need_outcomes(self) -> None:
        """What scripts have returned can be an output. Raises `TypeError`."""
        if self._refused is not None:
            raise self._refused

    def need_outputs(self, taken: Iterable[_Take]) -> None:
        """There were outputs for all of them. Raises `LookupError` for the first that had none."""
        for call, (_, (_, group), _), number, of in taken:
            if number < of:
                continue
            its = (
                f"dry_run: {name_of(call.agent)} is called{_at(call.path)} on {text_of(call.input)}"
            )
            if group == _ANY:
                raise LookupError(
                    f"{its}, which is its call number {number + 1}, and has "
                    f"{of} recorded {plural(of, 'output')}: "
                    f"add one, or give a function of the input"
                )
            times = f"{of} {plural(of, 'time')}" if of else "never"
            raise LookupError(
                f"{its} for time number {number + 1}, and was recorded on that input {times}: "
                f"is it another flow, another input, or an input that was changed afterwards?"
            )

    @override
    def _script(self, node: Leaf[AnyFlow]) -> Callable[[Any], Any]:
        script = self._scripts.get(node.target)
        match script:
            case None:
                path = spell(self._root, self._here, node)
                raise LookupError(
                    f"dry_run: there is no script for {name_of(node.target)}{_at(path)}: "
                    f"say what it does, by a function of its input or a list of outputs"
                )
            case Recording():
                return partial(self._replayed, node, script)
            case Sequence():
                return partial(self._given, (node.target, _ANY), script)
            case _:
                return partial(self._answered, node, cast("Callable[[Any], Any]", script))

    @override
    def _call(
        self, node: Leaf[AnyFlow], here: Where, script: Callable[[Any], Any], value: Any
    ) -> None:
        try:
            super()._call(node, here, script, value)
        finally:
            if self._taking:
                call = self.trace[-1]
                assert isinstance(call, Call)
                self._taken[id(call.way)] = (call.way, self._taking.pop())

    def _answered(self, node: Leaf[AnyFlow], script: Callable[[Any], Any], value: object) -> object:
        said = script(value)
        output = said.value if isinstance(said, Answer) else said
        if isinstance(output, Awaitable):
            if isinstance(output, Coroutine):
                output.close()  # it is never awaited, and need not say so
            path = spell(self._root, self._here, node)
            self._refused = self._refused or TypeError(
                f"dry_run: the script of {name_of(node.target)}{_at(path)} returned an awaitable "
                f"({type(output).__name__}): nothing is awaited in a dry run, give a plain function"
            )
            return Answer(Never())  # nothing handles it, and nothing goes on
        return said

    def _replayed(self, node: Leaf[AnyFlow], recording: Recording, value: object) -> object:
        groups = self._groups[id(recording)]
        group = groups.at(spell(self._root, self._here, node), value) if groups.paths else -1
        if group < 0:
            group = groups.of(value)
        outputs = groups.answers[group] if group >= 0 else ()
        return self._given((id(recording), group), outputs, value)

    def _given(self, queue: _Queue, outputs: Sequence[Any], value: object) -> object:
        place = self._places.of(self._here)
        key = (place, queue, self._there[place, queue])
        self._there[place, queue] += 1
        number = self._assumed.get(key, -1)
        if number < 0:
            number = self._next[queue]
            self._next[queue] += 1
        self._taking.append((key, number, len(outputs)))
        if number >= len(outputs):
            return Answer(Never())  # nothing handles it, and nothing goes on
        output = outputs[number]
        return Answer(output) if not isinstance(output, Answer) else output
