"""Programs in direct style: a generator function whose `yield` binds.

    @program
    def greet(name: str):
        reply = yield from ask(greeter, name)         ask(greeter, name).flat_map(λreply.
        return reply.upper()                              Pure(reply.upper()))

What such a function returns is data: a `Pure`, bound to a continuation that starts a generator. So
each run of the program has a generator of its own, and so has each place in which the program
occurs. A generator itself can be resumed only once from where it is; the continuation that holds
it exists in the hands of an interpreter only, which uses it once.

An error of what it has yielded is raised in the generator, where `try` and `finally` find it: in
that it is more than a function that is given a value, and `fold_map` knows it.
"""

from collections.abc import Callable, Generator, Iterator
from functools import wraps
from inspect import isgeneratorfunction
from typing import Any, final, override

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.free import Continuation, Free, Pure, no_program
from everything_is_an_actor.algebra.term import Piece, listed, read_only

type Binding = Generator[Free[Any, Any], Any, Any]


def program[**P, Op, X, A](
    function: Callable[P, Generator[Free[Op, X], X, A]],
) -> Callable[P, Free[Op, A]]:
    """What makes programs of a generator function: `yield from p` is the value of `p`.

    A plain `yield p` is the same value, without its type. Nothing of the function runs before the
    program does, then all of it in each run. Raises `TypeError` if it is no generator function, or
    for arguments that it does not take; when run, if it yields what is no program.

    >>> from collections.abc import Generator
    >>> from everything_is_an_actor.free import ActorOp, Free, ask, program
    >>> @program
    ... def longest(names: list[str]) -> Generator[Free[ActorOp, str], str, int]:
    ...     longest = 0
    ...     for name in names:
    ...         reply = yield from ask("/app/greeter", name)
    ...         longest = max(longest, len(reply))
    ...     return longest
    >>> longest(["Ada", "Grace"])
    longest(['Ada', 'Grace'])
    """
    if not isgeneratorfunction(function):
        raise TypeError(
            f"program: the function must be a generator function, with `yield from`, "
            f"got {shown(function)} ({type(function).__name__})"
        )

    @wraps(function)
    def started(*args: P.args, **kwargs: P.kwargs) -> Free[Op, A]:
        function(*args, **kwargs).close()  # are the arguments right? Nothing of it runs
        return Pure(None).flat_map(Begin(started, (*args, *kwargs.values()), tuple(kwargs)))

    return started


@final
class Begin(Continuation):
    """Start the generator of a program: each time another one.

    The last of `args` are given by keyword, under these `names`: so a program among them is found.
    """

    __slots__ = ("_args", "_function", "_names")
    __match_args__ = ("function", "args", "names")

    function: Any = read_only("_function")
    """What `program` has made of a generator function, so that it can be pickled."""
    args: tuple[Any, ...] = read_only("_args")
    names: tuple[str, ...] = read_only("_names")

    def __init__(
        self,
        function: Callable[..., Free[Any, Any]],
        args: tuple[Any, ...],
        names: tuple[str, ...],
    ) -> None:
        self._function = function
        self._args = args
        self._names = names

    @override
    def __call__(self, value: Any) -> Free[Any, Any]:
        by_place = len(self.args) - len(self.names)
        by_name = dict(zip(self.names, self.args[by_place:], strict=True))
        generator: Binding = self.function.__wrapped__(*self.args[:by_place], **by_name)
        return Resume(generator, callable_name(self.function))(None)

    @override
    def after(self, program: Free[Any, Any]) -> Iterator[Piece]:
        yield f"{callable_name(self.function)}("
        by_place = len(self.args) - len(self.names)
        yield from listed(self.args[:by_place])
        for i, name in enumerate(self.names, start=by_place):
            yield f"{', ' if i else ''}{name}="
            yield from listed(self.args[i : i + 1])
        yield ")"


@final
class Resume:
    """Go on with a generator, from where it is: by a value, or by an error."""

    __slots__ = ("__name__", "_generator", "_is_used")

    def __init__(self, generator: Binding, name: str) -> None:
        self._generator = generator
        self._is_used = False
        self.__name__ = name

    def __call__(self, value: Any) -> Free[Any, Any]:
        """The program that goes on once the generator has this value."""
        return self._after(lambda: self._generator.send(value))

    def throw(self, error: BaseException) -> Free[Any, Any]:
        """The program that goes on once the generator has dealt with this error.

        Raises the error, or another one, if it has not.
        """
        return self._after(lambda: self._generator.throw(error))

    def close(self) -> None:
        """Let the generator run its `finally` clauses, and no more programs."""
        self._generator.close()

    def _after(self, step: Callable[[], Free[Any, Any]]) -> Free[Any, Any]:
        if self._is_used:
            raise RuntimeError(
                f"{self.__name__}: a generator can go on from here only once: run the program anew"
            )
        self._is_used = True
        try:
            program: object = step()
        except StopIteration as end:
            return Pure(end.value)
        if isinstance(program, Free):
            return program.flat_map(Resume(self._generator, self.__name__))
        self._generator.close()
        raise no_program(f"{self.__name__}: a program yields programs (Free)", program)
