"""Where the parts of a request are in a wire's body; each wire says so in its own folder."""

from collections.abc import Iterator

import msgspec

from workbench.core.json_text import JsonObject, JsonValue


class ToolShape(msgspec.Struct, frozen=True):
    """Where the parts of a tool are in a definition.

    `frame` is the key of the object around name and schema, if there is one. `parameters` are the keys a schema can
    stand under. `lists` are the keys of objects that hold several definitions.
    """

    frame: str = ""
    parameters: tuple[str, ...] = ("parameters", "inputSchema")
    lists: tuple[str, ...] = ()

    def body(self, definition: JsonObject) -> JsonObject:
        """The object that holds name and schema."""
        held = definition.get(self.frame) if self.frame else None
        return held if isinstance(held, dict) else definition

    def parameters_key(self, body: JsonObject) -> str:
        """The key of the schema in `body`; the usual one where there is none."""
        return next((key for key in self.parameters if key in body), self.parameters[0])

    def schema(self, definition: JsonObject) -> JsonObject | None:
        """The schema of the parameters; None where there is none."""
        body = self.body(definition)
        found = body.get(self.parameters_key(body))
        return found if isinstance(found, dict) else None

    def left_out(self, document: JsonObject, definition: JsonObject) -> tuple[str, ...]:
        """The keys of a tool's own document that its definition has no place for."""
        held = self.body(definition)
        carried = {key: key for key in ("name", "description", "strict")}
        carried["inputSchema"] = self.parameters_key(held)
        return tuple(key for key in document if carried.get(key) not in held)


class RequestShape(msgspec.Struct, frozen=True):
    """Keys at the top of a body. The default is what wires without a vendor have."""

    messages: str = "messages"
    instructions: tuple[str, ...] = ("instructions", "system")
    tool: ToolShape = ToolShape()

    def definitions(self, body: JsonObject) -> Iterator[JsonObject]:
        """The definitions of the tools in a body, those in lists one by one."""
        tools = body.get("tools")
        for entry in tools if isinstance(tools, list) else ():
            if isinstance(entry, dict):
                inner = next((found for key in self.tool.lists if isinstance(found := entry.get(key), list)), None)
                yield from (one for one in inner if isinstance(one, dict)) if inner is not None else (entry,)

    def message_list(self, body: JsonObject) -> list[JsonValue] | None:
        """The messages of a body."""
        found = body.get(self.messages)
        return found if isinstance(found, list) else None
