"""The errors of this wire: OpenAI's, over HTTP as well as inside `response.failed` and `error` events. Pure."""

from workbench.core.json_text import JsonObject
from workbench.providers.openai_chat.failures import kind_of
from workbench.providers.wire_failure import ErrorDetail, error_detail

__all__ = ["detail_of_event", "kind_of"]


def detail_of_event(event: JsonObject) -> ErrorDetail:
    """The error in an `error` event, whose own `type` is only the word "error"."""
    nested = isinstance(event.get("error"), dict)
    return error_detail(event if nested else {**event, "type": None})
