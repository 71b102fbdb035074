"""Answer a question from documentation, with sources: three retrievers, one quorum, no language
model.
"""
