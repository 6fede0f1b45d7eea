"""The look: appearance, zoom, fonts and icons of the whole window, in one place that emits its changes."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from workbench.core.signal import Signal
from workbench.gui.look.colors import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from workbench.gui.look.hidden_pages import HiddenPages, show_placeholders
from workbench.gui.look.icons import Icons
from workbench.gui.look.stylesheet import stylesheet

Appearance = Literal["system", "light", "dark", "contrast-light", "contrast-dark"]
APPEARANCES: tuple[tuple[Appearance, str], ...] = (
    ("system", "Follow system"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("contrast-light", "High contrast, light"),
    ("contrast-dark", "High contrast, dark"),
)
"""Every appearance, with its name."""
ZOOMS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)

_UI_FONTS = (
    "Inter",
    "Segoe UI Variable Text",
    "Segoe UI",
    ".AppleSystemUIFont",
    "SF Pro Text",
    "Cantarell",
    "Noto Sans",
    "DejaVu Sans",
)
_MONO_FONTS = ("JetBrains Mono", "Cascadia Mono", "SF Mono", "Menlo", "Consolas", "Noto Sans Mono", "DejaVu Sans Mono")
_EMOJI_FONTS = ("Noto Color Emoji", "Segoe UI Emoji", "Apple Color Emoji")


class Look:
    """Every widget that paints for itself takes its colors from here, and repaints when they change (`follow`)."""

    def __init__(self, app: QApplication, icon_folder: Path) -> None:
        self.tokens: Tokens = LIGHT
        self.appearance: Appearance = "system"
        self.zoom = 1.0
        self.changed: Signal[[]] = Signal()
        self._app = app
        self._wanted: tuple[Appearance, float] | None = None
        self._soon = QTimer()
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._show_wanted)
        self._icons = Icons(icon_folder)
        self._hidden = HiddenPages(app)
        families = set(QFontDatabase.families())
        self._ui_families = _chain(_UI_FONTS, families) or [
            QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
        ]
        self._mono_families = _chain(_MONO_FONTS, families) or [
            QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
        ]
        self._base_pt = max(9.5, min(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).pointSizeF(), 13.0))
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_system_scheme_changed)

    def show(self, appearance: Appearance, zoom: float | None = None) -> None:
        """Change the appearance, and the zoom where given, at once and everywhere."""
        self.appearance = appearance
        if zoom is not None:
            self.zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        self.tokens = self._tokens_of(appearance)
        # Workaround (no upstream issue known): where one sheet follows another, Qt styles each widget again with
        # everything in it, once for every level that it is deep. Without a sheet in between, each is styled twice: a
        # sixth of the time. Remove when `QStyleSheetStyle::repolish` visits a widget once.
        self._hidden.set_apart()
        self._app.setStyleSheet("")
        self._app.setPalette(_palette(self.tokens))
        self._app.setFont(self.font())
        self._app.setStyleSheet(stylesheet(self.tokens, self._icons, self._mono_families, self.size_pt()))
        self.changed.emit()  # widgets with their own font take it first
        show_placeholders(self._app.allWidgets())

    def follow(self, owner: QObject, listener: Callable[[], object]) -> None:
        """Call this after every change while the owner lives; if its page is hidden, once it is shown."""

        def hear() -> None:
            if not self._hidden.is_held(owner, hear):
                listener()

        disconnect = self.changed.connect(hear)
        owner.destroyed.connect(lambda *_: disconnect())
        owner.destroyed.connect(lambda *_: self._hidden.forget(hear))

    def show_soon(self, appearance: Appearance | None = None, zoom: float | None = None) -> None:
        """Change the appearance, the zoom, or both after pending keys were read: styling every widget again takes long,
        so several steps are shown as one."""
        before = self._wanted or (self.appearance, self.zoom)
        self._wanted = (appearance or before[0], before[1] if zoom is None else zoom)
        self._soon.start(0)

    def zoom_by(self, steps: int) -> None:
        """Larger (1) or smaller (-1) text, soon; 0 goes back to normal."""
        zoom = self._wanted[1] if self._wanted is not None else self.zoom
        place = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - zoom))
        self.show_soon(zoom=1.0 if steps == 0 else ZOOMS[min(max(place + steps, 0), len(ZOOMS) - 1)])

    @property
    def wanted_appearance(self) -> Appearance:
        """The appearance that is shown, or about to be."""
        return self._wanted[0] if self._wanted is not None else self.appearance

    def _show_wanted(self) -> None:
        if self._wanted is not None:
            (appearance, zoom), self._wanted = self._wanted, None
            if (appearance, zoom) != (self.appearance, self.zoom):
                self.show(appearance, zoom)

    def size_pt(self, factor: float = 1.0) -> float:
        """The text size in points, zoom included."""
        return round(self._base_pt * self.zoom * factor * 4) / 4

    def px(self, length: float) -> int:
        """A length that grows with the text: row heights, icon sizes."""
        return round(length * self.zoom * self._base_pt / 10)

    def font(self, factor: float = 1.0, *, is_bold: bool = False) -> QFont:
        """The font of the window."""
        return self._font([*self._ui_families, *_EMOJI_FONTS], factor, is_bold)

    def mono(self, factor: float = 1.0, *, is_bold: bool = False) -> QFont:
        """The font of code, arguments and results."""
        font = self._font([*self._mono_families, *_EMOJI_FONTS], factor * 0.96, is_bold)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setFixedPitch(True)
        return font

    def color(self, token: str) -> QColor:
        """A color of the theme."""
        return QColor(self.tokens.color(token))

    def icon(self, name: str, token: str = "muted") -> QIcon:
        """A drawing in a color of the theme; get it again when the look has changed."""
        return self._icons.icon(name, self.tokens, token)

    def pixmap(self, name: str, token: str, size: int, ratio: float) -> QPixmap:
        """A drawing as a pixmap of `size` logical pixels at a screen's ratio."""
        return self._icons.pixmap(name, self.tokens, token, size, ratio)

    def _font(self, families: list[str], factor: float, is_bold: bool) -> QFont:
        font = QFont()
        font.setFamilies(families)
        font.setPointSizeF(self.size_pt(factor))
        font.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
        return font

    def _tokens_of(self, appearance: Appearance) -> Tokens:
        match appearance:
            case "light":
                return LIGHT
            case "dark":
                return DARK
            case "contrast-light":
                return CONTRAST_LIGHT
            case "contrast-dark":
                return CONTRAST_DARK
            case "system":
                return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _on_system_scheme_changed(self) -> None:
        if self.appearance == "system" and self._tokens_of("system") is not self.tokens:
            self.show("system")


def _chain(wanted: tuple[str, ...], families: set[str]) -> list[str]:
    return [family for family in wanted if family in families]


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tokens.window,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.sunken,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.Button: tokens.raised,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.BrightText: tokens.error,
        QPalette.ColorRole.Highlight: tokens.selection,
        QPalette.ColorRole.HighlightedText: tokens.text,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.LinkVisited: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.raised,
        QPalette.ColorRole.ToolTipText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.muted,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Light: tokens.raised,
        QPalette.ColorRole.Midlight: tokens.hover,
        QPalette.ColorRole.Mid: tokens.border_strong,
        QPalette.ColorRole.Dark: tokens.border_strong,
        QPalette.ColorRole.Shadow: tokens.border,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return palette
