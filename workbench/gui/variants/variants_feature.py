"""Variants as a feature of the window."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from workbench.core.errors import WorkbenchError
from workbench.core.json_text import pretty
from workbench.gui.compare.compare_feature import CompareFeature
from workbench.gui.conversation.chat_pane import ChatPane
from workbench.gui.frame.actions import Command
from workbench.gui.frame.documents import PageKey
from workbench.gui.frame.feature import Feature, ItemAction, PlaceAction, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.recorded_calls.recorded_calls_feature import RecordedCallsFeature
from workbench.gui.replay.fork_feature import ForkFeature
from workbench.gui.schema_editor.schema_editor_feature import EDITOR, SchemaEditorFeature
from workbench.gui.variants.variant_chip import VariantChip
from workbench.viewmodels.explorer.explorer_item import ExplorerItem
from workbench.viewmodels.runs.run_place import RunPlace
from workbench.viewmodels.variants.variants import Undo, VariantParts, VariantsViewModel

if TYPE_CHECKING:
    from workbench.gui.schema_editor.editor_header import MenuEntry
    from workbench.gui.schema_editor.editor_page import EditorPage
    from workbench.gui.variants.variants_page import VariantsPage
    from workbench.viewmodels.recorded_calls.recorded_call_report import CheckRequest
    from workbench.viewmodels.schema_editor.bases import Base

VARIANTS = "Variants"
_GROUP = "Variants"
_BASELINE = "note the baseline"
_PAGE: PageKey[VariantsPage] = PageKey("variants")


class VariantsFeature(Feature[VariantParts]):
    """The page of variants, the chip in the composer, and what the editor offers about variants."""

    def __init__(self, context: WindowContext, parts: VariantParts) -> None:
        super().__init__(context, parts)
        self.variants: VariantsViewModel

    def commands(self) -> tuple[Command, ...]:
        """What the palette offers about variants."""
        return (
            Command("variants", "Variants", _GROUP, self.open_page, opens_page=True),
            Command("new-variant", "New variant from my edits", _GROUP, lambda: self.make_of_edits()),
            Command(
                "new-variant-back",
                "New variant from my edits, and restore the tools",
                _GROUP,
                lambda: self.make_of_edits(put_back=True),
            ),
            Command("count-edits", "Start counting my edits now", _GROUP, lambda: self.variants.count_from_now()),
        )

    def place_actions(self) -> tuple[PlaceAction, ...]:
        """Edits may be counted from any run."""
        words = "New variant from my edits since this run"
        return (PlaceAction("variant-since", words, frozenset({"run"}), self._make_since),)

    def item_actions(self) -> tuple[ItemAction, ...]:
        """What is done with variants."""
        return (
            ItemAction("use-variant", "Use in the next run", lambda item: self._use(item.target), _is_variant),
            ItemAction("copy-variant", "Duplicate", self._copy_item, _is_variant),
            ItemAction("delete-variant", "Delete", self._delete_item, _is_variant),
        )

    def begin(self) -> None:
        """Listen to editors; what edits count from is noted once everything is shown."""
        context = self.context
        self.variants = VariantsViewModel(self.parts, context.read_again, now=time.time)
        listen(context.as_window, self.variants.done, self._tell)
        listen(context.as_window, self.variants.failed, lambda words: context.toasts.tell(words, tone="warn"))
        listen(context.as_window, self.variants.changed, self._offer_bases)
        context.explorer.extra_sections.append(lambda: self.variants.section)
        listen(context.as_window, self.variants.changed, context.explorer.refresh)
        context.explorer.refresh()
        listen(context.as_window, context.features.of(SchemaEditorFeature).page_made, self._take_editor)
        QTimer.singleShot(0, context.as_window, lambda: context.tasks.start(_BASELINE, self._note_baseline()))

    def take_pane(self, pane: ChatPane) -> None:
        """Put the chip into the composer."""
        composer = pane.conversation.composer
        pane.composer.add_picker(VariantChip(composer, self.variants, self.open_page))

    def open_item(self, item: ExplorerItem) -> bool:
        """A variant."""
        if _is_variant(item):
            self.open_page(item.target)
        return _is_variant(item)

    def refresh(self) -> None:
        """The project was reloaded."""
        self.context.tasks.start("read variants", self.variants.read_again())

    async def put_away(self) -> None:
        """Save what was typed, and let a baseline that is being written be whole."""
        self.variants.save()
        await self.context.tasks.finish(_BASELINE)

    # pages

    def open_page(self, name: str = "") -> VariantsPage:
        """Show the variants, this one chosen."""
        page = self.context.documents.show_page(_PAGE, VARIANTS, self._make_page)
        if name:
            self.variants.select(name)
        return page

    def make_of_edits(self, *, put_back: bool = False) -> None:
        """Make a variant of the edits since the baseline and show it."""
        self.context.features.of(SchemaEditorFeature).save_pages()
        self._make(lambda: self.variants.make_of_edits(put_back=put_back))

    # inside

    def _make_since(self, run_place: RunPlace) -> None:
        self.context.features.of(SchemaEditorFeature).save_pages()
        self._make(lambda: self.variants.make_of_edits(run=run_place.run_id))

    def _make(self, make: Callable[[], Coroutine[Any, Any, str]]) -> None:
        async def work() -> None:
            await self.context.read_again()
            if await make():
                self.open_page()

        self.context.tasks.start("variants", work())

    def _make_page(self) -> VariantsPage:
        from workbench.gui.variants.variants_page import VariantsPage
        from workbench.viewmodels.recorded_calls.recorded_call_report import CheckRequest

        context, calls = self.context, self.context.features.of(RecordedCallsFeature)

        def question() -> CheckRequest | None:
            varied, name = self.variants.varied, self.variants.selected
            return CheckRequest(varied[0], varied[1], None, f"the variant {name}") if varied is not None else None

        report = calls.new_report(question)
        page = VariantsPage(
            self.variants,
            report,
            context.look,
            context.tasks,
            models=tuple(choice.spec for choice in self.parts.model_choices()),
            judge=lambda: calls.check(report),
        )
        page.use_asked.connect(self._use)
        page.fork_asked.connect(lambda name: context.tasks.start("fork with a variant", self._fork(name)))
        page.list_asked.connect(lambda: calls.open_report(report))
        page.compare_asked.connect(lambda _: context.features.of(CompareFeature).choose(None))
        return page

    def _take_editor(self, page: EditorPage) -> None:
        page.header.extra_entries.append(self._menu_entries)
        page.editor.bases.offer(self._bases_of(page))

    def _menu_entries(self) -> tuple[MenuEntry, ...]:
        return (("New variant from my edits", "", self.make_of_edits),)

    def _offer_bases(self) -> None:

        for page in self.context.documents.pages(EDITOR):
            page.editor.bases.offer(self._bases_of(page))

    def _bases_of(self, page: EditorPage) -> list[Base]:
        """The variants that make this tool another one."""
        from workbench.viewmodels.schema_editor.bases import Base

        name, own = page.editor.name, self.parts.project.toolset.named(page.editor.name)
        edits = {variant.name: variant.tools.get(name) for variant in self.variants.readable}
        return [
            Base(f"variant:{of}", f"the variant {of}", partial(pretty, edit.applied(own).document))
            for of, edit in edits.items()
            if own is not None and edit is not None
        ]

    def _use(self, name: str) -> None:
        pane = self.context.pane or self.context.opening.new_conversation()
        self.context.documents.setCurrentWidget(pane)
        pane.conversation.composer.choose_variant(name)
        pane.composer.editor.setFocus()
        self.context.toasts.tell(
            f"The next run here uses {name}", lambda: pane.conversation.composer.choose_variant("")
        )

    async def _fork(self, name: str) -> None:
        """Prepare a fork of the newest run from its beginning, with this variant."""
        context = self.context
        rows = await asyncio.to_thread(self.parts.runs.recorded)
        newest = next((row for row in rows if not row.is_live), None)
        if newest is None:
            context.toasts.tell("No runs to fork yet.", tone="warn")
            return
        page = await context.features.of(ForkFeature).prepare(newest.run_id, "turn-1")
        if page is not None:
            page.form.choose_variant("stored", name)

    def _copy_item(self, item: ExplorerItem) -> None:
        self.variants.select(item.target)
        self.variants.duplicate()

    def _delete_item(self, item: ExplorerItem) -> None:
        self.variants.select(item.target)
        self.variants.delete()

    async def _note_baseline(self) -> None:
        try:
            await asyncio.to_thread(self.variants.baselines.keep)
        except WorkbenchError as error:
            self.context.toasts.tell(str(error), tone="warn")

    def _tell(self, words: str, undo: Undo | None) -> None:
        context = self.context
        context.toasts.tell(
            words, None if undo is None else lambda: context.tasks.start("undo a variant", undo()), tone="ok"
        )


def _is_variant(item: ExplorerItem) -> bool:
    return item.kind == "variant"
