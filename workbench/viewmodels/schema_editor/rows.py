"""The outline of a tool: the tool, its parameters, what is inside them, and its result."""

from dataclasses import dataclass
from typing import Literal

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.problem import pointer
from workbench.viewmodels.schema_editor.schema_view import SchemaView, look_at

OutlineRowKind = Literal["tool", "parameters", "result", "property", "items", "rest", "raw"]
MAX_ROWS = 2_000
INPUT, OUTPUT = "/inputSchema", "/outputSchema"


@dataclass(frozen=True)
class FormRow:
    """One row of the outline. `path` leads to the schema, for the tool itself it is empty."""

    kind: OutlineRowKind
    path: str
    name: str
    depth: int
    words: str
    """The type, in words."""
    description: str = ""
    is_required: bool = False
    owner: str = ""
    """The pointer of the schema whose `properties` this is one of."""
    view: SchemaView | None = None
    """None where there is nothing for a form: `true`, `false`, or something that is not a schema at all."""

    @property
    def core(self) -> str:
        """The pointer of the part that holds the rules, and `properties` or `items`."""
        return self.path + (self.view.inner if self.view is not None else "")

    @property
    def can_hold_properties(self) -> bool:
        """Whether a parameter can be added inside."""
        return self.view is not None and self.view.type == "object"


def outline(document: JsonObject) -> tuple[FormRow, ...]:
    """All rows, each before what is inside it; at most `MAX_ROWS`."""
    rows = [
        FormRow("tool", "", _text(document.get("name")) or "(no name)", 0, "tool", _text(document.get("description")))
    ]
    _add(rows, "parameters", INPUT, "Parameters", 0, document.get("inputSchema", {"type": "object"}))
    if document.get("outputSchema") is not None:
        _add(rows, "result", OUTPUT, "Result", 0, document.get("outputSchema"))
    return tuple(rows[:MAX_ROWS])


def _add(
    rows: list[FormRow],
    kind: OutlineRowKind,
    path: str,
    name: str,
    depth: int,
    schema: JsonValue,
    *,
    is_required: bool = False,
    owner: str = "",
) -> None:
    if len(rows) >= MAX_ROWS:
        return
    if not isinstance(schema, dict):
        words = {True: "anything", False: "nothing"}.get(schema, "not a schema") if isinstance(schema, bool) else "?"
        rows.append(FormRow(kind, path, name, depth, words, is_required=is_required, owner=owner))
        return
    view = look_at(schema)
    description = _text(schema.get("description"))
    row = FormRow(kind, path, name, depth, view.words, description, is_required, owner, view)
    rows.append(row)
    _add_inside(rows, row, view.core)


def _add_inside(rows: list[FormRow], row: FormRow, core: JsonObject) -> None:
    properties, required = core.get("properties"), core.get("required")
    if isinstance(properties, dict):
        names = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
        for name, schema in properties.items():
            path = row.core + pointer(["properties", name])
            _add(rows, "property", path, name, row.depth + 1, schema, is_required=name in names, owner=row.core)
    if isinstance(core.get("items"), dict):
        _add(rows, "items", f"{row.core}/items", "each item", row.depth + 1, core["items"])
    if isinstance(core.get("additionalProperties"), dict):
        path = f"{row.core}/additionalProperties"
        _add(rows, "rest", path, "any other key", row.depth + 1, core["additionalProperties"])


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
