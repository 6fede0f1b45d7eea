"""Whatever JSON a vendor sends ends in a typed failure or in a response, and what was recorded can be read again."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.any_answer import BODIES, NUMBERS, STREAMS, TEXTS, as_stream, calls_in, places
from tests.contract.formats import FORMATS, Format
from tests.support.tally import size
from workbench.core.content import ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.event import (
    RequestFailed,
    ResponseDelta,
    ResponseReceived,
    RunEvent,
    ToolCallProposed,
    decode_event,
    encode_event,
)
from workbench.core.exchange import Delta, ModelRequest, ModelResponse, StreamItem
from workbench.core.ids import CallId, RunId
from workbench.core.message import ToolResult, ToolResultsMessage, UserMessage
from workbench.core.tool import Tool, Toolset
from workbench.providers.answer import AnswerReader

TOOLS = Toolset((Tool.make("get_weather"),))
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from(NUMBERS),
    st.sampled_from(TEXTS),
    st.recursive(
        st.none() | st.integers(-3, 3) | st.sampled_from(TEXTS),
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(TEXTS), inner, max_size=2),
        max_leaves=4,
    ),
)


def holder(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


@st.composite
def made_odd(draw: st.DrawFn, document: Any) -> Any:
    """`document` with some of its values replaced, removed, or given twice."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 5))):
        found = list(places(document))
        if not found:
            break
        path = draw(st.sampled_from(found))
        inside = holder(document, path)
        match draw(st.sampled_from(["replace", "replace", "remove", "twice"])):
            case "replace":
                inside[path[-1]] = draw(ODD)
            case "remove":
                del inside[path[-1]]
            case _ if isinstance(inside, list):
                inside.insert(path[-1], copy.deepcopy(inside[path[-1]]))
    return document


def judged(form: Format, body: bytes, **options: Any) -> None:
    reader = AnswerReader(form.fold(), form.decode, **options)
    items: list[StreamItem] = []
    stamp: dict[str, Any] = {"run_id": RunId("r"), "seq": 1, "at": 0.0, "span": "turn-1/round-1/request-1"}
    events: list[RunEvent] = []
    try:
        items += reader.feed(body)
        items += reader.finish()
    except ProviderFailure as failure:
        told = reader.with_partial(failure)
        events.append(
            RequestFailed(
                **stamp,
                attempt=1,
                failure=told.kind,
                message=told.message,
                code=told.code,
                partial_text=told.partial_text,
            )
        )
    for item in items:
        if isinstance(item, Delta):
            events.append(ResponseDelta(**stamp, type=item.type, index=item.index, text=item.text, tool=item.tool))
        else:
            events.append(ResponseReceived(**stamp, attempt=1, response=item, latency_ms=1.0))
            for place, call in enumerate(item.calls):
                proposed = ToolCallProposed(
                    **stamp,
                    call_id=CallId(f"r.{place}"),
                    wire_call_id=call.wire_call_id,
                    index=place,
                    tool=call.tool,
                    arguments_json=call.arguments_json,
                )
                events.append(proposed)
    for event in events:
        again = decode_event(encode_event(event))
        assert isinstance(event, RequestFailed) or again == event
    for item in items:
        if isinstance(item, ModelResponse):
            sent_on(form, item)


def sent_on(form: Format, response: ModelResponse) -> None:
    """The next request is JSON, its calls have ids of their own, arguments that are objects, and names."""
    results = tuple(
        ToolResult(CallId(f"r.{place}"), call.wire_call_id, call.tool, "", is_error=True)
        for place, call in enumerate(response.calls)
    )
    messages = (UserMessage("Hi"), response.message, *([ToolResultsMessage(results)] if results else []))
    body = json.loads(form.encode(ModelRequest("m", messages, tools=TOOLS)).body_json, parse_constant=pytest.fail)
    found = [*calls_in(body)]
    ours = [part for part in response.parts if isinstance(part, ToolCallPart)]
    assert len(found) == len(ours)
    assert len({call_id for call_id, _, _ in found}) == len(found)
    for call_id, name, arguments in found:
        assert isinstance(call_id, str)
        assert call_id.strip()
        assert isinstance(name, str)
        assert name.strip()
        assert isinstance(json.loads(arguments) if isinstance(arguments, str) else arguments, dict)


every_format = pytest.mark.parametrize("form", FORMATS.values(), ids=list(FORMATS))
many = settings(max_examples=size(60, 250, 1000), deadline=None, suppress_health_check=list(HealthCheck))


@every_format
@many
@given(st.data())
def test_any_stream_can_be_read_recorded_and_sent_on(form: Format, data: st.DataObject) -> None:
    events = data.draw(made_odd(STREAMS[form.wire_format]))
    judged(form, as_stream(events), splits_think=data.draw(st.booleans()))


@every_format
@many
@given(st.data())
def test_any_body_can_be_read_recorded_and_sent_on(form: Format, data: st.DataObject) -> None:
    judged(form, json.dumps(data.draw(made_odd(BODIES[form.wire_format]))).encode())


@every_format
@many
@given(st.lists(ODD, max_size=4))
def test_any_json_at_all_ends_in_words(form: Format, documents: list[Any]) -> None:
    judged(form, as_stream(documents))
    judged(form, json.dumps(documents).encode())


@every_format
def test_the_answers_that_are_made_odd_are_right_themselves(form: Format) -> None:
    for body in (as_stream(STREAMS[form.wire_format]), json.dumps(BODIES[form.wire_format]).encode()):
        reader = AnswerReader(form.fold(), form.decode)
        response = [*reader.feed(body), *reader.finish()][-1]
        assert isinstance(response, ModelResponse)
        assert [(call.tool, json.loads(call.arguments_json)) for call in response.calls] == [
            ("get_weather", {"city": "Oslo"})
        ]
        judged(form, body)
