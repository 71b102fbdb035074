"""The signs that equations are written with: a table at the head of `docs/equations.md`.

What they are in Python is in `algebra/laws/arrows.py`, `functions.py` and `select.py`, beside them.
"""

from typing import Final

NOTATION: Final[dict[str, str]] = {
    "`f`, `g`, `h`, `k`": "flows or functions, whatever they are: an equation is about all of them",
    "`x ↦ …`, `λx. …`": "a function; `h ∘ k` is `h` after `k`, `const x` yields `x` of anything",
    "`f >>> g`, `id`": "`f.flat_map(g)`, in Python also `f >> g`; `identity()`",
    "`arr h`": "`pure(h)`: a function as a flow",
    "`f &&& g`": "`f.zip(g)`: both on the same input, at the same time",
    "`f *** g`": "`each(f, g)`: each on its component of a pair, at the same time",
    "`first f`, `second f`": "`f *** id`, `id *** f`: on one component, the other passes through",
    "`A + B`": "a sum, `Continue[A] | Done[B]`: the left (`Left`) and the right (`Right`)",
    "`f ||| g`": "`f` on what is on the left, `g` on what is on the right",
    "`f +++ g`": "the same, and the outputs are on the left and on the right again",
    "`left f`, `right f`": "`f +++ id` and `id +++ f`: on one side, the other passes through",
    "`lmap(f, h)`, `rmap(f, k)`, `dimap(f, h, k)`": "`f` with a function before it, after it, both",
    "`f <|> g`": "`f.fallback_to(g)`, in Python also `f | g`",
    "`f >>= k`, `k >=> l`": "`f.bind(k)`; `x ↦ k(x).bind(l)`",
    "`f <*> g`, `f <;> g`": "the function that `f` yields, of what `g` yields: both at the same "
    "time; one after the other",
    "`f *> g`": "one after the other, and the value of `g`",
    "`x <*? y`": "`select`: of `Done b` it is `b`, of `Continue a` it is `h a` if `y` yields `h`",
    "`f <&> g`": "of validated flows: both values, or the errors of both",
    "`always x`, `fail e`": "the flow that yields `x`, or fails by `e`, whatever comes",
    "`wait d`, `sleep d`, `never`": "the input after `d` seconds; no end",
    "`dup`, `fst`, `snd`, `swap`": "of pairs: `x ↦ (x, x)`, `(x, y) ↦ x`, `(x, y) ↦ y`, "
    "`(x, y) ↦ (y, x)`",
    "`assoc`, `sum_assoc`, `distr`": "`((x, y), z) ↦ (x, (y, z))`; the same of sums; "
    "`(A + B) × C → (A × C) + (B × C)`; with `un` before it, the way back",
    "`mirror`, `∇`": "the left as the right, and the other way round; `A + (A + B) → A + B`: "
    "who goes on in either of two loops goes on",
    "`h × k`, `h + k`": "functions on the components of a pair, on the sides of a sum",
    "`curry h`": "`x ↦ (y ↦ h((x, y)))`",
    "`⟦f⟧`, `⟦f⟧′`": "what `f` means to an interpreter, to another one; `⟦f⟧ x ⊗ ⟦g⟧ y` is both "
    "outcomes as one, of which the first error in time counts",
    "`⇑ e`": "`e` is raised",
    "`≈`": "the two sides cannot be told apart by the observation in the row",
}
"""What each sign means, in the order in which one needs them."""
