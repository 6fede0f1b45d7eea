"""`workbench suite` in a project whose tools are those of an MCP server."""

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.support.projects import TOML, make_project
from tests.unit.cli.test_replay import Command
from workbench.app.session import Session
from workbench.cli.exit_code import ExitCode

pytestmark = pytest.mark.child_process

SERVER = Path(__file__).parents[2] / "support" / "listed_mcp_server.py"
FINDS = {"calls": [{"tool": "shop__find", "arguments": {}}]}


async def approve(project: Path) -> None:
    session = Session(project)
    session.mcp.approve("shop", session.mcp.view("shop").shown)
    await session.close()


def test_tools_of_a_server_are_known_to_every_command_that_judges_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tools = tmp_path / "tools.json"
    tools.write_text(json.dumps({"tools": [{"name": "find", "inputSchema": {"type": "object"}}]}))
    server = f"\n[mcp.shop]\ncommand = {json.dumps(sys.executable)}\nargs = "
    toml = TOML + server + json.dumps([str(SERVER), str(tools), "2025-06-18"])
    command = Command(make_project(tmp_path / "gate", FINDS, {"text": "Found."}, toml=toml), capsys)
    asyncio.run(approve(command.project))
    (command.project / "suites").mkdir()
    lines = [{"id": f"c{n}", "request": f"What is in box {n}?", "expected": "shop__find"} for n in range(12)]
    (command.project / "suites" / "boxes.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert command("suite", "audit", "boxes") == ExitCode.ANSWERED
    assert command("suite", "run", "boxes") == ExitCode.ANSWERED
    for action in (("audit", "last"), ("compare", "last"), ("plan", "boxes")):
        assert command("suite", *action) == ExitCode.ANSWERED
        assert "unknown tool" not in command.out
