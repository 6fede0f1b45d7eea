"""Executors that give recorded results. They run nothing."""

from workbench.core.errors import ToolError
from workbench.core.ids import SpanPath
from workbench.core.tool import Tool
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.replay.recording import RecordedCall, Recording, place_of
from workbench.replay.recording_end import RecordingEnd

NAME = "recorded"


class RecordedExecutor:
    """Gives each call the result recorded for its place."""

    name = NAME

    def __init__(self, calls: dict[SpanPath, RecordedCall], end: RecordingEnd, open_ends: set[SpanPath]) -> None:
        self._calls = calls
        self._end = end
        self._open_ends = open_ends

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        """See `engine.ports.Executor`. Where the recording ends in the middle of the call, so does this."""
        place = place_of(order.call_id)
        if place in self._open_ends:
            await self._end.wait(place)
        recorded = self._calls.get(place)
        if recorded is None or recorded.settled is None or recorded.proposed.tool != order.tool.name:
            raise ToolError("The recording holds no result for this call. Nothing was run.", kind="not_recorded")
        for asked in recorded.questions:
            await order.ask(asked.server, asked.asked)
        return recorded.answer


class RecordedExecutors:
    """See `engine.ports.Executors`. Tools that nothing ran then are not run now."""

    def __init__(self, recording: Recording, end: RecordingEnd) -> None:
        calls = recording.calls
        open_ends = {place for place, call in calls.items() if recording.is_open_end(call)}
        self._executor = RecordedExecutor(calls, end, open_ends)
        self._without = {
            call.proposed.tool
            for call in calls.values()
            if any(question.wants == "result" for question in call.asked) and call.started is None
        }

    def executor_for(self, tool: Tool) -> RecordedExecutor | None:
        """The one executor, or None for a tool whose results a person was asked for."""
        return None if tool.name in self._without else self._executor
