"""Whether a value of one hint may go where another is expected, as mypy would say.

Of two classes the answer is that of `beartype.door.is_subhint`, which knows abstract classes and
what is registered with them. What surrounds classes is decided here, as the typing specification
and mypy have it, since there the library differs or does not answer: `int` goes for `float`; what
is mutable is invariant (`list[bool]` is no `list[int]`, as of a user's class whose variance cannot
be seen); a union is compared member by member; a `TypedDict` and a `Protocol` by structure; a
`NewType` as its supertype.

There are three answers: `True`, `False`, and `None` where `Any` or something that cannot be
compared leaves it open.
"""

import typing
from collections.abc import Coroutine, Hashable, Iterable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from typing import Any, NewType, TypeVar

from typing_extensions import is_typeddict

from everything_is_an_actor.interpreters.hint_terms import (
    Form,
    Literally,
    Term,
    Terms,
    parameters,
)
from everything_is_an_actor.interpreters.lineage import Lineage
from everything_is_an_actor.interpreters.signatures import Absent, Field, Method, Signatures

type Verdict = bool | None


def every(verdicts: Iterable[Verdict]) -> Verdict:
    """`False` if any is, else `None` if any is, else `True`."""
    open_ones = False
    for verdict in verdicts:
        if verdict is False:
            return False
        open_ones = open_ones or verdict is None
    return None if open_ones else True


def some(verdicts: Iterable[Verdict]) -> Verdict:
    """`True` if any is, else `None` if any is, else `False`."""
    open_ones = False
    for verdict in verdicts:
        if verdict:
            return True
        open_ones = open_ones or verdict is None
    return None if open_ones else False


def is_subclass(cls: type[Any], other: type[Any]) -> Verdict:
    """Whether one class is a subclass of another, as the library has it."""
    # Imported here: it takes longer to import than all of the package.
    from beartype.door import is_subhint

    if cls is other or other is object:
        return True
    try:
        found = issubclass(cls, other)
        return found if found or (type(cls) is type(other) is type) else is_subhint(cls, other)
    except Exception:  # a class that it cannot handle
        return None


def holds(value: object, hint: object) -> Verdict:
    """Whether a value at hand is of this hint, as the library has it."""
    # Imported here: it takes longer to import than all of the package.
    from beartype.door import is_bearable

    try:
        return is_bearable(value, hint)  # type: ignore[arg-type]  # any hint, also no class
    except Exception:  # a hint that it cannot handle
        return None


class Subtyping:
    """Answers whether terms are subtypes of one another, each question once."""

    def __init__(self, terms: Terms, lineage: Lineage, signatures: Signatures) -> None:
        self._terms = terms
        self._lineage = lineage
        self._signatures = signatures
        self._verdicts: dict[tuple[Term, Term], Verdict] = {}

    def subtype(self, a: Term, b: Term) -> Verdict:
        """Whether `a` goes where `b` is expected."""
        if b.form is object or (a is b and not a.says_nothing):
            return True
        key = (a, b)
        if key not in self._verdicts:
            self._verdicts[key] = True  # while it is being answered: types may be recursive
            self._verdicts[key] = None if a.is_large or b.is_large else self._decide(a, b)
        return self._verdicts[key]

    def bound(self, pattern: Term, actual: Term, env: dict[Any, Term]) -> None:
        """Add to `env` what the type variables of `pattern` are if `actual` flows into it."""
        if not pattern.is_open or actual.is_large:
            return
        terms = self._terms
        if isinstance(pattern.form, TypeVar):
            env[pattern.form] = (
                terms.union([env[pattern.form], actual]) if (pattern.form in env) else actual
            )
            return
        for member in actual.members:
            if pattern.form is Form.UNION:
                self._bound_by_union(pattern.args, member, env)
            else:
                self._bound_if_alike(pattern, member, env)

    def _bound_by_union(self, parts: tuple[Term, ...], member: Term, env: dict[Any, Term]) -> None:
        """By the part that `member` is like; a variable by itself is for what no other part is."""
        if any(self.subtype(member, part) for part in parts if not part.is_open):
            return
        shaped = [part for part in parts if part.is_open and not isinstance(part.form, TypeVar)]
        alike = [self._bound_if_alike(part, member, env) for part in shaped]
        if not any(alike):
            for part in parts:
                if isinstance(part.form, TypeVar):
                    self.bound(part, member, env)

    def _bound_if_alike(self, pattern: Term, member: Term, env: dict[Any, Term]) -> bool:
        form = pattern.form
        if form is Form.TUPLES and member.form is tuple:
            self.bound(pattern.args[0], self._terms.union(member.args), env)
            return True
        if member.says_nothing:
            for part in pattern.args:
                self.bound(part, member, env)
            return True
        view: Term | None = None
        if member.form is form or isinstance(form, type):
            view = member if member.form is form else self._lineage.view(member, _class_of(form))
        if view is None or len(view.args) != len(pattern.args):
            return False
        for part, given in zip(pattern.args, view.args, strict=True):
            self.bound(part, given, env)
        return True

    def inhabited(self, output: Term, env: Mapping[Any, Term]) -> Term:
        """`output` without the members of a union that take a value which nothing has provided.

        Of `A | Box[B]`, if nothing has bound `B`, the first is left, where `Box` has a field `B`:
        a generic function cannot make a `B`. (Of `A | list[B]` all is left: a list may be empty.)
        """
        kept = [part for part in output.members if not self._lacks(part, env)]
        return self._terms.union(kept) if kept else output

    def _lacks(self, term: Term, env: Mapping[Any, Term]) -> bool:
        cls = term.form
        unbound = [isinstance(arg.form, TypeVar) and arg.form not in env for arg in term.args]
        if not any(unbound) or not (is_typeddict(cls) or is_dataclass(cls)):
            return False
        fields = (self._fields(cls) or {}).values()
        slots = zip(parameters(_class_of(cls)), unbound, strict=False)
        return any(lacking and self._terms.read(var) in fields for var, lacking in slots)

    def solved(self, pattern: Term, actual: Term) -> dict[Any, Term]:
        """The type variables of `pattern`, by what flows in, within their bounds."""
        env: dict[Any, Term] = {}
        self.bound(pattern, actual, env)
        for var, term in list(env.items()):
            bound, choices = self._terms.limits(var)
            if choices:
                fitting = [each for each in choices if self.subtype(term, each)]
                env[var] = fitting[0] if fitting else choices[0]
            elif bound is not None and self.subtype(term, bound) is False:
                env[var] = bound
        return env

    # ------------------------------------------------------------------ by form

    def _decide(self, a: Term, b: Term) -> Verdict:
        if a.form is Form.NEVER:
            return True
        if a.form is Form.UNION:
            return every(self.subtype(member, b) for member in a.args)
        if a.says_nothing or b.says_nothing:
            return None
        if b.form is Form.UNION:
            if a in b.args:
                return True
            split = self._split(a, b)
            if split is not None:
                return every(self.subtype(part, b) for part in split)
            return some(self.subtype(a, member) for member in b.args)
        if isinstance(a.form, TypeVar) or isinstance(b.form, TypeVar):
            return None
        if isinstance(a.form, NewType):
            return self.subtype(self._terms.read(a.form.__supertype__), b)
        if isinstance(a.form, Literally):
            return not isinstance(b.form, Literally) and self.subtype(
                self._terms.bare(a.form.kind), b
            )
        if isinstance(b.form, Literally | NewType) or b.form is Form.NEVER:
            return False
        if isinstance(b.form, Form) and b.form is not Form.TUPLES:
            return self._callable(a, b)
        if isinstance(a.form, Form) and a.form is not Form.TUPLES:
            return b.form is Hashable or (None if getattr(b.form, "_is_protocol", False) else False)
        return self._class(a, b)

    def _split(self, a: Term, b: Term) -> list[Term] | None:
        """The values of a `bool` or an enumeration, if `b` lists values."""
        cls = a.form
        if not isinstance(cls, type) or not any(isinstance(m.form, Literally) for m in b.args):
            return None
        values: list[Any] = []
        if cls is bool:
            values = [False, True]
        elif issubclass(cls, Enum):
            values = list(cls)
        return [self._terms.make(Literally(cls, value)) for value in values] or None

    def _callable(self, a: Term, b: Term) -> Verdict:
        if isinstance(a.form, type) and not any("__call__" in vars(c) for c in a.form.__mro__):
            return False
        if a.form is Form.CALLABLES or b.form is Form.CALLABLES:
            if isinstance(a.form, Form) and a.form is not Form.TUPLES:
                return self.subtype(a.args[-1], b.args[-1])
            return None
        if a.form is not Form.CALLABLE:
            return None if isinstance(a.form, type) else False
        if len(a.args) != len(b.args):
            return False
        taken = zip(b.args[:-1], a.args[:-1], strict=True)
        return every(
            [*(self.subtype(x, y) for x, y in taken), self.subtype(a.args[-1], b.args[-1])]
        )

    # ------------------------------------------------------------------ of classes

    def _class(self, a: Term, b: Term) -> Verdict:
        if b.form is tuple or b.form is Form.TUPLES:
            return self._tuple(self._lineage.view(a, tuple), b)
        cls, other = _class_of(a.form), _class_of(b.form)
        if is_typeddict(cls) or is_typeddict(other):
            return self._typed_dict(a, b)
        if cls is type and other is not type and issubclass(other, type):
            return self._of_metaclass(a.args[0], other)
        if (other is float and issubclass(cls, int)) or (
            other is complex and issubclass(cls, int | float)
        ):
            return True
        view = self._lineage.view(a, other)
        if view is not None:
            return self._arguments(view, b)
        if getattr(other, "_is_protocol", False) and other.__module__ not in _ABSTRACT:
            return self._protocol(a, b)
        verdict = is_subclass(cls, other)
        if verdict is False and other in _FILES and hasattr(cls, "close"):
            return None  # the stubs of many classes are files, and the classes are not
        return None if verdict and b.args else verdict

    def _of_metaclass(self, instance: Term, other: type[Any]) -> Verdict:
        return True if isinstance(instance.form, other) else None

    def _tuple(self, a: Term | None, b: Term) -> Verdict:
        if a is None:
            return False
        if b.form is Form.TUPLES:
            return every(self.subtype(part, b.args[0]) for part in a.args)
        if a.form is Form.TUPLES or len(a.args) != len(b.args):
            return False
        return every(map(self.subtype, a.args, b.args))

    def _arguments(self, a: Term, b: Term) -> Verdict:
        if not len(parameters(_class_of(b.form))) == len(a.args) == len(b.args):
            return True if a.args == b.args else None  # of what its parameters are is not known
        return every(
            self._argument(_class_of(b.form), var, x, y)
            for var, x, y in zip(parameters(_class_of(b.form)), a.args, b.args, strict=True)
        )

    def _argument(self, cls: type[Any], var: TypeVar, x: Term, y: Term) -> Verdict:
        narrower, wider = self.subtype(x, y), self.subtype(y, x)
        if var.__covariant__ or (_infers(var) and _is_frozen(cls)):
            return narrower
        if var.__contravariant__:
            return wider
        same = every([narrower, wider])
        if same is False and _infers(var) and (narrower or wider):
            return None  # the variance is inferred from what the class does
        return same

    def _typed_dict(self, a: Term, b: Term) -> Verdict:
        cls, other = _class_of(a.form), _class_of(b.form)
        if not is_typeddict(cls):
            return False
        if not is_typeddict(other):
            if other is dict or other is Hashable:
                return False if other is dict else None
            return self.subtype(self._terms.read(typing.Mapping[str, object]), b)
        mine, theirs = self._fields(cls, a), self._fields(other, b)
        if mine is None or theirs is None:
            return None
        if any(
            (key in other.__required_keys__) != (key in cls.__required_keys__) for key in theirs
        ):
            return False
        pairs = [(mine.get(key, self._terms.never), hint) for key, hint in theirs.items()]
        if any(key not in mine for key in theirs):
            return False
        return every(every([self.subtype(x, y), self.subtype(y, x)]) for x, y in pairs)

    def _fields(self, cls: Any, on: Term | None = None) -> dict[str, Term] | None:
        """The fields of a class, on the arguments of a term if one is given."""
        env = {} if on is None else dict(zip(parameters(cls), on.args, strict=False))
        try:
            hints = typing.get_type_hints(cls)
            read = {key: self._terms.read(hint) for key, hint in hints.items()}
        except Exception:  # whatever an annotation may raise
            return None
        return {key: self._terms.substitute(term, env) for key, term in read.items()}

    def _protocol(self, a: Term, b: Term) -> Verdict:
        return every(self._member(a, b, name) for name in protocol_members(_class_of(b.form)))

    def _member(self, a: Term, b: Term, name: str) -> Verdict:
        mine = self._signatures.member(a, name, a)
        match mine, self._signatures.member(b, name, a):
            case (Absent(), Method() | Field()):
                return False
            case (Field(), Field(hint, is_settable)):
                fits = self.subtype(mine.hint, hint)
                if not is_settable:
                    return fits
                return every([fits, self.subtype(hint, mine.hint), mine.is_settable or None])
            case (Field(), Method(taken, output, needed, None, is_coroutine, has_keywords)):
                if needed < len(taken) or is_coroutine or has_keywords:
                    return None
                return self.subtype(mine.hint, self._terms.make(Form.CALLABLE, *taken, output))
            case (Method(), Method() as theirs):
                return self._method(mine, theirs)
            case _:
                return None

    def _method(self, mine: Method, theirs: Method) -> Verdict:
        if mine.needed > len(theirs.taken):
            return False
        if mine.needed > theirs.needed or theirs.rest is not None or theirs.has_keywords:
            return None  # a call may leave out what is needed, or have more than is taken
        lacking = len(theirs.taken) - len(mine.taken)
        if lacking > 0 and mine.rest is None:
            return False
        into = [*mine.taken, *(mine.rest for _ in range(lacking) if mine.rest is not None)]
        taken = map(self.subtype, theirs.taken, into[: len(theirs.taken)])
        return every([*taken, self._results(mine, theirs)])

    def _results(self, mine: Method, theirs: Method) -> Verdict:
        """Of an `async def`, the result is a coroutine that gives it."""
        made, wanted = mine.output, theirs.output
        terms = self._terms
        if mine.is_coroutine:
            made = terms.make(Coroutine, terms.never, terms.object, made)
        if theirs.is_coroutine:
            wanted = terms.make(Coroutine, terms.object, terms.never, wanted)
        return self.subtype(made, wanted)


_FILES = (typing.IO, typing.TextIO, typing.BinaryIO)
_ABSTRACT = ("typing", "collections.abc", "contextlib", "os")


def protocol_members(protocol: type[Any]) -> list[str]:
    """The names that a protocol asks for."""
    names: Any = getattr(protocol, "__protocol_attrs__", None) or ()
    return sorted(names)


def _class_of(form: object) -> type[Any]:
    return form if isinstance(form, type) else tuple


def _infers(var: TypeVar) -> bool:
    return bool(getattr(var, "__infer_variance__", False))


def _is_frozen(cls: type[Any]) -> bool:
    made: Any = getattr(cls, "__dataclass_params__", None)
    return bool(getattr(made, "frozen", False))
