"""Tools as vendors, SDKs and servers write them: found without loss, or refused by name."""

import json
from typing import Any

import pytest

from workbench.app.imports.tool_import import found_in

SCHEMA: dict[str, Any] = {"type": "object", "properties": {"q": {"type": "string"}}}
UPPER: dict[str, Any] = {"type": "OBJECT", "properties": {"q": {"type": "STRING"}}}


@pytest.mark.parametrize(
    "document",
    [
        {"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "a", "inputSchema": SCHEMA}]}},
        {"model": "m", "tools": [{"type": "function", "function": {"name": "a", "parameters": SCHEMA}}]},
        {"functions": [{"name": "a", "parameters": SCHEMA}]},
        [{"type": "function", "name": "a", "parameters": SCHEMA}],
        [{"name": "a", "input_schema": SCHEMA}],
        [{"functionDeclarations": [{"name": "a", "parameters": UPPER}]}],
        {"tools": [{"function_declarations": [{"name": "a", "parameters": UPPER}]}]},
        [{"function_declarations": [{"name": "a", "parameters_json_schema": SCHEMA}]}],
        [{"name": "a", "inputSchema": SCHEMA}, {"type": "web_search"}, 7, None],
    ],
)
def test_a_tool_is_found_with_its_parameters(document: Any) -> None:
    assert [(one.tool.name, one.tool.input_schema) for one in found_in(document).items] == [("a", SCHEMA)]


@pytest.mark.parametrize("more", [{}, {"parameters": None}, {"description": None, "parameters": None}])
def test_a_function_without_parameters_is_a_tool(more: dict[str, Any]) -> None:
    for document in (
        {"type": "function", "function": {"name": "a", **more}},
        {"type": "function", "name": "a", **more},
    ):
        [found] = found_in([document]).items
        assert (found.tool.name, found.tool.input_schema.get("properties")) == ("a", {})


@pytest.mark.parametrize("parameters", [json.dumps(SCHEMA), [7], 7, False])
def test_parameters_that_are_no_schema_are_skipped_with_the_reason(parameters: Any) -> None:
    framed = {"type": "function", "function": {"name": "a", "parameters": parameters}}
    for document in (framed, {"name": "a", "description": "d", "parameters": parameters}):
        found = found_in([document, {"name": "b", "inputSchema": SCHEMA}])
        assert [tool.name for tool in found.tools] == ["b"]
        [(name, why)] = found.skipped
        assert (name, why.startswith("parameters is ")) == ("a", True)
        assert "parameters is" in found_in([document]).obstacle


def test_a_schema_that_is_true_takes_any_object() -> None:
    [found] = found_in([{"name": "a", "inputSchema": True}]).items
    assert found.tool.input_schema == {"type": "object"}


@pytest.mark.parametrize(
    ("document", "shape"),
    [
        (
            {"lc": 1, "type": "constructor", "kwargs": {"name": "a", "description": "d", "args_schema": SCHEMA}},
            "LangChain",
        ),
        ({"name": "a", "description": "d", "args": {"q": {"type": "string"}}}, "LangChain"),
        ({"metadata": {"name": "a", "description": "d", "fn_schema": {**SCHEMA, "title": "A"}}}, "LlamaIndex"),
        ({"name": "a", "description": "d", "fn_schema_str": json.dumps(SCHEMA)}, "LlamaIndex"),
        (
            {"functions": [{"name": "a", "description": "d", "parameters": [{"name": "q", "is_required": True}]}]},
            "Semantic Kernel",
        ),
        (
            {"PluginName": "p", "Name": "a", "Description": "d", "Parameters": [{"Name": "q", "IsRequired": True}]},
            "Semantic Kernel",
        ),
    ],
)
def test_tools_of_frameworks_are_recognized(document: Any, shape: str) -> None:
    [found] = found_in(document).items
    assert found.shape == shape
    assert found.tool.name in ("a", "p-a")
    assert found.tool.description == "d"
    assert found.tool.input_schema["properties"] == SCHEMA["properties"]


def test_two_tools_of_one_name_stay_two() -> None:
    found = found_in([{"name": "查询" * 150, "inputSchema": SCHEMA}, {"name": "查询" * 151, "inputSchema": SCHEMA}])
    assert len({tool.name for tool in found.tools}) == 2
    assert all(len(tool.name) <= 64 for tool in found.tools)
    assert "its name was" in found.items[0].notes[0]
