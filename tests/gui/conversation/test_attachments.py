"""What a tool returned beside text, in the card of its call and in the inspector."""

import base64
from pathlib import Path
from urllib.parse import quote

import pytest
from PySide6.QtCore import QBuffer, QEvent
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from tests.support.projects import make_project
from tests.support.window import OpenWindow, light_look, nameless, until
from workbench.app.runs.picture_reader import Picture, PictureReader
from workbench.core.message import Attachment
from workbench.core.picture_header import attachment_of
from workbench.engine.ports import ExecutionResult
from workbench.gui.inspector.inspector_view import InspectorView
from workbench.gui.kit.attachments_view import AttachmentsView
from workbench.viewmodels.shared.attachment_words import file_name

pytestmark = pytest.mark.child_process


def picture(width: int, height: int, name: str = "") -> Attachment:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    made = attachment_of(base64.b64encode(buffer.data().data()).decode(), "image/jpeg", name)
    assert made is not None
    return made


def pictures(view: AttachmentsView) -> list[QLabel]:
    return [label for label in view.findChildren(QLabel) if not label.pixmap().isNull()]


class Camera:
    """Returns a picture and a file for every call."""

    name = "camera"

    def executor_for(self, _tool: object) -> "Camera":
        return self

    async def execute(self, _order: object) -> ExecutionResult:
        file = Attachment("text/csv", base64.b64encode(b"a,b").decode(), "file:///x/<b>list</b>.exe")
        return ExecutionResult("seen", attachments=(picture(640, 480), file))


async def test_a_picture_is_shown_small_and_anything_can_be_saved_as_what_it_is(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = ({"calls": [{"tool": "look", "arguments": {"at": "sea"}}]}, {"text": "ok"})
    bench = OpenWindow(make_project(tmp_path / "project", *answers), tmp_path / "home", qapp)
    bench.session.runs.executors = Camera()  # type: ignore[assignment]
    bench.send()
    await bench.idle()
    (card,) = bench.cards
    card.expand(True)
    assert card.details is not None
    view = card.details.attachments
    assert view is not None
    await until(lambda: pictures(view))
    (shown,) = pictures(view)
    assert shown.pixmap().width() <= bench.look.px(320)
    assert "640 × 480 pixels" in shown.accessibleName()
    assert nameless(view) == []
    texts = [label.text() for label in view.findChildren(QLabel)]
    assert any("text/csv · 3 bytes" in text for text in texts)
    asked: list[QFileDialog] = []
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: asked.append(dialog))
    view.findChildren(QPushButton)[1].click()
    (dialog,) = asked
    dialog.fileSelected.emit(str(tmp_path / "saved.csv"))
    assert (tmp_path / "saved.csv").read_bytes() == b"a,b"
    (inspector,) = bench.window.findChildren(InspectorView)
    assert card.entry.call_id is not None
    card.selected.emit(card.entry.call_id)
    await until(lambda: inspector.inspector.row is not None)
    inspector.open_tab("Call")
    assert inspector.attachments is not None
    shown_there = inspector.attachments
    await until(lambda: pictures(shown_there))
    inspector.open_tab("Request")
    assert inspector.attachments is None


async def test_a_picture_that_cannot_be_read_says_so_can_be_saved_and_the_next_is_shown(qapp: QApplication) -> None:
    broken = Attachment("image/png", base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(40)).decode(), "a", 640, 480)
    reader = PictureReader()
    view = AttachmentsView((broken, picture(2, 2)), light_look(qapp), lambda: reader)
    await until(lambda: pictures(view))
    assert any(label.text() == "Cannot be shown: the picture is damaged." for label in view.findChildren(QLabel))
    assert len(view.findChildren(QPushButton)) == 2
    view.deleteLater()
    await reader.close()


async def test_a_picture_of_a_card_that_is_gone_keeps_no_other_from_being_read(qapp: QApplication) -> None:
    reader = PictureReader()
    view = AttachmentsView((picture(2, 2),), light_look(qapp), lambda: reader)
    view.deleteLater()
    QApplication.sendPostedEvents(view, QEvent.Type.DeferredDelete)
    assert isinstance(await reader.read(picture(2, 2), 9, 9), Picture)
    await reader.close()


@pytest.mark.parametrize(
    ("name", "mime_type", "file"),
    [
        ("file:///x/photo.exe", "image/png", "photo.png"),
        ("../../.bashrc", "text/plain", "attachment-1.txt"),
        (quote("mem://a/b\\c/Ärger.txt"), "x/unknown", "Ärger.bin"),
        ("", "image/jpeg", "attachment-1.jpg"),
        ("http://[", "audio/wav", "attachment-1.wav"),
    ],
)
def test_a_file_is_named_by_what_it_is_and_never_leads_anywhere(name: str, mime_type: str, file: str) -> None:
    assert file_name(Attachment(mime_type, "AAAA", name), 1) == file
