"""What the inspector says about the tools of a round."""

from tests.support.event_kinds import one_of_each
from workbench.core.event import ToolsRouted
from workbench.core.ids import SpanPath
from workbench.core.trace import fold
from workbench.viewmodels.routing.routed_tools import tools_text


def test_it_says_what_was_offered_and_why() -> None:
    text, hint = tools_text(fold(one_of_each()), SpanPath("turn-1/round-1/call-1"))
    assert text.splitlines()[0].split(maxsplit=2) == ["0.90", "look", "offered  shares look"]
    assert "not offered" in text.splitlines()[1]
    assert hint == "words: offers look 0.90, ≈ 40 tokens saved"


def test_without_routing_every_tool_was_offered() -> None:
    log = [event for event in one_of_each() if not isinstance(event, ToolsRouted)]
    assert tools_text(fold(log), SpanPath("")) == ("look", "Nothing was routed: every tool was offered.")
    assert tools_text(fold(log[:3]), SpanPath("turn-1")) == ("", "This span has no round yet.")
