"""Traces of other programs: OTLP as JSON in the conventions of today and before, OpenInference as Phoenix exports it,
and the exports of Langfuse and LangSmith. Each request to a model in them is read as a logged one."""

from collections.abc import Iterator

from workbench.app.imports.formats.logs import Exchange, conversations_of
from workbench.app.imports.formats.messages import chat_messages, parsed, rows_of
from workbench.app.imports.formats.otlp_values import attribute_values
from workbench.app.imports.formats.own_traces import own_conversations, own_spans
from workbench.app.imports.found import Found, FoundTool
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.telemetry.conventions import PLACE

_MOST_DEPTH = 8
_EVENTS = {"gen_ai.system.message": "system", "gen_ai.user.message": "user", "gen_ai.tool.message": "tool"}


def holds_traces(document: JsonValue) -> bool:
    """Whether there is a request to a model in a trace."""
    return next(_requests(document, 0), None) is not None or next(own_spans(document), None) is not None


def found_in_traces(document: JsonValue) -> Found:
    """The conversations and tools of all requests in a trace."""
    found = conversations_of(_requests(document, 0))
    own, notes = own_conversations(own_spans(document))
    shapes = dict.fromkeys([*(["OpenTelemetry"] if own else []), *_shapes(document, 0)])
    tools = {tool.digest: FoundTool(tool, "OpenTelemetry") for one in own for tool in one.tools}
    items = (*tools.values(), *(one for one in found.items if one.tool.digest not in tools))
    notes = (*found.notes, *notes)
    conversations = (*own, *found.conversations)
    obstacle = f"{notes[0]}." if notes and not conversations else ""
    return Found(items, ", ".join(shapes), obstacle, notes, found.skipped, conversations)


def _requests(value: JsonValue, depth: int) -> Iterator[Exchange]:
    for _, exchange in _found(value, depth):
        yield exchange


def _shapes(value: JsonValue, depth: int) -> Iterator[str]:
    for shape, _ in _found(value, depth):
        yield shape


def _found(value: JsonValue, depth: int) -> Iterator[tuple[str, Exchange]]:
    """Every request, with the name of the format it is in."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, list):
        for one in value:
            yield from _found(one, depth + 1)
        return
    if not isinstance(value, dict):
        return
    for shape, read in (("OpenTelemetry", _span), ("Langfuse", _langfuse), ("LangSmith", _langsmith)):
        if (exchange := read(value)) is not None:
            is_inference = shape == "OpenTelemetry" and "gen_ai" not in _attributes(value)
            yield ("Phoenix" if is_inference else shape), exchange
    for key in (
        "resourceSpans",
        "scopeSpans",
        "spans",
        "observations",
        "runs",
        "child_runs",
        "traces",
        "data",
    ):
        if isinstance(inner := value.get(key), list):
            yield from _found(inner, depth + 1)


def _span(row: JsonObject) -> Exchange | None:
    if "attributes" not in row or PLACE in attribute_values(row):
        return None
    attributes = _attributes(row)
    return _gen_ai(attributes, row) or _open_inference(attributes)


def _gen_ai(attributes: JsonObject, row: JsonObject) -> Exchange | None:
    held = attributes.get("gen_ai")
    if not isinstance(held, dict):
        return None
    asked, answered, system, tools, request = (
        _at(held, *path)
        for path in (
            ("input", "messages"),
            ("output", "messages"),
            ("system_instructions",),
            ("tool", "definitions"),
            ("request",),
        )
    )
    messages = chat_messages(asked) or chat_messages(held.get("prompt"))
    answers = chat_messages(answered) or chat_messages(held.get("completion"))
    if not messages:
        messages, answers = _of_events(rows_of(row.get("events")))
    said = "\n".join(str(part.get("content")) for part in rows_of(parsed(system)))
    if said:
        messages = [{"role": "system", "content": said}, *messages]
    model = _at(held, "response", "model") or (request.get("model") if isinstance(request, dict) else None)
    functions = _at(attributes, "llm", "request", "functions")
    provider = str(_at(held, "provider", "name") or held.get("system") or "")
    return _exchange(messages, answers, model, parsed(tools) or functions, provider)


def _of_events(events: list[JsonObject]) -> tuple[list[JsonValue], list[JsonValue]]:
    """Messages that were events of the span, one each."""
    messages: list[JsonValue] = []
    answers: list[JsonValue] = []
    for event in events:
        name, attributes = str(event.get("name")), _attributes(event)
        if name == "gen_ai.choice":
            answers += chat_messages({"role": "assistant", **attributes})
        elif name == "gen_ai.assistant.message":
            messages += chat_messages({"role": "assistant", **attributes})
        elif name in _EVENTS:
            messages += chat_messages({"role": _EVENTS[name], **attributes})
        elif name == "gen_ai.content.prompt":
            messages += chat_messages(_at(attributes, "gen_ai", "prompt"))
        elif name == "gen_ai.content.completion":
            answers += chat_messages(_at(attributes, "gen_ai", "completion"))
    return messages, answers


def _open_inference(attributes: JsonObject) -> Exchange | None:
    held = attributes.get("llm")
    if not isinstance(held, dict):
        return None
    tools = [parsed(_at(one, "tool", "json_schema")) for one in rows_of(held.get("tools"))]
    messages, answers = chat_messages(held.get("input_messages")), chat_messages(held.get("output_messages"))
    return _exchange(messages, answers, held.get("model_name"), tools, str(held.get("provider") or ""))


def _langfuse(row: JsonObject) -> Exchange | None:
    if str(row.get("type")).upper() != "GENERATION" or "input" not in row:
        return None
    asked = parsed(row.get("input"))
    tools = asked.get("tools") if isinstance(asked, dict) else None
    answer = parsed(row.get("output"))
    answers = chat_messages({"role": "assistant", "content": answer} if isinstance(answer, str) else answer)
    messages = [{"role": "user", "content": asked}] if isinstance(asked, str) else chat_messages(asked)
    return _exchange([*messages], answers, row.get("model"), tools, "")


def _langsmith(row: JsonObject) -> Exchange | None:
    asked = row.get("inputs")
    if row.get("run_type") not in ("llm", "chat_model") or not isinstance(asked, dict):
        return None
    outputs = row.get("outputs")
    answered = outputs if isinstance(outputs, dict) else {}
    held: JsonValue = answered.get("generations", answered.get("choices", answered.get("messages", answered)))
    while isinstance(held, list) and held:
        held = held[0]
    parameters = _at(row, "extra", "invocation_params")
    options = parameters if isinstance(parameters, dict) else {}
    model = options.get("model") or options.get("model_name") or _at(row, "extra", "metadata", "ls_model_name")
    provider = str(_at(row, "extra", "metadata", "ls_provider") or "")
    return _exchange(
        chat_messages(asked), chat_messages(held), model, options.get("tools") or asked.get("tools"), provider
    )


def _exchange(
    messages: list[JsonValue], answers: list[JsonValue], model: JsonValue, tools: JsonValue, provider: str
) -> Exchange | None:
    if not messages:
        return None
    body: JsonObject = {"model": str(model or ""), "messages": messages}
    definitions: list[JsonValue] = [_definition(one) for one in rows_of(tools)]
    if definitions:
        body["tools"] = definitions
    answer: JsonValue = None
    if answers and isinstance(said := answers[-1], dict):
        ending = "tool_calls" if said.get("tool_calls") else "stop"
        answer = {"choices": [{"index": 0, "finish_reason": ending, "message": said}]}
    return Exchange(body, answer, provider=provider.casefold())


def _definition(row: JsonObject) -> JsonObject:
    """A definition as Chat Completions has it; where it is another vendor's, it is left as it is."""
    if isinstance(row.get("function"), dict) or "input_schema" in row:
        return row
    function: JsonObject = {key: row[key] for key in ("name", "description") if key in row}
    return {
        "type": "function",
        "function": {**function, "parameters": parsed(row.get("parameters")) or {"type": "object"}},
    }


def _attributes(row: JsonObject) -> JsonObject:
    """The attributes of a span or an event as nested objects, however they are written."""
    made: JsonObject = {}
    for key, value in attribute_values(row).items():
        steps = key.split(".")
        inner = made
        for step in steps[:-1]:
            following = inner.get(step)
            inner[step] = following = following if isinstance(following, dict) else {}
            inner = following
        inner.setdefault(steps[-1], value)
    return made


def _at(value: JsonValue, *path: str) -> JsonValue:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value
