"""The files of a new project, by their names."""

from typing import Final

AGENTS: Final = "agents.py"
SCHEMA: Final = "schema.json"

_AGENTS: Final = '''\
"""What `pipeline.yaml` names: agents, which are classes, and functions.

Their types are what `eiaa check` composes: AgentActor[str, list[str]] takes a text and yields a
list of texts. To call a model, do it in `execute`, which is async.
"""

from everything_is_an_actor.agents import AgentActor


class Summarise(AgentActor[str, str]):
    """The first sentence of a text."""

    async def execute(self, input: str, /) -> str:
        sentence = input.partition(".")[0].strip()
        if not sentence:
            raise ValueError("there is nothing to summarise")
        return sentence


class FirstWords(AgentActor[str, str]):
    """What stands in where there is no summary."""

    async def execute(self, input: str, /) -> str:
        return " ".join(input.split()[:5]) or "(empty)"


class Keywords(AgentActor[str, list[str]]):
    """The longest words of a text."""

    async def execute(self, input: str, /) -> list[str]:
        words = {word.strip(".,;:!?").lower() for word in input.split()}
        return sorted(words, key=lambda word: (-len(word), word))[:3]


class IsReadable(AgentActor[str, bool]):
    """Whether a report may leave the house."""

    async def execute(self, input: str, /) -> bool:
        return len(input) < 500


def report(found: tuple[str, list[str]]) -> str:
    """A summary and its keywords as one text."""
    summary, keywords = found
    return f"{summary} [{', '.join(keywords)}]"
'''

_PIPELINE: Final = """\
# yaml-language-server: $schema=schema.json
flow: Report
version: 1
steps:
  # Both at the same time, on the same input.
  - all:
      - fallback_to:
          source: {agent: {name: Summarise, timeout: 10}}
          fallback: FirstWords
      - Keywords
  # A function that makes one text of both, and an agent that may refuse it.
  - guard:
      source: {pure: report}
      check: IsReadable
"""

_SCRIPT: Final = """\
# What the agents do in `eiaa dry-run`: outputs, one for each call.
Summarise: [{raises: the model is down, after: 2}]
FirstWords: [Hello]
Keywords: [[hello, world]]
IsReadable: [true]
"""

_TEST: Final = '''\
"""The pipeline with scripted agents, on virtual time: nothing is called, nothing waits."""

from pathlib import Path

from everything_is_an_actor.flow import Registry, check, dry_run, from_yaml

import agents

DOCUMENT = Path(__file__).with_name("pipeline.yaml").read_text(encoding="utf-8")
PIPELINE = from_yaml(DOCUMENT, Registry.from_module(agents))


def test_the_types_fit() -> None:
    assert check(PIPELINE, str).ok


def test_without_a_summary_there_are_the_first_words() -> None:
    run = dry_run(
        PIPELINE,
        "Hello, world",
        {
            agents.Summarise: [ConnectionError("the model is down")],
            agents.FirstWords: ["Hello"],
            agents.Keywords: [["hello", "world"]],
            agents.IsReadable: [True],
        },
    )
    assert run.value == "Hello [hello, world]"
'''

_README: Final = """\
# {name}

`pipeline.yaml` says how the agents in `agents.py` work together. An editor with a YAML language
server completes it from `schema.json`. In an environment that has `everything-is-an-actor` and
`pytest`:

    eiaa run pipeline.yaml --registry agents --input hello
    eiaa check pipeline.yaml --registry agents
    eiaa dry-run pipeline.yaml --registry agents --script script.yaml --input hello
    eiaa bounds pipeline.yaml --registry agents
    eiaa draw pipeline.yaml --registry agents
    pytest

After a change of `agents.py`, the names that an editor completes are brought up to date by

    eiaa schema --registry agents --output schema.json
"""


_PYTEST: Final = """\
# These tests are by themselves, also within a folder that has settings of its own.
[pytest]
addopts = -p no:asyncio
pythonpath = .
"""


def files_of(name: str) -> dict[str, str]:
    """The files of a project of that name, all but its schema."""
    return {
        "README.md": _README.format(name=name),
        AGENTS: _AGENTS,
        "pipeline.yaml": _PIPELINE,
        "pytest.ini": _PYTEST,
        "script.yaml": _SCRIPT,
        "test_pipeline.py": _TEST,
    }
