"""How events are stored in the run database.

An event is a line of JSON. What it shares with other events is left out of the line and named in `refs`: for each field
the pieces of its content, each a text or the number of a list (see `store.content_writer`). A line without `refs` is
complete. Streamed pieces of one part of an answer share a row, `DeltaGroup`; its `seq` is that of the last piece.
"""

import msgspec

from workbench.core.event import ResponseDelta, RunEvent
from workbench.core.exchange import DeltaType
from workbench.core.ids import RunId, SpanPath

DELTAS = "response.deltas"
"""The `kind` of a row that is a `DeltaGroup`."""
LISTS = {"run.started": ("history", "tools"), "tool_call.settled": ("attachments",)}
"""Fields that are lists of values."""
TEXTS = {"run.started": ("instructions",), "request.sent": ("body_json",)}
"""Fields that are texts."""

Refs = dict[str, list[str | int]]
COLUMNS = "run_id, seq, kind, at, line, refs"
EventRow = tuple[str, int, str, float, bytes, str | None]
"""A row of the table `events`, in the order of `COLUMNS`."""


class DeltaGroup(msgspec.Struct, frozen=True, tag_field="kind", tag=DELTAS):
    """Pieces that followed each other without a gap: the time and the text of each."""

    span: SpanPath
    type: DeltaType
    index: int
    tool: str
    pieces: tuple[tuple[float, str], ...]

    def events(self, run_id: RunId, last_seq: int) -> list[RunEvent]:
        """The pieces as they were."""
        first, span, kind, index, tool = last_seq - len(self.pieces) + 1, self.span, self.type, self.index, self.tool
        return [
            ResponseDelta(run_id=run_id, seq=seq, at=at, span=span, type=kind, index=index, text=text, tool=tool)
            for seq, (at, text) in enumerate(self.pieces, first)
        ]
