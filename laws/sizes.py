"""How much is tried: shares of the examples of the profile, of which `make laws` has ten times."""

from typing import Any

from hypothesis import HealthCheck, Phase, settings

_EXAMPLES = settings().max_examples

MANY = settings(max_examples=2 * _EXAMPLES)
"""For the one law that stands for all: two interpreters agree."""

SOME = settings(max_examples=_EXAMPLES)
"""For programs, as small as they are: an agreement of theirs is quickly seen."""

FEW = settings(max_examples=_EXAMPLES // 5)
"""Where each example waits for a server, or is long."""

FEWER = settings(max_examples=_EXAMPLES // 10)
"""For one law of many on one interpreter."""

FEWEST = settings(max_examples=_EXAMPLES // 20)
"""Where a law is checked on an interpreter that is another one after a detour."""

ENOUGH = settings(
    max_examples=2000,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
"""Where one is certain to fail, the same one each time, and need not be read."""

SECOND_OPINION: dict[str, Any] = {
    "max_examples": 3 * _EXAMPLES // 10,
    "database": None,
    "deadline": None,
    "phases": [Phase.generate],  # the wrong ones fail as well; our own laws shrink
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}
"""For the laws of `returns`, which takes settings by their names."""
