"""A recursion over a flow as a loop: each step is a generator that yields what it calls."""

from collections.abc import Callable, Generator, Hashable
from types import GeneratorType
from typing import Any

type Calls[Q, A] = Generator[Q, A, A]
"""A step in progress: it yields questions, is sent their answers, and returns its own."""


def answered[Q, A](
    question: Q, visit: Callable[[Q], A | Calls[Q, A]], key: Callable[[Q], Hashable]
) -> A:
    """The answer to `question`, where each question with the same key is answered once.

    `visit` answers at once or begins a step. Depth costs memory, and no stack.

    >>> def visit(n: int) -> int | Calls[int, int]:
    ...     return add(n) if n else 0
    >>> def add(n: int) -> Calls[int, int]:
    ...     return n + (yield n - 1)
    >>> answered(100_000, visit, hash)
    5000050000
    """
    answers: dict[Hashable, A] = {}
    waiting: list[Calls[Q, A]] = []
    asked: list[Hashable] = []  # by whom: two lists, of which the collector has less to look at
    while True:
        name = key(question)
        if name in answers:
            answer: Any = answers[name]
        else:
            found: Any = visit(question)
            if isinstance(found, GeneratorType):
                waiting.append(found)
                asked.append(name)
                answer = None  # which is what a step that begins is sent
            else:
                answer = answers[name] = found
        while waiting:
            try:
                question = waiting[-1].send(answer)
                break
            except StopIteration as end:
                name = asked.pop()
                answer = answers[name] = end.value
                waiting.pop()
        else:
            return answers[name]
