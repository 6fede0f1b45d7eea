"""The form: the outline of the tool, the selected row, its fields, and its actions."""

from collections.abc import Callable, Sequence

from workbench.core.json_edit import sibling
from workbench.core.json_place import parent
from workbench.core.json_text import JsonObject
from workbench.core.problem import pointer
from workbench.core.signal import Signal
from workbench.viewmodels.schema_editor import parameter_edits as edits
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.edit_memory import EditMemory, Shown
from workbench.viewmodels.schema_editor.field_edits import with_values, written
from workbench.viewmodels.schema_editor.fields import Field, ValueRow, fields_of
from workbench.viewmodels.schema_editor.literal import NotALiteral
from workbench.viewmodels.schema_editor.rows import INPUT, OUTPUT, FormRow, outline

_TYPED = ("text", "line", "number", "literal", "json")


class Form:
    """Shows the last valid text; while the JSON is invalid, the form is read-only."""

    def __init__(self, document: ToolDocument) -> None:
        self.rows: tuple[FormRow, ...] = outline(document.value)
        self.selected = ""
        self._renaming_to = ""
        self.selection_changed: Signal[[]] = Signal()
        self._document = document
        self._memory = EditMemory()

    @property
    def row(self) -> FormRow:
        """The selected row."""
        return next((row for row in self.rows if row.path == self.selected), self.rows[0])

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of the selected row."""
        return fields_of(self.row, self._document.value)

    @property
    def can_edit(self) -> bool:
        """Whether the text is valid, so that the form shows it."""
        return not self._document.is_broken

    @property
    def is_parameter(self) -> bool:
        """Whether the selected row can be copied, moved and renamed."""
        return self.row.kind == "property"

    @property
    def can_delete(self) -> bool:
        """Whether the selected row can be deleted."""
        return self.row.kind in ("property", "result")

    @property
    def has_result(self) -> bool:
        """Whether the result has a schema."""
        return any(row.kind == "result" for row in self.rows)

    def refresh(self) -> None:
        """The document changed."""
        if self.can_edit:
            self.rows = outline(self._document.value)
        self.select(self._renaming_to or self.selected)

    def select(self, path: str) -> None:
        """Select the row of this pointer, or the row that contains it."""
        known = {row.path for row in self.rows}
        while path and path not in known:
            path = parent(path)[0]
        if path != self.selected:
            self.selected = path
            self._document.history.pause()
            self.selection_changed.emit()

    def write(self, field: Field, raw: str) -> str:
        """Put typed text into a field of the selected row; return its problem, or an empty text."""
        row, words = self.row, f"Edit {field.label.casefold()} of {self.row.name}"
        if field.kind == "name":
            return self._rename(field, raw)
        merge = f"{field.key} {field.path}" if field.kind in _TYPED else ""
        return self._write(field, raw, lambda text: written(text, row, field, raw), words, merge)

    def write_values(self, field: Field, rows: Sequence[ValueRow]) -> str:
        """Put a list of values into a field; return their problem, or an empty text."""
        words = f"Edit {field.label.casefold()} of {self.row.name}"
        return self._write(field, tuple(rows), lambda text: with_values(text, field, rows), words)

    def add(self) -> bool:
        """Add a parameter inside or after the selected row, and select it."""
        row = self.row
        schema, after = (row.core, "") if row.can_hold_properties else (row.owner, row.name)
        if row.kind != "property" and not row.can_hold_properties:
            schema, after = INPUT, ""
        if not self.can_edit:
            return False
        name = edits.free_name(self._document.text, schema)
        path = schema + pointer(["properties", name])
        wrong = self._edit(lambda text: edits.add_property(text, schema, name, after), f"Add {name}", path)
        self.select(path)
        return not wrong

    def describe_result(self) -> None:
        """Give the tool a schema for its result, and select it."""
        if not self.has_result:
            result: JsonObject = {"type": "object", "properties": {}}
            self._edit(lambda text: edits.put(text, OUTPUT, result), "Describe the result", OUTPUT)
        self.select(OUTPUT)

    def duplicate(self) -> None:
        """Duplicate the selected parameter, and select the copy."""
        row = self.row
        if row.kind == "property" and self.can_edit:
            name = edits.free_name(self._document.text, row.owner, f"{row.name}_copy")
            path = sibling(row.path, name)
            self._edit(lambda text: edits.duplicate_property(text, row.path, name), f"Copy {row.name}", path)
            self.select(path)

    def delete(self) -> None:
        """Delete the selected parameter, or the result, and select what is beside it."""
        row = self.row
        if row.kind == "property":
            siblings = [other.path for other in self.rows if other.kind == "property" and other.owner == row.owner]
            place = siblings.index(row.path)
            beside = (*siblings[place + 1 :], *reversed(siblings[:place]), row.owner)
            if not self._edit(lambda text: edits.remove_property(text, row.path), f"Delete {row.name}", row.path):
                self.select(beside[0])
        elif row.kind == "result":
            self._edit(lambda text: edits.put_or_remove(text, row.path, None), "Delete the result", row.path)

    def move(self, by: int) -> None:
        """Move the selected parameter up (-1) or down (1)."""
        row = self.row
        if row.kind == "property":
            words = f"Move {row.name} {'up' if by < 0 else 'down'}"
            self._edit(lambda text: edits.move_property(text, row.path, by), words, row.path)

    def take_schema(self, schema: JsonObject) -> None:
        """Replace the parameters, for example with what strict mode requires."""
        self._edit(lambda text: edits.put(text, INPUT, schema), "Rewrite the parameters", INPUT)

    def _rename(self, field: Field, raw: str) -> str:
        row = self.row
        if raw == field.value:
            return ""
        path = sibling(row.path, raw) if row.kind == "property" else ""
        self._renaming_to = path  # the row stays selected, without a moment of being gone
        try:
            return self._edit(lambda text: written(text, row, field, raw), f"Rename {row.name}", path or "/name")
        finally:
            self._renaming_to = ""

    def _write(self, field: Field, wanted: Shown, change: Callable[[str], str], words: str, merge: str = "") -> str:
        row = self.row
        return self._edit(lambda text: self._memory.edited(text, row, field, wanted, change), words, field.path, merge)

    def _edit(self, change: Callable[[str], str], words: str, place: str, merge: str = "") -> str:
        try:
            is_done = self._document.edit(change, words=words, place=place, merge=merge)
        except NotALiteral as error:
            return str(error)
        except KeyError:
            return "this cannot be changed here; edit the JSON"
        return "" if is_done else "the JSON is invalid; fix it first"
