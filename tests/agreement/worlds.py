"""Agents that do on a running loop what a script says, and the scripts, for the reference."""

import asyncio
import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from everything_is_an_actor.flow import Flow, agent
from everything_is_an_actor.interpreters.reference import Answer

type Script = Callable[[Any], Any]


def primes() -> Iterator[int]:
    return (n for n in itertools.count(2) if all(n % d for d in range(2, math.isqrt(n) + 1)))


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

    def hangs(self, name: str, timeout: float | None = None) -> Flow[Any, Any]:
        return self.leaf(name, lambda x: Answer(None, math.inf), timeout=timeout)
