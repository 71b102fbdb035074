"""Which laws kill wrong documents."""

KILLERS: dict[str, tuple[str, ...]] = {
    "a_document_that_drops_a_timeout": (
        "documents.reads_what_was_written",
        "documents.keeps_what_is_shared",
    ),
    "a_document_whose_keys_are_in_no_order": ("documents.writes_what_was_read",),
    "a_document_read_without_the_timeouts_of_agents": (
        "documents.reads_what_was_written",
        "documents.writes_what_was_read",
    ),
    "a_document_read_with_its_siblings_swapped": (
        "documents.reads_what_was_written",
        "documents.writes_what_was_read",
        "documents.keeps_what_is_shared",
    ),
    "a_document_read_without_labels": ("documents.reads_what_was_written",),
}
