"""What a generic class is as one of its bases: a `class Ints(list[int])` is a `Sequence[int]`."""

import sys
import typing
from collections.abc import Sequence
from types import SimpleNamespace, get_original_bases
from typing import Any, get_type_hints

from everything_is_an_actor.interpreters.generic_builtins import generic
from everything_is_an_actor.interpreters.hint_terms import (
    Form,
    Literally,
    Term,
    Terms,
    parameters,
)


class Lineage:
    """Looks at classes as their bases, each once."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._bases: dict[int, tuple[object, tuple[Term, ...]]] = {}
        self._views: dict[tuple[Term, int], Term | None] = {}

    def view(self, term: Term, target: type[Any]) -> Term | None:
        """`term` as a `target[...]`, or `None` if its bases do not lead there.

        A tuple is a `Sequence` of what is in it; a literal is of the class of its value.
        """
        if isinstance(term.form, Literally):
            term = self._terms.bare(term.form.kind)
        if term.form is target:
            return term
        if target is tuple and term.form is Form.TUPLES:
            return term
        key = (term, id(target))
        if key not in self._views:
            self._views[key] = None  # until it is known: a class is not among its own bases
            for base in self.bases(term):
                found = self.view(base, target)
                if found is not None:
                    self._views[key] = found
                    break
        return self._views[key]

    def bindings(self, term: Term, owner: type[Any]) -> dict[Any, Term]:
        """What the parameters of `owner`, a base of the class, are in `term`."""
        view = self.view(term, owner)
        return {} if view is None else dict(zip(parameters(owner), view.args, strict=False))

    def bases(self, term: Term) -> tuple[Term, ...]:
        """The bases of a class, on its arguments."""
        terms = self._terms
        if term.form is Form.TUPLES or term.form is tuple:
            return (terms.make(Sequence, terms.union(term.args)),)
        if not isinstance(term.form, type):
            return ()
        known = self._bases.get(id(term.form))
        if known is None:
            known = self._bases[id(term.form)] = (term.form, self._declared(term.form))
        env = dict(zip(parameters(term.form), term.args, strict=False))
        return tuple(terms.substitute(base, env) for base in known[1])

    def _declared(self, cls: type[Any]) -> tuple[Term, ...]:
        known = generic(cls)
        if known is not None:
            return tuple(map(self._terms.read, known[1]))
        fields: object = getattr(cls, "_fields", None)
        if issubclass(cls, tuple) and isinstance(fields, tuple):
            return (self._named_tuple(cls, fields),)
        bases: list[Term] = []
        for base in get_original_bases(cls):
            try:
                read = self._terms.read(_resolved(base, cls))
            except Exception:  # a string in it that names nothing
                continue
            if isinstance(read.form, type | Form) and read.form is not Form.ANY:
                bases.append(read)
        return tuple(bases)

    def _named_tuple(self, cls: type[Any], fields: tuple[Any, ...]) -> Term:
        try:
            hints = get_type_hints(cls)
        except Exception:  # a string that names nothing
            hints = {}
        return self._terms.product(self._terms.read(hints.get(field, Any)) for field in fields)


def _resolved(base: Any, cls: type[Any]) -> Any:
    """A base with the names in it that are written as text, which are those of its module."""
    around = vars(sys.modules.get(cls.__module__, typing))
    here = {var.__name__: var for var in parameters(cls)}
    try:
        return get_type_hints(SimpleNamespace(__annotations__={"base": base}), around, here)["base"]
    except Exception:  # a string that names nothing
        return base
