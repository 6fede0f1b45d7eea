"""What a tool returned beside text: pictures small, everything by name, type and size, to be saved."""

import base64
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from workbench.core.message import Attachment
from workbench.gui.kit.labels import ElidedLabel, label
from workbench.gui.kit.page_frame import action_button
from workbench.gui.look.look import Look
from workbench.viewmodels.shared.attachment_words import attachment_words, file_name, is_shown

_WIDTH, _HEIGHT = 320, 200


class AttachmentsView(QWidget):
    """Made for the attachments of one result; another one gets another view."""

    def __init__(self, attachments: tuple[Attachment, ...], look: Look) -> None:
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
            if is_shown(one) and not (pixmap := _small(one, look)).isNull():
                picture = QLabel()
                picture.setPixmap(pixmap)
                picture.setAccessibleName(f"Picture: {words}")
                column.addWidget(picture)
            name = file_name(one, number)
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ElidedLabel(words, "hint"), 1)
            row.addWidget(action_button("Save as…", f"Save {name}", partial(self._ask, one, name), role="quiet"))
            column.addLayout(row)
        column.addWidget(self._said)
        column.addStretch(1)

    def save(self, attachment: Attachment, path: Path) -> None:
        """Write it into a file, and say whether that went well."""
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


def _small(attachment: Attachment, look: Look) -> QPixmap:
    """The picture, no larger than a card has room for; empty where it cannot be read. It is read as what its first
    bytes say that it is, and never takes more memory than Qt allows a picture."""
    buffer = QBuffer()
    buffer.setData(QByteArray(base64.b64decode(attachment.data)))
    buffer.open(QBuffer.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(attachment.mime_type.partition("/")[2].encode()))
    reader.setAutoDetectImageFormat(False)
    whole, room = QSize(attachment.width, attachment.height), QSize(look.px(_WIDTH), look.px(_HEIGHT))
    if whole.width() > room.width() or whole.height() > room.height():
        whole.scale(room, Qt.AspectRatioMode.KeepAspectRatio)
    reader.setScaledSize(whole.expandedTo(QSize(1, 1)))
    return QPixmap.fromImageReader(reader)
