"""Labels: always plain text, never markup, whatever a tool or a model put into them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from workbench.viewmodels.shared.plain import visible
from workbench.viewmodels.shared.tone import Tone

TONE_ICONS: dict[Tone, tuple[str, str]] = {
    "plain": ("note", "muted"),
    "busy": ("busy", "accent"),
    "ok": ("ok", "ok"),
    "warn": ("warn", "warn"),
    "error": ("error", "error"),
    "wait": ("hand", "warn"),
}
"""The icon and the color of a tone."""


def label(text: str = "", role: str = "", *, wraps: bool = False, parent: QWidget | None = None) -> QLabel:
    """Create a plain-text label with a role from the style sheet."""
    made = (_WrappedLabel if wraps else QLabel)(visible(text), parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wraps)
    if role:
        made.setProperty("role", role)
    return made


class _WrappedLabel(QLabel):
    """Qt's own wrapped label asks for the height it would have at its narrowest, which leaves holes in a page."""

    # overrides of Qt

    def minimumSizeHint(self) -> QSize:
        line = self.fontMetrics().lineSpacing()
        return QSize(40, max(line, self.heightForWidth(self.width())) if self.width() > 40 else line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wider label needs less height than before."""
        super().resizeEvent(event)
        if event.oldSize().width() != self.width():
            self.updateGeometry()


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Change a style property (`role`, `tone`) and let the style sheet see it."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # Qt styles hidden ones when they are shown
            widget.style().unpolish(widget)
            widget.style().polish(widget)
            widget.update()


class ElidedLabel(QLabel):
    """One line that ends in … when there is no room; its tool tip has the whole text."""

    def __init__(self, text: str = "", role: str = "", mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)
        self.setText(text)

    # overrides of Qt

    def setText(self, text: str) -> None:
        super().setText(visible(text))
        self._show_tip()

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tip()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), text)

    def _show_tip(self) -> None:
        text = self.text()
        is_cut = self.fontMetrics().horizontalAdvance(text) > self.width()
        self.setToolTip(f"<p style='white-space:pre-wrap'>{_escaped(text[:2000])}</p>" if is_cut and text else "")


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_tip(text: str) -> str:
    """A tool tip in which nothing is markup. Qt guesses otherwise."""
    return f"<p style='white-space:pre-wrap'>{_escaped(visible(text[:2000]))}</p>" if text else ""
