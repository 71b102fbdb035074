"""What the reference of the site shows of the source: an extension of Griffe, which reads it.

Our docstrings are prose and examples, as Markdown; Griffe knows an example as one only under a
heading. What of a class has no docstring is left out: its signature says it, or nobody calls it.
"""

import re
from typing import Any, override

from griffe import Class, Extension, Object

EXAMPLE = re.compile(r"^>>> .*\n?(?:.+\n?)*", re.MULTILINE)


class Docstrings(Extension):
    """Fences examples, each from its `>>>` to the next empty line; leaves out what is not told."""

    @override
    def on_object(self, *, obj: Object, **kwargs: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)

    @override
    def on_class(self, *, cls: Class, **kwargs: Any) -> None:
        for name, member in list(cls.members.items()):
            is_special = name.startswith("__") and name != "__init__"
            if is_special or (name != "__init__" and not member.has_docstring):
                del cls.members[name]


def fenced(text: str) -> str:
    """A docstring as Markdown, its examples in fences.

    >>> fenced("Adds.\\n\\n>>> 1 + 1\\n2").splitlines()
    ['Adds.', '', '```pycon', '>>> 1 + 1', '2', '```']
    """
    return EXAMPLE.sub(lambda found: f"```pycon\n{found[0].rstrip()}\n```\n", text).rstrip()
