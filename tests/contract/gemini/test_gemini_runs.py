"""Gemini in whole runs: signatures between rounds and over forks, and failures as the command line tells them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.invented import answer_bytes, read_answer, results
from tests.contract.misbehaving_server import Answer, MisbehavingServer
from tests.support.projects import make_project
from tests.support.wire_answers import wire_answer
from workbench.app.models.model_spec import ModelTarget
from workbench.app.runs.request_copy import request_copy
from workbench.app.schema_editor.wire_preview import wire_preview
from workbench.cli.exit_code import ExitCode
from workbench.cli.main import main as command_line
from workbench.core.event import RequestSent
from workbench.core.ids import RunId, SpanPath, WireId
from workbench.core.message import Message, UserMessage
from workbench.core.shared_text import SharedText
from workbench.core.tool import Tool
from workbench.core.tool_choice import AUTO
from workbench.providers.registry import thinking_of
from workbench.replay.fork import kept_messages
from workbench.replay.thinking import Keeping, plan_keeping

SIGNED_CALL = {"functionCall": {"name": "look", "args": {"at": "sea"}, "id": "fc-1"}, "thoughtSignature": "Csigned=="}
JSON = (("content-type", "application/json"),)


def chunk(*parts: Any, **ending: str) -> bytes:
    candidate = {"content": {"parts": list(parts), "role": "model"}, "index": 0, **ending}
    return f"data: {json.dumps({'candidates': [candidate]})}\r\n\r\n".encode()


def run(project: Path, *answers: Answer) -> tuple[int, list[Any]]:
    """What the command line makes of these answers, and the bodies it sent."""
    waiting = list(answers)
    with MisbehavingServer(lambda _: waiting.pop(0)) as server:
        order = ["run", str(project), "Look.", "--model", "gemini:gemini-3-flash", "--base-url", server.root]
        code = command_line([*order, "--approve", "all", "--trust", "--json"], lambda folder: 0)
        bodies = [json.loads(received.body) for received in server.received]
    assert {received.path for received in server.received} == {"/models/gemini-3-flash:streamGenerateContent?alt=sse"}
    return code, bodies


@pytest.fixture
def project(tmp_path: Path, own_home: Path) -> Path:
    return make_project(tmp_path / "marks")


def says(text: str = "Done.") -> Answer:
    return Answer(body=b"".join(wire_answer("gemini", text)))


def test_a_signature_is_sent_back_with_the_next_round(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, (_, second) = run(project, Answer(body=chunk(SIGNED_CALL, finishReason="STOP")), says())
    assert code == ExitCode.ANSWERED
    assert second["contents"][1] == {"role": "model", "parts": [SIGNED_CALL]}
    (result,) = second["contents"][2]["parts"]
    assert result["functionResponse"]["id"] == "fc-1"
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["outcome"] == "answered"


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Answer(400, answer_bytes("gemini", "error_400.json"), JSON), "authentication", "API key not valid"),
        (Answer(400, answer_bytes("gemini", "error_schema.json"), JSON), "invalid_request", "Unknown name"),
        (Answer(body=answer_bytes("gemini", "blocked_prompt.sse")), "refused", "PROHIBITED_CONTENT"),
        (Answer(body=answer_bytes("gemini", "malformed_call.sse")), "malformed", "MALFORMED_FUNCTION_CALL"),
        (Answer(body=chunk({"text": "Half of "})), "cut_off", "cut off"),
    ],
)
def test_a_failure_is_told_with_its_kind(
    project: Path, capsys: pytest.CaptureFixture[str], answer: Answer, kind: str, said: str
) -> None:
    code, bodies = run(project, answer)
    assert (code, len(bodies)) == (ExitCode.PROVIDER, 1)
    (failed,) = [line for line in capsys.readouterr().out.splitlines() if '"request.failed"' in line]
    assert json.loads(failed)["failure"] == kind
    assert said in failed


def test_a_truncated_answer_runs_no_call(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, bodies = run(project, Answer(body=chunk(SIGNED_CALL, finishReason="MAX_TOKENS")))
    assert (code, len(bodies)) == (ExitCode.PROVIDER, 1)
    assert "tool.started" not in capsys.readouterr().out


def messages() -> tuple[Message, ...]:
    _, response = read_answer("gemini", "thoughts_and_parallel_calls.sse")
    answered = results(("fc-a", "get_weather", "rain", False), ("fc-b", "get_time", "noon", False))
    return (UserMessage("Hi."), response.message, answered)


def plan(to_model: str, wire_format: str = "gemini", **options: Any) -> Keeping:
    return plan_keeping(
        messages(), from_model="gemini-3-flash", to_model=to_model, to=thinking_of(wire_format), **options
    )


def test_signatures_are_kept_over_changed_instructions_and_tools() -> None:
    keeping = plan("gemini-3-flash", prefix_changes=["the instructions", "the tools"])
    assert (keeping.mode, keeping.losses) == ("exact", ())
    assert kept_messages(messages(), keeping) == messages()


def test_another_model_gets_the_conversation_without_them() -> None:
    keeping = plan("gemini-3-pro")
    assert keeping.mode == "strip"
    assert [str(loss) for loss in keeping.losses] == ["message 2: its thinking is taken out"]
    kept = kept_messages(messages(), keeping)[1].wire_copy  # type: ignore[union-attr]
    assert kept is not None
    assert "thought" not in kept.json


def test_another_vendor_is_told_what_it_cannot_read() -> None:
    keeping = plan("claude-opus-5-5", "anthropic_messages")
    assert [str(loss) for loss in keeping.losses] == ["message 2: thinking sealed by gemini cannot be carried over"]


def test_a_request_is_copied_with_the_header_that_carries_the_key() -> None:
    sent = RequestSent(
        run_id=RunId("r"), seq=1, at=0.0, span=SpanPath("turn-1"), attempt=1, wire_format="gemini",
        body=SharedText("{}"), path="/models/m:streamGenerateContent?alt=sse",
        tool_choice=AUTO, offered=(), parallel_calls=True,
    )  # fmt: skip
    copied = request_copy(sent, ModelTarget("gemini:m", WireId("gemini"), "m", key_name="GEMINI_API_KEY"), "curl")
    assert "generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse" in copied
    assert '"x-goog-api-key: $GEMINI_API_KEY"' in copied


def test_the_preview_names_the_key_of_the_schema_and_rewrites_it_for_the_older_one() -> None:
    schema = {"type": "object", "properties": {"n": {"type": ["integer", "null"]}}}
    tool = Tool({"name": "look", "inputSchema": schema})
    plain, rewritten = wire_preview(tool, "gemini"), wire_preview(tool, "gemini", strict=True)
    assert plain.document == {"name": "look", "parametersJsonSchema": schema}
    assert ("renamed", "/parametersJsonSchema") in [(change.kind, change.path) for change in plain.changes]
    assert rewritten.document["parameters"]["properties"]["n"] == {"type": "integer", "nullable": True}  # type: ignore[index,call-overload]
    assert any(change.kind == "note" and "nullable" in change.words for change in rewritten.changes)
