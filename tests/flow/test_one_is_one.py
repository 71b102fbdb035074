"""What errors and pictures say of one thing is in the singular."""

import re

import pytest

from everything_is_an_actor import MailboxFullError
from everything_is_an_actor.flow import (
    Continue,
    Done,
    Flow,
    LoopLimitError,
    QuorumError,
    QuorumResult,
    at_least,
    identity,
    loop,
    pure,
    to_mermaid,
)
from everything_is_an_actor.moa import moa_layer

same: Flow[int, int] = identity()


def again(x: int) -> Continue[int] | Done[int]:
    return Continue(x)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (MailboxFullError(1), "it holds 1 message"),
        (MailboxFullError(2), "it holds 2 messages"),
        (LoopLimitError(1, 0), "within max_iter=1 iteration"),
        (LoopLimitError(2, 0), "within max_iter=2 iterations"),
        (QuorumError(1, 1, QuorumResult((), ())), "0 of 1 flow succeeded, at least 1 was"),
        (QuorumError(2, 2, QuorumResult((), ())), "0 of 2 flows succeeded, at least 2 were"),
    ],
)
def test_an_error_counts_in_its_number(error: Exception, text: str) -> None:
    assert re.search(rf"{text}\b", str(error))


def test_too_many_that_are_wanted_of_one_are_refused_in_the_singular() -> None:
    with pytest.raises(ValueError, match=r"n=2 of 1 flow can"):
        at_least(2, same)
    with pytest.raises(ValueError, match=r"of 1 proposer can"):
        moa_layer(proposers=[same], aggregator=identity(), min_success=2)


@pytest.mark.parametrize(("most", "text"), [(1, "at most 1 run"), (2, "at most 2 runs")])
def test_a_picture_counts_the_runs_of_a_loop(most: int, text: str) -> None:
    looping = loop(pure(again), max_iter=most)
    (line,) = [line for line in to_mermaid(looping).splitlines() if "at most" in line]
    assert f"{text}|" in line or f'{text}"' in line
