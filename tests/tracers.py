"""Tracers for tests."""

from typing import override

from everything_is_an_actor.runtime.span import Tracer


class Silent(Tracer):
    """Is told of everything, and forgets it."""

    @override
    def here(self) -> None: ...
    @override
    def began(self, span: object, kind: object, input: object, follows: object) -> None: ...
    @override
    def told(self, span: object, kind: object, data: object) -> None: ...
    @override
    def ended(self, span: object, kind: object, data: object) -> None: ...
    @override
    def enter(self, where: object) -> None: ...
    @override
    def leave(self, token: object) -> None: ...
