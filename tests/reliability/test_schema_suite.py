"""G15 · The schema editor keeps the meaning, and the verdicts are those of the public JSON-Schema-Test-Suite.

Two differences are wanted: `format` is judged and not only noted, and no reference is ever fetched. Everything else has
to agree, and nothing may raise.
"""

import json
from typing import Any

import pytest

from tests.support.schema_suite import Group, suite_archive, suite_groups
from tests.support.tally import counted
from tests.support.tool_documents import real_tools
from tests.unit.viewmodels.schema_editor.test_round_trip import rewrite_every_field
from workbench.core.json_text import canonical, pretty
from workbench.core.schema import check_arguments
from workbench.viewmodels.schema_editor.document import ToolDocument
from workbench.viewmodels.schema_editor.form import Form

UNKNOWN_VOCABULARY = "schema that uses custom metaschema with with no validation vocabulary"
needs_suite = pytest.mark.skipif(suite_archive() is None, reason="the schema test suite is not on this machine")


def judged(group: Group) -> Any:
    """The schema as the root of a tool's parameters could be: an object, also where the suite has true or false."""
    return group.schema if isinstance(group.schema, dict) else {"allOf": [group.schema]}


@needs_suite
def test_the_verdicts_of_the_public_suite_hold_and_nothing_raises() -> None:
    refused = stricter = optional = 0
    with counted("G15", "verdicts of the JSON-Schema-Test-Suite, draft 7 and 2020-12") as tally:
        for group in suite_groups():
            for test in group.tests:
                with tally.case(f"{group.draft}/{group.file}: {group.name}: {test['description']}"):
                    problems = check_arguments(judged(group), test["data"])
                    if any(problem.keyword == "schema" for problem in problems):
                        assert group.is_optional or "Unresolvable" in problems[0].message, problems[0].message
                        refused += 1
                    elif bool(problems) is test["valid"]:
                        if group.is_optional:
                            optional += 1
                        elif group.file == "format.json":
                            assert {problem.keyword for problem in problems} == {"format"}
                            stricter += 1
                        else:
                            assert group.name == UNKNOWN_VOCABULARY, problems
        tally.notes.append(f"{refused} refused in words: references that would have to be fetched, or unknown patterns")
        tally.notes.append(
            f"{stricter} stricter on purpose: format is judged; {optional} optional ones decided otherwise"
        )
        tally.notes.append("1 otherwise: a vocabulary of one's own is not known")


@needs_suite
def test_the_schemas_of_the_public_suite_come_out_of_the_editor_as_they_went_in() -> None:
    refusals = 0
    with counted("G15", "schemas of the suite through every field of the form") as tally:
        for number, group in enumerate(suite_groups()):
            with tally.case(f"{group.draft}/{group.file}: {group.name}"):
                properties = {"value": group.schema}
                tool = {"name": f"t{number}", "inputSchema": {"type": "object", "properties": properties}}
                text = pretty(tool) + "\n"
                refusals += through_the_form(text)
        tally.notes.append(f"{refusals} times the form would not take a value that its own schema forbids; it stayed")


def through_the_form(text: str) -> int:
    """Write into every field what it shows; the text stays the same. How often the form refused."""
    document = ToolDocument(text)
    form = Form(document)
    refused = 0
    for row in form.rows:
        form.select(row.path)
        for field in form.fields:
            if field.value or field.rows:
                said = (
                    form.write_values(field, field.rows) if field.kind == "values" else form.write(field, field.value)
                )
                refused += bool(said)
    assert document.text == text
    return refused


def test_the_schemas_of_real_servers_come_out_of_the_editor_as_they_went_in() -> None:
    tools = real_tools()
    if not tools:
        pytest.skip("the shared fixtures are not here")
    with counted("G15", "tools of real servers through every field of the form") as tally:
        for tool in tools:
            with tally.case(tool["name"]):
                text = pretty(tool) + "\n"
                after = rewrite_every_field(text)
                assert canonical(json.loads(after)) == canonical(tool)
                assert after == text
