"""The project as an MCP server, asked by the SDK's own client in both revisions of the protocol."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi")

import httpx2
import mcp_types as types
import msgspec
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from tests.support.served import Served
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.approval import Decision
from workbench.core.event import BY_TOOL, NoteAdded, ToolCallSettled
from workbench.core.ids import ROOT_SPAN, RunId
from workbench.core.message import Attachment
from workbench.engine.ports import ExecutionResult
from workbench.service.approval_state import ApprovalSeal, WaitingCall
from workbench.service.mcp_tools import _block, _Progress

pytestmark = pytest.mark.child_process
MODES = ("legacy", "2026-07-28")


@asynccontextmanager
async def client_of(served: Served, mode: str, *, on_elicit: Any = None) -> AsyncIterator[Client]:
    async with httpx2.AsyncClient(headers=served.auth(), trust_env=False, timeout=60) as http:
        transport = streamable_http_client(f"{served.service.url}/mcp", http_client=http)
        async with Client(transport, mode=mode, elicitation_callback=on_elicit) as client:  # type: ignore[arg-type]
            yield client


@pytest.mark.parametrize("mode", MODES)
async def test_tools_are_listed_in_order_with_the_bytes_of_the_project(tmp_path: Path, mode: str) -> None:
    async with Served(tmp_path / "p") as served, client_of(served, mode) as client:
        listed = (await client.list_tools()).tools
        assert [tool.name for tool in listed] == ["look", "touch"]
        document = json.loads((tmp_path / "p" / "tools" / "touch.json").read_text())
        assert listed[1].input_schema == document["inputSchema"]
        assert listed[1].description == document["description"]


@pytest.mark.parametrize("mode", MODES)
async def test_a_tool_whose_text_changed_since_it_was_tested_is_marked(tmp_path: Path, mode: str) -> None:
    calls = {"calls": [{"tool": "look", "arguments": {}}]}
    async with Served(tmp_path / "p", calls, {"text": "A gate."}) as served, client_of(served, mode) as client:
        (tmp_path / "p" / "suites").mkdir()
        case = {"id": "look", "request": "What is at the gate?", "expected": "look"}
        (tmp_path / "p" / "suites" / "gate.jsonl").write_text(json.dumps(case))
        await served.session.suites.begin(SuiteOrder(suite="gate")).run()

        async def marks() -> list[object]:
            listed = await client.list_tools(cache_mode="refresh")
            return [(tool.meta or {})["workbench/tested"] for tool in listed.tools]

        assert await marks() == ["tested", "never tested"]
        look = tmp_path / "p" / "tools" / "look.json"
        look.write_text(json.dumps({**json.loads(look.read_text()), "description": "Stare."}))
        await served.session.reload()
        assert await marks() == ["stale", "never tested"]


@pytest.mark.parametrize("mode", MODES)
async def test_a_call_runs_and_its_result_is_structured(tmp_path: Path, mode: str) -> None:
    async with Served(tmp_path / "p") as served, client_of(served, mode) as client:
        found = await client.call_tool("look", {"at": "sea"})
        assert (found.is_error, found.structured_content) == (False, {"seen": "sea"})
        bad = await client.call_tool("look", {"at": 5})
        assert bad.is_error
        with pytest.raises(MCPError, match="there is no tool"):
            await client.call_tool("nope", {})


async def test_in_the_old_revision_a_call_that_asks_waits_for_the_person(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served, client_of(served, "legacy") as client:
        answer = asyncio.ensure_future(client.call_tool("touch", {"mark": "x"}))
        waiting = await served.asked()
        yes = Decision("approve", by="person")
        assert served.session.desk.answer(waiting[0].call_id, waiting[0].shown_hash, yes)
        assert (await answer).structured_content is None
    assert (tmp_path / "p" / "marks.txt").read_text() == "x\n"


@pytest.mark.parametrize(("is_yes", "marks"), [(True, "x\n"), (False, None)])
async def test_in_the_new_revision_the_client_is_asked_and_its_answer_counts(
    tmp_path: Path, is_yes: bool, marks: str | None
) -> None:
    asked: list[str] = []

    async def on_elicit(_context: Any, params: types.ElicitRequestFormParams) -> types.ElicitResult:
        asked.append(params.message)
        return types.ElicitResult(action="accept", content={"approve": is_yes})

    async with Served(tmp_path / "p") as served, client_of(served, "2026-07-28", on_elicit=on_elicit) as client:
        found = await client.call_tool("touch", {"mark": "x"})
        assert found.is_error is not is_yes
    assert len(asked) == 1
    assert '"mark":"x"' in asked[0]
    path = tmp_path / "p" / "marks.txt"
    assert (path.read_text() if path.exists() else None) == marks


async def test_a_client_that_may_not_approve_is_not_asked(tmp_path: Path) -> None:
    async with (
        Served(tmp_path / "p", scopes=("read", "call"), has_person=False) as served,
        client_of(served, "2026-07-28") as client,
    ):
        found = await client.call_tool("touch", {"mark": "x"})
        assert found.is_error
        assert "nobody is there" in found.content[0].text  # type: ignore[union-attr]


async def test_only_tested_tools_are_listed_where_that_is_wanted(tmp_path: Path) -> None:
    settings = ServiceSettings(only_tested=True)
    async with Served(tmp_path / "p", settings=settings) as served, client_of(served, "legacy") as client:
        assert (await client.list_tools()).tools == []


REPORTING = """\
from time import sleep

from workbench.core.tool_progress import report_progress


def touch(mark):
    return "left"


def look(at="here"):
    for step in (0, 50, 100):
        report_progress(step, 100, at)
        sleep(0.03)
    return {"seen": at}
"""
ENDLESS = REPORTING.replace("sleep(0.03)", "sleep(60)")


@pytest.mark.parametrize("mode", MODES)
async def test_what_a_running_tool_reports_reaches_a_client_that_asked_for_it(tmp_path: Path, mode: str) -> None:
    heard: list[tuple[float, float | None, str | None]] = []

    async def on_progress(done: float, total: float | None, message: str | None) -> None:
        heard.append((done, total, message))

    async with Served(tmp_path / "p", code=REPORTING) as served, client_of(served, mode) as client:
        found = await client.call_tool("look", {"at": "sea"}, progress_callback=on_progress)
        assert not found.is_error
    assert heard == [(0, 100, "sea"), (50, 100, "sea"), (100, 100, "sea")]


async def test_what_is_sent_always_grows() -> None:
    sent: list[tuple[object, ...]] = []

    class Session:
        async def report_progress(self, *report: object) -> None:
            sent.append(report)

    progress = _Progress(SimpleNamespace(session=Session()))
    for text in ("begun", "progress 5 of 9", "progress 3 of 9", "half"):
        note = NoteAdded(run_id=RunId("r"), seq=1, at=0.0, span=ROOT_SPAN, text=text, by=BY_TOOL)
        progress.listen(note)
        progress.listen(msgspec.structs.replace(note, by="person"))
    await progress.finish()
    assert sent == [(1, None, "begun"), (5, 9, None), (6, None, "progress 3 of 9"), (7, None, "half")]


@pytest.mark.parametrize("mode", MODES)
async def test_a_call_that_its_client_withdraws_is_stopped(tmp_path: Path, mode: str) -> None:
    begun = asyncio.Event()

    async def on_progress(*_report: object) -> None:
        begun.set()

    async with Served(tmp_path / "p", code=ENDLESS) as served, client_of(served, mode) as client:
        call = asyncio.ensure_future(client.call_tool("look", {}, progress_callback=on_progress))
        await begun.wait()
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        await served.idle()
        (row,) = (await served.http.get("/v1/runs")).json()["runs"]
        events = served.tools.events(row["run_id"])
    (settled,) = (event for event in events if isinstance(event, ToolCallSettled))
    assert settled.outcome == "unknown"


def test_a_state_counts_once_for_its_time_and_only_as_it_was_sealed() -> None:
    time = [100.0]
    seal = ApprovalSeal(lambda: time[0])
    call = WaitingCall("r", "r.1.1.1", "h", "me", "touch", "d", until=200.0)
    text = seal.seal(call)
    for broken in (text[:-2], text.replace(".", ""), f"{text}x", "", "a.b", ApprovalSeal().seal(call)):
        assert seal.open(broken) is None
    assert seal.open(text) == call
    assert seal.open(text) is None, "it was opened before"
    late = seal.seal(call)
    time[0] = 200.0
    assert seal.open(late) is None


class Camera:
    """Returns a picture, a sound and a file for every call."""

    name = "camera"

    def executor_for(self, _tool: object) -> "Camera":
        return self

    async def execute(self, _order: object) -> ExecutionResult:
        held = (
            Attachment("image/png", "iVBORw0KGgo=", "a.png", width=1, height=1),
            Attachment("audio/wav", "AAAA"),
            Attachment("text/csv", "YSxi", "file:///a.csv"),
            Attachment("text/plain", "c2Vlbg==", "mem://a", is_text=True),
            Attachment("image/svg+xml", "PHN2Zy8+", "mem://b", is_text=True),
            Attachment("image/png", "iVBORw0KGgo=", "file:///c.png", width=1, height=1),
            Attachment("audio/wav", "AAAA", "file:///d.wav"),
        )
        return ExecutionResult("seen", attachments=held)


@pytest.mark.parametrize("mode", MODES)
async def test_what_a_tool_returns_beside_text_reaches_the_client_as_what_it_is(tmp_path: Path, mode: str) -> None:
    async with Served(tmp_path / "p") as served, client_of(served, mode) as client:
        served.session.runs.executors = served.tools._parts.runs.executors = Camera()  # type: ignore[assignment]
        found = await client.call_tool("look", {"at": "sea"})
        text, picture, sound, file, words, drawing, *named = found.content
        assert isinstance(picture, types.ImageContent)
        assert isinstance(sound, types.AudioContent)
        assert isinstance(file, types.EmbeddedResource)
        assert isinstance(file.resource, types.BlobResourceContents)
        assert isinstance(words, types.EmbeddedResource)
        assert isinstance(words.resource, types.TextResourceContents)
        assert (words.resource.uri, words.resource.text) == ("mem://a", "seen")
        assert (text.type, picture.data, sound.mime_type) == ("text", "iVBORw0KGgo=", "audio/wav")
        assert (file.resource.uri, file.resource.blob) == ("file:///a.csv", "YSxi")
        assert isinstance(drawing, types.EmbeddedResource)
        assert isinstance(drawing.resource, types.TextResourceContents)
        assert (drawing.resource.uri, drawing.resource.text) == ("mem://b", "<svg/>")
        uris = [one.resource.uri for one in named if isinstance(one, types.EmbeddedResource)]
        assert uris == ["file:///c.png", "file:///d.wav"]
        answer = await served.call("look", at="sea")
        assert [one["mime_type"] for one in answer["attachments"]][:3] == ["image/png", "audio/wav", "text/csv"]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("chart 1.csv", "file:///chart%201.csv"),
        ("C:\\a.csv", "file:///C%3A%5Ca.csv"),
        ("mem://a/b?c", "mem://a/b?c"),
        ("urn:x", "urn:x"),
        ("", "data:text/csv"),
    ],
)
def test_a_file_is_sent_under_a_whole_address_whatever_its_name_is(name: str, address: str) -> None:
    assert _block(Attachment("text/csv", "YSxi", name)).resource.uri == address


@pytest.mark.parametrize("mode", MODES)
async def test_what_the_service_does_not_have_is_neither_promised_nor_answered(tmp_path: Path, mode: str) -> None:
    async with Served(tmp_path / "p") as served, client_of(served, mode) as client:
        promised = client.server_capabilities.model_dump(exclude_none=True)
        assert promised.keys() <= {"tools", "experimental", "extensions"}
        for ask in (client.list_resources, client.list_prompts):
            with pytest.raises(MCPError) as caught:
                await ask()
            assert caught.value.code == types.METHOD_NOT_FOUND
