"""Which of the pictures that tools returned a request carries. What is left out follows from the request alone."""

from collections.abc import Collection

from workbench.core.exchange import ModelRequest
from workbench.core.ids import CallId
from workbench.core.message import Attachment, ToolResult, ToolResultsMessage

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_PIXELS = 8_000
"""A side of more makes vendors refuse the whole request."""
_MOST = 20
"""Anthropic takes more than this only where each has at most 2,000 pixels a side."""
_MOST_CHARS = 14_000_000
"""Of base64. Gemini takes 20 MB with everything else in the request, Anthropic 32."""


class SentPictures:
    """The newest pictures of a conversation, as many as fit: with too many, every later request would be refused."""

    def __init__(self, request: ModelRequest, known: Collection[str], *, of_errors: bool = True) -> None:
        """`known` are the types that the wire carries; `of_errors`, whether it does so in results that are errors."""
        self._first: dict[CallId, int] = {}
        """The place of the oldest attachment of a result that may be sent."""
        self._known = frozenset(known)
        if not request.sends_pictures:
            return
        count, room = 0, _MOST_CHARS
        results = (
            result
            for message in reversed(request.messages)
            if isinstance(message, ToolResultsMessage)
            for result in reversed(message.results)
        )
        for result in results:
            if result.is_error and not of_errors:
                continue
            self._first[result.call_id] = len(result.attachments)
            for place, one in reversed(tuple(enumerate(result.attachments))):
                if self._fits(one):
                    count, room = count + 1, room - len(one.data)
                    if room < 0 or count > _MOST:
                        return  # none that is sent is older than one that is left out
                    self._first[result.call_id] = place

    def of(self, result: ToolResult) -> tuple[Attachment, ...]:
        """Those of one result, in their order."""
        first = self._first.get(result.call_id, len(result.attachments))
        return tuple(one for one in result.attachments[first:] if self._fits(one))

    def _fits(self, one: Attachment) -> bool:
        return one.is_picture and max(one.width, one.height) <= _PIXELS and one.mime_type in self._known
