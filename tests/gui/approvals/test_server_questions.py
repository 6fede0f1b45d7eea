"""What a tool's server asks, in the card of its call and in the dock."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton

from tests.support.projects import make_project
from tests.support.window import OpenWindow, light_look, nameless, until
from workbench.app.approvals.question_desk import QuestionDesk
from workbench.core.form_schema import form_schema
from workbench.core.ids import CallId
from workbench.core.server_question import AddressAsked, Asked, FormAsked, ModelAsked, Reply, ServerQuestion
from workbench.engine.ports import ExecutionOrder, ExecutionResult
from workbench.gui.approvals.question_body import QuestionBody
from workbench.gui.conversation.call_card import CallCard
from workbench.gui.kit.plain_view import PlainView
from workbench.viewmodels.approvals.question_card import QuestionCard


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
    assert {view.textFormat() for view in form.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    assert not form.accept.isEnabled()
    days = form.boxes[1].input
    assert isinstance(days, QLineEdit)
    QTest.keyClicks(days, "3")
    assert form.accept.isEnabled()
    in_dock = bench.window.approvals_view.questions[form.card.question.shown_hash].body.boxes[1].input
    assert isinstance(in_dock, QLineEdit)
    assert in_dock.text() == "3"
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


async def test_all_of_a_long_question_is_shown_before_it_can_be_approved(qapp: QApplication) -> None:
    text = "\n".join(f"line {number}" for number in range(10_000))
    asked = ModelAsked((("user", text),), max_tokens=60, most_answers=2, most_tokens=90)
    question = ServerQuestion("question-1", CallId("r.1.1.1"), "pay", "shop", asked, "hash")
    body = QuestionBody(QuestionCard(question, QuestionDesk()), light_look(qapp))
    (view,) = body.findChildren(PlainView)
    assert view.toPlainText() == text
    body.deleteLater()
