"""The selector `learned`, given vectors."""

from workbench.core.routing.learned import Learned
from workbench.core.routing.meaning import direction, texts_of
from workbench.core.routing.ranking import NOTHING
from workbench.core.tool import Tool, Toolset


def tool(name: str, *examples: str) -> Tool:
    return Tool({**Tool.make(name, "It.").document, "examples": list(examples)})


TOOLS = Toolset([tool("send_back", "return the parcel", "return the lamp"), tool("track", "find the parcel")])
VECTORS = {text: direction([1.0, float(len(text) % 3)]) for text in texts_of(TOOLS, ["good morning"])}


def test_words_that_tell_relatives_apart_decide_where_vectors_are_alike() -> None:
    learned = Learned(TOOLS, ["good morning"], VECTORS)
    asked = direction([1.0, 1.0])
    found = learned.rank("return it, the whole parcel", asked)
    assert found[0].tool == "send_back"
    assert found[0].why.startswith("like “return")
    assert learned.rank("find it, the whole parcel", asked)[0].tool == "track"
    assert learned.rank("good morning", asked)[0].tool == NOTHING


def test_without_requests_for_nothing_no_ranking_says_so() -> None:
    assert NOTHING not in [each.tool for each in Learned(TOOLS, [], VECTORS).rank("hello", direction([1.0, 1.0]))]


def test_without_tools_nothing_is_ranked() -> None:
    assert Learned(Toolset(), [], {}).rank("hello", [1.0, 0.0]) == ()


def test_a_classifier_of_many_texts_is_kept_in_single_precision() -> None:
    learned = Learned(TOOLS, ["good morning"], VECTORS)
    held = (learned._vectors, learned._weights, learned._words.rows, learned._words.row("find it"))
    assert {str(each.dtype) for each in held} == {"float32"}
