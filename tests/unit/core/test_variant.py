"""Named sets of changes under test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.scripts import NUMBER, TEXT, schema
from workbench.core.errors import UsageError
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import REQUIRED, ToolChoice, ToolChoicePlan
from workbench.core.variant import Offer, ToolEdit, Variant, apply_variant, check_name, misfits, variant_between
from workbench.core.variant_lines import change_lines

USER = Tool({"name": "lookup_user", "title": "Look up", "description": "Find a user.", "x-team": "desk"})
PROFILE = Tool.make("get_user_profile", "Get a profile.", schema("id", id=TEXT))
MAIL = Tool.make("send_mail", "Send.", schema("to", to=TEXT))
OFFER = Offer(Toolset([USER, PROFILE, MAIL]), instructions="Be brief.", model="local")


def test_a_variant_changes_what_it_names_and_nothing_else() -> None:
    variant = Variant(
        name="clear",
        tools={
            "lookup_user": ToolEdit(description="Find a user by e-mail."),
            "send_mail": ToolEdit(name="send_email", input_schema=schema("to", to=TEXT, cc=TEXT), strict=True),
        },
        added=(Tool.make("add", "Add.", schema("a", a=NUMBER)).document,),
        removed=("get_user_profile",),
        instructions="Be kind.",
        tool_choice="required",
        parallel_calls=False,
        model="anthropic:m",
    )
    offer = apply_variant(variant, OFFER)
    assert offer.toolset.names == ("lookup_user", "send_email", "add")
    assert offer.toolset[0].document == {**USER.document, "description": "Find a user by e-mail."}
    assert offer.toolset[1].strict is True
    assert (offer.instructions, offer.model, offer.parallel_calls) == ("Be kind.", "anthropic:m", False)
    assert offer.tool_choice == ToolChoicePlan(REQUIRED)
    assert OFFER.toolset.names == ("lookup_user", "get_user_profile", "send_mail")


def test_an_order_puts_the_named_tools_first() -> None:
    offer = apply_variant(Variant(name="v", order=("send_mail", "get_user_profile")), OFFER)
    assert offer.toolset.names == ("send_mail", "get_user_profile", "lookup_user")


def test_a_variant_that_no_longer_fits_says_everything_that_is_wrong_and_changes_nothing() -> None:
    variant = Variant(
        name="old",
        tools={"gone": ToolEdit(description="…"), "send_mail": ToolEdit(name="lookup_user")},
        removed=("gone_too",),
    )
    assert misfits(variant, OFFER) == (
        "there is no tool 'gone' to edit",
        "there is no tool 'gone_too' to remove",
        "two tools are named 'lookup_user'",
    )
    with pytest.raises(UsageError, match="'old' does not fit: there is no tool 'gone' to edit; "):
        apply_variant(variant, OFFER)


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        (Variant(tools={"send_mail": ToolEdit(strict=True)}, removed=("send_mail",)), "edited and removed"),
        (Variant(order=("gone",)), "the order names 'gone'"),
        (Variant(tool_choice="gone"), "names 'gone', which is not offered"),
        (Variant(removed=("send_mail",), tool_choice="send_mail"), "names 'send_mail', which is not offered"),
        (Variant(added=(MAIL.document,)), "two tools are named 'send_mail'"),
        (Variant(added=({"description": "nameless"},)), 'a tool needs a "name"'),
    ],
)
def test_each_kind_of_misfit_is_said(variant: Variant, said: str) -> None:
    (wrong,) = misfits(variant, OFFER)
    assert said in wrong


def test_an_empty_variant_is_empty_whatever_it_is_called() -> None:
    assert Variant(name="nothing", note="yet").is_empty
    assert not Variant(name="nothing", removed=("a",)).is_empty


@pytest.mark.parametrize("name", ["", "../up", "a b", "x" * 65, "ü"])
def test_a_name_that_is_no_file_name_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a variant"):
        check_name(name)


def offers() -> st.SearchStrategy[Offer]:
    names = st.lists(st.sampled_from(["a", "b", "c", "d"]), unique=True, max_size=4)
    description = st.sampled_from(["", "One.", "Two."])
    tool = st.builds(lambda text, strict: (text, strict), description, st.sampled_from([None, True]))

    def make(names: list[str], tools: list[tuple[str, bool | None]], instructions: str, choice: ToolChoice) -> Offer:
        made = [Tool.make(name, text, strict=strict) for name, (text, strict) in zip(names, tools, strict=False)]
        plan = ToolChoicePlan(choice) if made else ToolChoicePlan()
        return Offer(Toolset(made), instructions=instructions, tool_choice=plan)

    choices = st.sampled_from([ToolChoice(), ToolChoice("none"), REQUIRED])
    return st.builds(make, names, st.lists(tool, min_size=4, max_size=4), description, choices)


@given(offers(), offers())
def test_the_variant_between_two_offers_makes_the_second_out_of_the_first(before: Offer, after: Offer) -> None:
    assert apply_variant(variant_between("v", before, after), before) == after


@given(offers(), offers())
def test_there_are_change_lines_exactly_when_something_changes(before: Offer, after: Offer) -> None:
    assert bool(change_lines(before, after)) == (before != after)


def test_change_lines_show_words_in_their_place() -> None:
    variant = Variant(
        name="v",
        tools={
            "lookup_user": ToolEdit(description="Find a customer."),
            "send_mail": ToolEdit(name="mail", input_schema=schema("to", to=TEXT, cc=TEXT)),
        },
        removed=("get_user_profile",),
    )
    lines = change_lines(OFFER, apply_variant(variant, OFFER), renames=variant.renames)
    assert [str(line) for line in lines] == [
        "tools/lookup_user/description: Find a {-user-}{+customer+}.",
        "tools/get_user_profile: {-get_user_profile: Get a profile.-}",
        "tools/send_mail/name: {-send_mail-}{+mail+}",
        'tools/send_mail/inputSchema/properties/cc: {+{"type":"string"}+}',
    ]


def test_what_routing_finds_a_tool_by_is_a_change_like_any_other() -> None:
    old = Tool({**Tool.make("look", "Look.").document, "examples": ["see it"]})
    new = Tool({**old.document, "searchText": "see, watch", "examples": ["watch it"]})
    variant = variant_between("found", Offer(Toolset([old])), Offer(Toolset([new])))
    assert variant.tools["look"] == ToolEdit(search_text="see, watch", examples=("watch it",))
    assert apply_variant(variant, Offer(Toolset([old]))).toolset == (new,)
    back = variant_between("back", Offer(Toolset([new])), Offer(Toolset([Tool.make("look", "Look.")])))
    assert apply_variant(back, Offer(Toolset([new]))).toolset == (Tool.make("look", "Look."),)
