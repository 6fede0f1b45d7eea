"""What is remembered of a window between two starts: tabs, places in them, drafts, the explorer's sections."""

import logging
from typing import Literal

import msgspec

from workbench.core.ids import RunId, SpanPath
from workbench.core.json_text import JsonValue

_log = logging.getLogger(__name__)
MOST_TABS = 30
MOST_DRAFT_CHARS = 200_000
MOST_UNFOLDED = 200

TabKind = Literal["conversation", "new", "tool", "file", "page"]


class TabMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """One tab. `key` is a run, a path in the project, or the page's name.

    `entry` and `above` are where the chat was scrolled to; without an entry it was at its end. `row_run` and
    `row_span` are the selected row of the trace, and `filter` what its rows are filtered by. `model` is what its next
    message is sent to. `unfolded` are the entries that show all they have.
    """

    kind: TabKind
    key: str = ""
    draft: str | None = None
    entry: str = ""
    above: int = 0
    row_run: RunId = RunId("")
    row_span: SpanPath = SpanPath("")
    is_open: bool = False
    model: str = ""
    unfolded: tuple[str, ...] = ()
    filter: str = ""
    is_pinned: bool = False
    is_right: bool = False


class WindowMemory(msgspec.Struct, frozen=True, omit_defaults=True):
    """`folded` are sections of the explorer that were closed, `chosen` its row: kind and target. `model` is what was
    chosen last."""

    tabs: tuple[TabMemory, ...] = ()
    folded: tuple[str, ...] | None = None
    chosen: tuple[str, str] | None = None
    model: str = ""

    def as_json(self) -> JsonValue:
        """As it is kept."""
        held: JsonValue = msgspec.to_builtins(self)
        return held

    @classmethod
    def read(cls, held: JsonValue) -> "WindowMemory":
        """What was kept; nothing, with a line in the log, when it makes no sense."""
        if held is None:
            return cls()
        try:
            found = msgspec.convert(held, cls)
        except msgspec.ValidationError as error:
            _log.info("Cannot read the saved window state; ignoring it: %s", error)
            return cls()
        return msgspec.structs.replace(found, tabs=found.tabs[:MOST_TABS])
