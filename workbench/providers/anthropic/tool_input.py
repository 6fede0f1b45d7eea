"""Arguments as this wire wants them back: a JSON object, whatever the model wrote."""

import msgspec

from workbench.core.json_text import JsonValue
from workbench.providers.body_json import raw_json

MALFORMED_KEY = "malformed_arguments"


def input_of(arguments_json: str) -> JsonValue:
    """The text itself where it is a JSON object; else an object that holds the text.

    The API refuses anything else in `tool_use.input`, and the model should see what it wrote.
    """
    if not arguments_json.strip():
        return {}
    return raw_json(arguments_json) if _is_object(arguments_json) else {MALFORMED_KEY: arguments_json}


def _is_object(text: str) -> bool:
    try:
        return isinstance(msgspec.json.decode(text), dict)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        return False
