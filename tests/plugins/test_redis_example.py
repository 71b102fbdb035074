"""What is shown of Redis is true, against a server that is there: in the package, and in docs/."""

import doctest
from pathlib import Path

import pytest
from redis import Redis

from everything_is_an_actor.plugins import redis
from tests.documents import Command, Document, check, shown

GUIDES = (Document("docs/actors.md"), Document("docs/how-to/virtual-actors-with-redis.md"))


def test_the_example_of_the_package_runs(redis_url: str) -> None:
    assert redis.__doc__ is not None
    text = redis.__doc__.replace("redis://localhost", redis_url).replace("# doctest: +SKIP", "")
    example = doctest.DocTestParser().get_doctest(text, {}, "example", None, None)
    result = doctest.DocTestRunner().run(example)
    assert (result.failed, result.attempted) == (0, 8)


@pytest.fixture(scope="module")
def folders(redis_url: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The programs of each guide, and a Redis that has not seen them yet."""
    with Redis.from_url(redis_url) as client:
        for name in ("orders*", "inn:*", "chat:*"):
            for key in client.scan_iter(name):
                client.delete(key)
    return {guide.path: guide.write(tmp_path_factory.mktemp("guide")) for guide in GUIDES}


@pytest.mark.parametrize(
    ("path", "command"),
    [
        pytest.param(guide.path, *each.values, id=each.id)
        for guide in GUIDES
        for each in shown(guide, redis=True)
    ],
)
def test_a_command_of_a_guide_prints_what_is_shown(
    path: str, command: Command, folders: dict[str, Path], redis_url: str
) -> None:
    check(command, folders[path], {"REDIS_URL": redis_url})
