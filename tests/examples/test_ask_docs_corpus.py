"""The reader of documents: what becomes a passage, from which files."""

from pathlib import Path

import pytest

from examples.ask_docs.corpus import CorpusError, Passage, python_docs, read_folder, read_texts


def passages(text: str) -> list[Passage]:
    return list(read_texts({"topic": text}))


def test_a_passage_stands_under_its_headings_outermost_first() -> None:
    text = (
        "Book\n****\n\nIntro.\n\nChapter\n=======\n\nOne.\n\n"
        "Section\n-------\n\nTwo.\n\nLast\n====\n\nThree."
    )
    assert [(p.headings, p.text) for p in passages(text)] == [
        (("Book",), "Intro."),
        (("Book", "Chapter"), "One."),
        (("Book", "Chapter", "Section"), "Two."),
        (("Book", "Last"), "Three."),
    ]


def test_markdown_headings_and_fenced_code_are_read() -> None:
    (one, two) = passages(
        "# Top\n\nText:\n\n```python\n# no heading\nx = 1\n```\n\n## Sub ##\nMore."
    )
    assert one.statements[0].block == "# no heading\nx = 1"
    assert (two.headings, two.text) == (("Top", "Sub"), "More.")


def test_a_sentence_keeps_the_code_it_introduces() -> None:
    (passage,) = passages("First. This is how names are bound:\n\n   a = 1\n   b = 2\n\nNext.")
    first, second, third = passage.statements
    assert (first.text, first.block) == ("First.", "")
    assert (second.text, second.block) == ("This is how names are bound:", "a = 1\nb = 2")
    assert third.text == "Next."


def test_an_example_stays_with_what_it_is_an_example_of() -> None:
    (passage,) = passages("First. Names can be bound. For example:\n\n   a = 1")
    assert [s.text for s in passage.statements] == ["First.", "Names can be bound. For example:"]


def test_a_sentence_keeps_the_list_it_introduces() -> None:
    (passage,) = passages(
        "It goes as follows:\n\n1. Open it.\n\n2. Close it.\n   And leave.\n\nDone."
    )
    assert passage.statements[0].block == "1. Open it.\n2. Close it. And leave."
    assert passage.statements[1].text == "Done."


def test_directives_and_roles_of_restructured_text_are_read() -> None:
    (passage, entry) = passages(
        "Title\n=====\n\nRun :func:`go <m.go>` like this::\n\n    go()\n\n.. a comment\n\n"
        ".. note:: It is\n   quick.\n\n.. image:: go.png\n   :alt: none\n\n"
        ".. function:: go(fast)\n\n   Goes.\n"
    )
    assert passage.statements[0].text == "Run `go` like this:"
    assert passage.statements[0].block == "go()"
    assert passage.statements[1].text == "It is quick."
    assert (entry.title, entry.text) == ("Title › go(fast)", "Goes.")


def test_an_indented_description_makes_its_signature_a_heading() -> None:
    (passage,) = passages("Methods\n*******\n\nstr.upper()\n\n   Return a copy in upper case.\n")
    assert passage.headings == ("Methods", "str.upper()")
    assert passage.text == "Return a copy in upper case."


def test_table_rows_are_statements_without_their_head() -> None:
    drawn = (
        "+----+------+\n| op | does |\n|====|======|\n| +  | adds |\n|    | up   |\n+----+------+"
    )
    assert [s.text for s in passages(drawn)[0].statements] == ["+ — adds up"]
    markdown = "| op | does |\n|----|------|\n| +  | adds |\n|    |      |\n| /  | divides |"
    assert [s.text for s in passages(markdown)[0].statements] == ["+ — adds", "/ — divides"]


def test_sentences_end_at_full_stops_but_not_at_abbreviations() -> None:
    (passage,) = passages('Use it, e.g. Here, i.e. There. "x" is one. "y" is two. Mr. X!')
    assert [s.text for s in passage.statements] == [
        "Use it, e.g. Here, i.e. There.",
        '"x" is one.',
        '"y" is two.',
        "Mr. X!",
    ]


def test_a_passage_that_two_texts_share_is_kept_once_for_the_shorter() -> None:
    extract, whole = "Shared passage.", "# A\n\nOther.\n\n# B\n\nShared passage."
    found = list(read_texts({"whole": whole, "extract": extract}))
    assert [(p.topic, p.text) for p in found] == [
        ("extract", "Shared passage."),
        ("whole", "Other."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n\n",
        "=====",
        "```",
        "- ",
        ".. note::",
        "|--|\n|--|",
        "+--+\n|  |",
        "a:\n\n  b:\n\n    c",
        "\ufeff\u202e\x0c",
    ],
)
def test_any_text_can_be_read(text: str) -> None:
    for passage in passages(text):
        assert passage.statements


def test_indentation_of_any_depth_can_be_read() -> None:
    stairs = "\n\n".join(" " * depth + f"Step {depth}:" for depth in range(600))
    assert passages(stairs)


def test_the_documentation_of_python_has_statements_below_headings() -> None:
    corpus = python_docs()
    assert len(corpus.passages) > 300
    assert all(passage.headings for passage in corpus.passages)
    (first, *_) = [p for p in corpus.passages if p.topic == "with"]
    assert first.headings == ('The "with" statement',)
    assert first.statements[0].text.startswith('The "with" statement is used to wrap')


def test_a_folder_is_read_in_depth_in_any_usual_encoding(tmp_path: Path) -> None:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    (tmp_path / "deep" / "er" / "utf8.md").write_text("Grüße aus UTF-8.", encoding="utf-8")
    (tmp_path / "bom.txt").write_text("Grüße mit Marke.", encoding="utf-8-sig")
    (tmp_path / "wide.RST").write_text("Grüße aus UTF-16.", encoding="utf-16")
    (tmp_path / "latin.txt").write_bytes("Grüße aus Latin-1.".encode("latin-1"))
    corpus = read_folder(tmp_path)
    assert {(p.topic, p.text) for p in corpus.passages} == {
        ("bom.txt", "Grüße mit Marke."),
        ("deep/er/utf8.md", "Grüße aus UTF-8."),
        ("latin.txt", "Grüße aus Latin-1."),
        ("wide.RST", "Grüße aus UTF-16."),
    }


def test_what_is_no_text_is_left_out_and_named(tmp_path: Path) -> None:
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\0\0")
    (tmp_path / "program.py").write_text("print()")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "secret.md").write_text("Secret.")
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "real.md").write_text("Real.")
    corpus = read_folder(tmp_path)
    assert [p.text for p in corpus.passages] == ["Real."]
    assert corpus.skipped == ("picture.txt",)


def test_two_files_that_differ_in_their_suffix_are_both_read(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("From Markdown.")
    (tmp_path / "notes.txt").write_text("From text.")
    assert {p.text for p in read_folder(tmp_path).passages} == {"From Markdown.", "From text."}


def test_a_folder_without_text_or_no_folder_is_one_clear_message(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"holds no \.txt, \.md, \.rst file with text"):
        read_folder(tmp_path)
    with pytest.raises(CorpusError, match=r"nowhere does not exist"):
        read_folder(tmp_path / "nowhere")
    file = tmp_path / "file.txt"
    file.write_text("Text.")
    with pytest.raises(CorpusError, match="is not a folder"):
        read_folder(file)
