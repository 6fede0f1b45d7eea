"""A tool in another program's shape is refused by name, with what to change; it is never one without parameters."""

import json
from pathlib import Path

import pytest

from tests.support.projects import make_project
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.lint.rule import run_rules
from workbench.core.lint.schema_rules import SCHEMA_RULES
from workbench.store.project import load_project
from workbench.store.tool_file import read_tool

SCHEMA: JsonObject = {"type": "object", "properties": {"q": {"type": "string"}}, "required": ["q"]}
NAMED: JsonObject = {"name": "find", "description": "Find it."}
FOREIGN: dict[str, tuple[JsonValue, str]] = {
    "Anthropic": ({**NAMED, "input_schema": SCHEMA}, '"input_schema"'),
    "Responses": ({"type": "function", **NAMED, "parameters": SCHEMA, "strict": True}, '"parameters"'),
    "Chat Completions": ({"type": "function", "function": {**NAMED, "parameters": SCHEMA}}, '"function"'),
    "the old functions": ({**NAMED, "parameters": SCHEMA}, '"parameters"'),
    "Gemini": ({"functionDeclarations": [{**NAMED, "parameters": SCHEMA}]}, '"functionDeclarations"'),
    "Gemini with JSON Schema": ({**NAMED, "parametersJsonSchema": SCHEMA}, '"parametersJsonSchema"'),
    "Bedrock": ({"toolSpec": {**NAMED, "inputSchema": {"json": SCHEMA}}}, '"toolSpec"'),
    "a list of an MCP server": ({"tools": [{**NAMED, "inputSchema": SCHEMA}]}, '"tools"'),
    "a bare list": ([{**NAMED, "inputSchema": SCHEMA}], "a list"),
    "a misspelled key": ({**NAMED, "inputschema": SCHEMA}, '"inputschema"'),
    "an empty schema beside the real one": (
        {**NAMED, "inputSchema": {"type": "object", "properties": {}}, "parameters": SCHEMA},
        '"parameters"',
    ),
    "no parameters, elsewhere": ({**NAMED, "parameters": {"type": "object", "properties": {}}}, '"parameters"'),
}


@pytest.mark.parametrize(("document", "words"), FOREIGN.values(), ids=list(FOREIGN))
def test_a_tool_in_another_shape_is_refused_with_the_key_to_change(document: JsonValue, words: str) -> None:
    with pytest.raises(ProjectError) as caught:
        read_tool(json.dumps(document))
    assert words in caught.value.message
    assert caught.value.hint
    if isinstance(document, dict):
        found = [finding for finding in run_rules(SCHEMA_RULES, document) if finding.severity == "error"]
        assert any(words in finding.message for finding in found)


@pytest.mark.parametrize(
    "document",
    [
        {**NAMED, "inputSchema": SCHEMA},
        NAMED,
        {**NAMED, "inputSchema": {"type": "object"}, "outputSchema": SCHEMA, "_meta": {"properties": {}}},
        {**NAMED, "inputSchema": {"$ref": "#/$defs/a", "$defs": {"a": SCHEMA}}, "x": SCHEMA},
        {**NAMED, "inputSchema": SCHEMA, "parameters": SCHEMA},
        {**NAMED, "annotations": {"readOnlyHint": True}, "icons": [{"src": "a"}]},
    ],
)
def test_a_tool_in_our_shape_is_read_whatever_else_it_holds(document: JsonObject) -> None:
    assert read_tool(json.dumps(document)).name == "find"
    assert [finding for finding in run_rules(SCHEMA_RULES, document) if finding.severity == "error"] == []


def test_a_project_names_the_file_and_keeps_the_rest(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "p")
    (folder / "tools/find.json").write_text(json.dumps({**NAMED, "input_schema": SCHEMA}), encoding="utf-8")
    project = load_project(folder)
    [problem] = project.errors
    assert problem.file == "tools/find.json"
    assert '"input_schema"' in str(problem)
    assert project.toolset.names == ("look", "touch")
