"""What a tool returned besides text: small pictures, and everything by name, type, and size, with *Save as*."""

import base64
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.app.runs.picture_reader import Picture, PictureReader
from workbench.core.message import Attachment
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.listening import listen
from workbench.gui.kit.page_frame import action_button
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.attachment_words import attachment_words, file_name
from workbench.viewmodels.shared.plain import one_line

_WIDTH, _HEIGHT = 320, 200


class AttachmentsView(QWidget):
    """Shows the attachments of one result; another result gets another view."""

    def __init__(self, attachments: tuple[Attachment, ...], look: Look, pictures: Callable[[], PictureReader]) -> None:
        super().__init__()
        self.attachments = attachments
        self._look = look
        self._said = label("", "hint", wraps=True)
        self._said.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for number, one in enumerate(attachments, 1):
            words = attachment_words(one)
            if one.is_picture:
                picture = label("Reading the picture…", "hint")
                picture.setAccessibleName(f"Picture: {words}")
                column.addWidget(picture)
                room = QSize(look.px(_WIDTH), look.px(_HEIGHT))
                size = QSize(one.width, one.height)
                if size.width() > room.width() or size.height() > room.height():
                    size.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
                picture.setMinimumHeight(size.height())  # nothing moves when the picture arrives
                listen(picture, pictures().ask(one, room.width(), room.height()), partial(_show, picture))
            name = file_name(one, number)
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ElidedLabel(words, "hint"), 1)
            row.addWidget(action_button("Save as…", f"Save {name}", partial(self._ask, one, name), role="quiet"))
            column.addLayout(row)
        column.addWidget(self._said)
        column.addStretch(1)

    def save(self, attachment: Attachment, path: Path) -> None:
        """Save it in a file, and return whether that succeeded."""
        try:
            path.write_bytes(base64.b64decode(attachment.data))
        except OSError as error:
            self._said.setText(f"{path.name} cannot be written: {error.strerror or error}")
        else:
            self._said.setText(f"Saved {path.name}.")
        self._said.show()

    def _ask(self, attachment: Attachment, name: str) -> None:
        dialog = QFileDialog(self, "Save what the tool returned", name)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(lambda chosen: self.save(attachment, Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _show(label: QLabel, told: Picture | str) -> None:
    label.setMinimumHeight(0)
    if isinstance(told, str):
        label.setWordWrap(True)
        label.setText(f"Cannot be shown: {one_line(told, 200)}.")
        return
    image = QImage(told.rgba, told.width, told.height, 4 * told.width, QImage.Format.Format_RGBA8888)
    label.setPixmap(QPixmap.fromImage(image))
