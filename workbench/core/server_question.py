"""What a tool's server asks in the middle of a call, and what it is told."""

import hashlib
from typing import Literal

import msgspec

from workbench.core.exchange import Usage
from workbench.core.ids import CallId
from workbench.core.json_text import JsonObject, canonical


class FormAsked(msgspec.Struct, frozen=True, tag_field="type", tag="form"):
    """Values from the person. `schema` is flat; see `core.form_schema`."""

    message: str
    schema: JsonObject


class AddressAsked(msgspec.Struct, frozen=True, tag_field="type", tag="address"):
    """The person is to open an address in a browser. Nothing opens it but the person."""

    message: str
    url: str


class ModelAsked(msgspec.Struct, frozen=True, tag_field="type", tag="model"):
    """An answer of the model, of at most `max_tokens`. `messages` are pairs of role and text.

    `most_answers` and `most_tokens` are what the project allows this server in a run.
    """

    messages: tuple[tuple[Literal["user", "assistant"], str], ...]
    max_tokens: int
    most_answers: int
    most_tokens: int
    system: str = ""


Asked = FormAsked | AddressAsked | ModelAsked
Action = Literal["accept", "decline", "cancel"]


class Reply(msgspec.Struct, frozen=True):
    """What the server is told. `content` is what the person entered, or the model's answer as MCP has it, which took
    `usage`."""

    action: Action
    by: str
    content: JsonObject | None = None
    note: str = ""
    usage: Usage | None = None


NOBODY = Reply("decline", by="nobody", note="nobody is there to answer")


class ServerQuestion(msgspec.Struct, frozen=True):
    """A question that waits. A reply counts only for exactly this `shown_hash`."""

    question_id: str
    call_id: CallId
    tool: str
    server: str
    asked: Asked
    shown_hash: str


def question_hash(question_id: str, server: str, asked: Asked) -> str:
    """The identity of what was shown: this question, of this server, in these words."""
    text = "\n".join((question_id, server, canonical(msgspec.to_builtins(asked))))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def asked_line(server: str, asked: Asked) -> str:
    """Who asks for what, in one line."""
    match asked:
        case FormAsked(message=message):
            return f"{server} asks you: {message}"
        case AddressAsked(message=message, url=url):
            return f"{server} asks you to open {url} in a browser: {message}"
        case ModelAsked(messages=messages, max_tokens=max_tokens):
            last = messages[-1][1] if messages else ""
            return f"{server} asks for an answer of the model, up to {max_tokens:,} tokens: {last}"


def asked_words(asked: Asked) -> str:
    """The question in one text."""
    match asked:
        case FormAsked(message=message):
            return message
        case AddressAsked(message=message, url=url):
            return f"{message} {url}".strip()
        case ModelAsked(messages=messages):
            return "\n".join(text for _, text in messages)
