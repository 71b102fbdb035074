"""Sentences: what the parts of a system promise, each a function that looks for what breaks it.

A sentence is the docstring of a function; the function takes what the sentence is about and raises
what is wrong with it.
"""

from collections.abc import Callable, Iterable
from inspect import signature

from hypothesis import HealthCheck, settings

from everything_is_an_actor.algebra.arguments import callable_name, shown
from everything_is_an_actor.algebra.failure import add_note
from everything_is_an_actor.testing.check import Check, phases


def sentences[S](
    about: str, subject: S, functions: Iterable[Callable[[S], None]]
) -> tuple[Check, ...]:
    """A check for each of the functions; what it raises has a note that says the sentence.

    >>> def small(limit: int) -> None:
    ...     '''It is below a hundred.'''
    ...     assert limit < 100
    >>> [check] = sentences("limit", 1000, [small])
    >>> try:
    ...     check()
    ... except AssertionError as error:
    ...     print(*error.__notes__)
    limit.small does not hold: It is below a hundred.
    """
    return tuple(_sentence(about, subject, function) for function in functions)


def _sentence[S](about: str, subject: S, function: Callable[[S], None]) -> Check:
    name = f"{about}.{function.__name__}"

    def run() -> None:
        try:
            function(subject)
        except Exception as error:
            add_note(error, f"{name} does not hold: {function.__doc__}")
            raise

    return Check(name, run)


def examples(share: float, configured: settings | None, *, steps: int = 40) -> settings:
    """Settings of a user, or of the profile, with a share of their examples.

    `steps` is how many a state machine takes at most.

    >>> examples(0.5, settings(max_examples=10)).max_examples
    5
    """
    given = settings() if configured is None else configured
    return settings(
        given,
        max_examples=max(1, round(share * given.max_examples)),
        stateful_step_count=steps,
        deadline=None,
        phases=phases(given),
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow],
    )


def same(found: object, expected: object) -> None:
    """What `assert found == expected` says, also where pytest has not rewritten it.

    >>> same([1], [1, 2])
    Traceback (most recent call last):
    AssertionError: found [1], expected [1, 2]
    """
    if found != expected:
        raise AssertionError(f"found {shown(found)}, expected {shown(expected)}")


def need_factory(where: str, value: object, given: tuple[object, ...], takes: str) -> None:
    """A function, or a class, that can be called with what a suite will give it.

    >>> need_factory("mailbox_suite", lambda size, policy: [], (0, "block"), "a size and a policy")
    >>> need_factory("mailbox_suite", lambda: [], (0, "block"), "a size and a policy")
    Traceback (most recent call last):
    TypeError: mailbox_suite: factory must take a size and a policy, but <lambda> takes ()
    """
    if not callable(value):
        raise TypeError(f"{where}: factory must be a function or a class, got {shown(value)}")
    try:
        taken = signature(value)
    except ValueError:  # of a class written in C
        return
    try:
        taken.bind(*given)
    except TypeError:
        raise TypeError(
            f"{where}: factory must take {takes}, but {callable_name(value)} takes {taken}"
        ) from None
