"""The selector `meaning`, given vectors; and intents proposed from texts."""

from workbench.core.routing.intents import LARGEST, proposed_intents
from workbench.core.routing.meaning import direction, phrases_of, rank_by_meaning, texts_of
from workbench.core.routing.ranking import NOTHING
from workbench.core.tool import Tool, Toolset

TRACK = Tool({**Tool.make("track_order", "Find it.").document, "searchText": "late, lost", "examples": ["where is it"]})
CANCEL = Tool.make("cancel_order", "Call it off; stop it.")
TOOLS = Toolset([TRACK, CANCEL])


def test_a_search_text_is_cut_into_phrases_and_replaces_the_description() -> None:
    assert phrases_of(TRACK) == ("track order", "late", "lost")
    assert phrases_of(CANCEL) == ("cancel order", "Call it off", "stop it")
    assert texts_of(TOOLS, ["hello"])[-1] == "hello"


def test_the_nearest_phrases_and_examples_decide_and_what_is_like_nothing_comes_first() -> None:
    vectors = {text: direction([1.0, 0.2]) for text in texts_of(TOOLS, ["hello"])}
    vectors |= {text: direction([0.0, 1.0]) for text in phrases_of(CANCEL)}
    vectors["hello"] = direction([-1.0, 1.0])
    found = rank_by_meaning(TOOLS, ["hello"], vectors, direction([1.0, 0.0]))
    assert [each.tool for each in found] == ["track_order"]
    assert found[0].why.startswith("near “")
    assert rank_by_meaning(TOOLS, ["hello"], vectors, direction([-1.0, 1.0]))[0].tool == NOTHING
    assert direction([0.0, 0.0]) == [0.0, 0.0]


def test_intents_hold_every_tool_once_and_like_with_like() -> None:
    names = ["track_order", "cancel_order", "get_user_profile", "lookup_user", "weather", "get_user_phone"]
    tools = Toolset([Tool.make(name, f"About {name.replace('_', ' ')}.") for name in names])
    intents = proposed_intents(tools)
    assert sorted(name for each in intents.values() for name in each) == sorted(names)
    assert ("track_order", "cancel_order") in intents.values()
    assert all(len(each) <= LARGEST for each in intents.values())
    assert proposed_intents(Toolset()) == {}
