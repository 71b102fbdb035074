"""`ActorConfig`: what a class says of the actors made of it, under the name `__actor__`."""

from dataclasses import dataclass
from typing import Final

from everything_is_an_actor.algebra.arguments import callable_name, need_count, need_seconds, shown
from everything_is_an_actor.runtime.supervision import MAX_RESTARTS, WITHIN_SECONDS, count_restart

MAILBOX_SIZE: Final = 256


@dataclass(frozen=True, slots=True)
class ActorConfig:
    """The mailbox of an actor, and how often it may be restarted, as its class wants it.

    `mailbox_size` is in messages (0: no bound); what `spawn` is given goes before it. One restart
    more than `max_restarts` within `within_seconds` stops the actor: that is in place of the limit
    of its supervisor's strategy, which decides about everything else. As `__actor__` of a class it
    holds for its subclasses as well. An actor that is used once, as a leaf of a flow or the target
    of `context.ask`, is not restarted, and has no mailbox to speak of.

    Raises `TypeError` or `ValueError` for a negative `mailbox_size` or `max_restarts`, or a window
    that is not above zero.

    >>> import asyncio
    >>> from everything_is_an_actor.agents import ActorConfig, AgentSystem, Task
    >>> class Fetch:
    ...     __actor__ = ActorConfig(mailbox_size=1_000, max_restarts=10)
    ...
    ...     async def execute(self, input: str) -> bytes:
    ...         return input.encode()
    >>> async def main() -> bytes:
    ...     async with AgentSystem() as system:
    ...         fetch = await system.spawn(Fetch, "fetch")
    ...         return (await fetch.ask(Task("page"))).get_or_raise()
    >>> asyncio.run(main())
    b'page'
    """

    mailbox_size: int = MAILBOX_SIZE
    max_restarts: int = MAX_RESTARTS
    within_seconds: float = WITHIN_SECONDS

    def __post_init__(self) -> None:
        need_count("ActorConfig", "mailbox_size", self.mailbox_size, least=0)
        need_count("ActorConfig", "max_restarts", self.max_restarts, least=0)
        need_seconds("ActorConfig", "within_seconds", self.within_seconds)


def need_config(where: str, leaf: object) -> ActorConfig | None:
    """What `leaf` says of its actors, if it does. Raises `TypeError`."""
    config = getattr(leaf, "__actor__", None)
    if config is not None and not isinstance(config, ActorConfig):
        raise TypeError(
            f"{where}: __actor__ of {callable_name(leaf)} must be an ActorConfig, as in "
            f"ActorConfig(mailbox_size=256), got {shown(config)}"
        )
    return config


def may_restart(config: ActorConfig, restarts: list[float], now: float) -> bool:
    """Record a restart, unless it would be one too many. Times in seconds."""
    return count_restart(restarts, now, config.max_restarts, config.within_seconds)
