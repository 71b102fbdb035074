"""Which laws kill which mutant: by what is wrong, by the mutant's name.

Not all that do: some of each that do it quickly, and every law is among them.
"""

from collections.abc import Mapping

from laws.killers import analyses, documents, flows, interpreters, parts, program_runs, programs

KILLERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "flows": flows.KILLERS,
    "interpreters": interpreters.KILLERS,
    "documents": documents.KILLERS,
    "analyses": analyses.KILLERS,
    "programs": programs.KILLERS,
    "runs of programs": program_runs.KILLERS,
    "mailboxes": parts.MAILBOXES,
    "registry stores": parts.STORES,
    "virtual actors": parts.VIRTUAL_ACTORS,
    "supervision": parts.SUPERVISION,
}
