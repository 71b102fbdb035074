"""Random trees against a plain model of directives: a value, and perhaps a directive with it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from everything_is_an_actor.flow import QuorumError, QuorumResult, pure
from everything_is_an_actor.moa import LayerOutput, moa_layer, moa_tree
from tests.flow.worlds import WORLDS, AnyFlow, leaf

# Random, but the same in every run.
SETTINGS = settings(derandomize=True, deadline=None, database=None, max_examples=200)


@dataclass(frozen=True)
class Lone:
    """One layer: what its proposers do, how many have to succeed, the directive it ends with.

    A proposer adds its number to the text that it takes, and says the directive if it has heard
    one; `None` stands for one that fails. Without a directive the aggregator yields a plain value.
    """

    proposers: tuple[int | None, ...]
    min_success: int
    directive: str | None


@dataclass(frozen=True)
class Nested:
    """One layer whose first proposer is a tree."""

    tree: tuple[Layer, ...]
    layer: Lone


type Layer = Lone | Nested


class TooFew(Exception):
    """What the model raises for a `QuorumError`."""


def proposed(number: int, text: str, directive: str | None) -> str:
    return f"{text}{number}" if directive is None else f"{text}{number}({directive})"


# --------------------------------------------------------------------------------------- model


def model_of_layer(layer: Layer, text: str, directive: str | None) -> tuple[str, str | None]:
    """The text and the directive after a layer, from those before it."""
    succeeded: list[str] = []
    if isinstance(layer, Nested):
        heard = text if directive is None else f"{text}[{directive}]"
        with suppress(TooFew):
            succeeded.append(model_of_tree(layer.tree, heard))
        layer = layer.layer
    succeeded += [proposed(n, text, directive) for n in layer.proposers if n is not None]
    if len(succeeded) < layer.min_success:
        raise TooFew
    return "+".join(succeeded), layer.directive


def model_of_tree(tree: tuple[Layer, ...], text: str) -> str:
    directive: str | None = None
    for layer in tree:
        text, directive = model_of_layer(layer, text, directive)
    return text


# ---------------------------------------------------------------------------------------- flows


def taken(input: Any) -> tuple[str, str | None]:
    """The text and the directive in the input of a proposer."""
    if isinstance(input, dict):
        assert set(input) == {"input", "directive"}
        return input["input"], input["directive"]
    return input, None


def proposer(number: int | None) -> AnyFlow:
    def script(input: Any) -> object:
        return OSError() if number is None else proposed(number, *taken(input))

    return leaf(f"p{number}", script)


def heard(input: Any) -> str:
    text, directive = taken(input)
    return text if directive is None else f"{text}[{directive}]"


def aggregator(directive: str | None) -> Callable[[QuorumResult[str]], object]:
    def script(quorum: QuorumResult[str]) -> object:
        text = "+".join(quorum.succeeded)
        return text if directive is None else LayerOutput(text, directive)

    return script


def flow_of_layer(layer: Layer) -> AnyFlow:
    nested: list[AnyFlow] = []
    if isinstance(layer, Nested):
        nested = [pure(heard) >> flow_of_tree(layer.tree)]
        layer = layer.layer
    return moa_layer(
        [*nested, *map(proposer, layer.proposers)],
        leaf("judge", aggregator(layer.directive)),
        min_success=layer.min_success,
    )


def flow_of_tree(tree: tuple[Layer, ...]) -> AnyFlow:
    return moa_tree([flow_of_layer(layer) for layer in tree])


# ------------------------------------------------------------------------------------- property


@st.composite
def lone_layers(draw: st.DrawFn) -> Lone:
    proposers = draw(st.lists(st.sampled_from([1, 2, 3, 4, None]), min_size=1, max_size=3))
    needed = draw(st.integers(1, max(1, sum(p is not None for p in proposers))))
    return Lone(tuple(proposers), needed, draw(st.sampled_from([None, "x", "y"])))


def trees(layers: st.SearchStrategy[Layer]) -> st.SearchStrategy[tuple[Layer, ...]]:
    return st.lists(layers, min_size=1, max_size=4).map(tuple)


LAYERS: st.SearchStrategy[Layer] = st.recursive(
    lone_layers(), lambda inner: st.builds(Nested, trees(inner), lone_layers()), max_leaves=8
)


@given(trees(LAYERS))
@SETTINGS
def test_a_tree_means_what_the_model_says(tree: tuple[Layer, ...]) -> None:
    flow = flow_of_tree(tree)
    outcomes = [world.run(flow, "?") for world in WORLDS]
    try:
        expected = model_of_tree(tree, "?")
    except TooFew:
        event("too few")
        assert all(isinstance(each.error, QuorumError) for each in outcomes)
    else:
        event("directed" if "(" in expected else "plain")
        assert [each.value for each in outcomes] == [expected] * len(WORLDS)
    first, *others = (outcome.calls for outcome in outcomes)
    assert all(calls == first for calls in others)
