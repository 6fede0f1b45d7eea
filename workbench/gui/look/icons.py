"""Icons: our own line drawings, tinted with a color of the theme when they are asked for."""

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTemporaryDir
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from workbench.gui.look.colors import Tokens

_SIZES = (16, 20, 24, 32, 40, 48, 64)


class Icons:
    """The drawings of one folder. Tinted copies are kept, so asking often is cheap."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sources: dict[str, str] = {}
        self._icons: dict[tuple[str, str, str], QIcon] = {}
        self._files: dict[tuple[str, str], str] = {}
        self._temporary = QTemporaryDir()

    def icon(self, name: str, tokens: Tokens, token: str = "muted") -> QIcon:
        """The drawing `name` in the color `token`; disabled, it is fainter."""
        key = (name, tokens.name, token)
        if key not in self._icons:
            self._icons[key] = self._make(name, tokens, token)
        return self._icons[key]

    def pixmap(self, name: str, tokens: Tokens, token: str, size: int, ratio: float) -> QPixmap:
        """The drawing as a pixmap of `size` logical pixels."""
        return self.icon(name, tokens, token).pixmap(QSize(size, size), ratio)

    def file(self, name: str, color: str) -> str:
        """A tinted copy as a file, for style sheets, which know only files. It lives as long as the program."""
        key = (name, color)
        if key not in self._files:
            path = Path(self._temporary.path()) / f"{name}-{color.lstrip('#')}.svg"
            path.write_text(self._tinted(name, color), encoding="utf-8")
            self._files[key] = path.as_posix()
        return self._files[key]

    def _make(self, name: str, tokens: Tokens, token: str) -> QIcon:
        icon = QIcon()
        for mode, color in (
            (QIcon.Mode.Normal, tokens.color(token)),
            (QIcon.Mode.Disabled, tokens.disabled),
        ):
            for size in _SIZES:
                icon.addPixmap(_draw(self._tinted(name, color), size), mode)
        return icon

    def _tinted(self, name: str, color: str) -> str:
        if name not in self._sources:
            self._sources[name] = (self._folder / f"{name}.svg").read_text(encoding="utf-8")
        return self._sources[name].replace("currentColor", color)


def _draw(svg: str, size: int) -> QPixmap:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return QPixmap.fromImage(image)
