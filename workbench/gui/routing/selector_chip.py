"""The chip in the composer: what chooses the tools that the next run is offered."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QPushButton

from workbench.core.routing.plan import ALL_TOOLS
from workbench.gui.kit.listening import listen
from workbench.viewmodels.conversation.composer import ComposerViewModel
from workbench.viewmodels.shared.plain import one_line

_ALL = "all tools"


class SelectorChip(QPushButton):
    """Hidden where the project has too few tools to leave any out. Its menu chooses a selector."""

    def __init__(self, composer: ComposerViewModel, open_page: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("role", "picker")
        self._composer = composer
        self._open_page = open_page
        self.setToolTip("Routing: what chooses the tools that the next run is offered")
        self.menu_ = QMenu(self)
        self.menu_.setAccessibleName("Selector of the next run")
        self.clicked.connect(lambda _=False: self.open_menu())
        self.refresh()
        listen(self, composer.changed, self.refresh)

    def open_menu(self) -> None:
        """Offer every selector of the project."""
        self.menu_.clear()
        composer = self._composer
        own = f"As the project says: {_shown(composer.own_selector)}"
        for name, words in (("", own), *((name, _shown(name)) for name in composer.selectors)):
            action = self.menu_.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(name == composer.selector)
            action.triggered.connect(lambda _=False, name=name: composer.choose_selector(name))
        self.menu_.addSeparator()
        self.menu_.addAction("Compare them for a request…").triggered.connect(lambda _=False: self._open_page())
        self.menu_.popup(self.mapToGlobal(QPoint(0, -self.menu_.sizeHint().height())))

    def refresh(self) -> None:
        """Show what is chosen."""
        composer = self._composer
        shown = _shown(composer.selector or composer.own_selector)
        self.setText(f"Offer: {shown}  ▾".replace("&", "&&"))
        self.setAccessibleName(f"Selector of the next run: {shown}")
        self.setVisible(bool(composer.selectors))


def _shown(name: str) -> str:
    return _ALL if name == ALL_TOOLS else one_line(name, 28)
