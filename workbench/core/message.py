"""User, assistant and tool-result messages: the neutral conversation."""

import msgspec

from workbench.core.content import Part, TextPart, ToolCallPart
from workbench.core.ids import CallId, WireFormat


class UserMessage(msgspec.Struct, frozen=True, tag_field="role", tag="user"):
    """The person's message."""

    text: str


class WireCopy(msgspec.Struct, frozen=True):
    """An assistant message in its vendor's own JSON, to be sent back unchanged to that same vendor.

    Sealed thinking is bound to the exact content around it, so it survives only as a copy.
    """

    wire_format: WireFormat
    json: str


class AssistantMessage(msgspec.Struct, frozen=True, tag_field="role", tag="assistant"):
    """What the model said and which calls it proposed."""

    parts: tuple[Part, ...]
    wire_copy: WireCopy | None = None

    @property
    def text(self) -> str:
        """The text for the person, parts joined."""
        return "".join(part.text for part in self.parts if isinstance(part, TextPart))

    @property
    def calls(self) -> tuple[ToolCallPart, ...]:
        """The proposed calls in the model's order."""
        return tuple(part for part in self.parts if isinstance(part, ToolCallPart))


class Attachment(msgspec.Struct, frozen=True):
    """A picture, a sound or a file that a tool returned beside its text. `data` is base64; a picture that can be shown
    has a `width` and a `height` in pixels. `is_text`: it is in the text of the result as well."""

    mime_type: str
    data: str
    name: str = ""
    width: int = 0
    height: int = 0
    is_text: bool = False

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.data.rstrip("=")) * 3 // 4

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture that can be shown."""
        return self.width > 0 and self.height > 0


class ToolResult(msgspec.Struct, frozen=True):
    """What goes back to the model for one call."""

    call_id: CallId
    wire_call_id: str
    tool: str
    text: str
    is_error: bool = False
    attachments: tuple[Attachment, ...] = ()


class ToolResultsMessage(msgspec.Struct, frozen=True, tag_field="role", tag="tool_results"):
    """All results of one round, in the model's order."""

    results: tuple[ToolResult, ...]


Message = UserMessage | AssistantMessage | ToolResultsMessage
