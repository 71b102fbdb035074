"""Two worlds in which a flow has a meaning: the reference semantics, and actors on virtual time.

One declaration serves both: `Scripts.leaf(name, script)` makes an agent that does on a running
loop what its script says, and keeps the script for the reference.
"""

import asyncio
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from returns.result import Failure, Result, Success

from everything_is_an_actor.agents import AgentSystem, TaskEvent
from everything_is_an_actor.flow import Flow, agent
from everything_is_an_actor.interpreters.reference import Answer, evaluate
from everything_is_an_actor.testing import run

type Script = Callable[[Any], Any]
type Calls = Counter[tuple[str, str, str]]  # agent, input, ending


@dataclass(frozen=True)
class Outcome:
    """What a run has come to: the result, the virtual seconds it took, the agents' calls."""

    result: Result[Any, BaseException]
    seconds: float
    calls: Calls

    @property
    def value(self) -> Any:
        return self.result.unwrap()

    @property
    def error(self) -> BaseException:
        return self.result.failure()

    def same(self) -> tuple[Any, float, Calls]:
        """What two worlds have to agree on."""
        match self.result:
            case Success(value):
                return ("value", value), self.seconds, self.calls
            case Failure(error):
                return ("error", type(error), repr(error.args)), self.seconds, self.calls
            case _:
                raise AssertionError


def primes() -> Iterator[int]:
    return (n for n in itertools.count(2) if all(n % d for d in range(2, math.isqrt(n) + 1)))


class World(Protocol):
    """An interpreter under test."""

    def run(self, flow: Flow[Any, Any], value: Any) -> Outcome: ...


@dataclass
class Scripts:
    """The agents of one test, by their scripts."""

    by_agent: dict[Any, Script] = field(default_factory=dict)
    _primes: Iterator[int] = field(default_factory=lambda: primes())

    def seconds(self, n: int) -> float:
        """Some seconds, such that no two sums of a few of them are the same instant.

        What two worlds do at one and the same instant is a tie, on which they need not agree. The
        square roots of primes are linearly independent over the rationals.
        """
        return n / 1000 + math.sqrt(next(self._primes)) % 1

    def leaf(self, name: str, script: Script, *, timeout: float | None = None) -> Flow[Any, Any]:
        async def act(x: Any) -> Any:
            said = script(x)
            answer = said if isinstance(said, Answer) else Answer(said)
            if math.isinf(answer.after):
                await asyncio.get_running_loop().create_future()
            elif answer.after:
                await asyncio.sleep(answer.after)
            if isinstance(answer.value, BaseException):
                raise answer.value
            return answer.value

        act.__name__ = name
        self.by_agent[act] = script
        return agent(act, timeout=timeout)

    def gives(self, name: str, value: Any, after: float = 0.0) -> Flow[Any, Any]:
        return self.leaf(name, lambda x: Answer(value, after))

    def adds(self, name: str, n: int, after: float = 0.0) -> Flow[int, int]:
        return self.leaf(name, lambda x: Answer(x + n, after))

    def fails(self, name: str, error: BaseException, after: float = 0.0) -> Flow[Any, Any]:
        return self.leaf(name, lambda x: Answer(error, after))

    def hangs(self, name: str, timeout: float | None = None) -> Flow[Any, Any]:
        return self.leaf(name, lambda x: Answer(None, math.inf), timeout=timeout)


class Reference:
    """The pure semantics."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    def run(self, flow: Flow[Any, Any], value: Any) -> Outcome:
        found = evaluate(flow, value, self._scripts.by_agent)
        calls: Calls = Counter((c.agent.__name__, repr(c.input), c.ending) for c in found.calls)
        return Outcome(found.result, found.seconds, calls)


class Actors:
    """The actor runtime, on virtual time, run twice: for the result, and for its events."""

    def run(self, flow: Flow[Any, Any], value: Any) -> Outcome:
        result, seconds = run(_result(flow, value))
        again, calls = run(_calls(flow, value))
        assert Outcome(again, 0.0, calls).same() == Outcome(result, 0.0, calls).same()
        return Outcome(result, seconds, calls)


async def _result(flow: Flow[Any, Any], value: Any) -> tuple[Result[Any, BaseException], float]:
    loop = asyncio.get_running_loop()
    async with AgentSystem() as system:
        result: Result[Any, BaseException]
        try:
            result = Success(await system.run_flow(flow, value))
        except BaseException as error:
            result = Failure(error)
        end = loop.time()
        await system.shutdown(timeout=10_000.0)
    return result, end


async def _calls(flow: Flow[Any, Any], value: Any) -> tuple[Result[Any, BaseException], Calls]:
    started: dict[str, TaskEvent] = {}
    calls: Calls = Counter()
    result: Result[Any, BaseException] | None = None
    async with AgentSystem() as system:
        try:
            async for event in system.run_flow_stream(flow, value):
                kind = event.type.removeprefix("task_")
                if event.type == "task_started":
                    started[event.task_id] = event
                elif event.type == "flow_completed":
                    result = Success(event.data)
                elif kind in ("completed", "failed", "cancelled"):
                    start = started.pop(event.task_id)
                    calls[_name(event), repr(start.data), kind] += 1
        except BaseException as error:
            assert result is None
            result = Failure(error)
    assert not started
    assert result is not None
    return result, calls


def _name(event: TaskEvent) -> str:
    return event.agent_path.rsplit("/", 1)[1].rsplit("-", 1)[0]
