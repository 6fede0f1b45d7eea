"""What is recognized in a pasted text, and that nothing of it is run."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from tests.support.tool_documents import BOOKING
from workbench.app.exports.tool_export import EXPORT_FORMATS, export_tools
from workbench.app.imports.found import Found, FoundTool
from workbench.app.imports.import_plan import carry_out, plan_import
from workbench.app.imports.pasted import recognize
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool

SCHEMA: JsonObject = {"type": "object", "properties": {"zone": {"type": "string"}}}
PYTHON = '''
import os
from enum import Enum

os.system("touch {bad}")


class Unit(str, Enum):
    C = "celsius"
    F = "fahrenheit"


class Place(BaseModel):
    """Where."""

    lat: float = Field(..., ge=-90, description="Latitude")


@tool
async def get_weather(
    city: str, unit: Unit = Unit.C, days: Annotated[int, Field(ge=1)] = 3, where: Optional[Place] = None
) -> dict:
    """Weather in a city.

    Args:
        city: City name, such as Oslo.
    """
    return call(city)


def _hidden(x): ...
'''


READ_AS = {"pydantic": "Python"}
READABLE = [(name, READ_AS.get(name, label)) for name, label in EXPORT_FORMATS if name != "typescript"]


@pytest.mark.parametrize(("name", "label"), READABLE)
def test_every_exported_format_but_typescript_is_recognized_by_its_name(name: str, label: str) -> None:
    found = recognize(export_tools([Tool(BOOKING), Tool({**BOOKING, "name": "other"})], name).text)
    assert [tool.name for tool in found.tools] == ["book_table", "other"]
    assert found.shape == label
    assert found.is_foreign


def test_our_own_single_tool_is_not_foreign() -> None:
    found = recognize(json.dumps(BOOKING))
    assert found.tools == (Tool(BOOKING),)
    assert not found.is_foreign


def test_gemini_types_and_nullable_become_json_schema() -> None:
    own = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER", "nullable": True}}, "propertyOrdering": ["n"]}
    found = recognize(json.dumps({"functionDeclarations": [{"name": "count", "parameters": own}]}))
    assert found.shape == "Gemini"
    assert found.tools[0].input_schema == {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}}


def test_python_functions_are_read_with_the_classes_beside_them_and_nothing_is_run(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    found = recognize(PYTHON.replace("{bad}", str(bad)))
    assert not bad.exists()
    (tool,) = found.tools
    assert (tool.name, tool.description, found.shape) == ("get_weather", "Weather in a city.", "Python")
    properties = tool.input_schema["properties"]
    assert isinstance(properties, dict)
    assert properties["city"] == {"type": "string", "description": "City name, such as Oslo."}
    assert properties["days"] == {"type": "integer", "minimum": 1, "default": 3}
    assert properties["unit"] == {"enum": ["celsius", "fahrenheit"], "type": "string"}
    assert tool.input_schema["required"] == ["city"]
    assert '"minimum": -90' in json.dumps(tool.input_schema)


def test_a_list_of_tools_in_python_source_is_recognized() -> None:
    text = f"TOOLS = [{{'type': 'function', 'strict': True, 'name': 'now', 'parameters': {SCHEMA}}}]"
    found = recognize(text)
    assert [(tool.name, tool.strict) for tool in found.tools] == [("now", True)]
    assert found.shape == "OpenAI Responses"


def test_a_markdown_fence_is_left_out() -> None:
    assert recognize(f"```json\n{json.dumps(BOOKING)}\n```").tools == (Tool(BOOKING),)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste tools"),
        ("hello world", "not JSON"),
        ('{"name": ', "not JSON"),
        ("[1, 2]", "No tools"),
        ('{"openapi": "3.1.0"}', "has no operations"),
        ('{"name": "a", "description": "", "input_schema": []}', "input_schema is array"),
        ("def f(*many): ...", "*many has no schema"),
        ("x" * 600_000, "not JSON"),
        ("(" * 3_000, "not JSON"),
    ],
)
def test_what_holds_no_tools_says_why(text: str, words: str) -> None:
    found = recognize(text)
    assert found.tools == ()
    assert words in found.obstacle


def test_one_undo_takes_all_added_tools_back(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    before = {path.name: path.read_bytes() for path in (folder / "tools").iterdir()}
    tools = [Tool.make("look", "Another one.", SCHEMA), Tool.make("now", "The time.", SCHEMA)]
    found = Found(tuple(map(FoundTool, tools)))
    done = carry_out(folder, plan_import(folder, found).tools)
    assert done.words == "Added look_2, now"
    done.undo()
    replaced = carry_out(folder, plan_import(folder, found, replace=True).tools)
    assert replaced.words == "Added now; Replaced look"
    assert json.loads((folder / "tools" / "look.json").read_text())["description"] == "Another one."
    replaced.undo()
    assert {path.name: path.read_bytes() for path in (folder / "tools").iterdir()} == before
