"""Kinds of providers → adapters, imported when they are first asked for."""

from collections.abc import Callable
from pathlib import Path

from workbench.core.errors import UsageError
from workbench.engine.ports import Provider
from workbench.providers.adapter import WireAdapter
from workbench.providers.answer import STRICT, Reading
from workbench.providers.registry import wire_named


def make_provider(
    kind: str,
    *,
    base_url: str = "",
    key: Callable[[], str | None] = lambda: None,
    key_name: str = "",
    script: Path | None = None,
    reading: Reading = STRICT,
) -> Provider:
    """The adapter for a kind of provider; nothing is connected or started yet.

    `key` is asked when a request is made, so that a key can change and none is kept here. `key_name` is what messages
    call it. Raises `UsageError` for a script without a file.
    """
    match kind:
        case "local":
            from workbench.providers.local.adapter import LocalAdapter

            return LocalAdapter()
        case "scripted":
            from workbench.providers.scripted import ScriptedAdapter, load_script

            if script is None:
                raise UsageError("a scripted model needs a file", hint="Write scripted:FILE.")
            return ScriptedAdapter(load_script(script))
        case "hand":
            from workbench.providers.hand import HandAdapter

            return HandAdapter()
        case _:
            wire = wire_named(kind)
            return WireAdapter(wire, api_key=key, base_url=base_url or None, key_name=key_name, reading=reading)
