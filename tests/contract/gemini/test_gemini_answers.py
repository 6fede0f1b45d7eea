"""Gemini: how answers are read, and that thought signatures survive the way back."""

import json
from typing import Any

import pytest

from tests.contract.formats import FORMATS, read_pieces
from tests.contract.invented import answer_bytes, read_answer, request, results, sent
from tests.contract.test_answer_faults import failure_of
from workbench.core.content import OpaquePart, ReasoningPart, TextPart, ToolCallPart
from workbench.core.errors import ProviderFailure
from workbench.core.exchange import Delta, ModelRequest, ModelResponse, Usage
from workbench.core.json_text import JsonValue
from workbench.core.message import AssistantMessage, UserMessage, WireCopy
from workbench.core.tool_choice import ToolChoice
from workbench.providers.gemini.encode import FOREIGN_SIGNATURE
from workbench.providers.gemini.failures import kind_of
from workbench.providers.gemini.models import checks_signatures, model_path
from workbench.providers.gemini.schema import plain_schema
from workbench.providers.gemini.wire import GEMINI
from workbench.providers.wire_failure import error_detail

FORM = FORMATS["gemini"]
MODEL = "gemini-3-flash"


def body(*parts: dict[str, Any], finish: str | None = "STOP", **more: Any) -> bytes:
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    if finish is not None:
        candidate["finishReason"] = finish
    return json.dumps({"candidates": [candidate], **more}).encode()


def call(name: str = "f", arguments: Any = None, **more: Any) -> dict[str, Any]:
    return {"functionCall": {"name": name, "args": {} if arguments is None else arguments, **more}}


def copy_of(response: ModelResponse) -> Any:
    assert response.wire_copy is not None
    return json.loads(response.wire_copy.json)


def sent_on(response: ModelResponse, model: str = MODEL) -> Any:
    """The parts of the answer as the next request has them."""
    asked = request(model, messages=(UserMessage("Hi."), response.message))
    return sent("gemini", asked)["contents"][1]["parts"]


def test_text_comes_in_deltas_and_then_whole() -> None:
    deltas, response = read_answer("gemini", "text.sse")
    assert deltas == [Delta("text", 0, "Grüße "), Delta("text", 0, "aus Bern 🏔")]
    assert response.parts == (TextPart("Grüße aus Bern 🏔"),)
    assert (response.stop_reason, response.raw_stop_reason) == ("answered", "STOP")
    assert (response.model, response.response_id) == ("gemini-3-flash", "rsp-1")


def test_thoughts_are_counted_into_the_output_and_later_counts_replace_earlier_ones() -> None:
    _, response = read_answer("gemini", "text.sse")
    assert response.usage == Usage(40, 9, cached_tokens=32, reasoning_tokens=4)


def test_what_tools_of_its_own_read_is_counted_into_the_input() -> None:
    response = FORM.decode(body({"text": "x"}, usageMetadata={"promptTokenCount": 4, "toolUsePromptTokenCount": "6"}))
    assert response.usage == Usage(10, 0)


def test_thoughts_and_parallel_calls_come_in_the_models_order() -> None:
    deltas, response = read_answer("gemini", "thoughts_and_parallel_calls.sse")
    assert response.parts == (
        ReasoningPart("**Two things.** Look twice."),
        TextPart("Let me look."),
        ToolCallPart("fc-a", "get_weather", '{"city": "Bern","days": 1.0}'),
        ToolCallPart("fc-b", "get_time", "{}"),
    )
    assert response.stop_reason == "tool_calls"
    assert [(delta.type, delta.index) for delta in deltas] == [
        ("reasoning", 0),
        ("reasoning", 0),
        ("text", 1),
        ("call", 2),
        ("arguments", 2),
        ("call", 3),
        ("arguments", 3),
    ]


def test_signatures_go_back_where_they_came_and_joined_texts_are_one_part() -> None:
    _, response = read_answer("gemini", "thoughts_and_parallel_calls.sse")
    assert (
        copy_of(response)
        == sent_on(response)
        == [
            {"text": "**Two things.** Look twice.", "thought": True},
            {"text": "Let me look."},
            {
                "functionCall": {"name": "get_weather", "args": {"city": "Bern", "days": 1.0}, "id": "fc-a"},
                "thoughtSignature": "CsignedByModel==",
            },
            {"functionCall": {"name": "get_time", "args": {}, "id": "fc-b"}},
        ]
    )


def test_a_signature_that_comes_alone_at_the_end_stays_a_part_of_its_own() -> None:
    _, response = read_answer("gemini", "text.sse")
    assert sent_on(response) == [
        {"text": "Grüße aus Bern 🏔"},
        {"text": "", "thoughtSignature": "EjQKMgEMsigned+/=="},
    ]


def test_results_go_back_under_the_ids_and_names_of_their_calls() -> None:
    _, response = read_answer("gemini", "thoughts_and_parallel_calls.sse")
    answered = results(("fc-a", "get_weather", "rain", False), ("fc-b", "get_time", "No clock.", True))
    asked = request(MODEL, messages=(UserMessage("Hi."), response.message, answered))
    assert sent("gemini", asked)["contents"][2] == {
        "role": "user",
        "parts": [
            {"functionResponse": {"id": "fc-a", "name": "get_weather", "response": {"output": "rain"}}},
            {"functionResponse": {"id": "fc-b", "name": "get_time", "response": {"error": "No clock."}}},
        ],
    }


def test_calls_without_ids_get_some_and_their_copy_has_them_too() -> None:
    _, response = read_answer("gemini", "calls_without_ids.sse")
    assert [found.wire_call_id for found in response.calls] == ["call_1", "call_2"]
    assert [part["functionCall"]["id"] for part in copy_of(response)] == ["call_1", "call_2"]


@pytest.mark.parametrize(
    ("model", "is_signed"),
    [("gemini-3-flash", True), ("gemini-flash-latest", True), ("gemini-2.5-flash", False), ("gemma-3-27b-it", False)],
)
def test_a_call_of_another_vendor_is_signed_for_models_that_check(model: str, is_signed: bool) -> None:
    made = AssistantMessage((ToolCallPart("a", "get_time", "{}"), ToolCallPart("b", "get_time", "{}")))
    first, second = sent("gemini", request(model, messages=(UserMessage("Hi."), made)))["contents"][1]["parts"]
    assert first.get("thoughtSignature") == (FOREIGN_SIGNATURE if is_signed else None)
    assert "thoughtSignature" not in second
    assert checks_signatures(f"models/{model}") == is_signed


def test_a_copy_whose_thinking_was_taken_out_is_signed_again() -> None:
    _, response = read_answer("gemini", "thoughts_and_parallel_calls.sse")
    assert response.wire_copy is not None
    bare = WireCopy("gemini", GEMINI.load(True).thinking.without(response.wire_copy.json))
    text, first, second = sent_on(ModelResponse(response.parts, "tool_calls", wire_copy=bare))
    assert text == {"text": "Let me look."}
    assert first["thoughtSignature"] == FOREIGN_SIGNATURE
    assert "thoughtSignature" not in second


def test_the_arguments_are_the_text_that_was_sent() -> None:
    data = body(call(), call()).replace(b'"args": {}', b'"args": {"n" : 1.0, "e":"\\u00e9"}', 1)
    for pieces in ([data], [b"data: " + data + b"\n\n"]):
        response = read_pieces(FORM, pieces)[1]
        assert [found.arguments_json for found in response.calls] == ['{"n" : 1.0, "e":"\\u00e9"}', "{}"]
        assert response.wire_copy is not None
        assert '{"n" : 1.0, "e":"\\u00e9"}' in response.wire_copy.json


@pytest.mark.parametrize(
    ("given", "raw", "goes_back"),
    [
        ('{"a": 1}', '{"a": 1}', {"a": 1}),
        ("{'a': ", "{'a': ", {"malformed_arguments": "{'a': "}),
        ([1], "[1]", {"malformed_arguments": "[1]"}),
        (None, "", {}),
    ],
)
def test_arguments_that_are_no_object_are_kept_raw_and_go_back_as_one(given: Any, raw: str, goes_back: Any) -> None:
    response = FORM.decode(body({"functionCall": {"name": "f", "args": given}}))
    assert [found.arguments_json for found in response.calls] == [raw]
    assert copy_of(response)[0]["functionCall"]["args"] == goes_back


def test_a_call_without_arguments_takes_an_empty_object() -> None:
    response = FORM.decode(body({"functionCall": {"name": "f"}}))
    assert [found.arguments_json for found in response.calls] == ["{}"]


def test_names_ids_and_counts_that_are_no_text_and_no_numbers_are_made_so() -> None:
    data = body(
        {"functionCall": {"name": 7, "args": {"a": 1}, "id": 12}},
        {"text": None},
        usageMetadata={"promptTokenCount": "4", "totalTokenCount": -1},
    )
    response = FORM.decode(data)
    assert response.calls == (ToolCallPart("12", "7", '{"a": 1}'),)
    assert response.usage == Usage(4, 0)


def test_the_same_call_of_one_id_is_there_once() -> None:
    response = FORM.decode(body(call(id="x"), call(id="x"), call(id="x", arguments={"a": 1})))
    assert [found.wire_call_id for found in response.calls] == ["x", "x_2"]
    assert len(copy_of(response)) == 2


def test_what_hosted_tools_do_is_shown_and_goes_back_but_is_no_call_of_ours() -> None:
    deltas, response = read_answer("gemini", "hosted_tool.sse")
    code, result, text = response.parts
    assert isinstance(code, OpaquePart)
    assert isinstance(result, OpaquePart)
    assert (code.label, result.label) == ("executableCode", "codeExecutionResult")
    assert json.loads(code.json)["executableCode"]["code"] == "print(6*7)"
    assert text == TextPart("It is 42.")
    assert [delta.index for delta in deltas] == [2]
    assert [next(iter(part)) for part in sent_on(response)] == ["executableCode", "codeExecutionResult", "text"]


@pytest.mark.parametrize(
    ("finish", "has_call", "expected"),
    [
        ("STOP", True, "tool_calls"),
        ("STOP", False, "answered"),
        ("MAX_TOKENS", True, "length"),
        ("SAFETY", True, "filtered"),
        ("RECITATION", False, "filtered"),
        ("PROHIBITED_CONTENT", True, "filtered"),
        ("SPII", True, "filtered"),
        ("OTHER", True, "other"),
        ("SOMETHING_NEW", True, "other"),
        (None, True, "tool_calls"),
    ],
)
def test_endings(finish: str | None, has_call: bool, expected: str) -> None:
    response = FORM.decode(body({"text": "x"}, *([call()] if has_call else []), finish=finish))
    assert response.stop_reason == expected
    assert response.may_run_calls == (expected in ("tool_calls", "answered"))


def test_an_answer_that_was_stopped_in_the_middle_is_not_whole() -> None:
    for name, reason in (("max_tokens.sse", "length"), ("safety.sse", "filtered")):
        _, response = read_answer("gemini", name)
        assert (response.stop_reason, response.is_whole) == (reason, False)


def test_a_call_that_the_provider_cannot_read_is_a_failure_with_its_words() -> None:
    failure = failure_of(FORM, [answer_bytes("gemini", "malformed_call.sse")])
    assert (failure.kind, failure.code, failure.partial_text) == (
        "malformed",
        "MALFORMED_FUNCTION_CALL",
        "Let me look.",
    )
    assert "print(default_api.get_weather" in failure.message


@pytest.mark.parametrize("finish", ["UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE"])
def test_an_ending_that_is_no_success_is_none(finish: str) -> None:
    with pytest.raises(ProviderFailure) as caught:
        FORM.decode(body({"text": "x"}, call(), finish=finish))
    assert caught.value.code == finish


def test_a_prompt_that_was_blocked_is_refused() -> None:
    data = answer_bytes("gemini", "blocked_prompt.sse")
    for pieces in ([data], [data.removeprefix(b"data: ").strip()]):
        failure = failure_of(FORM, pieces)
        assert (failure.kind, failure.code) == ("refused", "PROHIBITED_CONTENT")
        assert "PROHIBITED_CONTENT" in failure.message


def test_an_error_in_mid_stream_keeps_what_had_arrived() -> None:
    failure = failure_of(FORM, [answer_bytes("gemini", "error_event.sse")])
    assert (failure.kind, failure.partial_text) == ("overloaded", "Let me ")
    assert "overloaded" in failure.message


@pytest.mark.parametrize(
    ("name", "kind"),
    [("error_400.json", "authentication"), ("error_429.json", "rate_limit"), ("error_schema.json", "invalid_request")],
)
def test_the_vendors_errors_have_their_kinds(name: str, kind: str) -> None:
    assert kind_of(error_detail(json.loads(answer_bytes("gemini", name)))) == kind


@pytest.mark.parametrize("name", ["thoughts_and_parallel_calls.sse", "text.sse", "calls_without_ids.sse"])
def test_an_answer_cut_anywhere_before_its_ending_is_cut_off(name: str) -> None:
    data = answer_bytes("gemini", name)
    whole = read_pieces(FORM, [data])[1]
    endings = [ending_of(data[:cut]) for cut in range(len(data) + 1)]
    cut_off = endings.count("cut_off")
    assert cut_off > data.index(b"finishReason")
    assert endings == ["cut_off"] * cut_off + [whole] * (len(endings) - cut_off)


def ending_of(data: bytes) -> ModelResponse | str:
    """The response in `data`, or the kind of failure that reading it ends in."""
    try:
        return read_pieces(FORM, [data])[1]
    except ProviderFailure as failure:
        return failure.kind


@pytest.mark.parametrize("name", ["thoughts_and_parallel_calls.sse", "hosted_tool.sse", "text.sse"])
@pytest.mark.parametrize("size", [1, 7, 64])
def test_an_answer_reads_the_same_however_it_is_cut_into_pieces(name: str, size: int) -> None:
    data = answer_bytes("gemini", name)
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert read_pieces(FORM, pieces) == read_pieces(FORM, [data])


def test_a_list_of_chunks_instead_of_a_stream_is_read_like_one() -> None:
    data = answer_bytes("gemini", "thoughts_and_parallel_calls.sse")
    chunks = [line.removeprefix("data: ") for line in data.decode().splitlines() if line]
    assert read_pieces(FORM, [f"[{','.join(chunks)}]".encode()])[1].parts == read_pieces(FORM, [data])[1].parts


def test_a_whole_body_is_read_like_a_stream() -> None:
    deltas, response = read_answer("gemini", "calls.json")
    assert deltas == []
    assert response.parts[0] == TextPart("Let me look.")
    assert response.calls[0].tool == "get_weather"
    assert copy_of(response)[1]["thoughtSignature"] == "Csigned=="


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (ToolChoice("auto"), {"mode": "AUTO"}),
        (ToolChoice("none"), {"mode": "NONE"}),
        (ToolChoice("required"), {"mode": "ANY"}),
        (ToolChoice("required", ("get_time",)), {"mode": "ANY", "allowedFunctionNames": ["get_time"]}),
        (
            ToolChoice("required", ("get_weather", "get_time")),
            {"mode": "ANY", "allowedFunctionNames": ["get_weather", "get_time"]},
        ),
        (ToolChoice("auto", ("get_time",)), {"mode": "VALIDATED", "allowedFunctionNames": ["get_time"]}),
    ],
)
def test_every_tool_choice_has_its_mode(choice: ToolChoice, expected: Any) -> None:
    config = sent("gemini", request(MODEL, tool_choice=choice))["toolConfig"]["functionCallingConfig"]
    assert config == expected


def test_one_call_at_a_time_is_not_something_it_can_be_told() -> None:
    support = GEMINI.load(True).choice_support(MODEL)
    assert (support.required, support.named, support.subset, support.none) == (True, True, True, True)
    assert not support.parallel_off


def test_settings_in_tables_are_joined_with_what_is_there() -> None:
    asked = request(MODEL, max_output_tokens=100, settings={"generationConfig": {"temperature": 0, "topK": 3}})
    assert sent("gemini", asked)["generationConfig"] == {"maxOutputTokens": 100, "temperature": 0, "topK": 3}


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("gemini-3-flash", "models/gemini-3-flash"),
        ("models/gemini-3-flash", "models/gemini-3-flash"),
        ("tunedModels/mine", "tunedModels/mine"),
        ("a b?c", "models/a%20b%3Fc"),
    ],
)
def test_the_model_stands_in_the_path(model: str, path: str) -> None:
    wire = FORM.encode(ModelRequest(model, (UserMessage("Hi."),)))
    assert wire.path == f"/{path}:streamGenerateContent?alt=sse"
    assert model_path(model) == path


def test_a_rewritten_schema_has_only_what_the_vendor_knows_and_every_change_is_told() -> None:
    schema, changes = plain_schema(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {
                "size": {"type": ["integer", "null"], "exclusiveMinimum": 0, "multipleOf": 2},
                "kind": {"const": "box"},
                "level": {"enum": [1, 2]},
                "when": {"type": "string", "format": "date"},
                "who": {"anyOf": [{"$ref": "#/$defs/person"}, {"type": "null"}]},
                "how": {"oneOf": [{"type": "string"}, {"type": "number"}]},
            },
            "additionalProperties": False,
            "$defs": {"person": {"type": "object", "properties": {"name": {"type": "string", "default": "x"}}}},
        }
    )
    assert schema == {
        "type": "object",
        "properties": {
            "size": {"type": "integer", "nullable": True, "minimum": 1},
            "kind": {"type": "string", "enum": ["box"]},
            "level": {},
            "when": {"type": "string"},
            "who": {"type": "object", "properties": {"name": {"type": "string"}}, "nullable": True},
            "how": {"anyOf": [{"type": "string"}, {"type": "number"}]},
        },
    }
    assert {str(change).partition(":")[0] for change in changes} == {
        "/",
        "/properties/size",
        "/properties/kind",
        "/properties/level",
        "/properties/when",
        "/properties/who",
        "/properties/who/properties/name",
        "/properties/how",
    }


def test_a_schema_that_contains_itself_is_written_out_to_a_limit() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}
    schema, changes = plain_schema({"$ref": "#/$defs/node", "$defs": {"node": node}})
    assert schema["type"] == "object"
    assert any("nested deeper" in change.words for change in changes)


def test_what_has_no_counterpart_is_listed_where_it_was() -> None:
    text: dict[str, JsonValue] = {"type": "string"}
    schema, changes = plain_schema(
        {"type": "object", "properties": {"a": True, "b.c/d": False, "e": {"type": "array", "items": [text]}}}
    )
    assert schema["properties"] == {"a": {}, "b.c/d": {}, "e": {"type": "array", "items": {}}}
    assert [str(change) for change in changes] == [
        "/properties/b.c~1d: false in place of a schema was left out: any value is taken",
        "/properties/e/items: a list of schemas was left out: any value is taken",
    ]
