"""The meaning of a program by a script: every reply is known beforehand, and no actor is there.

An ask is looked up in the script. Everything else succeeds: a spawn and a `get_ref` yield refs on
paper, a sleep lets virtual time pass. Independent programs run as they do live, on virtual time.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, assert_never, override

from everything_is_an_actor.algebra.arguments import need_function, shown
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
from everything_is_an_actor.interpreters.paper import ScriptedRef, path_of
from everything_is_an_actor.interpreters.simulation import Simulated, Simulation
from everything_is_an_actor.runtime.errors import ActorError
from everything_is_an_actor.runtime.spawning import need_name

SHOWN = 5  # replies that there are, in the text of an error

type Script = Mapping[tuple[str, Any], Any] | Callable[[str, Any], Any]
"""The reply to a message at a path, `(path, message)`: a mapping, or a function of the two.

Both are whatever the program takes them for: hence the `Any`. An exception in a mapping is raised.
"""


class UnscriptedAskError(ActorError, LookupError):
    """The script has no reply to what a program asks.

    >>> print(UnscriptedAskError("/app/greeter", "Bob", [("/app/greeter", "Ada")]))
    the script has no reply to 'Bob' at /app/greeter; it has one to 'Ada' at /app/greeter
    """

    def __init__(self, path: str, message: Any, known: Sequence[tuple[str, Any]]) -> None:
        """The message may be anything, as may those that are `known`: hence the `Any`."""
        super().__init__(path, message, known)
        self.path = path
        self.message = message
        self.known = known

    def __str__(self) -> str:
        near = [pair for pair in self.known if pair[0] == self.path] or list(self.known)
        texts = [f"to {shown(message)} at {path}" for path, message in near[:SHOWN]]
        if len(near) > SHOWN:
            texts.append(f"{len(near) - SHOWN} more")
        there = f"it has one {', '.join(texts)}" if texts else "it is empty"
        return f"the script has no reply to {shown(self.message)} at {self.path}; {there}"


class Scripted[A](NamedTuple):
    """What a scripted run has come to: the value, and the steps on the way.

    >>> from everything_is_an_actor.free import Pure
    >>> Scripted(1, [])
    Scripted(value=1, trace=[])
    """

    value: A
    trace: list[Step]


def run_scripted[A](
    program: Free[ActorOp, A], script: Script, *, system: str = "actor-system"
) -> Scripted[A]:
    """The value of `program`, if actors reply as `script` says, and its trace; nothing is sent.

    `system` is the name of the system in the paths of what is spawned. An exception in a mapping
    is raised, as is what a function raises: an error of the ask. To have the trace of a program
    that fails, run `attempt(program)`. Raises the program's own error, `UnscriptedAskError` for
    an ask that a mapping does not have, `TypeError` or `ValueError` for wrong arguments.

    >>> from everything_is_an_actor.free import ask
    >>> program = ask("/app/names", 1).flat_map(lambda name: ask("/app/greeter", name))
    >>> script = {("/app/names", 1): "Ada", ("/app/greeter", "Ada"): "hello, Ada"}
    >>> value, trace = run_scripted(program, script)
    >>> value, [step.op for step in trace]
    ('hello, Ada', [Ask('/app/names', 1, 5.0), Ask('/app/greeter', 'Ada', 5.0)])
    """
    _need_script(script)
    need_name("run_scripted", system)
    trace: list[Step] = []
    simulation = Simulation()
    value: A = simulation.run(fold_map(program, ByScript(script, system, simulation), trace=trace))
    return Scripted(value, trace)


def _need_script(script: object) -> None:
    if not isinstance(script, Mapping):
        hint = ": a mapping {(path, message): reply} does as well"
        need_function("run_scripted", "script", script, hint=hint, instead="a script is pure")
        return
    for key in script:
        if not (isinstance(key, tuple) and len(key) == 2 and isinstance(key[0], str)):
            raise TypeError(f"run_scripted: a key must be (path, message), got {shown(key)}")


class ByScript(Simulated):
    """Looks replies up in a script."""

    __slots__ = ("_script", "_system")

    def __init__(self, script: Script, system: str, simulation: Simulation) -> None:
        super().__init__(simulation)
        self._script = script
        self._system = system

    @override
    async def perform(self, op: ActorOp, /) -> Any:
        known = among_all(op)
        match known:
            case Ask():
                return self._reply(path_of(known.ref), known.message)
            case Tell() | Stop():
                return None
            case Spawn():
                return ScriptedRef(f"/{self._system}/{known.name}")
            case GetRef():
                return ScriptedRef(known.path)
            case Sleep():
                return await self._simulation.sleep(known.seconds)
            case _ as unreachable:
                assert_never(unreachable)

    def _reply(self, path: str, message: Any) -> Any:
        if not isinstance(self._script, Mapping):
            return self._script(path, message)
        try:
            reply = self._script[path, message]
        except (KeyError, TypeError):  # not there, or no key of any mapping: a list
            raise UnscriptedAskError(path, message, list(self._script)) from None
        if isinstance(reply, BaseException):
            raise reply
        return reply
