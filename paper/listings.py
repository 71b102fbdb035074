"""The programs that the paper shows: what stands between two marks, as it stands here."""

from collections.abc import Generator
from typing import Any, override

from everything_is_an_actor import Actor
from everything_is_an_actor.flow import agent, on, pure, race
from everything_is_an_actor.free import ActorOp, Free, par, program, spawn
from examples.ask_docs.agents import CheckCitations, KeepLog, LookUp, SayNothingFound
from examples.ask_docs.answer import hedge
from examples.ask_docs.evidence import Confident, Unsure, is_relevant, is_sure
from examples.ask_docs.flow import quote, understood
from examples.ask_docs.search import Search

# fmt: off
# [pipeline]
find = race(agent(LookUp).filter(is_sure),
            agent(Search)).named("find")

answer = (pure(understood)
    .flat_map(find)
    .filter(is_relevant)
    .branch(on(Confident, quote)
            .on(Unsure, quote.map(hedge)))
    .guard(agent(CheckCitations))
    .fallback_to(agent(SayNothingFound))
    .notify(agent(KeepLog)))
# [end]
# fmt: on


class Length(Actor[str, int]):
    """How long a text is."""

    @override
    async def on_receive(self, message: str) -> int:
        return len(message)


# fmt: off
# [program]
@program
def longer(
    left: str, right: str
) -> Generator[Free[ActorOp, Any], Any, str]:
    ref = yield from spawn(Length, "length")
    one, other = yield from par(
        ref.free_ask(left), ref.free_ask(right))
    yield from ref.free_stop()
    return left if one > other else right
# [end]
# fmt: on
