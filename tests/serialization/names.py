"""The registry of everything that the flows of `tests/algebra/flows.py` are made of."""

from __future__ import annotations

from everything_is_an_actor.interpreters.documents.registry import Registry
from tests.algebra import flows

REGISTRY = Registry(flows.NAMES) | Registry.of(
    *(int, list, Exception, ValueError, KeyError, OSError),
    *(flows.Echo[int], flows.Echo[flows.Echo[int | None]]),
)
