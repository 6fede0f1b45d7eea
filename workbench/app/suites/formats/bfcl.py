"""The Berkeley Function Calling Leaderboard, version 4: questions, with their answers from the folder beside them."""

import re
from pathlib import Path

from workbench.app.suites.formats.rows import Draft, Unsupported, literal, objects, report_of, texts
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.core.suite.case_import import ImportReport

ANSWERS = "possible_answer"
_TYPES = {
    **dict.fromkeys(("dict", "HashMap", "Hashtable", "object"), "object"),
    **dict.fromkeys(("float", "double", "number"), "number"),
    **dict.fromkeys(("tuple", "list", "ArrayList", "Array", "Queue", "Stack", "array"), "array"),
    **dict.fromkeys(("bool", "boolean", "Boolean"), "boolean"),
    **dict.fromkeys(("integer", "byte", "short", "long", "int"), "integer"),
}
_CATEGORY = re.compile(r"^(.*?)_\d")
_UNREAD = ("java", "javascript", "multi_turn", "memory", "web_search", "sql", "rest")


def is_bfcl(entry: JsonObject) -> bool:
    """Whether a line is one of its questions."""
    return "question" in entry and "function" in entry


def cases_of_bfcl(entries: list[JsonObject], path: Path) -> ImportReport:
    """The cases of a file of questions. Each has its own tools, with dots in names replaced by underscores."""
    answers = _answers(path.parent / ANSWERS / path.name)
    named = [(str(entry.get("id", number)), entry) for number, entry in enumerate(entries, 1)]
    return report_of("BFCL questions", named, lambda entry: _draft(entry, answers))


def _draft(entry: JsonObject, answers: dict[str, JsonObject]) -> Draft:
    name = str(entry.get("id", ""))
    found = _CATEGORY.match(name)
    category = found[1] if found else name
    if any(word in category for word in _UNREAD):
        raise Unsupported(f"{category} is judged by running code")
    turns = entry.get("question")
    messages = objects(turns[0]) if isinstance(turns, list) and len(turns) == 1 else []
    if not messages or messages[-1].get("role") != "user":
        raise Unsupported("it is not one question of a user")
    lost = ["the system message"] if any(message.get("role") == "system" for message in messages) else []
    earlier: list[JsonValue] = [
        {str(message["role"]): str(message.get("content", ""))}
        for message in messages[:-1]
        if message.get("role") in ("user", "assistant")
    ]
    document: JsonObject = {
        "id": name,
        "request": str(messages[-1].get("content", "")),
        "tools": [_tool(function) for function in objects(entry.get("function"))],
        "tags": [category],
        **({"earlier": earlier} if earlier else {}),
    }
    names = [str(function.get("name", "")).replace(".", "_") for function in objects(entry.get("function"))]
    if "irrelevance" in category:
        return Draft({**document, "expected": None}, lost)
    if "relevance" in category:
        call: JsonObject = {"tool": names[0], "at_most": 99}
        return Draft({**document, "expected": call, "also_ok": list[JsonValue](names[1:])}, lost)
    answer = answers.get(name)
    if answer is None:
        raise Unsupported(f"there is no answer in {ANSWERS}", "unresolved")
    parameters = {str(each.get("name")): each.get("parameters") for each in objects(entry.get("function"))}
    calls: list[JsonValue] = [
        {"tool": tool.replace(".", "_"), "arguments": _wanted(arguments, tool, parameters.get(tool)), "match": "exact"}
        for truth in objects(answer.get("ground_truth"))
        for tool, arguments in truth.items()
    ]
    return Draft({**document, "expected": calls}, lost)


def _wanted(arguments: JsonValue, tool: str, parameters: JsonValue) -> JsonObject:
    """Required arguments must be given, even if an answer says they may be left out, and unknown ones must not: the
    checker tests both first."""
    given = arguments if isinstance(arguments, dict) else {}
    schema = parameters if isinstance(parameters, dict) else {}
    required, properties = texts(schema.get("required")), schema.get("properties")
    known = properties if isinstance(properties, dict) else {}
    for name in required:
        if name not in given:
            raise Unsupported(f"its answer lacks {name}, which {tool} requires", "unresolved")
    wanted: JsonObject = {}
    for name, values in given.items():
        described = known.get(name)
        if isinstance(described, dict):
            wanted[name] = _accepted(values, str(described.get("type")), may_omit=name not in required)
        elif not isinstance(values, list) or "" not in values:
            raise Unsupported(f"its answer gives {name}, which {tool} does not have", "unresolved")
    return wanted


def _accepted(values: JsonValue, kind: str = "string", *, may_omit: bool = True) -> JsonValue:
    """Any of the accepted values; an empty string among them means that it may be left out, and a list be empty. A
    string for another type stands for a variable, and is compared as it is."""
    accepted = values if isinstance(values, list) else [values]
    options = [
        each if isinstance(each, str) and kind not in ("string", "any") else _option(each)
        for each in accepted
        if each != ""
    ]
    is_optional = may_omit and "" in accepted
    if "" in accepted and options and kind in ("array", "tuple"):
        options.append([])
    if not options:
        return {"$optional": ""} if may_omit else ""
    found: JsonValue = options[0] if len(options) == 1 else {"$one_of": options}
    return {"$optional": found} if is_optional else found


def _option(value: JsonValue) -> JsonValue:
    match value:
        case str():
            return {"$text": value}
        case list():
            return [_option(each) for each in value]
        case dict():
            return {name: _accepted(each) for name, each in value.items()}
        case _:
            return literal(value)


def _tool(function: JsonObject) -> JsonObject:
    parameters = function.get("parameters")
    return {
        "name": str(function.get("name", "")).replace(".", "_"),
        "description": str(function.get("description", "")),
        "inputSchema": _schema(parameters if isinstance(parameters, dict) else {"type": "dict"}),
    }


def _schema(node: JsonObject) -> JsonObject:
    made = dict(node)
    kind = node.get("type")
    if isinstance(kind, str):
        made["type"] = _TYPES.get(kind, "string")
        if kind in ("float", "double"):
            made |= {"format": "float", "description": f"{node.get('description', '')} This is a float type value."}
    properties, items = node.get("properties"), node.get("items")
    if isinstance(properties, dict):
        made["properties"] = {
            name: _schema(each) if isinstance(each, dict) else each for name, each in properties.items()
        }
    if isinstance(items, dict):
        made["items"] = _schema(items)
    return made


def _answers(path: Path) -> dict[str, JsonObject]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    except (OSError, UnicodeDecodeError):
        return {}
    found: dict[str, JsonObject] = {}
    for line in filter(str.strip, lines):
        try:
            entry = parse_strict(line)
        except MalformedJson:
            continue
        if isinstance(entry, dict):
            found[str(entry.get("id", ""))] = entry
    return found
