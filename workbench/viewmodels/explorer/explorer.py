"""The explorer: what the project holds, as a small tree of sections and rows."""

from collections.abc import Callable

import msgspec

from workbench.app.exports.coverage import CoverageTable
from workbench.app.parts import HasProject
from workbench.app.redaction.redacted_text import known_keys
from workbench.app.runs.conversation_tree import ConversationTree
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.explorer.explorer_item import ExplorerItem, ExplorerSection, fits
from workbench.viewmodels.explorer.history_rows import (
    CONVERSATIONS,
    LISTED,
    HistoryFilter,
    HistoryRows,
    HistorySections,
)
from workbench.viewmodels.exports.coverage_words import SHORT_WORDS, test_lines
from workbench.viewmodels.shared.plain import one_line


class ExplorerViewModel:
    """Sections: problems (when there are any), tools, conversations, runs."""

    def __init__(self, parts: HasProject) -> None:
        self.sections: tuple[ExplorerSection, ...] = ()
        self.changed: Signal[[]] = Signal()
        self.history_asked: Signal[[]] = Signal()
        """Other conversations and runs shall be listed: `history_rows` are to be made again."""
        self.extra_sections: list[Callable[[], ExplorerSection | None]] = []
        """Who has more sections; they stand behind the tools."""
        self._parts = parts
        self._wanted = HistoryFilter()
        self._history_rows = HistoryRows()
        self._history = self._whole_history = self.history_rows(ConversationTree(()))
        self._tool_items: dict[str, tuple[Tool, str, ExplorerItem]] = {}
        self._coverage = CoverageTable()
        self._keys: object = None
        self.refresh()

    def history_rows(self, tree: ConversationTree) -> HistorySections:
        """The run history as it shall be listed. It takes long when much is new, so it is made on another thread than
        the window's, and by one at a time."""
        return self._history_rows.sections(tree, self._wanted)

    def show_history(self, history: HistorySections) -> None:
        """List what `history_rows` has made."""
        self._history = history
        if not history.wanted.words:
            self._whole_history = history
        self.refresh()

    def show_tests(self, coverage: CoverageTable) -> None:
        """Say at each tool whether its text was tested."""
        self._coverage = coverage
        self._tool_items = {}
        self.refresh()

    def show_more(self, title: str) -> None:
        """List more of the section of this title."""
        name = "most_talks" if title == CONVERSATIONS else "most_runs"
        self._wanted = msgspec.structs.replace(self._wanted, **{name: getattr(self._wanted, name) + LISTED})
        self.history_asked.emit()

    def filter_by(self, text: str) -> None:
        """Show only what contains every word."""
        words = tuple(text.casefold().split())
        if words != self._wanted.words:
            self._wanted = HistoryFilter(words)
            self.refresh()
            self.history_asked.emit()

    @property
    def is_filtered(self) -> bool:
        """Whether some rows may be left out."""
        return bool(self._wanted.words)

    def refresh(self) -> None:
        """Show the project as it is known now."""
        extra_sections = (ask() for ask in self.extra_sections)
        made = (self._problems(), self._tools(), *extra_sections)
        sections = (*(self._filtered(section) for section in made if section), *self._history_sections())
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
        executors = project.executor_names
        keys = known_keys()
        before, self._tool_items = self._tool_items if keys == self._keys else {}, {}
        self._keys = keys
        for tool in project.toolset:
            executor = executors.get(tool.name, "")
            made = before.get(tool.name)
            if made is None or made[0] is not tool or made[1] != executor:
                made = (tool, executor, _tool_item(tool, executor, self._coverage))
            self._tool_items[tool.name] = made
        items = tuple(item for _, _, item in self._tool_items.values())
        return ExplorerSection("Tools", items or (ExplorerItem("hint", "No tools yet", ""),))

    def _history_sections(self) -> tuple[ExplorerSection, ...]:
        """Until rows are made for new words, those that fit among the newest."""
        if self._history.wanted.words == self._wanted.words:
            return self._history.sections
        return tuple(map(self._filtered, self._whole_history.sections))

    def _filtered(self, section: ExplorerSection) -> ExplorerSection:
        words = self._wanted.words
        if not words:
            return section
        items = tuple(item for item in section.items if fits(item, words))
        return ExplorerSection(section.title, items or (ExplorerItem("hint", "No matches", ""),))


def _tool_item(tool: Tool, executor: str, coverage: CoverageTable) -> ExplorerItem:
    lines = (tool.description or "No description.", f"Executor: {executor or 'none yet'}", *test_lines(tool, coverage))
    return ExplorerItem(
        "tool",
        one_line(tool.name, 64),
        tool.name,
        detail=SHORT_WORDS[coverage.state(tool)] if executor else "you answer",
        tone="plain" if executor else "warn",
        tip="\n".join(lines),
    )
