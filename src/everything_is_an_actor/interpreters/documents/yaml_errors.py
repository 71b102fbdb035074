"""What the parser of YAML says of a text that is none, in words for people."""

from typing import Final

from everything_is_an_actor.interpreters.documents.problems import Position

_QUOTE: Final = "quote a text that has it"
# By the beginning of what one of the two parsers says, the one in C or the one in Python.
_EXPLAINED: Final = {
    "mapping values are not allowed": f"there is a ':' where no value can begin: {_QUOTE}",
    "could not find expected ':'": "this line is neither a value nor a key with its ':'",
    "did not find expected key": "this fits neither the mapping that it is in nor its indentation",
    "did not find expected '-' indicator": "this is no entry of the list that it is in",
    "did not find expected node content": "there is no value here",
    "expected the node content": "there is no value here",
    "expected <block end>": "this does not fit the list or mapping that it is in",
    "did not find expected <document start>": "the document has ended before this",
    "expected '<document start>'": "the document has ended before this",
    "found character": "no value begins with this character: quote the text; indent with spaces",
    "found unexpected end of stream": "the text ends within quotes",
    "found undefined tag handle": "this tag is not read: leave it out",
    "found incompatible YAML document": "only YAML 1.1 and 1.2 are read",
    "block sequence entries are not allowed": f"there is a '- ' where no list can begin: {_QUOTE}",
    "block mapping entries are not allowed": "there is a '? ' where no key can begin",
    "mapping keys are not allowed": "there is a '? ' where no key can begin",
    "did not find expected ',' or ']'": "',' or ']' is needed here",
    "expected ',' or ']'": "',' or ']' is needed here",
    "did not find expected ',' or '}'": "',' or '}' is needed here",
    "expected ',' or '}'": "',' or '}' is needed here",
    "found invalid Unicode character escape code": "this escape stands for no character",
    "found unknown escape character": "there is no such escape: write \\\\ for a backslash",
}
_CONTEXTS: Final = {
    "while parsing a flow sequence": "list",
    "while parsing a flow mapping": "mapping",
    "while parsing a block mapping": "mapping",
    "while parsing a block collection": "list",
    "while scanning a quoted scalar": "text",
    "while scanning a double-quoted scalar": "text",
    "while scanning a single-quoted scalar": "text",
}


def explained(problem: str | None, context: str | None, began: Position | None) -> str:
    """One line: what is wrong, and in what, and where that began.

    >>> explained("did not find expected ',' or ']'", "while parsing a flow sequence", None)
    "',' or ']' is needed here"
    """
    problem = problem or "this is not YAML"
    known = (text for prefix, text in _EXPLAINED.items() if problem.startswith(prefix))
    message = next(known, " ".join(problem.split()))
    inside = _CONTEXTS.get(context or "")
    return f"{message} (in the {inside} that begins at {began})" if inside and began else message
