"""A tool's document."""

import pytest

from workbench.core.errors import ProjectError
from workbench.core.json_text import JsonValue
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, ToolEdit, apply_variant, variant_between


def test_triggers_are_read_and_written_as_they_are() -> None:
    assert Tool.make("look", triggers=["see|look"]).document["triggers"] == ["see|look"]
    assert Tool.make("look", triggers=["see|look"]).triggers == ("see|look",)
    assert Tool.make("look").triggers == ()
    assert "triggers" not in Tool.make("look").document


@pytest.mark.parametrize("triggers", ["see", 5, [5], {"see": 1}, None])
def test_triggers_of_another_shape_are_refused_where_they_are_used_and_not_before(triggers: JsonValue) -> None:
    tool = Tool({"name": "look", "triggers": triggers})
    with pytest.raises(ProjectError, match=r'"triggers" of tool .look. must be a list of strings'):
        tool.triggers  # noqa: B018 — reading it is what is tested


@pytest.mark.parametrize(("before", "after"), [((), ("a",)), (("a",), ("a", "b")), (("a",), ())])
def test_a_variant_can_change_triggers(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    old, new = (Offer(Toolset([Tool.make("look", triggers=each)])) for each in (before, after))
    variant = variant_between("v", old, new)
    assert variant.tools == {"look": ToolEdit(triggers=after)}
    assert apply_variant(variant, old).toolset == new.toolset
