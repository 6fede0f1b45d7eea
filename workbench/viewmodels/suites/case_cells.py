"""A case as a row of a table that is typed into: its cells, and what a typed cell changes."""

import re

import msgspec

from workbench.core.errors import MalformedJson, UsageError
from workbench.core.json_text import compact, parse_strict_object
from workbench.core.suite.case import ASKS_BACK, NO_CALL, SPLITS, Case, Expected, WantedCall

CASE_COLUMNS = ("Id", "Request", "Expected", "Split", "Tags", "Cluster")
REQUEST = CASE_COLUMNS.index("Request")
_CALL = re.compile(r"(\S+)\s*(\{.*\})?", re.DOTALL)


def case_cells(case: Case) -> tuple[str, ...]:
    """As `CASE_COLUMNS`; only the last request of several turns is shown."""
    return case.case_id, case.request, expected_words(case), case.split, ", ".join(case.tags), case.cluster


def expected_words(case: Case) -> str:
    """`track_order {"order_id":"A-1002"}`, `no call`."""
    calls = case.turns[-1].expected.calls
    if len(calls) == 1 and len(case.turns) == 1 and calls[0].arguments:
        return f"{case.label} {compact(calls[0].arguments)}"
    return case.label


def edited_case(case: Case, column: str, text: str) -> Case:
    """The case with another text in one of its cells; the rest of it stays. Raises `UsageError` for a text that cannot
    stand there."""
    text = text.strip()
    turn = case.turns[-1]
    match column:
        case "Id":
            if not text:
                raise UsageError("a case needs an id")
            return msgspec.structs.replace(case, case_id=text)
        case "Request":
            if not text:
                raise UsageError("a case needs a request", hint="Type what the user says.")
            turn = msgspec.structs.replace(turn, request=text)
        case "Expected":
            if text == expected_words(case):
                return case
            found = _CALL.fullmatch(text) if text not in (NO_CALL, ASKS_BACK) else None
            if len(case.turns) > 1 or (text not in (NO_CALL, ASKS_BACK) and found is None):
                raise UsageError("this cannot be written in a cell", hint="Edit the case in its file.")
            made = expected_of(found[1] if found else text, (found[2] or "") if found else "")
            turn = msgspec.structs.replace(turn, expected=msgspec.structs.replace(made, never=turn.expected.never))
        case "Split":
            if text not in SPLITS:
                raise UsageError(f"{text!r} is not a split", hint=f"Use {' or '.join(SPLITS)}.")
            return msgspec.structs.replace(case, split=text)
        case "Tags":
            tags = tuple(dict.fromkeys(tag for tag in (each.strip() for each in text.split(",")) if tag))
            return msgspec.structs.replace(case, tags=tags)
        case _:
            return msgspec.structs.replace(case, cluster=text)
    return msgspec.structs.replace(case, turns=(*case.turns[:-1], turn))


def expected_of(expected: str, arguments_json: str) -> Expected:
    """What a tool, `no call` or `asked back`, with arguments as JSON or none, expects. Raises `UsageError`."""
    if expected == NO_CALL:
        return Expected()
    if expected == ASKS_BACK:
        return Expected(asks_back=True)
    if not arguments_json.strip():
        return Expected((WantedCall(expected),))
    try:
        return Expected((WantedCall(expected, parse_strict_object(arguments_json)),))
    except MalformedJson as error:
        raise UsageError(
            f"the expected arguments are not a JSON object: {error}", hint='Write for example {"city": "Tokyo"}.'
        ) from None
