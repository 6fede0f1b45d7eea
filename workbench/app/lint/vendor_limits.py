"""What vendors refuse or may refuse, said before a request is made."""

import re
from collections.abc import Iterator, Sequence

from workbench.app.models.wires import WIRES, wire_named
from workbench.app.schema_editor.wire_preview import strict_notes
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject
from workbench.core.lint.finding import Finding
from workbench.core.lint.parts import schema_nodes
from workbench.core.lint.rule import Grounds, LintRule, Surroundings
from workbench.core.lint.sources import MANY_TOOLS, OPENAI_GUIDE
from workbench.core.tool import PORTABLE_NAME, Tool

_NOT_ON_TOP = ("anyOf", "oneOf", "allOf", "not", "enum")
_ADVISED_TOOLS = 20
MAX_DESCRIPTION = min(wire.limits.description_chars for wire in WIRES if wire.limits.description_chars)
_PARAMETER_NAMES = tuple(
    (wire.vendor, re.compile(wire.limits.parameter_name).fullmatch, wire.limits.parameter_name_words)
    for wire in WIRES
    if wire.limits.parameter_name
)
_STRICT = {wire.strict_name: wire.id for wire in reversed(WIRES) if wire.strict_name}
"""Strict modes by name; of wires that share one, the first speaks for all."""


def _limits(document: JsonObject, _: Surroundings) -> Iterator[Finding]:
    yield from _name(document.get("name"))
    description = document.get("description")
    for wire in WIRES:
        limits = wire.limits
        if isinstance(description, str) and 0 < limits.description_chars < len(description):
            bound = f"{wire.label} is known to refuse descriptions longer than {limits.description_chars:,}"
            yield Finding("warning", "/description", f"{len(description):,} characters; {bound}")
    schema = document.get("inputSchema")
    if isinstance(schema, dict):
        yield from _parameters(schema)
        if document.get("strict") is True:
            yield from _strict(document)


def count_findings(tool_count: int) -> Iterator[Finding]:
    """What a number of tools offered together is too large for; about no tool in particular."""
    for wire in WIRES:
        if 0 < wire.limits.tools < tool_count:
            words = f"the project offers {tool_count} tools; {wire.label} takes up to {wire.limits.tools}"
            yield Finding("warning", "", words, rule=TOO_MANY.id)
    if tool_count > _ADVISED_TOOLS:
        words = f"the project offers {tool_count} tools; models choose better among fewer than {_ADVISED_TOOLS}"
        yield Finding("note", "", words, rule=TOO_MANY.id)


def budget_findings(tools: Sequence[Tool]) -> Iterator[Finding]:
    """Where all tools that ask for strict mode are together too much for one request; one alone is its own finding."""
    strict_tools = [tool for tool in tools if tool.strict]
    for vendor, wire_id in reversed(_STRICT.items()) if len(strict_tools) > 1 else ():
        wire = wire_named(wire_id)
        schemas = [wire.shape.tool.schema(wire.define(tool, strict=True)[0]) for tool in strict_tools]
        for words in wire.load(True).strict_limits([schema for schema in schemas if schema is not None]):
            yield Finding("warning", "", f"strict mode of {vendor}: {words}", rule=LIMITS.id, about=wire_id)


def _name(name: object) -> Iterator[Finding]:
    if not isinstance(name, str) or not name or PORTABLE_NAME.fullmatch(name):
        return
    bound = next((wire for wire in WIRES if 0 < wire.limits.name_chars < len(name)), None)
    if bound is not None:
        words = f"{len(name)} characters; {bound.label} takes names of up to {bound.limits.name_chars}"
        yield Finding("error", "/name", words)
    else:
        yield Finding("error", "/name", "vendors accept only letters, digits, _ and - in a name")


def _parameters(schema: JsonObject) -> Iterator[Finding]:
    for keyword in _NOT_ON_TOP:
        if keyword in schema:
            words = f"vendors refuse {keyword!r} at the top of the parameters"
            yield Finding("warning", f"/inputSchema/{keyword}", words, on_key=True)
    if "type" not in schema:
        yield Finding("note", "/inputSchema", '"type": "object" is missing and is added when sent')
    for place, node in schema_nodes(schema, "/inputSchema"):
        properties = node.get("properties")
        for name in properties if isinstance(properties, dict) else ():
            takes = [f"{vendor} takes only {words}" for vendor, fits, words in _PARAMETER_NAMES if not fits(name)]
            if takes:
                escaped = name.replace("~", "~0").replace("/", "~1")
                words = f"{'; '.join(takes)} in a parameter's name, up to 64"
                yield Finding("warning", f"{place}/properties/{escaped}", words, on_key=True)


def _strict(document: JsonObject) -> Iterator[Finding]:
    """The tool asks for strict mode, and a request sends it unchanged: what strict mode does not take is a problem."""
    try:
        tool = Tool(document)
    except ProjectError:
        return
    for vendor, wire in reversed(_STRICT.items()):
        for path, words in strict_notes(tool, wire):
            yield Finding("warning", f"/inputSchema{path}", f"strict mode of {vendor}: {words}")


LIMITS = LintRule(
    "vendor-limit",
    "warning",
    "Names, lengths and schemas that a vendor refuses or may refuse.",
    Grounds("A request with such a tool fails.", "the vendors' API references, and answers that were recorded"),
    _limits,
)
TOO_MANY = LintRule(
    "too-many-tools",
    "note",
    f"More tools than a vendor takes, or than the {_ADVISED_TOOLS} that are advised.",
    Grounds("Fewer than 20 tools at a time are advised, as a soft limit.", OPENAI_GUIDE, MANY_TOOLS),
    lambda _document, surroundings: count_findings(surroundings.tool_count),
)
