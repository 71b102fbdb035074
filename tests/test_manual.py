"""The reference is complete and up to date, and the site of all pages can be built and read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

import pytest

from everything_is_an_actor.algebra.node import KINDS
from everything_is_an_actor.flow import fold
from manual import glossary
from manual.entries import ENTRIES, Entry
from manual.errors import ADVICE
from manual.markdown import slug
from manual.pages import PAGES
from manual.provoke import PROVOKING
from manual.public import FACES, errors, names
from manual.site import MERMAID, SITE
from tests.documents import ROOT, environment

DOCS = ROOT / "docs"


# -- what is made ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_the_page_is_what_the_library_says(path: str) -> None:
    """If not: `python -m manual`."""
    assert (DOCS / path).read_text(encoding="utf-8") == PAGES[path]()


@pytest.mark.parametrize("path", PAGES)
def test_links_lead_somewhere(path: str) -> None:
    text = (DOCS / path).read_text(encoding="utf-8")
    anchors = {slug(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    for file, anchor in re.findall(r"\]\(([^)#]*)#?([^)]*)\)", text):
        assert ((DOCS / path).parent / file).exists(), file
        assert file or anchor in anchors, anchor


def test_every_kind_of_node_is_there_once() -> None:
    kinds = [entry.kind for entry in ENTRIES]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) == KINDS


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.title)
def test_an_example_has_the_node_that_it_shows(entry: Entry) -> None:
    kinds: set[type] = set()
    fold(lambda node: kinds.add(type(node)), entry.example)
    assert entry.kind in kinds


def test_every_public_error_has_advice_and_an_example_or_is_the_base_of_others() -> None:
    kinds = errors()
    assert set(ADVICE) == {kind.__name__ for kind in kinds}
    bases = {kind for kind in kinds if any(kind in other.__mro__[1:] for other in kinds)}
    assert set(kinds) - set(PROVOKING) <= bases


def test_every_public_type_is_in_the_glossary_once() -> None:
    listed = " ".join(glossary.KINDS.values()).split()
    assert sorted(listed) == sorted(glossary.types())


# -- the site ----------------------------------------------------------------------------------


def test_every_page_is_in_the_navigation_once() -> None:
    listed = re.findall(r"^ +- .+: (\S+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(
        path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")
    )


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The pages of the site by their paths, from which it has been built without a warning."""
    settings = environment(tmp_path_factory.mktemp("site")) | {"NO_COLOR": "1"}
    words = [sys.executable, "-m", "manual.site"]
    run = subprocess.run(
        words, cwd=ROOT, env=settings, capture_output=True, encoding="utf-8", check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return {
        path.relative_to(SITE).as_posix(): path.read_text(encoding="utf-8")
        for path in SITE.rglob("*.html")
    }


def test_every_page_is_built(pages: dict[str, str]) -> None:
    written = {path.relative_to(DOCS).with_suffix(".html") for path in DOCS.rglob("*.md")}
    assert {path.as_posix() for path in written} == pages.keys() - {"404.html"}


def test_every_public_name_is_in_the_reference(pages: dict[str, str]) -> None:
    reference = "".join(text for path, text in pages.items() if path.startswith("reference/api/"))
    anchors = set(re.findall(r'\bid="([\w.]+)"', reference))
    public = [f"{module}.{each.name}" for module in FACES.values() for each in names(module)]
    as_a_module = {f"{name}.{name.rpartition('.')[2]}": name for name in public}
    assert set(public) - anchors - {as_a_module.get(anchor) for anchor in anchors} == set()


def test_a_dataclass_shows_what_it_is_made_of(pages: dict[str, str]) -> None:
    text = re.sub(r"<[^>]+>", "", pages["reference/api/flow.html"])
    assert "Backoff(initial: float = 0.0, factor: float = 2.0, maximum: float = 60.0)" in text


def test_a_function_shows_the_types_that_it_has_for_those_who_call_it(
    pages: dict[str, str],
) -> None:
    text = re.sub(r"<[^>]+>", "", pages["reference/api/flow.html"])
    assert "race[J, A, B](a: Flow[J, A], b: Flow[J, B]) -&gt; Flow[J, A | B]" in text
    assert "-&gt; AnyFlow" not in text


def test_a_class_names_only_bases_that_can_be_imported(pages: dict[str, str]) -> None:
    text = re.sub(r"<[^>]+>|\s", "", pages["reference/api/agents.html"])
    assert "Bases:Actor[Task[I],TaskResult[O]]" in text
    assert "Bases:Spawner" not in text


def test_a_page_loads_nothing_from_elsewhere(pages: dict[str, str]) -> None:
    loads = re.compile(r'<(?:script|link|img|iframe)\b[^>]*(?:src|href)="?(?:https?:)?//[^>]*>')
    assert [(path, found) for path, text in pages.items() for found in loads.findall(text)] == []


def test_what_a_page_loads_is_there(pages: dict[str, str]) -> None:
    loads = re.compile(r'<(?:script|link|img)\b[^>]*(?:src|href)="?([^"> ]+)')
    wanted = {
        ((SITE / path).parent / each).resolve()
        for path, text in pages.items()
        if path != "404.html"  # which a server shows in the place of any page
        for each in loads.findall(text)
    }
    assert SITE / MERMAID in wanted
    assert [path for path in wanted if not path.exists()] == []


A_PAGE = """
const said = { query: "quorum" }, answered = { found: "quorum" }
const inside = { onmessage: ({ data }) => { data.query = ""; inside.postMessage(answered) } }
inside.document = { createElement: () => ({}), body: { append: script => script.onload() } }
globalThis.window = globalThis
globalThis.location = new URL("file:///index.html")
globalThis.document = {
  createElement: () => ({ contentWindow: inside, isConnected: true }), body: { append() {} },
}
"""
A_SEARCH = """
const worker = new Worker("search.js")
worker.onmessage = ({ data }) => {
  data.found = ""
  console.log(said.query, answered.found)
}
worker.postMessage(said)
"""


def test_in_a_page_from_a_disk_the_search_and_the_page_share_nothing() -> None:
    """Either changes what it holds, and a worker would not see it."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs a server: node, which is not on PATH, in the place of a browser")
    shim = (DOCS / "assets/iframe-worker.js").read_text(encoding="utf-8")
    words = [node, "--eval", A_PAGE + shim + A_SEARCH]
    run = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    assert run.stdout == "quorum quorum\n", run.stderr


def test_a_bar_in_a_table_is_a_bar(pages: dict[str, str]) -> None:
    assert r"\|" not in pages["reference/nodes.html"]
    assert r"\|" not in pages["equations.html"]
