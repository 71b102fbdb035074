"""The example of the package runs, against a server that is there."""

import doctest

from everything_is_an_actor.plugins import redis


def test_the_example_of_the_package_runs(redis_url: str) -> None:
    assert redis.__doc__ is not None
    text = redis.__doc__.replace("redis://localhost", redis_url).replace("# doctest: +SKIP", "")
    example = doctest.DocTestParser().get_doctest(text, {}, "example", None, None)
    result = doctest.DocTestRunner().run(example)
    assert (result.failed, result.attempted) == (0, 8)
