"""What one would expect among the laws and does not find there, and why; as data, as the laws are.

What does not hold is not here but among the counterexamples (`docs/equations.md`).
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An equation, or an operation and all its equations, of a structure; and why it is not here.

    >>> LEFT_OUT[0].structure
    'Applicative'
    """

    structure: str
    equation: str
    because: str


def _of(structure: str, because: str, *equations: str) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(structure, equation, because) for equation in equations)


_BY_DEFINITION = "this is how it is defined: both sides are the same flow"
_A_SIZE = "no equation but a size: `tests/flow/test_sizes.py`, `tests/free/test_sizes.py`"
_NO_FEEDBACK = (
    "there is no feedback through a product: an agent cannot begin on an input that is not there "
    "yet. `loop` is the trace over the sum, and `loop_with_state` is iteration on a pair"
)
_OF_VALUES = "it is about the values, which are those of `returns`, and not about flows"
_NO_SUCH_OPERATOR = "there is no such operator: what a flow gives up on, it cancels"
_FOLLOWS = "it follows from the laws of the monad, and there is no method for it"
_OF_ATTEMPT = "there is no such method: it is `attempt` and a function, as it is for flows"

LEFT_OUT: tuple[LeftOut, ...] = (
    *_of("Applicative", _BY_DEFINITION, "f <*> v ≈ (f &&& v).map(apply)"),
    *_of("Apply", _BY_DEFINITION, "map2 h f g ≈ (f &&& g).map(h)"),
    *_of("Profunctor", _BY_DEFINITION, "rmap(f, h) ≈ f.map(h)"),
    *_of("Monad", _A_SIZE, "tailRecM of 50,000 rounds ends"),
    *_of("Defer", _A_SIZE, "20,000 deferred flows in one another end"),
    *_of("Free", _A_SIZE, "a left-nested bind of 100,000 programs ends"),
    *_of(
        "ApplicativeError",
        "there are no handlers that are partial functions: one that raises again is partial "
        "(`error.handling_nothing`)",
        "handleWith f ≈ recoverWith (total f)",
        "handle f ≈ recover (total f)",
    ),
    *_of(
        "MonadError",
        _BY_DEFINITION,
        "redeem f h k ≈ f.attempt().map(fold h k)",
        "redeem_with f h k ≈ f.attempt() >>> (h ||| k)",
    ),
    *_of(
        "Parallel",
        "the two products are operations on one type: to go from one to the other is to do "
        "nothing, so that both sides are the same flow",
        "sequential (parallel f) ≈ f",
        "parallel (sequential f) ≈ f",
        "(sequential f).map(h) ≈ sequential (f.map(h))",
        "parallel (always x) ≈ always x",
    ),
    *_of(
        "Traced",
        _NO_FEEDBACK,
        "Tr (arr swap) ≈ id, yanking",
        "Tr f ≈ f, over the unit, vanishing",
        "Tr (Tr f) ≈ Tr (f, rebracketed), vanishing",
        "g *** Tr f ≈ Tr (g *** f), superposing",
    ),
    *_of(
        "ArrowLoop",
        _NO_FEEDBACK,
        "loop (loop f) ≈ loop (arr assoc >>> f >>> arr unassoc), vanishing",
        "second (loop f) ≈ loop (arr unassoc >>> second f >>> arr assoc), superposing",
        "loop (arr h) ≈ arr (trace h), extension",
    ),
    *_of("Validated", _OF_VALUES, "bitraverse pure pure v ≈ always v", "align"),
    *_of(
        "SemigroupK of Validated",
        "there is no such operator: it would be `<|>` that keeps the errors of both",
        "(v <+> w) <+> u ≈ v <+> (w <+> u)",
    ),
    *_of("Spawn", _NO_SUCH_OPERATOR, "start (always x) >>= join ≈ always (Succeeded x)"),
    *_of(
        "MonadCancel",
        _NO_SUCH_OPERATOR,
        "guarantee f g ≈ guaranteeCase f (λ_. g)",
        "uncancelable (λpoll. poll f) ≈ f",
    ),
    *_of(
        "Interpreter",
        "an agent has no meaning but what an interpreter makes of it. Of programs it is a law: "
        "`fold_map.of_an_operation`",
        "⟦agent op⟧ = handler op",
    ),
    *_of(
        "Interpreter",
        "flows have no `hoist`. Of programs it is a law: `fold_map.hoisting_*`",
        "hoist id = id",
        "⟦hoist h f⟧ by k = ⟦f⟧ by k ∘ h",
    ),
    *_of(
        "Serialisation",
        "no equation: that none is forgotten, a type checker sees, and a test of each kind",
        "every kind of node has a document",
    ),
    *_of(
        "Monad of programs",
        _FOLLOWS,
        "((k >=> l) >=> m) x ≈ (k >=> (l >=> m)) x",
        "(always >=> k) x ≈ k x ≈ (k >=> always) x",
        "(mproduct p k).map(snd) ≈ p >>= k",
        "p.productL(q) ≈ p >>= λa. q.map(λ_. a)",
        "p.productR(q) ≈ p >>= λ_. q",
    ),
    *_of(
        "Monad of programs",
        "it is a continuation that calls itself, and a matter of size",
        "tailRecM",
    ),
    *_of(
        "MonadError of programs",
        _OF_ATTEMPT,
        "recover",
        "redeem",
        "ensure",
        "onError",
        "adaptError",
    ),
    *_of(
        "Parallel of programs",
        "programs have no clock among their operations",
        "par(p, q) takes as long as the slower of them",
    ),
)
"""By structure, in the order of the sources."""
