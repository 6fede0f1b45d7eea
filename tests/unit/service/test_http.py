"""The project over HTTP: calls pass the gate, decisions bind to what was shown, events can be resumed."""

import asyncio
import hashlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("fastapi")

from tests.support.event_kinds import one_of_each
from tests.support.projects import TOML
from tests.support.served import ANSWER, Served
from workbench.app.service.service_settings import ServiceSettings
from workbench.app.suites.suite_order import SuiteOrder
from workbench.core.approval import Decision
from workbench.core.event import RunFinished, RunStarted
from workbench.core.log import EventLog

pytestmark = pytest.mark.child_process  # calls run in a child


async def pending(served: Served) -> Any:
    """The one question, once it is there."""
    await served.asked()
    return (await served.http.get("/v1/approvals")).json()["approvals"][0]


async def test_a_call_that_the_rules_allow_runs_and_is_a_run_of_the_history(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        found = await served.call("look", at="the sea")
        assert (found["outcome"], json.loads(found["text"])) == ("ok", {"seen": "the sea"})
        (row,) = (await served.http.get("/v1/runs")).json()["runs"]
        assert row["run_id"] == found["run_id"]
        events = (await served.http.get(f"/v1/runs/{found['run_id']}")).json()["events"]
        assert events[-1]["kind"] == "run.finished"
        audit = (tmp_path / "p" / ".workbench" / "service.jsonl").read_text()
        assert json.loads(audit)["client"] == "tester"


async def test_a_call_that_asks_waits_for_a_decision_about_exactly_what_is_shown(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        answer = asyncio.ensure_future(served.call("touch", mark="x"))
        question = await pending(served)
        path = f"/v1/approvals/{question['call_id']}"
        other = await served.post(path, {"decision": "approve", "shown_hash": "0" * 64})
        assert other.status_code == 409
        assert not answer.done()
        decided = await served.post(path, {"decision": "approve", "shown_hash": question["shown_hash"]})
        assert decided.status_code == 200
        assert (await answer)["outcome"] == "ok"
        again = await served.post(path, {"decision": "approve", "shown_hash": question["shown_hash"]})
        assert again.status_code == 409


async def test_a_rejection_and_an_edit_count_as_in_the_window(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        for body, outcome in (
            ({"decision": "reject", "note": "no"}, "rejected"),
            ({"decision": "edit", "arguments": {"mark": "other"}}, "ok"),
        ):
            answer = asyncio.ensure_future(served.call("touch", mark="x"))
            question = await pending(served)
            body["shown_hash"] = question["shown_hash"]
            assert (await served.post(f"/v1/approvals/{question['call_id']}", body)).status_code == 200
            assert (await answer)["outcome"] == outcome
        assert (tmp_path / "p" / "marks.txt").read_text() == "other\n"


async def test_where_nobody_can_decide_a_call_that_asks_is_rejected_at_once(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", has_person=False) as served:
        found = await served.call("touch", mark="x")
        assert found["outcome"] == "rejected"
        assert "nobody is there" in found["text"]
    assert not (tmp_path / "p" / "marks.txt").exists()


async def test_a_client_that_goes_away_takes_its_waiting_call_with_it(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        answer = asyncio.ensure_future(served.call("touch", mark="x"))
        await pending(served)
        answer.cancel()
        await served.idle()
    assert not (tmp_path / "p" / "marks.txt").exists()


async def test_a_permission_given_in_a_conversation_is_no_permission_of_a_client(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", {"calls": [{"tool": "touch", "arguments": {"mark": "a"}}]}, ANSWER) as served:
        run = served.session.runs.start("Go.")
        waiting = await served.asked()
        assert (await served.http.get("/v1/approvals")).json() == {"approvals": []}, "the window's own business"
        refused = await served.post(
            f"/v1/approvals/{waiting[0].call_id}", {"decision": "approve", "shown_hash": waiting[0].shown_hash}
        )
        assert refused.status_code == 409
        run.stop()
        await run.finished()


async def test_events_of_a_conversation_stream_to_their_end_and_go_on_from_any_of_them(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", ANSWER, {"text": "Again."}) as served:
        begun = (await served.post("/v1/conversations", {"text": "Hi."})).json()
        lines = (await served.http.get(begun["events"])).text.splitlines()
        numbers = [int(line[4:]) for line in lines if line.startswith("id: ")]
        assert numbers == list(range(1, len(numbers) + 1))
        assert "event: run.finished" in lines
        rest = (await served.http.get(begun["events"], headers={"last-event-id": str(numbers[-2])})).text
        assert [line for line in rest.splitlines() if line.startswith("id: ")] == [f"id: {numbers[-1]}"]
        more = await served.post(f"/v1/conversations/{begun['run_id']}/messages", {"text": "And?"})
        events = (await served.http.get(f"/v1/runs/{more.json()['run_id']}/events")).text
        assert "Again." in events
        started = next(iter(served.session.runs.load(more.json()["run_id"])))
        assert isinstance(started, RunStarted)
        assert started.parent_run == begun["run_id"]


async def test_many_streams_at_once_get_every_event(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", *[ANSWER] * 40) as served:

        async def talk() -> bool:
            begun = (await served.post("/v1/conversations", {"text": "Hi."})).json()
            lines = (await served.http.get(begun["events"])).text.splitlines()
            numbers = [int(line[4:]) for line in lines if line.startswith("id: ")]
            return numbers == list(range(1, len(numbers) + 1)) and "event: run.finished" in lines

        assert all(await asyncio.gather(*(talk() for _ in range(40))))


async def test_only_what_was_tested_is_offered_where_that_is_wanted(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", settings=ServiceSettings(only_tested=True)) as served:
        tools = (await served.http.get("/v1/tools")).json()["tools"]
        assert {tool["withheld"] for tool in tools} == {"it was never tested"}
        refused = await served.post("/v1/tools/look/call", {"arguments": {}})
        assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")


async def test_a_service_that_only_reads_offers_neither_changes_nor_conversations(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", settings=ServiceSettings(read_only=True)) as served:
        assert (await served.post("/v1/tools/touch/call", {"arguments": {"mark": "x"}})).status_code == 403
        assert (await served.post("/v1/conversations", {"text": "Hi."})).status_code == 403


async def test_a_tool_is_added_only_where_the_service_allows_it(tmp_path: Path) -> None:
    tool = {"name": "extra", "description": "More.", "inputSchema": {"type": "object"}}
    async with Served(tmp_path / "p") as served:
        assert (await served.post("/v1/tools", tool)).status_code == 403
    async with Served(tmp_path / "q", settings=ServiceSettings(may_register=True)) as served:
        added = await served.post("/v1/tools", tool)
        assert (added.status_code, added.json()) == (201, {"status": "added", "name": "extra"})
        names = [each["name"] for each in (await served.http.get("/v1/tools")).json()["tools"]]
        assert names == ["extra", "look", "touch"]
        for name in ("../escaped", "a/b", "", 5):
            assert (await served.post("/v1/tools", {**tool, "name": name})).status_code == 422
        assert len((await served.http.get("/v1/tools")).json()["tools"]) == 3
        again = await served.post("/v1/tools", tool)
        other = await served.post("/v1/tools", {**tool, "description": "Other."})
        assert again.json() == {"status": "there already"}
        assert other.json() == {"status": "added", "name": "extra_2"}
        audit = (tmp_path / "q" / ".workbench" / "service.jsonl").read_text().splitlines()
        assert [json.loads(line)["tool"] for line in audit] == ["extra", "extra_2"]
    assert not (tmp_path / "q" / "escaped.json").exists()


async def test_arguments_are_checked_and_what_would_happen_is_told_without_running_anything(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        bad = (await served.post("/v1/tools/touch/validate", {"arguments": {}})).json()
        assert not bad["valid"]
        assert "mark" in bad["problems"][0]["message"]
        found = (await served.post("/v1/tools/touch/preview", {"arguments": {"mark": "x"}})).json()
        assert found["policy_outcome"]["action"] == "ask"
        assert (await served.http.get("/v1/runs")).json()["runs"] == []


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'{"arguments": 5}', b'{"arguments": {}, "more": 1}', b"\xff"])
async def test_a_body_that_is_no_call_is_told_with_its_place_and_calls_nothing(tmp_path: Path, body: bytes) -> None:
    async with Served(tmp_path / "p") as served:
        headers = {"content-type": "application/json"}
        found = await served.http.post("/v1/tools/look/call", content=body, headers=headers)
        assert (found.status_code, found.headers["content-type"]) == (422, "application/problem+json")
        assert found.json()["detail"].startswith("body")
        assert (await served.http.get("/v1/runs")).json()["runs"] == []
        call = (await served.http.get("/openapi.json")).json()["paths"]["/v1/tools/{name}/call"]["post"]
        assert "arguments" in call["requestBody"]["content"]["application/json"]["schema"]["properties"]
        assert [each["name"] for each in call["parameters"]] == ["name"]


async def test_a_method_that_an_address_does_not_have_is_answered_with_those_it_has(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        found = await served.http.delete("/v1/runs")
        assert (found.status_code, found.headers["allow"]) == (405, "GET")


async def test_a_tool_can_be_had_in_every_export_format(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        for name in ("anthropic", "mcp", "json-schema"):
            assert "touch" in (await served.http.get("/v1/tools/touch", params={"format": name})).text
        assert (await served.http.get("/v1/tools/touch", params={"format": "nope"})).status_code == 422


async def test_a_tool_comes_with_the_evidence_of_what_its_text_was_tested_with(tmp_path: Path) -> None:
    calls = {"calls": [{"tool": "look", "arguments": {}}]}
    async with Served(tmp_path / "p", calls, {"text": "A gate."}) as served:
        assert (await served.http.get("/v1/tools/look")).json()["evidence"] is None
        suites = tmp_path / "p" / "suites"
        suites.mkdir()
        case = {"id": "look", "request": "What is at the gate?", "expected": "look"}
        (suites / "gate.jsonl").write_text(json.dumps(case))
        await served.session.suites.begin(SuiteOrder(suite="gate")).run()
        found = (await served.http.get("/v1/tools/look", params={"format": "anthropic"})).json()
        (subject,) = found["evidence"]["subject"]
        assert subject["digest"]["sha256"] == hashlib.sha256(found["text"].encode()).hexdigest()
        assert found["evidence"]["predicate"]["passedTests"]


async def test_a_token_can_do_no_more_than_its_scopes(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", scopes=("read",)) as served:
        assert (await served.http.get("/v1/tools")).status_code == 200
        assert (await served.post("/v1/tools/look/call", {"arguments": {}})).status_code == 403
        decided = await served.post("/v1/approvals/x", {"decision": "approve", "shown_hash": "x"})
        assert decided.status_code == 403
        assert served.tokens.revoke("tester")
        assert (await served.http.get("/v1/tools")).status_code == 401


async def test_stopping_the_service_settles_and_answers_what_clients_began(tmp_path: Path) -> None:
    async with Served(tmp_path / "p", toml=TOML) as served:
        answer = asyncio.ensure_future(served.call("touch", mark="x"))
        await pending(served)
        await served.service.stop()
        found = await answer
        assert found["outcome"] == "cancelled"
        assert not served.tools.under_way
        assert served.service.url == ""
        recorded = served.session.store.events(found["run_id"])
        assert isinstance(recorded[-1], RunFinished), "nobody is asked again at the next start"
    assert not (tmp_path / "p" / "marks.txt").exists()


async def test_a_stream_ends_when_its_token_is_revoked(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        answer = asyncio.ensure_future(served.call("touch", mark="x"))
        question = await pending(served)
        run_id = question["call_id"].rsplit(".", 3)[0]
        async with served.http.stream("GET", f"/v1/runs/{run_id}/events") as stream:
            lines = stream.aiter_lines()
            while "approval.asked" not in await anext(lines):
                continue
            served.tokens.revoke("tester")
            decision = Decision("approve", by="person")
            assert served.session.desk.answer(question["call_id"], question["shown_hash"], decision)
            rest = [line async for line in lines]
        assert not any("tool_call.settled" in line for line in rest)
        await answer


async def test_a_service_whose_disk_fails_is_not_ready(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        assert (await served.http.get("/ready")).json() == {"status": "ready"}
        (tmp_path / "p" / ".workbench" / "service.jsonl").mkdir()
        await served.call("look")
        found = await served.http.get("/ready")
        assert (found.status_code, found.json()["title"]) == (503, "Service Unavailable")
        assert found.json()["detail"] == "what is done here cannot be recorded", "anybody may ask"
        audit = tmp_path / "p" / ".workbench" / "service.jsonl"
        audit.rmdir()
        assert (await served.http.get("/ready")).status_code == 200, "nobody has to call for it"
        assert [json.loads(line)["act"] for line in audit.read_text().splitlines()] == ["call"], "no line is lost"
        served.session.store._writer.failure = "the disk was full"
        assert (await served.http.get("/ready")).status_code == 200


async def test_a_message_is_answered_when_what_begins_its_run_is_on_disk(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        log, under_way = EventLog(), asyncio.Event()
        run = SimpleNamespace(log=log, is_running=True, task=asyncio.ensure_future(under_way.wait()))
        begun = asyncio.ensure_future(served.tools.begun(run))  # type: ignore[arg-type]
        for _ in range(20):
            await asyncio.sleep(0)
        assert not begun.done()
        log.append(one_of_each()[0])
        await begun
        under_way.set()
        await run.task


async def test_a_client_stops_only_what_it_began(tmp_path: Path) -> None:
    async with Served(tmp_path / "p") as served:
        answer = asyncio.ensure_future(served.call("touch", mark="x"))
        run_id = (await pending(served))["call_id"].rsplit(".", 3)[0]
        token, _ = served.tokens.create("other", ("call",))
        other = await served.post(f"/v1/runs/{run_id}/stop", headers=served.auth(token))
        assert other.status_code == 404
        assert (await served.post(f"/v1/runs/{run_id}/stop")).status_code == 200
        await answer
