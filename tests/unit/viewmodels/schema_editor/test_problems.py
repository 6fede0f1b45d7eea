"""Problems are found while one types, and each has its line and column."""

import json

import pytest

from tests.support.tool_documents import BOOKING, booking_text, real_tools
from workbench.app.lint.project_lint import ALL_RULES
from workbench.app.lint.vendor_limits import LIMITS, count_findings
from workbench.core.json_text import JsonObject, pretty
from workbench.core.lint.description_rules import DESCRIPTION_RULES
from workbench.core.lint.rule import run_rules
from workbench.core.tool import Tool
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.problem import EditorProblem
from workbench.viewmodels.schema_editor.problem_list import ProblemList
from workbench.viewmodels.schema_editor.rows import outline

ABOUT_WORDS = {rule.id for rule in DESCRIPTION_RULES}


def problems_of(text: str, *, stem: str = "", others: tuple[Tool, ...] = ()) -> ProblemList:
    document = ToolDocument(text)
    return ProblemList(document, lambda: stem or str(document.value.get("name")), lambda: others)


def found_in(schema: JsonObject, **more: object) -> list[tuple[str, str]]:
    document = {"name": "t", "description": "d", "inputSchema": {"type": "object", **schema}, **more}
    items = problems_of(pretty(document)).items
    return [(item.path.removeprefix("/inputSchema"), item.message) for item in items if item.rule not in ABOUT_WORDS]


def only(schema: JsonObject, **more: object) -> tuple[str, str]:
    (found,) = found_in(schema, **more)
    return found


def test_a_good_tool_has_no_problems() -> None:
    assert {problem.rule for problem in problems_of(booking_text()).items} == {
        "undescribed-parameter",
        "default-never-used",
    }
    document = json.loads(booking_text())
    del document["inputSchema"]["properties"]["guest"]["properties"]
    for name, parameter in document["inputSchema"]["properties"].items():
        parameter["description"] = f"What the guests say about {name}"
        parameter.pop("default", None)
    document["inputSchema"]["properties"]["guest"]["required"] = []
    assert problems_of(pretty(document)).items == ()
    assert problems_of(pretty(document)).summary == "No problems"


def test_broken_json_is_the_one_problem_and_has_its_place() -> None:
    text = booking_text().replace('"people": {', '"people" {')
    (problem,) = problems_of(text).items
    line = text.splitlines()[problem.line - 1]
    assert '"people"' in line
    assert problem.column == line.index('"people"') + 1
    assert text[problem.start : problem.end] == '"people"'
    assert problem.severity == "error"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[1]", "JSON object"),
        ("", "nothing here"),
        ('{"name": "a", "name": "b"}', "twice"),
        ("{}", '"name"'),
        ('{"name": 3}', "must be a non-empty string"),
        ('{"name": "a", "description": [], "inputSchema": 3}', "of type string"),
        ('{"name": "a", "strict": "yes"}', "of type boolean"),
    ],
)
def test_what_is_no_tool_is_said(text: str, words: str) -> None:
    assert any(words in problem.message for problem in problems_of(text).items)


def test_the_meta_schema_speaks_at_the_place() -> None:
    path, message = only({"properties": {"a": {"type": "strin"}}})
    assert path.startswith("/properties/a/type")
    assert "strin" in message
    path, message = only({"required": "a"})
    assert path == "/required"
    assert only({"type": "array"})[0] == "/type"


@pytest.mark.parametrize(
    ("property_schema", "place", "words"),
    [
        ({"type": "integer", "default": "x"}, "/default", "default does not fit"),
        ({"type": "string", "enum": ["a", 1]}, "/enum/1", "does not fit"),
        ({"type": "string", "enum": ["a", "a"]}, "/enum/1", "listed twice"),
        ({"type": "string", "examples": ["a", 2]}, "/examples/1", "example does not fit"),
        ({"type": "string", "pattern": "("}, "/pattern", "ECMA 262 regular expression"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "/minLength", "above maxLength"),
        ({"$ref": "#/$defs/none"}, "/$ref", "leads nowhere"),
        ({"$ref": "https://example.com/x"}, "/$ref", "never fetched"),
    ],
)
def test_values_that_contradict_their_schema_are_found(property_schema: JsonObject, place: str, words: str) -> None:
    path, message = only({"properties": {"p": property_schema}})
    assert path == f"/properties/p{place}"
    assert words in message


def test_one_fault_of_the_schema_does_not_hide_what_is_wrong_elsewhere() -> None:
    found = found_in({"properties": {"a": {"minLength": "x", "default": 1}, "b": {"type": "integer", "default": "x"}}})
    assert [path for path, _ in found] == ["/properties/a/minLength", "/properties/b/default"]


def test_a_required_name_without_a_parameter_is_found() -> None:
    assert only({"properties": {"a": {}}, "required": ["a", "b"]})[0] == "/required/1"


def test_vendor_limits_are_told_in_time() -> None:
    found = [f.message for f in run_rules([LIMITS], {"name": "a b", "description": "x" * 1_100})]
    found += [f.message for f in count_findings(129)]
    assert len(found) == 4
    assert "letters, digits" in found[0]
    assert "1,100 characters" in found[1]
    assert "129 tools" in found[2]
    assert "65 characters" in next(run_rules([LIMITS], {"name": "x" * 65, "description": "d"})).message
    schema: JsonObject = {"properties": {"ä": {"properties": {"b c": {}}}}, "anyOf": [{}]}
    paths = [finding.path for finding in run_rules([LIMITS], {"name": "a", "description": "d", "inputSchema": schema})]
    assert paths == [
        "/inputSchema/anyOf",
        "/inputSchema",
        "/inputSchema/properties/ä",
        "/inputSchema/properties/ä/properties/b c",
    ]


def test_strict_mode_rules_speak_only_where_strict_is_wanted() -> None:
    schema: JsonObject = {"properties": {"a": {"type": "integer", "minimum": 1, "default": 2}}}
    assert found_in(schema) == []
    found = found_in(schema, strict=True)
    assert ("", "Strict mode of OpenAI: 'additionalProperties' must be false") in found
    assert ("/properties/a", "Strict mode of OpenAI: must be required, and may be null instead") in found
    assert ("/properties/a", "Strict mode of OpenAI: 'default' is not supported") in found
    assert ("/properties/a", "Strict mode of Anthropic: 'minimum' is not supported") in found


def test_a_file_with_another_name_than_its_tool_is_noted() -> None:
    (problem,) = (each for each in problems_of(booking_text(), stem="other").items if not each.rule)
    assert (problem.severity, problem.path, problem.line) == ("note", "/name", 2)


def test_problems_belong_to_the_innermost_row_and_come_worst_first() -> None:
    document = json.loads(booking_text())
    document["inputSchema"]["properties"]["guest"]["properties"]["name"]["minLength"] = "x"
    document["inputSchema"]["properties"]["people"]["default"] = 2
    document["name"] = "book a table"
    problems = problems_of(pretty(document))
    rows = outline(document)
    by_name = {row.name: [each for each in problems.of_row(row, rows) if each.severity == "error"] for row in rows}
    assert {name for name, found in by_name.items() if found} == {"book a table", "name"}
    assert problems.summary == "2 errors, 1 warning, 1 note"


def test_a_missing_place_is_shown_at_the_nearest_one() -> None:
    (problem,) = problems_of('{\n  "name": "a",\n  "inputSchema": {"type": "object"}\n}').items
    assert isinstance(problem, EditorProblem)
    assert (problem.path, problem.line) == ("", 1)


def test_hostile_schemas_cost_little_and_never_raise() -> None:
    deep: JsonObject = {"type": "string", "pattern": "(a+)+$", "default": "a" * 40}
    for _ in range(50):
        deep = {"properties": {"p": deep}, "default": {}}
    list(run_rules(ALL_RULES, {"name": "t", "inputSchema": {"type": "object", **deep}}))
    many: JsonObject = {"enum": [str(number) for number in range(20_000)], "default": "x"}
    list(run_rules(ALL_RULES, {"name": "t", "inputSchema": {"type": "object", "properties": {"p": many}}}))


def test_real_tools_have_no_errors_but_those_that_vendors_would_name() -> None:
    tools = real_tools()
    if not tools:
        pytest.skip("the shared fixtures are not here")
    errors = [
        (tool["name"], finding.path, finding.message)
        for tool in [*tools, BOOKING]
        for finding in run_rules(ALL_RULES, tool)
        if finding.severity == "error"
    ]
    assert errors == []
