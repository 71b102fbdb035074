"""How many examples a law is tried on."""

from hypothesis import Phase, settings

FEW = settings(max_examples=settings().max_examples // 5)
"""Where each example waits for a server, or is long."""

ENOUGH = settings(
    max_examples=1000,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
"""Where one is certain to fail, and need not be read."""
