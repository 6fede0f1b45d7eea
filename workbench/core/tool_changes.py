"""Changes of tools that are announced in the middle of a conversation, so that everything before stays as it was.

They travel in a request's settings, and so in the log: such a run is resumed and rerun with them.
A provider that can announce them takes them out and does so; other providers never get them.
"""

import msgspec

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject
from workbench.core.tool import Tool, Toolset

KEY = "workbench_tool_changes"


class ToolChanges(msgspec.Struct, frozen=True):
    """`before` are the tools as the conversation began with them. The changes come after its message number `after`,
    or the first later one that is not the model's: `removed` by name, `defined` again or added as they are now."""

    after: int
    before: tuple[JsonObject, ...]
    removed: tuple[str, ...] = ()
    defined: tuple[JsonObject, ...] = ()

    @property
    def settings(self) -> JsonObject:
        """The settings that carry them."""
        document: JsonObject = msgspec.to_builtins(self)
        return {KEY: document}


def changes_between(before: Toolset, after: Toolset, *, place: int) -> ToolChanges:
    """What turns `before` into `after`, announced after message number `place`."""
    return ToolChanges(
        place,
        tuple(tool.document for tool in before),
        tuple(name for name in before.names if after.named(name) is None),
        tuple(tool.document for tool in after if before.named(tool.name) != tool),
    )


def split_settings(settings: JsonObject) -> tuple[JsonObject, ToolChanges | None]:
    """The settings less the changes they carry, and these; anything invalid in them counts as no changes."""
    if KEY not in settings:
        return settings, None
    rest = {key: value for key, value in settings.items() if key != KEY}
    try:
        changes = msgspec.convert(settings[KEY], ToolChanges)
        for document in (*changes.before, *changes.defined):
            Tool(document)
    except (msgspec.ValidationError, ProjectError):
        return rest, None
    return rest, changes
