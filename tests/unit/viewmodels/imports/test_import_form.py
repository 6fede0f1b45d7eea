"""What the page of imports shows and offers."""

import json
from pathlib import Path

import pytest

from tests.support.projects import LOOK, make_project
from workbench.app.models.wires import KEY_OF_WIRE
from workbench.core.json_text import JsonObject
from workbench.store.project import load_project
from workbench.viewmodels.imports.import_form import ImportForm, holds_foreign_tools

SCHEMA: JsonObject = {"type": "object", "properties": {"zone": {"type": "string"}}}
NOW: JsonObject = {"name": "now", "description": "The time.", "input_schema": SCHEMA}
OTHER_LOOK: JsonObject = {"name": "look", "description": "Another.", "input_schema": SCHEMA}


class Parts:
    def __init__(self, folder: Path) -> None:
        self.project = load_project(folder, KEY_OF_WIRE)


@pytest.fixture
def form(tmp_path: Path) -> ImportForm:
    return ImportForm(Parts(make_project(tmp_path / "p")))


async def read(form: ImportForm, document: object) -> None:
    form.write(json.dumps(document))
    await form.read()


async def test_each_tool_says_what_becomes_of_it(form: ImportForm) -> None:
    await read(form, [LOOK, OTHER_LOOK, NOW])
    assert form.verdict == "3 tools found · MCP, Anthropic"
    assert [row.fate for row in form.rows] == ["already here", "name taken, becomes look_2", "new"]
    await form.use_overwrite(overwrite=True)
    assert [row.fate for row in form.rows] == ["already here", "replaces the project's tool", "new"]


async def test_the_preview_is_the_file_of_the_selected_tool(form: ImportForm) -> None:
    await read(form, [NOW, OTHER_LOOK])
    assert json.loads(form.preview) == {"name": "now", "description": "The time.", "inputSchema": SCHEMA}
    form.select(1)
    assert json.loads(form.preview)["name"] == "look_2"


async def test_only_what_is_chosen_is_added(form: ImportForm) -> None:
    await read(form, [NOW, OTHER_LOOK])
    form.choose("1", is_chosen=False)
    assert [one.name for one in form.chosen] == ["now"]
    form.choose("0", is_chosen=False)
    assert not form.can_add


async def test_an_editor_s_tool_can_be_replaced_by_exactly_one(form: ImportForm) -> None:
    form.be_for("touch")
    await read(form, [NOW, OTHER_LOOK])
    assert form.replacement is None
    form.choose("1", is_chosen=False)
    assert form.replacement is not None
    form.be_for("")
    assert form.replacement is None


async def test_a_text_without_tools_says_why_and_offers_nothing(form: ImportForm) -> None:
    await read(form, {"openapi": "3.1.0"})
    assert (form.rows, form.preview, form.can_add) == ((), "", False)
    assert form.verdict.startswith("This OpenAPI document has no operations")


def test_a_piece_of_a_schema_is_converted_only_where_it_is_the_whole_text() -> None:
    piece, foreign, own = json.dumps(SCHEMA), json.dumps(NOW), json.dumps(LOOK)
    assert not holds_foreign_tools(piece, is_whole=False)
    assert holds_foreign_tools(piece, is_whole=True)
    assert holds_foreign_tools(foreign, is_whole=False)
    assert not holds_foreign_tools(own, is_whole=True)
    assert holds_foreign_tools(own, is_whole=True, also_own=True)
    assert not holds_foreign_tools("some words", is_whole=True, also_own=True)


async def test_conversations_are_rows_behind_the_tools(form: ImportForm) -> None:
    tool = {"type": "function", "function": {"name": "now", "parameters": SCHEMA}}
    asked = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "tools": [tool]}
    answer = {"choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "Hello."}}]}
    await read(form, {"request": asked, "response": answer})
    assert form.verdict.startswith("1 tool and 1 conversation found")
    assert [(row.name, row.fate, row.is_chosen) for row in form.rows] == [
        ("now", "new", True),
        ("“Hi”", "conversation", True),
    ]
    form.select(1)
    assert form.preview == "openai-chat:m\n\nuser\nHi\n\nassistant\nHello."
    form.choose_shown(is_chosen=False)
    assert (form.can_add, form.all_chosen) == (False, False)
    form.choose("1", is_chosen=True)
    assert [one.title for one in form.chosen_conversations] == ["Hi"]
    assert form.chosen == ()


async def test_the_filter_finds_by_name_method_and_path_and_all_means_what_is_shown(form: ImportForm) -> None:
    paths = {f"/p{number}": {"get": {}, "post": {}} for number in range(10)}
    document = {"openapi": "3.1.0", "servers": [{"url": "https://a.example"}], "paths": paths}
    await read(form, document)
    form.choose_shown(is_chosen=False)
    form.filter_by("post p3")
    assert [row.name for row in form.rows] == ["post_p3"]
    form.choose_shown(is_chosen=True)
    assert form.count_words == "All (1 shown, 1 of 20 chosen)"
    form.select(0)
    assert form.preview.endswith('[executors.post_p3]\nkind = "http"\nurl = "https://a.example/p3"\nmethod = "POST"\n')
