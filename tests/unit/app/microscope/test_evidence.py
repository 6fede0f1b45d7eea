"""Evidence that costs no request."""

from collections.abc import Sequence

import pytest

from workbench.app.microscope.overlaps import MOST_TOOLS, TextOverlaps, text_of
from workbench.core.errors import UsageError
from workbench.core.similarity import Vector
from workbench.core.tool import Tool, Toolset

TOOLS = Toolset(
    [
        Tool.make("track_order", "Find out where an order is. Say the day of arrival."),
        Tool.make("get_order_details", "Get the items of an order."),
        Tool.make("issue_refund", "Pay money back."),
        Tool.make("mute", ""),
    ]
)
ASKED = "Where is my order?"


class Letters:
    """Makes vectors out of counted letters; remembers what it was given."""

    def __init__(self, is_there: bool = True) -> None:
        self.is_there = is_there
        self.texts: list[str] = []

    async def embed(self, texts: Sequence[str]) -> Sequence[Vector]:
        self.texts += texts
        return [[float(text.lower().count(letter)) for letter in "aeiourtdm"] for text in texts]


async def test_overlaps_are_measured_by_words_without_any_model() -> None:
    nobody = Letters(is_there=False)
    found = await TextOverlaps(nobody).overlaps(TOOLS, ASKED)
    assert found.nearest[0][0] == "track_order"
    assert set(found.closest_pairs[0][:2]) == {"track_order", "get_order_details"}
    assert nobody.texts == []


async def test_overlaps_by_the_model_measure_the_request_with_the_tools() -> None:
    letters = Letters()
    found = await TextOverlaps(letters).overlaps(TOOLS, ASKED, by="model")
    assert letters.texts == [*map(text_of, TOOLS), ASKED]
    assert len(found.request) == len(TOOLS)
    assert (await TextOverlaps(letters).overlaps(TOOLS, " ", by="model")).request == ()


async def test_a_duel_says_what_each_sentence_and_word_adds() -> None:
    track, details = await TextOverlaps(Letters()).duel(TOOLS, ASKED, ("track_order", "get_order_details"))
    assert track.similarity > details.similarity
    assert [pull.piece.text for pull in track.strongest][:1] == ["where"]
    assert track.sentences[0].strength > track.sentences[1].strength
    by_model = await TextOverlaps(Letters()).duel(TOOLS, ASKED, ("track_order", "mute"), by="model")
    assert by_model[1].words == ()


async def test_what_cannot_be_measured_is_refused_in_words() -> None:
    without = TextOverlaps(Letters(is_there=False))
    assert without.measures == ("words",)
    with pytest.raises(UsageError, match="not installed"):
        await without.overlaps(TOOLS, by="model")
    with pytest.raises(UsageError, match="was not offered"):
        await without.duel(TOOLS, ASKED, ("track_order", "gone"))
    many = Toolset([Tool.make(f"tool_{number}") for number in range(MOST_TOOLS + 1)])
    with pytest.raises(UsageError, match="more than an overlap map"):
        await without.overlaps(many)
