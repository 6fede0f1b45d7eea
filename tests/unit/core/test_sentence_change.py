"""Changes of single sentences."""

from tests.support.scripts import TEXT, schema
from workbench.core.ablation_change import MOST_SENTENCES
from workbench.core.sentence_change import MOST_EXCHANGES, clause_changes, exchanges, sentence_changes
from workbench.core.tool import Tool, Toolset
from workbench.core.variant import Offer, apply_variant

TRACK = Tool.make("track", "Find a parcel. Say when it arrives.", schema("order", order=TEXT))
BUY = Tool.make("buy", "Buy a thing.")
OFFER = Offer(Toolset([TRACK, BUY]))


def described(change_offer: Offer) -> dict[str, str]:
    return {tool.name: tool.description for tool in change_offer.toolset}


def test_each_sentence_is_left_out_once_and_remembers_its_place() -> None:
    changes = sentence_changes(TRACK)
    assert [described(apply_variant(each.variant, OFFER))["track"] for each in changes] == [
        "Say when it arrives.",
        "Find a parcel.",
    ]
    places = [TRACK.description[each.sentence.start : each.sentence.end] for each in changes if each.sentence]
    assert "".join(places) == TRACK.description


def test_a_description_of_one_sentence_becomes_empty_and_an_empty_one_has_nothing_to_leave_out() -> None:
    (only,) = sentence_changes(BUY)
    assert described(apply_variant(only.variant, OFFER))["buy"] == ""
    assert sentence_changes(Tool.make("mute", "")) == ()


def test_each_clause_is_left_out_once_where_sentences_say_too_little() -> None:
    found = clause_changes(Tool.make("buy", "Buy a thing: a book, a tent."))
    offer = Offer(Toolset([Tool.make("buy", "Buy a thing: a book, a tent.")]))
    assert [described(apply_variant(each.variant, offer))["buy"] for each in found] == [
        "a book, a tent.",
        "Buy a thing: a tent.",
        "Buy a thing: a book,",
    ]
    assert found[0].name == "buy without clause 1"


def test_sentences_are_exchanged_in_place_and_both_ways() -> None:
    first, second = exchanges(TRACK, BUY)
    assert described(apply_variant(first.variant, OFFER)) == {
        "track": "Buy a thing. Say when it arrives.",
        "buy": "Find a parcel.",
    }
    assert described(apply_variant(second.variant, OFFER)) == {
        "track": "Find a parcel. Buy a thing.",
        "buy": "Say when it arrives.",
    }
    assert exchanges(BUY, Tool.make("other", "Buy a thing.")) == ()


def test_a_description_of_thousands_of_sentences_is_cut_short_and_at_once() -> None:
    long = Tool.make("long", "Do this. " * 5_000)
    assert len(sentence_changes(long)) == MOST_SENTENCES
    assert len(exchanges(long, Tool.make("other", "Do that. " * 5_000))) == MOST_EXCHANGES


def test_no_more_pairs_are_exchanged_than_anybody_would_pay_for() -> None:
    long = "Do this. Then that. Look here. Look there. Stop."
    found = exchanges(Tool.make("a", long), Tool.make("b", long.replace("this", "it").replace("that", "so")))
    assert len(found) == MOST_EXCHANGES
    assert len({each.name for each in found}) == len(found)
