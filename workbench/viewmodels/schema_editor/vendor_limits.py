"""What vendors refuse or may refuse, told before a request is made."""

import re
from collections.abc import Iterator

from workbench.app.models.wires import WIRES
from workbench.app.schema_editor.wire_preview import strict_notes
from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.viewmodels.schema_editor.checks import schema_nodes
from workbench.viewmodels.schema_editor.problem import Finding

_NOT_ON_TOP = ("anyOf", "oneOf", "allOf", "not", "enum")
MAX_DESCRIPTION = min(wire.limits.description_chars for wire in WIRES if wire.limits.description_chars)
_PARAMETER_NAMES = tuple(
    (wire.vendor, re.compile(wire.limits.parameter_name).fullmatch, wire.limits.parameter_name_words)
    for wire in WIRES
    if wire.limits.parameter_name
)
_STRICT = {wire.strict_name: wire.id for wire in reversed(WIRES) if wire.strict_name}
"""Strict modes by name; of wires that share one, the first speaks for all."""


def check_limits(document: JsonObject, *, tool_count: int = 0) -> Iterator[Finding]:
    """What the vendors' limits have to say; `tool_count` is how many tools the project offers."""
    yield from _name(document.get("name"))
    description = document.get("description")
    if not description:
        yield Finding("warning", "/description" if "description" in document else "", _NO_DESCRIPTION)
    for wire in WIRES:
        limits = wire.limits
        if isinstance(description, str) and 0 < limits.description_chars < len(description):
            bound = f"{wire.label} is known to refuse descriptions longer than {limits.description_chars:,}"
            yield Finding("warning", "/description", f"{len(description):,} characters; {bound}")
        if 0 < limits.tools < tool_count:
            words = f"the project offers {tool_count} tools; {wire.label} takes up to {limits.tools}"
            yield Finding("warning", "", words)
    schema = document.get("inputSchema")
    if isinstance(schema, dict):
        yield from _parameters(schema)
        if document.get("strict") is True:
            yield from _strict(document)


_NO_DESCRIPTION = "no description; the model sees only the name"


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
