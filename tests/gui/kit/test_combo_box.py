"""Drop-down lists."""

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QComboBox
from pytestqt.qtbot import QtBot

from tests.support.window import light_look
from workbench.gui.kit.combo_box import ComboBox


def test_only_a_choice_that_is_too_long_is_shortened(qtbot: QtBot, qapp: QApplication) -> None:
    light_look(qapp)

    def picture(box: QComboBox, text: str) -> QImage:
        qtbot.addWidget(box)
        box.addItem(text)
        box.resize(160, box.sizeHint().height())
        box.show()
        return box.grab().toImage()

    assert picture(ComboBox(), "short") == picture(QComboBox(), "short")
    assert picture(ComboBox(), "m" * 80) != picture(QComboBox(), "m" * 80)
