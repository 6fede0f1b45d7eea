"""G14 · MCP in its breadth: the tools of real servers, over every version of the protocol, and servers that misbehave.

Each recorded list of tools is served again by a small server that speaks one version, and read by ours.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.support.tally import counted
from tests.support.tool_documents import MCP_TOOLS
from tests.unit.viewmodels.schema_editor.test_round_trip import rewrite_every_field
from workbench.app.exports.tool_export import export_tools
from workbench.core.errors import ToolError
from workbench.core.ids import CallId, RunId
from workbench.core.json_text import canonical
from workbench.core.tool import PORTABLE_NAME, Tool
from workbench.engine.ports import ExecutionOrder
from workbench.executors.mcp_servers import McpServers
from workbench.executors.mcp_spec import McpSpec
from workbench.store.tool_file import read_tool, tool_text

SERVER = Path(__file__).parents[1] / "support" / "listed_mcp_server.py"
FILES = sorted(MCP_TOOLS.glob("*.json"))
VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28")
AT_ONCE = 4

pytestmark = pytest.mark.skipif(not FILES, reason="there are no recorded lists of tools beside the repository")


def spec(name: str, file: Path, version: str, *manners: str) -> McpSpec:
    arguments = (str(SERVER), str(file), version, *manners)
    return McpSpec(name=name, command=sys.executable, arguments=arguments, folder=str(SERVER.parent), seal=name)


@asynccontextmanager
async def running(specs: Iterable[McpSpec]) -> AsyncIterator[McpServers]:
    servers = McpServers(list(specs), secret=lambda _: None, permit=lambda _: "")
    try:
        names = [server.spec.name for server in servers.servers]
        for start in range(0, len(names), AT_ONCE):  # a busy machine starts few interpreters at a time
            await servers.connect(names[start : start + AT_ONCE])
        yield servers
    finally:
        await servers.close()


def documents(file: Path) -> dict[str, str]:
    """The tools as recorded, by name, without their name; of two with one name the first counts."""
    found: dict[str, str] = {}
    for tool in json.loads(file.read_text(encoding="utf-8"))["tools"]:
        found.setdefault(tool["name"], canonical({**tool, "name": ""}))
    return found


@pytest.mark.parametrize("version", VERSIONS)
async def test_the_tools_of_real_servers_are_listed_as_they_are_over_every_version(version: str) -> None:
    names = {file: f"s{number}" for number, file in enumerate(FILES)}
    with counted("G14", f"tools listed over {version}, page by page, equal to the recorded ones") as tally:
        async with running(spec(name, file, version) for file, name in names.items()) as servers:
            for file, name in names.items():
                server = servers.server(name)
                assert server is not None
                wanted = documents(file)
                with tally.case(f"{file.stem}: as many, over this version"):
                    assert (server.state, server.protocol) == ("ready", version), server.failure
                    assert {tool.name for tool in server.tools} == set(wanted)
                for tool in server.tools:
                    with tally.case(f"{file.stem}: {tool.name}"):
                        assert canonical({**tool.tool.document, "name": ""}) == wanted[tool.name]
                        assert PORTABLE_NAME.fullmatch(tool.tool.name)


def test_a_listed_tool_comes_out_of_file_form_and_export_as_it_went_in() -> None:
    with counted("G14", "import → file → form → export, equal after canonical JSON") as tally:
        for file in FILES:
            for document in json.loads(file.read_text(encoding="utf-8"))["tools"]:
                with tally.case(f"{file.stem}: {document['name']}"):
                    text = tool_text(Tool(document))
                    again = read_tool(rewrite_every_field(text))
                    exported = json.loads(export_tools([again], "mcp").text)
                    assert canonical(exported) == canonical({"tools": [document]})


async def test_two_servers_with_the_same_tools_are_kept_apart() -> None:
    with counted("G14", "colliding names kept apart and led to their own server") as tally:
        for file in (FILES[0], FILES[-1]):
            async with running(spec(name, file, VERSIONS[2]) for name in ("one", "two")) as servers:
                offered = [tool.tool.name for tool in servers.tools]
                for tool in servers.tools:
                    with tally.case(tool.tool.name):
                        assert offered.count(tool.tool.name) == 1
                        executor = servers.executor_for(tool.tool)
                        assert executor is not None
                        assert executor.name == f"mcp {tool.server}:{tool.name}"


async def test_what_is_no_message_is_survived_and_an_end_in_the_middle_of_a_call_is_said_and_recovered() -> None:
    with counted("G14", "servers that print rubbish, and that end in the middle of a call") as tally:
        specs = [spec(f"s{number}", file, VERSIONS[number % 5], "rubbish") for number, file in enumerate(FILES)]
        async with running(specs) as servers:
            for server, file in zip(servers.servers, FILES, strict=True):
                with tally.case(f"{file.stem}: rubbish"):
                    assert {tool.name for tool in server.tools} == set(documents(file))
                    assert server.said.rubbish_lines >= 4
                with tally.case(f"{file.stem}: ended in a call, started again with the next"):
                    tool = server.tools[0]
                    executor = servers.executor_for(tool.tool)
                    assert executor is not None
                    order = ExecutionOrder(RunId("r"), CallId("r.1.1.1"), tool.tool, {"end": True}, 60.0)
                    with pytest.raises(ToolError, match="exit code 7") as caught:
                        await executor.execute(order)
                    assert caught.value.kind == "mcp_gone"
                    async with asyncio.timeout(60.0):
                        result = await executor.execute(
                            ExecutionOrder(RunId("r"), CallId("r.1.1.2"), tool.tool, {}, 60.0)
                        )
                    assert result.value == tool.name
