"""After every test nothing is left running: no task, no timer, no actor."""

import asyncio
import inspect
from collections.abc import AsyncGenerator, Callable, Generator
from typing import Any

import pytest

from everything_is_an_actor import ActorSystem
from everything_is_an_actor.testing import VirtualClockLoop
from tests.mermaid.parser import Mermaid, running


def left_behind(loop: asyncio.AbstractEventLoop) -> list[object]:
    """The tasks of `loop` but the current one, and its timers that are yet to fire."""
    here = asyncio.current_task(loop)
    tasks = [task for task in asyncio.all_tasks(loop) if task is not here]
    scheduled: list[asyncio.TimerHandle] = getattr(loop, "_scheduled", [])
    return [*tasks, *(timer for timer in scheduled if not timer.cancelled())]


@pytest.fixture(autouse=True)
def no_actor_is_left(monkeypatch: pytest.MonkeyPatch) -> Generator[None]:
    systems: list[ActorSystem] = []
    initialise = ActorSystem.__init__

    def remember(self: ActorSystem, *args: Any, **kwargs: Any) -> None:
        initialise(self, *args, **kwargs)
        systems.append(self)

    monkeypatch.setattr(ActorSystem, "__init__", remember)
    yield
    for system in systems:
        assert not system.children, f"{system.name} still has {system.children}"


@pytest.fixture(autouse=True)
def nothing_is_left(request: pytest.FixtureRequest) -> None:
    test: Callable[..., Any] = getattr(request, "function", nothing_is_left)
    if inspect.iscoroutinefunction(test):
        request.getfixturevalue("nothing_runs_on")


@pytest.fixture
async def nothing_runs_on() -> AsyncGenerator[None, None]:
    yield
    assert not left_behind(asyncio.get_running_loop())


@pytest.fixture(autouse=True)
def nothing_runs_on_virtual_time(monkeypatch: pytest.MonkeyPatch) -> None:
    run_until_complete = VirtualClockLoop.run_until_complete
    checked: set[VirtualClockLoop] = set()

    def checking(self: VirtualClockLoop, future: Any) -> Any:
        result = run_until_complete(self, future)
        if self not in checked:  # the main coroutine: what the runner does after it may wait
            checked.add(self)
            assert not left_behind(self)
        return result

    monkeypatch.setattr(VirtualClockLoop, "run_until_complete", checking)


@pytest.fixture(scope="session")
def mermaid() -> Generator[Mermaid]:
    with running() as parser:
        yield parser
