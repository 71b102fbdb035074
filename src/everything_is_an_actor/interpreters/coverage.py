"""Which values of a hint a `branch` routes to which case, which to none, and which case gets none.

Routing is by `isinstance`, in order, so it is a question of classes: `int` is no `float` here, and
`list[int]` is a `list`. Where a hint is `float` an `int` may come, since one goes for the other. A
`Result` is a `Success` or a `Failure`.
"""

from abc import ABCMeta
from enum import Enum
from typing import Any, NamedTuple, NewType, TypeVar

from returns.result import Failure, Result, Success
from typing_extensions import is_typeddict

from everything_is_an_actor.interpreters.hint_terms import Form, Literally, Term, Terms
from everything_is_an_actor.interpreters.lineage import Lineage
from everything_is_an_actor.interpreters.subtyping import is_subclass


class Coverage(NamedTuple):
    """What each case is given; what no case takes; the numbers of cases that get nothing.

    What is `unclear` may have values that no case takes: its class is not known. `promoted` are the
    classes that go for a hint, and that no case takes.
    """

    given: tuple[Term, ...]
    missing: tuple[Term, ...]
    dead: tuple[int, ...]
    unclear: tuple[Term, ...]
    promoted: tuple[Term, ...]


def coverage(
    terms: Terms, lineage: Lineage, types: tuple[type[Any], ...], source: Term
) -> Coverage:
    """How the cases cover the values of `source`.

    >>> table = Terms()
    >>> found = coverage(table, Lineage(table), (bool, int, str), table.read(int | None))
    >>> found.missing == (table.none,), found.dead
    (True, (2,))
    """
    members = _parts(terms, types, source)
    left = [*members, *_promoted(terms, members)]
    given: list[Term] = []
    dead: list[int] = []
    for number, case in enumerate(types):
        taken = [term for term in left if _takes(case, term)]
        reached = taken or any(_may_reach(case, term) for term in left)
        if not reached:
            dead.append(number)
        bare = terms.bare(case)
        # A case is a flow from its type, as in `on(case, flow)`; a generic one knows more here.
        given.append((bare.args and _narrowed(terms, lineage, case, left)) or bare)
        left = [term for term in left if term not in taken]
    known = [term for term in left if _class(term) is not None]
    return Coverage(
        tuple(given),
        tuple(term for term in known if term in members),
        tuple(dead),
        tuple(term for term in left if _class(term) is None),
        tuple(term for term in known if term not in members),
    )


def _narrowed(terms: Terms, lineage: Lineage, case: type[Any], left: list[Term]) -> Term | None:
    """A generic case on what its parameters are, if all that may reach it says so."""
    parts: list[Term] = []
    for term in left:
        cls = _class(term)
        if _takes(case, term):
            parts.append(term)
        elif cls is None:
            return None
        elif is_subclass(case, cls):
            view = lineage.view(terms.own(case), cls)
            if view is None or len(view.args) != len(term.args) or not term.args:
                return None
            pairs = zip(view.args, term.args, strict=True)
            env = {arg.form: given for arg, given in pairs if isinstance(arg.form, TypeVar)}
            parts.append(terms.closed(terms.substitute(terms.own(case), env)))
    return terms.union(parts) if parts else None


def _parts(terms: Terms, types: tuple[type[Any], ...], source: Term) -> list[Term]:
    """The members of a union; of a `Result` both sides, if there is a case for one of them."""
    if not any(case is Success or case is Failure for case in types):
        return list(source.members)
    parts: list[Term] = []
    for member in source.members:
        if member.form is Result:
            value, error = member.args
            parts += [terms.make(Success, value), terms.make(Failure, error)]
        else:
            parts.append(member)
    return list(dict.fromkeys(parts))


def _promoted(terms: Terms, members: list[Term]) -> list[Term]:
    """What comes by the promotion of numbers: an `int` for a `float`, either for a `complex`."""
    smaller: dict[Term, None] = {}
    for member in members:
        cls = _class(member)
        if cls is complex:
            smaller[terms.make(float)] = None
        if cls is complex or cls is float:
            smaller[terms.make(int)] = None
    return [term for term in smaller if term not in members]


def _takes(case: type[Any], term: Term) -> bool:
    cls = _class(term)
    if case is object:
        return True
    if isinstance(term.form, Literally) and isinstance(term.form.value, Enum):
        return isinstance(term.form.value, case)
    return cls is not None and bool(is_subclass(cls, case))


def _may_reach(case: type[Any], term: Term) -> bool:
    """Whether a value of `term` can be an instance of `case`, if not all are.

    Two unrelated classes are taken to have no common subclass, unless one of them is abstract.
    """
    cls = _class(term)
    if cls is None:
        return True
    if isinstance(term.form, Literally):
        return False
    return bool(is_subclass(case, cls)) or any(
        isinstance(each, ABCMeta) and each.__module__ != "builtins" for each in (case, cls)
    )


def _class(term: Term) -> type[Any] | None:
    """The class of the values of a hint; `None` if that is not known."""
    form = term.form
    if isinstance(form, Literally):
        return form.kind
    if form is Form.TUPLES:
        return tuple
    while isinstance(form, NewType):
        form = form.__supertype__
    if is_typeddict(form):
        return dict
    if isinstance(form, type) and not getattr(form, "_is_protocol", False):
        return form
    return None
