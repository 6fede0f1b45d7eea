"""What MCP servers ask of their clients, read from JSON, and the replies as JSON. Pure."""

from collections.abc import Awaitable, Callable
from typing import Literal
from urllib.parse import urlsplit

from workbench.core.form_schema import NotAForm, form_schema
from workbench.core.json_text import JsonObject, JsonValue, compact
from workbench.core.server_question import AddressAsked, Asked, FormAsked, ModelAsked, Reply
from workbench.core.visible_text import visible_line
from workbench.executors.mcp_spec import McpSampling

Role = Literal["user", "assistant"]
Ask = Callable[[Asked], Awaitable[Reply]]

FORM, SAMPLING = "elicitation/create", "sampling/createMessage"
MOST_CHARS = 200_000
"""All words of one question together; nobody reads more, and no model should for a server."""
_ASKED = {
    SAMPLING: "an answer of a model (sampling)",
    FORM: "an answer of yours (elicitation)",
    "roots/list": "a list of your folders (roots)",
}


class NotAskable(ValueError):
    """The request cannot be put to anybody; the message says why, for the server's author."""


def asked_back(method: str) -> str:
    """What a server that sends this request asks for, in words."""
    return _ASKED.get(method, visible_line(method, max_chars=60))


def read_asked(request: JsonObject, sampling: McpSampling | None) -> Asked:
    """The question in a request. `sampling` is what the server may have of the model; None: nothing.

    Raises `NotAskable`.
    """
    method, params = request.get("method"), request.get("params")
    if not isinstance(params, dict):
        raise NotAskable("the request has no params")
    if method == FORM and params.get("mode", "form") == "form":
        try:
            asked = FormAsked(_text(params.get("message")), form_schema(params.get("requestedSchema")))
        except NotAForm as error:
            raise NotAskable(str(error)) from None
        _text(f"{asked.message}{compact(asked.schema)}")
        return asked
    if method == FORM and params.get("mode") == "url":
        return AddressAsked(_text(params.get("message")), _address(params.get("url")))
    if method == SAMPLING and sampling is not None:
        return _model_asked(params, sampling)
    raise NotAskable(f"this client offers servers nothing of that kind: {asked_back(str(method))}")


def reply_document(asked: Asked, reply: Reply) -> JsonObject | None:
    """The reply as the result of the request; None where it is refused, which only an error can say."""
    if isinstance(asked, ModelAsked):
        return reply.content if reply.action == "accept" else None
    if isinstance(asked, FormAsked) and reply.action == "accept":
        return {"action": "accept", "content": reply.content or {}}
    return {"action": reply.action}


def refusal(reply: Reply) -> str:
    """Why there is no answer of the model, for the server."""
    why = reply.note.rstrip(".")
    return f"The request was refused{f': {why}' if why else ''}."


def _text(value: JsonValue) -> str:
    if not isinstance(value, str):
        raise NotAskable("the question has no message")
    if len(value) > MOST_CHARS:
        raise NotAskable(f"the question has {len(value):,} characters, and at most {MOST_CHARS:,} can be shown")
    return value


def _address(value: JsonValue) -> str:
    text = value if isinstance(value, str) else ""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_web = False
    if not is_web or not text.isprintable() or " " in text or len(text) > 8_000:
        raise NotAskable("the url does not begin with http:// or https:// and a host")
    return text


def _model_asked(params: JsonObject, sampling: McpSampling) -> ModelAsked:
    listed, wanted = params.get("messages"), params.get("maxTokens")
    if not isinstance(listed, list) or not listed:
        raise NotAskable("there are no messages")
    if params.get("tools"):
        raise NotAskable("a server's own tools are not offered to the model; ask without tools")
    if not isinstance(wanted, int) or isinstance(wanted, bool) or wanted < 1:
        raise NotAskable("maxTokens is not a whole number above 0")
    messages = tuple(_message(one) for one in listed)
    system = params.get("systemPrompt")
    system = system if isinstance(system, str) else ""
    chars = len(system) + sum(len(text) for _, text in messages)
    if chars > MOST_CHARS:
        raise NotAskable(f"the messages have {chars:,} characters, and at most {MOST_CHARS:,} are sent for a server")
    return ModelAsked(messages, min(wanted, sampling.tokens), sampling.answers, sampling.tokens, system)


def _message(message: JsonValue) -> tuple[Role, str]:
    if not isinstance(message, dict) or message.get("role") not in ("user", "assistant"):
        raise NotAskable("a message has no role user or assistant")
    role: Role = "user" if message["role"] == "user" else "assistant"
    content = message.get("content")
    blocks = content if isinstance(content, list) else [content]
    texts: list[str] = []
    for block in blocks:
        text = block.get("text") if isinstance(block, dict) and block.get("type") == "text" else None
        if not isinstance(text, str):
            raise NotAskable("only text is sent to the model for a server")
        texts.append(text)
    return role, "\n".join(texts)
