"""Prices and limits as a feature of the window: sections of the settings, and the commands that lead there."""

from PySide6.QtWidgets import QWidget

from workbench.core.errors import UsageError
from workbench.gui.costs.prices_panel import PricesPanel
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature
from workbench.gui.kit.listening import listen
from workbench.gui.project.limits_panel import LimitsPanel
from workbench.gui.settings.settings_page import SettingsPage
from workbench.viewmodels.costs.price_form import PriceForm
from workbench.viewmodels.project.limits_form import LimitsForm

_PRICES = (
    "US dollars per million tokens, for all your projects. The first entry that fits a model counts; * stands for "
    "anything. An empty cached input or cache write counts like input. No vendor's prices come with the program: they "
    "change, and a cost without a price is shown as not known."
)
_LIMITS = "What a run of this project may use up. Kept in workbench.toml; an empty box brings the default back."


class Spending(Feature):
    """The forms live as long as the window, so that what was changed can be taken back later."""

    _prices: PriceForm | None = None
    _limits: LimitsForm | None = None

    def commands(self) -> tuple[Command, ...]:
        """The ways to the two sections."""
        return (
            Command("prices", "Prices: what models cost", "Project", lambda: self._show(PricesPanel)),
            Command("limits", "Limits: what a run may use up", "Project", lambda: self._show(LimitsPanel)),
        )

    def begin(self) -> None:
        """Every settings page gets the sections."""
        place = self.place
        self._prices, self._limits = PriceForm(place.session.prices), LimitsForm(place.session, place.read_again)
        self._prices.written.connect(self._tell_price)
        self._limits.written.connect(self._tell_limit)
        place.documents.page_made.connect(self._add_panels)
        place.line.spent_clicked.connect(lambda: self._show(PricesPanel))
        for problem in place.session.prices.problems[:1]:
            place.line.show_state(str(problem), "warn")

    def refresh(self) -> None:
        """The project was read anew: its limits may be others, and so may the prices."""
        self.place.session.prices.reload()
        if self._limits is not None:
            self._limits.refresh()

    def _models(self) -> list[tuple[str, ...]]:
        """The names of each model that can be chosen here."""
        session = self.place.session
        found: list[tuple[str, ...]] = []
        for choice in session.model_choices():
            try:
                target = session.providers.target(choice.spec)
            except UsageError:
                continue
            found.append((choice.spec, target.model, f"{target.kind}:{target.model}"))
        return found

    def _add_panels(self, page: QWidget) -> None:
        if not isinstance(page, SettingsPage) or self._prices is None or self._limits is None:
            return
        prices = PricesPanel(self._prices, self.place.look, self._models)
        page.add_section("Prices", _PRICES, prices)
        page.add_section("Limits", _LIMITS, LimitsPanel(self._limits, self.place.look, self.place.tasks))
        listen(prices, self.place.explorer.changed, prices.refresh)

    def _show(self, kind: type[PricesPanel | LimitsPanel]) -> None:
        self.place.opening.settings()
        page = self.place.documents.currentWidget()
        panel = page.findChild(kind) if page is not None else None
        if isinstance(page, SettingsPage) and isinstance(panel, PricesPanel | LimitsPanel):
            page.show_section(panel)
            if isinstance(panel, PricesPanel):
                panel.table.setFocus()
            else:
                next(iter(panel.boxes.values())).setFocus()

    def _tell_price(self, words: str) -> None:
        form = self._prices
        if form is not None:
            change = form.newest
            self.place.toasts.tell(words, lambda: form.undo(change), tone="ok")

    def _tell_limit(self, words: str) -> None:
        form = self._limits
        if form is not None:
            change = form.newest
            self.place.toasts.tell(words, lambda: self.place.tasks.start("limits", form.undo(change)), tone="ok")
