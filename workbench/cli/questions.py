"""What servers ask in the middle of calls, at the terminal: a form, an address, or an answer of the model."""

from workbench.cli.keyboard import Keyboard
from workbench.cli.terminal import Terminal
from workbench.core.errors import MalformedJson
from workbench.core.form_schema import form_problems
from workbench.core.json_text import JsonObject, JsonValue, compact, parse_strict
from workbench.core.server_question import (
    Action,
    AddressAsked,
    FormAsked,
    ModelAsked,
    Reply,
    ServerQuestion,
    asked_line,
)
from workbench.core.visible_text import visible, visible_line

_BY = "person"
_CANCEL = Reply("cancel", by=_BY, note="end of input")
_YES, _NO = frozenset({"a", "answer", "accept", "approve", "y", "yes"}), frozenset({"d", "decline", "n", "no"})
_ACTIONS: dict[str, Action] = {
    **dict.fromkeys(_YES, "accept"),
    **dict.fromkeys(_NO, "decline"),
    **dict.fromkeys(("c", "cancel"), "cancel"),
}


async def ask_person(question: ServerQuestion, terminal: Terminal, keyboard: Keyboard) -> Reply:
    """The reply of the person at the keyboard. An unclear answer is asked again."""
    asked = question.asked
    words = _show(question, terminal)
    while True:
        answer = await keyboard.line(f"  {words} > ")
        if answer is None:
            return _CANCEL
        action = _ACTIONS.get(answer.strip().lower())
        if action == "accept" and isinstance(asked, FormAsked):
            content = await _filled_in(asked.schema, terminal, keyboard)
            return Reply("accept", by=_BY, content=content) if content is not None else _CANCEL
        if action is not None:
            return Reply(action, by=_BY)


def _show(question: ServerQuestion, terminal: Terminal) -> str:
    """Show all of the question, and give the answers there are, in words."""
    asked = question.asked
    terminal.say(f"  {visible_line(asked_line(question.server, asked))}", "warn")
    words = "answer [a] · decline [d] · cancel [c]"
    match asked:
        case AddressAsked():
            terminal.say("  Nothing opens it by itself: open it in a browser if you trust it, then answer.")
        case ModelAsked():
            words = "let the model answer [a] · decline [d] · cancel [c]"
            for role, text in (("system", asked.system), *asked.messages):
                if text:
                    terminal.say(f"    {role}: {visible(text)}")
        case FormAsked():
            for name, field in _fields(asked.schema):
                terminal.say(f"    {visible_line(name)} ({_wanted(field, name in _required(asked.schema))})")
    return words


async def _filled_in(schema: JsonObject, terminal: Terminal, keyboard: Keyboard) -> JsonObject | None:
    """The values, each asked until it fits; None at the end of input. An empty line takes the default, or nothing."""
    content: JsonObject = {}
    for name, field in _fields(schema):
        is_required = name in _required(schema)
        while True:
            text = await keyboard.line(f"  {visible_line(name)} ({_wanted(field, is_required)}) > ")
            if text is None:
                return None
            value = field.get("default") if not text.strip() else _value(text, field)
            if value is None and not is_required:
                break
            problems = form_problems({"type": "object", "properties": {name: field}}, {name: value})
            if value is not None and not problems:
                content[name] = value
                break
            why = problems[0].message if value is not None else "it is required"
            terminal.say(f"    {visible_line(why)}", "bad")
    return content


def _fields(schema: JsonObject) -> list[tuple[str, JsonObject]]:
    properties = schema["properties"]
    assert isinstance(properties, dict)
    return [(name, field) for name, field in properties.items() if isinstance(field, dict)]


def _required(schema: JsonObject) -> list[JsonValue]:
    required = schema.get("required")
    return required if isinstance(required, list) else []


def _value(text: str, field: JsonObject) -> JsonValue:
    """What was typed, as the field means it; what cannot be read so stays text, which then does not fit."""
    match field["type"]:
        case "string":
            return text
        case "boolean" if text.strip().lower() in (*_YES, *_NO, "true", "false"):
            return text.strip().lower() in (*_YES, "true")
        case "array":
            return [one.strip() for one in text.split(",") if one.strip()]
        case _:
            try:
                return parse_strict(text.strip())
            except MalformedJson:
                return text


def _wanted(field: JsonObject, is_required: bool) -> str:
    items = field.get("items")
    choices = field.get("enum") or (items.get("enum") if isinstance(items, dict) else None)
    parts = [str(field["type"]) + (", separated by commas" if field["type"] == "array" else "")]
    parts += [f"one of {compact(choices)}"] if choices else []
    parts += [visible_line(str(field["description"]), max_chars=200)] if field.get("description") else []
    parts += [f"default {compact(field['default'])}"] if "default" in field else ["required"] if is_required else []
    return "; ".join(parts)
