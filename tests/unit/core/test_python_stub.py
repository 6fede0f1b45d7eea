"""A Python function without a body, from a tool's schema."""

import ast
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.python_stub import function_name, python_stub
from workbench.core.tool import Tool

TICKET = Tool.make(
    "create-ticket",
    "Create a support ticket.\n\nOnly for bugs.",
    {
        "type": "object",
        "properties": {
            "priority": {"enum": ["low", "high"], "default": "low"},
            "title": {"type": "string", "description": "What it is about"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "due": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            "count": {"type": ["integer", "null"]},
            "who": {"$ref": "#/$defs/Person"},
        },
        "required": ["title", "who"],
        "$defs": {"Person": {"type": "object", "additionalProperties": {"type": "number"}}},
    },
)


def test_parameters_have_their_types_and_defaults_and_the_description_is_the_docstring() -> None:
    assert (
        python_stub(TICKET)
        == '''\
"""What runs create_ticket. It runs in a process of its own, after you have trusted it."""

from typing import Any, Literal


def create_ticket(
    title: str,
    who: dict[str, float],
    priority: Literal["low", "high"] = "low",
    tags: list[str] | None = None,
    due: str | None = None,
    count: int | None = None,
) -> Any:
    """Create a support ticket.

    Only for bugs.

    Args:
        title: What it is about
    """
    raise NotImplementedError("create_ticket has no body yet")
'''
    )


def test_a_name_python_does_not_take_still_reaches_the_function() -> None:
    tool = Tool.make("t", "", {"type": "object", "properties": {"class": {"type": "string"}, "a-b": {}, "ok": {}}})
    assert "def t(ok: Any = None, **others: Any) -> Any:" in python_stub(tool)


@pytest.mark.parametrize(
    ("tool", "name"), [("get_order", "get_order"), ("a-b.c", "a_b_c"), ("7up", "_7up"), ("import", "import_")]
)
def test_the_function_is_named_after_the_tool_as_far_as_python_allows(tool: str, name: str) -> None:
    assert function_name(tool) == name


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
nodes = st.recursive(
    st.fixed_dictionaries(
        {}, optional={"type": json_values, "enum": json_values, "default": json_values, "description": st.text()}
    ),
    lambda inner: st.fixed_dictionaries(
        {}, optional={"type": st.just("array"), "items": inner, "anyOf": st.lists(inner, max_size=3)}
    ),
    max_leaves=4,
)


@given(st.text(min_size=1), st.text(), st.dictionaries(st.text(max_size=8), nodes, max_size=4))
def test_any_tool_gives_a_module_that_python_reads(name: str, about: str, properties: dict[str, Any]) -> None:
    tool = Tool({"name": name, "description": about, "inputSchema": {"type": "object", "properties": properties}})
    text = python_stub(tool)
    [function] = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    assert function.name == function_name(name)
    assert text.endswith('has no body yet")\n')
