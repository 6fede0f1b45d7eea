"""Names → adapters, imported when they are first asked for: a vendor's SDK takes up to a second to import."""

from collections.abc import Callable
from pathlib import Path

from workbench.core.errors import UsageError
from workbench.engine.ports import Provider


def make_provider(
    kind: str,
    *,
    base_url: str = "",
    key: Callable[[], str | None] = lambda: None,
    key_name: str = "",
    script: Path | None = None,
) -> Provider:
    """The adapter for a kind of provider; nothing is connected or started yet.

    `key` is asked when a request is made, so that a key can change and none is kept here. `key_name` is what
    messages call it.
    """
    match kind:
        case "local":
            from workbench.providers.local.adapter import LocalAdapter

            return LocalAdapter()
        case "scripted":
            from workbench.providers.scripted import ScriptedAdapter, load_script

            if script is None:
                raise UsageError("a scripted model needs a file", mend="Write scripted:FILE.")
            return ScriptedAdapter(load_script(script))
        case "openai-chat":
            from workbench.providers.openai_chat.adapter import OpenAIChatAdapter

            return OpenAIChatAdapter(api_key=key, base_url=base_url or None, key_name=key_name)
        case "openai-responses":
            from workbench.providers.openai_responses.adapter import OpenAIResponsesAdapter

            return OpenAIResponsesAdapter(api_key=key, base_url=base_url or None, key_name=key_name)
        case "anthropic":
            from workbench.providers.anthropic.adapter import AnthropicAdapter

            return AnthropicAdapter(api_key=key, base_url=base_url or None, key_name=key_name)
        case _:
            raise UsageError(f"there is no provider {kind!r}")
