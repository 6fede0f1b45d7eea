"""Named tasks of the window, and dialogs that are awaited."""

import asyncio

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QDialog, QWidget

from workbench.gui.kit.asking import ask
from workbench.gui.kit.tasks import Tasks


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_second_task_of_the_same_name_is_refused() -> None:
    tasks = Tasks()
    assert tasks.start("one", forever())
    assert not tasks.start("one", forever())
    tasks.cancel("one")
    await tasks.finish("one")
    assert not tasks.is_running("one")


async def test_a_task_that_has_ended_makes_room_before_its_end_is_told() -> None:
    tasks, order = Tasks(), []

    async def work(number: int) -> None:
        order.append(number)

    def start_again() -> None:
        assert tasks.start("one", work(2), lambda: order.append("told"))

    tasks.start("one", work(1), lambda: order.append("first told"))
    asyncio.get_running_loop().call_soon(start_again)  # after the first step of the task, before its callbacks
    for _ in range(4):
        await asyncio.sleep(0)
    assert order == [1, "first told", 2, "told"]
    assert not tasks.is_running("one")


@pytest.mark.log_expected
async def test_a_failure_is_told_by_name() -> None:
    async def fail() -> None:
        raise ValueError("no")

    tasks = Tasks()
    failures: list[tuple[str, str]] = []
    tasks.failed.connect(lambda name, error: failures.append((name, str(error))))
    tasks.start("one", fail())
    await tasks.finish("one")
    await asyncio.sleep(0)
    assert failures == [("one", "no")]


async def test_closing_cancels_what_is_left_and_waits_for_it() -> None:
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


async def test_a_dialog_is_awaited_while_other_tasks_go_on() -> None:
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


async def test_a_cancelled_question_closes_its_dialog() -> None:
    parent = QWidget()
    dialog = QDialog(parent)

    async def asking() -> None:
        await ask(dialog)

    tasks = Tasks()
    tasks.start("ask", asking())
    await asyncio.sleep(0.01)
    assert dialog.isVisible()
    await tasks.close()
    assert not dialog.isVisible()
    parent.deleteLater()


def test_what_a_timer_begins_after_the_loop_has_ended_is_dropped() -> None:
    assert not Tasks().start("late", forever())


async def test_what_a_timer_begins_after_all_were_closed_is_dropped() -> None:
    tasks = Tasks()
    await tasks.close()
    assert not tasks.start("late", forever())
    assert not tasks.is_running("late")
