"""Quorums: `at_least`, what it yields and what it raises."""

from everything_is_an_actor.algebra.build import at_least
from everything_is_an_actor.algebra.failure import QuorumError
from everything_is_an_actor.algebra.values import QuorumResult

__all__ = ["QuorumError", "QuorumResult", "at_least"]
