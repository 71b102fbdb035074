"""Stop policies: when an actor stops by itself."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from everything_is_an_actor.algebra.arguments import need_seconds


class StopMode(Enum):
    """`NEVER`: it stops when it is told to; `ONE_TIME`: after its first message.

    >>> import asyncio
    >>> from everything_is_an_actor import Actor, ActorSystem
    >>> class Once(Actor[str, str]):
    ...     def stop_policy(self) -> StopPolicy:
    ...         return StopMode.ONE_TIME
    ...
    ...     async def on_receive(self, message: str) -> str:
    ...         return message
    >>> async def main() -> bool:
    ...     async with ActorSystem() as system:
    ...         once = await system.spawn(Once, "once")
    ...         await once.ask("hello")
    ...         await once.join()
    ...         return once.is_alive
    >>> asyncio.run(main())
    False
    """

    NEVER = "never"
    ONE_TIME = "one time"


@dataclass(frozen=True, slots=True)
class AfterMessage:
    """Stop after a message that equals `message`, which is handled first.

    It is compared with whatever the actor receives: hence its `Any`.

    >>> AfterMessage("bye")
    AfterMessage(message='bye')
    """

    message: Any


@dataclass(frozen=True, slots=True)
class AfterIdle:
    """Stop when no message has come for so many seconds (Orleans' deactivation of idle grains).

    A message that arrives while the actor is going down for idleness is not lost: a new instance
    handles it, behind the same ref. Raises `TypeError` or `ValueError` for what is not a number of
    seconds above 0.

    >>> AfterIdle(seconds=30)
    AfterIdle(seconds=30)
    """

    seconds: float

    def __post_init__(self) -> None:
        need_seconds("AfterIdle", "seconds", self.seconds)


type StopPolicy = StopMode | AfterMessage | AfterIdle
"""What `Actor.stop_policy` returns."""


def need_policy(where: str, policy: object) -> StopPolicy:
    """`policy`, if it is one. Raises `TypeError`."""
    if isinstance(policy, StopMode | AfterMessage | AfterIdle):
        return policy
    raise TypeError(
        f"{where}: a stop policy must be StopMode.NEVER, StopMode.ONE_TIME, AfterMessage(message) "
        f"or AfterIdle(seconds=…), got {policy!r}"
    )
