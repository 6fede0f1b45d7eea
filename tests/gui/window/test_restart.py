"""What waited when the program died still waits at the next start, and nothing runs by itself."""

import shutil
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import make_project
from tests.support.window import OpenWindow, until


async def test_a_pending_approval_is_found_again_and_can_be_decided(tmp_path: Path, qapp: QApplication) -> None:
    answers = ({"calls": [{"tool": "touch", "arguments": {"mark": "north"}}]}, {"text": "Done."})
    first = OpenWindow(make_project(tmp_path / "project", *answers), tmp_path / "home", qapp)
    first.send("Leave a mark.")
    await first.asked()
    first.session.store.flush()
    # What a killed program leaves behind is what is on disk at this moment.
    left = tmp_path / "left"
    shutil.copytree(tmp_path / "project", left)
    await first.close()

    second = OpenWindow(left, tmp_path / "home", qapp)
    await until(lambda: second.pane.conversation.is_interrupted)
    pane = second.pane
    assert pane.conversation.title == "Leave a mark."
    assert pane.resume_bar.isVisible()
    assert "touch waited for you" in pane.conversation.interruption
    assert not (left / "marks.txt").exists()
    pane.composer.editor.setPlainText("Something else")
    second.window.run()
    assert not pane.conversation.is_running, "an interrupted run cannot be continued by a new message"
    pane.resume_asked.emit()
    card = await second.asked()
    assert not pane.resume_bar.isVisible()
    QTest.keyClick(card, Qt.Key.Key_A)
    await second.idle()
    assert (left / "marks.txt").read_text(encoding="utf-8") == "north\n"
    assert [entry.tool for entry in [card.entry for card in second.cards]] == ["touch"]
    await second.close()
