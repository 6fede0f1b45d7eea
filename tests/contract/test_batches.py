"""Suites through the vendors' batch APIs, over HTTP: the same trials, in one batch a round."""

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.batch_server import BatchServer
from tests.support.projects import make_project
from tests.support.voting import open_session
from workbench.app.session import Session
from workbench.app.suites import batch_rounds
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.errors import UsageError
from workbench.core.suite.results import SuiteResults
from workbench.providers.registry import WIRES
from workbench.store.batch_journal import JOURNAL

Json = dict[str, Any]
ARGUMENTS = '{"mark": "gate",  "n": 1e2}'
CASES = [
    {"id": "touch", "request": "Mark the gate.", "expected": "touch", "arguments": {"mark": "gate"}},
    {"id": "look", "request": "What is at the gate?", "expected": "look"},
    {"id": "broken", "request": "Fail.", "expected": None},
]


def chat(body: Json) -> tuple[int, Json]:
    said = body["messages"][-1]
    if "Fail." in json.dumps(body["messages"]):
        return 400, {"error": {"message": "It fails here.", "type": "invalid_request_error"}}
    message: Json = {"role": "assistant", "content": "Done."}
    if said["role"] != "tool":
        call = {"id": "c-1", "type": "function", "function": {"name": "touch", "arguments": ARGUMENTS}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
    reason = "stop" if said["role"] == "tool" else "tool_calls"
    usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    return 200, {
        "id": "x",
        "model": "m",
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": usage,
    }


def responses(body: Json) -> tuple[int, Json]:
    last = body["input"][-1]
    if "Fail." in json.dumps(body["input"]):
        return 400, {"error": {"message": "It fails here.", "type": "invalid_request_error"}}
    text = {"type": "message", "id": "m-1", "role": "assistant", "status": "completed"}
    item: Json = {**text, "content": [{"type": "output_text", "text": "Done.", "annotations": []}]}
    if last.get("type") != "function_call_output":
        item = {"type": "function_call", "id": "f-1", "call_id": "c-1", "name": "touch", "arguments": ARGUMENTS}
    usage = {"input_tokens": 100, "output_tokens": 10, "total_tokens": 110}
    return 200, {"id": "x", "model": "m", "status": "completed", "output": [item], "usage": usage}


def messages(body: Json) -> tuple[int, Json]:
    said = json.dumps(body["messages"])
    if "Fail." in said:
        return 400, {"type": "error", "error": {"type": "invalid_request_error", "message": "It fails here."}}
    content: Json = {"type": "text", "text": "Done."}
    if "tool_result" not in said:
        content = {"type": "tool_use", "id": "c-1", "name": "touch", "input": json.loads(ARGUMENTS)}
    reason = "end_turn" if "tool_result" in said else "tool_use"
    usage = {"input_tokens": 100, "output_tokens": 10}
    return 200, {
        "id": "x",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [content],
        "stop_reason": reason,
        "usage": usage,
    }


ANSWERS = {"openai-chat": chat, "openai-responses": responses, "anthropic": messages}
every_wire = pytest.mark.parametrize("wire", [wire.id for wire in WIRES if wire.load(True).batches])


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_rounds, "POLL_S", 0.0)
    monkeypatch.setattr(batch_rounds, "QUIET_S", 0.02)


def project_for(folder: Path, wire: str, port: int) -> Path:
    make_project(folder)
    toml = (folder / "workbench.toml").read_text("utf-8")
    toml = re.sub(r"(?m)^model = .*$", 'model = "vendor"', toml)
    toml += f'\n[connections.vendor]\nwire = "{wire}"\nmodel = "m"\nbase_url = "http://127.0.0.1:{port}"\n'
    (folder / "workbench.toml").write_text(toml, "utf-8")
    (folder / "suites").mkdir()
    (folder / "suites" / "gate.jsonl").write_text("".join(f"{json.dumps(case)}\n" for case in CASES), "utf-8")
    return folder


def grades(results: SuiteResults) -> dict[str, str]:
    ids = {case.key: case.case_id for case in results.cases.values()}
    return {ids[one.case]: one.failure if one.grade is None else one.grade.kind or "right" for one in results.trials}


@every_wire
async def test_a_suite_is_asked_in_one_batch_a_round(wire: str, tmp_path: Path) -> None:
    async with BatchServer(ANSWERS[wire]) as server:
        session = open_session(project_for(tmp_path / "project", wire, server.port), tmp_path / "home")
        told: list[str] = []
        results = await session.suites.begin(SuiteOrder(suite="gate", on="batch"), told=told.append).run()
        found = grades(results)
        assert (found["touch"], found["look"]) == ("right", "wrong tool")
        assert "It fails here." in found["broken"]
        assert [len(server.batches), len(server.sent)] == [2, 5], "three requests, then two"
        ids = [one["custom_id"] for one in server.sent]
        assert len(set(ids)) == len(ids)
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", one) for one in ids)
        assert not any("stream" in one["body"] for one in server.sent)
        assert any("in_progress" in words for words in told)
        await session.close()


async def test_arguments_reach_the_log_as_they_were_written(tmp_path: Path) -> None:
    async with BatchServer(chat) as server:
        session = open_session(project_for(tmp_path / "project", "openai-chat", server.port), tmp_path / "home")
        results = await session.suites.begin(SuiteOrder(suite="gate", on="batch", only=("touch",))).run()
        (trial,) = results.trials
        assert ARGUMENTS in "".join(str(event) for event in session.runs.load(trial.run_id))
        await session.close()


async def test_a_resumed_suite_run_uses_the_answers_that_came_in_batches(tmp_path: Path) -> None:
    async with BatchServer(chat) as server:
        folder = project_for(tmp_path / "project", "openai-chat", server.port)
        session = open_session(folder, tmp_path / "home")
        results = await session.suites.begin(SuiteOrder(suite="gate", on="batch", only=("touch", "look"))).run()
        await session.close()
        run = session.suites.trials.folder / results.run.suite_run_id
        trials = run / "trials.jsonl"
        trials.write_bytes(trials.read_bytes().splitlines(keepends=True)[0])  # as if it had died before the second
        assert (run / JOURNAL).exists()
        again = open_session(folder, tmp_path / "home")
        resumed = await again.suites.resume(results.run.suite_run_id, SuiteOrder(suite="gate")).run()
        assert grades(resumed) == grades(results)
        assert len(server.sent) == 4, "nothing was asked again"
        await again.close()


async def test_what_was_asked_in_a_batch_costs_half(tmp_path: Path) -> None:
    async with BatchServer(chat) as server:
        folder = project_for(tmp_path / "project", "openai-chat", server.port)
        session = open_session(folder, tmp_path / "home")
        prices = session.folders.config / "prices.toml"
        prices.parent.mkdir(parents=True, exist_ok=True)
        prices.write_text('[[price]]\nmodel = "*"\ninput = 2.0\noutput = 4.0\n', "utf-8")
        session.prices.reload()
        results = await session.suites.begin(SuiteOrder(suite="gate", on="batch", only=("touch",))).run()
        (trial,) = results.trials
        assert trial.cost == Decimal(200 * 2 + 20 * 4) / 1_000_000 / 2
        await session.close()


async def test_a_model_without_a_batch_api_is_refused_before_anything_is_kept(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    (folder / "suites").mkdir()
    (folder / "suites" / "gate.jsonl").write_text(json.dumps(CASES[0]) + "\n", "utf-8")
    session: Session = open_session(folder, tmp_path / "home")
    with pytest.raises(UsageError, match="has no batch API"):
        session.suites.begin(SuiteOrder(suite="gate", on="batch"))
    assert session.suites.recorded() == ()
    await session.close()
