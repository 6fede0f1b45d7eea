"""The course of a race: a sentence, and the candidates after each round, including dropped ones."""

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from workbench.app.suites.suite_race import RaceReport, RaceRound
from workbench.app.suites.suite_words import race_words
from workbench.gui.kit.labels import label
from workbench.gui.kit.rows_table import RowsTable
from workbench.gui.look.look import Look
from workbench.viewmodels.suites.suite_words import STANDING_COLUMNS, standing_cells


class RaceView(QWidget):
    """Hidden while there is no race."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.words = label("", "strong", wraps=True)
        self.table = RowsTable("Standings of the race", STANDING_COLUMNS, look, wide=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.words)
        column.addWidget(self.table)

    def show_race(self, rounds: Sequence[RaceRound], race: RaceReport | None, *, is_running: bool = False) -> None:
        """Show these rounds."""
        self.words.setText(race_words(rounds, race) if race is not None or is_running else "The race behind this run")
        rows = [standing_cells(standing, each) for each in rounds for standing in each.standings]
        self.table.show_rows(rows, None)
        self.table.setVisible(bool(rows))
        self.setVisible(bool(rows) or is_running or race is not None)
