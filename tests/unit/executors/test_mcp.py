"""The tools of several servers together, and what keeps a call from running."""

import base64
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.unit.executors.waiting import until
from workbench.core.errors import ExecutorUnavailable
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import JsonValue
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, Executors, Fingerprinted, FromServer
from workbench.executors.mcp_servers import McpServers
from workbench.executors.mcp_spec import McpSpec, McpTool

pytestmark = pytest.mark.child_process

PROGRAM = Path(__file__).parents[2] / "support" / "odd_mcp_server.py"


class Desk:
    """What a person has said about servers and tools."""

    def __init__(self) -> None:
        self.refusal = ""
        self.held = ""

    def permit(self, spec: McpSpec) -> str:
        return self.refusal

    def hold(self, spec: McpSpec, tool: McpTool) -> str:
        return self.held


Open = Callable[..., McpServers]


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
async def open_servers(tmp_path: Path, desk: Desk) -> AsyncIterator[Open]:
    opened: list[McpServers] = []

    def servers(**manners: str) -> McpServers:
        specs = [spec(name, how, tmp_path) for name, how in manners.items()]
        opened.append(
            McpServers(
                specs,
                secret=lambda _: None,
                permit=desk.permit,
                hold=desk.hold,
                redact=lambda text: text.replace("canary", "[key]"),
            )
        )
        return opened[-1]

    yield servers
    for one in opened:
        await one.close()


def spec(name: str, manners: str, folder: Path) -> McpSpec:
    arguments = (str(PROGRAM), manners, str(folder / "note"))
    return McpSpec(name=name, command=sys.executable, arguments=arguments, folder=str(folder), seal=manners)


def order(tool: Tool, **arguments: JsonValue) -> ExecutionOrder:
    return ExecutionOrder(RunId("r"), CallId("r.1.1.1"), tool, arguments, 60.0)


def offered(servers: McpServers, name: str) -> Tool:
    return next(one.tool for one in servers.tools if one.tool.name == name)


async def test_equal_tools_of_two_servers_are_kept_apart_and_run_where_they_belong(open_servers: Open) -> None:
    servers: McpServers = open_servers(one="good", two="good")
    await servers.connect()
    as_executors: Executors = servers
    tools = [offered(servers, f"{name}__echo") for name in ("one", "two")]
    executors = [as_executors.executor_for(tool) for tool in tools]
    assert [one.name for one in executors if one] == ["mcp one:echo", "mcp two:echo"]
    assert all(isinstance(one, FromServer) and isinstance(one, Fingerprinted) for one in executors)
    assert as_executors.executor_for(Tool.make("three__echo")) is None


async def test_names_that_collide_within_a_server_lead_to_their_own_tools(open_servers: Open) -> None:
    servers = open_servers(odd="colliding")
    await servers.connect()
    assert {one.name for one in servers.tools} == {"read.file", "read/file", "read_file", "x" * 90, "x" * 91, "löschen"}
    for one in servers.tools:
        executor = servers.executor_for(one.tool)
        assert executor is not None
        assert executor.name == f"mcp odd:{one.name}"


async def test_a_result_comes_back_without_keys(open_servers: Open) -> None:
    servers = open_servers(odd="good")
    await servers.connect()
    tool = offered(servers, "odd__echo")
    executor = servers.executor_for(tool)
    assert executor is not None
    result = await executor.execute(order(tool, text="my canary"))
    assert str(result.value).startswith("my [key]|")
    rich = offered(servers, "odd__rich")
    shown = await executor_of(servers, rich).execute(order(rich))
    assert "[resource a.txt: file:///a.txt]" in str(shown.value)
    assert [base64.b64decode(one.data) for one in shown.attachments][1:] == [b"inside [key]"]
    failed = offered(servers, "odd__fail")
    assert (await executor_of(servers, failed).execute(order(failed))).is_error


def executor_of(servers: McpServers, tool: Tool):  # type: ignore[no-untyped-def]
    executor = servers.executor_for(tool)
    assert executor is not None
    return executor


async def test_a_server_that_is_not_permitted_is_neither_started_nor_called(open_servers: Open, desk: Desk) -> None:
    desk.refusal = "its command is not approved"
    servers = open_servers(odd="good")
    await servers.connect()
    assert (servers.servers[0].state, servers.tools) == ("stopped", ())
    desk.refusal = ""
    await servers.connect()
    tool = offered(servers, "odd__echo")
    desk.refusal = "its command has changed"
    with pytest.raises(ExecutorUnavailable, match="its command has changed"):
        await executor_of(servers, tool).execute(order(tool))


async def test_a_tool_that_was_changed_between_the_offer_and_the_call_does_not_run(open_servers: Open) -> None:
    servers = open_servers(odd="rug")
    await servers.connect()
    tool = offered(servers, "odd__echo")
    executor = executor_of(servers, tool)
    mark = executor.fingerprint
    await executor.execute(order(tool))
    await until(lambda: executor.fingerprint != mark)
    with pytest.raises(ExecutorUnavailable, match="has changed 'echo' since it was offered"):
        await executor.execute(order(tool))
    with pytest.raises(ExecutorUnavailable, match="no longer has a tool 'crash'"):
        await (
            executor_of(servers, Tool({"name": "odd__new", "inputSchema": {}}))
            .__class__(servers.servers[0], "crash", permit=lambda _: "", hold=lambda _, __: "")
            .execute(order(tool))
        )


async def test_a_tool_that_is_held_back_does_not_run(open_servers: Open, desk: Desk) -> None:
    servers = open_servers(odd="good")
    await servers.connect()
    tool = offered(servers, "odd__echo")
    desk.held = "its description has changed"
    with pytest.raises(ExecutorUnavailable, match="its description has changed"):
        await executor_of(servers, tool).execute(order(tool))


async def test_a_server_that_fails_does_not_keep_the_others_from_coming_up(open_servers: Open) -> None:
    servers = open_servers(bad="gone", good="good", odd="gone-loudly")
    await servers.connect()
    assert [one.state for one in servers.servers] == ["failed", "ready", "failed"]
    assert {one.server for one in servers.tools} == {"good"}


async def test_going_on_with_other_servers_stops_only_what_has_changed(open_servers: Open, tmp_path: Path) -> None:
    servers = open_servers(kept="good", changed="good", gone="good")
    await servers.connect()
    before = servers.servers
    await servers.adopt([spec("kept", "good", tmp_path), spec("changed", "many", tmp_path)])
    assert servers.server("kept") is before[0]
    assert [one.state for one in before] == ["ready", "stopped", "stopped"]
    assert servers.server("changed") is not before[1]
    assert servers.server("gone") is None
