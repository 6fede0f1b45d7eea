"""What goes back in a conversation, so that every server takes it. What really came stays in the log.

Servers read the arguments of earlier calls with a JSON parser of their own and refuse the whole request where that
fails; the same goes for the name of a call that no tool could have. A conversation must not end because of what a model
wrote.
"""

import hashlib
import re
from collections.abc import Collection

import msgspec

from workbench.core.json_text import JsonValue
from workbench.core.message import Attachment, ToolResult
from workbench.core.tool import PORTABLE_NAME
from workbench.providers.body_json import body_text, raw_json

MALFORMED_KEY = "malformed_arguments"
SILENT_ERROR = "The tool reported an error and said nothing about it."
_NOT_PORTABLE = re.compile(r"[^A-Za-z0-9_-]")


def sent_arguments(arguments_json: str) -> str:
    """The text itself where it is a JSON object, `{}` for no text, else an object that holds the text: so the model can
    see what it wrote."""
    if not arguments_json.strip():
        return "{}"
    return arguments_json if _is_object(arguments_json) else body_text({MALFORMED_KEY: arguments_json})


def sent_input(arguments_json: str) -> JsonValue:
    """The same as a value to embed in a body."""
    return raw_json(sent_arguments(arguments_json))


def sent_name(name: str, offered: Collection[str]) -> str:
    """The name of a call: as it is where a tool has it or could have it, else the nearest that a tool could have."""
    if name in offered or PORTABLE_NAME.fullmatch(name):
        return name
    if not name.strip():
        return "unnamed_tool"
    mark = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{_NOT_PORTABLE.sub('_', name)[:55]}_{mark}"


def sent_result(result: ToolResult, pictures: Collection[Attachment] = ()) -> str:
    """The text of a result, with a note on what it holds beside the `pictures` that are sent. Some vendors refuse an
    error without text, and it does not help the model."""
    text = SILENT_ERROR if result.is_error and not result.text.strip() else result.text
    note = sent_note(result, pictures)
    return f"{text}\n{note}" if note else text


def sent_note(result: ToolResult, pictures: Collection[Attachment] = ()) -> str:
    """How much of what a result holds is not sent; empty where it all is."""
    held = sum(not one.is_text for one in result.attachments)
    left = held - len(pictures)
    some = f"{left} of {held} attachments" if left < held else f"{held} attachment{'s' * (held > 1)}"
    return f"[Not shown to you: {some}]" if left else ""


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return False
