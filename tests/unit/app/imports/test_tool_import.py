"""Tools as vendors, SDKs and servers write them: found without loss, or refused by name."""

import json
from typing import Any

import pytest

from workbench.app.imports.tool_import import found_in
from workbench.core.errors import ProjectError

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
    assert [(one.tool.name, one.tool.input_schema) for one in found_in(document)] == [("a", SCHEMA)]


@pytest.mark.parametrize("more", [{}, {"parameters": None}, {"description": None, "parameters": None}])
def test_a_function_without_parameters_is_a_tool(more: dict[str, Any]) -> None:
    for document in (
        {"type": "function", "function": {"name": "a", **more}},
        {"type": "function", "name": "a", **more},
    ):
        [found] = found_in([document])
        assert (found.tool.name, found.tool.input_schema.get("properties")) == ("a", {})


@pytest.mark.parametrize("parameters", [json.dumps(SCHEMA), [{"name": "q"}], 7, True])
def test_parameters_that_are_no_schema_are_not_lost_in_silence(parameters: Any) -> None:
    with pytest.raises(ProjectError, match="parameters of the tool 'a' is"):
        found_in([{"type": "function", "function": {"name": "a", "parameters": parameters}}])
    with pytest.raises(ProjectError, match="parameters of the tool 'a' is"):
        found_in([{"name": "a", "description": "d", "parameters": parameters}])
