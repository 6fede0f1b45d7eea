"""Conditions on the arguments of a tool, built from its schema: what can be compared, how, and with what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from workbench.core.condition import BARE, LISTED, OPERATORS, ORDERED, Condition, Operator
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict
from workbench.core.signal import Signal
from workbench.viewmodels.schema_editor.argument_field import ArgumentField, ArgumentKind, fields_of
from workbench.viewmodels.schema_editor.argument_form import every
from workbench.viewmodels.schema_editor.literal import NotALiteral, read_literal, shown_literal

ValueInput = Literal["none", "line", "choice", "checks"]
MOST_CHECKS = 12
_TEXT: tuple[Operator, ...] = ("=", "!=", "contains", "like", "matches", "in", "not in")
_NUMBER: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=", "in", "not in")
_CHOICE: tuple[Operator, ...] = ("=", "!=", "in", "not in")
_LIST: tuple[Operator, ...] = ("contains", "any in", "all in", "=")
_GIVEN: tuple[Operator, ...] = ("is given", "is not given")
_BY_KIND: dict[ArgumentKind, tuple[Operator, ...]] = {
    "string": _TEXT + _GIVEN,
    "number": _NUMBER + _GIVEN,
    "integer": _NUMBER + _GIVEN,
    "boolean": ("=", *_GIVEN),
    "choice": _CHOICE + _GIVEN,
    "list": _LIST + _GIVEN,
    "group": _GIVEN,
    "json": OPERATORS,
}
_MOMENTS = ("date", "time", "date-time")
_WORDS: dict[Operator, str] = {
    "=": "is",
    "!=": "is not",
    "<": "<",
    "<=": "≤",
    ">": ">",
    ">=": "≥",
    "in": "is one of",
    "not in": "is not one of",
    "contains": "contains",
    "like": "fits the glob",
    "matches": "matches the pattern",
    "any in": "has any of",
    "all in": "has only",
    "is given": "is given",
    "is not given": "is not given",
}
_MOMENT_WORDS: dict[Operator, str] = {"<": "before", "<=": "until", ">": "after", ">=": "from"}
_HINTS: dict[Operator, str] = {
    "like": "*@example.com   * any characters, ? one",
    "matches": "^A-[0-9]+$",
    "in": "values, separated by commas",
    "not in": "values, separated by commas",
    "any in": "values, separated by commas",
    "all in": "values, separated by commas",
}


@dataclass(frozen=True)
class ConditionDraft:
    """A condition as it is typed; `name` as in `Condition`."""

    name: str
    operator: Operator = "="
    text: str = ""


class ConditionList:
    """All of them have to hold. `problems` has what is wrong with each, by its place."""

    def __init__(self) -> None:
        self.drafts: tuple[ConditionDraft, ...] = ()
        self.problems: dict[int, str] = {}
        self.changed: Signal[[]] = Signal()
        self._fields: dict[str, ArgumentField] = {}
        self._known: dict[ConditionDraft, Condition] = {}
        """What was shown, so that it is read back as it was."""

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Arguments that can be compared, as `Condition` names them and in words; those in use are among them."""
        used = [draft.name for draft in self.drafts if draft.name not in self._fields]
        return (
            *((name, field.path[1:].replace("/", " › ")) for name, field in self._fields.items()),
            *((name, f"{name} (not in the schema)") for name in dict.fromkeys(used)),
        )

    def offer(self, schemas: Iterable[JsonObject]) -> None:
        """Compare the arguments of these schemas; where they share a name, the first says what it is."""
        found: dict[str, ArgumentField] = {}
        for schema in schemas:
            for field in every(fields_of(schema)):
                found.setdefault(_name_of(field), field)
        if [(name, field.schema) for name, field in found.items()] != [
            (name, field.schema) for name, field in self._fields.items()
        ]:
            self._fields = found
            self._judge()

    def show(self, conditions: Sequence[Condition]) -> None:
        """Show these."""
        drafts = [
            ConditionDraft(one.name, one.operator, self._shown(one.name, one.operator, one.value)) for one in conditions
        ]
        self._known = dict(zip(drafts, conditions, strict=True))
        self.drafts = tuple(drafts)
        self._judge()

    def read(self) -> tuple[Condition, ...] | None:
        """What they say; None while something is wrong."""
        return None if self.problems else tuple(self._read(draft) for draft in self.drafts)

    def add(self) -> None:
        """One more, about the first argument that has none yet."""
        used = {draft.name for draft in self.drafts}
        name = next((one for one in self._fields if one not in used), next(iter(self._fields), ""))
        self.drafts = (*self.drafts, ConditionDraft(name, self.operators(name)[0][0]))
        self._judge()

    def remove(self, place: int) -> None:
        """One less."""
        self.drafts = self.drafts[:place] + self.drafts[place + 1 :]
        self._judge()

    def change(
        self, place: int, *, name: str | None = None, operator: Operator | None = None, text: str | None = None
    ) -> None:
        """The person chose or typed something. What does not go with another argument is let go."""
        draft = self.drafts[place]
        if name is not None and name != draft.name:
            kept = self.kind(name) == self.kind(draft.name)
            draft = replace(draft, name=name, text=draft.text if kept else "")
            if draft.operator not in dict(self.operators(name)):
                draft = replace(draft, operator=self.operators(name)[0][0], text="")
        if operator is not None and operator != draft.operator:
            kept = (operator in LISTED) == (draft.operator in LISTED)
            draft = replace(draft, operator=operator, text=draft.text if kept else "")
        if text is not None:
            draft = replace(draft, text=text)
        if draft != self.drafts[place]:
            self.drafts = (*self.drafts[:place], draft, *self.drafts[place + 1 :])
            self._judge()

    def kind(self, name: str) -> ArgumentKind:
        """What the schema says the argument is."""
        return self._fields[name].kind if name in self._fields else "json"

    def operators(self, name: str) -> tuple[tuple[Operator, str], ...]:
        """How the argument can be compared, in words."""
        field, offered = self._fields.get(name), _BY_KIND[self.kind(name)]
        is_moment = field is not None and field.kind == "string" and field.schema.get("format") in _MOMENTS
        if is_moment:
            offered = (*_NUMBER, *_GIVEN)
        words = {**_WORDS, **_MOMENT_WORDS} if is_moment else _WORDS
        used = tuple(draft.operator for draft in self.drafts if draft.name == name and draft.operator not in offered)
        return tuple((one, words[one]) for one in (*offered, *dict.fromkeys(used)))

    def value_input(self, place: int) -> ValueInput:
        """What the value is entered with."""
        draft = self.drafts[place]
        if draft.operator in BARE:
            return "none"
        choices = self.choices(place)
        if draft.operator in LISTED:
            return "checks" if choices and len(choices) <= MOST_CHECKS else "line"
        return "choice" if choices else "line"

    def choices(self, place: int) -> tuple[str, ...]:
        """The values the argument, or an item of it, can have, as JSON; none when there is no list of them."""
        field = self._fields.get(self.drafts[place].name)
        if field is None:
            return ()
        if field.kind == "boolean":
            return ("true", "false")
        items = field.schema.get("items")
        listed = items if field.schema.get("type") == "array" else field.schema
        values = listed.get("enum") if isinstance(listed, dict) else None
        if field.kind == "choice" and not values:
            return field.choices
        return tuple(map(compact, values)) if isinstance(values, list) else ()

    def checked(self, place: int) -> tuple[str, ...]:
        """Which of the choices are in the value."""
        try:
            return tuple(map(compact, _items(self.drafts[place].text, "json")))
        except (MalformedJson, NotALiteral):
            return ()

    def check(self, place: int, choice: str, *, is_on: bool) -> None:
        """Take a choice into the value, or out of it."""
        chosen = set(self.checked(place)) - {choice} | ({choice} if is_on else set())
        kept = [one for one in self.choices(place) if one in chosen]
        self.change(place, text=f"[{', '.join(kept)}]" if kept else "")

    def hint(self, place: int) -> str:
        """What could be in the line."""
        draft = self.drafts[place]
        field = self._fields.get(draft.name)
        return _HINTS.get(draft.operator, field.hint if field is not None else "")

    def _judge(self) -> None:
        self.problems = {}
        for place, draft in enumerate(self.drafts):
            try:
                fault = self._read(draft).fault
            except (MalformedJson, NotALiteral) as error:
                fault = str(error)
            if fault:
                self.problems[place] = fault
        self.changed.emit()

    def _read(self, draft: ConditionDraft) -> Condition:
        if draft in self._known:
            return self._known[draft]
        return Condition(draft.name, draft.operator, self._value(draft))

    def _value(self, draft: ConditionDraft) -> JsonValue:
        if draft.operator in BARE:
            return None
        if not draft.text.strip():
            raise NotALiteral("a value is missing")
        if draft.operator in ("like", "matches"):
            return draft.text.strip() if draft.operator == "like" else draft.text
        kind = self._value_kind(draft.name, draft.operator)
        if draft.operator in LISTED:
            return _items(draft.text, kind)
        return _one(draft.text, kind)

    def _value_kind(self, name: str, operator: Operator) -> ArgumentKind:
        field = self._fields.get(name)
        if field is None:
            return "json"
        if field.kind == "list" and operator in ("contains", "any in", "all in"):
            return field.item_kind
        return "string" if operator in ORDERED and field.kind == "string" else field.kind

    def _shown(self, name: str, operator: Operator, value: JsonValue) -> str:
        if operator in BARE:
            return ""
        if operator in ("like", "matches"):
            return str(value)
        kind = self._value_kind(name, operator)
        if operator in LISTED and isinstance(value, list):
            shown = [shown_literal(item, kind) for item in value]
            is_plain = kind != "json" and all(one and "," not in one and one == one.strip() for one in shown)
            return ", ".join(shown) if is_plain and kind != "choice" else compact(value)
        return shown_literal(value, kind)


def _name_of(field: ArgumentField) -> str:
    is_plain = field.path.count("/") == 1 and not field.name.startswith("/")
    return field.name if is_plain else field.path


def _one(text: str, kind: ArgumentKind) -> JsonValue:
    if kind in ("string", "number", "integer", "boolean"):
        return read_literal(text.strip(), kind)
    try:
        return parse_strict(text)
    except MalformedJson:
        if kind == "json" and text.strip()[0] not in '{["':
            return text.strip()  # text needs no quotes where nothing says what the argument is
        raise


def _items(text: str, kind: ArgumentKind) -> list[JsonValue]:
    if text.lstrip().startswith("["):
        found = parse_strict(text)
        return found if isinstance(found, list) else [found]
    return [_one(part, kind) for part in text.split(",") if part.strip()]
