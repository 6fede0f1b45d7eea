"""A server's list of tools: what is wrong with one tool or one page costs no more than that."""

from typing import Any

import pytest

from workbench.executors import mcp_listing
from workbench.executors.mcp_listing import ToolListing

NOTHING = {"type": "object", "properties": {}}


def tool(name: str = "go", **more: Any) -> dict[str, Any]:
    return {"name": name, "description": "d", "inputSchema": NOTHING, **more}


def listed(*tools: Any) -> tuple[list[str], list[str]]:
    listing = ToolListing()
    assert listing.take({"tools": [*tools, tool("last")]}) is None
    return [str(one["name"]) for one in listing.tools], listing.remarks


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"name": "naked"}, "'naked' was left out: no inputSchema"),
        (tool("x", inputSchema=None), "'x' was left out: its inputSchema is null, not an object"),
        (tool("x", inputSchema="{}"), "its inputSchema is string"),
        (tool("x", inputSchema=[1]), "its inputSchema is array"),
        (tool("x", inputSchema={"type": "string"}), "not for an object"),
        (tool("x", inputSchema={"type": "object", "properties": [1]}), "inputSchema/properties: this must be"),
        (tool("x", inputSchema={"type": "object", "properties": {"a": 1}}), "properties/a: this must be a schema"),
        (tool("x", inputSchema={"type": "object", "required": "a"}), "inputSchema/required: this must be a list"),
        (tool("x", inputSchema={"type": "object", "required": None}), "inputSchema/required: this must be a list"),
        (tool("x", inputSchema={"type": "object", "$defs": [1]}), "inputSchema/$defs: this must be"),
        (tool("x", inputSchema={"properties": {"a": {"pattern": "("}}}), "/a/pattern: \"(\" is not an ECMA"),
        (tool("x", inputSchema={"$ref": "#/$defs/none"}), "inputSchema/$ref: \"#/$defs/none\" leads nowhere"),
        (tool("x", description=7), "description"),
        (tool("x", annotations="none"), "annotations"),
        (tool("x", outputSchema="none"), "outputSchema"),
        (tool("x", inputSchema={"type": "object", "title": "x" * 600_000}), "larger than 500,000 characters"),
        (tool(""), "one of its tools has no name"),
        (tool(7), "one of its tools has no name"),  # type: ignore[arg-type]
        ("go", "is not an object but string"),
        (None, "is not an object but null"),
    ],
)  # fmt: skip
def test_one_bad_tool_leaves_out_one_tool_with_a_remark(bad: Any, words: str) -> None:
    names, (remark,) = listed(tool("first"), bad)
    assert names == ["first", "last"]
    assert words in remark


def test_a_tool_nested_too_deeply_is_left_out() -> None:
    schema: dict[str, Any] = {}
    for _ in range(5_000):
        schema = {"type": "object", "properties": {"a": schema}}
    names, (remark,) = listed(tool("deep", inputSchema=schema))
    assert names == ["last"]
    assert "'deep' was left out: it is nested too deeply" in remark


def test_an_empty_object_written_as_a_list_is_read_as_one() -> None:
    inner = {"type": "object", "properties": [], "default": {"properties": []}}
    php = tool("php", inputSchema={"type": "object", "properties": {"a": inner, "properties": {}}}, annotations=[])
    listing = ToolListing()
    listing.take({"tools": [php, tool("bare", inputSchema=[])]})
    fixed, bare = listing.tools
    assert fixed["inputSchema"]["properties"]["a"] == {**inner, "properties": {}}
    assert fixed["annotations"] == bare["inputSchema"] == {}
    assert ["'php'" in listing.remarks[0], "'bare'" in listing.remarks[1]] == [True, True]


def test_a_good_tool_is_left_as_the_server_wrote_it() -> None:
    odd = tool("odd", title=None, inputSchema={"type": "object", "required": []}, unheardOf=[[], {}])
    listing = ToolListing()
    listing.take({"tools": [odd]})
    assert listing.tools == [odd]
    assert listing.remarks == []


def test_what_is_odd_about_a_schema_is_told_once_and_its_tools_are_offered() -> None:
    odd = {
        "$schema": "https://example.org/mine",
        "type": "object",
        "properties": {"a": {"pattern": r"^\p{Script=Han}$"}},
    }
    names, remarks = listed(tool("first", inputSchema=odd), tool("second", inputSchema=odd))
    assert names == ["first", "second", "last"]
    assert ["'first': inputSchema/$schema: " in remarks[0], "Script=Han" in remarks[1]] == [True, True]
    assert len(remarks) == 2


def test_of_two_tools_with_one_name_the_first_counts() -> None:
    names, (remark,) = listed(tool("x"), tool("x", description="another"))
    assert names == ["x", "last"]
    assert "'x' more than once" in remark
    assert listed(tool("x"), tool("x")) == (["x", "last"], [])


def test_many_bad_tools_do_not_make_many_remarks() -> None:
    _, remarks = listed(*[{"name": f"t{number}"} for number in range(100)])
    assert len(remarks) == 31
    assert remarks[-1] == "70 more of its tools were left out"


def test_a_schema_without_parameters_may_have_a_list_for_them() -> None:
    listing = ToolListing()
    listing.take({"tools": [tool("php", inputSchema={"type": "object", "properties": []})]})
    assert [one["inputSchema"] for one in listing.tools] == [NOTHING]
    assert "'php' has [] where an object belongs" in listing.remarks[0]


@pytest.mark.parametrize("cursor", ["", "again", 7, {}, True])
def test_a_cursor_that_does_not_advance_ends_the_list_with_a_remark(cursor: Any) -> None:
    listing = ToolListing()
    for _ in range(3):
        if listing.take({"tools": [tool()], "nextCursor": cursor}) is None:
            break
    assert listing.pages <= 2
    assert len(listing.tools) == 1
    assert "cursor" in listing.remarks[0]


def test_a_cursor_that_changes_but_brings_the_same_tools_ends_the_list() -> None:
    listing = ToolListing()
    assert listing.take({"tools": [tool()], "nextCursor": "1"}) == "1"
    assert listing.take({"tools": [tool()], "nextCursor": "2"}) is None
    assert "same page again" in listing.remarks[0]


def test_pages_go_on_over_an_empty_one_and_end_at_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_listing, "MAX_PAGES", 4)
    listing = ToolListing()
    pages = ([tool("a")], [], [tool("b")], [tool("c")])
    cursors = [listing.take({"tools": page, "nextCursor": str(number)}) for number, page in enumerate(pages)]
    assert cursors == ["0", "1", "2", None]
    assert [one["name"] for one in listing.tools] == ["a", "b", "c"]
    assert listing.remarks == ["its list of tools does not end: it was read to page 4"]


@pytest.mark.parametrize("page", [{}, {"tools": None}, {"tools": {"go": {}}}])
def test_a_page_without_a_list_is_told(page: dict[str, Any]) -> None:
    listing = ToolListing()
    assert listing.take(page) is None
    assert "page 1 of its list of tools has no list" in listing.remarks[0]
