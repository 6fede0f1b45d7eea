"""Undone edits leave nothing behind.

Most edits do more than set one key: a type drops the rules of the old one, a required parameter makes a list. So the
form remembers the state before a field was first changed, and restores it when the field has its old value again.
"""

from collections.abc import Callable

from workbench.core.json_place import places
from workbench.core.json_text import JsonObject, JsonValue, canonical
from workbench.core.subschemas import MISSING, Missing
from workbench.viewmodels.schema_editor.fields import Field, ValueRow
from workbench.viewmodels.schema_editor.parameter_edits import owner_of, synced, value_at
from workbench.viewmodels.schema_editor.rows import FormRow

Shown = str | tuple[ValueRow, ...]
"""The value of a field."""


class _Mark:
    """A field that was changed. `before` is the object around it as if the field had never been touched, `after`
    as the field's last edit left it."""

    def __init__(self, shown: Shown, before: JsonObject, text_before: str) -> None:
        self.shown = shown
        self.before = before
        self.text_before = text_before
        self.after: JsonObject = before
        self.text_after = text_before


class EditMemory:
    """The fields' old states. Edits from elsewhere end it: it would be unclear whose change to undo."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], _Mark] = {}
        self._text = ""

    def edited(self, text: str, row: FormRow, field: Field, wanted: Shown, change: Callable[[str], str]) -> str:
        """`text` after `change`, which puts `wanted` into `field` of `row`. Raises what `change` raises."""
        around = _object_at(text, place := _place_of(row, field))
        if field.kind in ("name", "json") or around is None:
            return change(text)
        if text != self._text:
            self._marks.clear()
        changed = change(text)
        mark = self._marks.get((field.path, field.key))
        if mark is None:
            mark = _Mark(field.rows if field.kind == "values" else field.value, around, text)
        elif text != mark.text_after:  # other fields were edited since
            mark.before = _merged(mark.before, mark.after, around, around)
            mark.text_before = ""
        if wanted == mark.shown:
            changed = mark.text_before or _restored(changed, place, mark, around)
        mark.after = _object_at(changed, place) or {}
        self._text = mark.text_after = changed
        self._marks[field.path, field.key] = mark
        return changed


def _restored(changed: str, place: str, mark: _Mark, around: JsonObject) -> str:
    made = _object_at(changed, place)
    if made is None:
        return changed
    return synced(changed, place, _merged(mark.before, mark.after, around, made), made)


def _merged(before: JsonObject, after: JsonObject, now: JsonObject, changed: JsonObject) -> JsonObject:
    """Restore what only the field's own edits have touched; the rest stays as the last edit makes it."""
    merged: JsonObject = {}
    for key in {**changed, **before}:
        is_untouched = _text_of(now.get(key, MISSING)) == _text_of(after.get(key, MISSING))
        value = (before if is_untouched else changed).get(key, MISSING)
        if value is not MISSING:
            merged[key] = value
    return merged


def _text_of(value: JsonValue | Missing) -> str:
    return "" if value is MISSING else canonical(value)


def _place_of(row: FormRow, field: Field) -> str:
    """The object that an edit of the field can change."""
    return owner_of(row.path)[0] if field.key == "required" else row.path


def _object_at(text: str, path: str) -> JsonObject | None:
    if places(text).node(path) is None:
        return None
    found = value_at(text, path)
    return found if isinstance(found, dict) else None
