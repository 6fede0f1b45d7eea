"""Counting a tool's tokens exactly: offered in the editor's menu where a key is at hand, asked only on a click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from workbench.app.models.wires import COUNTING_VENDORS, in_words
from workbench.app.parts import HasKeys, HasModels
from workbench.core.errors import WorkbenchError
from workbench.core.tool import Tool
from workbench.gui.frame.feature import Feature
from workbench.gui.kit.listening import listen
from workbench.gui.schema_editor.schema_editor_feature import SchemaEditorFeature
from workbench.gui.settings.settings_feature import SettingsFeature

if TYPE_CHECKING:
    from workbench.app.schema_editor.token_counting import Counter
    from workbench.gui.schema_editor.editor_header import MenuEntry
    from workbench.gui.schema_editor.editor_page import EditorPage

NO_KEY = f"Count tokens exactly: requires a key for {in_words(COUNTING_VENDORS)}"


class CountParts(HasModels, HasKeys, Protocol):
    """Who can be asked for a count."""


class ExactCountsFeature(Feature[CountParts]):
    """Says in the menu where the tool would be sent."""

    def begin(self) -> None:
        """Take part in every editor."""
        listen(self.context.as_window, self.context.features.of(SchemaEditorFeature).page_made, self._take_editor)

    def _take_editor(self, page: EditorPage) -> None:
        page.header.extra_entries.append(lambda: self.menu_entries(page))

    def menu_entries(self, page: EditorPage) -> tuple[MenuEntry, ...]:
        """One entry for each vendor's model that could count."""
        from workbench.app.schema_editor.token_counting import counters

        found = counters(self.parts.providers)
        if not found:
            settings: Callable[[], object] = self.context.features.of(SettingsFeature).open
            return ((NO_KEY, "", settings),)
        return tuple(
            (f"Count exactly with {one.model} — sends this tool to {one.to}", "", partial(self._count, page, one))
            for one in found
        )

    def _count(self, page: EditorPage, counter: Counter) -> None:
        tasks, name = self.context.tasks, f"count tokens {id(page)}"
        if tasks.start(name, self._count_exactly(page, counter)):
            page.destroyed.connect(lambda *_: tasks.cancel(name))

    async def _count_exactly(self, page: EditorPage, counter: Counter) -> None:
        from workbench.app.schema_editor.token_counting import count_tokens

        text, value = page.editor.document.text, page.editor.document.value
        page.banner.say(f"Asking {counter.to} for the count…")
        try:
            tokens = await count_tokens(self.parts.providers, self.parts.keys, counter, Tool(value))
        except WorkbenchError as error:
            page.banner.say(f"Not counted: {error}")
            return
        page.banner.say("")
        if page.editor.document.text == text:
            page.header.show_exact(tokens, counter.model)
