"""Refs of actors that are not there: what a program is given where nothing is sent."""

from collections.abc import AsyncGenerator, Awaitable
from typing import Any, Never, override

from everything_is_an_actor.runtime.events import StreamItem
from everything_is_an_actor.runtime.ref import ActorRef


class PaperRef(ActorRef[Any, Any]):
    """The ref of an actor that exists on paper: it has a path, and can be named in programs.

    Raises `RuntimeError` where a living actor would send or wait. What it takes, the program knows
    that was given it: hence the `Any`.
    """

    __slots__ = ("_path",)

    def __init__(self, path: str) -> None:
        self._path = path

    @property
    @override
    def name(self) -> str:
        return self._path.rpartition("/")[2]

    @property
    @override
    def path(self) -> str:
        return self._path

    @property
    @override
    def is_alive(self) -> bool:
        return True

    @override
    async def tell(self, message: Any) -> None:
        self._refuse("tell")

    @override
    def tell_nowait(self, message: Any) -> None:
        self._refuse("tell")

    @override
    async def ask(self, message: Any, *, timeout: float | None = 5.0) -> Any:
        self._refuse("ask")

    @override
    async def ask_stream(
        self, message: Any, *, timeout: float | None = 5.0
    ) -> AsyncGenerator[StreamItem[Any], None]:
        yield self._refuse("ask_stream")

    @override
    def stop(self, *, drain: bool = False) -> Awaitable[None]:
        self._refuse("stop")

    @override
    def interrupt(self) -> Awaitable[None]:
        self._refuse("interrupt")

    @override
    async def join(self) -> None:
        self._refuse("join")

    def _refuse(self, what: str) -> Never:
        raise RuntimeError(
            f"{self._path} exists on paper only, in the run that its ref is of, and cannot {what}: "
            "elsewhere, name the actor by its path"
        )


class ScriptedRef(PaperRef):
    """The actor at a path, whichever it is: two refs of one path are equal."""

    __slots__ = ()

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, ScriptedRef) and other.path == self.path

    @override
    def __hash__(self) -> int:
        return hash(self._path)

    @override
    def __reduce__(self) -> tuple[Any, ...]:
        return ScriptedRef, (self._path,)


def path_of(target: Any) -> str:
    """The path of what an operation names: itself, or that of a ref.

    What has no path, like the ref of a queue, is known by its text.
    """
    path = target if isinstance(target, str) else getattr(target, "path", None)
    return path if isinstance(path, str) else str(target)
