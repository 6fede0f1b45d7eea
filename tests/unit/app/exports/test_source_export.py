"""Tools as source: pydantic classes whose schema is the tool's, and TypeScript."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from uuid import uuid4

import pytest

from tests.support.pydantic_reading import settled
from tests.support.tool_documents import BOOKING, real_tools
from workbench.app.exports.schema_export import schema_of
from workbench.app.exports.tool_export import export_each, export_tools
from workbench.core.json_text import JsonObject, canonical
from workbench.core.tool import Tool


def read(text: str, folder: Path) -> ModuleType:
    """The module that a text is, as another program would import it."""
    name = f"exported_{uuid4().hex}"
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def of(node: JsonObject, *, is_required: bool = True) -> Tool:
    schema: JsonObject = {"type": "object", "properties": {"p": node}, **({"required": ["p"]} if is_required else {})}
    return Tool.make("try_it", "It.", schema)


NODES: tuple[JsonObject, ...] = (
    {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a+$"},
    {"type": "string", "pattern": "^(?=a)a$"},
    {"type": "string", "format": "date-time"},
    {"type": "string", "format": "uri"},
    {"type": ["string", "null"]},
    {"anyOf": [{"type": "string"}, {"type": "null"}]},
    {"anyOf": [{"type": "null"}, {"type": "integer", "description": "A number."}]},
    {"oneOf": [{"type": "string"}, {"type": "integer"}]},
    {"enum": ["a", None]},
    {"enum": ["only"], "type": "string"},
    {"enum": [1.5, 2.5], "type": "number"},
    {"enum": [0, False]},
    {"const": 3, "type": "integer"},
    {"type": "array"},
    {"type": "array", "items": {"type": "string", "description": "Each"}, "uniqueItems": True, "minItems": 1},
    {"type": "object", "additionalProperties": {"type": "integer"}},
    {"type": "object", "properties": {"q": {"type": "boolean", "title": "Quiet?"}}, "additionalProperties": False},
    {"type": "object", "properties": {"q": {}}, "minProperties": 1, "description": 'Odd "quotes" and \\ slashes'},
    {"type": "integer", "default": 3, "exclusiveMinimum": 0, "multipleOf": 3},
    {"not": {"type": "string"}},
    {"description": "Anything", "examples": [1, "a"], "deprecated": True},
)


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("node", NODES, ids=canonical)
def test_a_class_has_the_schema_it_was_made_of(node: JsonObject, is_required: bool, tmp_path: Path) -> None:
    tool = of(node, is_required=is_required)
    module = read(export_tools([tool], "pydantic").text, tmp_path)
    assert settled(module.TOOLS["try_it"].model_json_schema()) == settled(schema_of(tool)[0])


@pytest.mark.parametrize(
    "name", ["class", "copy", "model_x", "_private", "a-b", "Größe", "1st", "a b", "schema", "date", "list", "Any"]
)
def test_names_that_python_does_not_take_are_aliases(name: str, tmp_path: Path) -> None:
    day: JsonObject = {"type": "string", "format": "date"}
    texts: JsonObject = {"type": "array", "items": {"type": "string"}}
    properties: JsonObject = {name: {"type": "string"}, "a_b": {}, "day": day, "texts": texts}
    tool = Tool.make("t", "It.", {"type": "object", "properties": properties})
    made = read(export_tools([tool], "pydantic").text, tmp_path).TOOLS["t"]
    assert settled(made.model_json_schema()) == settled(schema_of(tool)[0])
    assert made.model_validate({name: "x"}).model_dump(by_alias=True)[name] == "x"


def test_a_definition_may_refer_to_itself(tmp_path: Path) -> None:
    node: JsonObject = {"type": "object", "properties": {"next": {"$ref": "#/$defs/Node"}}}
    schema: JsonObject = {"type": "object", "properties": {"first": {"$ref": "#/$defs/Node"}}, "$defs": {"Node": node}}
    exported = export_tools([Tool.make("walk", "It.", schema)], "pydantic")
    made = read(exported.text, tmp_path).TOOLS["walk"]
    assert made.model_validate({"first": {"next": {}}}).first.next.next is None
    assert exported.ledger == ()
    assert "next?: Node;" in export_tools([Tool.make("walk", "It.", schema)], "typescript").text


def test_what_a_class_does_not_check_is_in_the_ledger_and_what_it_checks_is_not() -> None:
    (entry,) = export_tools(
        [of({"type": "array", "items": {"type": "string"}, "uniqueItems": True})], "pydantic"
    ).ledger
    assert (entry.place, entry.what) == (
        "/inputSchema/properties/p/uniqueItems",
        "the class does not check 'uniqueItems'",
    )
    assert export_tools([of({"type": "string", "maxLength": 3})], "pydantic").ledger == ()


def test_typescript_says_what_it_can_and_comments_on_the_rest() -> None:
    schema: JsonObject = {
        "type": "object",
        "properties": {
            "unit": {"enum": ["c", "f"], "description": "Which scale */ to use"},
            "days": {"type": "integer", "minimum": 1},
            "odd-name": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        },
        "required": ["unit"],
    }
    exported = export_tools([Tool.make("get-weather", "The weather.", schema)], "typescript")
    for line in (
        "/** The weather. */",
        "export interface GetWeather {",
        "  /** Which scale *\\/ to use */",
        '  unit: "c" | "f";',
        "   * @minimum 1",
        "  days?: number;",
        '  "odd-name"?: Array<string | null>;',
        '  "get-weather": GetWeather;',
    ):
        assert f"{line}\n" in exported.text
    assert {entry.place.rpartition("/")[2] for entry in exported.ledger} == {"minimum", "type", "description"}


def test_files_of_source_have_its_ending() -> None:
    assert [list(export_each([Tool(BOOKING)], name)) for name in ("pydantic", "typescript", "mcp")] == [
        ["book_table.py"],
        ["book_table.ts"],
        ["book_table.json"],
    ]


def test_every_tool_of_public_servers_comes_back_equal_from_pydantic(tmp_path: Path) -> None:
    tools = [Tool(document) for document in real_tools()]
    if not tools:
        pytest.skip("the shared fixtures are not here")
    unequal = [name for tools in servers(tools) for name in _unequal(tools, tmp_path)]
    assert unequal == []


def servers(tools: list[Tool]) -> list[list[Tool]]:
    """Apart where two have one name."""
    found: list[list[Tool]] = []
    for tool in tools:
        fits = next((each for each in found if tool.name not in {one.name for one in each}), None)
        if fits is None:
            found.append([tool])
        else:
            fits.append(tool)
    return found


def _unequal(tools: list[Tool], folder: Path) -> list[str]:
    made = read(export_tools(tools, "pydantic").text, folder).TOOLS
    return [
        tool.name
        for tool in tools
        if canonical(settled(made[tool.name].model_json_schema())) != canonical(settled(schema_of(tool)[0]))
    ]
