"""Logged requests of every wire become conversations that are played back, run again and forked like any other."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.projects import make_project
from workbench.app.imports.found import Found
from workbench.app.imports.imported_run import carry_out_import
from workbench.app.imports.pasted import recognize
from workbench.app.project.folders import UserFolders
from workbench.app.replay.replays import Replays
from workbench.app.session import Session
from workbench.core.conversation import conversation
from workbench.core.event import NoteAdded, RunStarted
from workbench.core.trace import fold

SCHEMA = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
OSLO, WARM = {"city": "Oslo"}, "It is warm."


def chat_call(call_id: str) -> dict[str, Any]:
    function = {"name": "weather", "arguments": json.dumps(OSLO)}
    return {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": call_id, "type": "function", "function": function}],
    }


CHAT = {
    "request": {
        "url": "https://api.example/v1/chat/completions",
        "headers": {"Authorization": "Bearer sk-live-1234567890abcdef"},
        "body": {
            "model": "m-1",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {"role": "user", "content": "Weather?"},
                chat_call("c1"),
                {"role": "tool", "tool_call_id": "c1", "content": "21"},
                {"role": "assistant", "content": WARM},
                {"role": "user", "content": [{"type": "text", "text": "Sure?"}, {"type": "image_url"}]},
            ],
            "tools": [{"type": "function", "function": {"name": "weather", "description": "W.", "parameters": SCHEMA}}],
        },
    },
    "response": {"id": "r", "choices": [{"index": 0, "finish_reason": "stop", "message": {"content": "Yes."}}]},
}
RESPONSES = {
    "model": "m-2",
    "instructions": "Be brief.",
    "input": [
        {"role": "user", "content": "Weather?"},
        {"type": "reasoning", "id": "rs_1", "summary": []},
        {"type": "function_call", "call_id": "c1", "name": "weather", "arguments": json.dumps(OSLO)},
        {"type": "function_call_output", "call_id": "c1", "output": "21"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": WARM}]},
    ],
    "tools": [{"type": "function", "name": "weather", "parameters": SCHEMA}],
}
MESSAGES = {
    "model": "m-3",
    "system": "Be brief.",
    "messages": [
        {"role": "user", "content": "Weather?"},
        {"role": "assistant", "content": [{"type": "tool_use", "id": "c1", "name": "weather", "input": OSLO}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "c1", "content": "21"}]},
        {"role": "assistant", "content": WARM},
    ],
    "tools": [{"name": "weather", "input_schema": SCHEMA}],
}
CONTENTS = {
    "model": "m-4",
    "systemInstruction": {"parts": [{"text": "Be brief."}]},
    "contents": [
        {"role": "user", "parts": [{"text": "Weather?"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "weather", "args": OSLO}}]},
        {"role": "user", "parts": [{"functionResponse": {"name": "weather", "response": {"output": "21"}}}]},
        {"role": "model", "parts": [{"text": WARM}]},
    ],
    "tools": [{"functionDeclarations": [{"name": "weather", "parameters": SCHEMA}]}],
}
EVERY = [CHAT["request"]["body"] | {}, RESPONSES, MESSAGES, CONTENTS]  # type: ignore[operator]


@pytest_asyncio.fixture
async def session(tmp_path: Path) -> AsyncIterator[Session]:
    folders = UserFolders(tmp_path / "state", tmp_path / "config", tmp_path / "data")
    opened = Session(make_project(tmp_path / "project"), folders=folders)
    yield opened
    await opened.close()


def read(document: object) -> Found:
    return recognize(json.dumps(document))


@pytest.mark.parametrize("body", EVERY, ids=["chat", "responses", "messages", "contents"])
def test_a_request_of_every_wire_is_read_back(body: Any) -> None:
    [found] = read(body).conversations
    assert (found.instructions, found.model) == ("Be brief.", body["model"])
    step, last = found.turns[0].steps
    assert found.turns[0].prompt == "Weather?"
    [call] = step.answer.calls
    assert (call.tool, json.loads(call.arguments_json)) == ("weather", OSLO)
    assert [one.text for one in step.results if one] == ["21"]
    assert last.answer.message.text == WARM
    assert [tool.name for tool in found.tools] == ["weather"]


async def test_an_imported_conversation_is_run_again_and_forked(session: Session) -> None:
    found = read(CHAT)
    assert [tool.name for tool in found.tools] == ["weather"]
    done = await carry_out_import(session.runs, (), found.conversations)
    [(first, second)] = done.conversations
    events = list(session.runs.load(first))
    assert isinstance(events[0], RunStarted)
    assert (events[0].spec, events[0].instructions) == ("openai-chat:m-1", "Be brief.")
    assert isinstance(events[1], NoteAdded)
    assert "Imported from a log" in events[1].text
    assert [call.settled.outcome for call in fold(events).calls() if call.settled] == ["replayed"]
    assert session.runs.conversation_runs(second) == [first, second]
    assert conversation(session.runs.load(second))[-1].text == "Yes."  # type: ignore[union-attr]
    replays = Replays(session.runs, session.providers, session.prices)
    try:
        for run_id in (first, second):
            assert (await replays.rerun(run_id)).is_identical
        fork, _ = replays.fork(replays.recording(first), "turn-1/round-2")
        assert [message.text for message in fork.setup.history] == []  # type: ignore[union-attr]
    finally:
        await replays.close()
    assert b"sk-live" not in b"".join(path.read_bytes() for path in session.project.folder.rglob("*") if path.is_file())
    done.undo(session.runs)
    assert session.runs.recorded() == []


async def test_where_the_log_ends_the_run_says_so(session: Session) -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Weather?"}, chat_call("c1")]}
    found = read(body)
    assert [tool.name for tool in found.conversations[0].tools] == ["weather"]
    assert found.conversations[0].tools[0].input_schema["properties"] == SCHEMA["properties"]
    done = await carry_out_import(session.runs, (), found.conversations)
    trace = fold(session.runs.load(done.conversations[0][0]))
    [call] = trace.calls()
    assert call.settled is not None
    assert "no result for this call" in call.settled.result_text
    assert trace.finished is not None
    assert trace.finished.message == "The log ends here."


def test_a_conversation_that_grows_in_a_log_is_imported_once() -> None:
    messages = CHAT["request"]["body"]["messages"]  # type: ignore[index]
    lines = [{"model": "m-1", "messages": messages[:length]} for length in (3, 5, 6)]
    text = "\n".join(json.dumps(line) for line in [*lines, lines[1]])
    found = recognize(text)
    assert [one.words for one in found.conversations] == ["1 turn, 1 call, m-1"]


def test_streams_are_read_as_text_as_lines_and_as_json() -> None:
    chunks = [
        {"choices": [{"index": 0, "delta": {"role": "assistant", "content": "Yes"}}]},
        {"choices": [{"index": 0, "delta": {"content": "."}, "finish_reason": "stop"}]},
    ]
    lines = [f"data: {json.dumps(chunk)}" for chunk in chunks] + ["data: [DONE]"]
    body = {"model": "m", "messages": [{"role": "user", "content": "Sure?"}]}
    for answer in ("\n\n".join(lines) + "\n\n", lines, chunks, "\n".join(map(json.dumps, chunks))):
        [found] = read({"request": {"body": body}, "response": answer}).conversations
        assert found.turns[0].steps[0].answer.message.text == "Yes."
        assert found.notes == ()


def test_what_the_log_says_of_the_wire_comes_before_the_keys_of_a_body() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "Sure?"}]}
    answer = {"type": "message", "role": "assistant", "content": [{"type": "text", "text": "Yes."}], "stop_reason": "x"}
    for where in ({"wire_format": "anthropic_messages"}, {"path": "/v1/messages?beta=true"}):
        exchange = {"request": {"body": body, **where}, "response": answer, **where}
        [found] = read({"exchanges": [exchange]}).conversations
        assert (found.wire, found.turns[0].steps[0].answer.message.text) == ("anthropic", "Yes.")
    unread = read({"request": {"body": body}, "response": answer})
    assert "request 1: its last answer cannot be read" in unread.obstacle


def test_requests_of_a_har_file_are_conversations_and_no_tools_to_call() -> None:
    request = {
        "method": "POST",
        "url": "https://api.example/v1/messages",
        "headers": [{"name": "x-api-key", "value": "sk-live-1234567890abcdef"}],
        "postData": {"mimeType": "application/json", "text": json.dumps(MESSAGES)},
    }
    answer = {"content": {"mimeType": "application/json", "text": '{"content": [], "stop_reason": "end_turn"}'}}
    found = read({"log": {"entries": [{"request": request, "response": answer}]}})
    assert [tool.name for tool in found.tools] == ["weather"]
    assert found.items[0].runs is None
    assert [one.wire for one in found.conversations] == ["anthropic"]
