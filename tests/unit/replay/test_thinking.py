"""What becomes of sealed thinking when a conversation is forked."""

import json
from typing import Any

import pytest

from workbench.core.content import OpaquePart, ReasoningPart, TextPart, ToolCallPart
from workbench.core.errors import UsageError
from workbench.core.exchange import ModelRequest
from workbench.core.ids import CallId
from workbench.core.message import AssistantMessage, Message, ToolResult, ToolResultsMessage, UserMessage, WireCopy
from workbench.providers.anthropic.encode import encode as anthropic_body
from workbench.providers.openai_chat.encode import encode as chat_body
from workbench.providers.openai_responses.encode import encode as responses_body
from workbench.providers.registry import thinking_of
from workbench.replay.fork import kept_messages
from workbench.replay.thinking import Keeping, plan_keeping

ANTHROPIC, RESPONSES, CHAT = "anthropic_messages", "openai_responses", "openai_chat"
BOUND = "claude-opus-5-5"
LOOSE = "claude-opus-4-6"
CALL = ToolCallPart("toolu_1", "look", "{}")
RESULT = ToolResultsMessage((ToolResult(CallId(""), "toolu_1", "look", "seen"),))


def conversation(wire_format: str, copy: object, *parts: object) -> tuple[Message, ...]:
    thought = AssistantMessage((ReasoningPart("hm"), *parts, CALL), WireCopy(wire_format, json.dumps(copy)))  # type: ignore[arg-type]
    return (UserMessage("Look."), thought, RESULT)


CLAUDE = conversation(
    ANTHROPIC,
    [
        {"type": "thinking", "thinking": "hm", "signature": "s1"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "tool_use", "id": "toolu_1", "name": "look", "input": {}},
    ],
)
GPT = conversation(
    RESPONSES,
    [
        {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "gAAA"},
        {"type": "function_call", "id": "fc_1", "call_id": "toolu_1", "name": "look", "arguments": "{}"},
    ],
)
SMALL = conversation(
    CHAT,
    {
        "role": "assistant",
        "content": "",
        "reasoning_content": "hm",
        "tool_calls": [{"id": "toolu_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}],
    },
)


def plan(messages: tuple[Message, ...], wire: str, model: str = BOUND, then: str = "", **options: Any) -> Keeping:
    return plan_keeping(messages, from_model=then or model, to_model=model, to=thinking_of(wire), **options)


@pytest.mark.parametrize(("messages", "wire"), [(CLAUDE, ANTHROPIC), (GPT, RESPONSES), (SMALL, CHAT)])
def test_where_nothing_is_changed_everything_goes_back_to_the_byte(messages: tuple[Message, ...], wire: str) -> None:
    keeping = plan(messages, wire)
    assert (keeping.mode, keeping.losses) == ("exact", ())
    assert kept_messages(messages, keeping) == messages


@pytest.mark.parametrize("changes", [["the tools"], ["the instructions"], ["the tools", "the instructions"]])
def test_a_changed_prefix_takes_all_thinking_out_where_a_model_binds_it(changes: list[str]) -> None:
    keeping = plan(CLAUDE, ANTHROPIC, prefix_changes=changes)
    assert keeping.mode == "strip"
    assert [str(loss) for loss in keeping.losses] == ["message 2: its thinking is taken out"]
    assert keeping.why == f"Changed: {', '.join(changes)}."
    body = json.loads(anthropic_body(ModelRequest(BOUND, kept_messages(CLAUDE, keeping))).body_json)
    assert [block["type"] for block in body["messages"][1]["content"]] == ["tool_use"]


def test_a_model_that_does_not_bind_its_thinking_keeps_it_over_a_changed_prefix() -> None:
    assert plan(CLAUDE, ANTHROPIC, LOOSE, prefix_changes=["the tools"]).mode == "exact"
    assert plan(SMALL, CHAT, "qwen", prefix_changes=["the tools"]).mode == "exact"


@pytest.mark.parametrize(("messages", "wire"), [(CLAUDE, ANTHROPIC), (GPT, RESPONSES), (SMALL, CHAT)])
def test_another_model_of_the_same_vendor_gets_no_thinking_it_cannot_read(
    messages: tuple[Message, ...], wire: str
) -> None:
    keeping = plan(messages, wire, "another", "this-one")
    assert keeping.mode == "strip"
    assert "the model (this-one → another)" in keeping.why
    assert len(keeping.losses) == 1


def test_reasoning_items_go_as_whole_units_and_what_followed_them_loses_its_tie() -> None:
    keeping = plan(GPT, RESPONSES, "gpt-6-sol", prefix_changes=["the tools"])
    body = json.loads(responses_body(ModelRequest("gpt-6-sol", kept_messages(GPT, keeping))).body_json)
    assert body["input"][1:] == [
        {"type": "function_call", "call_id": "toolu_1", "name": "look", "arguments": "{}"},
        {"type": "function_call_output", "call_id": "toolu_1", "output": "seen"},
    ]


def test_stripping_a_chat_copy_takes_only_the_reasoning_out() -> None:
    keeping = plan(SMALL, CHAT, "a", "b")
    body = json.loads(chat_body(ModelRequest("a", kept_messages(SMALL, keeping))).body_json)
    assert body["messages"][1].keys() == {"role", "content", "tool_calls"}


def test_people_still_see_what_was_thought_after_it_was_stripped() -> None:
    keeping = plan(CLAUDE, ANTHROPIC, prefix_changes=["the tools"])
    assert kept_messages(CLAUDE, keeping)[1].parts == CLAUDE[1].parts  # type: ignore[union-attr]


def test_another_provider_gets_the_words_and_calls_and_the_rest_is_listed() -> None:
    messages = conversation(ANTHROPIC, [], TextPart("Let me look."), OpaquePart("web_search_tool_result", "{}"))
    keeping = plan(messages, RESPONSES, "gpt-6-sol", BOUND)
    assert [str(loss) for loss in keeping.losses] == [
        "message 2: thinking sealed by anthropic_messages cannot be carried over",
        "message 2: web_search_tool_result, which only anthropic_messages understands",
    ]
    body = json.loads(responses_body(ModelRequest("gpt-6-sol", kept_messages(messages, keeping))).body_json)
    assert [item.get("type", item.get("role")) for item in body["input"]] == [
        "user",
        "assistant",
        "function_call",
        "function_call_output",
    ]


def test_the_vendor_can_be_asked_to_drop_what_no_longer_fits() -> None:
    keeping = plan(CLAUDE, ANTHROPIC, prefix_changes=["the tools"], keep="drop_block")
    assert kept_messages(CLAUDE, keeping) == CLAUDE
    assert keeping.merged({"thinking": {"type": "adaptive", "display": "summarized"}, "x": 1}) == {
        "thinking": {
            "type": "adaptive",
            "display": "summarized",
            "block_binding": {"prefix_mismatch_behavior": "drop_block"},
        },
        "x": 1,
    }
    with pytest.raises(UsageError, match="cannot be asked to drop"):
        plan(GPT, RESPONSES, keep="drop_block")


def test_append_only_refuses_whatever_thinking_is_bound_to() -> None:
    assert plan(CLAUDE, ANTHROPIC, keep="append_only").mode == "append_only"
    with pytest.raises(UsageError, match="the tools would change"):
        plan(CLAUDE, ANTHROPIC, prefix_changes=["the tools"], keep="append_only")
    with pytest.raises(UsageError, match="the provider would change"):
        plan(CLAUDE, RESPONSES, "gpt-6-sol", BOUND, keep="append_only")


def test_exact_is_done_as_wished_with_a_word_of_warning() -> None:
    keeping = plan(CLAUDE, ANTHROPIC, prefix_changes=["the tools"], keep="exact")
    assert kept_messages(CLAUDE, keeping) == CLAUDE
    assert "may refuse it" in keeping.why


def test_a_conversation_without_thinking_loses_nothing() -> None:
    messages = (UserMessage("Hello."), AssistantMessage((TextPart("Hi."),)))
    keeping = plan(messages, ANTHROPIC, prefix_changes=["the tools"])
    assert (keeping.mode, keeping.losses, keeping.why) == ("exact", (), "There is no sealed thinking.")
