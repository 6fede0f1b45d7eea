"""Exporting tools: which ones, in which format, what is lost on the way, and what they were tested with."""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from workbench.app.exports.coverage import CoverageTable, SuiteCoverage
from workbench.app.exports.evidence import Gathered, evidence_for, evidence_path
from workbench.app.exports.signers import Signers
from workbench.app.exports.tool_export import (
    EXPORT_FORMATS,
    Exported,
    ending_of,
    export_each,
    export_tools,
    file_name,
    takes_strict,
)
from workbench.app.parts import HasFolders, HasKeys, HasProject, HasSuites
from workbench.core.errors import StoreError, UsageError
from workbench.core.evidence.envelope import sign
from workbench.core.evidence.statement import statement_text
from workbench.core.export_ledger import LedgerEntry, ledger_words
from workbench.core.signal import Signal
from workbench.core.tool import Tool
from workbench.viewmodels.exports.coverage_words import SHORT_WORDS, STATE_WORDS, result_words
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.tone import Tone


class ExportParts(HasProject, HasSuites, HasKeys, HasFolders, Protocol):
    """What exporting uses."""


@dataclass(frozen=True)
class ExportRow:
    """A tool that can be exported; `words` are its name, and what is to be known about its tests."""

    name: str
    words: str
    is_chosen: bool


class ExportForm:
    """Keeps what is chosen over changes of the project. The export is made when it is first asked for."""

    def __init__(self, parts: ExportParts) -> None:
        self.format = EXPORT_FORMATS[0][0]
        self.strict = False
        self.with_evidence = False
        self.sign_as = ""
        """Who signs the evidence; empty for nobody."""
        self.signers: tuple[str, ...] = ()
        """Who could, as it was read last."""
        self.coverage = CoverageTable()
        """What was tested, as it was read last."""
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._chosen = set(parts.project.toolset.names)
        self._known = set(self._chosen)
        self._reader = SuiteCoverage(parts.suites)
        self._words: tuple[str, ...] = ()
        self._made: Exported | None = None

    @property
    def formats(self) -> tuple[tuple[str, str], ...]:
        """Id and name of every format."""
        return EXPORT_FORMATS

    @property
    def rows(self) -> tuple[ExportRow, ...]:
        """The tools that the filter lets through."""
        return tuple(
            ExportRow(tool.name, self._row_words(tool), tool.name in self._chosen)
            for tool in self._parts.project.toolset
            if all(word in tool.name.casefold() for word in self._words)
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
        return self.exported.text if self.can_export else ""

    @property
    def ledger(self) -> Sequence[LedgerEntry]:
        """What is not as the tools say."""
        return self.exported.ledger if self.can_export else ()

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
        return file_name(self.chosen, self.format) if self.chosen else f"tools.{ending_of(self.format)}"

    @property
    def is_tested(self) -> bool:
        """Whether any of the chosen tools was ever tested, so that there is evidence."""
        return any(self.coverage.state(tool) != "never tested" for tool in self.chosen)

    @property
    def tested_words(self) -> tuple[str, Tone]:
        """What is known about tests of the chosen tools, in a line."""
        if not self.can_export:
            return "", "plain"
        if not self.is_tested:
            return f"Never tested: no suite run has asked for {_these(len(self.chosen))}.", "warn"
        states = [self.coverage.state(tool) for tool in self.chosen]
        counts = ((states.count(state), words) for state, words in STATE_WORDS.items())
        words = ", ".join(f"{count} {state}" for count, state in counts if count)
        return f"{words[0].upper()}{words[1:]}.", "ok" if set(states) == {"tested"} else "warn"

    @property
    def tested_rows(self) -> tuple[tuple[str, ...], ...]:
        """The newest tests of the chosen tools: tool, result, and what they were tested with, and when."""
        if not self.is_tested:
            return ()
        rows = []
        for tool in self.chosen:
            tests = self.coverage.newest(tool)
            for test in tests:
                tested_with = f"{test.suite} · {test.arm.title}, {figures.day(test.at)}"
                rows.append((tool.name, result_words(test), tested_with))
            if not tests:
                rows.append((tool.name, STATE_WORDS[self.coverage.state(tool)], ""))
        return tuple(rows)

    async def read_tests(self) -> None:
        """Find out what was tested."""
        self.coverage = await asyncio.to_thread(self._reader.read)
        self.signers = await asyncio.to_thread(self._own_signers)
        self.changed.emit()

    async def texts_for(self, exports: Mapping[Path, Exported], place: Path) -> dict[Path, str]:
        """What goes into the files: the exports and, where it is wanted, their evidence. `place` is the file or folder
        that was chosen. Raises `UsageError` where there is no evidence, or its name is taken by a tool."""
        texts = {path: exported.text for path, exported in exports.items()}
        if not self.with_evidence:
            return texts
        evidence = evidence_path(place)
        if evidence in texts:
            raise UsageError(f"{evidence.name} is taken by a tool", hint="Export to one file instead of a folder.")
        named = {path.name: exported for path, exported in exports.items()}
        return {**texts, evidence: await asyncio.to_thread(self._evidence, named)}

    def _own_signers(self) -> tuple[str, ...]:
        """A list that cannot be read is no list here; the terminal says what is wrong with it."""
        try:
            return tuple(signer.name for signer in self._signers.all() if signer.is_own)
        except StoreError:
            return ()

    @property
    def _signers(self) -> Signers:
        return Signers(self._parts.keys, self._parts.folders)

    def _evidence(self, exports: Mapping[str, Exported]) -> str:
        gathered = Gathered(self._parts.suites, self.chosen, self._reader.read())
        if gathered.is_empty:
            raise UsageError("none of these tools was ever tested", hint="Run a suite, or export without evidence.")
        strict = self.strict and self.can_be_strict
        text = statement_text(evidence_for(gathered, exports, self.format, strict=strict, at=time.time()))
        return sign(text.encode(), self._signers.private_key(self.sign_as)) if self.sign_as else text

    def each(self) -> dict[str, Exported]:
        """One export a tool, by the name of its file."""
        return export_each(self.chosen, self.format, strict=self.strict and self.can_be_strict)

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

    def use_evidence(self, *, is_on: bool) -> None:
        """Save what the tools were tested with beside them, or not."""
        if is_on != self.with_evidence:
            self.with_evidence = is_on
            self.changed.emit()

    def sign_with(self, name: str) -> None:
        """Sign the evidence as this signer; nobody signs as the empty one."""
        self.sign_as = name
        self.changed.emit()

    def refresh(self) -> None:
        """The project was read again. New tools are exported too where all tools were."""
        names = set(self._parts.project.toolset.names)
        if self._known <= self._chosen:
            self._chosen |= names
        self._known = names
        self._change()

    def _row_words(self, tool: Tool) -> str:
        words = SHORT_WORDS[self.coverage.state(tool)]
        return f"{tool.name} · {words}" if words else tool.name

    @property
    def exported(self) -> Exported:
        """All chosen tools as one document."""
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


def _these(count: int) -> str:
    return "this tool" if count == 1 else f"any of these {count} tools"
