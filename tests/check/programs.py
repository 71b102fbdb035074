"""Right and wrong programs, of which mypy and `check` have to think alike.

Each is an expression over the names of `WORLD`. Where an input is given it is what flows in, which
for mypy is that the expression is a `Flow` from it.
"""

from typing import NamedTuple

WORLD = """
import asyncio
import collections.abc
import io
import re
from collections.abc import (
    AsyncIterator, Awaitable, Callable, Coroutine, Hashable, Iterable, Iterator, Mapping, Sequence,
)
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache, partial, update_wrapper, wraps
from os import PathLike
from pathlib import Path
from types import SimpleNamespace
from typing import (
    IO, Annotated, Any, BinaryIO, Literal, NewType, Protocol, Self, Sized, TextIO, TypedDict,
)

from returns.result import Failure, Result, Success, safe

from everything_is_an_actor.agents import AgentActor
from everything_is_an_actor.flow import (
    Continue, Done, Flow, QuorumResult, agent, at_least, each, first_completed, identity, loop,
    loop_with_state, on, pure, race, traverse, zip_all,
)


class Search(AgentActor[str, list[str]]):
    async def execute(self, input: str) -> list[str]: return [input]

class Base[T](AgentActor[T, list[T]]):
    async def execute(self, input: T) -> list[T]: return [input]

class Derived(Base[int]): ...

class Echo[T]:
    async def execute(self, input: T) -> T: return input

class Write:
    async def execute(self, found: list[str]) -> str: return " ".join(found)

class Stream:
    async def execute(self, text: str) -> AsyncIterator[bytes]:
        yield text.encode()

async def fetch(key: str) -> int: return len(key)
async def load(key: int) -> bytes: return bytes(key)
async def chunks(key: str) -> AsyncIterator[int]:
    yield len(key)

@dataclass
class Paid: amount: int
@dataclass
class Refused: reason: str
class Animal: ...
class Dog(Animal): ...
class Options(TypedDict): depth: int
class Named(Protocol):
    def name(self) -> str: ...
class Person:
    def name(self) -> str: return "x"
class Place:
    def name(self) -> int: return 1
UserId = NewType("UserId", int)
type Text = str | bytes
type Maybe[T] = T | None

def inc(n: int) -> int: return n + 1
def half(x: float) -> float: return x / 2
def is_even(n: int) -> bool: return n % 2 == 0
def size(n: int) -> str: return str(n)
def shout(s: str) -> str: return s.upper()
def is_short(s: str) -> bool: return len(s) < 9
def words(s: str) -> list[str]: return s.split()
def maybe(s: str) -> str | None: return s or None
def count(xs: Sequence[object]) -> int: return len(xs)
def pick(flags: list[int]) -> int: return flags[0]
def flags(s: str) -> list[bool]: return [True]
def first[T](xs: list[T]) -> T: return xs[0]
def same[T](x: T) -> T: return x
def box[T](x: T) -> list[T]: return [x]
def pair_up(pair: tuple[list[str], int]) -> str: return "x"
def swap[A, B](pair: tuple[A, B]) -> tuple[B, A]: return pair[1], pair[0]
def pay(n: int) -> Paid | Refused: return Paid(n)
def of_paid(paid: Paid) -> int: return paid.amount
def of_refused(refused: Refused) -> str: return refused.reason
def explain(error: Exception) -> str: return str(error)
def code(error: OSError) -> int: return 1
def number(text: str) -> Result[int, Exception]: raise NotImplementedError
def halve(n: int) -> Continue[int] | Done[str]: return Done("x")
def only_done(n: int) -> Done[str]: return Done("x")
def turn(n: int) -> Continue[str] | Done[str]: return Done("x")
def tally(step: tuple[int, list[str]]) -> tuple[Continue[int] | Done[bytes], list[str]]:
    return Done(b""), step[1]
def retally(step: tuple[int, int]) -> tuple[Continue[int] | Done[bytes], str]:
    return Done(b""), "x"
def show(x: object) -> None: ...
def feed(dog: Dog) -> int: return 1
def stroke(animal: Animal) -> str: return "x"
def adopt(name: str) -> Dog: return Dog()
def meet(name: str) -> Animal: return Animal()
def as_text(text: Text) -> int: return 1
def user(id: UserId) -> str: return "x"
def new_user(s: str) -> UserId: return UserId(1)
def configure(options: Options) -> int: return 1
def options(s: str) -> Options: return {"depth": 1}
def loose(s: str) -> dict[str, int]: return {}
def greet(named: Named) -> str: return named.name()
def person(s: str) -> Person: return Person()
def place(s: str) -> Place: return Place()
def mode(s: str) -> Literal["r", "w"]: return "r"
def open_as(mode: Literal["r", "w", "a"]) -> int: return 1
def open_in(mode: Literal["r"]) -> int: return 1
def handler(s: str) -> Callable[[int], str]: return str
def call(fn: Callable[[bool], object]) -> int: return 1
def call_text(fn: Callable[[str], object]) -> int: return 1
def or_none(x: Maybe[str]) -> int: return 1
def annotated(x: Annotated[int, "note"]) -> int: return x
def by_size(n: int) -> Flow[str, bytes]: return pure(str.encode)
def by_number(n: int) -> Flow[int, bytes]: return pure(bytes)
def lookup(table: Mapping[str, object]) -> int: return 1
def add(a: int, b: int) -> int: return a + b
class Offset:
    def __init__(self, by: int) -> None: self.by = by
    def __call__(self, n: int) -> int: return n + self.by
    def shift(self, n: int) -> str: return str(n + self.by)
stroking: Flow[Animal, str] = pure(stroke)
feeding: Flow[Dog, int] = pure(feed)
halving = loop(pure(halve))
both = on(Paid, pure(of_paid)).on(Refused, pure(of_refused))
by_float = on(float, pure(half))

# decorators
@safe
def parse(s: str) -> int: return int(s)
def listed[A, B](fn: Callable[[A], B]) -> Callable[[A], list[B]]:
    @wraps(fn)
    def inner(x: A) -> list[B]: return [fn(x)]
    return inner
@listed
def many(s: str) -> int: return 1
@contextmanager
def opened(s: str) -> Iterator[int]: yield 1
def entered(context: AbstractContextManager[int]) -> int: return 1
def timed[A, B](
    fn: Callable[[A], Awaitable[B]],
) -> Callable[[A], Coroutine[Any, Any, tuple[B, float]]]:
    @wraps(fn)
    async def inner(x: A) -> tuple[B, float]: return await fn(x), 0.0
    return inner
@timed
async def timed_fetch(s: str) -> int: return 1
def clocked(p: tuple[int, float]) -> int: return 1
def configured[R](fn: Callable[[str, int], R]) -> Callable[[int], R]:
    @wraps(fn)
    def inner(n: int) -> R: return fn("x", n)
    return inner
@configured
def within(config: str, n: int) -> str: return config
class Wrapping:
    def __init__(self, fn: Callable[[str], int]) -> None: update_wrapper(self, fn)
    def __call__(self, s: str) -> bytes: return b""
@Wrapping
def wrapping(s: str) -> int: return 1
def raw(data: bytes) -> int: return 1
@lru_cache
def cached(s: str) -> int: return 1
@cache
def cached_too(n: int) -> str: return "x"

# protocols
class Fetcher(Protocol):
    def fetch(self, key: str) -> Awaitable[int]: ...
class AsyncFetcher(Protocol):
    async def fetch(self, key: str) -> int: ...
class ByCoroutine:
    async def fetch(self, key: str) -> int: return 1
class ByAwaitable:
    def fetch(self, key: str) -> Awaitable[int]: raise NotImplementedError
class ByResult:
    def fetch(self, key: str) -> Coroutine[Any, Any, int]: raise NotImplementedError
class ByValue:
    def fetch(self, key: str) -> int: return 1
def by_coroutine(s: str) -> ByCoroutine: return ByCoroutine()
def by_awaitable(s: str) -> ByAwaitable: return ByAwaitable()
def by_result(s: str) -> ByResult: return ByResult()
def by_value(s: str) -> ByValue: return ByValue()
def use_fetcher(fetcher: Fetcher) -> int: return 1
def use_async(fetcher: AsyncFetcher) -> int: return 1
class Titled(Protocol):
    title: str
class Readable(Protocol):
    @property
    def title(self) -> str: ...
@dataclass
class Book: title: str
@dataclass(frozen=True)
class Print: title: str
@dataclass
class Issue: title: int
class Page:
    def __init__(self) -> None: self.title = "x"
class Cover:
    @property
    def title(self) -> str: return "x"
def book(s: str) -> Book: return Book(s)
def printed(s: str) -> Print: return Print(s)
def issue(s: str) -> Issue: return Issue(1)
def page(s: str) -> Page: return Page()
def cover(s: str) -> Cover: return Cover()
def retitle(titled: Titled) -> int: return 1
def read(readable: Readable) -> int: return 1
class Runner(Protocol):
    def run(self, n: int) -> str: ...
class Statically:
    @staticmethod
    def run(n: int) -> str: return ""
class OnClass:
    @classmethod
    def run(cls, n: int) -> str: return ""
class WithDefault:
    def run(self, n: int, loud: bool = False) -> str: return ""
class OfMany:
    def run(self, *n: int) -> str: return ""
class ByField:
    run: Callable[[int], str]
class NeedsMore:
    def run(self, n: int, loud: bool) -> str: return ""
class OfText:
    @staticmethod
    def run(n: str) -> str: return ""
def statically(s: str) -> Statically: return Statically()
def on_class(s: str) -> OnClass: return OnClass()
def with_default(s: str) -> WithDefault: return WithDefault()
def of_many(s: str) -> OfMany: return OfMany()
def by_field(s: str) -> ByField: return ByField()
def needs_more(s: str) -> NeedsMore: return NeedsMore()
def of_text(s: str) -> OfText: return OfText()
def use(runner: Runner) -> int: return 1
class Comparing(Protocol):
    def same_as(self, other: Self) -> bool: ...
class Comparable:
    def same_as(self, other: "Comparable") -> bool: return True
def comparable(s: str) -> Comparable: return Comparable()
def compare(comparing: Comparing) -> int: return 1
class Builder:
    def add(self, s: str) -> Self: return self
class Subbuilder(Builder): ...
def use_builder(builder: Builder) -> int: return 1
def use_subbuilder(builder: Subbuilder) -> int: return 1
class Meta(type): ...
class WithMeta(metaclass=Meta): ...
def with_meta(s: str) -> type[WithMeta]: return WithMeta
def use_meta(cls: Meta) -> int: return 1

# of the library
def text_io(s: str) -> io.StringIO: return io.StringIO()
def wrapper_io(s: str) -> io.TextIOWrapper: raise NotImplementedError
def bytes_io(s: str) -> io.BytesIO: return io.BytesIO()
def use_text_io(file: TextIO) -> int: return 1
def use_io(file: IO[str]) -> int: return 1
def use_binary_io(file: BinaryIO) -> int: return 1
def use_io_of_bytes(file: IO[bytes]) -> int: return 1
def call_any(fn: collections.abc.Callable) -> int: return 1  # type: ignore[type-arg]  # bare
def hashed(x: Hashable) -> int: return 1
class Row[T](TypedDict):
    cell: T
def row(s: str) -> Row[int]: return {"cell": 1}
def use_row(row: Row[int]) -> int: return 1
def use_row_of_text(row: Row[str]) -> int: return 1
def queue(s: str) -> asyncio.Queue[int]: return asyncio.Queue()
def use_queue(queue: asyncio.Queue[int]) -> int: return 1
def use_queue_of_text(queue: asyncio.Queue[str]) -> int: return 1
def pattern(s: str) -> re.Pattern[str]: return re.compile(s)
def use_pattern(pattern: re.Pattern[str]) -> int: return 1
def use_pattern_of_bytes(pattern: re.Pattern[bytes]) -> int: return 1
class Color(Enum):
    RED = "r"
def use_color(color: Color) -> int: return 1
def use_path(path: Path) -> int: return 1
def use_path_like(path: str | PathLike[str]) -> int: return 1
def use_path_of_bytes(path: PathLike[bytes]) -> int: return 1
def use_decimal(number: Decimal) -> int: return 1
def numbers(s: str) -> list[int]: return [1]
def none_or_number(s: str) -> int | None: return 1
def attempted(s: str) -> Result[int, OSError]: raise NotImplementedError
def of_success(x: Success[int]) -> str: return ""
def of_failure(x: Failure[Exception]) -> str: return ""
def of_text_success(x: Success[str]) -> str: return ""
def ratio(s: str) -> float: return 1
def of_float(x: float) -> str: return ""
@dataclass
class Doc: text: str
class Read(AgentActor[str, "list[Doc]"]):
    async def execute(self, input): return [Doc(input)]  # type: ignore[no-untyped-def]  # no types
def bundle(docs: list[Doc]) -> int: return 1
class Quiet(Protocol):
    def run(self, n: int, *, loud: bool = False) -> str: ...
def use_quiet(runner: Quiet) -> int: return 1
def logged[**P](fn: Callable[P, None]) -> Callable[P, None]:
    @wraps(fn)
    def inner(*args: P.args, **kwargs: P.kwargs) -> None: fn(*args, **kwargs)
    return inner
class Chapter:
    @logged
    def __init__(self) -> None: self.title = "x"
class Child:
    def __init__(self, parent: Self | None) -> None: ...
def child(n: int) -> Child: return Child(None)
def chapter(s: str) -> Chapter: return Chapter()
def numbers_of(s: str) -> tuple[int, ...]: return (1,)
def class_of(s: str) -> type[Statically]: return Statically
def space(s: str) -> SimpleNamespace: return SimpleNamespace(title=s)
both_numbers = on(float, pure(of_float)).on(int, pure(size))
"""


class Program(NamedTuple):
    """An expression, whether it is right, and why mypy differs if it does."""

    text: str
    right: bool
    input: str | None = None
    unlike_mypy: str = ""
    is_open: bool = False  # neither found nor called sound: unchecked


RIGHT = [
    # leaves and steps
    "agent(Search) >> agent(Write)",
    "agent(Search).flat_map(agent(Write)).map(shout)",
    "agent(Stream).map(count)",
    "agent(chunks).map(pick)",
    "agent(fetch) >> agent(Echo[int]) >> agent(load)",
    "agent(Derived).map(pick)",
    "agent(fetch) >> agent(Base[int])",
    "agent(fetch).map(half)",
    "pure(is_even).map(inc)",
    "pure(flags).map(count)",
    "pure(words).map(first).map(shout)",
    "pure(words).map(box).map(first).map(first).map(shout)",
    "pure(shout) >> identity() >> agent(fetch)",
    "agent(fetch).zip(pure(shout)).map(swap).map(same)",
    "pure(inc).map(Paid).map(of_paid)",
    "pure(inc).map(Offset(3)).map(Offset(3).shift).map(shout)",
    "pure(inc).map(partial(add, 3))",
    "pure(shout).map(str.upper).map(len).map(inc)",
    # hints of every sort
    "pure(shout).map(as_text)",
    "pure(maybe).map(or_none)",
    "pure(new_user).map(user)",
    "pure(new_user).map(inc)",
    "pure(options).map(lookup)",
    "pure(options).map(configure)",
    "pure(person).map(greet)",
    "pure(mode).map(open_as)",
    "pure(mode).map(shout)",
    "pure(handler).map(call)",
    "pure(inc).map(annotated)",
    # decorators that keep the type
    "pure(cached).map(cached_too).map(shout)",
    "pure(shout).map(wrapping).map(raw)",
    # protocols
    "pure(by_coroutine).map(use_fetcher)",
    "pure(by_awaitable).map(use_fetcher)",
    "pure(by_result).map(use_fetcher)",
    "pure(by_coroutine).map(use_async)",
    "pure(by_result).map(use_async)",
    "pure(book).map(retitle)",
    "pure(book).map(read)",
    "pure(printed).map(read)",
    "pure(cover).map(read)",
    "pure(statically).map(use)",
    "pure(on_class).map(use)",
    "pure(with_default).map(use)",
    "pure(of_many).map(use)",
    "pure(by_field).map(use)",
    "pure(comparable).map(compare)",
    "pure(shout).map(Builder().add).map(use_builder)",
    "pure(shout).map(Subbuilder().add).map(use_subbuilder)",
    "pure(with_meta).map(use_meta)",
    # classes of the library
    "pure(text_io).map(use_text_io)",
    "pure(text_io).map(use_io)",
    "pure(wrapper_io).map(use_text_io)",
    "pure(bytes_io).map(use_binary_io)",
    "pure(bytes_io).map(use_io_of_bytes)",
    "pure(handler).map(hashed)",
    "pure(row).map(use_row)",
    "pure(queue).map(use_queue)",
    "pure(pattern).map(use_pattern)",
    "pure(inc).map(UserId).map(user)",
    "pure(words).map(' '.join).map(shout)",
    "pure(numbers).map(sum).map(inc)",
    "pure(words).map(sorted).map(first).map(shout)",
    "pure(numbers).map(max).map(inc)",
    "pure(inc).map(abs).map(inc)",
    "pure(shout).map(Path).map(use_path)",
    "pure(shout).map(Path).map(use_path_like)",
    "pure(shout).map(Decimal).map(use_decimal)",
    "pure(shout).map(Color).map(use_color)",
    "agent(Read).map(bundle)",
    "pure(child).map(Child)",
    # products and races
    "agent(Search).zip(agent(fetch)).map(pair_up)",
    "zip_all(agent(Search), agent(fetch), pure(shout))",
    "feeding.zip(stroking)",
    "each(agent(fetch), pure(inc))",
    "agent(fetch).zip(pure(shout)) >> each(pure(inc), pure(words))",
    "race(agent(fetch), pure(len)).map(inc)",
    "agent(fetch).race(pure(shout)).map(show)",
    "first_completed(agent(fetch), agent(fetch)).map(inc)",
    "at_least(1, agent(fetch), agent(Search)).map(show)",
    "traverse(agent(fetch)).map(count)",
    "agent(Search) >> traverse(agent(fetch))",
    # choice
    "pure(pay).branch(on(Paid, pure(of_paid)).on(Refused, pure(of_refused)))",
    "pure(pay).branch({Paid: pure(show), Refused: pure(show)})",
    "on(Paid, pure(of_paid)).on(Refused, pure(of_refused)).map(show)",
    "agent(fetch).branch_on(is_even, pure(size), pure(hex))",
    "agent(fetch).bind(by_size)",
    # failure
    "agent(fetch).recover(explain).map(show)",
    "pure(shout).recover_with(pure(explain)).map(shout)",
    "agent(fetch).fallback_to(pure(len)).map(inc)",
    "agent(fetch).attempt().absolve().map(inc)",
    "pure(number).absolve().map(inc)",
    "agent(fetch).retry(2).timeout(3).named('x').map(inc)",
    # checks and effects
    "agent(fetch).filter(is_even).map(inc)",
    "pure(shout).guard(pure(is_short)).map(shout)",
    "agent(fetch).and_then(show).map(inc)",
    "pure(adopt).tap(pure(stroke)).map(feed)",
    "pure(shout).notify(agent(fetch)).map(shout)",
    "pure(shout).divert_to(agent(fetch), is_short).map(shout)",
    # loops
    "loop(pure(halve)).map(shout)",
    "loop(pure(only_done)).map(shout)",
    "loop_with_state(pure(tally), init_state=['x']).map(bytes.decode)",
    "loop_with_state(pure(tally), init_state=list[str]).map(bytes.decode)",
]

WRONG = [
    # leaves and steps
    "agent(Search) >> agent(fetch)",
    "agent(Stream).map(pick)",
    "agent(chunks).map(inc)",
    "agent(Search).map(shout)",
    "agent(fetch) >> agent(Echo[str])",
    "agent(Derived).map(inc)",
    "pure(half).map(inc)",
    "pure(words).map(first).map(inc)",
    "pure(maybe).map(shout)",
    "agent(fetch).zip(pure(shout)).map(swap).map(pair_up)",
    "pure(inc).map(Paid).map(of_refused)",
    "pure(shout).map(Paid)",
    "pure(shout).map(Offset(3))",
    "pure(shout).map(Offset(3).shift)",
    "pure(inc).map(add)",
    "pure(inc).map(str.upper)",
    "pure(inc).map(len)",
    # hints of every sort
    "pure(inc).map(as_text)",
    "pure(inc).map(user)",
    "pure(loose).map(configure)",
    "pure(place).map(greet)",
    "pure(mode).map(open_in)",
    "pure(shout).map(open_as)",
    "pure(handler).map(call_text)",
    "pure(flags).map(pick)",
    "pure(inc).map(or_none)",
    "pure(shout).map(annotated)",
    # decorators that keep the type
    "pure(cached).map(shout)",
    "pure(shout).map(wrapping).map(inc)",
    # protocols
    "pure(by_value).map(use_fetcher)",
    "pure(by_awaitable).map(use_async)",
    "pure(by_value).map(use_async)",
    "pure(issue).map(retitle)",
    "pure(issue).map(read)",
    "pure(inc).map(read)",
    "pure(needs_more).map(use)",
    "pure(of_text).map(use)",
    "pure(shout).map(Builder().add).map(use_subbuilder)",
    # classes of the library
    "pure(text_io).map(use_io_of_bytes)",
    "pure(flags).map(hashed)",
    "pure(row).map(use_row_of_text)",
    "pure(shout).map(UserId)",
    "pure(numbers).map(' '.join)",
    "pure(words).map(sorted).map(pick)",
    "pure(numbers).map(max).map(shout)",
    "pure(inc).map(abs).map(shout)",
    "pure(inc).map(Path)",
    "pure(shout).map(Path).map(use_path_of_bytes)",
    "pure(inc).map(Child)",
    "pure(shout).map(Color).map(inc)",
    # products and races
    "agent(Search).zip(agent(load))",
    "agent(Search).zip(pure(shout)).map(pair_up)",
    "agent(fetch).zip(pure(shout)) >> each(pure(words), pure(inc))",
    "zip_all(agent(fetch), pure(shout), pure(shout)) >> each(pure(inc), pure(words))",
    "agent(Search) >> each(pure(shout), pure(shout))",
    "agent(fetch).race(agent(load))",
    "race(agent(fetch), pure(shout)).map(inc)",
    "agent(fetch) >> first_completed(pure(inc), pure(shout))",
    "agent(fetch) >> at_least(1, pure(inc), pure(shout))",
    "at_least(1, agent(fetch), agent(Search)).map(count)",
    "agent(fetch) >> traverse(pure(inc))",
    "agent(Search) >> traverse(pure(inc))",
    "agent(Search) >> traverse(agent(fetch)).map(pick)",
    # choice
    "pure(pay).branch(on(Paid, pure(of_paid)))",
    "on(Paid, pure(of_refused))",
    "agent(fetch).branch_on(is_short, pure(size), pure(size))",
    "agent(fetch).branch_on(size, pure(size), pure(size))",
    "agent(fetch).branch_on(is_even, pure(shout), pure(size))",
    "agent(fetch).branch_on(is_even, pure(size), pure(inc)).map(shout)",
    "agent(load).bind(by_size)",
    "agent(fetch).bind(by_number)",
    "agent(fetch).bind(size)",
    # failure
    "agent(fetch).recover(code)",
    "agent(fetch).recover(explain).map(inc)",
    "agent(fetch).recover_with(pure(code))",
    "agent(fetch).recover_with(pure(shout))",
    "agent(fetch).fallback_to(agent(load))",
    "agent(fetch).fallback_to(pure(shout)).map(inc)",
    "agent(fetch).attempt().map(inc)",
    "agent(fetch).absolve()",
    "agent(fetch).retry(2).map(shout)",
    "agent(fetch).timeout(2).map(shout)",
    "agent(fetch).named('x').map(shout)",
    # checks and effects
    "agent(fetch).filter(is_short)",
    "agent(fetch).filter(size)",
    "agent(fetch).guard(pure(is_short))",
    "agent(fetch).guard(pure(size))",
    "agent(fetch).and_then(feed)",
    "agent(fetch).and_then(inc)",
    "pure(meet).tap(pure(feed))",
    "agent(fetch).notify(agent(fetch))",
    "agent(fetch).divert_to(agent(fetch), is_even)",
    "agent(fetch).divert_to(pure(inc), is_short)",
    # loops
    "loop(pure(inc))",
    "loop(pure(turn))",
    "loop(pure(halve)).map(inc)",
    "agent(Search) >> loop(pure(halve))",
    "loop_with_state(pure(tally), init_state=3)",
    "loop_with_state(pure(retally), init_state=3)",
    "loop_with_state(pure(inc), init_state=3)",
]

OPEN_RIGHT = [
    "pure(parse).absolve()",
    "pure(many).map(first).map(inc)",
    "pure(opened).map(entered)",
    "agent(timed_fetch).map(clocked)",
    "pure(inc).map(within).map(shout)",
    "pure(page).map(read)",
    "pure(page).map(retitle)",
    "pure(handler).map(call_any)",
    "pure(options).map(hashed)",
    "pure(chapter).map(read)",
    "pure(class_of).map(use)",
    "pure(space).map(read)",
]

OPEN_WRONG = [
    "pure(parse).map(inc)",
    "pure(many).map(inc)",
    "agent(timed_fetch).map(inc)",
    "pure(shout).map(within)",
    "pure(cover).map(retitle)",
    "pure(printed).map(retitle)",
    "pure(queue).map(use_queue_of_text)",
    "pure(statically).map(use_quiet)",
    "pure(numbers_of).map(use)",
    "pure(pattern).map(use_pattern_of_bytes)",
]

MAPPING = "a mapping is the unchecked form of branch"
PROGRAMS = [
    *(Program(text, right=True) for text in RIGHT),
    *(Program(text, right=False) for text in WRONG),
    *(Program(text, right=True, is_open=True) for text in OPEN_RIGHT),
    *(Program(text, right=False, is_open=True) for text in OPEN_WRONG),
    # what flows in
    Program("agent(fetch)", True, "str"),
    Program("agent(fetch)", False, "int"),
    Program("agent(fetch).zip(pure(len))", False, "int"),
    Program("pure(stroke)", True, "Dog"),
    Program("pure(feed)", False, "Animal"),
    Program("traverse(pure(inc))", True, "list[int]"),
    Program("traverse(pure(inc))", False, "list[str]"),
    Program("traverse(pure(inc))", False, "int"),
    Program("each(pure(inc), pure(shout))", True, "tuple[int, str]"),
    Program("each(pure(inc), pure(shout))", False, "tuple[str, int]"),
    Program("each(pure(inc), pure(shout))", False, "tuple[int, str, int]"),
    Program("each(pure(inc), pure(inc))", False, "tuple[int, ...]"),
    Program("pure(half)", True, "int"),
    Program("pure(inc)", False, "float"),
    Program("halving", True, "bool"),
    Program("zip_all(agent(fetch), agent(load))", False, "str"),
    # where mypy sees less, or another thing
    Program(
        "pure(attempted).branch({Success: pure(of_success), Failure: pure(of_failure)})",
        True,
        unlike_mypy=MAPPING,
    ),
    Program("pure(attempted).branch({Success: pure(of_success)})", False, unlike_mypy=MAPPING),
    Program(
        "pure(attempted).branch({Success: pure(of_text_success), Failure: pure(of_failure)})",
        False,
    ),
    Program("pure(ratio).branch(by_float)", True, is_open=True),
    Program("pure(ratio).branch(both_numbers)", True),
    Program(
        "stroking.zip(feeding)",
        True,
        unlike_mypy="the input of the first decides, where the second is no expression of its own",
    ),
    Program(
        "pure(shout).map(partial(add, 3))",
        False,
        unlike_mypy="a partial is an object that is called with anything",
    ),
    Program(
        "agent(Read).map(shout)",
        False,
        unlike_mypy="it does not look at what an untyped method overrides",
    ),
    Program(
        "pure(shout).map(cached_too)",
        False,
        unlike_mypy="what is cached is called with anything that is hashable",
    ),
    Program("pure(pay).branch({Paid: pure(of_paid)})", False, unlike_mypy=MAPPING),
    Program(
        "pure(pay).branch({Paid: pure(of_refused), Refused: pure(of_refused)})",
        False,
        unlike_mypy=MAPPING,
    ),
    Program(
        "pure(pay).branch(both.on(int, pure(inc)))",
        False,
        unlike_mypy="a case that nothing reaches does no harm to types",
    ),
    Program(
        "pure(pay).branch(on(object, pure(show)).on(Paid, pure(of_paid)))",
        False,
        unlike_mypy="a case that an earlier one hides does no harm to types",
    ),
    Program(
        "pure(inc).branch(by_float)",
        False,
        unlike_mypy="an int goes for a float, but is no instance of it",
    ),
]
