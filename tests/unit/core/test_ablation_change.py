"""Small changes around one decision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.scripts import TEXT, schema
from workbench.core.ablation_change import AblationChange, ablation_changes, rivals_of
from workbench.core.sentence import sentences, without
from workbench.core.tool import Tool, Toolset
from workbench.core.tool_choice import ToolChoice, ToolChoicePlan
from workbench.core.variant import Offer, apply_variant
from workbench.core.word_overlap import word_overlap

USER = Tool.make("lookup_user", "Find a user by e-mail. Use it first.", schema("email", email=TEXT))
PROFILE = Tool.make("get_user_profile", "Get the profile of a user.")
MAIL = Tool.make("send_mail", "Send a letter.")
STOCK = Tool.make("check_stock", "How many are left?")
OFFER = Offer(Toolset([PROFILE, USER, MAIL, STOCK]), instructions="Be brief.")


def by_name(found: tuple[AblationChange, ...]) -> dict[str, AblationChange]:
    return {each.name: each for each in found}


def test_every_kind_of_change_is_made_around_the_chosen_and_the_expected_tool() -> None:
    found = ablation_changes(OFFER, ("lookup_user",), expected="get_user_profile", user_messages=3)
    assert {each.kind for each in found} == {
        "drop tool",
        "blank description",
        "swap descriptions",
        "rename tool",
        "move tool",
        "force tool",
        "cut history",
        "drop instructions",
        "drop sentence",
    }
    assert len({each.name for each in found}) == len(found)
    changed = by_name(found)
    assert apply_variant(changed["without lookup_user"].variant, OFFER).toolset.named("lookup_user") is None
    swapped = apply_variant(
        changed["lookup_user and get_user_profile with each other's descriptions"].variant, OFFER
    ).toolset
    assert [tool.description for tool in swapped][:2] == [USER.description, PROFILE.description]
    assert apply_variant(changed["lookup_user first"].variant, OFFER).toolset.names[0] == "lookup_user"
    assert apply_variant(changed["lookup_user last"].variant, OFFER).toolset.names[-1] == "lookup_user"
    assert apply_variant(changed["without instructions"].variant, OFFER).instructions == ""
    assert changed["without the conversation before the last message"].keep_messages == 1
    first = apply_variant(changed["lookup_user without sentence 1"].variant, OFFER).toolset.named("lookup_user")
    assert first is not None
    assert first.description == "Use it first."


def test_what_makes_no_sense_is_not_tried() -> None:
    found = by_name(ablation_changes(Offer(Toolset([USER])), ("lookup_user", "gone")))
    assert not any("first" in name or "last" in name or "history" in name or "gone" in name for name in found)
    forced = Offer(OFFER.toolset, tool_choice=ToolChoicePlan(ToolChoice("required", ("lookup_user",))))
    assert "without lookup_user" not in by_name(ablation_changes(forced, ("lookup_user",)))
    assert ablation_changes(Offer(Toolset()), ()) == ()


def test_the_rivals_of_a_tool_are_those_that_sound_like_it() -> None:
    assert [tool.name for tool in rivals_of(USER, OFFER.toolset, most=1)] == ["get_user_profile"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
        ("Use v1.2 of it, e.g. here. Then stop.", ["Use v1.2 of it, e.g. here. ", "Then stop."]),
        ("A line\n\n- an item\n", ["A line\n\n", "- an item\n"]),
        ("请先查找。然后发送。", ["请先查找。", "然后发送。"]),
        ('He said "Go." And went.', ['He said "Go." ', "And went."]),
        ("no end", ["no end"]),
        ("", []),
    ],
)
def test_sentences_are_told_apart(text: str, parts: list[str]) -> None:
    assert [sentence.text for sentence in sentences(text)] == parts


@given(st.text("aB. !?\n e.g。", max_size=60))
def test_the_sentences_of_a_text_are_the_text(text: str) -> None:
    found = sentences(text)
    assert "".join(sentence.text for sentence in found) == text
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in found)
    for sentence in found:
        assert len(without(text, sentence)) <= len(text) - len(sentence.text.strip())


def test_overlap_goes_from_nothing_shared_to_the_same() -> None:
    assert word_overlap("get_user_profile", "GetUserProfile") == pytest.approx(1.0)
    assert word_overlap("Find users", "finding a letter") == 0.0
    assert 0.2 < word_overlap("Find a user by e-mail", "Get the profiles of users") < 0.8
    assert word_overlap("", "x") == 0.0
