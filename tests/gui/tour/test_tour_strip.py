"""The strip of the tour stays where it is."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.support.window import lay_out, moved, places
from workbench.gui.look.look import Look
from workbench.gui.tour.tour_strip import TourStrip
from workbench.viewmodels.tour.tour import TourCard


def test_its_buttons_stay_under_the_pointer_from_step_to_step(qtbot: QtBot, look: Look) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    strip = TourStrip(look)
    below = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(strip)
    column.addWidget(below, 1)
    page.resize(900, 400)
    page.show()
    strip.show_card(TourCard(1, 6, "Run", "Short.", "Next"), is_running=False)
    lay_out()
    before, top = places(page), below.y()
    strip.show_card(TourCard(2, 6, "Wait", "Two lines of words. " * 8, "", can_compare=True), is_running=True)
    lay_out()
    strip.show_card(TourCard(3, 6, "On", "Short again.", "Next"), is_running=False)
    lay_out()
    assert moved(before, places(page)) == []
    assert below.y() == top
