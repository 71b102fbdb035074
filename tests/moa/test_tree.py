"""`moa_tree`: layers one after the other, each of which may direct the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from everything_is_an_actor import moa
from everything_is_an_actor.flow import QuorumError, QuorumResult, identity, pure
from everything_is_an_actor.moa import LayerOutput, moa_layer, moa_tree
from everything_is_an_actor.moa.directive import handed_on, output
from tests.flow.worlds import AnyFlow, World, leaf, says

make: Any = moa  # so that mypy lets the wrong programs below pass


def layer(name: str, yields: Callable[[Any], Any]) -> AnyFlow:
    """One proposer, which passes its input on, and an aggregator that does as it is told."""
    proposer = leaf(f"{name}.proposer", lambda input: input)
    return moa_layer([proposer], leaf(name, lambda quorum: yields(quorum.succeeded[0])))


def always(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


# ----------------------------------------------------------------------------------- directives


def test_the_next_proposers_take_the_result_with_the_directive(world: World) -> None:
    first = layer("first", always(LayerOutput("draft", "shorten")))
    second = moa_layer([leaf("a", str), leaf("b", len)], identity())
    outcome = world.run(moa_tree([first, second]), "question")
    told = {"input": "draft", "directive": "shorten"}
    assert outcome.value == QuorumResult((str(told), 2), ())
    assert f"a({told!r}) completed" in outcome.calls


def test_a_plain_value_passes_as_it_is(world: World) -> None:
    tree = moa_tree([layer("first", always("draft")), layer("second", lambda x: [x])])
    assert world.run(tree, "question").value == ["draft"]


def test_a_plain_value_clears_the_directive(world: World) -> None:
    tree = moa_tree(
        [
            layer("first", always(LayerOutput("draft", "shorten"))),
            layer("second", lambda told: told["input"] + ", shorter"),
            layer("third", lambda x: x),
        ]
    )
    outcome = world.run(tree, "question")
    assert outcome.value == "draft, shorter"
    assert "third.proposer('draft, shorter') completed" in outcome.calls


def test_each_directive_replaces_the_one_before(world: World) -> None:
    tree = moa_tree(
        [
            layer("first", always(LayerOutput(1, "double"))),
            layer("second", lambda told: LayerOutput(told["input"] * 2, "negate")),
            layer("third", lambda told: (told["directive"], -told["input"])),
        ]
    )
    assert world.run(tree, 0).value == ("negate", -2)


def test_a_directive_may_be_nothing_and_is_a_directive_still(world: World) -> None:
    tree = moa_tree([layer("first", always(LayerOutput(None, None))), layer("second", lambda x: x)])
    assert world.run(tree, 0).value == {"input": None, "directive": None}


def test_a_tree_yields_the_result_of_its_last_layer(world: World) -> None:
    last = layer("last", always(LayerOutput("answer", "unheard")))
    assert world.run(moa_tree([layer("first", always("draft")), last]), 0).value == "answer"


def test_a_lone_layer_yields_what_its_aggregator_yields(world: World) -> None:
    told = LayerOutput("answer", "for whom it may concern")
    assert world.run(layer("last", always(told)), 0).value == told


def test_one_layer_is_a_tree(world: World) -> None:
    assert world.run(moa_tree([layer("last", always(LayerOutput(1, 2)))]), 0).value == 1


def test_any_flow_is_a_layer(world: World) -> None:
    direct: AnyFlow = pure(lambda x: LayerOutput(x, "double"))
    tree = moa_tree([direct, pure(lambda told: told["input"] * 2)])
    assert world.run(tree, 4).value == 8


def test_a_tree_within_a_tree_keeps_its_last_directive_to_itself(world: World) -> None:
    inner = moa_tree([layer("inner", always(LayerOutput("draft", "shorten")))])
    assert world.run(moa_tree([inner, layer("outer", lambda x: x)]), 0).value == "draft"


def test_a_layer_that_lacks_its_quorum_ends_the_tree(world: World) -> None:
    failing = moa_layer([says("a", OSError())], says("judge", 0))
    outcome = world.run(moa_tree([failing, layer("second", lambda x: x)]), 0)
    assert isinstance(outcome.error, QuorumError)
    assert not any("second" in call for call in outcome.calls)


# ------------------------------------------------------------------------------ wrong arguments


async def judge(answers: QuorumResult[str]) -> str:
    return answers.succeeded[0]


WRONG: dict[str, tuple[Callable[[], object], type[Exception], str]] = {
    "no layer": (
        lambda: make.moa_tree([]),
        ValueError,
        "moa_tree: at least 1 layer is needed, got none",
    ),
    "one layer without a list": (
        lambda: make.moa_tree(pure(len)),
        TypeError,
        "moa_tree: layers must be a sequence of flows, got pure(len) (Flow): "
        "a single layer goes into a list as well",
    ),
    "a text": (
        lambda: make.moa_tree("layers"),
        TypeError,
        "moa_tree: layers must be a sequence of flows, got 'layers' (str)",
    ),
    "a generator": (
        lambda: make.moa_tree(iter([pure(len)])),
        TypeError,
        "moa_tree: layers must be a sequence of flows, got <list_iterator",
    ),
    "no flow": (
        lambda: make.moa_tree([pure(len), 3]),
        TypeError,
        "moa_tree: layers[1] must be a Flow, got 3 (int)",
    ),
    "an agent": (
        lambda: make.moa_tree([pure(len), judge]),
        TypeError,
        "layers[1] must be a Flow, got <function judge",
    ),
}


@pytest.mark.parametrize(("build", "error", "text"), WRONG.values(), ids=WRONG)
def test_a_wrong_argument_is_refused_when_the_tree_is_built(
    build: Callable[[], object], error: type[Exception], text: str
) -> None:
    with pytest.raises(error) as raised:
        build()
    assert text in str(raised.value)


# ------------------------------------------------------------------------------------- equation


def test_it_is_its_layers_with_the_directives_handed_on_between_them() -> None:
    f, g, h = pure(int), pure(str), pure(len)
    tree = moa_tree([f, g, h])
    between: AnyFlow = pure(handed_on)
    assert tree == f >> between >> g >> between >> h >> pure(output)
