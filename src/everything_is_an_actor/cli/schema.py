"""`eiaa schema`: what a document may be, for editors."""

import json

from everything_is_an_actor.cli.files import deliver
from everything_is_an_actor.cli.options import Modules, OutputFile, WithTraceback
from everything_is_an_actor.cli.output import standard_output
from everything_is_an_actor.cli.program import load_registry
from everything_is_an_actor.cli.usage import DONE
from everything_is_an_actor.flow import json_schema


def schema(
    modules: Modules = None, file: OutputFile = None, with_traceback: WithTraceback = False
) -> int:
    """Print the JSON Schema of documents, by which an editor completes and checks them.

    With --registry it lists the names of the modules, each where it may stand.

    An editor finds it by the first line of a document:
    `# yaml-language-server: $schema=schema.json`
    """
    with standard_output() as output:
        registry = load_registry(modules) if modules else None
        deliver(json.dumps(json_schema(registry), indent=2), output, file)
        return DONE
