"""What the workbench sends to a file of OTLP JSON lines with content is read back into equal runs."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.support.projects import make_project
from tests.support.runs import Answers, ScriptedRun
from tests.support.scripts import TEXT, call, calls, fails, raw_call, says, schema, script
from workbench.app.imports.imported_run import import_conversation
from workbench.app.imports.pasted import recognize
from workbench.app.project.folders import UserFolders
from workbench.app.runs.run_options import RunOptions
from workbench.app.session import Session
from workbench.app.telemetry.destination import RESOURCE, FileDestination
from workbench.core.approval import ASK_ALL, Decision
from workbench.core.content import ToolCallPart
from workbench.core.errors import ToolError
from workbench.core.event import RunEvent, ToolCallSettled
from workbench.core.ids import RunId
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.limit import RunLimits
from workbench.core.message import Attachment
from workbench.core.telemetry.otlp_json import traces_document
from workbench.core.telemetry.run_spans import run_spans
from workbench.core.tool import Tool
from workbench.core.trace import fold
from workbench.engine.ports import ExecutionResult
from workbench.store.redaction import Redactor

LOOK = Tool.make("look", "Look.", schema("at", at=TEXT))
ODD: JsonObject = {"nothing": None, "list": [1, 2.5, [], {}], "nested": {"a.b": True}, "text": '["no list"]'}


def _fail(_arguments: JsonObject) -> JsonValue:
    raise ToolError("the sea is closed", kind="closed", hint="Try the river.")


def _mocked(_arguments: JsonObject) -> Any:
    return ExecutionResult({"seen": "a mock"}, is_mocked=True)


def _seen(arguments: JsonObject) -> JsonValue:
    return {"seen": arguments.get("at")}


def a_run(*answers: Any, body: Callable[[JsonObject], Any] = _seen, **options: Any) -> ScriptedRun:
    return ScriptedRun(script(*answers), tools=(LOOK,), bodies={"look": body}, **options)


def asked(*decisions: Decision) -> dict[str, Any]:
    return {"approver": Answers(*decisions), "policy": ASK_ALL}


RUNS: dict[str, Callable[[], ScriptedRun]] = {
    "words": lambda: a_run(says("Hello,\n\nworld.\n")),
    "rounds and parallel calls": lambda: a_run(
        calls(call("look", at="sea"), call("look", at="sea")), calls(call("look", at="river")), says("Seen.")
    ),
    "odd arguments": lambda: a_run(calls(call("look", at="x", more=ODD)), says("Odd.")),
    "broken arguments": lambda: a_run(calls(raw_call("look", '{"at": ')), says("Sorry.")),
    "arguments that do not fit": lambda: a_run(calls(call("look", at=5)), says("Sorry.")),
    "a tool that fails": lambda: a_run(calls(call("look", at="sea")), says("Closed."), body=_fail),
    "a mock": lambda: a_run(calls(call("look", at="sea")), says("Mocked."), body=_mocked),
    "an error result": lambda: a_run(
        calls(call("look", at="sea")), says("No."), body=lambda _: ExecutionResult("no", is_error=True)
    ),
    "approved": lambda: a_run(calls(call("look", at="a")), says("Yes."), **asked(Decision("approve", by="person"))),
    "rejected": lambda: a_run(
        calls(call("look", at="a")), says("No."), **asked(Decision("reject", by="person", note="Not there."))
    ),
    "edited": lambda: a_run(
        calls(call("look", at="a")), says("Ok."), **asked(Decision("edit", by="person", arguments_json='{"at":"b"}'))
    ),
    "a second attempt": lambda: a_run(fails("overloaded", status=529), says("At last.")),
    "failed after an answer": lambda: a_run(calls(call("look", at="sea")), fails("authentication", status=401)),
    "a limit": lambda: a_run(*[calls(call("look", at="sea"))] * 3, says("Never said."), limits=RunLimits(rounds=2)),
    "nothing": lambda: a_run(says("")),
}


def line_of(events: Iterable[RunEvent], *, with_content: bool = True) -> str:
    """The run as the file has it."""
    spans = run_spans(events, lambda wire_format: f"workbench.{wire_format}", with_content=with_content)
    return json.dumps(traces_document(spans, RESOURCE, "1"))


def said(logs: Iterable[Iterable[RunEvent]]) -> list[object]:
    """What was said, called and returned."""
    return [
        (turn.started.message.text, [_round(each) for each in turn.rounds if each.response is not None])
        for log in logs
        for turn in fold(log).turns
    ]


def _round(each: Any) -> object:
    response = each.response.response
    parts = [
        (part.wire_call_id, part.tool, _value(part.arguments_json)) if isinstance(part, ToolCallPart) else part
        for part in response.parts
    ]
    results = [(call.settled.result_text, call.settled.is_error) for call in each.calls if call.settled is not None]
    return parts, response.stop_reason, response.usage, response.response_id, results


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


@pytest.fixture
async def session(tmp_path: Path) -> Any:
    opened = Session(make_project(tmp_path / "p"), folders=UserFolders(tmp_path, tmp_path, tmp_path))
    yield opened
    await opened.close()


async def imported(session: Session, text: str) -> list[list[list[RunEvent]]]:
    """The runs of each conversation in the text."""
    found = recognize(text)
    assert not found.skipped
    chains = [await import_conversation(session.runs, one) for one in found.conversations]
    return [[list(session.runs.load(run_id)) for run_id in chain] for chain in chains]


async def test_every_kind_of_run_comes_back_as_it_was_said_called_and_returned(session: Session) -> None:
    different = {}
    for name, made in RUNS.items():
        run = made()
        await run.run("Go,\nplease.")
        (chain,) = await imported(session, line_of(run.log))
        if (found := said(chain)) != (wanted := said([run.log])):
            different[name] = (found, wanted)
        assert list(fold(chain[0]).started.tools) == [LOOK.document], name  # type: ignore[union-attr]
        assert not any(e.outcome == "ok" for e in chain[0] if isinstance(e, ToolCallSettled)), "nothing ran"
    assert different == {}


async def test_equal_runs_stay_apart_and_one_that_was_sent_twice_is_one(session: Session) -> None:
    run = RUNS["rounds and parallel calls"]()
    await run.run()
    other = [msgspec.structs.replace(event, run_id=RunId("run-2")) for event in run.log]
    text = "\n".join([line_of(run.log), line_of(other), line_of(run.log)])
    first, second = await imported(session, text)
    assert said(first) == said(second) == said([run.log])


async def test_a_conversation_comes_back_as_the_chain_it_was(session: Session, tmp_path: Path) -> None:
    told = tmp_path / "told"
    own = Session(make_project(told, {"text": "One."}, {"text": "Two."}))
    try:
        first = own.runs.start("First?")
        await first.finished()
        second = own.runs.start("Second?", RunOptions(continues=first.run_id))
        await second.finished()
        target = FileDestination(tmp_path / "t.jsonl", Redactor())
        for run in (second, first):  # files are written in the order in which runs were delivered
            target.put(run_spans(run.log, str, with_content=True), ())
        (chain,) = await imported(session, (tmp_path / "t.jsonl").read_text())
        assert said(chain) == said([first.log, second.log])
    finally:
        await own.close()


async def test_pictures_that_are_not_in_a_trace_are_counted(session: Session) -> None:
    found = recognize(line_of(await _with_pictures(1)) + "\n" + line_of(await _with_pictures(2, "run-2")))
    assert found.notes == ("3 pictures and files of tools are not in the trace",)
    assert recognize(line_of(await _with_pictures(1))).notes == (
        "1 picture or file that a tool returned is not in the trace",
    )
    assert recognize(line_of(await _with_pictures(0))).notes == ()


async def _with_pictures(count: int, run_id: str = "run-1") -> list[RunEvent]:
    pictures = (*[Attachment("image/png", "AAAA")] * count, Attachment("text/plain", "AAAA", is_text=True))
    run = a_run(
        calls(call("look", at="sea")), says("Seen."), body=lambda _: ExecutionResult("a view", attachments=pictures)
    )
    await run.run()
    return [msgspec.structs.replace(event, run_id=RunId(run_id)) for event in run.log]


async def test_runs_without_content_are_named_and_left_out() -> None:
    run = RUNS["words"]()
    await run.run()
    found = recognize(line_of(run.log, with_content=False))
    assert found.conversations == ()
    assert "without content" in found.obstacle


@pytest.mark.parametrize("digits", ["9" * 5_000, "²"])
async def test_a_place_with_digits_that_are_no_number_is_read_like_any_other(digits: str) -> None:
    run = RUNS["words"]()
    await run.run()
    text = (
        line_of(run.log)
        .replace("turn-1/round-1", f"turn-1/round-{digits}")
        .replace('"intValue": "', f'"intValue": "{digits}')
    )
    assert recognize(text) is not None
