"""Prices as a feature of the window: a section of the settings, and the command that leads there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from workbench.app.parts import HasModels, HasPrices, HasProject
from workbench.core.errors import UsageError
from workbench.gui.frame.actions import Command
from workbench.gui.frame.feature import Feature, WindowContext
from workbench.gui.kit.listening import listen
from workbench.gui.settings.settings_feature import SettingsFeature

if TYPE_CHECKING:
    from workbench.gui.costs.prices_panel import PricesPanel
    from workbench.viewmodels.costs.price_form import PriceForm

_PRICES = (
    "US dollars per million tokens, for all your projects. The first entry that fits a model counts; * stands for "
    "anything. An empty cached input or cache write counts like input. No vendor's prices come with the program: they "
    "change, and a cost without a price is shown as unknown."
)


class CostsParts(HasProject, HasModels, HasPrices, Protocol):
    """What prices are edited with."""


class CostsFeature(Feature[CostsParts]):
    """The form lives as long as the window, so that what was changed can be undone later."""

    def __init__(self, context: WindowContext, parts: CostsParts) -> None:
        super().__init__(context, parts)
        self._form: PriceForm | None = None

    @property
    def _prices(self) -> PriceForm:
        from workbench.viewmodels.costs.price_form import PriceForm

        if self._form is None:
            self._form = PriceForm(self.parts.prices)
            self._form.written.connect(self._tell_price)
        return self._form

    def commands(self) -> tuple[Command, ...]:
        """The way to the section."""
        return (Command("prices", "Model prices", "Project", self._show_prices, opens_page=True, synonyms="costs"),)

    def begin(self) -> None:
        """Every settings page gets the section."""
        context = self.context
        settings = context.features.of(SettingsFeature)
        settings.add_section("Prices", _PRICES, self._make_prices)
        context.line.spent_clicked.connect(self._show_prices)
        for problem in self.parts.prices.problems[:1]:
            context.line.show_message(str(problem), "warn")

    def refresh(self) -> None:
        """The project was reloaded: the prices may be others."""
        self.parts.prices.reload()

    def _models(self) -> list[tuple[str, ...]]:
        """The names of each model that can be chosen here."""
        parts = self.parts
        found: list[tuple[str, ...]] = []
        for choice in parts.model_choices():
            try:
                target = parts.providers.target(choice.spec)
            except UsageError:
                continue
            found.append((choice.spec, target.model, f"{target.kind}:{target.model}"))
        return found

    def _make_prices(self) -> PricesPanel:
        from workbench.gui.costs.prices_panel import PricesPanel

        panel = PricesPanel(self._prices, self.context.look, self._models)
        listen(panel, self.context.explorer.changed, panel.refresh)
        return panel

    def _show_prices(self) -> None:
        from workbench.gui.costs.prices_panel import PricesPanel

        self.context.features.of(SettingsFeature).show_panel(PricesPanel).table.setFocus()

    def _tell_price(self, words: str) -> None:
        form, change = self._prices, self._prices.newest
        self.context.toasts.tell(words, lambda: form.undo(change), tone="ok")
