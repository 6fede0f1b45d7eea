"""Improving descriptions where one tool is chosen in place of another: candidates, and the race that they enter."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from workbench.app.suites.suggesting import (
    SuggestedVariant,
    SuggestionSource,
    candidates_of_model,
    candidates_of_rules,
    own_candidate,
    reads_triggers,
    save_candidates,
)
from workbench.core.errors import WorkbenchError
from workbench.core.signal import Signal
from workbench.core.suite.results import SuiteResults
from workbench.core.suite.suggestion import Confusion, confusions
from workbench.core.suite.trial import ArmKey
from workbench.core.tool import Toolset
from workbench.core.word_diff import Piece, word_diff
from workbench.viewmodels.suites.suite_running import SuitesParts

_SOURCES: dict[SuggestionSource, str] = {"rule": "a rule", "model": "a model", "you": "you"}
MOST_TICKED = 8


@dataclass(frozen=True)
class CandidateRow:
    """A candidate, and whether it enters the race."""

    candidate: SuggestedVariant
    is_ticked: bool = True

    @property
    def words(self) -> str:
        """`track-order-say-when · from a rule · +12 tokens a request`."""
        candidate = self.candidate
        change = f"{candidate.tokens:+,} tokens a request" if candidate.tokens else "no more tokens"
        return f"{candidate.name} · from {_SOURCES[candidate.source]} · {change}"


class SuiteImproving:
    """Follows the results that are looked at. No tool is changed here: candidates become variants when they race."""

    def __init__(self, parts: SuitesParts, changed: Signal[[]], fail: Callable[[WorkbenchError], object]) -> None:
        self.confusions: tuple[Confusion, ...] = ()
        self.confusion: Confusion | None = None
        self.rows: tuple[CandidateRow, ...] = ()
        self.shown = ""
        """The candidate whose text is shown."""
        self.is_asking = False
        """Whether a model is being asked."""
        self._seen: tuple[SuiteResults | None, ArmKey | None] = (None, None)
        self._parts = parts
        self._changed = changed
        self._fail = fail

    def look_at(self, results: SuiteResults | None, arm: ArmKey | None, cell: tuple[str, str] | None = None) -> None:
        """Take the confusions of this arm; `cell` chooses one. Candidates stay as long as their confusion does, and
        while held-out cases are looked at, which have no part in this."""
        if results is not None and "tune" not in results.splits:
            return
        if (results, arm) != self._seen:
            self._seen = results, arm
            found = confusions(results, arm) if results is not None and arm is not None else ()
            self.confusions = tuple(each for each in found if self._is_about_tools(each))
        wanted = cell or (self._place if self.confusion is not None else None)
        chosen = next((each for each in self.confusions if (each.expected, each.chosen) == wanted), None)
        self._choose(chosen or next(iter(self.confusions), None))

    def choose(self, place: int) -> None:
        """Improve another confusion."""
        self._choose(self.confusions[place])
        self._changed.emit()

    def suggest(self) -> None:
        """Add what the rules propose."""
        arm = self._seen[1]
        if self.confusion is not None and arm is not None:
            reads = reads_triggers(self._parts.providers, arm.model)
            self._add(candidates_of_rules(self.confusion, self._own, self._taken, reads_triggers=reads))

    async def ask_model(self, spec: str) -> None:
        """Add what a model proposes."""
        confusion = self.confusion
        if confusion is None or self.is_asking:
            return
        self.is_asking = True
        self._changed.emit()
        try:
            found = await candidates_of_model(self._parts.providers, spec, confusion, self._own, self._taken)
        except WorkbenchError as error:
            self._fail(error)
        else:
            if self.confusion == confusion:
                self._add(found)
        finally:
            self.is_asking = False
            self._changed.emit()

    def write(self, tool: str, description: str) -> bool:
        """Add a description of one's own; whether it changes something."""
        try:
            self._add((own_candidate(tool, description, self._own, self._taken),))
        except WorkbenchError as error:
            self._fail(error)
            return False
        return True

    def tick(self, name: str, *, is_on: bool) -> None:
        """Let a candidate race, or not."""
        self.rows = tuple(replace(row, is_ticked=is_on) if row.candidate.name == name else row for row in self.rows)
        self._changed.emit()

    def show(self, name: str) -> None:
        """Show the text of another candidate."""
        self.shown = name
        self._changed.emit()

    @property
    def ticked(self) -> tuple[SuggestedVariant, ...]:
        """The candidates that are to race."""
        return tuple(row.candidate for row in self.rows if row.is_ticked)

    @property
    def obstacle(self) -> str:
        """Why they cannot race now; empty when they can."""
        if len(self.ticked) < 2:
            return "Check at least two candidates."
        return "" if len(self.ticked) <= MOST_TICKED else f"At most {MOST_TICKED} candidates race well."

    @property
    def tools(self) -> tuple[str, ...]:
        """The tools of the confusion, whose descriptions can be edited."""
        place = self._place if self.confusion is not None else ()
        return tuple(name for name in place if self._own.named(name) is not None)

    def description_of(self, tool: str) -> str:
        """What the shown candidate says of this tool, or else the project."""
        shown = next((row.candidate for row in self.rows if row.candidate.name == self.shown), None)
        edit = shown.variant.tools.get(tool) if shown is not None else None
        own = self._own.named(tool)
        return (edit.description if edit is not None else None) or (own.description if own is not None else "")

    @property
    def why(self) -> str:
        """Why the shown candidate might help."""
        shown = next((row.candidate for row in self.rows if row.candidate.name == self.shown), None)
        return shown.why if shown is not None else ""

    @property
    def changes(self) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
        """What the shown candidate changes: the tool, and its description word by word."""
        shown = next((row.candidate for row in self.rows if row.candidate.name == self.shown), None)
        found = []
        for name, edit in (shown.variant.tools if shown is not None else {}).items():
            own = self._own.named(name)
            if own is not None and edit.description is not None:
                found.append((name, word_diff(own.description, edit.description)))
            if edit.triggers is not None:
                found.append((f"{name}, triggers", tuple(Piece("added", f"{each}\n") for each in edit.triggers)))
        return tuple(found)

    async def save(self) -> tuple[str, ...]:
        """Write the ticked candidates as variants; their names, none where that failed."""
        ticked, variants = self.ticked, self._parts.suites.variants
        try:
            await asyncio.to_thread(save_candidates, variants, ticked)
        except WorkbenchError as error:
            self._fail(error)
            return ()
        return tuple(each.name for each in ticked)

    @property
    def _place(self) -> tuple[str, str]:
        assert self.confusion is not None
        return self.confusion.expected, self.confusion.chosen

    @property
    def _own(self) -> Toolset:
        return self._parts.toolset

    @property
    def _taken(self) -> tuple[str, ...]:
        return (*self._parts.suites.variants.names(), *(row.candidate.name for row in self.rows))

    def _is_about_tools(self, confusion: Confusion) -> bool:
        return any(self._own.named(name) is not None for name in (confusion.expected, confusion.chosen))

    def _choose(self, confusion: Confusion | None) -> None:
        before = self._place if self.confusion is not None else None
        self.confusion = confusion
        if confusion is None or self._place != before:
            self.rows, self.shown = (), ""

    def _add(self, found: tuple[SuggestedVariant, ...]) -> None:
        known = [row.candidate.variant.tools for row in self.rows]
        fresh = [CandidateRow(each) for each in found if each.variant.tools not in known]
        self.rows = (*self.rows, *fresh)
        if fresh:
            self.shown = fresh[0].candidate.name
        self._changed.emit()
