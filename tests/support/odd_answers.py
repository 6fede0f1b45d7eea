"""Odd but real answers, one kind each: how a server of each wire sends them, what runs, and how the run ends."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.contract.odd_pieces import OSLO, chat_call, chunk, completed, events, messages, responses_call, tool_use
from tests.support.call_pieces import CASES

RUNS_OSLO = (OSLO,)


class OddAnswer(NamedTuple):
    """`runs`: the arguments of the calls that run. `says`: words that a person is told. `fails`: the run ends so."""

    name: str
    body: bytes
    runs: tuple[str, ...] = ()
    fails: bool = False
    says: str = ""


PINGS = (
    b": ping\n\n",
    b"event: ping\n\n",
    b"event: ping\ndata: {}\n\n",
    b"event: keepalive\r\ndata: 1\r\n\r\n",
    b"data: ping\n\n",
    b"data:\n\n",
    b"data: null\n\n",
    b"data: {}\n\n",
    b"id: 1\nretry: 5\n\n",
)
_CALLS = {
    "openai_chat": lambda word: _chunks(chunk({"tool_calls": [chat_call()]}), chunk({}, word)),
    "openai_responses": lambda _: events(completed(responses_call())),
    "anthropic_messages": lambda word: events(*messages(tool_use(), stop=word)),
    "gemini": lambda word: events(
        {"candidates": [{"content": {"parts": [_GEMINI_CALL]}, "finishReason": word.upper()}]}
    ),
}
_GEMINI_CALL = {"functionCall": {"name": "get_weather", "args": {"city": "Oslo"}}}


def odd_answers(wire_format: str) -> Iterator[OddAnswer]:
    """All of them for one wire."""
    kinds = {"openai_chat": _chat, "openai_responses": _responses, "anthropic_messages": _messages, "gemini": _gemini}
    yield from kinds[wire_format]()
    call = _CALLS[wire_format]
    for ping in PINGS:
        yield OddAnswer(f"{ping!r} before and after", ping + call("stop") + ping, RUNS_OSLO)
    for word in ("stop", "tool_calls", "tool_use", "function_call", "end_turn", "COMPLETE", "eos", "done"):
        yield OddAnswer(f"a call with the ending {word} of some wire", call(word), RUNS_OSLO)


def _body(document: Any) -> bytes:
    return json.dumps(document).encode()


def _chunks(*documents: Any) -> bytes:
    return events(*documents) + b"data: [DONE]\n\n"


def _call(finish: str | None = "tool_calls", arguments: Any = OSLO, **more: Any) -> bytes:
    return _chunks(chunk({"tool_calls": [chat_call(arguments, **more)]}), chunk({}, finish))


def _chat() -> Iterator[OddAnswer]:
    for name, (lists, calls) in CASES.items():
        body = _chunks(*(chunk({"tool_calls": entries}) for entries in lists), chunk({}, "tool_calls"))
        runs = tuple(arguments.strip() or "{}" for tool, arguments in calls if tool in ("get_weather", "ping"))
        yield OddAnswer(f"pieces: {name}", body, runs)
    yield OddAnswer("no arguments", _call(arguments="", function={"name": "ping", "arguments": ""}), ("{}",))
    for arguments in ('{"city": Oslo', "[]", "null", '{"city":"\\ud800"}', '{"city":NaN}'):
        yield OddAnswer(f"arguments {arguments}", _call(arguments=arguments))
    for word in ("error", "network_error", "abort", "malformed_function_call", "insufficient_system_resource"):
        yield OddAnswer(f"a call that ended in {word}", _call(word), fails=True, says=word)
    for word in ("content_filter", "SAFETY", "length", "max_tokens"):
        yield OddAnswer(f"a call that ended in {word}", _call(word), fails=True)
    yield OddAnswer("an ending nobody knows", _call("because"), fails=True, says="because")
    yield OddAnswer(
        "a call that is not there", _chunks(chunk({"content": "Hm."}, "tool_calls")), fails=True, says="call"
    )
    gone = {"code": 502, "message": "upstream gone"}
    yield OddAnswer(
        "an error on the choice", _chunks(chunk({"tool_calls": [chat_call()]}, "stop", error=gone)), fails=True
    )
    whole = {"choices": [{"message": {"content": None, "tool_calls": [chat_call()]}}]}
    yield OddAnswer("a whole body without a finish reason", _body(whole), RUNS_OSLO)
    last = {"choices": [{"finish_reason": "tool_calls", "message": {"tool_calls": [chat_call()]}}]}
    yield OddAnswer("the whole message again", _chunks(chunk({"tool_calls": [chat_call()]}), last), RUNS_OSLO)
    yield OddAnswer("half a character", _chunks(chunk({"content": "a\ud800"}, "stop")), says="U+FFFD")
    usage = {"prompt_tokens": 5.0, "completion_tokens": "3", "prompt_tokens_details": [1]}
    yield OddAnswer("odd counts", _chunks({**chunk({"content": "Hi"}, "stop"), "usage": usage}))
    yield OddAnswer(
        "empty reasoning", _chunks(chunk({"reasoning_content": "", "tool_calls": [chat_call()]}, "stop")), RUNS_OSLO
    )
    thinking = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]
    yield OddAnswer(
        "parts of thinking", _chunks(chunk({"content": thinking, "tool_calls": [chat_call()]}, "stop")), RUNS_OSLO
    )
    first, rest = chat_call(""), {"index": 0, "function": {"name": None, "arguments": OSLO}}
    torn = [chunk({"tool_calls": [one]}) for one in (first, {"index": 0, "function": None}, rest)]
    yield OddAnswer("a piece without a function", _chunks(*torn, chunk({}, "tool_calls")), RUNS_OSLO)
    for more in ({"index": "0"}, {"type": None}, {"type": ""}, {"index": 0.0}):
        yield OddAnswer(f"a call with {more}", _call(**more), RUNS_OSLO)
    for entries in ({"0": chat_call()}, {"1": chat_call()}, chat_call()):
        yield OddAnswer(f"calls as {list(entries)[:1]}", _chunks(chunk({"tool_calls": entries}, "stop")), RUNS_OSLO)
    azure = {"choices": [], "prompt_filter_results": [{"prompt_index": 0}]}
    yield OddAnswer("what a filter says first", azure_first(azure), RUNS_OSLO)
    counted = {"choices": None, "usage": {"prompt_tokens": 1, "completion_tokens": 1}}
    yield OddAnswer("counts without choices", _chunks(chunk({"tool_calls": [chat_call()]}, "stop"), counted), RUNS_OSLO)
    ended = {"choices": [{"index": 0, "delta": None, "finish_reason": "tool_calls"}]}
    yield OddAnswer("an ending without a delta", _chunks(chunk({"tool_calls": [chat_call()]}), ended), RUNS_OSLO)
    lines = json.dumps(chunk({"tool_calls": [chat_call()]}, "stop"), indent=1).replace("\n", "\ndata: ")
    yield OddAnswer("one event on many lines", f"data: {lines}\n\n".encode(), RUNS_OSLO)
    other = {"index": 1, "message": {"content": "other"}, "finish_reason": "stop"}
    mine = {"index": 0, "message": {"tool_calls": [chat_call()]}, "finish_reason": "tool_calls"}
    yield OddAnswer("the second choice first", _body({"choices": [other, mine]}), RUNS_OSLO)
    yield OddAnswer("done without an ending", _call(None), fails=True, says="cut off")


def azure_first(document: Any) -> bytes:
    """An event before the answer that holds no choice."""
    return _chunks(document, chunk({"tool_calls": [chat_call()]}), chunk({}, "tool_calls"))


def _responses() -> Iterator[OddAnswer]:
    for arguments in ({"city": "Oslo"}, '{"city" : "Oslo"}'):
        yield OddAnswer(f"arguments {arguments}", events(completed(responses_call(arguments))), RUNS_OSLO)
    for arguments in (["Oslo"], "Oslo", None, 7):
        yield OddAnswer(f"arguments {arguments}", events(completed(responses_call(arguments))))
    for call_id in (7, None, "", 7.5):
        yield OddAnswer(f"the id {call_id}", events(completed(responses_call(call_id=call_id))), RUNS_OSLO)
    yield OddAnswer("a name that is null", events(completed(responses_call(name=None))))
    yield OddAnswer("the same call twice", events(completed(responses_call(), responses_call())), RUNS_OSLO)
    added = {"type": "response.output_item.added", "output_index": 0, "item": responses_call("")}
    piece = {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": OSLO}
    for output in ([], [responses_call("")], [{"type": "reasoning", "summary": []}]):
        yield OddAnswer(f"{len(output)} items in the end", events(added, piece, completed(*output)), RUNS_OSLO)
    nameless = f"event: response.completed\ndata: {json.dumps({'response': {'output': [responses_call()]}})}\n\n"
    delta = b'event: response.output_text.delta\ndata: {"delta":"Hi","output_index":0}\n\n'
    yield OddAnswer("kinds only in the names of events", delta + nameless.encode(), RUNS_OSLO)
    done = {"type": "response.done", "response": {"output": [responses_call()]}}
    yield OddAnswer("another name for the end", events(done), RUNS_OSLO)
    without = {key: value for key, value in responses_call().items() if key != "call_id"}
    yield OddAnswer("an id of the item only", events(completed({**without, "id": "fc_1"})), RUNS_OSLO)
    yield OddAnswer("no output in the end", events(added, piece, completed(output=None)), RUNS_OSLO)
    nothing = {"error": None, "incomplete_details": None}
    yield OddAnswer("errors that are null", events(completed(responses_call(), **nothing)), RUNS_OSLO)
    yield OddAnswer("the end twice", events(completed(responses_call()), completed(responses_call())), RUNS_OSLO)
    yield OddAnswer("a failed call", events(completed(responses_call(status="failed"))), fails=True)
    yield OddAnswer(
        "an error in the end", events(completed(responses_call(), error={"message": "gone"})), fails=True, says="gone"
    )
    incomplete = completed(responses_call(), status="incomplete")
    yield OddAnswer("an incomplete response", events(incomplete), fails=True)
    yield OddAnswer("a whole body without a status", _body({"output": [responses_call()]}), RUNS_OSLO)
    text = {"type": "message", "content": [{"type": "output_text", "text": "a\ud800"}]}
    yield OddAnswer("half a character", events(completed(text)), says="U+FFFD")
    yield OddAnswer(
        "odd counts", events(completed(responses_call(), usage={"input_tokens": "5", "output_tokens": -1})), RUNS_OSLO
    )


def _messages() -> Iterator[OddAnswer]:
    for call_id in (7, None, ""):
        yield OddAnswer(f"the id {call_id}", events(*messages(tool_use(id=call_id))), RUNS_OSLO)
    yield OddAnswer("a name that is null", events(*messages(tool_use(name=None))))
    yield OddAnswer("input as a text", events(*messages(tool_use(OSLO))), RUNS_OSLO)
    yield OddAnswer("input as a list", events(*messages(tool_use(["Oslo"]))))
    yield OddAnswer("the same call twice", events(*messages(tool_use(), tool_use())), RUNS_OSLO)
    one_place = [{**document, "index": 0} for document in messages({"type": "text", "text": ""}, tool_use())]
    yield OddAnswer("one index for all", events(*one_place), RUNS_OSLO)
    yield OddAnswer(
        "a blank text before a call", events(*messages({"type": "text", "text": " "}, tool_use())), RUNS_OSLO
    )
    yield OddAnswer("a refusal after a call", events(*messages(tool_use(), stop="refusal")))
    for word in ("error", "because", "max_tokens"):
        yield OddAnswer(f"a call that ended in {word}", events(*messages(tool_use(), stop=word)), fails=True)
    yield OddAnswer(
        "a call that is not there", events(*messages({"type": "text", "text": "Hm."})), fails=True, says="call"
    )
    yield OddAnswer("a whole body without a stop reason", _body({"content": [tool_use()]}), RUNS_OSLO)
    plain = messages(tool_use())
    for kind in ("content_block_stop", "message_start"):
        yield OddAnswer(f"no {kind}", events(*(one for one in plain if one["type"] != kind)), RUNS_OSLO)
    for stop in ({"stop_reason": None}, {}):
        cut = [{**one, "delta": stop} if one["type"] == "message_delta" else one for one in plain]
        yield OddAnswer(f"the end with {stop}", events(*cut), fails=True, says="cut off")
    yield OddAnswer("no message_stop", events(*plain[:-1]), fails=True, says="cut off")
    yield OddAnswer("done after the end", events(*plain) + b"data: [DONE]\n\n", RUNS_OSLO)
    overloaded = {"type": "error", "error": {"type": "overloaded_error", "message": "too many"}}
    yield OddAnswer("an error after a call", events(*plain[:-2], overloaded), fails=True, says="too many")
    half = {"type": "text", "text": "a\ud800"}
    yield OddAnswer("half a character", events(*messages(half, stop="end_turn")), says="U+FFFD")
    usage = {"input_tokens": 5.0, "output_tokens": "3", "cache_read_input_tokens": -1}
    yield OddAnswer("odd counts", events(*messages(tool_use(), usage=usage)), RUNS_OSLO)


def _gemini() -> Iterator[OddAnswer]:
    def answer(*parts: Any, finish: str | None = "STOP", **more: Any) -> dict[str, Any]:
        return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": finish}], **more}

    def call(args: Any = None, **more: Any) -> dict[str, Any]:
        return {"functionCall": {"name": "get_weather", "args": args or {"city": "Oslo"}, **more}}

    for call_id in (7, None, "", "a"):
        yield OddAnswer(f"the id {call_id}", events(answer(call(id=call_id))), RUNS_OSLO)
    yield OddAnswer("a name that is null", events(answer(call(name=None))))
    yield OddAnswer("args as a text", events(answer(call(OSLO))), RUNS_OSLO)
    yield OddAnswer("args as a list", events(answer(call(["Oslo"]))))
    yield OddAnswer("no args", events(answer({"functionCall": {"name": "ping"}})), ("{}",))
    yield OddAnswer("the same call twice", events(answer(call(id="a"), call(id="a"))), RUNS_OSLO)
    yield OddAnswer("equal calls without ids", events(answer(call(), call())), RUNS_OSLO * 2)
    for word in ("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "BECAUSE", "MAX_TOKENS", "SAFETY"):
        yield OddAnswer(f"a call that ended in {word}", events(answer(call(), finish=word)), fails=True)
    yield OddAnswer("a whole body without a finish reason", _body(answer(call(), finish=None)), RUNS_OSLO)
    yield OddAnswer("half a character", events(answer({"text": "a\ud800"})), says="U+FFFD")
    halves = [answer({"text": "Hm."}, finish=None), answer(call())]
    yield OddAnswer("a list of chunks instead of events", _body(halves), RUNS_OSLO)
    second = {"index": 1, "content": {"parts": [{"text": "other"}]}, "finishReason": "STOP"}
    first = {"index": 0, "content": {"parts": [call()]}, "finishReason": "STOP"}
    yield OddAnswer("the second candidate first", events({"candidates": [second, first]}), RUNS_OSLO)
    yield OddAnswer(
        "only a second candidate, then the first", events({"candidates": [second]}, answer(call())), RUNS_OSLO
    )
    for content in (None, {}, {"parts": None}):
        empty = {"candidates": [{"content": content}]}
        yield OddAnswer(f"content {content}", events(empty, answer(call())), RUNS_OSLO)
    blocked = {"promptFeedback": {"blockReason": "SAFETY"}}
    yield OddAnswer("a prompt that was blocked", events(blocked), fails=True, says="SAFETY")
    gone = {"error": {"code": 503, "message": "too many", "status": "UNAVAILABLE"}}
    yield OddAnswer("an error after a call", events(answer(call(), finish=None), gone), fails=True, says="too many")
    usage = {"promptTokenCount": 5.0, "candidatesTokenCount": "3", "thoughtsTokenCount": -1}
    yield OddAnswer("odd counts", events(answer(call(), usageMetadata=usage)), RUNS_OSLO)
