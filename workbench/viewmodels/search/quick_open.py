"""Quick open: everything that has a name, found by a few of its letters, what was recently opened first."""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.project_folder import HISTORY_FOLDER
from workbench.core.tool import Tool
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.name_match import marked, ranked
from workbench.viewmodels.shared.plain import model_words, one_line
from workbench.viewmodels.shared.popup_row import PopupRow

_TargetKind = Literal["tool", "conversation", "run", "file", "page"]
HINT = "Open a tool, conversation, run, file, or page…"
MOST_ROWS = 200
MOST_RECENT = 30
_MOST_FILES = 3_000
_MOST_RUNS = 2_000
_LEFT_OUT = {HISTORY_FOLDER, "__pycache__", "node_modules", ".git", ".venv", "venv"}
_ICONS: dict[_TargetKind, str] = {
    "tool": "tool",
    "conversation": "chat",
    "run": "clock",
    "file": "code",
    "page": "settings",
}


@dataclass(frozen=True)
class Target:
    """Something that can be opened; `key` is a name, a run id, a path in the project, or a command's name."""

    kind: _TargetKind
    key: str
    label: str
    detail: str = ""

    @property
    def mark(self) -> str:
        """Its name in the list of what was recently opened."""
        return f"{self.kind}:{self.key}"


def targets(
    tools: Iterable[Tool], tree: ConversationTree, files: Iterable[str], pages: Iterable[tuple[str, str]]
) -> tuple[Target, ...]:
    """Everything there is now. `files` are paths in the project, `pages` commands that open one, with their words."""
    found = [Target("tool", tool.name, one_line(tool.name, 64), one_line(tool.description or "", 44)) for tool in tools]
    found += [
        Target("conversation", row.root, one_line(row.title, 90) or "(empty message)", figures.clock_time(row.last_at))
        for row in tree.conversations(_MOST_RUNS)
    ]
    found += [Target("page", name, words) for name, words in pages]
    found += [Target("file", path, path) for path in files]
    found += [
        Target("run", row.run_id, one_line(row.title, 90) or "(empty message)", _about(row.model, row.started_at))
        for row in tree.newest(_MOST_RUNS)
    ]
    return tuple(found)


def rows_for(found: Sequence[Target], words: str, recent: Sequence[str]) -> list[PopupRow]:
    """The rows that fit, the closest first; among equals, and before anything is typed, what was recently opened."""
    order = {mark: place for place, mark in enumerate(recent)}
    lately = sorted(found, key=lambda target: order.get(target.mark, len(order)))
    fitting = ranked(lately, words, lambda target: f"{target.label} {target.kind}")
    return [_row(target, words, is_recent=target.mark in order) for target in fitting[:MOST_ROWS]]


def opened(recent: Sequence[str], target: Target) -> list[str]:
    """The list of what was recently opened, with this one first."""
    return [target.mark, *(mark for mark in recent if mark != target.mark)][:MOST_RECENT]


def project_files(folder: Path) -> list[str]:
    """The files of a project as paths with slashes, in order; no links, nothing hidden, a few thousand at most."""
    found: list[str] = []
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT and not name.startswith("."))
        inner = Path(root).relative_to(folder)
        found += [(inner / name).as_posix() for name in sorted(names) if not name.startswith(".")]
        if len(found) >= _MOST_FILES:
            break
    return found[:_MOST_FILES]


def _row(target: Target, words: str, *, is_recent: bool) -> PopupRow:
    detail = " · ".join(part for part in (target.detail, target.kind) if part)
    tone = "accent" if is_recent else "muted"
    return PopupRow(marked(target.label, words), target, detail=detail, icon=_ICONS[target.kind], tone=tone)


def _about(model: str, at: float) -> str:
    return f"{one_line(model_words(model), 30)} · {figures.clock_time(at)}"
