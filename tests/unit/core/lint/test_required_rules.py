"""Where a description and a schema disagree about what has to be given."""

import json

import pytest

from tests.unit.core.lint.test_rules import found_in, only, tool_with
from workbench.core.json_text import JsonObject, pretty


@pytest.mark.parametrize(
    ("description", "is_required", "is_found"),
    [
        ("Optional. The city", True, True),
        ("The city (optional)", True, True),
        ("Optional. The city", False, False),
        ("The city, optional for members", True, False),
        ("Required: the city", False, True),
        ("The city [required]", False, True),
        ("Required when no id is given", False, False),
        ("Required: the city", True, False),
    ],
)
def test_what_prose_says_about_being_required_is_held_against_the_schema(
    description: str, is_required: bool, is_found: bool
) -> None:
    document = tool_with({"type": "string", "description": description}, is_required=is_required)
    assert ["required-contradicted"] * is_found == [found.rule for found in found_in(document)]


@pytest.mark.parametrize(
    ("node", "value"),
    [
        ({"type": "integer", "description": "How many. Defaults to 10."}, 10),
        ({"type": "boolean", "description": "Whether to wait (default: false)"}, False),
        ({"type": "string", "description": "The order; default is 'asc'"}, "asc"),
        ({"type": "number", "description": "A share, defaults to 0.5"}, 0.5),
    ],
)
def test_a_default_in_prose_is_added_by_its_fix(node: JsonObject, value: object) -> None:
    document = tool_with(node)
    found = only(document)
    assert (found.rule, found.severity) == ("default-in-prose", "note")
    assert found.fix is not None
    fixed = json.loads(found.fix.applied(pretty(document)))
    assert fixed["inputSchema"]["properties"]["kind"]["default"] == value
    assert found_in(fixed) == []


@pytest.mark.parametrize(
    "node",
    [
        {"type": "integer", "description": "Defaults to 10 percent of all", "maximum": 5},
        {"type": "string", "description": "Defaults to the current day"},
        {"type": "string", "description": "Defaults to 2026-01-01"},
        {"type": "array", "description": "Defaults to 'all'"},
    ],
)
def test_a_default_that_is_no_value_of_the_parameter_is_left_alone(node: JsonObject) -> None:
    assert found_in(tool_with(node)) == []


def test_a_default_of_what_is_required_is_never_used() -> None:
    found = only(tool_with({"type": "integer", "description": "How many of them", "default": 1}, is_required=True))
    assert found.rule == "default-never-used"
