"""The names on the spans: OpenTelemetry's GenAI semantic conventions, version 0.1.0.

https://github.com/open-telemetry/semantic-conventions-genai/blob/v0.1.0/docs/gen-ai/README.md, and
where these have none, this project's own under `everything_is_an_actor`. Their status is
"development": a later version may rename them, and is then followed here and nowhere else.

Since that version a workflow has its name in `gen_ai.agent.name`, as an agent has, and no longer in
`gen_ai.workflow.name`. An agent that is invoked in the process of its caller has no
`gen_ai.agent.id`, which is for hosted agents and must not change from one instance to the next:
hence `AGENT_PATH`. A conversation is more than a run of a flow, and its id must not be made up:
hence `RUN_ID`. The finish reason of a message is deprecated, and is not told.
"""

from typing import Final

SCHEMA_URL: Final = "https://opentelemetry.io/schemas/gen-ai/0.1.0"

OPERATION_NAME: Final = "gen_ai.operation.name"
INVOKE_AGENT: Final = "invoke_agent"
INVOKE_WORKFLOW: Final = "invoke_workflow"

AGENT_NAME: Final = "gen_ai.agent.name"
AGENT_DESCRIPTION: Final = "gen_ai.agent.description"
AGENT_VERSION: Final = "gen_ai.agent.version"
INPUT_MESSAGES: Final = "gen_ai.input.messages"
OUTPUT_MESSAGES: Final = "gen_ai.output.messages"
ERROR_TYPE: Final = "error.type"

AGENT_PATH: Final = "everything_is_an_actor.agent.path"
RUN_ID: Final = "everything_is_an_actor.run.id"
TASK_ID: Final = "everything_is_an_actor.task.id"
DATA: Final = "everything_is_an_actor.data"
"""On the event of a chunk or of progress: what it was, if content is captured."""
TASK_STATUS: Final = "everything_is_an_actor.task.status"
"""How it ended: `completed`, `failed` or `cancelled`."""
