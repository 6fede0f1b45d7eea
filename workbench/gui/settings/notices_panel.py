"""Whether the desktop is told what happens here while another program is in front."""

from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from workbench.gui.frame.desktop_notices import DesktopNotices


class NoticesPanel(QWidget):
    """Counts at once."""

    def __init__(self, notices: DesktopNotices) -> None:
        super().__init__()
        self.box = QCheckBox("Show desktop notifications")
        self.box.setAccessibleName(self.box.text())
        self.box.setChecked(notices.is_on)
        self.box.clicked.connect(lambda is_on: notices.switch(is_on=is_on))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
