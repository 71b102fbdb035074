"""What the page of nodes says of each, and its example: what the library cannot say by itself.

The rest of that page (`nodes.py`) is made: equations, document, picture and outcomes.
"""

from dataclasses import dataclass
from typing import Any

from everything_is_an_actor.algebra import node
from everything_is_an_actor.flow import (
    Backoff,
    Flow,
    agent,
    at_least,
    each,
    first_completed,
    identity,
    loop,
    loop_with_state,
    on,
    pure,
    race,
    traverse,
    zip_all,
)
from manual.press import (
    ARCHIVE,
    LOG,
    SEARCH,
    SHOUT,
    Draft,
    Refusal,
    apology,
    by_length,
    explain,
    improve,
    is_polite,
    is_short,
    note,
    numbered,
    reason_of,
    search,
    text_of,
    words,
    write,
)

ERROR_PASSES = "An error of the source is the error of the whole."
ITS_PART = "The part that is running is cancelled."
ALL = "All are cancelled; it ends when the last of them has ended."
FIRST_ERROR = (
    "When one fails, the others are cancelled and awaited; then the first error in time is raised "
    "as itself. What a sibling raises while it is cancelled is noted on it."
)


@dataclass(frozen=True)
class Entry:
    """A kind of node: how it is written, its type, its meaning, an example and its laws."""

    kind: type[Any]
    title: str
    written: str
    type: str
    succeeds: str
    fails: str
    cancelled: str
    example: Flow[Any, Any]
    inputs: tuple[Any, ...]
    laws: tuple[str, ...]


LEAVES = (
    Entry(
        node.Leaf,
        "agent",
        "agent(leaf, *, timeout=30.0, name=None)",
        "`type[AgentActor[I, O]] → Flow[I, O]`, and so for a class with an `async execute`, "
        "and for an `async def`",
        "A fresh instance is started and `execute(x)` awaited; the value is there once "
        "`on_stopped` has run. Of an asynchronous generator it is the list of its chunks.",
        "The exception of `execute` is raised as itself, with a note of the place in the flow. "
        "Past the timeout, which covers `execute`, it is `FlowTimeoutError`. A leaf is not "
        "restarted: `retry` is for that.",
        "`execute` is cancelled at its next await; its finalisers and `on_stopped` run.",
        agent(search, timeout=5),
        ("cats", "the moon", "the end"),
        ("timing.in_time", "timing.too_late"),
    ),
    Entry(
        node.Pure,
        "pure",
        "pure(fn)",
        "(I → O) → Flow[I, O]",
        "`fn(x)`, at once.",
        "What `fn` raises.",
        "A function is not interrupted.",
        pure(words),
        ("three little words",),
        ("arrow.lifts_identity", "arrow.lifts_composition"),
    ),
    Entry(
        node.Identity,
        "identity",
        "identity()",
        "Flow[A, A]",
        "The input.",
        "Never.",
        "There is nothing to cancel.",
        identity(),
        ("cats",),
        ("category.left_identity", "category.right_identity"),
    ),
)

SEQUENCES = (
    Entry(
        node.Map,
        "map",
        "f.map(fn)",
        "Flow[I, O], (O → P) → Flow[I, P]",
        "`fn` of the value of `f`.",
        f"{ERROR_PASSES} What `fn` raises is one, too.",
        ITS_PART,
        SEARCH.map(words),
        ("cats", "the moon"),
        ("functor.preserves_identity", "functor.preserves_composition"),
    ),
    Entry(
        node.FlatMap,
        "flat_map",
        "f.flat_map(g), f >> g",
        "Flow[I, O], Flow[O, P] → Flow[I, P]",
        "`g` on the value of `f`: Kleisli composition.",
        "The error of whichever fails; when `f` does, `g` never begins.",
        ITS_PART,
        SEARCH >> ARCHIVE,
        ("cats", "the moon"),
        ("category.associativity", "category.left_identity"),
    ),
    Entry(
        node.Bind,
        "bind",
        "f.bind(k)",
        "Flow[I, O], (O → Flow[I, P]) → Flow[I, P]",
        "The flow that `k` returns for the value of `f`, on the *original* input. Interpreters "
        "that run nothing cannot see through it, and say so.",
        f"{ERROR_PASSES} So is what `k` raises, and a `TypeError` if it returns no flow.",
        ITS_PART,
        SHOUT.bind(by_length),
        ("cats", "a long question"),
        ("monad.left_identity", "monad.right_identity", "monad.associativity"),
    ),
)

PRODUCTS = (
    Entry(
        node.ZipAll,
        "zip, zip_all",
        "f.zip(g), f & g, zip_all(f, g, …)",
        "Flow[I, O], Flow[I, P] → Flow[I, tuple[O, P]]",
        "All get the same input, at once; the tuple of their values, in their order.",
        FIRST_ERROR,
        ALL,
        zip_all(SEARCH, ARCHIVE),
        ("cats", "the moon", "the sun"),
        ("derived.zip_all_is_folded_zip", "arrow.merge"),
    ),
    Entry(
        node.Each,
        "each",
        "each(f, g, …)",
        "Flow[I, O], Flow[J, P] → Flow[tuple[I, J], tuple[O, P]]",
        "The i-th element of the input to the i-th flow, at once: the tensor.",
        "As `zip`. A tuple of another length is a `ValueError`, what is no tuple a `TypeError`.",
        ALL,
        each(SEARCH, SHOUT),
        (("cats", "dogs"), ("cats",)),
        ("derived.each_is_zip_of_components", "premonoidal.interchange"),
    ),
    Entry(
        node.Traverse,
        "traverse",
        "traverse(f, *, max_concurrency=None)",
        "Flow[I, O] → Flow[Sequence[I], tuple[O, ...]]",
        "`f` on each element, at most `max_concurrency` at a time; the values in order.",
        "As `zip`: elements whose turn has not come never begin. What is no sequence is a "
        "`TypeError`.",
        ALL,
        traverse(SEARCH, max_concurrency=2),
        (["cats", "dogs", "mice"], ["cats", "the moon", "mice"]),
        ("traversal.preserves_identity", "traversal.fuses"),
    ),
)

RACES = (
    Entry(
        node.Race,
        "race",
        "race(f, g, …), f.race(g)",
        "Flow[I, O], Flow[I, P] → Flow[I, O | P]",
        "The value of the first to *succeed*. The others are cancelled, and gone before it is "
        "seen. Ties go to the leftmost.",
        "If all fail, `AllFailedError`: a group of their errors, in their order.",
        ALL,
        race(ARCHIVE, SEARCH),
        ("cats", "the moon"),
        ("race.race_associates", "race.never_loses", "race.race_is_natural"),
    ),
    Entry(
        node.FirstCompleted,
        "first_completed",
        "first_completed(f, g, …)",
        "Flow[I, O], Flow[I, P] → Flow[I, O | P]",
        "The value of the first to *finish*, if that has one. The others are cancelled, and gone "
        "before it is seen.",
        "The error of the first to finish, if that has failed.",
        ALL,
        first_completed(ARCHIVE, SEARCH),
        ("cats", "the moon"),
        ("race.first_completed_associates", "race.failure_is_the_first"),
    ),
    Entry(
        node.AtLeast,
        "at_least",
        "at_least(n, f, g, …, stop_early=False)",
        "int, Flow[I, O], … → Flow[I, QuorumResult[O]]",
        "`QuorumResult(succeeded, failed)`, if `n` succeed. With `stop_early` as soon as they "
        "have, and the others are cancelled.",
        "`QuorumError`, which holds that result, if fewer do. With `stop_early` as soon as `n` "
        "can no longer be reached.",
        ALL,
        at_least(1, SEARCH, ARCHIVE),
        ("cats", "the sun", "the moon"),
        ("quorum.counts_attempts", "quorum.quorum_of_all", "quorum.early_quorum_of_one_is_a_race"),
    ),
)

CHOICES = (
    Entry(
        node.Match,
        "branch",
        "f.branch(on(A, g).on(B, h)), f.branch({A: g, B: h})",
        "Flow[I, A | B], Flow[A, O], Flow[B, P] → Flow[I, O | P]",
        "The value goes to the first case of whose type it is an instance. `on(…)` is a flow by "
        "itself, and mypy finds a case that is left out; a mapping is the form that nobody checks.",
        "`NoBranchError` if no case takes the value; else the error of the case.",
        ITS_PART,
        agent(write).branch(on(Draft, pure(text_of)).on(Refusal, pure(reason_of))),
        ("cats", "taxes"),
        ("choice.chooses_left", "choice.chooses_right", "choice.distributes_after"),
    ),
    Entry(
        node.BranchOn,
        "branch_on",
        "f.branch_on(predicate, then, otherwise)",
        "Flow[I, O], (O → bool), Flow[O, P], Flow[O, P] → Flow[I, P]",
        "The value goes to `then` if the predicate holds of it, else to `otherwise`.",
        "The error of the source, of the predicate, or of the way that was taken.",
        ITS_PART,
        SHOUT.branch_on(is_short, SEARCH, ARCHIVE),
        ("cats", "a long question"),
        ("derived.branch_on_is_branch",),
    ),
)

FAILURES = (
    Entry(
        node.Recover,
        "recover",
        "f.recover(handler)",
        "Flow[I, O], (Exception → P) → Flow[I, O | P]",
        "The value of `f`; if it fails by a recoverable error, what the handler makes of that.",
        "What the handler raises. An error that is not recoverable passes.",
        ITS_PART,
        SEARCH.recover(apology),
        ("cats", "the moon"),
        ("error.recovers_by_a_function", "error.handling_nothing"),
    ),
    Entry(
        node.RecoverWith,
        "recover_with",
        "f.recover_with(h)",
        "Flow[I, O], Flow[Exception, P] → Flow[I, O | P]",
        "The value of `f`; if it fails by a recoverable error, that of `h` on the error.",
        "The error of `h`. An error that is not recoverable passes.",
        ITS_PART,
        SEARCH.recover_with(agent(explain)),
        ("cats", "the moon"),
        ("error.handles", "error.handles_with"),
    ),
    Entry(
        node.FallbackTo,
        "fallback_to",
        "f.fallback_to(g), f | g",
        "Flow[I, O], Flow[I, P] → Flow[I, O | P]",
        "The value of `f`; if it fails by a recoverable error, that of `g` on the *original* "
        "input.",
        "The error of `g`.",
        ITS_PART,
        ARCHIVE | SEARCH,
        ("cats", "the sun", "the moon"),
        ("alternative.associativity", "alternative.left_unit", "alternative.left_catch"),
    ),
    Entry(
        node.Attempt,
        "attempt",
        "f.attempt()",
        "Flow[I, O] → Flow[I, Result[O, Exception]]",
        "`Success(v)`, or `Failure(e)` if `f` fails by a recoverable error: those of "
        "`returns.result`.",
        "Only by what is not recoverable.",
        ITS_PART,
        SEARCH.attempt(),
        ("cats", "the moon"),
        ("attempt.attempts_a_success", "attempt.attempts_a_failure"),
    ),
    Entry(
        node.Absolve,
        "absolve",
        "f.absolve()",
        "Flow[I, Result[O, Exception]] → Flow[I, O]",
        "`v`, if `f` yields `Success(v)`.",
        "`e`, if it yields `Failure(e)`; a `TypeError` if it yields neither.",
        ITS_PART,
        SEARCH.attempt().absolve(),
        ("cats", "the moon"),
        ("attempt.absolves_what_it_attempts",),
    ),
    Entry(
        node.Retry,
        "retry",
        "f.retry(times, *, backoff=None, on=Exception)",
        "Flow[I, O] → Flow[I, O]",
        "The value of the first try that succeeds: one, and at most `times` more, on the original "
        "input, after the waits that the backoff says.",
        "The error of the last try; at once by one that is not of the types `on`, or not "
        "recoverable.",
        "The try or the wait is cancelled; there is no other.",
        SEARCH.retry(2, backoff=Backoff(0.5), on=ConnectionError),
        ("cats", "the moon"),
        ("retries.no_retry", "retries.retry_is_a_fallback", "timing.retries_wait"),
    ),
    Entry(
        node.Timeout,
        "timeout",
        "f.timeout(seconds)",
        "Flow[I, O] → Flow[I, O]",
        "The value of `f`, if it is there in time.",
        "`FlowTimeoutError` past the time: `f` is cancelled, and its finalisers have run. Before "
        "it, the error of `f`.",
        ITS_PART,
        ARCHIVE.timeout(2),
        ("cats",),
        ("timing.timeout_is_a_race", "timing.shortest_timeout_counts"),
    ),
)

CHECKS = (
    Entry(
        node.Filter,
        "filter",
        "f.filter(predicate)",
        "Flow[I, O], (O → bool) → Flow[I, O]",
        "The value of `f`, if the predicate holds of it.",
        "`FlowFilterError`, whose `.value` it is, if not.",
        ITS_PART,
        SHOUT.filter(is_short),
        ("cats", "a long question"),
        ("checks.filters_by_branching", "checks.filters_fuse"),
    ),
    Entry(
        node.Guard,
        "guard",
        "f.guard(check)",
        "Flow[I, O], Flow[O, bool] → Flow[I, O]",
        "The value of `f`, if the check yields `True` for it.",
        "`FlowFilterError` if it yields `False`; the error of the check if that fails.",
        ITS_PART,
        SEARCH.guard(agent(is_polite)),
        ("cats, please", "cats"),
        ("checks.filters_by_guarding", "checks.guards_by_binding"),
    ),
)

EFFECTS = (
    Entry(
        node.AndThen,
        "and_then",
        "f.and_then(fn)",
        "Flow[I, O], (O → None) → Flow[I, O]",
        "The value of `f`, after `fn` has been called with it.",
        f"{ERROR_PASSES} What `fn` raises is one, too.",
        ITS_PART,
        SHOUT.and_then(note),
        ("cats", ""),
        ("effects.effect_is_a_map",),
    ),
    Entry(
        node.Tap,
        "tap",
        "f.tap(side)",
        "Flow[I, O], Flow[O, Any] → Flow[I, O]",
        "The value of `f`, after the side flow on it has ended.",
        "The error of `f`, or of the side flow.",
        ITS_PART,
        SHOUT.tap(LOG),
        ("cats",),
        ("effects.tap_is_a_fanout", "effects.tap_of_a_function"),
    ),
    Entry(
        node.Notify,
        "notify",
        "f.notify(side)",
        "Flow[I, O], Flow[O, Any] → Flow[I, O]",
        "The value of `f`, at once; the side flow on it runs in the background of the system.",
        "The error of `f`. That of the side flow is logged, told as a `side_failed` event, and "
        "never reaches this flow.",
        "`f` is cancelled. A side flow that has begun belongs to the system, which waits for it "
        "when it shuts down.",
        SHOUT.notify(LOG),
        ("cats",),
        ("effects.notify_is_transparent", "effects.notify_takes_no_time"),
    ),
    Entry(
        node.DivertTo,
        "divert_to",
        "f.divert_to(side, when)",
        "Flow[I, O], Flow[O, Any], (O → bool) → Flow[I, O]",
        "As `notify`, for the values of which `when` holds.",
        "As `notify`; what `when` raises is an error of this flow.",
        "As `notify`.",
        SHOUT.divert_to(LOG, is_short),
        ("cats", "a long question"),
        ("effects.divert_to_is_a_choice",),
    ),
)

LOOPS = (
    Entry(
        node.Loop,
        "loop",
        "loop(body, *, max_iter=10)",
        "Flow[I, Continue[I] | Done[O]] → Flow[I, O]",
        "`v`, once the body yields `Done(v)`; after `Continue(y)` it runs again, on `y`. Rounds "
        "take no stack.",
        "The error of the body; `LoopLimitError` after `max_iter` rounds (`None`: no bound); a "
        "`TypeError` if it yields neither.",
        "The round that is running is cancelled; there is no other.",
        loop(agent(improve), max_iter=3),
        ("good!", "good"),
        ("iteration.fixpoint", "iteration.naturality", "iteration.unrolling"),
    ),
    Entry(
        node.LoopWithState,
        "loop_with_state",
        "loop_with_state(body, *, init_state, max_iter=10)",
        "Flow[tuple[I, S], tuple[Continue[I] | Done[O], S]] → Flow[I, O]",
        "As `loop`, with a state that the body is given and gives back. A callable `init_state` is "
        "called once a run.",
        "As `loop`.",
        "As `loop`.",
        loop_with_state(pure(numbered), init_state=0),
        ("cats",),
        ("iteration.state_is_a_component",),
    ),
)

LABELS = (
    Entry(
        node.Named,
        "named",
        "f.named(label)",
        "Flow[I, O] → Flow[I, O]",
        "The value of `f`: a label means nothing. It is seen in drawings, traces, spans and the "
        "paths of errors.",
        "The error of `f`.",
        ITS_PART,
        (SEARCH >> SHOUT).named("loud search"),
        ("cats",),
        ("derived.label_means_nothing",),
    ),
)

CHAPTERS = {
    "Leaves": LEAVES,
    "In sequence": SEQUENCES,
    "At once": PRODUCTS,
    "Races and quorums": RACES,
    "Choice": CHOICES,
    "Failure and time": FAILURES,
    "Checks": CHECKS,
    "Effects on the side": EFFECTS,
    "Iteration": LOOPS,
    "Labels": LABELS,
}
ENTRIES = tuple(entry for entries in CHAPTERS.values() for entry in entries)
