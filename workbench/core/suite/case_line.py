"""A case as one line of JSON. The plainest line is enough:

    {"id": "w-1", "request": "Where is A-1002?", "expected": "track_order"}

`expected` is a tool, null for no call, `{"asks_back": true}`, one call as `{"tool", "arguments"?, "match"?,
"at_least"?, "at_most"?}`, a list of tools and calls, or `{"calls": […], "in_order": true}`. Beside it may stand
`also_ok`, `never` and, for a single tool, `arguments` and `match` ("partial" or "exact"). `turns` is a list of
`{"request", "expected", …}` for several turns.
`earlier`, `tools` (names, or whole tools), `results`, `tags`, `notes`, `cluster` and `split` belong to the whole case.
"""

from collections.abc import Iterator
from difflib import get_close_matches

import msgspec

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonObject, JsonValue, type_name
from workbench.core.suite.case import (
    SPLITS,
    Case,
    CaseTurn,
    EarlierEntry,
    Expected,
    ServedResult,
    WantedCall,
)
from workbench.core.suite.matcher import matcher_faults
from workbench.core.tool import Tool

_TURN_KEYS = ("request", "expected", "also_ok", "never", "arguments", "match")
_CASE_KEYS = ("id", "turns", "earlier", "tools", "results", "tags", "notes", "cluster", "split")
_CALL_KEYS = ("tool", "arguments", "match", "at_least", "at_most")
_RESULT_KEYS = ("tool", "result", "arguments", "is_error")
_EARLIER_KEYS = ("user", "assistant", "tool", "arguments", "result")
MATCHES = ("partial", "exact")
MOST_COUNTED = 99


def read_case(document: JsonObject, line: int = 0) -> Case:
    """The case that a line stands for. Raises `ProjectError`, whose hint says how to fix the line."""
    _check_keys(document, (*_CASE_KEYS, *_TURN_KEYS), "a case")
    case_id = _text(document, "id")
    if not case_id.strip():
        raise ProjectError("the case has no id", hint='Add "id": "…", unique in the file.')
    turns: tuple[CaseTurn, ...]
    several = document.get("turns")
    if several is None:
        turns = (_turn(document),)
    elif set(_TURN_KEYS) & set(document):
        raise ProjectError(
            '"turns" cannot be combined with "request" or "expected"', hint="Move them into the list of turns."
        )
    else:
        for turn in _objects(document, "turns"):
            _check_keys(turn, _TURN_KEYS, "a turn")
        turns = tuple(_turn(turn) for turn in _objects(document, "turns"))
    if not turns:
        raise ProjectError("the case has no turns", hint='Add "request" and "expected".')
    split = _text(document, "split") or "tune"
    if split not in SPLITS:
        raise ProjectError(f"{split!r} is not a split", hint=f"Use {' or '.join(SPLITS)}.")
    return Case(
        case_id=case_id,
        turns=turns,
        earlier=tuple(_earlier(entry) for entry in _objects(document, "earlier")),
        tools=tuple(each for each in _tools(document) if isinstance(each, str)),
        offers=tuple(each for each in _tools(document) if isinstance(each, dict)),
        results=tuple(_result(result) for result in _objects(document, "results")),
        tags=_texts(document, "tags"),
        notes=_text(document, "notes"),
        cluster=_text(document, "cluster"),
        split=split,
        line=line,
    )


def case_document(case: Case) -> JsonObject:
    """The shortest line that stands for the case."""
    document: JsonObject = {"id": case.case_id}
    if len(case.turns) == 1:
        document |= _turn_document(case.turns[0])
    else:
        document["turns"] = [_turn_document(turn) for turn in case.turns]
    for name in ("earlier", "results"):
        if found := getattr(case, name):
            document[name] = msgspec.to_builtins(found)
    if case.tools or case.offers:
        document["tools"] = [*case.tools, *case.offers]
    if case.tags:
        document["tags"] = list(case.tags)
    for name in ("notes", "cluster"):
        if found := getattr(case, name):
            document[name] = found
    if case.split != "tune":
        document["split"] = case.split
    return document


def _turn(document: JsonObject) -> CaseTurn:
    request = _text(document, "request")
    if not request.strip():
        raise ProjectError("the case has no request", hint='Add "request": "what the user says".')
    if "expected" not in document:
        raise ProjectError(
            "the case has no expectation", hint='Add "expected": a tool, null for no call, or {"asks_back": true}.'
        )
    return CaseTurn(request, _expected(document))


def _expected(document: JsonObject) -> Expected:
    wanted = document["expected"]
    also_ok, never = _texts(document, "also_ok"), _texts(document, "never")
    in_order = asks_back = False
    calls: tuple[WantedCall, ...] = ()
    match wanted:
        case None | []:
            pass
        case dict() if wanted == {"asks_back": True}:
            asks_back = True
        case dict() if "calls" in wanted:
            _check_keys(wanted, ("calls", "in_order"), '"expected"')
            found = wanted["calls"]
            if not isinstance(found, list):
                raise ProjectError(f'"calls" is a {type_name(found)}', hint="Write it as a list of tools and calls.")
            calls, in_order = tuple(_call(each) for each in found), wanted.get("in_order") is True
        case list():
            calls = tuple(_call(each) for each in wanted)
        case str() | dict():
            calls = (_call(wanted),)
        case _:
            raise ProjectError(
                f'"expected" is a {type_name(wanted)}', hint='Use a tool, null for no call, or {"asks_back": true}.'
            )
    if "arguments" in document or "match" in document:
        if len(calls) != 1:
            raise ProjectError(
                '"arguments" needs exactly one expected call', hint="Write them into the calls of the list."
            )
        beside: JsonObject = {key: document[key] for key in ("arguments", "match") if key in document}
        calls = (_call({"tool": calls[0].tool, **beside}),)
    if also_ok and not calls:
        raise ProjectError('"also_ok" needs an expected call', hint='Name a tool in "expected".')
    return Expected(calls, in_order, asks_back, also_ok, never)


def _call(document: JsonValue) -> WantedCall:
    if isinstance(document, str):
        document = {"tool": document}
    if not isinstance(document, dict):
        raise ProjectError(f"an expected call is a {type_name(document)}", hint='Use "tool" or {"tool": …}.')
    _check_keys(document, _CALL_KEYS, "an expected call")
    tool = _text(document, "tool")
    if not tool:
        raise ProjectError("an expected call names no tool", hint='Add "tool": "…".')
    match = _text(document, "match") or "partial"
    if match not in MATCHES:
        raise ProjectError(f"{match!r} is an unknown match mode", hint=f"Use {' or '.join(MATCHES)}.")
    arguments = _object_or_none(document, "arguments")
    faults = next(matcher_faults(arguments), None) if arguments is not None else None
    if faults is not None:
        raise ProjectError(faults, hint="Correct the matcher.")
    at_least = _count(document, "at_least", 1)
    at_most = _count(document, "at_most", max(1, at_least))
    if at_least > at_most or at_most == 0:
        raise ProjectError(f"{tool} at least {at_least} and at most {at_most} times is impossible")
    return WantedCall(tool, arguments, match == "exact", at_least, at_most)


def _result(document: JsonObject) -> ServedResult:
    _check_keys(document, _RESULT_KEYS, "a result")
    tool = _text(document, "tool")
    if not tool:
        raise ProjectError("a result names no tool", hint='Add "tool": "…".')
    return ServedResult(
        tool, document.get("result"), _object_or_none(document, "arguments"), document.get("is_error") is True
    )


def _earlier(document: JsonObject) -> EarlierEntry:
    _check_keys(document, _EARLIER_KEYS, 'an entry of "earlier"')
    if sum(key in document for key in ("user", "assistant", "tool")) != 1:
        raise ProjectError('an entry of "earlier" needs one of "user", "assistant" and "tool"')
    return EarlierEntry(
        _text(document, "user"),
        _text(document, "assistant"),
        _text(document, "tool"),
        _object_or_none(document, "arguments") or {},
        document.get("result"),
    )


def _turn_document(turn: CaseTurn) -> JsonObject:
    expected = turn.expected
    document: JsonObject = {"request": turn.request}
    calls: list[JsonValue] = [_call_document(call) for call in expected.calls]
    if expected.asks_back:
        document["expected"] = {"asks_back": True}
    elif expected.in_order:
        document["expected"] = {"calls": calls, "in_order": True}
    elif not calls:
        document["expected"] = None
    else:
        document["expected"] = calls if len(calls) > 1 else calls[0]
    plain = expected.calls[0] if len(expected.calls) == 1 and not expected.in_order else None
    if plain is not None and plain.arguments is not None and (plain.at_least, plain.at_most) == (1, 1):
        document |= {"expected": plain.tool, "arguments": plain.arguments}
        document |= {"match": "exact"} if plain.exactly else {}
    for name in ("also_ok", "never"):
        if found := getattr(expected, name):
            document[name] = list(found)
    return document


def _call_document(call: WantedCall) -> JsonValue:
    document: JsonObject = {"tool": call.tool}
    if call.arguments is not None:
        document["arguments"] = call.arguments
    if call.exactly:
        document["match"] = "exact"
    if call.at_least != 1:
        document["at_least"] = call.at_least
    if call.at_most != max(1, call.at_least):
        document["at_most"] = call.at_most
    return call.tool if len(document) == 1 else document


def _check_keys(document: JsonObject, known: tuple[str, ...], what: str) -> None:
    for key in document:
        if key not in known:
            near = get_close_matches(key, known, 1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(known)}."
            raise ProjectError(f"{what} has no key {key!r}", hint=hint)


def _text(document: JsonObject, key: str) -> str:
    value = document.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ProjectError(f'"{key}" is a {type_name(value)}', hint="Write it as a string.")
    return value


def _texts(document: JsonObject, key: str) -> tuple[str, ...]:
    value = document.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ProjectError(f'"{key}" is not a list of strings', hint=f'Write it as "{key}": ["…"].')
    return tuple(map(str, value))


def _tools(document: JsonObject) -> tuple[JsonValue, ...]:
    """Names of the project's tools, or whole tools of the case's own; not both."""
    value = document.get("tools")
    if value is None:
        return ()
    if not isinstance(value, list) or len({type(each) for each in value}) > 1:
        raise ProjectError('"tools" is not a list of names, or of tools', hint="Name tools, or write them out.")
    for each in value:
        if isinstance(each, dict):
            Tool(each)
        elif not isinstance(each, str):
            raise ProjectError(f'"tools" holds a {type_name(each)}', hint="Name tools, or write them out.")
    return tuple(value)


def _objects(document: JsonObject, key: str) -> Iterator[JsonObject]:
    value = document.get(key)
    if value is None:
        return
    if not isinstance(value, list):
        raise ProjectError(f'"{key}" is a {type_name(value)}', hint="Write it as a list of objects.")
    for each in value:
        if not isinstance(each, dict):
            raise ProjectError(f'"{key}" holds a {type_name(each)}', hint="Write it as a list of objects.")
        yield each


def _object_or_none(document: JsonObject, key: str) -> JsonObject | None:
    value = document.get(key)
    if value is not None and not isinstance(value, dict):
        raise ProjectError(f'"{key}" is a {type_name(value)}', hint="Write it as an object.")
    return value


def _count(document: JsonObject, key: str, default: int) -> int:
    value = document.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_COUNTED:
        raise ProjectError(f'"{key}" is not a number from 0 to {MOST_COUNTED}')
    return value
