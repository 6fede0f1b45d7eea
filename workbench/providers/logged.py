"""A logged request, read back: what a person said, what the model answered, what the tools returned. Values only."""

from collections.abc import Callable, Sequence

import msgspec

from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.message import Attachment
from workbench.core.picture_header import attachment_of
from workbench.providers.body_json import body_text
from workbench.providers.door import objects_of, text_of


class LoggedResult(msgspec.Struct, frozen=True):
    """What went back for one call, which `call_id` names; a name stands for the id where the wire has none."""

    call_id: str
    text: str
    is_error: bool = False
    attachments: tuple[Attachment, ...] = ()


class LoggedUser(msgspec.Struct, frozen=True):
    """A person's message."""

    text: str


class LoggedAnswer(msgspec.Struct, frozen=True):
    """An answer, as the body of a whole response of the wire."""

    body: bytes


LoggedEntry = LoggedUser | LoggedAnswer | LoggedResult


class LoggedRequest(msgspec.Struct, frozen=True):
    """A request's conversation. `lost` names what it has that is not text, such as a picture."""

    model: str
    instructions: str
    entries: tuple[LoggedEntry, ...]
    lost: tuple[str, ...] = ()


class LogReader(msgspec.Struct, frozen=True):
    """How requests of one wire are read back. `path` is in the addresses of its requests, `is_request` looks at the
    keys of a body."""

    path: str
    is_request: Callable[[JsonObject], bool]
    read: Callable[[JsonObject], LoggedRequest]


class Texts:
    """Collects texts from strings and lists of parts, and remembers what was no text."""

    def __init__(self) -> None:
        self.lost: dict[str, None] = {}

    def of(self, value: JsonValue) -> str:
        """The text of a content: a string, or parts with `text`."""
        if not isinstance(value, list):
            return text_of(value)
        made = []
        for part in value:
            if isinstance(part, str):
                made.append(part)
            elif isinstance(part, dict) and isinstance(text := part.get("text"), str):
                made.append(text)
            elif isinstance(part, dict):
                kind = text_of(part.get("type")) or next(iter(part), "part")
                self.lost[kind] = None
                made.append(f"[{kind}]")
        return "\n".join(made)


def logged_result(
    call_id: str,
    content: JsonValue,
    texts: Texts,
    data_in: Callable[[JsonObject], tuple[str, str] | None],
    *,
    is_error: bool = False,
) -> LoggedResult:
    """A result whose content may have pictures in it; `data_in` gives the type and the base64 of one."""
    kept: list[JsonValue] = []
    found: list[Attachment] = []
    for part in content if isinstance(content, list) else []:
        data = data_in(part) if isinstance(part, dict) else None
        attachment = attachment_of(data[1], data[0]) if data is not None else None
        if attachment is None:
            kept.append(part)
        else:
            found.append(attachment)
    return LoggedResult(call_id, texts.of(kept if found else content), is_error, tuple(found))


def answer_body(document: JsonObject) -> LoggedAnswer:
    """An answer of this document."""
    return LoggedAnswer(body_text(document).encode())


def grouped(items: Sequence[JsonObject], is_answer: Callable[[JsonObject], bool]) -> list[list[JsonObject]]:
    """Neighbors that are parts of one answer, together; anything else alone."""
    made: list[list[JsonObject]] = []
    for item in items:
        if made and is_answer(item) and is_answer(made[-1][-1]):
            made[-1].append(item)
        else:
            made.append([item])
    return made


def messages_of(value: JsonValue) -> list[JsonObject]:
    """The messages of a body; a text alone is a person's."""
    return [{"role": "user", "content": value}] if isinstance(value, str) else objects_of(value)
