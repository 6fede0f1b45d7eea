"""Every tool of the shared fixtures in every format: accepted by the vendors' own types and by strict validators that
are not ours, and the same again where the ledger says nothing."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from anthropic import transform_schema
from anthropic.types import ToolParam
from mcp.types import ListToolsResult
from openai.lib._pydantic import _ensure_strict_json_schema
from openai.types.chat import ChatCompletionFunctionToolParam
from openai.types.responses import FunctionToolParam
from pydantic import ConfigDict, TypeAdapter

from tests.support.tool_documents import BOOKING, real_tools
from workbench.app.exports.tool_export import Exported, export_tools
from workbench.app.imports.tool_import import found_in
from workbench.app.lint.project_lint import lint_tools
from workbench.app.models.wires import TOOL_FORMATS
from workbench.core.json_text import JsonObject
from workbench.core.schema import check_schema
from workbench.core.tool import Tool

TOOLS = [Tool(document) for document in (BOOKING, *real_tools())]


class ClosedChat(ChatCompletionFunctionToolParam):
    """Without keys that the SDK does not know."""


class ClosedResponses(FunctionToolParam):
    """Without keys that the SDK does not know."""


class ClosedAnthropic(ToolParam):
    """Without keys that the SDK does not know."""


SDK_TYPES: dict[str, Any] = {
    "openai-chat": ClosedChat,
    "openai-responses": ClosedResponses,
    "anthropic": ClosedAnthropic,
}
for closed in SDK_TYPES.values():
    closed.__pydantic_config__ = ConfigDict(extra="forbid")
OF_ANY = {"type", "format", "title", "description", "nullable", "enum", "default", "example", "anyOf", "$ref", "ref"}
OF_OBJECTS = {"properties", "propertyOrdering", "required", "minProperties", "maxProperties", "additionalProperties"}
OF_VALUES = {
    "items",
    "minItems",
    "maxItems",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "pattern",
    "$defs",
    "defs",
}
GEMINI_FIELDS = OF_ANY | OF_OBJECTS | OF_VALUES
_BRANCH = re.compile(r"/(?:anyOf|oneOf)/\d+")
BRANCHES = {"oneOf", "allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas"}
UNKNOWN_TO_STRICT = BRANCHES | {"patternProperties", "propertyNames", "unevaluatedProperties", "unevaluatedItems"}


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", SDK_TYPES)
def test_the_sdks_own_types_take_every_tool(name: str, strict: bool) -> None:
    adapter = TypeAdapter(SDK_TYPES[name])
    for tool in TOOLS:
        (definition,) = json.loads(export_tools([tool], name, strict=strict).text)
        adapter.validate_python(definition)


def test_mcp_and_json_schema_take_every_tool() -> None:
    ListToolsResult.model_validate(json.loads(export_tools(TOOLS[:1], "mcp").text))
    for tool in TOOLS:
        listed = ListToolsResult.model_validate(json.loads(export_tools([tool], "mcp").text))
        assert listed.tools[0].name == tool.name
        assert not check_schema(json.loads(export_tools([tool], "json-schema").text))


def test_gemini_gets_only_fields_that_it_knows() -> None:
    for tool in TOOLS:
        exported = export_tools([tool], "gemini", strict=True)
        (declaration,) = declarations(json.loads(exported.text))
        for path, node in nodes(declaration.get("parameters", {})):
            unknown = node.keys() - GEMINI_FIELDS
            assert not unknown or doubted(exported, path), (tool.name, path, unknown)


def test_strict_schemas_are_strict_by_rules_that_are_not_ours_or_the_ledger_has_the_place() -> None:
    for tool in TOOLS:
        exported = export_tools([tool], "openai-chat", strict=True)
        schema = json.loads(exported.text)[0]["function"]["parameters"]
        for path, words in not_strict(schema):
            assert doubted(exported, path), (tool.name, path, words)


@pytest.mark.skipif(len(TOOLS) == 1, reason="the shared tools are not here")
def test_the_sdks_find_nothing_to_do_in_strict_schemas_that_the_ledger_does_not_doubt() -> None:
    seen = 0
    for tool in TOOLS:
        exported = export_tools([tool], "openai-chat", strict=True)
        if not any(entry.kind == "may be refused" for entry in exported.ledger):
            schema = json.loads(exported.text)[0]["function"]["parameters"]
            assert _ensure_strict_json_schema(copy.deepcopy(schema), path=(), root=schema) == schema, tool.name
            seen += 1
        exported = export_tools([tool], "anthropic", strict=True)
        if not any(entry.kind == "may be refused" for entry in exported.ledger):
            schema = json.loads(exported.text)[0]["input_schema"]
            if has_type_lists(schema):  # the SDK's helper knows single types only
                continue
            assert skeleton(transform_schema(copy.deepcopy(schema))) == skeleton(schema), tool.name
            seen += 1
    assert seen > len(TOOLS) / 2


@pytest.mark.parametrize("name", dict(TOOL_FORMATS))
def test_between_every_pair_of_formats_what_neither_ledger_names_comes_back(name: str) -> None:
    for other in dict(TOOL_FORMATS):
        for tool in TOOLS[::7]:
            first = export_tools([tool], name)
            (middle,) = found_in(json.loads(first.text)).tools
            second = export_tools([middle], other)
            (last,) = found_in(json.loads(second.text)).tools
            lost = {entry.place.split("/")[1] for entry in (*first.ledger, *second.ledger) if entry.place}
            assert (last.name, last.description) == (tool.name, tool.description)
            if "inputSchema" not in lost:
                assert plain(last) == plain(tool), (tool.name, name, other)


def test_every_tool_is_linted_without_a_crash() -> None:
    assert all(finding.rule for tool in TOOLS for _, finding in lint_tools([tool]))


def plain(tool: Tool) -> JsonObject:
    schema = {key: value for key, value in tool.input_schema.items() if key != "$schema"}
    return {"properties": {}, **schema}


def declarations(document: Any) -> list[Any]:
    found = document if isinstance(document, list) else [document]
    inner = [each["functionDeclarations"] for each in found if "functionDeclarations" in each]
    return [declaration for each in inner for declaration in each] or found


def nodes(schema: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema in a schema, found by a walk of its own."""
    if not isinstance(schema, dict):
        return
    yield path, schema
    for key in ("properties", "$defs", "definitions"):
        for name, inner in schema.get(key, {}).items():
            yield from nodes(inner, f"{path}/{key}/{name.replace('~', '~0').replace('/', '~1')}")
    for key in ("items", "additionalProperties", "not"):
        yield from nodes(schema.get(key), f"{path}/{key}")
    for key in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for number, inner in enumerate(schema.get(key, [])):
            yield from nodes(inner, f"{path}/{key}/{number}")


def not_strict(schema: Any) -> Iterator[tuple[str, str]]:
    """What OpenAI's documentation of strict mode does not allow."""
    if schema.get("type") != "object" or "anyOf" in schema:
        yield "", "the top is an object without branches"
    for path, node in nodes(schema):
        kind = node.get("type")
        if kind == "object" or (isinstance(kind, list) and "object" in kind):
            if node.get("additionalProperties") is not False:
                yield path, "an object is closed"
            if sorted(node.get("required", [])) != sorted(node.get("properties", {})):
                yield path, "every property is required"
        for key in node.keys() & UNKNOWN_TO_STRICT:
            yield path, key


def doubted(exported: Exported, path: str) -> bool:
    """Whether the ledger says that the place, or what holds it, may be refused. Its places are those of the tool, in
    which branches may have another name, or be missing."""
    doubts = [entry.place.removeprefix("/inputSchema") for entry in exported.ledger if entry.kind == "may be refused"]
    here = _BRANCH.sub("", path)
    return any(f"{here}/".startswith(f"{_BRANCH.sub('', place)}/") for place in doubts)


def has_type_lists(schema: Any) -> bool:
    return any(isinstance(node.get("type"), list) for _, node in nodes(schema))


def skeleton(schema: Any) -> Any:
    """What a validator acts on; the SDK writes the rest into descriptions."""
    if not isinstance(schema, dict):
        return schema
    kept = (
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "anyOf",
        "$ref",
        "$defs",
        "enum",
        "const",
    )
    made = {key: value for key, value in schema.items() if key in kept}
    for key in ("properties", "$defs"):
        if key in made:
            made[key] = {name: skeleton(inner) for name, inner in made[key].items()}
    if made.get("type") == "object":
        made.setdefault("properties", {})
    if "items" in made:
        made["items"] = skeleton(made["items"])
    if "anyOf" in made:
        made["anyOf"] = [skeleton(inner) for inner in made["anyOf"]]
    if "enum" in made or "const" in made:
        made.pop("type", None)
    return made
