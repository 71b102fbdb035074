"""A document says all of a flow: reading it gives the flow, writing that gives the document.

Both sides are compared as they are, without a run: flows by their expressions and by what they are
made of, documents with the order of their keys.

Source: `derived`, from what it is to write and to read; `CodecLaws` of circe has the first.
"""

from collections.abc import Callable, Mapping
from typing import Any

from everything_is_an_actor.algebra.flow import Flow
from everything_is_an_actor.algebra.laws.law import RESULT, IsEq, RuleSet, holds

type Names = Mapping[str, object]
"""Agents, functions and types by name."""

type Naming = Callable[[Flow[Any, Any]], Names]
"""Names for all that a flow is made of."""

type Write = Callable[[Flow[Any, Any], Names], object]
"""A flow as a document, which names what only code can say."""

type Read = Callable[[Any, Names], Flow[Any, Any]]
"""The flow that a document describes."""


@holds(RESULT)
def reads_what_was_written[A, B](
    f: Flow[A, B], write: Write, read: Read, names: Naming
) -> IsEq[Flow[A, B]]:
    """`read (write f) = f`"""
    known = names(f)
    return IsEq(read(write(f, known), known), f)


@holds(RESULT)
def writes_what_was_read[A, B](
    f: Flow[A, B], write: Write, read: Read, names: Naming
) -> IsEq[object]:
    """`write (read (write f)) = write f`"""
    known = names(f)
    document = write(f, known)
    return IsEq(write(read(document, known), known), document)


@holds(RESULT)
def keeps_what_is_shared[A, B](
    f: Flow[A, B], write: Write, read: Read, names: Naming
) -> IsEq[Flow[A, tuple[tuple[B, B], B]]]:
    """`read (write ((f &&& f) &&& f)) = (f &&& f) &&& f`

    A part that occurs several times may be written once.
    """
    thrice = f.zip(f).zip(f)
    known = names(thrice)
    return IsEq(read(write(thrice, known), known), thrice)


DOCUMENTS = RuleSet(
    "documents", (reads_what_was_written, writes_what_was_read, keeps_what_is_shared)
)
"""Writing a flow as a document, and reading it back."""
