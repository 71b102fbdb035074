"""Directives: what the aggregator of one layer tells the proposers of the next.

Between two layers of a tree stands `handed_on`, behind the last one `output`. They are functions of
this module, so that a tree has a name for everything in it: it prints, compares and pickles like
any other flow, and can be written to a document.
"""

from dataclasses import dataclass
from typing import overload

from typing_extensions import ReadOnly, TypedDict

from everything_is_an_actor.algebra.subscripted import subscriptable


@subscriptable
@dataclass(frozen=True, slots=True)
class LayerOutput[A, D]:
    """What an aggregator yields to direct the next layer: its result, and what to do with it.

    >>> LayerOutput("Paris", "check the date")
    LayerOutput(result='Paris', directive='check the date')
    """

    result: A
    directive: D


class Directed[A, D](TypedDict):
    """The input of proposers that are directed: `{"input": result, "directive": directive}`.

    >>> question: Directed[str, str] = {"input": "Paris", "directive": "check the date"}
    >>> question["directive"]
    'check the date'
    """

    input: ReadOnly[A]
    directive: ReadOnly[D]


@overload
def handed_on[A, D](value: LayerOutput[A, D]) -> Directed[A, D]: ...
@overload
def handed_on[A](value: A) -> A: ...
def handed_on(value: object) -> object:
    """The input of the layer after one that yielded `value`.

    >>> handed_on(LayerOutput("Paris", "check the date"))
    {'input': 'Paris', 'directive': 'check the date'}
    >>> handed_on("Paris")
    'Paris'
    """
    if isinstance(value, LayerOutput):
        return {"input": value.result, "directive": value.directive}
    return value


def output[A, D](value: A | LayerOutput[A, D]) -> A:
    """The output of a tree whose last layer yielded `value`.

    >>> output(LayerOutput("Paris", "check the date"))
    'Paris'
    >>> output("Paris")
    'Paris'
    """
    return value.result if isinstance(value, LayerOutput) else value
