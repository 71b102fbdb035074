"""An event says by which name its agent is known, whichever use of it this is."""

from collections import Counter

from everything_is_an_actor.agents import AgentActor, AgentSystem, Task, TaskEvent
from everything_is_an_actor.flow import agent, zip_all
from everything_is_an_actor.testing import on_virtual_time


async def gpt(text: str) -> str:
    return text


class Boss(AgentActor[str, str]):
    async def execute(self, input: str) -> str:
        for name in (None, "worker"):
            await self.context.ask(gpt, Task(input), name=name)
        return input


def names(events: list[TaskEvent]) -> Counter[str]:
    return Counter(event.agent for event in events if event.type == "task_started")


@on_virtual_time
async def test_it_is_the_name_without_path_and_number() -> None:
    async with AgentSystem("app") as system:
        events = [event async for event in system.run(Boss, "hi")]
    assert names(events) == Counter(["Boss", "gpt", "worker"])


@on_virtual_time
async def test_a_name_of_its_own_keeps_its_own_number() -> None:
    flow = zip_all(agent(gpt, name="gpt-4"), agent(gpt, name="notes/drafts"))
    async with AgentSystem("app") as system:
        events = [event async for event in system.run_flow_stream(flow, "hi")]
    assert set(names(events)) == {"gpt-4", "notes/drafts"}
    assert events[0].agent == "app"  # the flow's own events say where it runs
