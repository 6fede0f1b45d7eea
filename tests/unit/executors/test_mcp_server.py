"""One MCP server, well or badly behaved."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.executors.waiting import is_gone, until, written
from workbench.core.errors import ExecutorUnavailable, ToolError
from workbench.executors import mcp_server, mcp_stdio
from workbench.executors.mcp_server import McpServer
from workbench.executors.mcp_spec import McpSpec

pytestmark = pytest.mark.child_process

PROGRAM = Path(__file__).parents[2] / "support" / "odd_mcp_server.py"
Make = Callable[..., McpServer]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    """Makes servers and stops them at the end."""
    made: list[McpServer] = []

    def server(manners: str = "good", *arguments: str, **fields: Any) -> McpServer:
        spec = McpSpec(
            name="odd",
            command=sys.executable,
            arguments=(str(PROGRAM), manners, *arguments),
            folder=str(tmp_path),
            **fields,
        )
        made.append(McpServer(spec, secret={"SHOP_KEY": "canary-0123456789"}.get))
        return made[-1]

    yield server
    for one in made:
        await one.stop()


async def call(server: McpServer, tool: str, limit_s: float = 60.0, **arguments: Any) -> Any:
    await server.start()
    return (await server.call(tool, arguments, limit_s))[0]


async def failure(server: McpServer, tool: str, limit_s: float = 60.0) -> ToolError:
    with pytest.raises(ToolError) as caught:
        await call(server, tool, limit_s)
    return caught.value


async def test_a_server_is_started_once_lists_its_tools_and_answers_side_by_side(make: Make) -> None:
    server = make()
    await asyncio.gather(*(server.start() for _ in range(5)))
    answers = await asyncio.gather(*(call(server, "echo", text=str(number)) for number in range(20)))
    assert [one["content"][0]["text"].partition("|")[0] for one in answers] == [str(number) for number in range(20)]
    assert (server.state, server.about, server.protocol) == ("ready", "odd 1", "2025-06-18")
    assert server.tools[0].tool.name == "odd__echo"
    await server.stop()
    assert server.state == "stopped"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
async def test_last_words_count_also_when_a_second_start_with_an_older_protocol_never_ends(tmp_path: Path) -> None:
    script = "if [ -e seen ]; then sleep 60; fi; touch seen; echo 'API token missing' >&2; exit 1"
    spec = McpSpec(name="odd", command="sh", arguments=("-c", script), folder=str(tmp_path), start_limit_s=2.0)
    server = McpServer(spec, secret=lambda _: None)
    with pytest.raises(ExecutorUnavailable, match=r"not ready within 2 s\. It .*: API token missing"):
        await server.start()
    await server.stop()


async def test_progress_is_reported_while_the_call_runs_and_kept(make: Make) -> None:
    server, heard = make(), list[str]()
    await server.start()
    _, notes = await server.call("echo", {}, 60.0, heard.append)
    assert notes == heard == ["progress 1 of 2: half"]


async def test_a_server_sees_only_what_it_was_given(
    make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CANARY_API_KEY", "from-the-desk")
    said = (await call(make(), "echo"))["content"][0]["text"]
    assert said == f"|-|{tmp_path}"
    named = make(environment={"CANARY_API_KEY": "SHOP_KEY"})
    assert (await call(named, "echo"))["content"][0]["text"].split("|")[1] == "canary-0123456789"


async def test_a_key_that_is_missing_is_said_before_anything_starts(make: Make) -> None:
    with pytest.raises(ExecutorUnavailable, match="needs the key OTHER"):
        await make(environment={"A": "OTHER"}).start()


async def test_keys_in_arguments_are_filled_in_at_the_start(make: Make, tmp_path: Path) -> None:
    server = make("good", str(tmp_path / "${key:SHOP_KEY}"))
    await server.start()
    await failure(server, "hang", limit_s=0.1)
    assert await written(tmp_path / "canary-0123456789") == "cancelled"
    assert "canary" not in str(server.spec)
    with pytest.raises(ExecutorUnavailable, match="needs the key OTHER"):
        await make("good", "--token=${key:OTHER}").start()


async def test_rubbish_on_standard_output_is_survived_and_kept_for_the_person(make: Make) -> None:
    server = make("rubbish")
    assert (await call(server, "echo", text="a"))["content"][0]["text"].startswith("a|")
    assert server.said.rubbish_lines >= 5
    assert server.said.rubbish[-1] == "DEBUG got a line"
    assert server.said.rubbish[0].startswith("Welcome")
    assert max(map(len, server.said.rubbish)) <= 201


async def test_a_line_without_end_does_not_fill_the_memory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_stdio, "_LINE_LIMIT", 3_000_000)
    with pytest.raises(ExecutorUnavailable, match="sent a line of more than 3,000,000 bytes"):
        await make("flood").start()


async def test_a_crash_in_the_middle_of_a_call_is_a_clear_error_and_the_next_call_starts_it_again(make: Make) -> None:
    server = make()
    others = asyncio.create_task(failure(server, "hang"))
    await until(lambda: server.state == "ready")
    error = await failure(server, "crash")
    assert error.kind == "mcp_gone"
    assert "ended by itself with exit code 3; the call may have taken effect" in error.message
    assert "about to fall over" in error.output
    assert (await others).kind == "mcp_gone"
    await until(lambda: server.state == "failed")
    assert (await call(server, "echo", text="again"))["content"][0]["text"].startswith("again|")


async def test_a_server_that_ends_while_nobody_calls_is_started_again_by_the_next_call(make: Make) -> None:
    server = make()
    await failure(server, "crash")
    await until(lambda: server.state == "failed")
    assert "exit code 3" in server.failure
    assert await call(server, "echo")


async def test_a_call_that_hangs_ends_in_time_and_the_server_is_told(make: Make, tmp_path: Path) -> None:
    server = make("good", str(tmp_path / "note"))
    error = await failure(server, "hang", limit_s=0.1)
    assert error.kind == "timeout"
    assert await written(tmp_path / "note") == "cancelled"
    assert await call(server, "echo")


async def test_cancelling_a_call_tells_the_server_and_ends_no_other(make: Make, tmp_path: Path) -> None:
    server = make("good", str(tmp_path / "note"))
    await server.start()
    hanging = asyncio.create_task(call(server, "hang"))
    await call(server, "echo")
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    assert await written(tmp_path / "note") == "cancelled"
    assert server.state == "ready"


async def test_a_server_that_does_not_answer_fails_in_time_and_is_gone(make: Make) -> None:
    server = make("silent", start_limit_s=0.3)
    with pytest.raises(ExecutorUnavailable, match=r"not ready within 0\.3 s"):
        await server.start()
    assert server.state == "failed"


async def test_a_server_that_hangs_over_its_list_fails_in_time(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_server, "LIST_LIMIT_S", 0.2)
    with pytest.raises(ExecutorUnavailable, match="did not list its tools"):
        await make("slow-list").start()


async def test_a_server_that_does_not_come_up_says_why(make: Make) -> None:
    server = make("gone")
    with pytest.raises(ExecutorUnavailable, match=r"exit code 1.* It said: Reading the settings\nI need a license"):
        await server.start()
    assert server.failure == "it ended by itself with exit code 1. It said: Reading the settings\nI need a license"


async def test_a_server_that_says_why_on_standard_output_is_heard_too(make: Make) -> None:
    with pytest.raises(ExecutorUnavailable, match=r"It said: Reading the settings\nI need a license"):
        await make("gone-loudly").start()


async def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    server = McpServer(McpSpec(name="none", command="no-such-program", folder=str(tmp_path)), secret=lambda _: None)
    with pytest.raises(ExecutorUnavailable, match="there is no program 'no-such-program'"):
        await server.start()


async def test_a_server_that_leaves_when_asked_what_it_speaks_is_asked_in_the_old_way(make: Make) -> None:
    assert await call(make("prudish"), "echo")


async def test_five_thousand_tools_are_listed_over_their_pages(make: Make) -> None:
    server = make("many")
    await server.start()
    assert len(server.tools) == 5_000
    assert len({tool.tool.name for tool in server.tools}) == 5_000


@pytest.mark.parametrize("manners", ["endless", "circle", "nonsense", "broken-page"])
async def test_a_bad_list_of_tools_leaves_what_is_good_in_it_with_a_remark(make: Make, manners: str) -> None:
    server = make(manners)
    await server.start()
    assert [tool.name for tool in server.tools] == ["echo"]
    assert len(server.remarks) == 1
    assert await call(server, "echo")


async def test_a_changed_list_is_read_again_and_the_tool_is_another_one(make: Make, tmp_path: Path) -> None:
    server = make("rug", str(tmp_path / "changed"))
    await server.start()
    before = server.tool("echo")
    await call(server, "echo")
    await until(lambda: len(server.tools) == 2)
    after = server.tool("echo")
    assert before is not None
    assert after is not None
    assert before.digest != after.digest


async def test_a_hostile_output_schema_holds_nothing_up(make: Make) -> None:
    server = make("bomb")
    answer = await call(server, "echo", limit_s=20.0)
    assert answer["structuredContent"]["x"].endswith("!")
    assert server.tools[0].tool.document["unheardOf"] == [1, None]


@pytest.mark.parametrize(
    ("written", "text"),
    [(r"cut \ud83d here", "cut \ufffd here"), ("\xff", "\xff"), ("\udcff", "\ufffd")],
)
async def test_a_result_with_half_a_character_comes_at_once(make: Make, written: str, text: str) -> None:
    line = f'{{"jsonrpc":"2.0","id":ID,"result":{{"content":[{{"type":"text","text":"{written}"}}]}}}}'
    answer = await call(make("good"), "raw", line=line.encode("utf-8", "surrogateescape").hex())
    assert answer["content"][0]["text"] == text


@pytest.mark.parametrize(
    ("line", "kind", "words"),
    [
        ('{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"Internal","data":"a User"}}', "mcp_error", "a User"),
        ('{"jsonrpc":"2.0","id":ID,"result":"done"}', "mcp_protocol", "does not follow MCP"),
        ('{"jsonrpc":"2.0","id":ID,"result":{"content":[{"text":"torn', "mcp_protocol", "torn"),
    ],
)  # fmt: skip
async def test_an_answer_that_is_no_result_is_an_error_at_once(make: Make, line: str, kind: str, words: str) -> None:
    server = make()
    await server.start()
    with pytest.raises(ToolError) as caught:
        await server.call("raw", {"line": line.encode().hex()}, 60.0)
    assert caught.value.kind == kind
    assert words in caught.value.message


async def test_an_answer_that_is_lost_is_told_with_what_came_instead(make: Make) -> None:
    server = make()
    await server.start()
    with pytest.raises(ToolError, match=r"Meanwhile it printed .*Traceback: no stock"):
        await server.call("raw", {"line": b"Traceback: no stock".hex()}, 0.3)


async def test_a_server_that_wants_to_use_the_model_is_refused(make: Make) -> None:
    server, heard = make(), list[str]()
    await server.start()
    said, notes = await server.call("ask", {}, 60.0, heard.append)
    assert "an answer of a model (sampling)" in str(said["answered"]["error"]["message"])
    assert heard == notes
    assert "asked for an answer of a model (sampling) and was refused" in heard[0]
    assert server.remarks == ("it asked for an answer of a model (sampling) and was refused",)


@pytest.mark.skipif(sys.platform == "win32", reason="process groups are POSIX")
async def test_a_server_that_does_not_want_to_go_is_made_to_with_all_it_started(make: Make, tmp_path: Path) -> None:
    server = make("stubborn", str(tmp_path / "pids"))
    await server.start()
    pids = [int(one) for one in (await written(tmp_path / "pids")).split()]
    await server.stop()
    await until(lambda: all(map(is_gone, pids)))
