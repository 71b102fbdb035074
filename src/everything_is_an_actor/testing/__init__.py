"""For tests, of users and ours: an event loop on virtual time."""

from everything_is_an_actor.testing.clock import (
    DeadlockError,
    VirtualClockLoop,
    on_virtual_time,
    run,
)

__all__ = ["DeadlockError", "VirtualClockLoop", "on_virtual_time", "run"]
