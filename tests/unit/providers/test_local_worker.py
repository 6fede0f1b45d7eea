"""The worker's own rules, without the model: a package of our own takes its place in the child."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelRequest, ModelResponse
from workbench.core.message import UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.providers.local import process
from workbench.providers.local.adapter import LocalAdapter

# What a package named `needle` would do, with everything it is asked to do written into its answers.
PACKAGE = """
import os, socket, sys
heard = []
class Needle:
    def __init__(self, tools, system, auto_date):
        if "refuse" in tools: raise RuntimeError("needle_init failed")
        heard[:] = [f"init {system}"]
    def reset(self): heard[:] = ["reset"]
    def complete(self, text, limit):
        heard.append(text)
        os.write(1, b'{"ok":"from native code"}\\n')
        print('{"ok":"from a print"}')
        if text == "network":
            socket.create_connection(("127.0.0.1", 9))
        if text == "telephone": raise RuntimeError("engine trouble")
        return {"type": "respond", "success": True, "function_calls": [], "reasoning": " | ".join(heard)}
    def embed(self, text): return [float(len(text)), 0.5]
"""


@pytest.fixture
def adapter_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, tuple[str, ...]], LocalAdapter]:
    """An adapter whose child finds a package of ours."""

    def make(source: str, files: tuple[str, ...]) -> LocalAdapter:
        package = tmp_path / "needle"
        package.mkdir()
        (package / "__init__.py").write_text(source)
        for name in files:
            (package / name).touch()
        first = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "

        def command(name: str) -> list[str]:
            words = original(name)
            words[words.index("-c") + 1] = first + words[words.index("-c") + 1]
            return words

        original = process.module_command
        monkeypatch.setattr(process, "module_command", command)
        return LocalAdapter()

    return make


@pytest.fixture
async def adapter(adapter_with: Callable[..., LocalAdapter]) -> AsyncIterator[LocalAdapter]:
    made = adapter_with(PACKAGE, ("libneedle3.so", "needle3.cact"))
    yield made
    await made.close()


async def ask(adapter: LocalAdapter, *texts: str, system: str = "") -> str:
    request = ModelRequest("needle-3", tuple(UserMessage(text) for text in texts), instructions=system)
    items = [item async for item in adapter.stream(adapter.encode(request))]
    assert isinstance(items[-1], ModelResponse)
    return items[-1].message.text.removeprefix("Needle's note: ")


async def test_what_was_heard_is_not_said_again(adapter: LocalAdapter) -> None:
    assert await ask(adapter, "one") == "init  | one"
    assert await ask(adapter, "one", "two") == "init  | one | two"
    assert await ask(adapter, "one", "two", "three", "four") == "init  | one | two | three | four"


async def test_the_same_request_again_is_really_asked_again(adapter: LocalAdapter) -> None:
    await ask(adapter, "one", "two")
    assert await ask(adapter, "one", "two") == "reset | one | two"


async def test_another_conversation_starts_afresh(adapter: LocalAdapter) -> None:
    await ask(adapter, "one", "two")
    assert await ask(adapter, "other") == "reset | other"
    assert await ask(adapter, "other") == "reset | other"
    assert await ask(adapter, "other", system="S") == "init S | other"


async def test_after_a_failure_nothing_counts_as_heard(adapter: LocalAdapter) -> None:
    await ask(adapter, "one")
    with pytest.raises(ProviderFailure, match="engine trouble"):
        await ask(adapter, "one", "telephone")
    assert await ask(adapter, "one", "two") == "reset | one | two"


async def test_the_model_has_no_network(adapter: LocalAdapter) -> None:
    with pytest.raises(ProviderFailure, match="the local model has no network"):
        await ask(adapter, "network")


async def test_too_many_tools_are_told_as_such(adapter: LocalAdapter) -> None:
    with pytest.raises(ProviderFailure, match=r"cannot take these 1 tools.*Offer fewer tools") as caught:
        await adapter.warm(Toolset([Tool.make("refuse")]))
    assert caught.value.kind == "invalid_request"


async def test_texts_become_vectors(adapter: LocalAdapter) -> None:
    assert await adapter.embed(["a", "bcd"]) == [[1.0, 0.5], [3.0, 0.5]]


@pytest.mark.parametrize("files", [(), ("libneedle3.so",), ("needle3.cact",)])
async def test_a_package_without_its_engine_is_unavailable_and_nothing_is_downloaded(
    adapter_with: Callable[..., LocalAdapter], files: tuple[str, ...]
) -> None:
    adapter = adapter_with(PACKAGE, files)
    with pytest.raises(ProviderFailure, match="for this platform") as caught:
        await adapter.warm()
    assert caught.value.kind == "unavailable"
    await adapter.close()


async def test_a_missing_package_is_unavailable_and_says_how_to_get_it(
    adapter_with: Callable[..., LocalAdapter],
) -> None:
    adapter = adapter_with("raise ImportError('no needle here')", ())
    with pytest.raises(ProviderFailure, match=r"pip install 'tool-calling-workbench\[local\]'") as caught:
        await adapter.warm()
    assert caught.value.kind == "unavailable"
    await adapter.close()
