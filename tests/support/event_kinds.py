"""One event of each kind, as a run could have recorded them; each says as much as it can."""

from typing import Any

from workbench.core.content import TextPart, ToolCallPart
from workbench.core.event import (
    BY_TOOL,
    ApprovalAsked,
    ApprovalGiven,
    LimitReached,
    NoteAdded,
    RequestFailed,
    RequestSent,
    ResponseDelta,
    ResponseReceived,
    RoundStarted,
    RunEvent,
    RunFinished,
    RunStarted,
    ServerAnswered,
    ServerAsked,
    ToolCallChecked,
    ToolCallProposed,
    ToolCallSettled,
    ToolsRouted,
    ToolStarted,
    TurnStarted,
)
from workbench.core.exchange import ModelResponse, Usage
from workbench.core.ids import ROOT_SPAN, CallId, RunId, SpanPath
from workbench.core.limit import RunLimits
from workbench.core.message import UserMessage
from workbench.core.problem import Problem
from workbench.core.routing.routed import Candidate, Routed
from workbench.core.run_total import BY_FORK
from workbench.core.server_question import FormAsked
from workbench.core.shared_text import SharedText
from workbench.core.tool_choice import AUTO, ToolChoicePlan

CALL, OTHER = CallId("r.1.1.1"), CallId("r.1.1.2")


def one_of_each() -> list[RunEvent]:
    """A log with every kind of event, each saying as much as it can."""
    log: list[RunEvent] = []

    def add(kind: Any, span: str = "turn-1/round-1/call-1", **fields: object) -> None:
        seq = len(log) + 1
        log.append(kind(run_id=RunId("r"), seq=seq, at=1_000.0 + seq, span=SpanPath(span), **fields))

    add(
        RunStarted,
        ROOT_SPAN,
        provider="scripted",
        model="script",
        instructions="Be brief.",
        tools=[],
        tool_choice=ToolChoicePlan(),
        parallel_calls=True,
        limits=RunLimits(),
        approval="ask *",
        history=(UserMessage("Good morning."),),
    )
    add(NoteAdded, ROOT_SPAN, text="from here on its own", by=BY_FORK)
    add(TurnStarted, "turn-1", turn=1, message=UserMessage("Look."))
    add(RoundStarted, "turn-1/round-1", turn=1, round=1)
    for attempt in (1, 2):
        add(
            RequestSent,
            f"turn-1/round-1/request-{attempt}",
            attempt=attempt,
            wire_format="w",
            path="/p",
            tool_choice=AUTO,
            offered=("look",),
            parallel_calls=True,
            body=SharedText("{}"),
            emulation="The choice is emulated.",
        )
        if attempt == 1:
            add(
                RequestFailed,
                "turn-1/round-1/request-1",
                attempt=1,
                failure="rate_limit",
                message="Too fast.",
                retry_in_s=1.0,
            )
    add(ResponseDelta, "turn-1/round-1/request-2", type="text", index=0, text="Loo")
    parts = (TextPart("Looking."), ToolCallPart("w1", "look", '{"at":1}'))
    response = ModelResponse(parts, "tool_calls", usage=Usage(3, 4))
    add(ResponseReceived, "turn-1/round-1/request-2", attempt=2, response=response, latency_ms=5.0)
    add(ToolCallProposed, call_id=CALL, wire_call_id="w1", index=0, tool="look", arguments_json='{"at":1}')
    add(ToolCallChecked, call_id=CALL, is_known=True, problems=(Problem("/at", "type", "is no text"),))
    add(ApprovalAsked, call_id=CALL, rule="ask *", wants="decision", shown_hash="h")
    add(
        ApprovalGiven,
        call_id=CALL,
        decision="edit",
        by="person",
        note="better",
        arguments_json='{"at":2}',
        model_sees="edited",
    )
    add(ToolStarted, call_id=CALL, executor="python", arguments_json='{"at":2}')
    add(NoteAdded, text="half done", by=BY_TOOL, call_id=CALL)
    add(ToolCallSettled, call_id=CALL, outcome="ok", result_text='"seen"', is_error=False)
    add(ToolCallProposed, call_id=OTHER, wire_call_id="w2", index=1, tool="look", arguments_json='{"at":3}')
    add(ApprovalAsked, call_id=OTHER, rule="ask *", wants="decision", shown_hash="h")
    add(ApprovalGiven, call_id=OTHER, decision="reject", by="person")
    add(LimitReached, ROOT_SPAN, limit="rounds", value=1.0)
    add(RunFinished, ROOT_SPAN, outcome="limit", ended_by="limit", text="", message="One round only.")
    routed = Routed(
        selector="words",
        request="Look.",
        offered=("look",),
        candidates=(Candidate("look", 0.9, "offered", "shares look"), Candidate("hear", 0.1, "not offered")),
        tokens=(80, 40),
    )
    add(ToolsRouted, "turn-1/round-1/routing", turn=1, round=1, routed=routed)
    asked = FormAsked("How far?", {"type": "object", "properties": {"km": {"type": "integer"}}, "required": []})
    add(ServerAsked, call_id=CALL, question_id="question-1", server="maps", asked=asked, shown_hash="h")
    add(ServerAnswered, call_id=CALL, question_id="question-1", action="accept", by="person", content={"km": 3})
    return log
