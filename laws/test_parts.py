"""Every mailbox and every store keeps what it promises; so do virtual actors and supervisors."""

import pytest

from everything_is_an_actor.testing.check import Check
from everything_is_an_actor.testing.mailboxes import mailbox_suite
from laws.in_redis import Queue, Shelf
from laws.parts import IN_REDIS, MAILBOXES, STORES, SUPERVISION, Part, by_urgency
from laws.plain_mailbox import Plain


def checks(part: Part, *, in_redis: bool = False) -> list[object]:
    return [
        pytest.param(check, id=f"{check}[{kind}]")
        for kind, suite in part.kinds.items()
        for check in suite
        if (kind == "redis") is in_redis
    ]


@pytest.mark.parametrize("check", checks(MAILBOXES))
def test_mailbox(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(MAILBOXES, in_redis=True))
def test_mailbox_in_redis(check: Check, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Queue, "url", redis_url, raising=False)
    check()


@pytest.mark.parametrize("check", checks(STORES))
def test_store(check: Check) -> None:
    check()


@pytest.mark.parametrize("check", checks(STORES, in_redis=True))
def test_store_in_redis(check: Check, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shelf, "url", redis_url, raising=False)
    check()


@pytest.mark.parametrize("check", checks(SUPERVISION))
def test_supervision(check: Check) -> None:
    check()


@pytest.mark.parametrize("part", [MAILBOXES, STORES], ids=lambda part: part.name)
def test_every_check_of_a_part_says_what_it_is(part: Part) -> None:
    assert all(part.sentences[check.name] for suite in part.kinds.values() for check in suite)


def test_an_order_of_its_own_needs_messages_that_are_there() -> None:
    with pytest.raises(ValueError, match="there at once"):
        mailbox_suite(Plain, rank=by_urgency, able=IN_REDIS)
