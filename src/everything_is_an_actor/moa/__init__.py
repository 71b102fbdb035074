"""Mixture of Agents: layers of proposers, each with an aggregator, chained to a tree.

>>> from everything_is_an_actor.flow import pure
>>> from everything_is_an_actor.moa import format_references, moa_layer, moa_tree
>>> moa_tree([moa_layer([pure(str.upper)], pure(format_references), timeout=None)]).named("one")
at_least(1, pure(str.upper)).flat_map(pure(format_references)).flat_map(pure(output)).named('one')
"""

from everything_is_an_actor.moa.directive import Directed, LayerOutput, handed_on, output
from everything_is_an_actor.moa.layer import moa_layer
from everything_is_an_actor.moa.references import format_references
from everything_is_an_actor.moa.system import MoASystem
from everything_is_an_actor.moa.tree import moa_tree

__all__ = [
    "Directed",
    "LayerOutput",
    "MoASystem",
    "format_references",
    "handed_on",
    "moa_layer",
    "moa_tree",
    "output",
]
