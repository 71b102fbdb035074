"""What holds for every test: how much is generated, and what a skip is.

`--hypothesis-profile laws` generates ten times as much. A skip that says ``needs a server`` is a
courtesy to a developer and a failure in CI.
"""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

settings.register_profile("laws", max_examples=10 * settings().max_examples)

NEEDS_A_SERVER = "needs a server"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return fail_if_a_server_was_missing((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return fail_if_a_server_was_missing((yield))


def fail_if_a_server_was_missing[R: (pytest.TestReport, pytest.CollectReport)](report: R) -> R:
    # A skip is reported as (path, line, reason).
    if "CI" in os.environ and report.skipped and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2]
        if NEEDS_A_SERVER in reason:
            report.outcome = "failed"
            report.longrepr = f"{reason}\nIn CI every test that needs a server has to run."
    return report
