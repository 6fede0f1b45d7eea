"""A slider through the stream of an answer, and what had arrived at its position."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QVBoxLayout, QWidget

from workbench.gui.kit.diff_colors import BIRTH, DiffColors
from workbench.gui.kit.labels import ElidedLabel
from workbench.gui.kit.plain_view import PlainView
from workbench.gui.look.look import Look
from workbench.viewmodels.inspector.stream_slider import StreamScrub

_PAGE = 10


class StreamSliderPanel(QWidget):
    """Shows a `StreamScrub`; hidden while there is none. Arrow keys move one piece, Home and End go to the ends."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._scrub: StreamScrub | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName("Position in the stream")
        self.slider.setToolTip("Step through the stream piece by piece (arrow keys, Page Up, Page Down, Home, End)")
        self.slider.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.slider.setPageStep(_PAGE)
        self.slider.valueChanged.connect(self._show_position)
        self.place = ElidedLabel("", "hint")
        self.text = PlainView(look, "Received so far", max_lines=14)
        self._colors = DiffColors(self.text.document(), look, BIRTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 6, 12, 6)
        column.setSpacing(4)
        column.addWidget(self.slider)
        column.addWidget(self.place)
        column.addWidget(self.text)
        self.hide()

    def show_stream(self, scrub: StreamScrub | None) -> None:
        """Show this stream at its end; the same stream, grown or not, keeps the chosen position."""
        before, self._scrub = self._scrub, scrub
        self.setVisible(scrub is not None)
        if scrub is None:
            return
        is_same = before is not None and before.key == scrub.key
        is_at_end = self.slider.value() == self.slider.maximum()
        place = self.slider.value() if is_same and not is_at_end else scrub.steps
        self.slider.blockSignals(True)
        self.slider.setRange(0, scrub.steps)
        self.slider.setValue(place)
        self.slider.blockSignals(False)
        self._show_position(place)

    def _show_position(self, position: int) -> None:
        if self._scrub is None:
            return
        self.place.setText(self._scrub.words_at(position))
        self.slider.setAccessibleDescription(self._scrub.words_at(position))
        self.text.show_text(self._scrub.text_at(position))
