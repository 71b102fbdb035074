"""What the engine needs of an actor: its handler and its hooks.

`Behaviour` stands below the place that runs it, and knows nothing of it; `Actor`, which users
subclass, adds the context.
"""

from typing import ClassVar

from everything_is_an_actor.runtime.cards import AgentCard
from everything_is_an_actor.runtime.config import ActorConfig
from everything_is_an_actor.runtime.policy import StopMode, StopPolicy
from everything_is_an_actor.runtime.supervision import OneForOneStrategy, SupervisorStrategy


class Behaviour[M, R]:
    """The handler and the hooks of one actor, each with its default."""

    __slots__ = ()

    __actor__: ClassVar[ActorConfig | None] = None
    """Its mailbox, and how often it may be restarted."""

    __card__: ClassVar[AgentCard | None] = None
    """What it says of itself, to those who look for it."""

    @property
    def _leaf(self) -> object:
        """What a user has given: that is where `__actor__` and `__card__` are."""
        return type(self)

    _ends_with_its_asker: ClassVar[bool] = False
    """Whether its work on a message is cancelled when the one who waits for it is."""

    def _attach(self, place: object) -> None:
        """Learn of the place that runs this behaviour; it does not need to."""

    async def on_receive(self, message: M) -> R:
        """Handle one message; what it returns is the reply to an `ask`."""
        raise NotImplementedError(f"{type(self).__name__} does not define on_receive")

    async def on_started(self) -> None:
        """Runs before the first message, of each incarnation; may spawn children."""

    async def on_stopped(self) -> None:
        """Runs exactly once, after the children have stopped; also after a crash or interrupt."""

    async def on_restart(self, error: Exception) -> None:
        """Runs on the new instance after a failure, before its `on_started`.

        Which message has failed, `context.failed_message` says.
        """

    def stop_policy(self) -> StopPolicy:
        """When it stops by itself; asked after each message, also one that failed."""
        return StopMode.NEVER

    def supervisor_strategy(self) -> SupervisorStrategy:
        """What happens to a child that fails."""
        return OneForOneStrategy()
