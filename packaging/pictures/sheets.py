"""Contact sheets: each picture in every look and at every size, four to an image, so that somebody can look at all."""

import asyncio
from collections import defaultdict
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from pictures.stage import SIZE, Stage
from workbench.gui.look.look import Appearance, Look

SIZES = ((1024, 700), SIZE, (2560, 1440))
LOOKS: tuple[tuple[Appearance, float], ...] = (
    ("light", 1.0),
    ("dark", 1.0),
    ("contrast-light", 1.0),
    ("contrast-dark", 1.0),
    ("light", 2.0),
)
_COLUMNS = _ROWS = 2
_SHEET = (1600, 1020)
_TITLE_PX = 20
_PAUSE_S = 0.25
"""Until a page has settled in its new size."""


class Sheets:
    """Takes every picture many times, each file into a folder of its look and size, and joins what a folder holds."""

    def __init__(self, look: Look, out: Path, only: str = "") -> None:
        """`only` names groups such as `dark_100_1024`, by commas; empty for all."""
        self._look = look
        self._out = out
        self._only = only.split(",") if only else []
        self._taken: dict[str, list[Path]] = defaultdict(list)

    async def shoot(self, stage: Stage, name: str) -> None:
        """One picture for each look and size; the stage is as before afterwards."""
        for appearance, zoom in LOOKS:
            for width, height in SIZES:
                group = f"{appearance}_{round(zoom * 100)}_{width}"
                if self._only and group not in self._only:
                    continue
                if (self._look.appearance, self._look.zoom) != (appearance, zoom):
                    self._look.show(appearance, zoom)
                    await asyncio.sleep(_PAUSE_S)  # until then, the window cannot be smaller than it could before
                stage.window.resize(width, height)
                await asyncio.sleep(_PAUSE_S)
                file = self._out / group / f"{name}.png"
                file.parent.mkdir(parents=True, exist_ok=True)
                stage.take(file)
                self._taken[group].append(file)
        self._look.show(*LOOKS[0])
        stage.window.resize(*SIZE)

    def join(self) -> None:
        """Write the sheets of everything that was taken."""
        for group, files in self._taken.items():
            for number, start in enumerate(range(0, len(files), _COLUMNS * _ROWS), 1):
                _sheet(files[start : start + _COLUMNS * _ROWS]).save(str(self._out / f"{group}-{number:02}.png"))


def _sheet(files: list[Path]) -> QImage:
    sheet = QImage(*_SHEET, QImage.Format.Format_RGB32)
    sheet.fill(QColor("#808080"))
    width, height = _SHEET[0] // _COLUMNS, _SHEET[1] // _ROWS
    painter = QPainter(sheet)
    painter.setPen(QColor("#ffffff"))
    for place, file in enumerate(files):
        cell = QRect(place % _COLUMNS * width, place // _COLUMNS * height, width - 4, height - 4)
        painter.drawText(cell.adjusted(4, 2, 0, 0), Qt.AlignmentFlag.AlignTop, file.stem)
        picture = QImage(str(file)).scaled(
            cell.width(),
            cell.height() - _TITLE_PX,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        painter.drawImage(cell.x(), cell.y() + _TITLE_PX, picture)
    painter.end()
    return sheet
