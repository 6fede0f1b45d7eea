"""What a window remembers comes back as it was; what makes no sense is let go."""

import pytest

from workbench.core.json_text import JsonValue
from workbench.viewmodels.restore.window_memory import MOST_TABS, TabMemory, WindowMemory


def test_tabs_come_back_as_they_were() -> None:
    tabs = (
        TabMemory("new", draft="And what is", model="local"),
        TabMemory("tool", "tools/look.json", is_open=True, is_pinned=True),
        TabMemory("file", "python/marks.py", is_right=True, unfolded=("a", "b")),
    )
    memory = WindowMemory(tabs, folded=("Tools",), chosen=("tool", "look"), model="local")
    assert WindowMemory.read(memory.as_json()) == memory


@pytest.mark.parametrize(
    "held", [None, [], "tabs", {"tabs": 3}, {"tabs": [{"kind": "no such kind"}]}, {"tabs": [{"key": "x"}]}]
)
def test_what_makes_no_sense_is_nothing(held: JsonValue) -> None:
    assert WindowMemory.read(held) == WindowMemory()


def test_no_more_tabs_come_back_than_a_window_should_have() -> None:
    many = WindowMemory(tuple(TabMemory("tool", f"tools/{number}.json") for number in range(MOST_TABS + 5)))
    assert len(WindowMemory.read(many.as_json()).tabs) == MOST_TABS
