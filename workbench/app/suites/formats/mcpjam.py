"""MCPJam eval suites, schemaVersion "1"."""

from workbench.app.suites.formats.rows import Draft, Unsupported, literal, objects, report_of
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case_import import ImportReport

_RENDERED = "it is about what a widget shows"
_LOST = {
    "responseContains": "what the answer has to contain",
    "responseMatches": "a pattern for the answer",
    "noToolErrors": "that no tool fails",
    "finalAssistantMessageNonEmpty": "that the answer is not empty",
    "tokenBudgetUnder": "a limit of tokens",
    "turnCountUnder": "a limit of turns",
}


def is_mcpjam(document: JsonObject) -> bool:
    """Whether a document is such a suite."""
    return document.get("schemaVersion") == "1" and "cases" in document and "suite" in document


def cases_of_mcpjam(document: JsonObject) -> ImportReport:
    """The cases of a suite. Prompts become turns; assertions about the answer's text are lost, and said so."""
    entries = [(str(case.get("id", number)), case) for number, case in enumerate(objects(document.get("cases")), 1)]
    return report_of("an MCPJam suite", entries, _draft)


def _draft(case: JsonObject) -> Draft:
    if case.get("disabled") is True:
        raise Unsupported("it is disabled")
    lost: list[str] = []
    turns: list[JsonObject] = []
    asserted: list[list[JsonObject]] = []
    for step in objects(case.get("steps")):
        match step.get("kind"):
            case "prompt":
                turns.append({"request": str(step.get("prompt", ""))})
                asserted.append([])
            case "assert" if asserted and isinstance(step.get("assertion"), dict):
                asserted[-1] += objects([step["assertion"]])
            case "toolCall":
                lost.append("a call that is made without the model")
            case _:
                raise Unsupported(_RENDERED)
    if not turns:
        raise Unsupported("it has no prompt")
    asserted[-1] += objects(case.get("assertions"))
    for turn, assertions in zip(turns, asserted, strict=True):
        turn |= _expected(assertions, lost, is_negative=case.get("isNegativeTest") is True)
    if case.get("expectedOutput"):
        lost.append("the expected text of the answer")
    document: JsonObject = {"id": str(case.get("id", "")), "notes": str(case.get("title", ""))}
    return Draft(document | ({"turns": list[JsonValue](turns)} if len(turns) > 1 else turns[0]), lost)


def _expected(assertions: list[JsonObject], lost: list[str], *, is_negative: bool) -> JsonObject:
    calls: list[JsonValue] = []
    never: list[JsonValue] = []
    for assertion in assertions:
        tool = str(assertion.get("toolName", ""))
        match assertion.get("type"):
            case "toolCalledWith":
                calls.append(_call(tool, assertion))
            case "toolCalledAtLeastOnce":
                calls.append({"tool": tool, "at_most": 99})
            case "firstToolWas":
                calls.append(tool)
                lost.append(f"that {tool} comes first: harmless reads may come before it")
            case "toolNeverCalled":
                never.append(tool)
            case str(kind) if kind in _LOST:
                lost.append(_LOST[kind])
            case _:
                raise Unsupported(_RENDERED)
    if not calls and not is_negative and not never:
        raise Unsupported("nothing says which tool is expected")
    return {"expected": calls or None, "never": never} if never else {"expected": calls or None}


def _call(tool: str, assertion: JsonObject) -> JsonObject:
    found = assertion.get("args")
    wanted = found if isinstance(found, dict) else {}
    matching, arguments = wanted.get("argumentMatching", "partial"), wanted.get("args", {})
    count = assertion.get("minCount", 1)
    call: JsonObject = {"tool": tool, "at_least": count if isinstance(count, int) else 1, "at_most": 99}
    if matching == "ignore":
        return call
    return call | {"arguments": literal(arguments), "match": "exact" if matching == "exact" else "partial"}
