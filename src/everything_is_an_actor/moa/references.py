"""`format_references`: proposals as a numbered list, for the prompt of an aggregator."""

from collections.abc import Sequence

from everything_is_an_actor.algebra.arguments import shown
from everything_is_an_actor.algebra.values import QuorumResult


def format_references(results: QuorumResult[object] | Sequence[object]) -> str:
    r"""The successes of a quorum, or any outputs, as numbered references for a prompt.

    `format_references([a, b])` is `f"1. {a}\n2. {b}"`; the further lines of a text are indented
    under its first; of nothing it is the empty text. Raises `TypeError` for anything but a
    `QuorumResult` or a sequence, and for a single text.

    The references of the aggregate-and-synthesize prompt of Wang et al., "Mixture-of-Agents
    Enhances Large Language Model Capabilities" (2024), table 1.

    >>> print(format_references(["Paris.", "It is Paris,\nI think."]))
    1. Paris.
    2. It is Paris,
       I think.
    """
    outputs = results.succeeded if isinstance(results, QuorumResult) else results
    if isinstance(outputs, str | bytes) or not isinstance(outputs, Sequence):
        raise TypeError(
            f"format_references: results must be a QuorumResult or a sequence of outputs, "
            f"got {shown(results)} ({type(results).__name__})"
        )
    return "\n".join(_reference(number, output) for number, output in enumerate(outputs, start=1))


def _reference(number: int, output: object) -> str:
    label = f"{number}. "
    first, *others = str(output).rstrip().splitlines() or [""]
    margin = " " * len(label)
    return "\n".join([label + first, *(f"{margin}{line}".rstrip() for line in others)])
