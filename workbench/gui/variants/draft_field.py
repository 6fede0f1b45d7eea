"""One field of a variant: what a model would get, whether it is the variant's own, and a reset button."""

from workbench.gui.kit.value_field import ValueField
from workbench.gui.look.look import Look
from workbench.viewmodels.variants.variant_draft import Key, VariantDraft


class DraftField(ValueField):
    """Shows one value of a `VariantDraft`."""

    def __init__(self, key: Key, title: str, look: Look, *, lines: int = 1, is_json: bool = False) -> None:
        reset = f"Revert to the project's {title.casefold()}"
        super().__init__(title, look, lines=lines, is_json=is_json, reset=reset)
        self.key = key
        self._draft: VariantDraft | None = None
        self.typed.connect(self._write)
        self.reset_asked.connect(self._reset)

    def show_draft(self, draft: VariantDraft) -> None:
        """Show the draft's text as it is now."""
        self._draft = draft
        is_own = draft.is_own(self.key) and self.key != "note"
        problem = draft.problems.get(self.key, "")
        self.show_value(draft.text(self.key), problem=problem, mark="● changed by this variant" if is_own else "")
        self.reset.setVisible(is_own or bool(problem))

    def _write(self, text: str) -> None:
        if self._draft is not None:
            self._draft.write(self.key, text)

    def _reset(self) -> None:
        if self._draft is not None:
            self._draft.reset(self.key)
