"""The spans of a run: one for the run, one for each request to the model, one for each call."""

from collections.abc import Callable, Iterable

from workbench.core.conversation import ConversationFold
from workbench.core.event import RequestSent, RunEvent, RunStarted
from workbench.core.ids import ROOT_SPAN, SpanPath, WireFormat
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import Message
from workbench.core.model_parameters import OUTPUT_LIMIT
from workbench.core.telemetry import conventions as names
from workbench.core.telemetry.content import definition, message_parts, text_part, value_of
from workbench.core.telemetry.span import Span, nanoseconds, span_id_of, trace_id_of
from workbench.core.trace import CallSpan, RequestSpan, Trace

ProviderName = Callable[[WireFormat], str]
"""The conventions' name for the vendor of a wire."""

_FAILED = frozenset({"error", "invalid", "unknown"})


def run_spans(events: Iterable[RunEvent], provider_name: ProviderName, *, with_content: bool = False) -> list[Span]:
    """The spans of a run as far as its log goes; the run itself comes first. Without `with_content`, nothing that was
    said, given or returned is in them. A log without a beginning has none."""
    trace, fold = Trace(), ConversationFold()
    asked: dict[SpanPath, tuple[Message, ...]] = {}
    for event in events:
        trace.apply(event)
        if with_content:
            if isinstance(event, RequestSent):
                asked[event.span] = fold.messages
            fold.apply(event)
    if trace.started is None:
        return []
    maker = _Spans(trace, trace.started, provider_name, asked, with_content=with_content)
    return [
        maker.run(),
        *(maker.request(request) for request in trace.requests()),
        *(maker.call(call) for call in trace.calls()),
    ]


class _Spans:
    def __init__(
        self,
        trace: Trace,
        started: RunStarted,
        provider_name: ProviderName,
        asked: dict[SpanPath, tuple[Message, ...]],
        *,
        with_content: bool,
    ) -> None:
        self._trace = trace
        self._started = started
        self._provider_name = provider_name
        self._asked = asked
        self._with_content = with_content
        self._shared: JsonObject = {
            names.AGENT_NAME: started.project or "workbench",
            names.CONVERSATION_ID: started.conversation or started.run_id,
            names.RUN_ID: started.run_id,
        }

    def run(self) -> Span:
        """The run, as the agent's span."""
        started, finished = self._started, self._trace.finished
        found: JsonObject = {
            names.OPERATION: names.INVOKE_AGENT,
            **self._shared,
            names.REQUEST_MODEL: started.model,
            names.RUN_WAITING: round(self._trace.waiting_s, 6),
        }
        first = next(self._trace.requests(), None)
        if first is not None:
            found[names.PROVIDER] = self._provider_name(first.sent.wire_format)
        failure = ""
        if finished is not None:
            found |= {names.RUN_OUTCOME: finished.outcome, names.RUN_ENDED_BY: finished.ended_by}
            if finished.outcome == "failed":
                failure = finished.message or finished.ended_by
                found[names.ERROR_TYPE] = finished.ended_by
        optional: JsonObject = {
            names.RUN_VARIANT: started.variant or None,
            names.RUN_PARENT: started.parent_run or None,
            names.RUN_FORK: started.fork_seq,
        }
        found |= {name: value for name, value in optional.items() if value is not None}
        if self._with_content:
            found |= {
                names.INPUT_MESSAGES: message_parts(turn.started.message for turn in self._trace.turns),
                names.OUTPUT_MESSAGES: [{"role": "assistant", "parts": [text_part(self._trace.answer)]}],
            }
        parent = started.parent_run
        links = () if parent is None else ((trace_id_of(parent), span_id_of(parent, ROOT_SPAN)),)
        agent = str(self._shared[names.AGENT_NAME])
        return self._span(ROOT_SPAN, f"{names.INVOKE_AGENT} {agent}", started.at, None, found, failure, links=links)

    def request(self, request: RequestSpan) -> Span:
        """One attempt to get an answer."""
        sent, started = request.sent, self._started
        found: JsonObject = {
            names.OPERATION: names.CHAT,
            names.PROVIDER: self._provider_name(sent.wire_format),
            **self._shared,
            names.REQUEST_MODEL: started.model,
            names.REQUEST_STREAM: True,
            names.WIRE: sent.wire_format,
            names.OFFERED: list(sent.offered),
        }
        parameters = {OUTPUT_LIMIT: started.max_output_tokens, **started.parameters}
        for own, name in names.REQUEST_PARAMETERS.items():
            if (value := parameters.get(own)) is not None:
                found[name] = value
        if sent.attempt > 1:
            found[names.ATTEMPT] = sent.attempt
        failure = ""
        if request.received is not None:
            found |= _answer(request)
        elif request.failed is not None:
            failure = request.failed.message
            found[names.ERROR_TYPE] = str(request.failed.status or request.failed.failure)
        if self._with_content:
            found |= self._said(request)
        return self._span(
            request.span, f"{names.CHAT} {started.model}", sent.at, request.ended_at, found, failure, is_client=True
        )

    def call(self, call: CallSpan) -> Span:
        """One call, from the moment it ran, or was proposed where it never did."""
        found: JsonObject = {
            names.OPERATION: names.EXECUTE_TOOL,
            **self._shared,
            names.TOOL_NAME: call.tool,
            names.TOOL_CALL_ID: call.proposed.wire_call_id,
            names.TOOL_TYPE: "function",
        }
        if call.started is not None:
            kind, _, rest = call.started.executor.partition(" ")
            found[names.CALL_EXECUTOR] = kind
            if kind == "mcp":
                found |= {names.MCP_METHOD: "tools/call", names.CALL_SERVER: rest.partition(":")[0]}
        if call.given is not None:
            found |= {names.APPROVAL: call.given.decision, names.APPROVED_BY: call.given.by}
            found |= {names.APPROVAL_RULE: call.given.rule} if call.given.rule else {}
        if call.asked is not None:
            found[names.APPROVAL_WAIT] = round(call.waited_s, 6)
        failure = ""
        if call.settled is not None:
            found[names.CALL_OUTCOME] = call.settled.outcome
            if call.settled.is_error:
                found[names.CALL_IS_ERROR] = True
            if left := sum(not each.is_text for each in call.settled.attachments):
                found[names.CALL_ATTACHMENTS] = left
            if call.settled.outcome in _FAILED:
                failure = call.settled.error_kind or call.settled.outcome
                found[names.ERROR_TYPE] = failure
        if self._with_content:
            found[names.TOOL_ARGUMENTS] = value_of(call.arguments_json)
            if call.settled is not None:
                found[names.TOOL_RESULT] = call.settled.result_text
        since = call.started.at if call.started is not None else call.proposed.at
        return self._span(call.span, f"{names.EXECUTE_TOOL} {call.tool}", since, call.ended_at, found, failure)

    def _said(self, request: RequestSpan) -> JsonObject:
        tools: list[JsonValue] = [
            definition(tool) for tool in self._started.tools if tool.get("name") in request.sent.offered
        ]
        found: JsonObject = {
            names.INPUT_MESSAGES: message_parts(self._asked.get(request.span, ())),
            names.TOOL_DEFINITIONS: tools,
        }
        if self._started.instructions:
            found[names.INSTRUCTIONS] = [text_part(self._started.instructions)]
        if request.received is not None:
            found[names.OUTPUT_MESSAGES] = message_parts([request.received.response.message])
        return found

    def _span(
        self,
        path: SpanPath,
        name: str,
        start: float,
        end: float | None,
        attributes: JsonObject,
        failure: str,
        *,
        is_client: bool = False,
        links: tuple[tuple[str, str], ...] = (),
    ) -> Span:
        run_id = self._started.run_id
        return Span(
            trace_id=trace_id_of(run_id),
            span_id=span_id_of(run_id, path),
            parent_id="" if path == ROOT_SPAN else span_id_of(run_id, ROOT_SPAN),
            name=name,
            kind="client" if is_client else "internal",
            start_ns=nanoseconds(start),
            end_ns=nanoseconds(self._trace.last_at if end is None else end),
            attributes={**attributes, names.PLACE: path},
            failure=failure,
            links=links,
        )


def _answer(request: RequestSpan) -> JsonObject:
    received = request.received
    if received is None:
        return {}
    response = received.response
    found: JsonObject = {
        names.FINISH_REASONS: [names.FINISH.get(response.stop_reason, response.raw_stop_reason or "unknown")]
    }
    texts = {names.RESPONSE_ID: response.response_id, names.RESPONSE_MODEL: response.model}
    found |= {name: value for name, value in texts.items() if value}
    if received.first_delta_ms is not None:
        found[names.FIRST_CHUNK] = round(received.first_delta_ms / 1000, 6)
    if (usage := response.usage) is not None:
        found |= {names.INPUT_TOKENS: usage.input_tokens, names.OUTPUT_TOKENS: usage.output_tokens}
        found |= {name: count for own, name in names.USAGE.items() if (count := getattr(usage, own))}
    return found
