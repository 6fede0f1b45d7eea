"""The chip in the composer: the variant of the next run."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton

from workbench.gui.kit.labels import plain_tip
from workbench.gui.kit.listening import listen
from workbench.viewmodels.conversation.composer import ComposerViewModel
from workbench.viewmodels.shared.plain import one_line
from workbench.viewmodels.variants.variants import VariantsViewModel


class VariantChip(QPushButton):
    """Hidden while the project has no variants. Its menu chooses one, or none."""

    def __init__(
        self, composer: ComposerViewModel, variants: VariantsViewModel, open_page: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setProperty("role", "picker")
        self._composer = composer
        self._variants = variants
        self._open_page = open_page
        self.menu_ = QMenu(self)
        self.menu_.setAccessibleName("Variant of the next run")
        self.clicked.connect(lambda _=False: self.open_menu())
        self.refresh()
        listen(self, composer.changed, self.refresh)
        listen(self, variants.changed, self.refresh)

    def open_menu(self) -> None:
        """Offer every variant that fits."""
        self.menu_.clear()
        chosen = self._composer.variant
        for name, words in (("", "No variant: use project settings"), *self._choices()):
            action = self.menu_.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == chosen)
            action.triggered.connect(lambda _=False, name=name: self._composer.choose_variant(name))
        self.menu_.addSeparator()
        self.menu_.addAction("Variants…").triggered.connect(lambda _=False: self._open_page())
        self.menu_.popup(self.mapToGlobal(QPoint(0, -self.menu_.sizeHint().height())))

    def refresh(self) -> None:
        """Show the chosen variant."""
        name = self._composer.variant
        row = next((row for row in self._variants.rows if row.name == name), None)
        trouble = row.problem if row is not None else f"Variant {name!r} no longer exists." if name else ""
        shown = one_line(name, 28) or "none"
        self.setText(f"Variant: {'⚠ ' if trouble else ''}{shown}  ▾".replace("&", "&&"))
        self.setAccessibleName(f"Variant of the next run: {shown}")
        said = "The variant overrides the model and tool choice set here." if name else ""
        self.setToolTip(plain_tip(trouble or said or "Use a variant for the next run"))
        self.setVisible(bool(name) or bool(self._variants.rows))

    def _choices(self) -> list[tuple[str, str]]:
        return [
            (row.name, f"{one_line(row.name, 64)} — {row.summary}") for row in self._variants.rows if not row.problem
        ]
