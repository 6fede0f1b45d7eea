"""How a call's arguments arrived: the text after each streamed piece, and whether it was valid by then."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from workbench.core.growing_object import GrowingField, read_growing_object
from workbench.core.json_text import JsonObject
from workbench.core.problem import Problem, pointer
from workbench.core.schema import check_arguments, is_cheap
from workbench.viewmodels.shared.plain import one_line

FieldState = Literal["pending", "growing", "valid", "violated", "whole"]
"""`whole`: it is complete and not checked. `pending`: it has not begun."""

MAX_READ_CHARS = 200_000
"""Longer arguments are shown as text only; parsing them would delay the window."""
_BY_NAME = ("additionalProperties", "unevaluatedProperties", "propertyNames")
_MAX_FIELDS = 100


@dataclass(frozen=True)
class FieldAt:
    """A field at one moment. `words` is its value, or why it does not fit."""

    name: str
    state: FieldState
    words: str = ""


class ArgumentBirth:
    """The arguments of one call, piece by piece. Pieces count from 1; 0 is before the first."""

    def __init__(
        self,
        tool: str,
        pieces: Sequence[str],
        schema: JsonObject | None = None,
        recorded: Sequence[Problem] | None = None,
    ) -> None:
        """`recorded` is the result of the run's own check, None if it was never made.

        A schema that could take forever is not tried here; its fields are judged only by `recorded`.
        """
        self.tool = tool
        self.text = "".join(pieces)
        self._lengths = list(accumulate(map(len, pieces)))
        self._schema = schema
        self._recorded = recorded
        self._is_cheap = schema is not None and is_cheap(schema)
        self._is_read = len(self.text) <= MAX_READ_CHARS
        self._object = read_growing_object(self.text if self._is_read else "")
        self._judgments: dict[int, FieldAt] = {}
        self._problems = self._whole_problems()

    @property
    def steps(self) -> int:
        """The number of pieces."""
        return len(self._lengths)

    @property
    def complete_at(self) -> int | None:
        """The piece that closed the object; None when none did."""
        return self._piece_of(self._object.ends)

    @property
    def valid_at(self) -> int | None:
        """The piece after which the arguments are known to fit their schema; None if they do not, or if unknown."""
        fields = self._object.fields
        is_all_json = all(field.is_json for field in fields)
        is_clean = not self.text[self._object.ends or 0 :].strip()
        is_one_each = len({field.name for field in fields}) == len(fields)
        is_good = self._problems == () and is_all_json and is_clean and is_one_each
        return self.complete_at if is_good else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The known problem of the complete arguments."""
        return self._problems or ()

    def text_at(self, step: int) -> str:
        """The arguments after this piece."""
        return self.text[: self._length_at(step)]

    def fields_at(self, step: int) -> tuple[FieldAt, ...]:
        """The fields in the order of their arrival, then those of the schema that have not begun."""
        length = self._length_at(step)
        begun = [field for field in self._object.fields if field.begins < length]
        shown = [self._field_at(field, length) for field in begun[:_MAX_FIELDS]]
        names = {field.name for field in begun}
        is_over = self._object.ends is not None and self._object.ends <= length
        for name in self._known_names():
            if name in names or len(shown) >= _MAX_FIELDS:
                continue
            if not is_over:
                shown.append(FieldAt(name, "pending"))
            elif name in self._required_names():
                shown.append(FieldAt(name, "violated", "required but missing"))
        return tuple(shown)

    def _field_at(self, field: GrowingField, length: int) -> FieldAt:
        if field.ends is None or field.ends > length:
            return FieldAt(field.name, "growing", one_line(self.text[field.begins : length], 80))
        if field.begins not in self._judgments:
            self._judgments[field.begins] = self._judged(field)
        return self._judgments[field.begins]

    def _judged(self, field: GrowingField) -> FieldAt:
        if not field.is_json:
            return FieldAt(field.name, "violated", "not strict JSON")
        problems = self._problems_of(field)
        if problems:
            return FieldAt(field.name, "violated", one_line(problems[0].message, 160))
        words = one_line(self.text[field.begins : field.ends], 80)
        return FieldAt(field.name, "whole" if problems is None else "valid", words)

    def _problems_of(self, field: GrowingField) -> list[Problem] | None:
        """The problem of this field alone; None when unknown."""
        found: Sequence[Problem]
        if self._is_cheap and self._schema is not None:
            found = check_arguments(self._schema, {field.name: field.value})
        elif self._recorded is not None:
            found = self._recorded
        else:
            return None
        place = pointer([field.name])
        return [
            problem
            for problem in found
            if problem.path == place
            or problem.path.startswith(f"{place}/")
            or (problem.path == "" and problem.keyword in _BY_NAME and f"'{field.name}'" in problem.message)
        ]

    def _whole_problems(self) -> tuple[Problem, ...] | None:
        if self._recorded is not None:
            return tuple(self._recorded)
        if not self._is_cheap or self._schema is None or self._object.ends is None:
            return None
        return check_arguments(self._schema, {field.name: field.value for field in self._object.fields})

    def _known_names(self) -> list[str]:
        known = (self._schema or {}).get("properties")
        return list(known) if isinstance(known, dict) else []

    def _required_names(self) -> list[str]:
        required = (self._schema or {}).get("required")
        return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []

    def _length_at(self, step: int) -> int:
        return self._lengths[min(step, len(self._lengths)) - 1] if step > 0 and self._lengths else 0

    def _piece_of(self, offset: int | None) -> int | None:
        """The piece with which the text reached this length."""
        return None if offset is None else bisect_left(self._lengths, offset) + 1


_MARKS: dict[FieldState, str] = {"pending": "·", "growing": "…", "valid": "✓", "violated": "✗", "whole": "•"}


def field_lines(fields: Sequence[FieldAt]) -> list[str]:
    """The fields as a table: sign, name, state in words, value."""
    width = min(32, max((len(field.name) for field in fields), default=0))
    return [
        f"{_MARKS[field.state]} {one_line(field.name, 60):<{width}}  {field.state:<8}  {field.words}".rstrip()
        for field in fields
    ]
