"""A variant: a named set of changes under test. It is applied to what would be offered, and never to a file."""

from collections.abc import Iterator, Mapping

import msgspec

from workbench.core.errors import ProjectError, UsageError
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.model_parameters import (
    ModelParameters,
    ParameterValue,
    overlaid,
    parameter_changes,
    parameter_faults,
)
from workbench.core.tool import PORTABLE_NAME, Tool, Toolset
from workbench.core.tool_choice import ToolChoicePlan, check_choice, parse_choice

FORMAT = 1


class Offer(msgspec.Struct, frozen=True):
    """What a model is offered and how it is asked: everything a variant can change. `model` is a SPEC."""

    toolset: Toolset
    instructions: str = ""
    tool_choice: ToolChoicePlan = ToolChoicePlan()
    parallel_calls: bool = True
    model: str = ""
    parameters: ModelParameters = {}


class ToolEdit(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """Changes of one tool; None leaves a thing as it is. `name` is a new name."""

    name: str | None = None
    description: str | None = None
    input_schema: JsonObject | None = msgspec.field(default=None, name="inputSchema")
    strict: bool | None = None
    triggers: tuple[str, ...] | None = None
    search_text: str | None = msgspec.field(default=None, name="searchText")
    examples: tuple[str, ...] | None = None

    def applied(self, tool: Tool) -> Tool:
        """The tool with these changes; unknown keys and the order of keys are kept."""
        document = dict(tool.document)
        if self.name is not None:
            document["name"] = self.name
        if self.description is not None:
            document["description"] = self.description
        if self.input_schema is not None:
            document["inputSchema"] = self.input_schema
        if self.strict is not None:
            document["strict"] = self.strict
        lists = {"triggers": self.triggers, "examples": self.examples}
        own = {key: None if value is None else list[JsonValue](value) for key, value in lists.items()}
        for key, value in {**own, "searchText": self.search_text}.items():
            if value:
                document[key] = value
            elif value is not None:
                document.pop(key, None)
        return Tool(document)


class Variant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Changes by name; None, or nothing, leaves a thing as it is.

    `tools` are edits by the tool's present name, `added` whole tool documents, `removed` and `order` present names:
    what `order` names comes first and in that order. `tool_choice` is written as on the command line. `parameters`
    that are null are left to the vendor, whatever the project says.
    """

    format: int = FORMAT
    name: str = ""
    note: str = ""
    tools: dict[str, ToolEdit] = {}
    added: tuple[JsonObject, ...] = ()
    removed: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    instructions: str | None = None
    tool_choice: str | None = None
    tool_choice_after: str | None = None
    parallel_calls: bool | None = None
    parameters: dict[str, ParameterValue | None] = {}
    model: str | None = None

    @property
    def renames(self) -> dict[str, str]:
        """Old name → new name."""
        return {old: edit.name for old, edit in self.tools.items() if edit.name is not None and edit.name != old}

    @property
    def is_empty(self) -> bool:
        """Whether it changes nothing."""
        return self == Variant(name=self.name, note=self.note, format=self.format)


def misfits(variant: Variant, offer: Offer) -> tuple[str, ...]:
    """Why the variant does not fit what it is to be applied to, in words; empty when it fits."""
    return tuple(_misfits(variant, offer))


def apply_variant(variant: Variant, offer: Offer) -> Offer:
    """The offer with every change made. Raises `UsageError` naming everything that does not fit: half a variant
    would be measured under the name of the whole."""
    wrong = misfits(variant, offer)
    if wrong:
        raise UsageError(
            f"the variant {variant.name!r} does not fit: {'; '.join(wrong)}", hint="Edit it, or create it again."
        )
    return Offer(
        toolset=_toolset(variant, offer.toolset),
        instructions=offer.instructions if variant.instructions is None else variant.instructions,
        tool_choice=_plan(variant, offer.tool_choice),
        parallel_calls=offer.parallel_calls if variant.parallel_calls is None else variant.parallel_calls,
        model=variant.model or offer.model,
        parameters=overlaid(offer.parameters, variant.parameters),
    )


def variant_between(name: str, before: Offer, after: Offer, *, renames: Mapping[str, str] | None = None) -> Variant:
    """The variant that turns `before` into `after`. `renames` (old name → new name) says which tools are the same
    under another name; without it, a renamed tool counts as another tool."""
    new_names = {old: new for old, new in (renames or {}).items() if before.toolset.named(old) is not None}
    old_names = {new: old for old, new in new_names.items()}
    edits: dict[str, ToolEdit] = {}
    added: list[JsonObject] = []
    for tool in after.toolset:
        old = before.toolset.named(old_names.get(tool.name, tool.name))
        if old == tool:
            continue
        edit = _edit(old, tool) if old is not None and old.name not in edits else None
        if old is not None and edit is not None:
            edits[old.name] = edit
        else:
            added.append(tool.document)
    kept = {edit.name or old for old, edit in edits.items()}
    replaced = {document["name"] for document in added}
    removed = tuple(
        tool.name
        for tool in before.toolset
        if tool.name not in edits
        and (tool.name in replaced or tool.name in kept or after.toolset.named(tool.name) is None)
    )
    changed = Variant(
        name=name,
        tools=edits,
        added=tuple(added),
        removed=removed,
        instructions=after.instructions if after.instructions != before.instructions else None,
        tool_choice=str(after.tool_choice.first) if after.tool_choice.first != before.tool_choice.first else None,
        tool_choice_after=_after(before.tool_choice, after.tool_choice),
        parallel_calls=after.parallel_calls if after.parallel_calls != before.parallel_calls else None,
        model=after.model if after.model != before.model else None,
        parameters=parameter_changes(before.parameters, after.parameters),
    )
    if _toolset(changed, before.toolset).names != after.toolset.names:
        changed = msgspec.structs.replace(changed, order=tuple(old_names.get(n, n) for n in after.toolset.names))
    return changed


def check_name(name: str) -> str:
    """`name`, if a variant can be called so; raises `UsageError`."""
    if not PORTABLE_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot be the name of a variant", hint="Use 1 to 64 letters, digits, _ or -.")
    return name


def _misfits(variant: Variant, offer: Offer) -> Iterator[str]:
    present = offer.toolset
    for name in variant.tools:
        if present.named(name) is None:
            yield f"there is no tool {name!r} to edit"
        elif name in variant.removed:
            yield f"the tool {name!r} is edited and removed"
    for name in variant.removed:
        if present.named(name) is None:
            yield f"there is no tool {name!r} to remove"
    yield from parameter_faults(variant.parameters)
    try:
        toolset = _toolset(variant, present)
    except ProjectError as error:
        yield error.message
        return
    for name in variant.order:
        if toolset.named(variant.renames.get(name, name)) is None:
            yield f"the order names {name!r}, which does not exist"
    try:
        plan = _plan(variant, offer.tool_choice)
        for choice in (plan.first, plan.then):
            if choice is not None:
                check_choice(choice, toolset)
    except UsageError as error:
        yield error.message


def _plan(variant: Variant, present: ToolChoicePlan) -> ToolChoicePlan:
    plan = present if variant.tool_choice is None else ToolChoicePlan(parse_choice(variant.tool_choice))
    if variant.tool_choice_after is not None:
        plan = ToolChoicePlan(plan.first, parse_choice(variant.tool_choice_after))
    return plan


def _toolset(variant: Variant, present: Toolset) -> Toolset:
    tools = [
        variant.tools[tool.name].applied(tool) if tool.name in variant.tools else tool
        for tool in present
        if tool.name not in variant.removed
    ]
    tools += [Tool(document) for document in variant.added]
    places = {variant.renames.get(name, name): place for place, name in enumerate(variant.order)}
    tools.sort(key=lambda tool: places.get(tool.name, len(places)))
    return Toolset(tools)


def _edit(old: Tool, new: Tool) -> ToolEdit | None:
    """The edit that turns `old` into `new`, or None when it takes more than an edit can express."""
    edit = ToolEdit(
        name=new.name if new.name != old.name else None,
        description=new.description if new.description != old.description else None,
        input_schema=new.input_schema if new.document.get("inputSchema") != old.document.get("inputSchema") else None,
        strict=new.strict if new.strict != old.strict else None,
        triggers=_new_triggers(old, new),
        search_text=new.search_text if new.search_text != old.search_text else None,
        examples=new.examples if new.examples != old.examples else None,
    )
    return edit if edit.applied(old) == new else None


def _new_triggers(old: Tool, new: Tool) -> tuple[str, ...] | None:
    """None also for what an edit cannot express: then the whole tool is a different one."""
    if new.document.get("triggers") == old.document.get("triggers"):
        return None
    try:
        return new.triggers
    except ProjectError:
        return None


def _after(before: ToolChoicePlan, after: ToolChoicePlan) -> str | None:
    if after.then is None or (after.then == before.then and after.first == before.first):
        return None
    return str(after.then)
