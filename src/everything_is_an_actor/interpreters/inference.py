"""What a flow makes of a type: the forward pass of the checker.

The hint of the input goes through the flow as a value would, and each node says what it makes of
it. What does not fit is a finding, and the pass goes on with what was declared, so that one fault
is found once. It is an abstract interpretation (Cousot & Cousot 1977) whose abstract values are
hints; a part that is shared is looked at once for each hint that flows into it.
"""

from collections.abc import Callable, Generator, Sequence
from typing import Any, NamedTuple, assert_never

from returns.result import Result

from everything_is_an_actor.algebra.arguments import callable_name, cut
from everything_is_an_actor.algebra.flow import AnyFlow, Flow
from everything_is_an_actor.algebra.node import (
    Absolve,
    AndThen,
    AtLeast,
    Attempt,
    Bind,
    BranchOn,
    DivertTo,
    Each,
    FallbackTo,
    Filter,
    FirstCompleted,
    FlatMap,
    Guard,
    Identity,
    Leaf,
    Loop,
    LoopWithState,
    Map,
    Match,
    Named,
    Notify,
    Pure,
    Race,
    Recover,
    RecoverWith,
    Retry,
    Tap,
    Timeout,
    Traverse,
    ZipAll,
)
from everything_is_an_actor.algebra.path import Where, into_next
from everything_is_an_actor.algebra.plural import plural
from everything_is_an_actor.algebra.values import Continue, Done, QuorumResult
from everything_is_an_actor.interpreters.coverage import coverage
from everything_is_an_actor.interpreters.demands import Demands
from everything_is_an_actor.interpreters.findings import Findings
from everything_is_an_actor.interpreters.hint_terms import (
    Form,
    Term,
    Terms,
    spelled,
    spelled_in_full,
)
from everything_is_an_actor.interpreters.lineage import Lineage
from everything_is_an_actor.interpreters.signatures import Arrow, Signatures
from everything_is_an_actor.interpreters.subtyping import Subtyping, Verdict, holds
from everything_is_an_actor.interpreters.trampoline import Calls, answered


class Entry(NamedTuple):
    """A flow that is entered: by what, by which way, and by the rule of which node."""

    flow: AnyFlow
    input: Term
    where: Where
    rule: str


class Application(NamedTuple):
    """What a function makes of a hint; sound if there is nothing to be said of it."""

    verdict: Verdict
    takes: Term
    output: Term
    is_sound: bool


type Steps = Calls[Entry, Term]


class Inference:
    """One pass over one flow."""

    def __init__(self, root: AnyFlow) -> None:
        self._terms = terms = Terms()
        self._lineage = Lineage(terms)
        self._signatures = Signatures(terms, self._lineage)
        self._subtyping = Subtyping(terms, self._lineage, self._signatures)
        self._demands = Demands(terms, self._lineage, self._signatures, self._subtyping)
        self._root = root
        self._error = terms.read(Exception)
        self._applied: dict[tuple[int, Term], Application] = {}
        self._chained: dict[tuple[int, Term], Term] = {}
        self.findings = Findings(root)

    def run(self, input: Term | None) -> tuple[Term, Term]:
        """What flows in, which is what the flow takes unless it is given, and what comes out."""
        if input is None:
            input = self._demands.of(self._root)
        output = answered(Entry(self._root, input, None, "input"), self._visit, _key)
        return input, output

    @property
    def terms(self) -> Terms:
        """The table of the terms of this pass."""
        return self._terms

    # ------------------------------------------------------------------ nodes

    def _visit(self, entry: Entry) -> Term | Steps:
        atom = self._atom(entry)
        if atom is not None:
            return atom
        if isinstance(entry.flow.node, Map | FlatMap):
            return self._chain(entry)
        return self._walk(entry)

    def _atom(self, entry: Entry) -> Term | None:
        node = entry.flow.node
        match node:
            case Pure(fn):
                return self._call(self._signatures.function(fn), fn, entry)
            case Leaf(target):
                return self._call(self._signatures.agent(target), target, entry)
            case Identity():
                return entry.input
            case _:
                return None

    def _chain(self, entry: Entry) -> Steps:
        """A chain of steps, from its head on: however it is nested to the left, it is one walk."""
        head, input, where, rule = entry
        chain: list[tuple[AnyFlow, Map[AnyFlow] | FlatMap[AnyFlow]]] = []
        known = self._chained.get((id(head), input))
        while known is None and isinstance(node := head.node, Map | FlatMap):
            chain.append((head, node))
            head = node.source
            known = self._chained.get((id(head), input))
        value = known if known is not None else (yield Entry(head, input, where, rule))
        while chain:
            flow, node = chain.pop()
            if isinstance(node, FlatMap):
                step = Entry(node.next, value, into_next(where, node), "steps")
                value = self._atom(step) or (yield step)
            else:
                value = self._mapped(flow, node, value, where)
            self._chained[id(flow), input] = value
        return value

    def _mapped(self, flow: AnyFlow, node: Map[AnyFlow], value: Term, where: Where) -> Term:
        arrow = self._signatures.function(node.fn)
        known = self._applied.get((id(arrow), value))
        if known is not None and known.is_sound:
            return known.output
        return self._call(arrow, node.fn, Entry(flow, value, where, "map"))

    def _walk(self, entry: Entry) -> Steps:
        flow, input, where, rule = entry
        node = flow.node
        terms = self._terms
        match node:
            case ZipAll(flows):
                return terms.product((yield from self._shared(entry, flows, "all")))
            case Race(flows):
                return terms.union((yield from self._shared(entry, flows, "race")))
            case FirstCompleted(flows):
                return terms.union((yield from self._shared(entry, flows, "first_completed")))
            case AtLeast(_, flows):
                outputs = yield from self._shared(entry, flows, "at_least")
                return terms.make(QuorumResult, terms.union(outputs))
            case Named(source) | Retry(source) | Timeout(source):
                return (yield Entry(source, input, (where, node, 0), rule))
            case Bind(source, k):
                value = yield Entry(source, input, (where, node, 0), rule)
                return self._bound(k, input, Entry(flow, value, where, "bind"))
            case Each(flows):
                return terms.product((yield from self._each(entry, flows)))
            case Traverse(body):
                element = self._element(body, entry)
                output = yield Entry(body, element, (where, node, 0), "traverse")
                return terms.make(Form.TUPLES, output)
            case Match(types, flows):
                return (yield from self._branch(entry, types, flows))
            case BranchOn(source, predicate, then, otherwise):
                value = yield Entry(source, input, (where, node, 0), rule)
                self._predicate(predicate, Entry(flow, value, where, "branch_on"))
                first = yield Entry(then, value, (where, node, 1), "branch_on")
                second = yield Entry(otherwise, value, (where, node, 2), "branch_on")
                return terms.union((first, second))
            case Recover(source, fn):
                value = yield Entry(source, input, (where, node, 0), rule)
                handled = self._function(fn, Entry(flow, self._error, where, "recover"))
                return terms.union((value, handled))
            case RecoverWith(source, handler):
                value = yield Entry(source, input, (where, node, 0), rule)
                handled = yield Entry(handler, self._error, (where, node, 1), "recover_with")
                return terms.union((value, handled))
            case FallbackTo(source, fallback):
                value = yield Entry(source, input, (where, node, 0), rule)
                other = yield Entry(fallback, input, (where, node, 1), "fallback_to")
                return terms.union((value, other))
            case Attempt(source):
                value = yield Entry(source, input, (where, node, 0), rule)
                return terms.make(Result, value, self._error)
            case Absolve(source):
                value = yield Entry(source, input, (where, node, 0), rule)
                return self._absolved(Entry(flow, value, where, "absolve"))
            case Filter(source, predicate):
                value = yield Entry(source, input, (where, node, 0), rule)
                self._predicate(predicate, Entry(flow, value, where, "filter"))
                return value
            case Guard(source, check):
                value = yield Entry(source, input, (where, node, 0), rule)
                verdict = yield Entry(check, value, (where, node, 1), "guard")
                self._expect(terms.bool, Entry(flow, verdict, where, "guard"))
                return value
            case AndThen(source, fn):
                value = yield Entry(source, input, (where, node, 0), rule)
                result = self._function(fn, Entry(flow, value, where, "and_then"))
                self._expect(terms.none, Entry(flow, result, where, "and_then"))
                return value
            case Tap(source, side) | Notify(source, side):
                value = yield Entry(source, input, (where, node, 0), rule)
                keyword = "tap" if isinstance(node, Tap) else "notify"
                yield Entry(side, value, (where, node, 1), keyword)
                return value
            case DivertTo(source, side, when):
                value = yield Entry(source, input, (where, node, 0), rule)
                self._predicate(when, Entry(flow, value, where, "divert_to"))
                yield Entry(side, value, (where, node, 1), "divert_to")
                return value
            case Loop(body):
                return (yield from self._loop(entry, body))
            case LoopWithState(body, init_state):
                return (yield from self._loop_with_state(entry, body, init_state))
            case Leaf() | Pure() | Identity() | Map() | FlatMap():
                raise AssertionError("answered by _visit")
            case _ as unreachable:
                assert_never(unreachable)

    def _shared(
        self, entry: Entry, flows: tuple[AnyFlow, ...], rule: str
    ) -> Generator[Entry, Term, list[Term]]:
        """The outputs of flows that share an input."""
        flow, input, where, _ = entry
        outputs: list[Term] = []
        for number, part in enumerate(flows):
            inner = Entry(part, input, (where, flow.node, number), rule)
            outputs.append(self._atom(inner) or (yield inner))
        return outputs

    def _each(self, entry: Entry, flows: tuple[AnyFlow, ...]) -> Generator[Entry, Term, list[Term]]:
        flow, input, where, _ = entry
        size = len(flows)
        views = [self._lineage.view(member, tuple) for member in input.members]
        split = [view.args for view in views if view is not None and _is_of_size(view, size)]
        if len(split) < len(views):
            self._mismatch(
                entry._replace(rule="each"), f"a tuple of {size} {plural(size, 'element')}"
            )
        outputs: list[Term] = []
        for number, part in enumerate(flows):
            element = self._terms.union(args[number] for args in split)
            element = element if split else self._terms.unknown
            outputs.append((yield Entry(part, element, (where, flow.node, number), "each")))
        return outputs

    def _element(self, body: AnyFlow, entry: Entry) -> Term:
        views = [self._lineage.view(member, Sequence) for member in entry.input.members]
        found = [view.args[0] for view in views if view is not None]
        if len(found) < len(views):
            demand = self._terms.make(Sequence, self._demands.of(body))
            self._mismatch(entry._replace(rule="traverse"), spelled(demand))
        return self._terms.union(found) if found else self._terms.unknown

    def _branch(
        self, entry: Entry, types: tuple[type[Any], ...], flows: tuple[AnyFlow, ...]
    ) -> Steps:
        flow, input, where, _ = entry
        found = coverage(self._terms, self._lineage, types, input)
        if input.says_nothing:
            self._skip(entry, "branch", "what flows in is Any")
        else:
            for term in found.unclear:
                self._skip(entry, "branch", f"no class is known of {spelled(term)}")
            for term in found.promoted:
                reason = f"{spelled(term)} goes for {spelled(input)}, and no case takes it"
                self._skip(entry, "branch", cut(reason))
            if found.missing:
                wanted = spelled(self._terms.union(found.missing))
                cases = " | ".join(map(callable_name, types))
                self._wrong(entry, "branch", f"a case for {wanted}", f"cases for {cases}")
            for number in found.dead:
                dead = f"a case for {callable_name(types[number])}, which nothing reaches"
                self._wrong(entry, "branch", f"cases for {spelled(input)}", dead)
        outputs: list[Term] = []
        for number, part in enumerate(flows):
            given = found.given[number]
            outputs.append((yield Entry(part, given, (where, flow.node, number), "branch")))
        return self._terms.union(outputs)

    def _bound(self, k: Callable[[Any], Any], input: Term, entry: Entry) -> Term:
        """What comes of the flow that `k` returns, if it says so; that runs on the first input."""
        name = callable_name(k)
        arrow = self._signatures.function(k)
        if arrow.output is self._terms.unknown:
            reason = arrow.unchecked or "its result has no annotation"
            self._skip(entry, name, f"the flow that it chooses is not known: {reason}")
            arrow = Arrow(arrow.input, self._terms.unknown, "", arrow.arity)
            return self._call(arrow, k, entry)
        chosen = self._call(arrow, k, entry)
        if chosen is self._terms.unknown:
            return chosen
        views = [self._lineage.view(member, Flow) for member in chosen.members]
        for view in views:
            if view is None:
                self._mismatch(entry._replace(input=chosen), "a Flow")
                return self._terms.unknown
            self._expect(view.args[0], entry._replace(input=input), name)
        outputs = self._terms.union(view.args[1] for view in views if view is not None)
        return self._said(outputs, name, entry)

    def _absolved(self, entry: Entry) -> Term:
        views = [self._lineage.view(member, Result) for member in entry.input.members]
        outputs = [view.args[0] for view in views if view is not None]
        errors = [view.args[1] for view in views if view is not None]
        fits = self._subtyping.subtype(self._terms.union(errors), self._error)
        if len(outputs) < len(views) or fits is False:
            self._mismatch(entry, "Result[…, Exception]")
        return self._terms.union(outputs) if outputs else self._terms.unknown

    # ------------------------------------------------------------------ loops

    def _loop(self, entry: Entry, body: AnyFlow) -> Steps:
        """The body on what flows in, and again on what it goes on with, until nothing is new."""
        flow, input, where, rule = entry
        inputs, dones = [input], list[Term]()
        for again in inputs:
            by = rule if again is input else "loop"
            output = yield Entry(body, again, (where, flow.node, 0), by)
            step = self._step(entry._replace(rule="loop", input=output))
            dones.append(step.done)
            if step.more is None or step.more in inputs:
                continue
            if len(inputs) == ROUNDS:
                self._skip(entry, "loop", f"its input changes with each of {ROUNDS} rounds")
                break
            inputs.append(step.more)
        return self._terms.union(dones)

    def _loop_with_state(self, entry: Entry, body: AnyFlow, init_state: Any) -> Steps:
        flow, input, where, rule = entry
        terms = self._terms
        state = self._initial(body, init_state, entry)
        inputs, dones = [terms.product((input, state))], list[Term]()
        for again in inputs:
            by = rule if again is inputs[0] else "loop_with_state"
            output = yield Entry(body, again, (where, flow.node, 0), by)
            here = entry._replace(rule="loop_with_state", input=output)
            views = [self._lineage.view(member, tuple) for member in output.members]
            pairs = [view.args for view in views if view is not None and _is_of_size(view, 2)]
            if len(pairs) < len(views):
                self._mismatch(here, "a pair of Continue | Done and the state")
            if not pairs:
                dones.append(terms.unknown)
                continue
            step = self._step(here._replace(input=terms.union(pair[0] for pair in pairs)))
            dones.append(step.done)
            if step.more is None:
                continue
            following = terms.product((step.more, terms.union(pair[1] for pair in pairs)))
            if following in inputs:
                continue
            if len(inputs) == ROUNDS:
                self._skip(entry, "loop_with_state", f"its input changes in {ROUNDS} rounds")
                break
            inputs.append(following)
        return terms.union(dones)

    def _step(self, entry: Entry) -> "Step":
        """What a body says: with what it goes on, if it does, and with what it ends."""
        more: list[Term] = []
        done: list[Term] = []
        odd: list[Term] = []
        for member in entry.input.members:
            going_on = self._lineage.view(member, Continue)
            ending = self._lineage.view(member, Done)
            if going_on is not None:
                more += going_on.args
            elif ending is not None:
                done += ending.args
            elif member is not self._terms.never:
                odd.append(member)
        if odd:
            self._mismatch(entry, "Continue | Done")
            done.append(self._terms.unknown)
        return Step(self._terms.union(more) if more else None, self._terms.union(done))

    def _initial(self, body: AnyFlow, init_state: Any, entry: Entry) -> Term:
        """The hint of the first state: what the body takes, if the state is of that hint."""
        takes = self._demands.of(body)
        pair = takes.form is tuple and len(takes.args) == 2
        demand = takes.args[1] if pair else self._terms.unknown
        if callable(init_state):
            made = self._signatures.result(init_state)
            if made.says_nothing or demand.form is object:
                self._skip(entry, callable_name(init_state), "its result has no annotation")
                return self._terms.unknown
            return demand if self._subtyping.subtype(made, demand) is None else made
        if demand.says_nothing or demand.form is object or demand.is_large:
            return self._terms.bare(type(init_state))
        fits = holds(init_state, self._terms.hint(demand))
        return demand if fits else self._terms.bare(type(init_state))

    # ------------------------------------------------------------------ functions and hints

    def _function(self, fn: Callable[..., Any], entry: Entry) -> Term:
        return self._call(self._signatures.function(fn), fn, entry)

    def _predicate(self, fn: Callable[[Any], bool], entry: Entry) -> None:
        verdict = self._function(fn, entry)
        self._expect(self._terms.bool, entry._replace(input=verdict))

    def _call(self, arrow: Arrow, fn: Callable[..., Any], entry: Entry) -> Term:
        """What a function gives for what flows into it; type variables are bound by that."""
        key = (id(arrow), entry.input)
        known = self._applied.get(key)
        if known is None:
            known = self._applied[key] = self._apply(arrow, entry.input)
        if known.is_sound:
            return known.output
        name = callable_name(fn)
        if entry.input is self._terms.never and not arrow.arity:
            self._skip(entry, name, "nothing flows into it: what comes before it never ends")
        if arrow.arity:
            got = f"{name}, which takes {arrow.arity}"
            own = {Pure: "pure", Leaf: "agent"}.get(type(entry.flow.node), entry.rule)
            self._wrong(entry, own, "a function of one argument", got)
        elif known.takes is not self._terms.unknown:
            self._judge(known.verdict, known.takes, entry, name)
        if arrow.unchecked:
            self._skip(entry, name, arrow.unchecked)
        return self._said(known.output, name, entry)

    def _apply(self, arrow: Arrow, input: Term) -> Application:
        terms = self._terms
        if arrow.overloads and len(input.members) > 1:
            each = [self._apply(arrow, member) for member in input.members]
            if all(one.is_sound for one in each):
                return Application(True, arrow.input, terms.union(o.output for o in each), True)
        for overload in arrow.overloads:
            applied = self._apply(overload, input)
            if applied.is_sound:
                return applied
        takes, output = arrow.input, arrow.output
        if takes.is_open or output.is_open:
            env = self._subtyping.solved(takes, input)
            takes = terms.closed(terms.substitute(takes, env))
            output = self._subtyping.inhabited(output, env)
            output = terms.closed(terms.substitute(output, env))
        verdict = self._subtyping.subtype(input, takes)
        is_sound = bool(verdict) and not arrow.unchecked and not arrow.arity
        is_sound = is_sound and input is not terms.never
        return Application(verdict, takes, output, is_sound and output is not terms.any)

    def _said(self, output: Term, name: str, entry: Entry) -> Term:
        """`output`; if that is `Any`, what comes of it is unknown, and this is why."""
        if output is not self._terms.any:
            return output
        self._skip(entry, name, "its result is Any")
        return self._terms.unknown

    def _expect(self, wanted: Term, entry: Entry, name: str | None = None) -> None:
        """What flows in must go where `wanted` is expected: by a name, or by the rule."""
        verdict = self._subtyping.subtype(entry.input, wanted)
        self._judge(verdict, wanted, entry, name or entry.rule)

    def _judge(self, verdict: Verdict, wanted: Term, entry: Entry, name: str) -> None:
        if verdict is False:
            self._wrong(entry, entry.rule, spelled(wanted), spelled(entry.input))
        elif verdict is None and not entry.input.is_vague and not wanted.is_vague:
            flowing = f"{spelled_in_full(entry.input)} into {spelled_in_full(wanted)}"
            is_any = wanted is self._terms.any
            reason = "its parameter is Any" if is_any else f"{cut(flowing)} cannot be decided"
            self._skip(entry, name, reason)

    def _mismatch(self, entry: Entry, wanted: str) -> None:
        """Something of another shape, unless it may well be of the right one."""
        if any(member.says_nothing for member in entry.input.members):
            if not entry.input.is_vague:
                self._skip(entry, entry.rule, f"{spelled(entry.input)} where {wanted} is expected")
            return
        self._wrong(entry, entry.rule, wanted, spelled(entry.input))

    def _wrong(self, entry: Entry, rule: str, expected: str, got: str) -> None:
        self.findings.wrong(entry.flow, entry.where, rule, expected, got)

    def _skip(self, entry: Entry, what: str, reason: str) -> None:
        self.findings.skipped(entry.flow, entry.where, what, reason)


class Step(NamedTuple):
    """What the body of a loop says: with what it goes on, if it does, and with what it ends."""

    more: Term | None
    done: Term


ROUNDS = 4  # of a loop whose input is of another type each time


def _key(entry: Entry) -> int:
    return id(entry.flow) << 64 | id(entry.input)


def _is_of_size(view: Term, size: int) -> bool:
    return view.form is tuple and len(view.args) == size
