"""What the pictures of the editor show: one tool with something of everything, edited as a person would."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from workbench.core.json_text import JsonObject, pretty
from workbench.gui.schema_editor.editor_page import EditorPage

_ADDRESS: JsonObject = {
    "type": "object",
    "description": "Where the parcel goes",
    "properties": {
        "name": {"type": "string", "description": "Who receives it", "minLength": 1},
        "street": {"type": "string", "description": "Street and number"},
        "postal_code": {"type": "string", "pattern": "^[0-9]{4,5}$", "examples": ["1010", "80331"]},
        "country": {
            "type": "string",
            "description": "Two-letter country code",
            "enum": ["AT", "CH", "DE"],
            "enumDescriptions": ["Austria, next day", "Switzerland, three days with customs", "Germany, next day"],
            "default": "AT",
        },
    },
    "required": ["name", "street", "country"],
    "additionalProperties": False,
}
TOOL: JsonObject = {
    "name": "ship_order",
    "title": "Ship an order",
    "description": "Hand an order that is paid over to the courier. Ask for the address if the customer has more than "
    "one. Do not use it for returns.",
    "inputSchema": {
        "type": "object",
        "properties": {
            "order_id": {"type": "string", "description": "Order number, such as A-1004", "pattern": "^A-[0-9]+$"},
            "address": _ADDRESS,
            "parcels": {
                "type": "array",
                "description": "One entry for each parcel",
                "items": {"type": "object", "properties": {"weight_kg": {"type": "number", "exclusiveMinimum": 0}}},
                "minItems": 1,
            },
            "note": {"anyOf": [{"type": "string", "maxLength": 200}, {"type": "null"}], "default": None},
            "pickup": {"oneOf": [{"$ref": "#/$defs/window"}, {"const": "any time"}]},
        },
        "required": ["order_id", "address"],
        "$defs": {"window": {"type": "object", "patternProperties": {"^(from|to)$": {"type": "string"}}}},
    },
    "annotations": {"readOnlyHint": False, "destructiveHint": False, "openWorldHint": True},
    "_meta": {"team": "logistics"},
}
_COUNTRY = "/inputSchema/properties/address/properties/country"


def lay_out_tool(project: Path) -> Path:
    """Put the tool into a project; its file."""
    path = project / "tools" / "ship_order.json"
    path.write_text(pretty(TOOL) + "\n", encoding="utf-8")
    return path


async def editor_pictures(page: EditorPage, shoot: Callable[[str], Awaitable[None]]) -> None:
    """The form, JSON in place, both views, problems, broken JSON, the preview and the changes."""
    editor, text = page.editor, page.editor.document.text
    await shoot("editor_tool")
    editor.form.select(_COUNTRY)
    await shoot("editor_form")
    editor.form.select("/inputSchema/properties/pickup")
    page.show_view("Both")
    await shoot("editor_both")
    page.show_view("JSON")
    wrong = text.replace('"default": "AT"', '"default": "UK"').replace('"minLength": 1', '"minLength": "one"')
    editor.write_text(wrong)
    editor.problems.check()
    page.problems.step(1)
    await shoot("editor_problems")
    editor.write_text(text.replace('"address": {', '"address" {'))
    editor.problems.check()
    page.problems.step(1)
    await shoot("editor_broken")
    while editor.document.text != text:
        editor.undo()
    page.show_view("Form")
    editor.form.select("")
    page.toggle_side()
    page.side.preview.strict.setChecked(True)
    await shoot("editor_preview")
    description = str(TOOL["description"])
    better = description.replace("Hand an order that is paid over", "Hand over one paid order").replace(
        "the address", "it"
    )
    editor.write_field(next(field for field in editor.form.fields if field.key == "description"), better)
    editor.form.select(_COUNTRY)
    editor.write_field(next(field for field in editor.form.fields if field.key == "default"), "DE")
    page.side.open_page("Changes")
    await shoot("editor_changes")
