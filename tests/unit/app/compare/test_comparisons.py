"""Comparisons as Markdown and as a page of their own."""

from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.support.runs import ScriptedRun
from tests.support.scripts import TEXT, calls, raw_call, says, schema, script
from workbench.app.compare.comparison_markdown import code, comparison_markdown, plain
from workbench.app.compare.comparison_page import comparison_page
from workbench.app.compare.comparisons import ComparedRuns, compare_runs
from workbench.core.comparison import Comparison
from workbench.core.errors import UsageError
from workbench.core.event import RunEvent, RunStarted
from workbench.core.tool import Tool

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</td></table><iframe src='//evil.example'></iframe>",
    "</style><style>*{background:url(//evil.example)}",
    "<!--", "-->", "&lt;b&gt;", "javascript:alert(1)", "]]>",
    "[click](javascript:alert(1)) ![x](//evil.example/x.png) <//evil.example>",
    "``` `` ` | \\| \n# heading\n- item\n\n    <b>code</b>",
    "\u202egnp.exe\u200b \x1b[31mred\x07",
)  # fmt: skip
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "h1", "h2", "input", "label", "main", "p", "table", "thead",
    "tbody", "tr", "th", "td", "section", "div", "code", "details", "summary", "ul", "li", "ins", "del",
}  # fmt: skip


async def a_run(text: str, arguments: str, answer: str) -> list[RunEvent]:
    tool = Tool.make("look", text, schema(at=TEXT))
    run = ScriptedRun(
        script(calls(raw_call("look", arguments), raw_call(text, arguments)), says(answer)),
        tools=(tool,),
        bodies={"look": lambda _: text},
    )
    await run.run(text)
    return list(run.log)


async def compared(text: str, other: str) -> ComparedRuns:
    return compare_runs([await a_run(text, "{}", text), await a_run(other, '{"at": "x"}', other)])


class Reader(HTMLParser):
    """Collects what a browser would make elements, attributes and text of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.comments: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def handle_data(self, data: str) -> None:
        self.text += data


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_stays_text_on_the_page(text: str) -> None:
    reader = read(comparison_page(await compared(text, "harmless")))
    assert reader.tags <= ALLOWED
    assert not {name for name in reader.attributes if name.startswith("on")} | (reader.attributes & {"href", "src"})
    assert reader.comments == []
    assert not any(character in reader.text for character in "\u202e\u200b\x1b\x07")


def test_the_page_forbids_everything_but_its_own_style() -> None:
    page = comparison_page(ComparedRuns(Comparison((), ()), ()), title="<b>Title</b>")
    assert "default-src &#x27;none&#x27;" in page or "default-src 'none'" in page
    assert "script" not in read(page).tags
    assert "unsafe-inline" not in page
    assert "&lt;b&gt;Title&lt;/b&gt;" in page


async def test_the_page_holds_what_differs() -> None:
    text = read(comparison_page(await compared("one", "two"))).text
    for word in ("arguments changed", 'look {"at": "x"}', '/at + "x"', "They differ.", "Request of B"):
        assert word in text


async def test_what_the_runs_were_made_with_is_told_word_by_word() -> None:
    found = await compared("Look at one thing.", "Look at two things.")
    assert [line.place for line in found.causes[0] or ()] == ["tools/look/description"]
    assert "Look at [-one thing-]{+two things+}." in comparison_markdown(found).replace("\\", "")
    page = comparison_page(found)
    assert "<del>one thing</del><ins>two things</ins>" in page


async def test_runs_whose_tools_are_none_are_compared_without_causes() -> None:
    events = await a_run("a", "{}", "b")
    assert isinstance(events[0], RunStarted)
    broken = [msgspec.structs.replace(events[0], tools=[{"name": 7}]), *events[1:]]
    found = compare_runs([events, broken])
    assert found.causes == (None,)
    assert "Unknown: a run" in comparison_markdown(found)
    assert "Unknown: a run" in comparison_page(found)


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_stays_text_in_markdown(text: str) -> None:
    markdown = comparison_markdown(await compared(text, "harmless"))
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(markdown)
    kinds = {child.type for token in tokens for child in (token, *(token.children or ()))}
    assert not kinds & {"html_block", "html_inline", "link_open", "image", "autolink", "fence", "code_block"}
    assert not any(character in markdown for character in "\u202e\u200b\x1b\x07")
    assert sum(token.type == "table_open" for token in tokens) == 1


@given(st.text())
def test_any_text_is_one_piece_of_plain_text_or_code(text: str) -> None:
    reader = MarkdownIt("commonmark", {"html": True})
    (inline,) = [token for token in reader.parse(f"x{plain(text)}") if token.type == "inline"]
    assert {child.type for child in inline.children or ()} <= {"text", "text_special"}
    if code(text):
        (inline,) = [token for token in reader.parse(f"- x {code(text)}") if token.type == "inline"]
        assert [child.type for child in inline.children or ()] == ["text", "code_inline"]


async def test_only_the_differences_can_be_shown() -> None:
    same = compare_runs([await a_run("a", "{}", "b"), await a_run("a", "{}", "b")])
    assert "No differences." in comparison_markdown(same)
    assert "## " not in comparison_markdown(same, only_differences=True)
    assert "## turn 1, round 1" in comparison_markdown(same).replace("\\", "")


async def test_as_a_document_it_is_plain_json_without_the_requests() -> None:
    document = msgspec.json.decode(msgspec.json.encode((await compared("one", "two")).document()))
    row = document["comparison"]["rows"][0]
    assert [cell["status"] for cell in row["cells"]] == ["base", "changed"]
    assert "body_json" not in row["cells"][0]
    assert document["wire"][0][0]["differences"]


async def test_one_run_alone_cannot_be_compared() -> None:
    with pytest.raises(UsageError, match="1 runs"):
        compare_runs([await a_run("a", "{}", "b")])
