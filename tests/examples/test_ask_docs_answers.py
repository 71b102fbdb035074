"""Retrieval, evidence and answers, as plain functions over Python's own documentation."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from examples.ask_docs import retrieval
from examples.ask_docs.answer import (
    Answered,
    Claim,
    Source,
    cites_its_sources,
    compose,
    nothing_found,
    readings,
    summarise,
)
from examples.ask_docs.corpus import Corpus, CorpusError, Passage, Statement, read_texts
from examples.ask_docs.evidence import (
    ROUNDS,
    Confident,
    Unsure,
    fuse,
    judge,
    look_up,
    understand,
    widen,
)
from examples.ask_docs.retrieval import Hit, Library, Query, Ranking, library_of
from examples.ask_docs.words import MAX_TERMS, aspects


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of()


def evidence_for(question: str) -> Confident | Unsure:
    """What the pipeline's loop comes to."""
    library = library_of()
    query = understand(question)
    while True:
        found = judge(query, fuse([library.bm25(query), library.lsa(query), library.fuzzy(query)]))
        if isinstance(found, Confident) or query.round == ROUNDS:
            return found
        query = widen(found)


def answer_to(question: str) -> Answered:
    evidence = evidence_for(question)
    return compose(evidence, [summarise(reading) for reading in readings(evidence)])


# ---------------------------------------------------------------- words


def test_a_keyword_is_a_term_only_where_it_is_spoken_of() -> None:
    assert aspects("How does the with statement work with files?") == (
        ("with", "statement", "file"),
    )
    assert aspects("What can I do with files?") == (("file",),)
    assert aspects("What does `is` do?") == (("is",),)


def test_a_comparison_has_two_sides() -> None:
    assert aspects("What is the difference between is and ==?") == (("is",), ("==",))
    assert aspects("list vs tuple") == (("list",), ("tupl",))
    assert aspects("What is between a and b?") == ()


@pytest.mark.parametrize("question", ["", "   ", "?!", "😀😀", "how do I do it"])
def test_a_question_without_terms_has_no_aspect(question: str) -> None:
    assert aspects(question) == ()


def test_a_question_of_any_length_has_few_terms() -> None:
    (terms,) = aspects(" ".join(f"word{n}" for n in range(10_000)))
    assert len(terms) == MAX_TERMS


# ---------------------------------------------------------------- retrieval


@pytest.mark.parametrize("retriever", [Library.bm25, Library.lsa, Library.fuzzy])
def test_each_retriever_finds_the_topic_by_itself(library: Library, retriever: object) -> None:
    assert callable(retriever)
    ranking = retriever(library, understand("What does the with statement do?"))
    assert isinstance(ranking, Ranking)
    best = [library.passages[hit.passage].topic for hit in ranking.hits[:4]]
    assert "with" in best


def test_only_fuzzy_matching_understands_a_misspelt_question(library: Library) -> None:
    query = understand("What is a genrator?")
    assert library.bm25(query).hits == ()
    assert library.lsa(query).hits == ()
    found = [library.passages[hit.passage] for hit in library.fuzzy(query).hits[:5]]
    assert any("generator" in passage.text for passage in found)


def test_a_short_word_is_not_taken_for_its_neighbours(library: Library) -> None:
    assert library.spelt_like("bread") == ()
    assert library.spelt_like("wiht") == ("with",)
    assert "except" in library.spelt_like("exept")


def test_every_retriever_is_deterministic() -> None:
    query = understand("How are default parameter values evaluated?")
    one, other = Library(library_of().corpus), Library(library_of().corpus)
    assert one.bm25(query) == other.bm25(query)
    assert one.lsa(query) == other.lsa(query)
    assert one.fuzzy(query) == other.fuzzy(query)


@pytest.mark.parametrize("text", ["One word.", "Word. Word.", "Αλφα βήτα. Γάμμα δέλτα."])
def test_the_smallest_collection_can_be_searched(text: str) -> None:
    library = Library(Corpus("tiny", tuple(read_texts({"t": text}))))
    query = Query("word", None, (("word",),))
    for retriever in (library.bm25, library.lsa, library.fuzzy):
        assert len(retriever(query).hits) <= 1


def test_a_collection_without_words_is_one_clear_message() -> None:
    with pytest.raises(CorpusError, match="holds no words to search by"):
        Library(Corpus("tiny", tuple(read_texts({"t": "It is what it is."}))))


def test_a_library_is_built_once_for_all_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.md").write_text("Some words to read.")
    built: list[Corpus] = []
    build = Library.__init__

    def counting(self: Library, corpus: Corpus) -> None:
        built.append(corpus)
        build(self, corpus)

    monkeypatch.setattr(retrieval.Library, "__init__", counting)
    together = Barrier(4)

    def ask() -> Library:
        together.wait()
        return library_of(tmp_path)

    with ThreadPoolExecutor(4) as pool:
        libraries = [future.result() for future in [pool.submit(ask) for _ in range(4)]]
    assert len(built) == 1
    assert all(library is libraries[0] for library in libraries)


# ---------------------------------------------------------------- evidence


def test_fusion_prefers_what_several_rankings_have_and_equals_share_a_rank() -> None:
    one = Ranking("one", (Hit(1, 9.0), Hit(2, 8.0)))
    two = Ranking("two", (Hit(2, 0.9), Hit(3, 0.1)))
    assert [fused.passage for fused in fuse([one, two])] == [2, 1, 3]
    tied = fuse([Ranking("tied", (Hit(7, 1.0), Hit(8, 1.0), Hit(9, 0.5)))])
    assert tied[0].score == tied[1].score > tied[2].score


def test_other_words_are_looked_for_when_the_question_has_its_own() -> None:
    found = evidence_for("What does the walrus operator do?")
    assert isinstance(found, Confident)
    assert found.query.round == 2
    assert ("walrus", (":=",)) in found.query.others


def test_a_comparison_is_only_as_sure_as_its_weaker_side() -> None:
    assert isinstance(evidence_for("list vs tuple"), Confident)
    assert isinstance(evidence_for("list vs marzipan"), Unsure)


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("What does the with statement do?", 'The "with" statement'),
        ("What are lambdas?", "Lambdas"),
        ("What is slicing?", "Slicings"),
        ("Explain numeric literals", "Numeric literals"),
    ],
)
def test_a_section_that_is_headed_by_what_is_asked_is_looked_up(question: str, title: str) -> None:
    found = look_up(understand(question))
    assert isinstance(found, Confident)
    assert {one.passage.title for one in found.found} == {title}


@pytest.mark.parametrize(
    "question",
    [
        "What is a generator?",  # no such heading
        "What is a metaclass?",  # two of them
        "What are coroutines?",  # opens with "Added in version 3.5."
        "What are sets?",  # "These represent …"
        "list vs tuple",  # two things
        "What does the wiht statement do?",
        "",
    ],
)
def test_a_look_up_that_finds_nothing_plain_is_not_sure(question: str) -> None:
    assert isinstance(look_up(understand(question)), Unsure)


# ---------------------------------------------------------------- answers


@pytest.mark.parametrize(
    ("question", "topic", "says"),
    [
        ("How do I catch several exceptions in one except clause?", "try", '"except" clause'),
        ("How does the with statement work?", "with", "defined by a context manager"),
        ("How does the wiht statment work?", "with", "defined by a context manager"),
        ("What is the difference between is and ==?", "comparisons", "object’s identity"),
        ("What is the difference between is and ==?", "comparisons", "the values of two objects"),
        ("How are default parameter values evaluated?", "function", "from left to right"),
        ("What is a generator?", "types", "is called a generator function"),
        ("How do I define a class attribute?", "class", "are class attributes"),
        ("How do f-strings format numbers?", "formatstrings", "“Format specifications” are used"),
        ("What happens when a name is not found?", "naming", '"NameError" exception is raised'),
        ("What is a descriptor?", "attribute-access", "attribute with “binding behavior”"),
        ("When is __del__ called?", "customization", "instance is about to be destroyed"),
        ("list vs tuple", "typesseq", "Lists are mutable"),
        ("list vs tuple", "typesseq", "Tuples are immutable"),
    ],
)
def test_a_real_question_is_answered_from_the_right_topic(
    question: str, topic: str, says: str
) -> None:
    answer = answer_to(question)
    telling = [claim for claim in answer.claims if says in claim.text]
    assert topic in {answer.sources[claim.source - 1].topic for claim in telling}
    assert cites_its_sources(answer)


def test_an_answer_is_short_and_prints_its_sources() -> None:
    answer = answer_to("What is a generator?")
    assert 1 <= len(answer.claims) <= 4
    shown = str(answer)
    assert "is called a generator function. [1]" in " ".join(shown.split())
    assert shown.endswith(
        "Sources\n"
        + "\n".join(f"  [{n}] {source}" for n, source in enumerate(answer.sources, start=1))
    )
    assert max(map(len, shown.split("Sources")[0].splitlines())) <= 92


def test_an_answer_shows_the_list_its_sentence_introduces() -> None:
    assert "    1. The context expression" in str(answer_to("How does the with statement work?"))


@pytest.mark.parametrize(
    "question",
    [
        "How do I bake bread?",
        "asdf qwer",
        "Wie backe ich ein Brot?",
        "如何烤面包？",
        "What is the capital of France?",
        "bread " * 2_000,
    ],
)
def test_what_the_documents_do_not_answer_is_beside_the_question(question: str) -> None:
    evidence = evidence_for(question)
    assert isinstance(evidence, Unsure)
    assert str(nothing_found(evidence.query)).startswith("I found nothing that answers this")


def test_the_nearest_topics_are_named_if_there_are_any() -> None:
    assert nothing_found(understand("Wie fange ich Exceptions?")).nearest == ("Exceptions",)
    assert "no words" in str(nothing_found(understand("😀")))


PASSAGE = Passage("t", ("T",), (Statement("Said so.", "x = 1"), Statement("Said too.")))
SOURCE = Source("t", "T", (PASSAGE,))


def test_citations_are_checked_sentence_by_sentence() -> None:
    good = Answered("?", (Claim("Said so.", 1, "x = 1"), Claim("Said too.", 1)), (SOURCE,), 1.0)
    assert cites_its_sources(good)
    for bad in (
        (),
        (Claim("Never said.", 1),),
        (Claim("Said so.", 2),),
        (Claim("Said so.", 0),),
        (Claim("Said so.", 1, "x = 2"),),
        (Claim("", 1),),
        (*good.claims, Claim("Said", 1)),
    ):
        assert not cites_its_sources(replace(good, claims=bad))
