"""What holds for every test: how much is generated, by what seed, and what a skip is.

`--hypothesis-profile laws` generates ten times as much. Every run tries other examples, by a seed
that is said where something failed: with `--hypothesis-seed` the same are tried again. Not so in
CI, where Hypothesis always tries the same: what turns it red is the change. A skip that says
``needs a server`` is a courtesy to a developer and a failure in CI.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("laws", max_examples=10 * settings().max_examples)

SEED = "hypothesis_seed"
NEEDS_A_SERVER = "needs a server"


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before Hypothesis looks for a seed, which is that of the process that sent this one."""
    if config.option.hypothesis_seed is None and "CI" not in os.environ:
        sent = getattr(config, "workerinput", {})
        config.option.hypothesis_seed = sent.get(SEED) or str(secrets.randbelow(2**32))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Of xdist, whose node has no type."""
    node.workerinput[SEED] = node.config.option.hypothesis_seed  # none in CI


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    seed = config.option.hypothesis_seed
    if seed is not None and terminalreporter.stats.keys() & {"failed", "error"}:
        terminalreporter.write_line(f"To try the same examples again: --hypothesis-seed={seed}")


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
