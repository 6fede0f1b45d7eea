"""The variants of a project: a list, what the chosen one changes, and everything that can be done with it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Protocol

import msgspec

from workbench.app.parts import HasModels, HasProject, HasRuns, HasServers
from workbench.app.tools.tool_changes import Undoable
from workbench.app.variants.variant_baseline import BaselineStore
from workbench.app.variants.variant_promotion import project_offer, promote
from workbench.app.variants.variants import VariantStore
from workbench.core.errors import StoreError, WorkbenchError
from workbench.core.ids import RunId
from workbench.core.signal import Signal
from workbench.core.tool import Toolset
from workbench.core.variant import Offer, Variant, apply_variant
from workbench.core.variant_fit import fitting_part
from workbench.core.word_diff import Piece
from workbench.viewmodels.explorer.explorer_item import ExplorerSection
from workbench.viewmodels.shared import figures
from workbench.viewmodels.variants.variant_draft import VariantDraft
from workbench.viewmodels.variants.variant_rows import (
    VariantRow,
    lines_of,
    name_for,
    place_words,
    row_of,
    section_of,
)

Undo = Callable[[], Coroutine[Any, Any, None]]
MOST_ACTS = 100
NO_EDITS = "No edits to make a variant from."


class VariantParts(HasProject, HasRuns, HasServers, HasModels, Protocol):
    """What variants are made of."""

    @property
    def variants(self) -> VariantStore: ...


class VariantsViewModel:
    """What is typed is saved by `save`, which the page calls after a pause; every act is told with its undo."""

    def __init__(self, parts: VariantParts, reload: Callable[[], Awaitable[None]], *, now: Callable[[], float]) -> None:
        self.store = parts.variants
        self.baselines = BaselineStore(lambda: parts.project, parts.runs.load, lambda: parts.mcp.tools, now)
        self.rows: tuple[VariantRow, ...] = ()
        self.selected = ""
        self.draft: VariantDraft | None = None
        self.changed: Signal[[]] = Signal()
        self.opened: Signal[[]] = Signal()
        """Another variant is shown, or none."""
        self.done: Signal[[str, Undo | None]] = Signal()
        """Something was done; how to take it back."""
        self.failed: Signal[[str]] = Signal()
        """Something could not be done, and why."""
        self._parts = parts
        self._reload = reload
        self._now = now
        self._saved: Variant | None = None
        self._acts: list[tuple[str, Undo]] = []
        self._known: dict[str, tuple[Variant, Offer, VariantRow]] = {}
        self.refresh()

    # what is shown

    @property
    def offer(self) -> Offer:
        """What the project offers, tools of servers included."""
        own = project_offer(self._parts.project)
        return msgspec.structs.replace(own, toolset=Toolset([*own.toolset, *self._parts.mcp.tools]))

    @property
    def row(self) -> VariantRow | None:
        """The chosen variant's row."""
        return next((row for row in self.rows if row.name == self.selected), None)

    @property
    def readable(self) -> list[Variant]:
        """The listed variants as they were read last, without those that cannot be read."""
        return [self._known[row.name][0] for row in self.rows if not row.is_damaged]

    @property
    def changes(self) -> tuple[tuple[str, tuple[Piece, ...]], ...]:
        """What the chosen variant changes, as far as it fits: the place in words, and the text word by word."""
        if self.draft is None:
            return ()
        return tuple((place_words(line.place), line.pieces) for line in lines_of(self.draft.value, self.draft.offer))

    @property
    def varied(self) -> tuple[Toolset, dict[str, str]] | None:
        """The tools as the chosen variant makes them, as far as it fits, and what it renames."""
        if self.draft is None:
            return None
        part = fitting_part(self.draft.value, self.draft.offer)
        return apply_variant(part, self.draft.offer).toolset, part.renames

    @property
    def baseline_words(self) -> str:
        """What “my edits” are counted from."""
        baseline = self.baselines.baseline
        return f"Edits count since {figures.clock_time(baseline.set_at, self._now())}, when {baseline.why}."

    @property
    def last_act(self) -> str:
        """What `undo_act` would take back, in words; empty when there is nothing."""
        return self._acts[-1][0] if self._acts else ""

    @property
    def section(self) -> ExplorerSection | None:
        """The variants as a section of the explorer; none while there are none."""
        return section_of(self.rows)

    async def read_again(self) -> None:
        """The same as `refresh`; files that have changed are read in a thread."""
        await asyncio.to_thread(self.store.read_ahead)
        self.refresh()

    def refresh(self) -> None:
        """Take the variants and the project as they are now; what was typed stays."""
        names = self.store.names_ahead()
        self.rows = tuple(self._row(name) for name in names)
        if self.selected not in names:
            self.selected = ""
        if not self.selected and self.rows:
            self._open(self.rows[0].name)
        elif self.selected:
            self._follow_file()
        else:
            self._open("")
        self.changed.emit()

    # acts

    def select(self, name: str) -> None:
        """Show this variant."""
        if name != self.selected:
            self.save()
            self._open(name)
            self.changed.emit()

    def save(self) -> bool:
        """Write what was typed; False when that failed."""
        draft = self.draft
        if draft is None or draft.value == self._saved:
            return True
        try:
            self.store.save(draft.value)
        except (WorkbenchError, OSError) as error:
            self.failed.emit(f"Not saved: {error}")
            return False
        self._saved = draft.value
        self.rows = tuple(self._row(row.name) if row.name == draft.value.name else row for row in self.rows)
        self.changed.emit()
        return True

    async def undo_act(self) -> None:
        """Take the last act on the list back: making, copying, renaming, deleting, promoting."""
        if self._acts:
            await self._acts[-1][1]()

    async def make_of_edits(self, wanted: str = "", *, run: RunId | None = None, put_back: bool = False) -> str:
        """Make a variant of what was edited since the baseline, or since a run: its name, empty when nothing was.

        With `put_back` the tools become again what they were, so that the edits live in the variant alone.
        """
        self.save()
        await self._reload()  # what was typed a moment ago is an edit, too
        try:
            found = self.baselines.edits(wanted or "edits", run=run)
            if found.is_empty:
                self.failed.emit(f"{NO_EDITS} {self.baseline_words if run is None else ''}".strip())
                return ""
            name = self.store.free_name(wanted or name_for(found))
            change = self.store.save(msgspec.structs.replace(found, name=name))
        except (WorkbenchError, OSError) as error:
            self.failed.emit(str(error))
            return ""
        try:
            back = self.baselines.put_back() if put_back and run is None else None
        except (WorkbenchError, OSError) as error:
            back = None
            self.failed.emit(f"The tools were not restored: {error}")
        if back is not None:
            await self._reload()
        self._show(name)
        said = f"Created variant {name} from your edits" + (", and restored the tools" if back is not None else "")
        self._show_message(said, self._undo_of((change,), back))
        return name

    async def make_empty(self) -> str:
        """Make a variant that changes nothing yet: its name."""
        self.save()
        name = self.store.free_name("variant")
        try:
            change = self.store.save(Variant(name=name))
        except (WorkbenchError, OSError) as error:
            self.failed.emit(str(error))
            return ""
        self._show(name)
        self._show_message(f"Created variant {name}", self._undo_of((change,)))
        return name

    def duplicate(self) -> None:
        """Make a copy of the chosen variant."""
        if self.draft is None or not self.save():
            return
        try:
            name = self.store.free_name(f"{self.selected[:57]}-copy")
            change = self.store.save(msgspec.structs.replace(self.draft.value, name=name))
        except (WorkbenchError, OSError) as error:
            self.failed.emit(str(error))
            return
        old = self.selected
        self._show(name)
        self._show_message(f"Copied {old} to {name}", self._undo_of((change,)))

    def delete(self) -> None:
        """Delete the chosen variant."""
        name = self.selected
        if not name or not self.save():
            return
        try:
            change = self.store.delete(name)
        except (WorkbenchError, OSError) as error:
            self.failed.emit(str(error))
            return
        names = [row.name for row in self.rows]
        place = names.index(name)
        beside = (*names[place + 1 :], *reversed(names[:place]), "")[0]
        self._show(beside)
        self._show_message(f"Deleted variant {name}", self._undo_of((change,), show=name))

    def rename(self, new: str) -> bool:
        """Call the chosen variant otherwise; False when it keeps its name."""
        old = self.selected
        if not old or new == old:
            return True
        if not self.save():
            return False
        try:
            changes = self.store.rename(old, new)
        except (WorkbenchError, OSError) as error:
            self.failed.emit(error.message if isinstance(error, WorkbenchError) else str(error))
            return False
        self._show(new)
        self._show_message(f"Renamed {old} to {new}", self._undo_of(changes, show=old))
        return True

    async def promote(self) -> None:
        """Make the chosen variant the project's own: tools, instructions, tool choice and model."""
        draft = self.draft
        if draft is None or not self.save():
            return
        before = self.baselines.baseline
        try:
            undoable, remarks = promote(draft.value, self._parts.project)
        except (WorkbenchError, OSError) as error:
            self.failed.emit(f"Not promoted: {error}")
            return
        if not undoable.after:
            self.done.emit(f"The project already matches {draft.value.name}", None)
            return
        await self._reload()
        with contextlib.suppress(StoreError):  # it only says from when edits count
            self.baselines.set_now(f"{draft.value.name} was promoted")
        self.refresh()

        async def undo() -> None:
            await self._take_back((), undoable)
            with contextlib.suppress(StoreError):
                self.baselines.put(before)

        self._show_message(" ".join((f"Promoted {draft.value.name}.", *remarks)), undo)

    def count_from_now(self) -> None:
        """From now on, “my edits” are what changes after this moment."""
        before = self.baselines.baseline
        try:
            self.baselines.set_now("you said so")
        except WorkbenchError as error:
            self.failed.emit(str(error))
            return
        self.changed.emit()

        async def undo() -> None:
            with contextlib.suppress(StoreError):
                self.baselines.put(before)
            self.changed.emit()

        self._show_message("Counting edits from now", undo)

    # inside

    def _show_message(self, words: str, undo: Undo) -> None:
        """Say what was done; it can be undone once, from anywhere."""
        entry: list[tuple[str, Undo]] = []

        async def once() -> None:
            if entry[0] in self._acts:
                self._acts.remove(entry[0])
                await undo()
                self.changed.emit()

        entry.append((words, once))
        self._acts.append(entry[0])
        del self._acts[:-MOST_ACTS]
        self.changed.emit()
        self.done.emit(words, once)

    def _undo_of(self, changes: tuple[Undoable, ...], more: Undoable | None = None, *, show: str = "") -> Undo:
        async def undo() -> None:
            await self._take_back(changes, more, show=show)

        return undo

    async def _take_back(self, changes: tuple[Undoable, ...], more: Undoable | None, *, show: str = "") -> None:
        self.save()
        try:
            if more is not None:
                more.undo()
            for change in reversed(changes):
                change.undo()
        except (WorkbenchError, OSError) as error:
            self.failed.emit(str(error))
        if more is not None:
            await self._reload()
        if show in self.store.names():
            self._show(show)
        else:
            self.refresh()

    def _show(self, name: str) -> None:
        self.rows = tuple(self._row(each) for each in self.store.names())
        self._open(name)
        self.changed.emit()

    def _open(self, name: str) -> None:
        self.selected = name
        self.draft = self._saved = None
        if name:
            try:
                self._saved = self.store.load(name)
                self.draft = VariantDraft(
                    self._saved, self.offer, check_model=lambda spec: self._parts.providers.target(spec)
                )
            except WorkbenchError:
                pass  # its row says why
        self.opened.emit()

    def _follow_file(self) -> None:
        """A variant that was edited elsewhere is shown as it is there, unless something was typed here."""
        draft = self.draft
        if draft is None or draft.value != self._saved:
            if draft is None:
                self._open(self.selected)
            else:
                draft.take_offer(self.offer)
            return
        try:
            is_same = self.store.load(self.selected) == self._saved
        except WorkbenchError:
            is_same = False
        if is_same:
            draft.take_offer(self.offer)
        else:
            self._open(self.selected)

    def _row(self, name: str) -> VariantRow:
        try:
            variant = self.store.load(name)
        except WorkbenchError as error:
            return VariantRow(name, "cannot be read", f"{error.message}. {error.hint}".strip(), is_damaged=True)
        offer, known = self.offer, self._known.get(name)
        if known is None or known[0] != variant or known[1] != offer:
            known = self._known[name] = (variant, offer, row_of(name, variant, offer))
        return known[2]
