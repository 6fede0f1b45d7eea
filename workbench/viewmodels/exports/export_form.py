"""Exporting tools: which ones, in which format, what comes out of it, and what is lost on the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench.app.exports.tool_export import (
    EXPORT_FORMATS,
    Exported,
    export_each,
    export_tools,
    file_name,
    takes_strict,
)
from workbench.app.parts import HasProject
from workbench.core.export_ledger import LedgerEntry, ledger_words
from workbench.core.tool import Tool
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.signal import Signal
from workbench.viewmodels.shared.tone import Tone


@dataclass(frozen=True)
class ExportRow:
    """A tool that can be exported."""

    name: str
    is_chosen: bool


class ExportForm:
    """Keeps what is chosen over changes of the project. The export is made when it is first asked for."""

    def __init__(self, parts: HasProject) -> None:
        self.format = EXPORT_FORMATS[0][0]
        self.strict = False
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._chosen = set(parts.project.toolset.names)
        self._known = set(self._chosen)
        self._words: tuple[str, ...] = ()
        self._made: Exported | None = None

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every format."""
        return EXPORT_FORMATS

    @property
    def rows(self) -> tuple[ExportRow, ...]:
        """The tools that the filter lets through."""
        names = self._parts.project.toolset.names
        return tuple(
            ExportRow(name, name in self._chosen)
            for name in names
            if all(word in name.casefold() for word in self._words)
        )

    @property
    def chosen(self) -> tuple[Tool, ...]:
        """What is exported, in the project's order."""
        return tuple(tool for tool in self._parts.project.toolset if tool.name in self._chosen)

    @property
    def count_words(self) -> str:
        """How many of the tools are chosen."""
        return f"{len(self.chosen)} of {figures.count(len(self._parts.project.toolset), 'tool')}"

    @property
    def can_be_strict(self) -> bool:
        """Whether the format has a strict mode."""
        return takes_strict(self.format)

    @property
    def can_export(self) -> bool:
        """Whether there is something to export."""
        return bool(self.chosen)

    @property
    def text(self) -> str:
        """The export, as it goes into a file; empty when no tool is chosen."""
        return self._exported.text if self.can_export else ""

    @property
    def ledger(self) -> Sequence[LedgerEntry]:
        """What is not as the tools say."""
        return self._exported.ledger if self.can_export else ()

    @property
    def ledger_rows(self) -> tuple[tuple[str, str, str], ...]:
        """The ledger as a table: tool, place, what happens and why."""
        return tuple(
            (entry.tool or "all", entry.place.removeprefix("/inputSchema") or "/", _said(entry))
            for entry in self.ledger
        )

    @property
    def verdict(self) -> tuple[str, Tone]:
        """The ledger in a line."""
        if not self.can_export:
            return "Select a tool to export.", "warn"
        words = ledger_words(self.ledger)
        if words:
            return f"{words}. The rest is exactly as the tools say.", "warn"
        return "Nothing is lost: the export says exactly what the tools say.", "ok"

    @property
    def file_name(self) -> str:
        """What the file is named unless somebody chooses another name."""
        return file_name(self.chosen) if self.chosen else "tools.json"

    def each(self) -> dict[str, str]:
        """One text a tool, by the name of its file."""
        exported = export_each(self.chosen, self.format, strict=self.strict and self.can_be_strict)
        return {name: one.text for name, one in exported.items()}

    def choose(self, name: str, *, is_chosen: bool) -> None:
        """Export this tool or leave it out."""
        if is_chosen != (name in self._chosen):
            (self._chosen.add if is_chosen else self._chosen.discard)(name)
            self._change()

    def choose_shown(self, *, is_chosen: bool) -> None:
        """Export all tools that the filter lets through, or leave them out."""
        names = {row.name for row in self.rows}
        self._chosen = self._chosen | names if is_chosen else self._chosen - names
        self._change()

    def choose_only(self, names: Iterable[str]) -> None:
        """Export these tools and no others."""
        self._chosen = set(names)
        self._words = ()
        self._change()

    def filter_by(self, text: str) -> None:
        """List only tools with every one of these words in their name; what is chosen stays chosen."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self.changed.emit()

    def use_format(self, name: str) -> None:
        """Export in this format."""
        if name != self.format:
            self.format = name
            self._change()

    def use_strict(self, *, strict: bool) -> None:
        """Rewrite the schemas for the format's strict mode, or leave them."""
        if strict != self.strict:
            self.strict = strict
            self._change()

    def refresh(self) -> None:
        """The project was read again. New tools are exported too where all tools were."""
        names = set(self._parts.project.toolset.names)
        if self._known <= self._chosen:
            self._chosen |= names
        self._known = names
        self._change()

    @property
    def _exported(self) -> Exported:
        if self._made is None:
            self._made = export_tools(self.chosen, self.format, strict=self.strict and self.can_be_strict)
        return self._made

    def _change(self) -> None:
        self._made = None
        self.changed.emit()


def _said(entry: LedgerEntry) -> str:
    """The kind of the entry is in its words, but for what was left as it is."""
    is_said = entry.kind != "may be refused" or "refused" in entry.what
    what = entry.what if is_said else f"may be refused: {entry.what}"
    return f"{what} — {entry.why}" if entry.why else what
