"""The arguments of a call as a form, or as JSON: two views of one value, checked against the schema as one types."""

from collections.abc import Iterator

from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, compact, parse_strict_object, pretty
from workbench.core.problem import Problem
from workbench.core.schema import cheap_part, check_arguments
from workbench.core.signal import Signal
from workbench.core.subschemas import MISSING
from workbench.viewmodels.schema_editor.argument_field import ArgumentField, BadText, fields_of, values_of

_MISSING = "required"


class ArgumentForm:
    """`problems` are those of the form's fields, by their pointers; `""` is the call as a whole."""

    def __init__(self, schema: JsonObject) -> None:
        self.is_json = False
        """Whether the arguments are written as JSON."""
        self.draft = "{}"
        """The JSON, while it is written."""
        self.fields: tuple[ArgumentField, ...] = ()
        self.problems: dict[str, str] = {}
        self.is_tried = False
        """Somebody tried to run it; before that, nobody is told that a value is missing."""
        self.changed: Signal[[]] = Signal()
        """Values or problems are others."""
        self.reshaped: Signal[[]] = Signal()
        """Fields came, went, or show something else than was typed into them."""
        self.schema = schema
        self._cheap = cheap_part(schema)
        self._extra: JsonObject = {}
        self._arguments: JsonObject | None = {}
        self.start_over()

    @property
    def arguments_json(self) -> str | None:
        """What would be called; None while something in it is not a value."""
        return compact(self._arguments) if self._arguments is not None else None

    @property
    def left_over(self) -> JsonObject:
        """Given arguments that the schema does not name."""
        return self._extra

    def start_over(self) -> None:
        """Defaults, and examples where something is required."""
        self.fields, self._extra, self.is_tried = fields_of(self.schema), {}, False
        for field in self.fields:
            field.fill_in()
        self._take_fields()
        self.draft = pretty(self._arguments) if self._arguments is not None else "{}"
        self.reshaped.emit()
        self.changed.emit()

    def fill(self, arguments_json: str) -> bool:
        """Show the arguments of another call; False when they are not JSON, which only JSON can show."""
        try:
            arguments = parse_strict_object(arguments_json)
        except MalformedJson:
            self.is_json, self.draft = True, arguments_json
            self._take_draft()
            self.reshaped.emit()
            self.changed.emit()
            return False
        self.draft = pretty(arguments)
        self._show(arguments)
        return True

    def write(self, field: ArgumentField, text: str) -> None:
        """The text in a field is now this."""
        if text != field.text:
            field.text = text
            self._take_fields()
            self.changed.emit()

    def write_json(self, text: str) -> None:
        """The JSON is now this."""
        self.draft = text
        self._take_draft()
        self.changed.emit()

    def show_json(self, *, is_json: bool) -> bool:
        """Write the arguments as JSON, or in fields; False while the JSON is none."""
        if is_json == self.is_json:
            return True
        if is_json:
            if self._arguments is not None:
                self.draft = pretty(self._arguments)
            self.is_json = True
            self._take_draft()
            self.reshaped.emit()
            self.changed.emit()
            return True
        if self._arguments is None:
            return False
        self.is_json = False
        self._show(self._arguments)
        return True

    def problem_of(self, field: ArgumentField) -> str:
        """What is wrong with the value of this field or, of fields for JSON and lists, inside of it."""
        if field.kind == "group":
            return self.problems.get(field.path, "")
        return next(
            (words for path, words in self.problems.items() if path == field.path or path.startswith(f"{field.path}/")),
            "",
        )

    def complaint_about(self, field: ArgumentField) -> str:
        """What to say is wrong with a field by now."""
        problem = self.problem_of(field)
        return "" if problem == _MISSING and not self.is_tried else problem

    def complain(self) -> None:
        """Say what is missing from now on."""
        self.is_tried = True
        self.changed.emit()

    @property
    def other_problems(self) -> tuple[str, ...]:
        """What is wrong and belongs to no field that is shown."""
        shown = {field.path for field in every(self.fields)}
        inside = tuple(f"{field.path}/" for field in every(self.fields) if field.kind != "group")
        return tuple(
            f"{path}: {words}" if path else words
            for path, words in self.problems.items()
            if self.is_json or (path not in shown and not path.startswith(inside))
        )

    def _show(self, arguments: JsonObject) -> None:
        self.fields = fields_of(self.schema)
        known = {field.name for field in self.fields}
        self._extra = {name: value for name, value in arguments.items() if name not in known}
        for field in self.fields:
            field.fill(arguments.get(field.name, MISSING))
        self._take_fields()
        self.reshaped.emit()
        self.changed.emit()

    def _take_fields(self) -> None:
        self.problems = {}
        for field in every(self.fields):
            if field.kind != "group":
                try:
                    field.value()
                except BadText as error:
                    self.problems[field.path] = str(error)
        self._arguments = None if self.problems else {**values_of(self.fields), **self._extra}
        for field in every(self.fields):
            if field.is_required and self._is_missing(field):
                self.problems.setdefault(field.path, _MISSING)
        if self._arguments is not None:
            self._check(self._arguments)

    def _is_missing(self, field: ArgumentField) -> bool:
        """A member of a group that is not given is not missing."""
        if field.kind == "group" or field.text.strip():
            return False
        above = field.path.rpartition("/")[0]
        around = next((one for one in every(self.fields) if one.path == above), None)
        return around is None or self._is_given(around)

    def _is_given(self, group: ArgumentField) -> bool:
        return group.is_required or any(one.text.strip() for one in every(group.fields))

    def _take_draft(self) -> None:
        self.problems = {}
        try:
            self._arguments = parse_strict_object(self.draft)
        except MalformedJson as error:
            self._arguments = None
            self.problems[""] = str(error)
        else:
            self._check(self._arguments)

    def _check(self, arguments: JsonObject) -> None:
        """As far as that is quick; the run checks everything."""
        for problem in check_arguments(self._cheap, arguments):
            if problem.keyword != "required" or self.is_json:
                self._note(problem)

    def _note(self, problem: Problem) -> None:
        held = self.problems.get(problem.path)
        self.problems[problem.path] = f"{held}; {problem.message}" if held else problem.message


def every(fields: tuple[ArgumentField, ...]) -> Iterator[ArgumentField]:
    """All fields, each before those inside it."""
    for field in fields:
        yield field
        yield from every(field.fields)
