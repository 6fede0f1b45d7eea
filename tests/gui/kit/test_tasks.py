"""Named tasks of the window, and dialogs that are awaited."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QWidget

from workbench.gui.kit.asking import ask
from workbench.gui.kit.tasks import Tasks

Run = Callable[[Coroutine[Any, Any, None]], None]


async def forever() -> None:
    await asyncio.Event().wait()


def test_a_second_task_of_the_same_name_is_refused(run_on_qt: Run) -> None:
    async def scenario() -> None:
        tasks = Tasks()
        assert tasks.start("one", forever())
        assert not tasks.start("one", forever())
        tasks.cancel("one")
        await tasks.finish("one")
        assert not tasks.is_running("one")

    run_on_qt(scenario())


@pytest.mark.log_expected
def test_a_failure_is_told_by_name(run_on_qt: Run) -> None:
    async def fail() -> None:
        raise ValueError("no")

    async def scenario() -> None:
        tasks = Tasks()
        failures: list[tuple[str, str]] = []
        tasks.failed.connect(lambda name, error: failures.append((name, str(error))))
        tasks.start("one", fail())
        await tasks.finish("one")
        await asyncio.sleep(0)
        assert failures == [("one", "no")]

    run_on_qt(scenario())


def test_closing_cancels_what_is_left_and_waits_for_it(run_on_qt: Run) -> None:
    async def scenario() -> None:
        ended: list[str] = []

        async def tidy() -> None:
            try:
                await forever()
            finally:
                await asyncio.sleep(0)
                ended.append("tidied")

        tasks = Tasks()
        tasks.start("one", tidy())
        await asyncio.sleep(0)
        await tasks.close()
        assert ended == ["tidied"]

    run_on_qt(scenario())


def test_a_dialog_is_awaited_while_other_tasks_go_on(run_on_qt: Run) -> None:
    async def scenario() -> None:
        parent = QWidget()
        dialog = QDialog(parent)
        beats: list[int] = []

        async def beat() -> None:
            for number in range(5):
                beats.append(number)
                await asyncio.sleep(0.001)
            QTimer.singleShot(0, dialog, dialog.accept)

        tasks = Tasks()
        tasks.start("beat", beat())
        assert await ask(dialog) == QDialog.DialogCode.Accepted
        assert beats == [0, 1, 2, 3, 4]
        await tasks.close()
        parent.deleteLater()

    run_on_qt(scenario())


def test_a_cancelled_question_closes_its_dialog(run_on_qt: Run) -> None:
    async def scenario() -> None:
        parent = QWidget()
        dialog = QDialog(parent)
        tasks = Tasks()
        tasks.start("ask", _ask(dialog))
        await asyncio.sleep(0.01)
        assert dialog.isVisible()
        await tasks.close()
        assert not dialog.isVisible()
        parent.deleteLater()

    async def _ask(dialog: QDialog) -> None:
        await ask(dialog)

    run_on_qt(scenario())
