"""`Check`: one sentence that something promises, to be called by any test runner.

A suite is a tuple of checks. It imports no test framework but Hypothesis; how many examples it
tries is a share of what the active profile of Hypothesis says.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

try:
    from hypothesis import HealthCheck, settings
except ModuleNotFoundError as error:
    raise ImportError(
        "the suites of everything_is_an_actor.testing need the package hypothesis: "
        "pip install 'everything-is-an-actor[testing]'"
    ) from error

from everything_is_an_actor.algebra.failure import add_note


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a suite: calling it raises what is wrong, or returns.

    It prints as its name; an error has a note with the name and what the check says. It runs an
    event loop of its own, so it is called where none runs.

    >>> def adds() -> None:
    ...     assert 1 + 1 == 2
    >>> check = Check("sum.small", adds, "one and one are two")
    >>> check()
    >>> print(check)
    sum.small
    """

    name: str
    run: Callable[[], None]
    says: str = ""

    def __call__(self) -> None:
        """Raise what is wrong."""
        try:
            self.run()
        except Exception as error:
            add_note(error, f"{self.name} does not hold: {self.says}" if self.says else self.name)
            raise

    @override
    def __str__(self) -> str:
        return self.name


def examples(share: float = 1.0, steps: int = 40) -> settings:
    """The settings of the active profile, with a share of its examples.

    >>> examples(0.5).max_examples * 2 == settings().max_examples
    True
    """
    return settings(
        max_examples=max(1, round(share * settings().max_examples)),
        stateful_step_count=steps,
        deadline=None,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow],
    )
