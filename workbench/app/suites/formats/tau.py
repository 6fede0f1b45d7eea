"""τ²-bench tasks: what a user wants, and which actions have to have happened."""

from workbench.app.suites.formats.rows import Draft, Unsupported, literal, objects, report_of
from workbench.core.json_text import JsonObject, JsonValue
from workbench.core.suite.case_import import ImportReport
from workbench.core.tool import Toolset


def is_tau(document: JsonValue) -> bool:
    """Whether a list holds such tasks."""
    return any("evaluation_criteria" in each and "user_scenario" in each for each in objects(document)[:1])


def cases_of_tau(document: JsonValue, toolset: Toolset) -> ImportReport:
    """The cases of a list of tasks: calls that change something, in any order and with their arguments; reads are free
    on the way. `toolset` says which tools only read."""
    entries = [(str(task.get("id", number)), task) for number, task in enumerate(objects(document), 1)]
    return report_of("τ²-bench tasks", entries, lambda task: _draft(task, toolset))


def _draft(task: JsonObject, toolset: Toolset) -> Draft:
    scenario, criteria = task.get("user_scenario"), task.get("evaluation_criteria")
    told = scenario.get("instructions") if isinstance(scenario, dict) else None
    actions = objects(criteria.get("actions")) if isinstance(criteria, dict) else []
    lost = ["the user is not simulated: everything is said at once"]
    calls: list[JsonValue] = []
    for action in actions:
        name, arguments = str(action.get("name", "")), action.get("arguments")
        tool = toolset.named(name)
        if tool is None:
            raise Unsupported(f"the project has no tool {name!r}", "unresolved")
        if tool.is_read_only:
            continue
        compared = action.get("compare_args")
        kept = arguments if isinstance(arguments, dict) else {}
        if isinstance(compared, list):
            kept = {key: value for key, value in kept.items() if key in compared}
        calls.append({"tool": name, "arguments": literal(kept), "match": "partial" if compared else "exact"})
    if isinstance(criteria, dict):
        lost += (
            ["what the agent has to say"] if criteria.get("communicate_info") or criteria.get("nl_assertions") else []
        )
    text = _request(told)
    if not text:
        raise Unsupported("nothing says what the user wants")
    return Draft({"id": str(task.get("id", "")), "request": text, "expected": calls or None}, lost)


def _request(told: JsonValue) -> str:
    if isinstance(told, str):
        return told
    if not isinstance(told, dict):
        return ""
    return "\n".join(str(told[key]) for key in ("reason_for_call", "known_info", "task_instructions") if told.get(key))
