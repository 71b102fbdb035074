"""Programs with the pointfree functions of `returns`: their types need its plugin."""

from __future__ import annotations

from typing import Never, assert_type

from returns.pointfree import apply, bind, map_

from everything_is_an_actor import ActorRef, ActorSystem
from everything_is_an_actor.algebra.free import FreeKind
from everything_is_an_actor.free import ActorOp, Free, Pure


def half(n: int) -> float:
    return n / 2


def pointfree(length: ActorRef[str, int], digits: ActorRef[int, list[str]]) -> None:
    asked = length.free_ask("a")
    assert_type(map_(half)(asked), FreeKind[float, ActorOp])
    assert_type(bind(digits.free_ask)(asked), FreeKind[list[str], ActorOp])
    assert_type(apply(asked.map(lambda n: half))(asked), FreeKind[float, ActorOp])
    assert_type(map_(half)(Pure(1)).map(str), Free[Never, str])
    assert_type(map_(half)(asked).flat_map(Pure), Free[ActorOp, float])
    assert_type(asked.bind(digits.free_ask), Free[ActorOp, list[str]])
    assert_type(asked.apply(asked.map(lambda n: half)), Free[ActorOp, float])


async def run(system: ActorSystem, length: ActorRef[str, int]) -> None:
    assert_type(await system.run_free(map_(half)(length.free_ask("a"))), float)


def wrong(length: ActorRef[str, int], digits: ActorRef[int, list[str]]) -> None:
    map_(half)(digits.free_ask(1))  # type: ignore[arg-type]  # it yields a list
    bind(digits.free_ask)(digits.free_ask(1))  # type: ignore[arg-type]  # it yields a list
    apply(length.free_ask("a"))  # type: ignore[arg-type]  # it yields no function
