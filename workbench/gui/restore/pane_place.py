"""Where a reader is in a conversation's tab: the draft, the place in the chat, the row of the trace."""

from collections.abc import Callable

from workbench.core.ids import ROOT_SPAN, RunId
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.viewmodels.restore.window_memory import MOST_DRAFT_CHARS, MOST_UNFOLDED, TabMemory


def place_in(pane: ChatPane, without_keys: Callable[[str], str], *, is_open: bool) -> TabMemory:
    """The saved state of the tab."""
    conversation = pane.conversation
    text = conversation.composer.text
    draft = without_keys(text)[:MOST_DRAFT_CHARS] if text else None
    if conversation.last_run is None:
        return TabMemory("new", draft=draft, is_open=is_open, model=conversation.composer.model)
    row = conversation.trace.selection
    entry, above = "", 0
    entries = conversation.chat.entries
    if not pane.chat.is_at_end and entries:
        place, above = pane.chat.shown_place
        entry = entries[place].key if place < len(entries) else ""
    return TabMemory(
        "conversation",
        conversation.last_run,
        draft,
        entry,
        above if entry else 0,
        row.run_id if row is not None else conversation.last_run,
        row.span if row is not None else ROOT_SPAN,
        is_open,
        conversation.composer.model,
        tuple(sorted(pane.chat.unfolded))[:MOST_UNFOLDED],
    )


def put_draft(pane: ChatPane, memory: TabMemory) -> None:
    """Restore the draft, unless something was typed meanwhile."""
    composer = pane.composer.editor
    if memory.draft is not None and not composer.document().isModified():
        composer.setPlainText(memory.draft)


def is_about(memory: TabMemory, run_id: RunId) -> bool:
    """Whether the place is in this run, in the chat or in the trace."""
    return memory.row_run == run_id or memory.entry.startswith(f"{run_id}:")


def put_model(pane: ChatPane, memory: TabMemory) -> None:
    """Restore the chosen model, if it still exists."""
    pane.conversation.composer.take_model(memory.model)


def scroll(pane: ChatPane, memory: TabMemory) -> None:
    """Go to where the reader was, if that still exists."""
    if not memory.entry:
        return
    for place, entry in enumerate(pane.conversation.chat.entries):
        if entry.key == memory.entry:
            pane.chat.scroll_to(place, memory.above)
            return
