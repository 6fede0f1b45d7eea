"""The worker's own rules, without the model: a package of our own takes its place in the child."""

import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.core.errors import ProviderFailure
from workbench.core.exchange import ModelRequest
from workbench.core.message import UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.providers import worker_process
from workbench.providers.local.adapter import LocalAdapter
from workbench.providers.local.encode import encode, needle_tools
from workbench.providers.local.pool import NeedlePool
from workbench.providers.worker_process import WorkerProcess

pytestmark = pytest.mark.child_process

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

FILES = ("libneedle3.so", "needle3.cact")


@pytest.fixture
def process_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, tuple[str, ...]], WorkerProcess]:
    """A process that finds a package of ours."""

    def make(source: str, files: tuple[str, ...]) -> WorkerProcess:
        package = tmp_path / "needle"
        package.mkdir()
        (package / "__init__.py").write_text(source)
        for name in files:
            (package / name).touch()
        first = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); "

        def command(name: str, *arguments: str) -> list[str]:
            words = original(name, *arguments)
            words[words.index("-c") + 1] = first + words[words.index("-c") + 1]
            return words

        original = worker_process.module_command
        monkeypatch.setattr(worker_process, "module_command", command)
        return WorkerProcess()

    return make


@pytest.fixture
async def process_(process_with: Callable[..., WorkerProcess]) -> AsyncIterator[WorkerProcess]:
    made = process_with(PACKAGE, FILES)
    yield made
    await made.close()


async def ask(started: WorkerProcess, *texts: str, system: str = "") -> str:
    request = ModelRequest("needle-3", tuple(UserMessage(text) for text in texts), instructions=system)
    body = json.loads(encode(request).body_json)
    answer = await started.ask(
        "complete", **{key: body[key] for key in ("system", "tools", "inputs", "max_new_tokens")}
    )
    return str(answer["reasoning"])


async def test_what_was_heard_is_not_said_again(process_: WorkerProcess) -> None:
    assert await ask(process_, "one") == "init  | one"
    assert await ask(process_, "one", "two") == "init  | one | two"
    assert await ask(process_, "one", "two", "three", "four") == "init  | one | two | three | four"
    assert process_.took.inputs == 2


async def test_the_same_request_again_is_really_asked_again(process_: WorkerProcess) -> None:
    await ask(process_, "one", "two")
    assert await ask(process_, "one", "two") == "reset | one | two"


async def test_another_conversation_starts_afresh(process_: WorkerProcess) -> None:
    await ask(process_, "one", "two")
    assert await ask(process_, "other") == "reset | other"
    assert await ask(process_, "other") == "reset | other"
    assert await ask(process_, "other", system="S") == "init S | other"


async def test_after_a_failure_nothing_counts_as_heard(process_: WorkerProcess) -> None:
    await ask(process_, "one")
    with pytest.raises(ProviderFailure, match="engine trouble"):
        await ask(process_, "one", "telephone")
    assert await ask(process_, "one", "two") == "reset | one | two"


async def test_the_model_has_no_network(process_: WorkerProcess) -> None:
    with pytest.raises(ProviderFailure, match="the local model has no network"):
        await ask(process_, "network")


async def test_too_many_tools_are_told_as_such(process_: WorkerProcess) -> None:
    with pytest.raises(ProviderFailure, match=r"cannot take these 1 tools.*Offer fewer tools") as caught:
        await process_.ask("load", system="", tools=needle_tools(Toolset([Tool.make("refuse")])))
    assert caught.value.kind == "invalid_request"


async def test_texts_become_vectors(process_: WorkerProcess) -> None:
    assert await process_.ask("embed", texts=["a", "bcd"]) == [[1.0, 0.5], [3.0, 0.5]]


@pytest.mark.parametrize("files", [(), ("libneedle3.so",), ("needle3.cact",)])
async def test_a_package_without_its_engine_is_unavailable_and_nothing_is_downloaded(
    process_with: Callable[..., WorkerProcess], files: tuple[str, ...]
) -> None:
    made = process_with(PACKAGE, files)
    adapter = LocalAdapter(NeedlePool(lambda threads: made))
    with pytest.raises(ProviderFailure, match="for this platform") as caught:
        await adapter.warm()
    assert caught.value.kind == "unavailable"
    await adapter.close()


async def test_a_missing_package_is_unavailable_and_says_how_to_get_it(
    process_with: Callable[..., WorkerProcess],
) -> None:
    made = process_with("raise ImportError('no needle here')", ())
    with pytest.raises(ProviderFailure, match=r"pip install 'tool-calling-workbench\[local\]'") as caught:
        await made.ask("load", system="", tools=[])
    assert caught.value.kind == "unavailable"
    await made.close()


# Triggers

TRIGGERED = """
import json, re, sys
class Needle:
    def __init__(self, tools, system, auto_date):
        self.tools, self.log = json.loads(tools), ["init"]
        for tool in self.tools:
            for pattern in tool.get("triggers", []):
                if pattern.startswith("(?"):
                    print(f"needle: ignoring invalid trigger for {tool['name']}: {pattern}", file=sys.stderr)
    def reset(self): self.log = ["reset"]
    def complete(self, text, limit):
        found = [tool["name"] for tool in self.tools if any(re.search(p, text, re.I) for p in tool.get("triggers", []))]
        called = found[:1] or [self.tools[0]["name"]]
        self.log.append(f"{text}: {called[0]}")
        return {"type": "call", "success": True, "function_calls": [{"name": called[0], "arguments": {}}],
                "reasoning": " | ".join(self.log)}
"""
ABC: list[Any] = [{"name": name, "description": "", "parameters": {}} for name in ("a", "b", "c")]


@pytest.fixture
async def triggered(process_with: Callable[..., WorkerProcess]) -> AsyncIterator[WorkerProcess]:
    made = process_with(TRIGGERED, FILES)
    yield made
    await made.close()


async def record(started: WorkerProcess, *inputs: str, tools: list[Any] = ABC, **more: Any) -> str:
    answer = await started.ask("complete", system="", tools=tools, inputs=list(inputs), max_new_tokens=9, **more)
    return str(answer["reasoning"])


async def test_a_tool_is_called_where_its_trigger_is_found(triggered: WorkerProcess) -> None:
    tools = [*ABC[:2], ABC[2] | {"triggers": ["parcel|post"]}]
    assert await record(triggered, "By POST", tools=tools) == "init | By POST: c"
    assert await record(triggered, "By foot", tools=tools) == "reset | By foot: a"


async def test_a_forced_call_is_one_of_the_tools_that_were_named_whatever_their_own_triggers(
    triggered: WorkerProcess,
) -> None:
    tools = [ABC[0] | {"triggers": ["foot"]}, *ABC[1:]]
    odd = "By foot? (yes) [1] a+b*c {x} ^$ \\ | ü\nand more"
    assert (await record(triggered, odd, tools=tools, must_call=["c"])).endswith(": c")
    assert (await record(triggered, odd, tools=tools, must_call=["b", "c"])).endswith(": b")
    assert (await record(triggered, "first", odd, tools=tools, must_call=["c"])).startswith("init | first: a | ")


async def test_a_conversation_goes_on_from_what_was_really_called(triggered: WorkerProcess) -> None:
    assert await record(triggered, "one", must_call=["b"]) == "init | one: b"
    assert await record(triggered, "one", "[1]", called=[["b"]]) == "init | one: b | [1]: a"
    assert await record(triggered, "two", "[1]", called=[["a"]]) == "init | two: a | [1]: a"
    assert await record(triggered, "two", "[1]", "three", called=[["a"], []]) == "init | two: a | [1]: a | three: a"
    assert triggered.took.inputs == 1


async def test_a_call_of_a_tool_that_is_gone_confines_nothing(triggered: WorkerProcess) -> None:
    assert await record(triggered, "one", "[1]", called=[["gone"]]) == "init | one: a | [1]: a"


async def test_a_trigger_the_engine_leaves_out_is_named(triggered: WorkerProcess) -> None:
    tools = [ABC[0] | {"triggers": ["(?i)x"]}]
    with pytest.raises(ProviderFailure, match=r"trigger '\(\?i\)x' of the tool 'a'.*without flags") as caught:
        await record(triggered, "one", tools=tools)
    assert caught.value.kind == "invalid_request"
    assert await record(triggered, "one") == "init | one: a"
