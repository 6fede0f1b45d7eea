"""Google ADK evalsets: `*.evalset.json`."""

from workbench.app.suites.formats.rows import Draft, Unsupported, literal, objects, report_of
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case_import import ImportReport


def is_adk(document: JsonObject) -> bool:
    """Whether a document is an evalset."""
    return "eval_cases" in document


def cases_of_adk(document: JsonObject) -> ImportReport:
    """The cases of an evalset. Calls come in order with exactly their arguments; `args: {}` is taken for “not checked”,
    as hand-written sets mean it, and said so."""
    entries = [
        (str(case.get("eval_id", number)), case) for number, case in enumerate(objects(document.get("eval_cases")), 1)
    ]
    return report_of("an ADK evalset", entries, _draft)


def _draft(case: JsonObject) -> Draft:
    lost: list[str] = []
    turns: list[JsonValue] = []
    for invocation in objects(case.get("conversation")):
        content, between = invocation.get("user_content"), invocation.get("intermediate_data")
        parts = objects(content.get("parts")) if isinstance(content, dict) else []
        uses = objects(between.get("tool_uses")) if isinstance(between, dict) else []
        calls: list[JsonValue] = []
        for use in uses:
            arguments = use.get("args")
            if arguments:
                calls.append({"tool": str(use.get("name", "")), "arguments": literal(arguments), "match": "exact"})
            else:
                calls.append(str(use.get("name", "")))
                lost.append("empty arguments are taken for “not checked”")
        if invocation.get("final_response"):
            lost.append("the expected text of the answer")
        text = "\n".join(str(part["text"]) for part in parts if "text" in part)
        turns.append({"request": text, "expected": {"calls": calls, "in_order": True} if len(calls) > 1 else calls})
    if not turns:
        raise Unsupported("it has no conversation")
    if case.get("session_input"):
        lost.append("the state of the session")
    return Draft({"id": str(case.get("eval_id", "")), "turns": turns}, lost)
