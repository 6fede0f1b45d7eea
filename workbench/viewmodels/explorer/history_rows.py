"""Conversations and runs as rows of the explorer. They are made away from the window's thread, each once."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice
from typing import Generic, TypeVar

import msgspec

from workbench.app.redaction.redacted_text import known_keys
from workbench.app.runs.conversation_tree import ConversationRow, ConversationTree
from workbench.core.run_row import RunRow
from workbench.viewmodels.explorer.explorer_item import ExplorerItem, ExplorerSection, fits
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.tone import run_tone, run_words

LISTED = 500
"""How many are listed at first, and how many more each time."""
CONVERSATIONS, RUNS = "Conversations", "Runs"

R = TypeVar("R")


class HistoryFilter(msgspec.Struct, frozen=True):
    """What shall be listed: rows that contain all of these words, and how many of each section at most."""

    words: tuple[str, ...] = ()
    most_talks: int = LISTED
    most_runs: int = LISTED


class HistorySections(msgspec.Struct, frozen=True):
    """The sections that were made by a filter."""

    wanted: HistoryFilter
    sections: tuple[ExplorerSection, ExplorerSection]


class HistoryRows:
    """Remembers the rows it made. For one thread at a time."""

    def __init__(self) -> None:
        self._conversations = _MadeItems(_conversation_item)
        self._runs = _MadeItems(_run_item)

    def sections(self, tree: ConversationTree, wanted: HistoryFilter) -> HistorySections:
        """Conversations and runs, newest first."""
        words = wanted.words
        found = tree.conversations(None if words else wanted.most_talks)
        talks = self._conversations.of((row.root, row) for row in found)
        runs = self._runs.of((row.run_id, row) for row in tree.newest(None if words else wanted.most_runs))
        hint = "Press Ctrl+Enter to start one"
        return HistorySections(
            wanted,
            (
                _section(CONVERSATIONS, talks, tree.conversation_count, words, wanted.most_talks, hint),
                _section(RUNS, runs, len(tree), words, wanted.most_runs, "None yet"),
            ),
        )


class _MadeItems(Generic[R]):
    """The item of a row is made again only when the row is another one, a key became known, or the day is over."""

    def __init__(self, make: Callable[[R], ExplorerItem]) -> None:
        self._make = make
        self._made: dict[str, tuple[R, ExplorerItem]] = {}
        self._state: object = None

    def of(self, rows: Iterable[tuple[str, R]]) -> list[ExplorerItem]:
        state = (known_keys(), datetime.now().astimezone().date())
        before, self._made = self._made if state == self._state else {}, {}
        self._state = state
        for key, row in rows:
            made = before.get(key)
            self._made[key] = made if made is not None and made[0] == row else (row, self._make(row))
        return [item for _, item in self._made.values()]


def _section(
    title: str, items: list[ExplorerItem], total: int, words: tuple[str, ...], most: int, hint: str
) -> ExplorerSection:
    if words:
        items = [item for item in items if fits(item, words)]
        total, hint = len(items), "No matches"
    shown = list(islice(items, most))
    if not shown:
        return ExplorerSection(title, (ExplorerItem("hint", hint, ""),))
    if total > len(shown):
        label = f"Show {min(LISTED, total - len(shown)):,} more"
        shown.append(ExplorerItem("more", label, title, tip=f"{total - len(shown):,} older ones are not listed"))
    return ExplorerSection(title, tuple(shown), total)


def _conversation_item(row: ConversationRow) -> ExplorerItem:
    return ExplorerItem(
        "conversation",
        one_line(row.title, 60) or "(empty message)",
        row.root,
        detail=figures.clock_time(row.last_at),
        tone=run_tone(row.outcome, is_live=row.is_live),
        tip=f"{figures.count(row.messages, 'message')}, the last {run_words(row.outcome, is_live=row.is_live)}\n"
        "F2 renames, Del deletes",
    )


def _run_item(row: RunRow) -> ExplorerItem:
    return ExplorerItem(
        "run",
        one_line(row.title, 60) or "(empty message)",
        row.run_id,
        detail=figures.clock_time(row.started_at),
        tone=run_tone(row.outcome, is_live=row.is_live),
        tip=f"{row.model} · {figures.count(row.calls, 'call')} · {run_words(row.outcome, is_live=row.is_live)}",
    )
