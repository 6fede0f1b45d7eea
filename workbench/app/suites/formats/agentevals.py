"""agentevals and LangSmith trajectories: lists of chat messages, of which those of the reference say what is right."""

from workbench.app.suites.formats.rows import Draft, Unsupported, literal, objects, report_of
from workbench.core.errors import MalformedJson
from workbench.core.json_text import JsonObject, JsonValue, parse_strict
from workbench.core.suite.case_import import ImportReport

_REFERENCES = ("reference_outputs", "reference_trajectory", "reference")
_MODES = {
    "strict": "",
    "unordered": "",
    "subset": "that fewer calls are right as well",
    "superset": "that further calls are right as well: here only harmless reads are",
}
_ARGUMENT_MODES = {"exact": "exact", "superset": "partial", "subset": "exact", "ignore": ""}


def is_agentevals(document: JsonValue) -> bool:
    """Whether a JSON document is such a trajectory, or a list of them."""
    if isinstance(document, list):
        return bool(document) and (_is_messages(document) or all(is_agentevals(each) for each in document[:5]))
    if not isinstance(document, dict):
        return False
    return any(_messages(document.get(key)) for key in (*_REFERENCES, "outputs"))


def cases_of_agentevals(document: JsonValue) -> ImportReport:
    """A case for each trajectory. What the reference does is expected; `outputs` is where there is no reference."""
    entries = [document] if isinstance(document, dict) or _is_messages(document) else document
    drafts: list[tuple[str, JsonObject]] = []
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        found: JsonObject = {"outputs": entry} if isinstance(entry, list) else dict(entry) if entry else {}  # type: ignore[arg-type]
        label = str(found.get("id") or found.get("name") or f"trajectory-{number}")
        drafts.append((label, {**found, "id": label}))
    return report_of("agentevals trajectories", drafts, _draft)


def _draft(entry: JsonObject) -> Draft:
    reference = next((entry[key] for key in _REFERENCES if _messages(entry.get(key))), entry.get("outputs"))
    asked = _messages(entry.get("inputs"))
    messages = _messages(reference)
    if not any(message.get("role") in ("user", "human") for message in messages):
        messages = [*asked, *messages]
    lost: list[str] = []
    mode = str(entry.get("trajectory_match_mode", "strict"))
    if mode not in _MODES:
        raise Unsupported(f"the match mode {mode!r} is unknown", "unresolved")
    lost += [_MODES[mode]] if _MODES[mode] else []
    matching = str(entry.get("tool_args_match_mode", "exact"))
    if matching not in _ARGUMENT_MODES:
        raise Unsupported(f"the match mode {matching!r} of arguments is unknown", "unresolved")
    lost += ["that fewer arguments are right as well"] if matching == "subset" else []
    turns = _turns(messages, _ARGUMENT_MODES[matching], lost)
    for turn in turns:
        calls = turn.pop("calls")
        assert isinstance(calls, list)
        is_ordered = mode == "strict" and len(calls) > 1
        turn["expected"] = {"calls": calls, "in_order": True} if is_ordered else calls or None
    results: JsonValue = list[JsonValue](_results(messages))
    document: JsonObject = {"id": entry["id"], **({"results": results} if results else {})}
    return Draft(document | ({"turns": list[JsonValue](turns)} if len(turns) > 1 else turns[0]), lost)


def _turns(messages: list[JsonObject], match: str, lost: list[str]) -> list[JsonObject]:
    turns: list[JsonObject] = []
    for message in messages:
        role = str(message.get("role", message.get("type", "")))
        if role in ("user", "human"):
            turns.append({"request": _said(message.get("content")), "calls": []})
        elif role in ("system", "developer"):
            lost.append("the instructions: the project's apply")
        elif role in ("assistant", "ai"):
            calls = turns[-1]["calls"] if turns else []
            assert isinstance(calls, list)
            calls += [_call(call, match) for call in objects(message.get("tool_calls"))]
    if not turns:
        raise Unsupported("no message of a user says what was asked", "unresolved")
    return turns


def _call(call: JsonObject, match: str) -> JsonObject:
    name, arguments = _parts(call)
    return {"tool": name, "arguments": literal(arguments), "match": match} if match else {"tool": name}


def _parts(call: JsonObject) -> tuple[str, JsonObject]:
    """The name and arguments, as the vendors' chat format has them or as LangChain does."""
    function = call.get("function")
    source = function if isinstance(function, dict) else call
    given = source.get("arguments", source.get("args", {}))
    if isinstance(given, str):
        try:
            given = parse_strict(given)
        except MalformedJson:
            given = None
    if not isinstance(given, dict):
        raise Unsupported("the arguments of a call are not a JSON object")
    return str(source.get("name", "")), given


def _results(messages: list[JsonObject]) -> list[JsonObject]:
    calls = {str(call.get("id")): _parts(call) for each in messages for call in objects(each.get("tool_calls"))}
    found: list[JsonObject] = []
    for message in messages:
        known = calls.get(str(message.get("tool_call_id")))
        if message.get("role", message.get("type")) == "tool" and known is not None:
            result: JsonValue = _said(message.get("content"))
            found.append({"tool": known[0], "arguments": literal(known[1]), "result": result})
    return found


def _said(content: JsonValue) -> str:
    if isinstance(content, str):
        return content
    return " ".join(str(part.get("text", "")) for part in objects(content)).strip()


def _messages(value: JsonValue) -> list[JsonObject]:
    if isinstance(value, dict):
        value = value.get("messages")
    return objects(value) if _is_messages(value) else []


def _is_messages(value: JsonValue) -> bool:
    found = objects(value)
    return bool(found) and isinstance(value, list) and len(found) == len(value) and all(_is_message(m) for m in found)


def _is_message(message: JsonObject) -> bool:
    return "role" in message or (message.get("type") in ("human", "ai", "tool", "system") and "content" in message)
