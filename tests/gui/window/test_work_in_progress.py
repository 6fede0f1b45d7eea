"""Long work is in the status bar with Stop, and the desktop is told when it ends behind another window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.settings.notices_panel import NoticesPanel
from workbench.gui.settings.settings_feature import SettingsFeature
from workbench.viewmodels.shared.progress import Progress


async def test_two_pieces_of_work_are_shown_and_each_can_be_stopped(qapp: QApplication, tmp_path: Path) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    line, work, stopped = bench.window.line, bench.window.work, list[str]()
    for name in ("Suite", "Race"):
        work.begin(Progress(name, "trial", stop=lambda name=name: stopped.append(name), shown_after_s=0))  # type: ignore[misc]
        for progress in work.shown:
            progress.tell(3, 10)
    await until(lambda: line.more.isVisible())
    assert line.more.text() == "+1"
    assert nameless(line) == []
    QTest.mouseClick(line.stop, Qt.MouseButton.LeftButton)
    QTest.mouseClick(line.more, Qt.MouseButton.LeftButton)
    menu = line.findChildren(QMenu)[-1]
    assert [act.text().split(" · ")[:2] for act in menu.actions()] == [
        ["Stop: Race", "3 of 10 trials"],
        ["Stop: Suite", "3 of 10 trials"],
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert stopped == ["Race", "Suite"]
    for progress in work.shown:
        progress.finish()
    assert line.stop.isHidden()


async def test_the_desktop_is_told_only_of_long_work_behind_another_window_and_only_if_wanted(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = OpenWindow(make_project(tmp_path / "project"), tmp_path / "home", qapp)
    told: list[tuple[str, str]] = []
    window, notices = bench.window, bench.window.notices
    notices.told.connect(lambda title, text: told.append((title, text)))

    def end(seconds: float) -> None:
        at = [0.0]
        progress = Progress("Suite shop", "trial", now=lambda: at[0])
        window.work.begin(progress)
        progress.tell(10, 10)
        at[0] = seconds
        progress.finish()

    monkeypatch.setattr(window, "isActiveWindow", lambda: True)
    end(60)
    monkeypatch.setattr(window, "isActiveWindow", lambda: False)
    end(3)
    assert told == []
    end(60)
    assert told == [("Suite shop: done", "10 of 10 trials · 1 m 00 s")]
    shown: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: True)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _tray, title, *_: shown.append(title))
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda _tray: None)
    end(60)
    assert shown == ["Suite shop: done"]
    told.clear()
    panel = window.features.of(SettingsFeature).show_panel(NoticesPanel)
    panel.box.click()
    end(60)
    assert told == []
