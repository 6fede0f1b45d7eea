"""The selector `examples`: the tool that similar labeled requests wanted."""

from workbench.core.routing.examples import ExampleIndex
from workbench.core.tool import Tool


def tool(name: str, *examples: str) -> Tool:
    return Tool({**Tool.make(name).document, "examples": [*examples]})


TRACK = tool("track_order", "where is A-1002?", "when will it arrive", "A-7: still not here")
DETAILS = tool("get_order_details", "what was in A-1003", "how much did A-5 come to")


def test_the_nearest_example_decides_whatever_the_id() -> None:
    index = ExampleIndex([TRACK, DETAILS])
    best = index.rank("where is A-9999?")[0]
    assert best.tool == "track_order"
    assert best.score > 0.75
    assert best.why == "like “where is A-1002?”"
    assert index.rank("so what was in A-1")[0].tool == "get_order_details"


def test_tools_without_examples_are_never_found() -> None:
    index = ExampleIndex([Tool.make("track_order", "Track an order."), DETAILS])
    assert {each.tool for each in index.rank("track an order, how much")} == {"get_order_details"}
    assert ExampleIndex([Tool.make("a")]).is_empty


def test_new_examples_count_at_once() -> None:
    index = ExampleIndex([TRACK, DETAILS])
    index.update([TRACK, tool("get_order_details", "show me the receipt")])
    assert index.rank("the receipt please")[0].tool == "get_order_details"
    assert all(each.tool != "get_order_details" for each in index.rank("come to"))


def test_what_is_no_text_is_no_example() -> None:
    broken = Tool({**Tool.make("a").document, "examples": ["where", 7, None]})
    assert broken.examples == ("where",)
    assert Tool({**Tool.make("a").document, "examples": "where", "searchText": 3}).examples == ()
