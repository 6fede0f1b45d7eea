"""The explorer: what the project holds, as a small tree of sections and rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from workbench.app.parts import HasProject
from workbench.app.runs.conversation_tree import ConversationRow
from workbench.core.ids import RunId
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.shared.signal import Signal
from workbench.viewmodels.shared.tone import Tone

ItemKind = Literal["tool", "variant", "conversation", "run", "problem", "hint"]
_RUN_TONES: dict[str, Tone] = {"answered": "ok", "limit": "warn", "cancelled": "warn", "failed": "error"}
_RUN_WORDS = {"answered": "answered", "limit": "stopped at a limit", "cancelled": "stopped", "failed": "failed"}


@dataclass(frozen=True)
class ExplorerItem:
    """One row. `target` is what opening it opens: a tool's name, a run id, a file."""

    kind: ItemKind
    label: str
    target: str
    detail: str = ""
    tone: Tone = "plain"
    tip: str = ""
    line: int = 0


@dataclass(frozen=True)
class ExplorerSection:
    """A heading with its rows."""

    title: str
    items: tuple[ExplorerItem, ...]

    @property
    def heading(self) -> str:
        """The title with the count."""
        counted = sum(item.kind != "hint" for item in self.items)
        return f"{self.title} ({counted})" if counted else self.title


class ListedRun(Protocol):
    """A recorded run as `Runs.recorded` lists it."""

    @property
    def run_id(self) -> RunId: ...
    @property
    def started_at(self) -> float: ...
    @property
    def title(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def calls(self) -> int: ...
    @property
    def is_live(self) -> bool: ...


class ExplorerViewModel:
    """Sections: problems (when there are any), tools, conversations, runs."""

    def __init__(self, parts: HasProject) -> None:
        self.sections: tuple[ExplorerSection, ...] = ()
        self.changed: Signal[[]] = Signal()
        self.extra_sections: list[Callable[[], ExplorerSection | None]] = []
        """Who has more sections; they stand behind the tools."""
        self._parts = parts
        self._rows: tuple[ListedRun, ...] = ()
        self._conversations: tuple[ConversationRow, ...] = ()
        self._words: tuple[str, ...] = ()
        self.refresh()

    def show_runs(self, rows: Sequence[ListedRun], conversations: Sequence[ConversationRow] = ()) -> None:
        """The run history, newest first, as it is now."""
        self._rows, self._conversations = tuple(rows), tuple(conversations)
        self.refresh()

    def filter_by(self, text: str) -> None:
        """Show only what contains every word."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self.refresh()

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self._words)

    def refresh(self) -> None:
        """Show the project and the run history as they are known now."""
        extra_sections = (ask() for ask in self.extra_sections)
        made = (self._problems(), self._tools(), *extra_sections, self._talks(), self._runs())
        sections = tuple(self._filtered(section) for section in made if section)
        if sections != self.sections:
            self.sections = sections
            self.changed.emit()

    def _problems(self) -> ExplorerSection | None:
        items = tuple(
            ExplorerItem(
                "problem",
                one_line(f"{problem.file}:{problem.line}" if problem.line else str(problem.file), 60),
                str(problem.file),
                detail=one_line(problem.message, 80),
                tone="error" if problem.severity == "error" else "warn",
                line=problem.line,
                tip=f"{problem.message}\n{problem.hint}".strip(),
            )
            for problem in self._parts.project.problems
        )
        return ExplorerSection("Problems", items) if items else None

    def _tools(self) -> ExplorerSection:
        project = self._parts.project
        items = []
        for tool in project.toolset:
            executor = project.executor_names.get(tool.name, "")
            items.append(
                ExplorerItem(
                    "tool",
                    one_line(tool.name, 64),
                    tool.name,
                    detail="" if executor else "you answer",
                    tone="plain" if executor else "warn",
                    tip="\n".join((tool.description or "No description.", f"Executor: {executor or 'none yet'}")),
                )
            )
        if not items:
            items.append(ExplorerItem("hint", "Add a JSON file to tools/", ""))
        return ExplorerSection("Tools", tuple(items))

    def _filtered(self, section: ExplorerSection) -> ExplorerSection:
        if not self._words:
            return section
        fitting = tuple(
            item
            for item in section.items
            if item.kind != "hint"
            and all(word in f"{item.label} {item.detail} {item.tip}".casefold() for word in self._words)
        )
        return ExplorerSection(section.title, fitting or (ExplorerItem("hint", "No matches", ""),))

    def _talks(self) -> ExplorerSection:
        items = [
            ExplorerItem(
                "conversation",
                one_line(row.title, 60) or "(empty message)",
                row.root,
                detail=figures.clock_time(row.last_at),
                tone="busy" if row.is_live else _RUN_TONES.get(row.outcome or "", "warn"),
                tip=f"{figures.count(row.messages, 'message')}, the last {_ending(row.outcome, is_live=row.is_live)}\n"
                "F2 renames, Del deletes",
            )
            for row in self._conversations
        ]
        if not items:
            items.append(ExplorerItem("hint", "Press Ctrl+Enter to start one", ""))
        return ExplorerSection("Conversations", tuple(items))

    def _runs(self) -> ExplorerSection:
        items = [
            ExplorerItem(
                "run",
                one_line(row.title, 60) or "(empty message)",
                row.run_id,
                detail=figures.clock_time(row.started_at),
                tone=_RUN_TONES.get(row.outcome or "", "busy" if row.is_live else "warn"),
                tip=f"{row.model} · {figures.count(row.calls, 'call')} · {_ending(row.outcome, is_live=row.is_live)}",
            )
            for row in self._rows
        ]
        if not items:
            items.append(ExplorerItem("hint", "None yet", ""))
        return ExplorerSection("Runs", tuple(items))


def _ending(outcome: str | None, *, is_live: bool) -> str:
    if outcome is not None:
        return _RUN_WORDS.get(outcome, outcome)
    return "running" if is_live else "interrupted"
