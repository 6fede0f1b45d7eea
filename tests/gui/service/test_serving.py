"""The page that serves the project: started and stopped by hand, a client with its token, its call decided here."""

import asyncio
from pathlib import Path

import httpx2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.support.projects import TOML, make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.gui.service.serving_page import ServingPage

Service = pytest.importorskip("workbench.service.server").Service
pytestmark = pytest.mark.child_process


def click(button: object) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)  # type: ignore[call-overload]


async def test_a_client_is_given_a_token_calls_a_tool_and_waits_for_the_person_in_the_window(
    qapp: QApplication, tmp_path: Path
) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", toml=TOML), tmp_path / "home", qapp)
    bench.window.commands["serve"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ServingPage)
    assert not page.stop.isVisible()
    page.port.setText("0")
    page.port.number_changed.emit(0)
    QTest.keyClicks(page.client_name, "editor")
    QTest.keyClick(page.client_name, Qt.Key.Key_Return)
    token = page.token.text()
    assert token.startswith("wbt_")
    click(page.copy_token)
    assert QGuiApplication.clipboard().text() == token
    assert not page.shown_token.isVisible()
    click(page.start)
    await until(lambda: page.stop.isVisible())
    assert nameless(page) == []
    auth = {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=page.serving.url, headers=auth, trust_env=False, timeout=60) as http:
        call = asyncio.ensure_future(http.post("/v1/tools/touch/call", json={"arguments": {"mark": "x"}}))
        await until(lambda: bench.session.desk.pending)
        await until(lambda: page.calls.rowCount() == 1)
        page.calls.setCurrentCell(0, 0)
        page.calls.cellActivated.emit(0, 0)
        card = await bench.asked()
        card.setFocus()
        QTest.keyClick(card, Qt.Key.Key_A)
        assert (await call).json()["outcome"] == "ok"
        assert page.serving.tokens[0].name == "editor"
        page.tokens.setCurrentCell(0, 0)
        QTest.keyClick(page.tokens, Qt.Key.Key_Delete)
        assert (await http.get("/v1/tools")).status_code == 401
    bench.window.commands["serve"].trigger()
    click(page.stop)
    await until(lambda: page.start.isVisible())
    assert not page.serving.is_serving


async def test_a_service_that_is_still_starting_ends_with_the_project(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = OpenWindow(make_project(tmp_path / "project", toml=TOML), tmp_path / "home", qapp)
    bench.window.commands["serve"].trigger()
    page = bench.window.documents.currentWidget()
    assert isinstance(page, ServingPage)
    page.serving.set_port(0)
    begun, go_on, starts = asyncio.Event(), asyncio.Event(), Service.start

    async def slowly(service: Service) -> None:
        await starts(service)
        begun.set()
        await go_on.wait()

    monkeypatch.setattr(Service, "start", slowly)
    click(page.start)
    await begun.wait()
    closing = asyncio.create_task(page.serving.close())
    await asyncio.sleep(0)
    go_on.set()
    await closing
    await bench.tasks.finish("serve")
    assert not page.serving.is_serving
