"""The results of searching everywhere, as rows."""

import re

from workbench.app.search.search import HitKind, SearchHit, SearchResult
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.popup_row import PopupRow, pieces

HINT = "Search messages, calls, results, and notes in all runs…"
HELP = 'Words match by prefix; use "quotes" for an exact phrase.'
_ICONS: dict[HitKind, tuple[str, str]] = {
    "prompt": ("chat", "accent"),
    "instructions": ("shield", "muted"),
    "answer": ("text", "muted"),
    "reasoning": ("thought", "muted"),
    "call": ("tool", "muted"),
    "result": ("result", "ok"),
    "error": ("error", "error"),
    "note": ("note", "muted"),
    "name": ("chat", "accent"),
}
_SPACE = re.compile(r"[\s⏎⇥]+")
_KINDS: dict[HitKind, str] = {"prompt": "you", "name": "conversation"}


def row_of(hit: SearchHit) -> PopupRow:
    """A place as a row; its payload is the hit."""
    icon, tone = _ICONS[hit.kind]
    detail = f"{_KINDS.get(hit.kind, hit.kind)} · {figures.clock_time(hit.at)}"
    shown = tuple((_SPACE.sub(" ", words), is_marked) for words, is_marked in pieces(hit.excerpt, hit.marks))
    return PopupRow(shown, hit, detail=detail, icon=icon, tone=tone)


def summary(found: SearchResult) -> str:
    """How many hits there are, and whether the index was used."""
    places = figures.count(len(found.hits), "place")
    words = f"Newest {places}; there are more" if found.is_cut else places if found.hits else "No results"
    return f"{words} · without an index: {found.notice}" if found.notice else words
