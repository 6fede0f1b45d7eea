"""One variant being edited: every field shows what a model would be given, and says whether that is the variant's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import msgspec

from workbench.core.errors import MalformedJson, ProjectError, UsageError, WorkbenchError
from workbench.core.json_text import JsonObject, parse_strict_object, pretty
from workbench.core.model_parameters import (
    PARAMETER_NAMES,
    PARAMETERS,
    ModelParameters,
    ParameterName,
    overlaid,
    read_parameter,
)
from workbench.core.routing.examples import examples_in
from workbench.core.signal import Signal
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.core.tool_choice import parse_choice
from workbench.core.variant import Offer, ToolEdit, Variant, misfits
from workbench.core.variant_fit import fitting_part

Key = (
    Literal["note", "instructions", "tool_choice", "tool_choice_after", "model"]
    | Literal["name", "description", "schema", "search_text", "examples"]
    | ParameterName
)
TOOL_KEYS: tuple[Key, ...] = ("name", "description", "schema", "search_text", "examples")
MAX_STEPS = 500


@dataclass(frozen=True)
class DraftTool:
    """A tool of the project, or one that the variant adds. `mark` says what the variant does to it."""

    key: str
    label: str
    mark: str


class VariantDraft:
    """A variant over what the project offers. What equals the project is not part of the variant."""

    def __init__(
        self, variant: Variant, offer: Offer, *, check_model: Callable[[str], object] = lambda spec: None
    ) -> None:
        """`check_model` raises `UsageError` for a model's SPEC that means nothing."""
        self.value = variant
        self.offer = offer
        self.problems: dict[Key, str] = {}
        """What is wrong with what was typed last; such a text is not part of the variant."""
        self.changed: Signal[[]] = Signal()
        self.edited: Signal[[]] = Signal()
        """The variant is another now."""
        self.tool = ""
        self._check_model = check_model
        self._typed: dict[Key, str] = {}
        self._past: list[tuple[str, Variant]] = []
        self._future: list[tuple[str, Variant]] = []
        self._may_merge = False
        self._choose_some_tool()

    # what is shown

    @property
    def misfits(self) -> tuple[str, ...]:
        """Why it does not fit the project as it is."""
        return misfits(self.value, self.offer)

    @property
    def tools(self) -> tuple[DraftTool, ...]:
        """The tools that can be worked on."""
        rows = [DraftTool(tool.name, tool.name, self._mark(tool.name)) for tool in self.offer.toolset]
        added = [str(document["name"]) for document in self.value.added]
        return (*rows, *(DraftTool(f"+{name}", name, "added") for name in added))

    @property
    def is_offered(self) -> bool:
        """Whether the selected tool is offered to the model."""
        return self.tool not in self.value.removed

    def text(self, key: Key) -> str:
        """What a field shows: the variant's text, the project's where it has none, or what was typed if it is wrong."""
        return self._typed[key] if key in self._typed else self._text(key)

    def is_own(self, key: Key) -> bool:
        """Whether the variant says something of its own there."""
        return bool(self.value.note) if key == "note" else self._text(key) != self._base_text(key)

    @property
    def undo_words(self) -> str | None:
        """What Undo would take back; None when there is nothing."""
        return self._past[-1][0] if self._past else None

    @property
    def redo_words(self) -> str | None:
        """What Redo would do again; None when there is nothing."""
        return self._future[-1][0] if self._future else None

    # editing

    def select(self, tool: str) -> None:
        """Work on this tool."""
        if tool != self.tool and any(row.key == tool for row in self.tools):
            self.tool = tool
            self._forget_typed(TOOL_KEYS)
            self._may_merge = False
            self.changed.emit()

    def write(self, key: Key, text: str) -> str:
        """Put a text into a field: empty when it fits, else what is wrong with it."""
        try:
            new = self._with(key, text)
        except (WorkbenchError, ValueError) as error:
            self.problems[key] = error.message if isinstance(error, WorkbenchError) else str(error)
            self._typed[key] = text
            self.changed.emit()
            return self.problems[key]
        had_problem = self.problems.pop(key, None) is not None
        self._typed.pop(key, None)
        if key in (*PARAMETER_NAMES, "examples"):
            self._typed[key] = text  # “0.” is on its way to “0.5”, and a new line to another example
        if new != self.value:
            words = f"Edit {_WORDS[key]}{f' of {self._name}' if key in TOOL_KEYS else ''}"
            self._take(new, words, merge=True)
        elif had_problem:
            self.changed.emit()
        return ""

    def reset(self, key: Key) -> None:
        """Take the project's text again."""
        self._forget_typed((key,))
        self._may_merge = False
        self.write(key, "" if key == "note" else self._base_text(key))
        self._may_merge = False

    def let_offer(self, *, is_offered: bool) -> None:
        """Offer the selected tool, or leave it out; what was edited of it comes back with Undo only."""
        name = self.tool
        if name.startswith("+"):
            added = tuple(document for document in self.value.added if document["name"] != name[1:])
            self._take(msgspec.structs.replace(self.value, added=added), f"Drop {name[1:]}")
            self._choose_some_tool()
            return
        removed = tuple(other for other in self.value.removed if other != name)
        tools = dict(self.value.tools)
        if not is_offered:
            removed = (*removed, name)
            tools.pop(name, None)
        order = tuple(other for other in self.value.order if is_offered or other != name)
        new = msgspec.structs.replace(self.value, removed=removed, tools=tools, order=order)
        self._take(new, f"{'Offer' if is_offered else 'Leave out'} {name}")

    @property
    def is_parallel(self) -> bool:
        """Whether several calls may be made at once."""
        own = self.value.parallel_calls
        return self.offer.parallel_calls if own is None else own

    def let_parallel(self, *, is_parallel: bool) -> None:
        """Allow parallel calls, or one at a time."""
        own = None if is_parallel == self.offer.parallel_calls else is_parallel
        words = f"{'Allow' if is_parallel else 'Forbid'} parallel calls"
        self._take(msgspec.structs.replace(self.value, parallel_calls=own), words)

    def drop_misfits(self) -> None:
        """Keep only what fits the project as it is."""
        self._take(fitting_part(self.value, self.offer), "Remove what no longer applies")

    def pause(self) -> None:
        """What is typed next is a step of its own."""
        self._may_merge = False

    def undo(self) -> None:
        """Take the last step back."""
        self._go(self._past, self._future)

    def redo(self) -> None:
        """Redo it."""
        self._go(self._future, self._past)

    def take_offer(self, offer: Offer) -> None:
        """The project is another now."""
        if offer != self.offer:
            self.offer = offer
            if all(row.key != self.tool for row in self.tools):
                self._choose_some_tool()
            self.changed.emit()

    def _go(self, source: list[tuple[str, Variant]], target: list[tuple[str, Variant]]) -> None:
        self._may_merge = False
        if source:
            words, variant = source.pop()
            target.append((words, self.value))
            self._show(variant)

    def _take(self, new: Variant, words: str, *, merge: bool = False) -> None:
        if new == self.value:
            return
        if not (merge and self._may_merge and self._past and self._past[-1][0] == words):
            self._past.append((words, self.value))
            del self._past[:-MAX_STEPS]
        self._future.clear()
        self._may_merge = merge
        self._show(new, keeps_typed=merge)

    def _show(self, variant: Variant, *, keeps_typed: bool = False) -> None:
        self.value = variant
        if not keeps_typed:
            self._typed.clear()
            self.problems.clear()
        if all(row.key != self.tool for row in self.tools):
            self._choose_some_tool()
        self.edited.emit()
        self.changed.emit()

    def _forget_typed(self, keys: tuple[Key, ...]) -> None:
        for key in keys:
            self._typed.pop(key, None)
            self.problems.pop(key, None)

    def _choose_some_tool(self) -> None:
        changed = next((row.key for row in self.tools if row.mark), None)
        self.tool = changed or next((row.key for row in self.tools), "")

    # between texts and the variant

    @property
    def _name(self) -> str:
        return self.tool.removeprefix("+")

    @property
    def _base(self) -> Tool | None:
        """The project's tool, or the added one itself."""
        if self.tool.startswith("+"):
            document = next((one for one in self.value.added if one["name"] == self.tool[1:]), None)
            return Tool(document) if document is not None else None
        return self.offer.toolset.named(self.tool)

    @property
    def _shown_tool(self) -> Tool | None:
        base = self._base
        edit = self.value.tools.get(self.tool)
        return edit.applied(base) if base is not None and edit is not None else base

    def _text(self, key: Key) -> str:
        value = self.value
        match key:
            case "note":
                return value.note
            case "instructions":
                return self.offer.instructions if value.instructions is None else value.instructions
            case "tool_choice":
                return str(self.offer.tool_choice.first) if value.tool_choice is None else value.tool_choice
            case "tool_choice_after":
                return self._base_text(key) if value.tool_choice_after is None else value.tool_choice_after
            case "model":
                return value.model or self.offer.model
            case _ if key in PARAMETER_NAMES:
                return _parameter_text(overlaid(self.offer.parameters, value.parameters), key)
            case _:
                return _tool_text(self._shown_tool, key)

    def _base_text(self, key: Key) -> str:
        match key:
            case "note":
                return ""
            case "instructions":
                return self.offer.instructions
            case "tool_choice":
                return str(self.offer.tool_choice.first)
            case "tool_choice_after":
                then = self.offer.tool_choice.then
                return "" if then is None or self.value.tool_choice is not None else str(then)
            case "model":
                return self.offer.model
            case _ if key in PARAMETER_NAMES:
                return _parameter_text(self.offer.parameters, key)
            case _:
                return _tool_text(self._base, key)

    def _with(self, key: Key, text: str) -> Variant:
        replace, is_base = msgspec.structs.replace, text == self._base_text(key)
        match key:
            case "note":
                return replace(self.value, note=text)
            case "instructions":
                return replace(self.value, instructions=None if is_base else text)
            case "tool_choice":
                choice = str(parse_choice(text.strip()))
                is_base = choice == self._base_text(key)
                return replace(self.value, tool_choice=None if is_base else choice)
            case "tool_choice_after":
                after = str(parse_choice(text.strip())) if text.strip() else ""
                is_base = not after or after == self._base_text(key)
                return replace(self.value, tool_choice_after=None if is_base else after)
            case "model":
                spec = text.strip()
                if not spec or spec == self.offer.model:
                    return replace(self.value, model=None)
                self._check_model(spec)
                return replace(self.value, model=spec)
            case _ if key in PARAMETER_NAMES:
                chosen = read_parameter(key, text) if text.strip() else None
                others = {name: one for name, one in self.value.parameters.items() if name != key}
                is_base = chosen == self.offer.parameters.get(key)
                return replace(self.value, parameters=others if is_base else {**others, key: chosen})
            case _:
                return self._with_tool(key, text)

    def _with_tool(self, key: Key, text: str) -> Variant:
        base = self._base
        if base is None:
            raise UsageError("there is no such tool")
        if self.tool.startswith("+"):
            changed = ToolEdit(**_edit_of(key, text)).applied(base)  # type: ignore[arg-type]
            if key == "name":
                raise UsageError("tools added by the variant keep their name")
            added = tuple(changed.document if one["name"] == base.name else one for one in self.value.added)
            return msgspec.structs.replace(self.value, added=added)
        fresh = _edit_of(key, text)
        if key == "name":
            self._check_name(text, base)
        [(field, value)] = fresh.items()
        own = base.input_schema if key == "schema" else getattr(base, key)
        edit = msgspec.structs.replace(self.value.tools.get(base.name, ToolEdit()), **{field: value})
        if value == own:
            edit = msgspec.structs.replace(edit, **{field: None})
        tools = {name: one for name, one in self.value.tools.items() if name != base.name}
        if edit != ToolEdit():
            tools[base.name] = edit
        return msgspec.structs.replace(self.value, tools=tools)

    def _check_name(self, text: str, base: Tool) -> None:
        if not PORTABLE_NAME.fullmatch(text):
            raise UsageError("use 1 to 64 letters, digits, _ or -")
        renames = {old: new for old, new in self.value.renames.items() if old != base.name}
        taken = {renames.get(name, name) for name in self.offer.toolset.names if name not in self.value.removed}
        taken |= {str(document["name"]) for document in self.value.added}
        if text in taken - {base.name}:
            raise UsageError(f"{text} is taken")

    def _mark(self, name: str) -> str:
        if name in self.value.removed:
            return "left out"
        return "edited" if name in self.value.tools else ""


_WORDS: dict[Key, str] = {
    "note": "the note",
    "instructions": "the instructions",
    "tool_choice": "the tool choice",
    "tool_choice_after": "the tool choice of later rounds",
    "model": "the model",
    **{parameter.name: f"the {parameter.label.casefold()}" for parameter in PARAMETERS},
    "name": "the name",
    "description": "the description",
    "schema": "the parameters",
    "search_text": "the search text",
    "examples": "the examples",
}


def _parameter_text(parameters: ModelParameters, name: str) -> str:
    return f"{parameters[name]}" if name in parameters else ""


def _tool_text(tool: Tool | None, key: Key) -> str:
    if tool is None:
        return ""
    match key:
        case "schema":
            return pretty(tool.input_schema)
        case "examples":
            return "\n".join(tool.examples)
        case _:
            return str(getattr(tool, key))


def _edit_of(key: Key, text: str) -> dict[str, str | tuple[str, ...] | JsonObject]:
    if key == "examples":
        return {key: examples_in(text)}
    if key != "schema":
        return {key: text}
    try:
        return {"input_schema": parse_strict_object(text)}
    except MalformedJson as error:
        raise ProjectError(f"not a JSON object: {error}") from None
