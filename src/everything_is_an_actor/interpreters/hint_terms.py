"""Type hints as terms that are equal if they are identical.

A checker compares, joins and remembers hints, and the hints of a flow may be as deep as the flow
(`f = f.zip(f)` a hundred times over has a hint of a hundred tuples, which written out is 2 ** 100
names long). The objects of `typing` recurse when they are hashed and compared. So a hint is read
into a term of a table, in which equal terms are one object (hash-consing: Ershov 1958), and every
question about two terms can be answered once.

Reading resolves what is only another way of writing: aliases (PEP 695), `Optional`, `Annotated`,
`typing.List`. What says nothing that can be compared (`ParamSpec`, `LiteralString`, a recursive
alias at its recursion) is read as `Any`.
"""

import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import EllipsisType, NoneType, UnionType
from typing import Any, TypeAliasType, TypeVar, final, get_args, get_origin

from typing_extensions import ReadOnly

from everything_is_an_actor.algebra.arguments import callable_name, cut
from everything_is_an_actor.interpreters.generic_builtins import generic

SELF = TypeVar("SELF")  # `typing.Self`: a parameter that every method of a class has

LARGE = 1_000  # names in a hint: a larger one is neither compared nor written out
DEEP = 100  # hints within one another, likewise
SPELLED = 6  # hints within one another that a reader is shown


class Form(Enum):
    """The forms of terms that are no class."""

    UNKNOWN = "nothing is known: the report says why"
    ANY = "Any"
    NEVER = "Never"
    UNION = "the first | the second | …"
    TUPLES = "tuple[X, ...]"
    CALLABLE = "Callable[[parameters], result]: the result is the last"
    CALLABLES = "Callable[..., result]"


@final
@dataclass(frozen=True, slots=True)
class Literally:
    """The form of `Literal[value]`: `True` and `1` are two."""

    kind: type[Any]
    value: object


@final
class Term:
    """A hint: a form (`Form`, `Literally`, a class, a `TypeVar`, a `NewType`) and its arguments."""

    __slots__ = ("args", "depth", "form", "is_open", "is_vague", "size")

    size: int
    depth: int
    is_open: bool
    is_vague: bool

    def __init__(self, form: object, args: "tuple[Term, ...]") -> None:
        self.form = form
        self.args = args
        self.size, self.depth = 1, 1
        self.is_open, self.is_vague = isinstance(form, TypeVar), form is Form.UNKNOWN
        for arg in args:
            self.size += arg.size
            self.depth = max(self.depth, 1 + arg.depth)
            self.is_open |= arg.is_open
            self.is_vague |= arg.is_vague
        self.size = min(LARGE + 1, self.size)

    @property
    def is_large(self) -> bool:
        """Whether it is too large to be looked into."""
        return self.size > LARGE or self.depth > DEEP

    @property
    def says_nothing(self) -> bool:
        """Whether any value at all may be of it, as far as is known."""
        return self.form is Form.UNKNOWN or self.form is Form.ANY

    @property
    def members(self) -> "tuple[Term, ...]":
        """The members of a union; of anything else, itself."""
        return self.args if self.form is Form.UNION else (self,)


class Terms:
    """A table of terms: what it makes is identical if it is equal."""

    def __init__(self) -> None:
        self._terms: dict[object, Term] = {}
        self._expanding: list[object] = []
        self.unknown = self.make(Form.UNKNOWN)
        self.any = self.make(Form.ANY)
        self._too_many = Term(Form.ANY, ())
        self.never = self.make(Form.NEVER)
        self.object = self.make(object)
        self.bool = self.make(bool)
        self.none = self.make(NoneType)

    def make(self, form: object, *args: Term) -> Term:
        """The term of this form."""
        # A class is known by its identity: a metaclass may hash and compare as it likes.
        key = (form if isinstance(form, Literally) else id(form), args)
        term = self._terms.get(key)
        if term is None:
            term = self._terms[key] = Term(form, args)
        return term

    def union(self, parts: Iterable[Term]) -> Term:
        """`a | b`, flat, without repetition; of none, `Never`. The order makes no difference.

        Of more members than `LARGE` nothing is known, whatever is joined to them.
        """
        distinct = dict.fromkeys(parts)
        if self._too_many in distinct:
            return self._too_many
        if len(distinct) == 1:
            return next(iter(distinct))
        members = dict.fromkeys(
            member for part in distinct for member in part.members if part is not self.never
        )
        if len(members) <= 1:
            return next(iter(members), self.never)
        if len(members) > LARGE:
            return self._too_many
        key = frozenset(members)
        term = self._terms.get(key)
        if term is None:
            term = self._terms[key] = Term(Form.UNION, tuple(members))
        return term

    def product(self, parts: Iterable[Term]) -> Term:
        """`tuple[a, b, c]`."""
        return self.make(tuple, *parts)

    def bare(self, cls: type[Any]) -> Term:
        """A class as a hint; one that takes parameters has `Any` for each."""
        if cls is tuple:
            return self.make(Form.TUPLES, self.any)
        if cls is _CALLABLE:
            return self.make(Form.CALLABLES, self.any)
        return self.make(cls, *(self.any for _ in parameters(cls)))

    def own(self, cls: type[Any]) -> Term:
        """A class on its own parameters: `Box[T]` inside of `Box`."""
        return self.make(cls, *(self.read(parameter) for parameter in parameters(cls)))

    def limits(self, var: TypeVar) -> tuple[Term | None, list[Term]]:
        """The bound of a type variable, if it has one, and its constraints, if it has any."""
        try:
            bound = None if var.__bound__ is None else self.closed(self.read(var.__bound__))
            return bound, [self.read(each) for each in var.__constraints__]
        except Exception:  # both are looked at only now, and may name what does not exist
            return self.any, []

    # ------------------------------------------------------------------ to and from hints

    def read(self, hint: object) -> Term:
        """The term of a hint. Raises whatever the annotation raises when it is looked at."""
        if hint is None:
            return self.none
        if isinstance(hint, TypeVar | typing.NewType):
            return self.make(hint)
        if hint is typing.Never or hint is typing.NoReturn:
            return self.never
        if hint is typing.Self:
            return self.make(SELF)
        if isinstance(hint, TypeAliasType):
            return self._alias(hint)
        origin = get_origin(hint)
        if origin is not None:
            return self._subscripted(hint, origin)
        if hint is not Any and isinstance(hint, type):
            return self.bare(hint)
        return self.any

    def _subscripted(self, hint: object, origin: object) -> Term:
        args = get_args(hint)
        if origin is typing.Union or origin is UnionType:
            return self.union(map(self.read, args))
        if origin is typing.Literal:
            return self.union(self.make(Literally(type(value), value)) for value in args)
        if origin is typing.Annotated:
            return self.read(args[0])
        if origin is tuple:
            return self._tuple(hint, args)
        if origin is Callable or origin is typing.get_origin(Callable[..., Any]):
            return self._callable(args)
        if isinstance(origin, TypeAliasType):
            bound = zip(origin.__type_params__, map(self.read, args), strict=False)
            return self.substitute(self._alias(origin), dict(bound))
        if origin in _BOOLEAN:
            return self.bool
        if origin in _QUALIFIERS:
            return self.read(args[0])
        if isinstance(origin, type) and not parameters(origin):
            # It says that it has arguments, not which: they are compared for being the same.
            return self.make(origin, *map(self._argument, args))
        if isinstance(origin, type):
            given = list(map(self.read, args[: len(parameters(origin))]))
            missing = len(parameters(origin)) - len(given)
            return self.make(origin, *given, *(self.any for _ in range(missing)))
        return self.any

    def _argument(self, hint: object) -> Term:
        """An argument that may be the parameters of a `ParamSpec`."""
        if isinstance(hint, list | tuple):
            return self.make(Form.CALLABLE, *map(self.read, hint), self.never)
        return self.read(hint)

    def _alias(self, alias: TypeAliasType) -> Term:
        if any(alias is other for other in self._expanding):
            return self.any
        self._expanding.append(alias)
        try:
            return self.read(alias.__value__)
        finally:
            self._expanding.pop()

    def _tuple(self, hint: object, args: tuple[Any, ...]) -> Term:
        if len(args) == 2 and isinstance(args[1], EllipsisType):
            return self.make(Form.TUPLES, self.read(args[0]))
        if any(isinstance(arg, typing.TypeVarTuple) or _is_unpacked(arg) for arg in args):
            return self.make(Form.TUPLES, self.any)
        if not args and hint is typing.Tuple:  # noqa: UP006  # what a user may have written
            return self.make(Form.TUPLES, self.any)
        return self.product(map(self.read, args))

    def _callable(self, args: tuple[Any, ...]) -> Term:
        if len(args) != 2:
            return self.make(Form.CALLABLES, self.any)
        result = self.read(args[1])
        if not isinstance(args[0], list):
            return self.make(Form.CALLABLES, result)
        return self.make(Form.CALLABLE, *map(self.read, args[0]), result)

    def substitute(self, term: Term, env: Mapping[Any, Term]) -> Term:
        """`term` with the type variables of `env` replaced."""
        if not term.is_open:
            return term
        if isinstance(term.form, TypeVar):
            return env.get(term.form, term)
        args = [self.substitute(arg, env) for arg in term.args]
        return self.union(args) if term.form is Form.UNION else self.make(term.form, *args)

    def closed(self, term: Term) -> Term:
        """`term` with `Any` for the type variables that nothing has bound."""
        if not term.is_open:
            return term
        if isinstance(term.form, TypeVar):
            return self.any
        args = map(self.closed, term.args)
        return self.union(args) if term.form is Form.UNION else self.make(term.form, *args)

    def hint(self, term: Term) -> Any:
        """The hint that reads as `term`; `Any` for what is unknown, or too large."""
        try:
            return self._hint(term)
        except Exception:  # a class that cannot be hashed, or not be subscripted
            return Any

    def _hint(self, term: Term) -> Any:
        if term.is_large:
            return Any
        args = tuple(map(self._hint, term.args))
        form: Any = term.form
        if isinstance(form, Form):
            return _FORMS[form](args)
        if isinstance(form, Literally):
            return typing.Literal[form.value]
        if form is tuple:
            return tuple.__class_getitem__(args)
        if form is NoneType:
            return None
        return form if all(arg is Any for arg in args) else form[args]


_FORMS: dict[Form, Callable[[tuple[Any, ...]], Any]] = {
    Form.UNKNOWN: lambda _: Any,
    Form.ANY: lambda _: Any,
    Form.NEVER: lambda _: typing.Never,
    Form.UNION: lambda args: typing.Union[args],  # noqa: UP007  # of more than classes
    Form.TUPLES: lambda args: tuple.__class_getitem__((args[0], ...)),
    Form.CALLABLE: lambda args: Callable[list(args[:-1]), args[-1]],
    Form.CALLABLES: lambda args: Callable[..., args[0]],
}


def parameters(cls: type[Any]) -> tuple[TypeVar, ...]:
    """The type parameters of a class; none if it has any that are no `TypeVar`."""
    known = generic(cls)
    if known is not None:
        return known[0]
    try:
        found: object = getattr(cls, "__parameters__", ())
    except Exception:  # whatever its metaclass does
        return ()
    if not isinstance(found, tuple) or not all(isinstance(each, TypeVar) for each in found):
        return ()
    return found


def is_hint(value: object) -> bool:
    """Whether this may stand for the type of a value; `None` may.

    >>> is_hint(list[int]), is_hint(3)
    (True, False)
    """
    kinds = (type, TypeVar, TypeAliasType, typing.NewType)
    if value is None or isinstance(value, kinds) or get_origin(value) is not None:
        return True
    return any(value is each for each in _BY_THEMSELVES)


def spelled(term: Term) -> str:
    """A hint as a reader writes it.

    >>> from typing import List, Optional
    >>> spelled(Terms().read(Optional[List[str]]))
    'list[str] | None'
    """
    return _spelled(term, SPELLED, in_full=False)


def spelled_in_full(term: Term) -> str:
    """A hint with the `Any` that is meant where a generic class stands by itself.

    >>> spelled_in_full(Terms().read(list))
    'list[Any]'
    """
    return _spelled(term, SPELLED, in_full=True)


def _spelled(term: Term, depth: int, *, in_full: bool) -> str:
    if not depth:
        return "…"
    inner = [_spelled(arg, depth - 1, in_full=in_full) for arg in term.args]
    form = term.form
    if isinstance(form, Form):
        return _spelled_form(form, inner)
    if isinstance(form, Literally):
        value = form.value
        shown = f"{form.kind.__name__}.{value.name}" if isinstance(value, Enum) else repr(value)
        return f"Literal[{cut(shown)}]"
    if form is NoneType:
        return "None"
    if form is tuple:
        return f"tuple[{', '.join(inner) or '()'}]"
    written = inner and (in_full or not all(arg.form is Form.ANY for arg in term.args))
    return f"{callable_name(form)}[{', '.join(inner)}]" if written else callable_name(form)


def _spelled_form(form: Form, inner: list[str]) -> str:
    match form:
        case Form.UNKNOWN | Form.ANY:
            return "Any"
        case Form.NEVER:
            return "Never"
        case Form.UNION:
            return _spelled_union(inner)
        case Form.TUPLES:
            return f"tuple[{inner[0]}, ...]"
        case Form.CALLABLE:
            return f"Callable[[{', '.join(inner[:-1])}], {inner[-1]}]"
        case Form.CALLABLES:
            return f"Callable[..., {inner[0]}]"
        case _ as unreachable:
            typing.assert_never(unreachable)


def _spelled_union(inner: list[str]) -> str:
    literals = [part[8:-1] for part in inner if part.startswith("Literal[")]
    merged = [f"Literal[{', '.join(literals)}]"] if literals else []
    none = ["None"] if "None" in inner else []
    others = [part for part in inner if part != "None" and not part.startswith("Literal[")]
    return " | ".join([*merged, *dict.fromkeys(others), *none])


_CALLABLE: object = Callable  # as a class, which mypy does not take it for
_BY_THEMSELVES = (Any, typing.Never, typing.NoReturn, typing.LiteralString, typing.AnyStr)
_BOOLEAN = (typing.TypeGuard, getattr(typing, "TypeIs", typing.TypeGuard))
_QUALIFIERS = (typing.ClassVar, typing.Final, typing.Required, typing.NotRequired, ReadOnly)


def _is_unpacked(hint: object) -> bool:
    return get_origin(hint) is typing.Unpack or bool(getattr(hint, "__unpacked__", False))
