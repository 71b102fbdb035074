"""Results as text: JSON where a value has that form, its `str` where not."""

import json

from everything_is_an_actor.algebra.plain import safely


def result_text(value: object, *, ascii_only: bool = False) -> str:
    """A result for people and pipes: a `str` as it is, JSON if it has that form, else its `str`.

    >>> result_text("done"), result_text(("a", 1)), result_text(1j)
    ('done', '["a", 1]', '1j')
    """
    if isinstance(value, str):
        return safely(str, value)
    try:
        return json.dumps(value, ensure_ascii=ascii_only, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return safely(str, value)
