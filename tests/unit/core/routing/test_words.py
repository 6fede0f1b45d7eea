"""The selector `words`: which tools share terms with a request."""

import pytest

from tests.support.scripts import TEXT, schema
from workbench.core.routing.ranking import Ranking
from workbench.core.routing.terms import terms_of
from workbench.core.routing.words import WordIndex
from workbench.core.tool import Tool

TRACK = Tool.make("track_order", "Find out where a parcel is.", schema("order_id", order_id=TEXT))
CANCEL = Tool.make("cancelOrder", "Cancel an order.", schema("order_id", order_id=TEXT))
PROFILE = Tool.make("get_profile", "Get a user's address.", schema("user_id", user_id=TEXT))


def names(found: Ranking) -> list[str]:
    return [each.tool for each in found]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cancelled", "cancel"),
        ("deliveries", "delivered"),
        ("getUserProfile", "get_user_profile"),
        ("A-1002", "a-77"),
        ("ana@example.com", "ben@example.org"),
        ("Café", "CAFE"),
    ],
)
def test_spellings_of_the_same_thing_are_the_same_term(one: str, other: str) -> None:
    assert terms_of(one) == terms_of(other) != ()


def test_scripts_without_spaces_are_cut_into_characters() -> None:
    assert set(terms_of("注文")) & set(terms_of("注文の状況"))


def test_a_word_is_not_found_inside_another_word() -> None:
    index = WordIndex([Tool.make("log", "Write a log."), Tool.make("catalog", "Show the catalog.")])
    assert names(index.rank("log this")) == ["log"]


def test_names_are_cut_at_capitals_and_underscores_and_count_most() -> None:
    index = WordIndex([TRACK, CANCEL, PROFILE])
    assert names(index.rank("please cancel my order"))[0] == "cancelOrder"
    assert names(index.rank("track it"))[0] == "track_order"


def test_a_search_text_is_searched_in_place_of_the_description() -> None:
    lost = Tool({**TRACK.document, "searchText": "lost, late, on its way"})
    index = WordIndex([lost, CANCEL])
    assert names(index.rank("it is late")) == ["track_order"]
    assert names(index.rank("parcel")) == []


def test_ids_are_compared_by_their_shape() -> None:
    described = Tool.make("track", "", schema("id", id={"type": "string", "description": "such as A-1004"}))
    assert names(WordIndex([described, PROFILE]).rank("A-77?")) == ["track"]


def test_a_score_says_how_much_of_the_request_is_found_and_why_says_what() -> None:
    index = WordIndex([TRACK, CANCEL, PROFILE])
    (whole,) = [each for each in index.rank("track order") if each.tool == "track_order"]
    (part,) = [each for each in index.rank("track order quantum chromodynamics") if each.tool == "track_order"]
    assert 1 >= whole.score > part.score > 0
    assert whole.why == "shares track, order"


def test_a_request_that_shares_nothing_has_no_ranking() -> None:
    index = WordIndex([TRACK, CANCEL])
    assert index.rank("quantum") == index.rank("") == index.rank("  …  ") == ()
    assert WordIndex().rank("order") == ()


def test_only_what_changed_is_read_again_and_it_counts_at_once() -> None:
    index = WordIndex([TRACK, CANCEL, PROFILE])
    changed = Tool({**PROFILE.document, "description": "Show loyalty points."})
    assert index.update([TRACK, CANCEL, changed]) == 1
    assert names(index.rank("loyalty")) == ["get_profile"]
    assert names(index.rank("address")) == []
    assert index.update([TRACK]) == 0
    assert names(index.rank("cancel")) == []
    fresh = WordIndex([TRACK, changed])
    index.update([TRACK, changed])
    assert index.rank("track order points") == fresh.rank("track order points")
