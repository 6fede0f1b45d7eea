"""What a tool's server asks, in the card of its call and in the dock."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from tests.support.projects import make_project
from tests.support.window import OpenWindow, nameless, until
from workbench.core.form_schema import form_schema
from workbench.core.server_question import AddressAsked, Asked, FormAsked, Reply
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.gui.approvals.question_body import QuestionBody
from workbench.gui.conversation.call_card import CallCard


class Asking:
    """Runs every call, and asks in the middle of it."""

    name = "asking"

    def __init__(self, *asked: Asked) -> None:
        self._asked = asked
        self.replies: list[Reply] = []

    def executor_for(self, _tool: object) -> "Asking":
        return self

    async def execute(self, order: ExecutionOrder) -> ExecutionResult:
        asks: list[Awaitable[Reply]] = [order.ask("maps", asked) for asked in self._asked]
        self.replies = list(await asyncio.gather(*asks))
        return ExecutionResult("done")


def press(body: QuestionBody, words: str) -> None:
    next(button for button in body.findChildren(QPushButton) if button.text() == words).click()


async def test_a_server_asks_in_the_card_of_its_call_and_in_the_dock(
    tmp_path: Path, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    fields: dict[str, Any] = {"city": {"type": "string", "default": "Oslo"}, "days": {"type": "integer"}}
    schema = form_schema({"type": "object", "properties": fields, "required": ["city", "days"]})
    server = Asking(FormAsked("<b>Where</b> to?", schema), AddressAsked("Sign in.", "https://x.example/a?b=1"))
    folder = make_project(
        tmp_path / "project", {"calls": [{"tool": "touch", "arguments": {"mark": "m"}}]}, {"text": "ok"}
    )
    bench = OpenWindow(folder, tmp_path / "home", qapp)
    bench.session.runs.executors = server
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    bench.send()
    approval = await bench.asked()
    assert approval.approval is not None
    press_approve: Callable[[], object] = approval.approval.card.approve
    press_approve()
    await until(lambda: len(bench.window.approvals.questions.cards) == 2)
    await until(lambda: any(len(card.questions) == 2 for card in bench.window.findChildren(CallCard)))
    (card,) = [each for each in bench.window.findChildren(CallCard) if each.questions]
    form, address = card.questions
    assert nameless(card) == []
    assert "maps asks you" in card.accessibleDescription()
    assert len(bench.window.approvals_view.questions) == 2
    assert bench.window.approvals_dock.windowTitle() == "Approvals (2)"
    assert not any(view.textFormat() == view.textFormat().RichText for view in form.findChildren(QLabel))
    assert not form.accept.isEnabled()
    form.boxes[1].typed.emit("3")
    assert form.accept.isEnabled()
    press(form, "Answer")
    await until(lambda: len(card.questions) == 1)
    assert opened == []
    press(address, "Copy address")
    assert QGuiApplication.clipboard().text() == "https://x.example/a?b=1"
    press(address, "Open in browser")
    assert opened == ["https://x.example/a?b=1"]
    press(address, "Decline")
    await bench.idle()
    assert server.replies == [Reply("accept", "person", {"city": "Oslo", "days": 3}), Reply("decline", "person")]
    assert bench.window.approvals_view.questions == {}
    card.expand(True)
    assert card.details is not None
    assert "→ accept by person" in card.details.talk.whole_text
