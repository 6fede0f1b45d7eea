"""What still works of a variant that no longer fits."""

from tests.support.scripts import TEXT, schema
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, ToolEdit, Variant, apply_variant, misfits, variant_between
from workbench.core.variant_fit import fitting_part, likely_renames

LOOK = Tool.make("look", "Look around.", schema("at", at=TEXT))
TOUCH = Tool.make("touch", "Leave a mark.", schema("mark", mark=TEXT))
OFFER = Offer(Toolset([LOOK, TOUCH]), "Be kind.")


def test_a_variant_that_fits_is_kept_whole() -> None:
    variant = Variant(name="v", tools={"look": ToolEdit(description="See.")}, removed=("touch",))
    assert fitting_part(variant, OFFER) is variant


def test_what_speaks_of_tools_that_are_gone_is_left_out_and_the_rest_stays() -> None:
    variant = Variant(
        name="v",
        tools={"look": ToolEdit(description="See."), "gone": ToolEdit(description="x")},
        removed=("lost",),
        added=(Tool.make("touch").document, Tool.make("new").document),
        order=("gone", "new"),
        tool_choice="required:gone",
        tool_choice_after="none",
        instructions="Hi.",
    )
    part = fitting_part(variant, OFFER)
    assert misfits(part, OFFER) == ()
    after = apply_variant(part, OFFER)
    assert after.toolset.names == ("new", "look", "touch")
    assert after.toolset[1].description == "See."
    assert after.instructions == "Hi."
    assert part.tool_choice is None
    assert part.tool_choice_after == "none"


def test_a_new_name_that_is_taken_is_dropped_and_the_words_stay() -> None:
    part = fitting_part(Variant(tools={"look": ToolEdit(name="touch", description="See.")}), OFFER)
    assert apply_variant(part, OFFER).toolset[0].description == "See."
    assert part.renames == {}


def test_a_rename_is_told_from_a_tool_that_went() -> None:
    see = Tool({**LOOK.document, "name": "see", "description": "Have a look around."})
    assert likely_renames(Toolset([LOOK, TOUCH]), Toolset([see, TOUCH])) == {"look": "see"}
    other = Tool.make("pay", "Pay the bill.", schema("sum", sum=TEXT))
    assert likely_renames(Toolset([LOOK, TOUCH]), Toolset([other, TOUCH])) == {}


def test_a_variant_between_offers_names_the_rename_and_the_order_by_present_names() -> None:
    see = Tool({**LOOK.document, "name": "see"})
    after = Offer(Toolset([TOUCH, see]), "Be kind.")
    variant = variant_between("v", OFFER, after, renames={"look": "see"})
    assert variant == Variant(name="v", tools={"look": ToolEdit(name="see")}, order=("touch", "look"))
    assert apply_variant(variant, OFFER) == after


def test_names_that_change_places_are_two_renames() -> None:
    after = Offer(
        Toolset([Tool({**LOOK.document, "name": "touch"}), Tool({**TOUCH.document, "name": "look"})]), "Be kind."
    )
    variant = variant_between("v", OFFER, after, renames={"look": "touch", "touch": "look"})
    assert apply_variant(variant, OFFER) == after
