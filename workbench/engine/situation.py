"""What a router is told of a round, from the log so far."""

from collections.abc import Sequence

from workbench.core.message import AssistantMessage, Message
from workbench.core.routing.search_tool import SEARCH_TOOL, found_in
from workbench.core.routing.situation import Situation
from workbench.core.tool import Toolset
from workbench.core.trace import Trace, TurnSpan

_RESULT_CHARS = 400


def situation_of(
    trace: Trace, turn: TurnSpan, tools: Toolset, history: Sequence[Message], chosen: tuple[str, ...], spec: str
) -> Situation:
    """The situation of the newest round of a turn. From the second round on, what came back in the round before is a
    part of what is searched for. `chosen` are the tools that the tool choice names, `spec` is the model."""
    called = tuple(dict.fromkeys(call.tool for current in turn.rounds for call in current.calls))
    before = [call.tool for message in history if isinstance(message, AssistantMessage) for call in message.calls]
    ever = tuple(dict.fromkeys((*before, *(call.tool for call in trace.calls()))))
    results = [
        call.settled.result_text[:_RESULT_CHARS]
        for current in turn.rounds[-2:-1]
        for call in current.calls
        if call.settled is not None and call.tool != SEARCH_TOOL.name
    ]
    searches = [
        call.settled.result_text
        for call in (call for current in turn.rounds for call in current.calls)
        if call.tool == SEARCH_TOOL.name and call.settled is not None
    ]
    request = "\n".join((turn.started.message.text, *results))
    return Situation(
        tools=tools,
        request=request,
        called=called,
        called_ever=ever,
        chosen=chosen,
        spec=spec,
        found=found_in(searches, tools),
        may_load=True,
    )
