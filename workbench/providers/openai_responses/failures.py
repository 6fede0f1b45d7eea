"""The errors of this wire: OpenAI's, over HTTP as well as inside `response.failed` and `error` events. Pure."""

from workbench.providers.openai_chat.failures import kind_of

__all__ = ["kind_of"]
