"""Editing a variant field by field."""

import pytest

from tests.support.scripts import TEXT, schema
from workbench.core.errors import UsageError
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, ToolEdit, Variant, apply_variant
from workbench.viewmodels.variants.variant_draft import VariantDraft

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
TOUCH = Tool.make("touch", "Leave a mark.", schema("mark", mark=TEXT))
OFFER = Offer(Toolset([LOOK, TOUCH]), "Be kind.", model="local")


def no_model(spec: str) -> None:
    if spec != "openai:gpt":
        raise UsageError(f"{spec} means nothing")


def draft(variant: Variant | None = None) -> VariantDraft:
    return VariantDraft(variant or Variant(name="v"), OFFER, check_model=no_model)


def test_a_field_shows_the_projects_text_until_the_variant_has_its_own() -> None:
    made = draft()
    assert (made.text("instructions"), made.is_own("instructions")) == ("Be kind.", False)
    made.write("instructions", "Be brief.")
    assert (made.value.instructions, made.is_own("instructions")) == ("Be brief.", True)
    made.write("instructions", "Be kind.")
    assert made.value.is_empty


def test_no_instructions_at_all_is_a_change() -> None:
    made = draft()
    made.write("instructions", "")
    assert made.value.instructions == ""
    made.reset("instructions")
    assert made.value.is_empty


def test_every_part_of_a_tool_can_be_changed_and_reset() -> None:
    made = draft()
    made.select("touch")
    made.write("description", "Leave one mark.")
    made.write("name", "mark")
    made.write("schema", '{"type": "object"}')
    assert made.value.tools == {
        "touch": ToolEdit(name="mark", description="Leave one mark.", input_schema={"type": "object"})
    }
    assert [(tool.label, tool.mark) for tool in made.tools] == [("look", ""), ("touch", "edited")]
    for key in ("description", "name", "schema"):
        made.reset(key)
    assert made.value.is_empty


def test_what_routing_finds_a_tool_by_is_changed_line_by_line_and_reset() -> None:
    own = Tool({**TOUCH.document, "searchText": "seal", "examples": ["stamp it"]})
    made = VariantDraft(Variant(name="v"), Offer(Toolset([LOOK, own])))
    made.select("touch")
    assert (made.text("search_text"), made.text("examples")) == ("seal", "stamp it")
    made.write("search_text", "")
    made.write("examples", "stamp it\n")
    assert made.text("examples") == "stamp it\n"  # the next one is being typed
    assert made.value.tools == {"touch": ToolEdit(search_text="")}
    made.write("examples", "stamp it\n leave a print \nstamp it")
    assert made.value.tools == {"touch": ToolEdit(search_text="", examples=("stamp it", "leave a print"))}
    assert made.undo_words == "Edit the examples of touch"
    made.reset("search_text")
    made.write("examples", "")
    tool = apply_variant(made.value, made.offer).toolset.named("touch")
    assert tool is not None
    assert (tool.search_text, tool.examples) == ("seal", ())
    made.reset("examples")
    assert made.value.is_empty


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("model", "nothing", "means nothing"),
        ("tool_choice", "auto:", "not a tool choice"),
        ("schema", "{", "not a JSON object"),
        ("name", "touch", "taken"),
        ("name", "a b", "letters"),
    ],
)
def test_a_wrong_text_stays_in_its_field_and_out_of_the_variant(key: str, text: str, said: str) -> None:
    made = draft()
    assert said in made.write(key, text)  # type: ignore[arg-type]
    assert made.text(key) == text  # type: ignore[arg-type]
    assert key in made.problems
    assert made.value.is_empty
    made.reset(key)  # type: ignore[arg-type]
    assert made.problems == {}


def test_typing_is_one_step_and_other_fields_are_steps_of_their_own() -> None:
    made = draft()
    for text in ("B", "Be", "Be n", "Be nice"):
        made.write("instructions", text)
    made.write("model", "openai:gpt")
    made.undo()
    assert (made.value.model, made.value.instructions) == (None, "Be nice")
    assert made.undo_words == "Edit the instructions"
    made.undo()
    assert made.value.is_empty
    assert made.undo_words is None
    made.redo()
    made.redo()
    assert (made.value.model, made.value.instructions) == ("openai:gpt", "Be nice")


def test_leaving_a_tool_out_takes_its_edits_along_and_undo_brings_them_back() -> None:
    made = draft(Variant(name="v", tools={"look": ToolEdit(description="See.")}, order=("touch", "look")))
    made.select("look")
    made.let_offer(is_offered=False)
    assert not made.is_offered
    assert apply_variant(made.value, OFFER).toolset.names == ("touch",)
    made.undo()
    assert made.value.tools == {"look": ToolEdit(description="See.")}


def test_a_tool_that_the_variant_adds_can_be_edited_and_dropped() -> None:
    made = draft(Variant(name="v", added=(Tool.make("wait", "Wait.").document,)))
    assert made.tool == "+wait"
    made.write("description", "Wait a bit.")
    assert made.value.added[0]["description"] == "Wait a bit."
    assert made.write("name", "stay")
    made.let_offer(is_offered=False)
    assert made.value.is_empty
    assert made.tool == "look"


def test_what_does_not_fit_any_more_can_be_dropped() -> None:
    made = draft(Variant(name="v", removed=("gone",), instructions="Hi."))
    assert made.misfits
    made.drop_misfits()
    assert made.misfits == ()
    assert made.value.instructions == "Hi."
    made.undo()
    assert made.value.removed == ("gone",)


def test_later_rounds_and_parallel_calls_are_the_variants_own_only_where_they_differ() -> None:
    made = draft()
    made.write("tool_choice_after", "none")
    made.let_parallel(is_parallel=False)
    assert (made.value.tool_choice_after, made.value.parallel_calls) == ("none", False)
    assert not made.is_parallel
    made.write("tool_choice_after", "")
    made.let_parallel(is_parallel=True)
    assert made.value.is_empty
    assert made.write("tool_choice_after", "auto:")
    made.undo()
    assert not made.is_parallel


def test_parameters_are_typed_left_to_the_vendor_and_reset() -> None:
    offer = Offer(Toolset(), parameters={"temperature": 0.5})
    made = VariantDraft(Variant(name="v"), offer)
    assert (made.text("temperature"), made.text("seed"), made.is_own("temperature")) == ("0.5", "", False)
    assert made.write("seed", "7") == ""
    assert made.write("temperature", "") == ""
    assert made.value.parameters == {"seed": 7, "temperature": None}
    assert apply_variant(made.value, offer).parameters == {"seed": 7}
    assert made.write("top_p", "2") == "use a number from 0 to 1"
    assert made.text("top_p") == "2"
    made.reset("temperature")
    assert made.value.parameters == {"seed": 7}
    made.undo()
    assert made.value.parameters == {"seed": 7, "temperature": None}
