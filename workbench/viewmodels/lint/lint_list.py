"""The rules' findings in all tools of a project, worst first, with each rule's grounds and fix."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from workbench.app.exports.coverage import SuiteCoverage
from workbench.app.lint.effects import effect_words
from workbench.app.lint.fixing import fix_everything, fix_finding
from workbench.app.lint.project_lint import RULE_OF, LintFinding, lint_project
from workbench.app.parts import HasProject, HasServers, HasSuites
from workbench.app.tools.tool_changes import Undoable
from workbench.core.lint.finding import SEVERITIES, Severity
from workbench.core.lint.rule import LintRule
from workbench.core.signal import Signal
from workbench.viewmodels.shared import figures
from workbench.viewmodels.shared.tone import Tone

ALL = "all"


class LintParts(HasProject, HasSuites, HasServers, Protocol):
    """What checking tools needs."""


class LintList:
    """Tools are checked on another thread; hidden findings are still counted."""

    def __init__(self, parts: LintParts) -> None:
        self.findings: tuple[LintFinding, ...] = ()
        self.shown: tuple[LintFinding, ...] = ()
        self.chosen: LintFinding | None = None
        self.severity: Severity | str = ALL
        self.is_checked = False
        """Whether the tools were checked at least once."""
        self.changed: Signal[[]] = Signal()
        self._parts = parts
        self._coverage = SuiteCoverage(parts.suites)
        self._words: tuple[str, ...] = ()

    @property
    def severities(self) -> tuple[tuple[str, str], ...]:
        """The filters: everything, or one severity, each with its count."""
        counts = [(severity, sum(each.severity == severity for each in self.findings)) for severity in SEVERITIES]
        one = ((severity, f"{severity.capitalize()}s ({count})") for severity, count in counts)
        return ((ALL, f"All findings ({len(self.findings)})"), *one)

    @property
    def summary(self) -> tuple[str, Tone]:
        """The findings, in a line."""
        if not self.is_checked:
            return "Checking…", "busy"
        tools = figures.count(len(self._parts.project.toolset), "tool")
        if not self.findings:
            return f"The rules find nothing in {tools}.", "ok"
        counts = [(severity, sum(each.severity == severity for each in self.findings)) for severity in SEVERITIES]
        words = ", ".join(figures.count(count, severity) for severity, count in counts if count)
        is_bad = any(each.severity != "note" for each in self.findings)
        return f"{words} in {tools}.", "warn" if is_bad else "plain"

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Severity, tool, finding, and whether there is a fix."""
        return tuple(
            (
                each.severity,
                each.tool or each.file,
                figures.sentence(each.message),
                "✓" if each.fix is not None else "",
            )
            for each in self.shown
        )

    @property
    def rule(self) -> LintRule | None:
        """The rule of the chosen finding."""
        return RULE_OF.get(self.chosen.rule) if self.chosen is not None else None

    @property
    def measured(self) -> str:
        """The measured effect of the mistake; empty if it was not measured."""
        return effect_words(self.chosen.rule) if self.chosen is not None else ""

    @property
    def fix_words(self) -> str:
        """What the fix of the chosen finding does; empty where there is none."""
        return self.chosen.fix.words if self.chosen is not None and self.chosen.fix is not None else ""

    async def check(self) -> None:
        """Check the tools as they are on disk."""
        project = self._parts.project
        changed = tuple((one.server, one.name) for one in self._parts.mcp.changed_tools if one.change == "changed")
        of_servers = tuple(self._parts.mcp.tools)
        self.findings = await asyncio.to_thread(
            lambda: lint_project(project, coverage=self._coverage.read(), changed_tools=changed, of_servers=of_servers)
        )
        self.is_checked = True
        self._sift()

    def choose(self, row: int) -> None:
        """Choose a finding."""
        self.chosen = self.shown[row] if 0 <= row < len(self.shown) else None
        self.changed.emit()

    def show_severity(self, severity: str) -> None:
        """List only findings of this severity, or all."""
        self.severity = severity
        self._sift()

    def filter_by(self, text: str) -> None:
        """List only findings that contain all these words."""
        self._words = tuple(text.casefold().split())
        self._sift()

    def fix(self) -> Undoable | None:
        """Apply the fix of the chosen finding; None if there is none. Raises `UsageError` or `StoreError`."""
        if self.chosen is None or self.chosen.fix is None:
            return None
        return fix_finding(self._parts.project.folder, self.chosen)

    @property
    def fixable(self) -> int:
        """How many findings have a fix."""
        return sum(each.fix is not None for each in self.findings)

    async def fix_all(self) -> Undoable | None:
        """Apply all fixes in all tools; None when there are none. Raises `StoreError`."""
        fixed = await asyncio.to_thread(fix_everything, self._parts.project.folder)
        return fixed.files if fixed.made else None

    @property
    def chosen_row(self) -> int | None:
        """Where the chosen finding is listed."""
        return self.shown.index(self.chosen) if self.chosen in self.shown else None

    def _sift(self) -> None:
        before = self.chosen
        self.shown = tuple(each for each in self.findings if self._fits(each))
        self.chosen = _again(before, self.shown)
        self.changed.emit()

    def _fits(self, finding: LintFinding) -> bool:
        text = f"{finding.tool} {finding.file} {finding.rule} {finding.message}".casefold()
        return self.severity in (ALL, finding.severity) and all(word in text for word in self._words)


def _again(chosen: LintFinding | None, shown: Sequence[LintFinding]) -> LintFinding | None:
    """The same finding, or the one in its place; the first one if nothing was chosen."""
    if chosen is not None:
        same = next((each for each in shown if each.fingerprint == chosen.fingerprint), None)
        if same is not None:
            return same
    return shown[0] if shown else None
