"""`moa_tree`: layers one after the other, each of which may direct the next."""

from collections.abc import Sequence
from typing import Any, overload

from everything_is_an_actor.algebra.arguments import need_several
from everything_is_an_actor.algebra.build import pure
from everything_is_an_actor.algebra.flow import AnyFlow, Flow, need_flow
from everything_is_an_actor.moa.directive import Directed, LayerOutput, handed_on, output

BETWEEN: Flow[object, object] = pure(handed_on)
BEHIND: Flow[object, object] = pure(output)


# Of a tuple mypy knows each layer by itself. What the first of two yields, and so what the second
# takes, is one of three: an output with a directive, perhaps one, or none.
@overload
def moa_tree[I, A, D, O](
    layers: tuple[Flow[I, LayerOutput[A, D]], Flow[Directed[A, D], LayerOutput[O, Any]]],
) -> Flow[I, O]: ...
@overload
def moa_tree[I, A, D, O](
    layers: tuple[Flow[I, LayerOutput[A, D]], Flow[Directed[A, D], O | LayerOutput[O, Any]]],
) -> Flow[I, O]: ...
@overload
def moa_tree[I, A, D, O](
    layers: tuple[
        Flow[I, A | LayerOutput[A, D]],
        Flow[A | Directed[A, D], LayerOutput[O, Any]],
    ],
) -> Flow[I, O]: ...
@overload
def moa_tree[I, A, D, O](
    layers: tuple[
        Flow[I, A | LayerOutput[A, D]],
        Flow[A | Directed[A, D], O | LayerOutput[O, Any]],
    ],
) -> Flow[I, O]: ...
@overload
def moa_tree[I, A, O](layers: tuple[Flow[I, A], Flow[A, LayerOutput[O, Any]]]) -> Flow[I, O]: ...
@overload
def moa_tree[I, A, O](
    layers: tuple[Flow[I, A], Flow[A, O | LayerOutput[O, Any]]],
) -> Flow[I, O]: ...
@overload
def moa_tree[I, O](layers: tuple[Flow[I, LayerOutput[O, Any]]]) -> Flow[I, O]: ...
@overload
def moa_tree[I, O](layers: tuple[Flow[I, O | LayerOutput[O, Any]]]) -> Flow[I, O]: ...
@overload
def moa_tree[I, O](
    layers: tuple[
        Flow[I, Any],
        Flow[Any, Any],
        *tuple[Flow[Any, Any], ...],
        Flow[Any, LayerOutput[O, Any]],
    ],
) -> Flow[I, O]: ...
@overload
def moa_tree[I, O](
    layers: tuple[
        Flow[I, Any],
        Flow[Any, Any],
        *tuple[Flow[Any, Any], ...],
        Flow[Any, O | LayerOutput[O, Any]],
    ],
) -> Flow[I, O]: ...
@overload
def moa_tree[A, D](
    layers: Sequence[Flow[A | Directed[A, D], A | LayerOutput[A, D]]],
) -> Flow[A, A]: ...
@overload
def moa_tree[A](layers: Sequence[Flow[A, A]]) -> Flow[A, A]: ...
@overload
def moa_tree(layers: list[AnyFlow]) -> AnyFlow: ...
def moa_tree(layers: Sequence[AnyFlow]) -> AnyFlow:
    """Layers one after the other: what the aggregator of one yields, the next one takes.

    `moa_tree([f, g])` is `f >> pure(handed_on) >> g >> pure(output)`. If `f` yields
    `LayerOutput(result, directive)`, `g` takes `{"input": result, "directive": directive}`; any
    other value it takes as it is, without the directive of an earlier layer. Of the last layer's
    `LayerOutput` the tree yields the `result`.

    A layer is any flow. Raises `TypeError` for a layer that is none, by its index, and
    `ValueError` if there is no layer.

    The types of two layers in a *tuple* are checked against each other; of more, those of the
    first input and of the last output are kept. The elements of a *list* have one type in common:
    layers that take what they yield keep it, of others nothing is known, hence the `Any`.

    The layers of Wang et al., "Mixture-of-Agents Enhances Large Language Model Capabilities"
    (2024); directives are not from there.

    >>> from everything_is_an_actor.flow import pure
    >>> moa_tree((pure(str.split), pure(len)))
    pure(str.split).flat_map(pure(handed_on)).flat_map(pure(len)).flat_map(pure(output))
    """
    lone = isinstance(layers, Flow)
    need_several("moa_tree", "layers", layers, of="flows", one="layer", lone=lone)
    for i, layer in enumerate(layers):
        need_flow("moa_tree", f"layers[{i}]", layer)
    first, *others = layers
    tree = first
    for layer in others:
        tree = tree.flat_map(BETWEEN).flat_map(layer)
    return tree.flat_map(BEHIND)
