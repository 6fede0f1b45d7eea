"""A tool: a named ability offered to the model, in MCP's neutral shape."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue, digest, type_name

PORTABLE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""What every vendor accepts today (wire formats differ between 64 and 128 characters)."""

KNOWN_KEYS = (
    *("name", "title", "description", "inputSchema", "outputSchema", "annotations", "strict", "triggers"),
    *("searchText", "examples"),
)
ROUTING_KEYS = ("searchText", "examples")
"""Keys that help to find a tool; no model is sent them."""


class Tool:
    """One tool, read from a document and never changed.

    `document` is the JSON object as it was in the file: unknown keys and the order of keys are kept, so
    that writing an unedited tool gives the same text back. Treat every value inside it as read-only.
    """

    def __init__(self, document: Mapping[str, JsonValue]) -> None:
        """Raise `ProjectError` naming the key when the document is not a tool."""
        self.document: JsonObject = dict(document)
        name = self.document.get("name")
        if not isinstance(name, str) or not name:
            raise ProjectError('a tool needs a "name"', hint='Add "name": "…" with letters, digits, _ or -.')
        self.name = name
        self.title = self._text("title")
        self.description = self._text("description")
        self.strict = self._flag("strict")
        self.input_schema = self._object("inputSchema", {"type": "object", "properties": {}})
        self.output_schema: JsonObject | None = (
            self._object("outputSchema", {}) if self.document.get("outputSchema") is not None else None
        )
        self.annotations = self._object("annotations", {})

    @classmethod
    def make(
        cls,
        name: str,
        description: str = "",
        input_schema: JsonObject | None = None,
        *,
        title: str = "",
        output_schema: JsonObject | None = None,
        annotations: JsonObject | None = None,
        strict: bool | None = None,
        triggers: Sequence[str] = (),
    ) -> "Tool":
        """A tool from its fields; what is absent stays absent in the document."""
        document: JsonObject = {"name": name}
        if title:
            document["title"] = title
        document["description"] = description
        document["inputSchema"] = input_schema if input_schema is not None else {"type": "object", "properties": {}}
        if output_schema is not None:
            document["outputSchema"] = output_schema
        if annotations:
            document["annotations"] = annotations
        if strict is not None:
            document["strict"] = strict
        if triggers:
            document["triggers"] = list(triggers)
        return cls(document)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the meaning of the whole document; a grant or a trust binds to it."""
        return digest(self.document)

    @property
    def is_read_only(self) -> bool:
        """The author's hint that nothing is changed. A hint: it never grants anything."""
        return self.annotations.get("readOnlyHint") is True

    @property
    def triggers(self) -> tuple[str, ...]:
        """Regular expressions. A model that reads them (the local one) has to call this tool, or another one with a
        trigger that is found too, where one is found in a message. Raises `ProjectError` for another shape."""
        value = self.document.get("triggers", [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self._wrong("triggers", "a list of strings", value)
        return tuple(map(str, value))

    @property
    def search_text(self) -> str:
        """What routing searches in place of the description; empty where there is no text."""
        value = self.document.get("searchText")
        return value if isinstance(value, str) else ""

    @property
    def examples(self) -> tuple[str, ...]:
        """Requests for which this tool is right, for routing. Whatever is no text does not count."""
        value = self.document.get("examples")
        return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()

    def hint(self, name: str) -> bool | None:
        """An MCP annotation such as `destructiveHint`, or None when the author did not say."""
        value = self.annotations.get(name)
        return value if isinstance(value, bool) else None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tool) and other.document == self.document

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Tool({self.name!r})"

    def _text(self, key: str) -> str:
        value = self.document.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._wrong(key, "a string", value)
        return value

    def _flag(self, key: str) -> bool | None:
        value = self.document.get(key)
        if value is None or isinstance(value, bool):
            return value
        raise self._wrong(key, "true or false", value)

    def _object(self, key: str, default: JsonObject) -> JsonObject:
        value = self.document.get(key)
        if value is None:
            return default
        if not isinstance(value, dict):
            raise self._wrong(key, "an object", value)
        return value

    def _wrong(self, key: str, wanted: str, value: JsonValue) -> ProjectError:
        return ProjectError(f'"{key}" of tool {self.name!r} must be {wanted}, not {type_name(value)}')


class Toolset(tuple[Tool, ...]):
    """The ordered tools offered together. Names are unique."""

    _by_name: dict[str, Tool]

    def __new__(cls, tools: "tuple[Tool, ...] | list[Tool]" = ()) -> "Toolset":
        by_name: dict[str, Tool] = {}
        for tool in tools:
            if tool.name in by_name:
                raise ProjectError(f"two tools are named {tool.name!r}", hint="Rename one of them.")
            by_name[tool.name] = tool
        toolset = super().__new__(cls, tools)
        toolset._by_name = by_name
        return toolset

    def named(self, name: str) -> Tool | None:
        """The tool of that exact name."""
        return self._by_name.get(name)

    @property
    def names(self) -> tuple[str, ...]:
        """All names in order."""
        return tuple(tool.name for tool in self)
