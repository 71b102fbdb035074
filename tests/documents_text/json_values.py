"""Values of JSON, with the texts and numbers that a syntax may get wrong."""

from hypothesis import strategies as st

from everything_is_an_actor.interpreters.documents.tree import DEPTH

AWKWARD_TEXTS = [
    "", " ", "a ", " a", "~", "null", "Null", "yes", "No", "ON", "off", "y", "N", "true",
    "False", "<<", "=", "-", "- a", "-a", "--flag", "?", "? a", ":", ": a", "a:", "a: b",
    "a:b", "a :b", "#", "#a", "a #b", "a#b", ",", "a, b", "a,b", "[", "[a]", "a]", "{", "{a}",
    "a}", "&a", "*a", "!a", "!!str a", "|", ">", "%a", "@a", "`a", "'a'", '"a"', "a'b", 'a"b',
    "\\", "a\\n", "a\nb", "a\n", "\na", "a\r\nb", "a\tb", "\t", "\x00", "\x07", "\x1b",
    "\x7f", "\x85", "a\x85b", "\xa0", "\u2028", "\u2029", "\ufeff", "a\ufeffb", "\ufffd",
    "\ufffe", "é", "日本", "🚀", "👩‍👩‍👧", "العربية", "١٢", "1", "-1", "+1", "012", "0o17",
    "0x1F", "0b1", "1_000", "1.5", ".5", "5.", "1e5", "1E+5", "1.0e+20", ".inf", "-.INF",
    ".nan", "inf", "nan", "12:30", "12:30:45", "1:2", "2001-12-14", "2001-12-14t21:59:43Z",
    "2001-12-14 21:59:43.10 -5", "10.0.0.1", "3 agents", "2nd", "---", "--- a", "...",
    "... a", "myapp.agents.Writer", "myapp.agents:Writer", "http://x.y/z?a=b#c", "C#", "a?",
    "a? b", "a!", "Hello, world", "(a)", "<b>", "$x", "/a/b", "_", "a" * 100, "a b " * 50,
    "é" * 1_100,
]  # fmt: skip

awkward_texts = st.sampled_from(AWKWARD_TEXTS)
texts = (
    awkward_texts | st.text(max_size=8) | st.text("ab ,:#-?[]{}&*!|>'\"%@~<=.\\\n\t019", max_size=6)
)
numbers = (
    st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0, -0.0, 1e20, 1e-7, 5e-324, 1.7976931348623157e308, 10**400, 0.1 + 0.2])
)
scalars = texts | numbers | st.booleans() | st.none()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def nested(depth: int) -> object:
    """A scalar within so many lists and mappings."""
    value: object = "a"
    for level in range(depth):
        value = [value] if level % 2 else {"key": value}
    return value


DEEPEST = nested(DEPTH)
