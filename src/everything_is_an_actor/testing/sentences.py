"""Sentences: what the parts of a system promise, each a function that looks for what breaks it.

A sentence is the docstring of a function; the function takes what the sentence is about and raises
what is wrong with it.
"""

from collections.abc import Callable, Iterable

from hypothesis import HealthCheck, settings

from everything_is_an_actor.algebra.failure import add_note
from everything_is_an_actor.testing.check import Check


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
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow],
    )
