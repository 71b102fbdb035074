"""The one fold over a program, on which its interpreters are built: a machine with a stack.

`foldMap` (cats) is the homomorphism out of the free monad that an interpreter of the operations
determines. What is folded into is always the monad of coroutines: one that never suspends is a
function, and `run_pure` runs it; one that does belongs to whoever drives it, an event loop or a
model of one. So one machine is all that there is, and each interpreter is what it does for an
operation (`perform`), for programs at the same time (`together`), and now and then (`pause`).

The machine has a program, or none when there is a value, and a stack of what is to be done with the
value. It goes *down*, where a `FlatMap` leaves its continuation on the stack and makes way for its
program; and *up*, where the topmost continuation makes a program of the value. So binds that are
nested to the left are memory on a list, those nested to the right are nothing at all, and neither
is a call within a call. `Attempt` leaves a mark on the same stack. An error drops what is on the
stack down to the first that deals with it: such a mark, or a generator (`generators.py`).

No attempt catches anything while the program is being cancelled. A generator is a function like any
other: a cancellation is raised in it, its `finally` clauses may perform operations, and if it goes
on in spite of it, it goes on.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Coroutine, Iterable, Sequence
from typing import Any, Generic, TypeVar, final

from returns.result import Failure, Result, Success

from everything_is_an_actor.algebra.arguments import callable_name, cut, shown
from everything_is_an_actor.algebra.failure import is_recoverable
from everything_is_an_actor.algebra.free import (
    Applied,
    FlatMap,
    Free,
    Mapped,
    Operation,
    Pure,
    Suspend,
    no_program,
)
from everything_is_an_actor.algebra.generators import Begin, Resume
from everything_is_an_actor.algebra.operations import Attempt, Par
from everything_is_an_actor.algebra.path import note_place
from everything_is_an_actor.algebra.steps import as_error
from everything_is_an_actor.algebra.term import Term, read_only

Op = TypeVar("Op", contravariant=True)

BINDS_BETWEEN_PAUSES = 1024
DEPTH = 32  # links of a way that are spelled out

type AnyProgram = Free[Any, Any]
type Way = tuple[Way, int, str] | None
"""The way to a program within others: the way to the outer one, the step there, which program."""


class Interpreter(ABC, Generic[Op]):
    """The meaning of operations: all that `fold_map` needs to know.

    What an operation yields is in its own type, which a method over all of them cannot repeat:
    hence the `Any`.

    >>> from dataclasses import dataclass
    >>> from everything_is_an_actor.free import Free, Operation, Suspend, run_pure
    >>> @dataclass(frozen=True)
    ... class Get(Operation["Get", str]):
    ...     key: str
    >>> class Among(Interpreter[Get]):
    ...     def __init__(self, values: dict[str, str]) -> None:
    ...         self.values = values
    ...
    ...     async def perform(self, op: Get) -> str:
    ...         return self.values[op.key]
    >>> program = Suspend(Get("a")).flat_map(lambda key: Suspend(Get(key)))
    >>> run_pure(fold_map(program, Among({"a": "b", "b": "c"})))
    'c'
    """

    __slots__ = ()

    @abstractmethod
    def perform(self, op: Op, /) -> Awaitable[Any]:
        """What `op` yields, or raises. Never asked for a `Par` or an `Attempt`."""

    async def together(self, branches: Sequence[Coroutine[Any, Any, Any]]) -> Sequence[Any]:
        """The values of independent programs; here one after the other.

        The first error is the error of all, and no branch is left running, or unawaited.
        """
        values: list[Any] = []
        try:
            for branch in branches:
                values.append(await branch)  # noqa: PERF401  # how many there are tells what is left
        finally:
            for branch in branches[len(values) :]:
                branch.close()
        return values

    async def pause(self) -> None:
        """Called every thousand binds, or so: let others have their turn."""

    def is_cancelled(self) -> bool:
        """Whether what runs is being cancelled: if so since it began, no error is dealt with."""
        return False


@final
class Step(Term):
    """One operation that a program has performed, and what came of it: what it yielded, or raised.

    `within` are the steps of the programs that the operation holds: those of the one in an
    `Attempt`, those of each branch of a `Par`. An attempt that has caught an error yielded a
    `Failure`. Values are the program's affair: hence the `Any`.

    >>> from everything_is_an_actor.free import Sleep
    >>> Step(Sleep(1.0), Success(None)).outcome
    <Success: None>
    """

    __slots__ = ("_op", "_outcome", "_within")
    __match_args__ = ("op", "outcome", "within")

    op: Operation[Any, Any] = read_only("_op")
    outcome: Result[Any, BaseException] = read_only("_outcome")
    within: "tuple[tuple[Step, ...], ...]" = read_only("_within")

    def __init__(
        self,
        op: Operation[Any, Any],
        outcome: Result[Any, BaseException],
        within: "Iterable[Iterable[Step]]" = (),
    ) -> None:
        if not (isinstance(op, Operation) and isinstance(outcome, Result)):
            raise TypeError(f"Step: an Operation and a Result, got {shown(op)}, {shown(outcome)}")
        self._op = op
        self._outcome = outcome
        self._within = tuple(map(tuple, within))


def fold_map[P, A](
    program: Free[P, A],
    interpreter: Interpreter[P],
    trace: list[Step] | None = None,
) -> Coroutine[Any, Any, A]:
    """The value of `program` as `interpreter` has it: the homomorphism that it determines.

        fold_map(Pure(a), i)               = a
        fold_map(Suspend(op), i)           = await i.perform(op)
        fold_map(p.flat_map(f), i)         = fold_map(f(fold_map(p, i)), i)
        fold_map(Suspend(Par(ps)), i)      = await i.together([fold_map(p, i) for p in ps])
        fold_map(Suspend(Attempt(p)), i)   = Success(fold_map(p, i)), or Failure(its error)

    Linear in time, and constant in stack, however deep. `trace` is given each step when it has
    ended. An error is raised as it is, with a note of the step. Raises `TypeError` for what is no
    program, no interpreter or no list.

    >>> from everything_is_an_actor.free import run_pure
    >>> class Nothing(Interpreter[object]):
    ...     async def perform(self, op: object) -> None: ...
    >>> run_pure(fold_map(Pure(20).map(lambda n: n + 1).map(lambda n: n * 2), Nothing()))
    42
    """
    if not isinstance(program, Free):
        raise no_program("the program to run must be a program (Free)", program)
    if not isinstance(interpreter, Interpreter):
        raise TypeError(f"fold_map: interpreter must be an Interpreter, got {shown(interpreter)}")
    if trace is not None and not isinstance(trace, list):
        raise TypeError(f"trace must be a list, to which steps are added, got {shown(trace)}")
    if type(program) is Suspend and trace is None:
        kind = type(program._op)
        if kind is not Par and kind is not Attempt:
            return _performed(program._op, interpreter)
    return _folded(program, interpreter, trace, None)


async def _performed(op: Operation[Any, Any], interpreter: Interpreter[Any]) -> Any:
    """What the machine does for a single operation, without the machine."""
    try:
        return await interpreter.perform(op)
    except Exception as error:
        note_only_step(error, op)
        raise


async def _folded(
    program: AnyProgram, interpreter: Interpreter[Any], trace: list[Step] | None, way: Way
) -> Any:
    was_cancelled = interpreter.is_cancelled()  # then this cleans up after what was
    stack: list[Any] = []  # continuations, and marks
    going: Any = program  # the program that is next, None when there is a value
    value: Any
    frame: Any = None  # what has made the program of a value
    op: Any = None  # what is being performed
    steps = binds = 0  # operations and continuations begun here
    while True:
        try:
            while True:
                kind = type(going)  # final classes: a test for one is that for identity
                if kind is FlatMap:
                    stack.append(going._continuation)
                    going = going._program
                    continue
                if kind is Suspend:
                    op = going._op
                    steps += 1
                    kind = type(op)
                    if kind is Attempt:
                        mark = _Attempting(op, steps, trace, way)
                        trace = mark.within
                        stack.append(mark)
                        way, steps = (way, steps - 1, "attempt"), 0
                        going, op = op.program, None
                        continue
                    if kind is Par:
                        value = await _together(op, interpreter, trace, way, steps - 1)
                    else:
                        value = await interpreter.perform(op)
                        if trace is not None:
                            trace.append(Step(op, Success(value)))
                    op = None
                elif kind is Pure:
                    value = going._value
                elif going is not None:
                    raise _no_program(frame, going)
                if not stack:
                    try:
                        return value
                    finally:
                        value = None  # it may hold an error, whose traceback leads here
                binds += 1
                if binds >= BINDS_BETWEEN_PAUSES:
                    binds = 0
                    await interpreter.pause()
                going = None
                frame = stack.pop()
                kind = type(frame)
                if kind is Mapped:
                    value = frame._function(value)
                elif kind is _Attempting:
                    value = Success(value)
                    steps, way, trace = frame.ended(Success(value))
                else:
                    going = frame(value)
                    if going is None:
                        raise _no_program(frame, None)
        except BaseException as raised:
            error = as_error(raised, "program")
        # ------------------------------------------------------------------------ to a handler
        if not isinstance(op, Par):  # whose branches have noted it, and traced
            if op is not None and trace is not None:
                trace.append(Step(op, Failure(error)))
            _note(error, way, steps, op, frame)
        going = op = None
        is_closed = isinstance(error, GeneratorExit)  # then it ends here, whatever is raised yet
        while going is None:
            if not stack:
                try:
                    raise error
                finally:
                    del error  # its traceback leads here, and must not lead back to it
            frame = stack.pop()
            if isinstance(frame, _Attempting):
                is_caught = (
                    is_recoverable(error)
                    and not is_closed
                    and (was_cancelled or not interpreter.is_cancelled())
                )
                value = Failure(error)
                steps, way, trace = frame.ended(Success(value) if is_caught else value)
                if is_caught:
                    break
            elif isinstance(frame, Resume):
                try:
                    if is_closed:
                        frame.close()
                    else:
                        going = frame.throw(error)
                except BaseException as raised:
                    if raised is not error:
                        error = as_error(raised, "program")
                        _note(error, way, steps, None, frame)
        del error


def run_pure[A](folded: Coroutine[Any, Any, A]) -> A:
    """The value of a coroutine that waits for nothing; what it raises is raised.

    Raises `TypeError` for what is none, `RuntimeError` if it suspends: only an event loop could go
    on with it.
    """
    if not isinstance(folded, Coroutine):
        raise TypeError(f"run_pure: folded must be a coroutine of fold_map, got {shown(folded)}")
    try:
        folded.send(None)
    except StopIteration as end:
        value: A = end.value
        return value
    folded.close()
    raise RuntimeError("run_pure: the interpreter waits for something: it needs an event loop")


class _Attempting:
    """The mark of an `Attempt` on the stack: what is restored at its end."""

    __slots__ = ("_op", "_steps", "_trace", "_way", "within")

    def __init__(
        self, op: Operation[Any, Any], steps: int, trace: list[Step] | None, way: Way
    ) -> None:
        self._op = op
        self._steps = steps
        self._trace = trace
        self._way = way
        self.within: list[Step] | None = None if trace is None else []

    def ended(self, outcome: Result[Any, BaseException]) -> tuple[int, Way, list[Step] | None]:
        """What to go on with: the steps so far, the way, and the trace, which it is part of now."""
        if self._trace is not None:
            self._trace.append(Step(self._op, outcome, (self.within or [],)))
        return self._steps, self._way, self._trace


async def _together(
    op: Par[Any, Any],
    interpreter: Interpreter[Any],
    trace: list[Step] | None,
    way: Way,
    step: int,
) -> tuple[Any, ...]:
    traces: tuple[list[Step] | None, ...] = tuple(
        None if trace is None else [] for _ in op.programs
    )
    branches = [
        _folded(program, interpreter, within, (way, step, f"par[{i}]"))
        for i, (program, within) in enumerate(zip(op.programs, traces, strict=True))
    ]
    outcome: Result[Any, BaseException] = Success(())
    try:
        values = tuple(await interpreter.together(branches)) if branches else ()
        outcome = Success(values)
    except BaseException as error:
        outcome = Failure(error)
        raise
    finally:
        if trace is not None:
            trace.append(Step(op, outcome, tuple(each for each in traces if each is not None)))
        del outcome  # of a failure the error's traceback leads here, and must not lead back
    return values


def note_only_step(error: Exception, op: Operation[Any, Any]) -> None:
    """Note where it happened, in a program of one operation."""
    _note(error, None, 1, op, None)


def _note(
    error: BaseException, way: Way, steps: int, op: Operation[Any, Any] | None, frame: object
) -> None:
    """Note where it happened: in an operation, or in the continuation after the last one."""
    if not isinstance(error, Exception):
        return
    path = _spell(way)
    if op is not None:
        where = f" at {path}steps[{steps - 1}]: {shown(Suspend(op))}"
    else:
        name = _name(frame)
        where = f" {'after' if steps else 'before'} {path}steps[{max(steps - 1, 0)}], in {name}"
    note_place(error, "in program", where)


def _spell(way: Way) -> str:
    links: list[str] = []
    while way is not None and len(links) <= DEPTH:
        way, step, which = way
        links.append(f"steps[{step}].{which}.")
    if way is not None:
        links.append("….")
    return "".join(reversed(links))


def _name(frame: object) -> str:
    """The name of a continuation, for an error text: whatever its repr does."""
    if isinstance(frame, Applied):
        return "ap"
    function = frame.function if isinstance(frame, Mapped | Begin) else frame
    try:
        return cut(callable_name(function))
    except Exception:
        return f"<{type(function).__name__}>"


def _no_program(frame: object, came: object) -> TypeError:
    return no_program(
        f"{_name(frame)} must return a program (Free)",
        came,
        hint="a value becomes one by Pure, or use map",
    )
