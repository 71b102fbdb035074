"""`Actor`: what a user subclasses."""

from typing import override

from everything_is_an_actor.runtime.behaviour import Behaviour
from everything_is_an_actor.runtime.context import ActorContext
from everything_is_an_actor.runtime.place import Place


class Actor[M, R](Behaviour[M, R]):
    """An actor that takes messages `M` and replies `R`: override `on_receive`.

    It handles one message at a time, so its state needs no lock. The hooks `on_started`,
    `on_stopped`, `on_restart` and `supervisor_strategy` may be overridden as well.
    """

    __slots__ = ("__dict__", "__weakref__", "_place")

    _place: Place[M, R]

    @override
    def _attach(self, place: object) -> None:
        assert isinstance(place, Place)
        self._place = place

    @property
    def context(self) -> ActorContext[M, R]:
        """The actor's place in its system; available from `on_started` on.

        Raises `RuntimeError` in a constructor, or outside any system.
        """
        try:
            place: Place[M, R] = self._place
        except AttributeError:
            raise RuntimeError(
                f"{type(self).__name__} has no context yet: it is available from on_started on"
            ) from None
        return ActorContext(place)
